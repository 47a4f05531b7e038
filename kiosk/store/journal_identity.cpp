// Who this kiosk is: its identity, its key, and how it becomes another device.
#include "kiosk/store/file_system.h"
#include "kiosk/store/journal.h"
#include "kiosk/store/journal_settings.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <utility>

namespace odop::kiosk {
namespace {

using store::Transaction;

constexpr std::size_t kSeedBytes = 32;
constexpr std::string_view kFirstKey = "device.key";
constexpr std::string_view kNextKey = "next-";  // and a mark
constexpr std::string_view kKeySuffix = ".key";

Result<bool> load_seed(const FileSystem& files, const std::filesystem::path& file,
                       std::span<std::uint8_t> out) {
  auto bytes = read_whole(files, file, kSeedBytes);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return false;
  if (!bytes) return fail(bytes.error());
  if (bytes->size() != kSeedBytes || out.size() != kSeedBytes) {
    return fail(ErrorCode::kCorrupt, file.filename().string() + " is not 32 bytes");
  }
  std::ranges::transform(*bytes, out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  wipe(*bytes);
  return true;
}

// Never over another one.
Status save_seed(const FileSystem& files, const std::filesystem::path& file,
                 std::span<const std::uint8_t> seed) {
  if (seed.size() != kSeedBytes) return fail(ErrorCode::kInvalidArgument, "seed is not 32 bytes");
  Bytes bytes(seed.begin(), seed.end());
  auto there = read_whole(files, file, kSeedBytes);
  Status status;
  if (there) {
    if (*there != bytes) status = fail(ErrorCode::kConflict, "another device key is here already");
    wipe(*there);
  } else if (there.error().code == ErrorCode::kNotFound) {
    status = write_durably(files, file, bytes);
  } else {
    status = fail(there.error());
  }
  wipe(bytes);
  return status;
}

std::filesystem::path key_of_device(const std::filesystem::path& folder,
                                    const std::string& device) {
  return folder / ("device-" + device + std::string(kKeySuffix));
}

Result<std::filesystem::path> next_key(const std::filesystem::path& folder, std::string_view mark) {
  const bool good = !mark.empty() && mark.find_first_not_of("0123456789abcdef") == mark.npos;
  if (!good) return fail(ErrorCode::kInvalidArgument, "a key's mark is hexadecimal");
  return folder / (std::string(kNextKey) + std::string(mark) + std::string(kKeySuffix));
}

}  // namespace

Result<std::optional<wire::EnrolAnswer>> Journal::identity() const {
  auto row = database_.query("SELECT answer FROM identity WHERE only=1");
  if (!row) return fail(row.error());
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return std::optional<wire::EnrolAnswer>{};
  // Another process may have written it: a stick that was taken in.
  const BytesView text = row->blob_view(0);
  if (identity_ && identity_text_ == text) return identity_;
  auto answer = wire::from_json<wire::EnrolAnswer>(text);
  if (!answer) return fail(ErrorCode::kCorrupt, "identity: " + answer.error().context);
  identity_text_ = text;
  identity_ = std::move(*answer);
  return identity_;
}

Status Journal::adopt_identity(const wire::EnrolAnswer& identity, std::vector<Setting> settings) {
  const auto before = this->identity();
  if (!before) return fail(before.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  const std::string text = wire::to_json(identity);
  const auto stored = database_.run(
      "INSERT INTO identity VALUES(1,?) ON CONFLICT(only) DO UPDATE SET answer=excluded.answer",
      std::string_view(text));
  if (!stored) return fail(stored.error());
  const auto chained =
      database_.run("INSERT INTO chain(device,epoch) VALUES(?,?) ON CONFLICT DO NOTHING",
                    std::string_view(identity.device_id), identity.epoch.value);
  if (!chained) return fail(chained.error());
  if (!*before || (*before)->device_id != identity.device_id) {
    if (auto done = write_setting(database_, kFeedPositionSetting, "0"); !done) return done;
    settings.push_back({kModeSetting, ""});
    settings.push_back({kStaffSetting, ""});
  }
  // Which devices this was, and all else, comes before who it is: a cut may leave the first of
  // these frames alone.
  if (auto kept = keep_settings(settings, frame_of(OutboxIdentity{text})); !kept) return kept;
  return commit(*transaction);
}

// ---- Keys ----

// Which file it is follows from the identity alone, wherever that was taken from.
std::filesystem::path Journal::key_of(const std::string& device_id) const {
  if (is_uuid(device_id)) {
    std::filesystem::path own = key_of_device(folder_, device_id);
    if (files_->has(own)) return own;
  }
  return folder_ / kFirstKey;
}

Result<std::filesystem::path> Journal::key_in_force() const {
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  return key_of(*identity ? (*identity)->device_id : std::string());
}

Result<bool> Journal::load_former_seed(const std::string& device_id,
                                       std::span<std::uint8_t> out) const {
  return load_seed(*files_, key_of(device_id), out);
}

Result<bool> Journal::load_device_seed(std::span<std::uint8_t> out) const {
  const auto file = key_in_force();
  if (!file) return fail(file.error());
  return load_seed(*files_, *file, out);
}

Status Journal::save_device_seed(std::span<const std::uint8_t> seed) {
  if (closed_) return fail(*closed_);
  return save_seed(*files_, folder_ / kFirstKey, seed);
}

// ---- Enrolling anew ----

Result<bool> Journal::must_enrol_anew() const {
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  if (!*identity) return false;
  const auto demanded = read_setting(database_, kAnewSetting);
  if (!demanded) return fail(demanded.error());
  return *demanded == (*identity)->device_id;
}

Result<bool> Journal::load_next_seed(std::string_view mark, std::span<std::uint8_t> out) const {
  const auto file = next_key(folder_, mark);
  if (!file) return fail(file.error());
  return load_seed(*files_, *file, out);
}

Status Journal::save_next_seed(std::string_view mark, std::span<const std::uint8_t> seed) {
  if (closed_) return fail(*closed_);
  const auto file = next_key(folder_, mark);
  if (!file) return fail(file.error());
  return save_seed(*files_, *file, seed);
}

Status Journal::adopt_anew(const wire::EnrolAnswer& identity, std::span<const std::uint8_t> seed,
                           BytesView former_signature, std::vector<Setting> settings) {
  if (closed_) return fail(*closed_);
  if (!is_uuid(identity.device_id)) return fail(ErrorCode::kMalformed, "device id");
  const auto before = this->identity();
  if (!before) return fail(before.error());
  if (!*before) return fail(ErrorCode::kNotFound, "this kiosk is not enrolled");
  // Before the commit: whenever the identity stands, so does its key.
  if (auto kept = save_seed(*files_, key_of_device(folder_, identity.device_id), seed); !kept)
    return kept;
  const std::string former = (*before)->device_id + " " + to_hex(former_signature);
  settings.push_back({kFormerSetting, former});
  const auto formers = formers_with(**before, former_signature);
  if (!formers) return fail(formers.error());
  settings.push_back({kFormersSetting, *formers});
  if (auto adopted = adopt_identity(identity, std::move(settings)); !adopted) return adopted;
  // What is left over lies there and harms nobody.
  for (const std::string& name : files_->list(folder_).value_or(std::vector<std::string>{})) {
    if (name.starts_with(kNextKey)) files_->remove(folder_ / name);
  }
  return {};
}

Result<std::optional<Former>> Journal::former() const {
  const auto text = read_setting(database_, kFormerSetting);
  if (!text) return fail(text.error());
  const std::size_t space = *text ? (*text)->find(' ') : std::string::npos;
  if (space == std::string::npos) return std::optional<Former>{};
  Former former;
  former.device_id = (*text)->substr(0, space);
  if (!from_hex(std::string_view(**text).substr(space + 1), former.signature)) {
    return std::optional<Former>{};
  }
  return std::optional{std::move(former)};
}

// A line for each: the signature in hexadecimal, a space, the EnrolAnswer as JSON.
Result<std::vector<FormerDevice>> Journal::formers() const {
  const auto text = read_setting(database_, kFormersSetting);
  if (!text) return fail(text.error());
  std::vector<FormerDevice> formers;
  std::string_view rest = *text ? std::string_view(**text) : std::string_view();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::size_t space = line.find(' ');
    if (space == line.npos) continue;
    FormerDevice one;
    auto identity = wire::from_json<wire::EnrolAnswer>(line.substr(space + 1));
    if (!identity || !from_hex(line.substr(0, space), one.signature)) continue;
    one.identity = std::move(*identity);
    auto row = database_.query(
        "SELECT c.last_sequence, EXISTS (SELECT 1 FROM submission s WHERE s.chain=c.id AND "
        "(s.envelope IS NOT NULL OR s.state=4)) FROM chain c WHERE c.device=? AND c.epoch=?",
        std::string_view(one.identity.device_id), one.identity.epoch.value);
    if (!row) return fail(row.error());
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (*found) {
      one.last_sequence = Sequence{row->number(0)};
      one.waits = row->number(1) != 0;
    }
    formers.push_back(std::move(one));
  }
  return formers;
}

Result<std::string> Journal::formers_with(const wire::EnrolAnswer& identity,
                                          BytesView signature) const {
  auto formers = this->formers();
  if (!formers) return fail(formers.error());
  FormerDevice last;
  last.identity = identity;
  last.identity.certificates.clear();  // of whom to believe another one speaks
  last.signature = signature;
  formers->push_back(std::move(last));
  if (formers->size() > kMostFormers) {
    const auto idle = std::ranges::find(*formers, false, &FormerDevice::waits);
    formers->erase(idle == formers->end() - 1 ? formers->begin() : idle);
  }
  std::string text;
  for (const FormerDevice& one : *formers) {
    text += to_hex(one.signature) + ' ' + wire::to_json(one.identity) + '\n';
  }
  return text;
}

Status Journal::free_held(std::string_view device_id) {
  const auto done = database_.run(
      "UPDATE submission SET not_before_ms=0 WHERE state=0 AND not_before_ms<>0 AND chain IN "
      "(SELECT id FROM chain WHERE device=?)",
      device_id);
  if (!done) return fail(done.error());
  return {};
}

}  // namespace odop::kiosk

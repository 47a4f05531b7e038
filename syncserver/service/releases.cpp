#include "syncserver/service/releases.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/release.h"
#include "shared/forms/form.h"
#include "shared/forms/minimum_program.h"
#include "shared/wire/json.h"
#include "shared/wire/pack.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;
using wire::ItemKind;

constexpr auto kRecordKind = static_cast<std::uint8_t>(ItemKind::kRecord);

// One publication at a time, over processes; freed when the process dies.
class PublicationLock {
 public:
  explicit PublicationLock(const fs::path& data)
      : handle_(::open((data / "publish.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    held_ = handle_ >= 0 && ::flock(handle_, LOCK_EX | LOCK_NB) == 0;
  }
  ~PublicationLock() {
    if (handle_ >= 0) ::close(handle_);
  }
  PublicationLock(const PublicationLock&) = delete;
  PublicationLock& operator=(const PublicationLock&) = delete;
  [[nodiscard]] bool held() const { return held_; }

 private:
  int handle_;
  bool held_ = false;
};

Bytes digest_of(const std::vector<ReleaseItem>& items) {
  std::vector<crypto::ContentEntry> entries;
  entries.reserve(items.size());
  for (const ReleaseItem& item : items) {
    Bytes hash;
    if (!from_hex(item.hash, hash)) hash.clear();
    entries.push_back({static_cast<ItemKind>(item.kind), item.id, std::move(hash)});
  }
  return crypto::content_digest(std::move(entries));
}

// What a stored pointer takes down; nothing when it cannot be read.
std::optional<std::vector<std::string>> taken_down_by(const StoredPointer& stored) {
  const auto document = wire::from_json<wire::SignedDocument>(stored.document);
  if (!document.has_value()) return std::nullopt;
  auto pointer = wire::from_json<wire::Pointer>(document->payload);
  if (!pointer.has_value()) return std::nullopt;
  return std::move(pointer->taken_down);
}

std::int64_t ms(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace

fs::path pack_path(const fs::path& data, ReleaseNumber release, ReleaseNumber from) {
  return data / "releases" / std::to_string(release.value) /
         fmt::format("from-{}.pack", from.value);
}

Result<std::vector<ReleaseItem>> Publisher::items_of_draft() {
  const auto draft = store_.draft();
  if (!draft.has_value()) return fail(draft.error());
  const auto stored = store_.media();
  if (!stored.has_value()) return fail(stored.error());
  std::map<std::string, std::uint64_t, std::less<>> sizes;
  for (const Medium& medium : *stored) sizes.emplace(medium.hash, medium.size);

  std::vector<ReleaseItem> items;
  std::set<std::pair<std::uint8_t, std::string>> media;
  for (const CatalogueRecord& record : *draft) {
    items.push_back({kRecordKind, record.type + "/" + record.id, record.hash, record.json.size()});
    const nlohmann::json fields = nlohmann::json::parse(record.json, nullptr, false);
    for (const auto& [key, kind] :
         {std::pair{"thumbnail", ItemKind::kThumbnail}, std::pair{"picture", ItemKind::kPicture},
          std::pair{"medium", ItemKind::kAudio}}) {
      const auto hash = fields.find(key);
      if (hash == fields.end() || !hash->is_string()) continue;
      media.emplace(static_cast<std::uint8_t>(kind), hash->get<std::string>());
    }
  }
  for (const auto& [kind, hash] : media) {
    const auto size = sizes.find(hash);
    if (size == sizes.end()) return fail(ErrorCode::kCorrupt, "no medium " + hash);
    items.push_back({kind, hash, hash, size->second});
  }
  return items;
}

std::uint32_t minimum_app_of(const Release& release) {
  const auto document = wire::from_json<wire::SignedDocument>(release.manifest);
  if (!document.has_value()) return kFirstProgramNumber;
  const auto manifest = wire::from_json<wire::Manifest>(document->payload);
  return manifest.has_value() ? manifest->minimum_app : kFirstProgramNumber;
}

Result<Publisher::Wanted> Publisher::wanted_by(const std::vector<ReleaseItem>& items) {
  constexpr std::string_view kForm = "form/";
  Wanted wanted;
  for (const ReleaseItem& item : items) {
    if (item.kind != kRecordKind || !item.id.starts_with(kForm)) continue;
    const auto json = store_.content(item.hash);
    if (!json.has_value()) return fail(json.error());
    const auto form = forms::parse_form(*json);
    if (!form.has_value()) continue;  // as kiosks do
    const std::uint32_t program = forms::minimum_program(*form);
    if (program > wanted.program) wanted = {program, item.id};
  }
  return wanted;
}

Result<Published> Publisher::publish(WallTime now, std::chrono::days life,
                                     std::optional<std::uint32_t> minimum_app) {
  const PublicationLock lock(data_);
  if (!lock.held()) return fail(ErrorCode::kBusy, "another publication runs");
  auto items = items_of_draft();
  if (!items.has_value()) return fail(items.error());
  if (items->empty()) {
    return fail(ErrorCode::kInvalidArgument, "the catalogue is empty; import one first");
  }
  const auto wanted = wanted_by(*items);
  if (!wanted.has_value()) return fail(wanted.error());
  if (minimum_app.has_value() && *minimum_app < wanted->program) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{} wants program {}, so the release cannot be for program {}",
                            wanted->record, wanted->program, *minimum_app));
  }
  std::uint32_t program = wanted->program;
  if (minimum_app.has_value()) {
    program = *minimum_app;
  } else {
    const auto newest = store_.newest_release();
    if (!newest.has_value()) return fail(newest.error());
    if (newest->has_value()) program = std::max(program, minimum_app_of(**newest));
  }
  return publish_items(std::move(*items), program, now, life);
}

Result<Published> Publisher::rollback(ReleaseNumber to, WallTime now, std::chrono::days life) {
  const PublicationLock lock(data_);
  if (!lock.held()) return fail(ErrorCode::kBusy, "another publication runs");
  auto items = store_.release_items(to);
  if (!items.has_value()) return fail(items.error());
  if (items->empty()) {
    return fail(ErrorCode::kNotFound, fmt::format("there is no release {}", to.value));
  }
  const auto earlier = store_.release(to);
  if (!earlier.has_value()) return fail(earlier.error());
  const auto wanted = wanted_by(*items);
  if (!wanted.has_value()) return fail(wanted.error());
  const std::uint32_t then = earlier->has_value() ? minimum_app_of(**earlier) : wanted->program;
  return publish_items(std::move(*items), std::max(then, wanted->program), now, life);
}

Result<Published> Publisher::publish_items(std::vector<ReleaseItem> items,
                                           std::uint32_t minimum_app, WallTime now,
                                           std::chrono::days life) {
  if (!keys_.publisher.has_value()) {
    return fail(ErrorCode::kForbidden, "publisher.key is not here; publish where it is kept");
  }
  const auto newest = store_.newest_release();
  if (!newest.has_value()) return fail(newest.error());
  Release release;
  release.content_digest = to_hex(digest_of(items));
  const std::uint32_t before = newest->has_value() ? minimum_app_of(**newest) : 0;
  if (newest->has_value() && (*newest)->content_digest == release.content_digest &&
      before == minimum_app) {
    return keep(**newest, now, life);
  }
  if (newest->has_value()) release.previous = (*newest)->number;
  const auto floors = store_.floors();
  if (!floors.has_value()) return fail(floors.error());
  release.number = ReleaseNumber{std::max(release.previous.value, floors->release.value) + 1};
  release.created_ms = ms(now);
  for (const ReleaseItem& item : items) {
    ++(item.kind == kRecordKind ? release.records : release.media);
  }
  auto offers = write_packs(release, items);
  if (!offers.has_value()) return fail(offers.error());

  wire::Manifest manifest;
  manifest.release = release.number;
  manifest.previous = release.previous;
  manifest.created_ms = release.created_ms;
  manifest.minimum_app = minimum_app;
  manifest.content_digest = digest_of(items);
  manifest.records = release.records;
  manifest.media = release.media;
  manifest.packs = std::move(*offers);
  for (const wire::PackOffer& offer : manifest.packs) {
    release.packs.push_back({offer.from, offer.size});
  }
  const std::string payload = wire::to_json(manifest);
  if (payload.size() > wire::kMaxManifestBytes) {
    return fail(ErrorCode::kTooLarge, "the manifest is above 2 kB");
  }
  release.manifest = wire::to_json(crypto::sign_document("manifest", payload, *keys_.publisher));
  auto pointers = next_pointers(release.number, payload, now, life);
  if (!pointers.has_value()) return fail(pointers.error());
  const Status stored = store_.publish(release, items, *pointers);
  if (!stored.has_value()) return fail(stored.error());
  return Published{release.number, release.records, release.media, true, minimum_app, before};
}

Result<Published> Publisher::keep(const Release& newest, WallTime now, std::chrono::days life) {
  const std::uint32_t program = minimum_app_of(newest);
  const Published same{newest.number, newest.records, newest.media, false, program, program};
  const auto manifest = wire::from_json<wire::SignedDocument>(newest.manifest);
  if (!manifest.has_value()) return fail(ErrorCode::kCorrupt, "the stored manifest");
  auto pointers = next_pointers(newest.number, manifest->payload, now, life);
  if (!pointers.has_value()) return fail(pointers.error());
  const auto hidden = taken_down(newest.number);
  if (!hidden.has_value()) return fail(hidden.error());
  std::vector<StoredPointer> due;
  for (StoredPointer& next : *pointers) {
    const auto held = store_.pointer(next.ring);
    if (!held.has_value()) return fail(held.error());
    const bool fresh = held->has_value() && (*held)->release == newest.number &&
                       (*held)->expires_ms - ms(now) > (next.expires_ms - ms(now)) / 2 &&
                       taken_down_by(**held) == *hidden;
    if (!fresh) due.push_back(std::move(next));
  }
  if (due.empty()) return same;
  const Status stored = store_.repoint(due);
  if (!stored.has_value()) return fail(stored.error());
  return same;
}

Result<std::vector<std::string>> Publisher::taken_down(ReleaseNumber release) {
  auto all = store_.take_downs();
  if (!all.has_value() || all->empty()) return all;
  const auto items = store_.release_items(release);
  if (!items.has_value()) return fail(items.error());
  std::set<std::string, std::less<>> shown;
  for (const ReleaseItem& item : *items) {
    if (item.kind == kRecordKind) shown.insert(item.id);
  }
  // Clang 14 rejects the subrange that std::ranges::stable_partition returns.
  const auto rest = std::stable_partition(
      all->begin(), all->end(), [&](const std::string& name) { return shown.contains(name); });
  if (static_cast<std::size_t>(rest - all->begin()) > kMaxTakeDowns) {
    return fail(ErrorCode::kTooLarge,
                "more records are taken down than a pointer holds; publish the catalogue without "
                "them");
  }
  if (all->size() > kMaxTakeDowns) all->resize(kMaxTakeDowns);
  return all;
}

Result<bool> Publisher::show_take_downs(WallTime now) {
  const auto newest = store_.newest_release();
  if (!newest.has_value()) return fail(newest.error());
  if (!newest->has_value()) return false;
  const auto hidden = taken_down((*newest)->number);
  if (!hidden.has_value()) return fail(hidden.error());
  const auto held = store_.pointer("all");
  if (!held.has_value()) return fail(held.error());
  if (held->has_value() && taken_down_by(**held) == *hidden) return false;
  if (!keys_.publisher.has_value()) {
    return fail(ErrorCode::kForbidden, "publisher.key is not here; publish where it is kept");
  }
  const PublicationLock lock(data_);
  if (!lock.held()) return fail(ErrorCode::kBusy, "another publication runs");
  if (const auto kept = keep(**newest, now, kPointerLife); !kept.has_value()) {
    return fail(kept.error());
  }
  return true;
}

Result<ReleaseNumber> Publisher::sign_anew(WallTime now) {
  const auto newest = store_.newest_release();
  if (!newest.has_value()) return fail(newest.error());
  if (!newest->has_value()) return ReleaseNumber{};
  if (!keys_.publisher.has_value()) {
    return fail(ErrorCode::kForbidden, "publisher.key is not here; publish where it is kept");
  }
  const PublicationLock lock(data_);
  if (!lock.held()) return fail(ErrorCode::kBusy, "another publication runs");
  const auto held = wire::from_json<wire::SignedDocument>((*newest)->manifest);
  if (!held.has_value()) return fail(ErrorCode::kCorrupt, "stored manifest");
  const auto pointers = next_pointers((*newest)->number, held->payload, now, kPointerLife);
  if (!pointers.has_value()) return fail(pointers.error());
  const auto manifest = crypto::sign_document("manifest", Bytes(held->payload), *keys_.publisher);
  const Status stored = store_.sign_anew((*newest)->number, wire::to_json(manifest), *pointers);
  if (!stored.has_value()) return fail(stored.error());
  return (*newest)->number;
}

Result<std::vector<StoredPointer>> Publisher::next_pointers(ReleaseNumber release,
                                                            const Bytes& manifest, WallTime now,
                                                            std::chrono::days life) {
  const auto fleet = store_.fleet();
  if (!fleet.has_value()) return fail(fleet.error());
  std::set<std::string> rings = {"all"};
  for (const FleetRow& row : *fleet) rings.insert(row.kiosk.ring);
  const auto floors = store_.floors();
  if (!floors.has_value()) return fail(floors.error());
  const auto hidden = taken_down(release);
  if (!hidden.has_value()) return fail(hidden.error());
  std::vector<StoredPointer> pointers;
  for (const std::string& ring : rings) {
    const auto held = store_.pointer(ring);
    if (!held.has_value()) return fail(held.error());
    wire::Pointer pointer;
    const std::uint64_t last = held->has_value() ? (*held)->serial : 0;
    pointer.serial = std::max(last, floors->serial) + 1;
    pointer.ring = ring;
    pointer.release = release;
    pointer.manifest_hash = crypto::sha256(manifest);
    pointer.taken_down = *hidden;
    pointer.issued_ms = ms(now);
    pointer.expires_ms = ms(now + life);
    StoredPointer stored;
    stored.serial = pointer.serial;
    stored.ring = ring;
    stored.release = release;
    stored.issued_ms = pointer.issued_ms;
    stored.expires_ms = pointer.expires_ms;
    stored.document =
        wire::to_json(crypto::sign_document("pointer", wire::to_json(pointer), *keys_.publisher));
    pointers.push_back(std::move(stored));
  }
  return pointers;
}

Result<std::vector<wire::PackOffer>> Publisher::write_packs(const Release& release,
                                                            const std::vector<ReleaseItem>& items) {
  const fs::path target = pack_path(data_, release.number, {}).parent_path();
  const fs::path part = target.string() + ".part";
  std::error_code problem;
  fs::remove_all(part, problem);
  fs::remove_all(target, problem);  // of a publication that was cut off before its commit
  fs::create_directories(part, problem);
  if (problem) return fail(ErrorCode::kIo, part.string() + ": " + problem.message());

  // Back by the releases that there were: numbers jump after a restore.
  std::vector<ReleaseNumber> origins = {ReleaseNumber{0}};
  for (ReleaseNumber from = release.previous; from.value != 0 && origins.size() <= kPackHistory;) {
    origins.push_back(from);
    const auto earlier = store_.release(from);
    if (!earlier.has_value()) return fail(earlier.error());
    from = earlier->has_value() ? (*earlier)->previous : ReleaseNumber{};
  }
  std::vector<wire::PackOffer> offers;
  for (const ReleaseNumber from : origins) {
    auto offer = write_one_pack(release, from, items, part);
    if (!offer.has_value()) return fail(offer.error());
    offers.push_back(std::move(*offer));
  }
  if (Status synced = sync_folder(part); !synced.has_value()) return fail(synced.error());
  fs::rename(part, target, problem);
  if (problem) return fail(ErrorCode::kIo, target.string() + ": " + problem.message());
  if (Status synced = sync_folder(target.parent_path()); !synced.has_value()) {
    return fail(synced.error());
  }
  return offers;
}

Result<wire::PackOffer> Publisher::write_one_pack(const Release& release, ReleaseNumber from,
                                                  const std::vector<ReleaseItem>& items,
                                                  const fs::path& folder) {
  std::map<std::pair<std::uint8_t, std::string>, std::string> before;
  if (from.value != 0) {
    const auto old = store_.release_items(from);
    if (!old.has_value()) return fail(old.error());
    for (const ReleaseItem& item : *old) before.emplace(std::pair{item.kind, item.id}, item.hash);
  }
  std::vector<wire::Record> records;
  std::vector<wire::PackMedium> media;
  for (const ReleaseItem& item : items) {
    const auto held = before.find({item.kind, item.id});
    const bool same = held != before.end() && held->second == item.hash;
    if (held != before.end()) before.erase(held);
    if (same) continue;
    if (item.kind != kRecordKind) {
      media.push_back(
          {item.id, static_cast<ItemKind>(item.kind), media_.path_of(item.hash).string()});
      continue;
    }
    wire::Record record;
    if (!wire::split_record_id(item.id, record.type, record.id)) {
      return fail(ErrorCode::kCorrupt, "record id " + item.id);
    }
    auto json = store_.content(item.hash);
    if (!json.has_value()) return fail(json.error());
    record.json = std::move(*json);
    records.push_back(std::move(record));
  }
  std::vector<std::string> removed;
  for (const auto& [key, hash] : before) {
    if (key.first == kRecordKind) removed.push_back(key.second);
  }
  const fs::path file = folder / fmt::format("from-{}.pack", from.value);
  const auto written = wire::write_pack(from, release.number, records, removed, media,
                                        file.string(), crypto::sha256);
  if (!written.has_value()) return fail(written.error());
  return wire::PackOffer{from, written->size, crypto::sha256(written->encoded_index),
                         written->encoded_index.size()};
}

Result<std::vector<Release>> Publisher::history(std::size_t most) {
  std::vector<Release> releases;
  auto one = store_.newest_release();
  while (one.has_value() && one->has_value() && releases.size() < most) {
    releases.push_back(std::move(**one));
    const ReleaseNumber previous = releases.back().previous;
    if (previous.value == 0) return releases;
    one = store_.release(previous);
  }
  if (!one.has_value()) return fail(one.error());
  return releases;
}

Result<Difference> Publisher::diff(std::optional<ReleaseNumber> from) {
  Difference out;
  if (from.has_value()) {
    out.from = *from;
  } else {
    const auto newest = store_.newest_release();
    if (!newest.has_value()) return fail(newest.error());
    if (newest->has_value()) out.from = (*newest)->number;
  }
  const auto old = store_.release_items(out.from);
  if (!old.has_value()) return fail(old.error());
  if (out.from.value != 0 && old->empty()) {
    return fail(ErrorCode::kNotFound, fmt::format("there is no release {}", out.from.value));
  }
  std::map<std::string, std::string> before;
  for (const ReleaseItem& item : *old) {
    if (item.kind == kRecordKind) before.emplace(item.id, item.hash);
  }
  const auto draft = store_.draft();
  if (!draft.has_value()) return fail(draft.error());
  for (const CatalogueRecord& record : *draft) {
    const std::string name = record.type + "/" + record.id;
    const auto held = before.find(name);
    if (held == before.end()) {
      out.added.push_back(name);
    } else {
      if (held->second != record.hash) out.changed.push_back(name);
      before.erase(held);
    }
  }
  for (const auto& [name, hash] : before) out.removed.push_back(name);
  return out;
}

}  // namespace odop::syncserver

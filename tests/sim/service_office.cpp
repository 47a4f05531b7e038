// What the office does at the real service, and what it sees there.
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/crypto/seal.h"
#include "shared/wire/body.h"
#include "shared/wire/codec.h"
#include "shared/wire/pack.h"
#include "syncserver/service/catalogue.h"
#include "syncserver/service/enrolment.h"
#include "syncserver/service/record_box.h"
#include "tests/sim/service_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace odop::test {

using namespace std::chrono_literals;

std::string ServiceServer::add_kiosk() {
  syncserver::Kiosk kiosk;
  kiosk.name = "Stand";
  kiosk.code_expires_ms = (clock_.wall() + std::chrono::days(1)).time_since_epoch().count();
  return living([&] {
    // A server that dies may have stored it: then nobody heard of that code.
    std::string code = syncserver::make_enrolment_code();
    kiosk.code_hash = syncserver::enrolment_code_hash(code);
    need(store_->add_kiosk(kiosk));
    return code;
  });
}

std::vector<syncserver::Submission> ServiceServer::submissions() {
  syncserver::SubmissionFilter filter;
  filter.with_restricted = true;
  filter.limit = 10'000;
  return need(store_->submissions(filter));
}

std::map<std::string, std::size_t> ServiceServer::stored() {
  std::map<std::string, std::size_t> stored;
  for (const syncserver::Submission& submission : submissions()) ++stored[submission.reference];
  return stored;
}

wire::SubmissionBody ServiceServer::body_of(const syncserver::Submission& submission) {
  if (!submission.body.empty()) return need(syncserver::stored_body(*record_keys_, submission));
  const auto envelope = need(wire::decode<wire::Envelope>(submission.envelope));
  return need(crypto::open_envelope(envelope, keys_.sealing));
}

std::multimap<std::string, std::string> ServiceServer::opened() {
  std::multimap<std::string, std::string> opened;
  for (const syncserver::Submission& submission : submissions()) {
    opened.emplace(submission.reference, body_of(submission).answers);
  }
  return opened;
}

void ServiceServer::open() {
  clock_.advance(syncserver::kSettleAge);  // it looks so often for what waits
  living([this] {
    for (;;) {
      const auto step = need(opener_->open_next());
      if (step.opened + step.recordings + step.quarantined == 0) return;
    }
  });
}

std::optional<wire::SealedAnswer> ServiceServer::answer(const std::string& reference) {
  clock_.advance(1s);
  return living([&]() -> std::optional<wire::SealedAnswer> {
    const auto before = need(store_->newest_answer(reference));
    const auto done =
        office_->answer({.reference = reference, .state = "answered", .text = "Yes."});
    // It may have died after the answer was there.
    if (!done && !open_after_death()) return std::nullopt;
    const auto entry = need(store_->newest_answer(reference));
    if (!entry || (before && before->payload == entry->payload)) return std::nullopt;
    return need(wire::decode<wire::SealedAnswer>(entry->payload));
  });
}

std::set<std::pair<std::uint64_t, std::uint64_t>> ServiceServer::never_came() {
  std::set<std::pair<std::uint64_t, std::uint64_t>> gaps;
  for (const auto& view : need(syncserver::list_kiosks(*store_, clock_.wall()))) {
    for (const Sequence one : view.missing) gaps.insert({view.row.kiosk.number.value, one.value});
  }
  return gaps;
}

std::vector<syncserver::KioskView> ServiceServer::kiosks() {
  return need(syncserver::list_kiosks(*store_, clock_.wall()));
}

std::vector<syncserver::Alarm> ServiceServer::alarms() {
  constexpr std::size_t kNewest = 100;
  return need(store_->alarms(kNewest));
}

std::vector<syncserver::SubmissionView> ServiceServer::listed() { return need(office_->list({})); }

void ServiceServer::take_stick(const std::filesystem::path& place) {
  living([&] {
    syncserver::Bundles bundles(*store_, *api_, keys_, clock_);
    static_cast<void>(bundles.take(place));
    if (disk_ != nullptr && disk_->dark(folder_->path())) throw std::runtime_error("dark");
  });
}

std::vector<syncserver::TakenBundle> ServiceServer::taken(const std::filesystem::path& place) {
  return need(syncserver::Bundles(*store_, *api_, keys_, clock_).take(place));
}

void ServiceServer::give_stick(const std::filesystem::path& place) {
  living([&] {
    // Restored to before every enrolment it has nothing for anybody, and says so.
    const auto fleet = need(store_->fleet());
    const bool nobody = std::ranges::all_of(
        fleet, [](const syncserver::FleetRow& row) { return row.device.id.empty(); });
    if (nobody) return;
    syncserver::Bundles bundles(*store_, *api_, keys_, clock_);
    need(bundles.give(place, {}));
  });
}

bool ServiceServer::withdrawn(const std::string& reference) {
  const auto found = need(store_->submissions({.reference = reference, .with_restricted = true}));
  return !found.empty() && found.front().state == syncserver::SubmissionState::kRestricted;
}

std::map<std::string, std::map<std::string, Bytes>> ServiceServer::spoken() {
  std::map<std::string, std::map<std::string, Bytes>> spoken;
  for (const syncserver::Submission& submission : submissions()) {
    const auto attachments = need(store_->attachments_of(submission.id));
    if (attachments.empty()) continue;
    for (const auto& one : body_of(submission).spoken) {
      const auto& attachment = attachments.at(one.attachment);
      const Bytes body = need(store_->attachment_body(attachment));
      Bytes& ogg = spoken[submission.reference][one.field];
      if (attachment.state == syncserver::AttachmentState::kOpened) {
        ogg = need(need(syncserver::RecordBox::find(*record_keys_, submission.hash)).open(body));
      } else if (attachment.state == syncserver::AttachmentState::kHere) {
        const auto padded = crypto::open(keys_.sealing, body);
        ogg = padded ? wire::unpad_recording(*padded).value_or("damaged") : "damaged";
      }
    }
  }
  return spoken;
}

bool ServiceServer::whole(const std::string& reference) {
  const auto found = need(store_->submissions({.reference = reference, .with_restricted = true}));
  if (found.empty()) return false;
  for (const auto& attachment : need(store_->attachments_of(found.front().id))) {
    if (attachment.state != syncserver::AttachmentState::kHere &&
        attachment.state != syncserver::AttachmentState::kOpened) {
      return false;
    }
  }
  return true;
}

bool ServiceServer::knows(const std::string& reference) {
  return !need(store_->submissions({.reference = reference, .with_restricted = true})).empty();
}

std::string ServiceServer::add_picture(const Bytes& bytes) {
  std::string hash = need(media_.put(bytes));
  syncserver::Medium medium;
  medium.hash = hash;
  medium.kind = static_cast<std::uint8_t>(wire::ItemKind::kPicture);
  medium.size = bytes.size();
  medium.content_type = "image/webp";
  pictures_.push_back(std::move(medium));
  return hash;
}

std::uint64_t ServiceServer::publish(const std::map<std::string, std::string>& records) {
  std::vector<syncserver::CatalogueRecord> draft;
  for (const auto& [name, json] : records) {
    syncserver::CatalogueRecord record;
    if (!wire::split_record_id(name, record.type, record.id)) {
      throw std::runtime_error("record " + name);
    }
    record.json = json;
    record.hash = to_hex(crypto::sha256(json));
    draft.push_back(std::move(record));
  }
  const std::uint64_t number = living([&] {
    const std::int64_t now_ms = clock_.wall().time_since_epoch().count();
    need(store_->edit_draft(draft, {}, pictures_, now_ms));
    return need(publisher_->publish(clock_.wall())).release.value;
  });
  pictures_.clear();
  return number;
}

std::size_t ServiceServer::import_and_publish(const std::filesystem::path& folder) {
  const auto report =
      need(syncserver::import_catalogue(*store_, media_, folder, false, clock_.wall()));
  for (const auto& error : report.errors) {
    throw std::runtime_error(fmt::format("{}: {}", error.file, error.message));
  }
  return static_cast<std::size_t>(need(publisher_->publish(clock_.wall())).records);
}

std::optional<std::uint64_t> ServiceServer::roll_back() {
  constexpr std::size_t kThisAndTheLast = 2;
  const auto known = living([&] { return need(publisher_->history(kThisAndTheLast)); });
  if (known.size() < kThisAndTheLast) return std::nullopt;
  clock_.advance(1s);
  return living(
      [&] { return need(publisher_->rollback(known.back().number, clock_.wall())).release.value; });
}

void ServiceServer::expire_pointer() {
  clock_.advance(1s);
  living([this] { need(publisher_->sign_anew(clock_.wall() - syncserver::kPointerLife - 1s)); });
}

void ServiceServer::rotate_publisher() {
  clock_.advance(1s);
  need(syncserver::rotate_publisher(*folder_ / "keys", clock_.wall() - kKeysAge, true));
  living([this] {
    close_folder();
    keys_ = need(syncserver::load_server_keys(*folder_ / "keys"));
    open_folder();
    need(publisher_->sign_anew(clock_.wall()));
  });
}

}  // namespace odop::test

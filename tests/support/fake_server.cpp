#include "tests/support/fake_server.h"

#include "shared/crypto/answer.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/crypto/release.h"
#include "shared/crypto/succession.h"
#include "shared/crypto/trust.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "shared/wire/readmission.h"
#include "tests/support/fake_workshop.h"
#include "tests/support/push_tools.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace odop::test {
namespace {

std::string uuid(char family, std::uint64_t number) {
  return fmt::format("018f0000-0000-7000-8000-{}{:011x}", family, number);
}

}  // namespace

std::shared_ptr<FakeServer::Workshop> FakeServer::new_workshop() {
  return std::make_shared<Workshop>();
}

FakeServer::FakeServer(std::shared_ptr<Workshop> workshop) : workshop_(std::move(workshop)) {}

const crypto::SigningKey& FakeServer::root_key() const { return workshop_->root; }
const crypto::SigningKey& FakeServer::publisher_key() const { return workshop_->publisher; }
const crypto::SigningKey& FakeServer::server_key() const { return workshop_->server; }

kiosk::HttpAnswer FakeServer::forge_receipt(const kiosk::HttpRequest& push, bool believed) const {
  const auto request = wire::decode<wire::PushRequest>(push.body);
  const auto device = std::ranges::find_if(
      devices_, [&](const auto& entry) { return entry.second.token == push.token; });
  if (!request || device == devices_.end()) return no_answer(400);
  wire::BatchReceipt receipt;
  receipt.device_id = device->second.id;
  receipt.database_generation = generation_;
  receipt.server_ms = now_ms;
  claim_all(receipt, *request);
  return json(wire::to_json(crypto::sign_document(
      "receipt", wire::encode(receipt), believed ? workshop_->server : workshop_->stranger)));
}

std::string FakeServer::add_kiosk() {
  const std::uint64_t number = devices_.size() + 1;
  std::string code = fmt::format("CODE-{}", number);
  devices_[code] = {uuid('d', number), number, fmt::format("token-{}", number), {}, {}, {}};
  return code;
}

void FakeServer::back_up() {
  if (backed_up_) older_backup_ = std::move(backup_);
  backed_up_ = true;
  backup_ = {rows_.size(), attachments_, answers_, {}};
  for (const auto& [code, device] : devices_) {
    backup_.devices[code] = {device.feed.size(), device.given_out, device.former, device.known()};
  }
}

bool FakeServer::restore_older() {
  if (!older_backup_) return false;
  backup_ = std::move(*std::exchange(older_backup_, std::nullopt));
  restore();
  return true;
}

void FakeServer::restore() {
  ++generations_;
  generation_ = uuid('a', generations_);
  forget_rows();
  answers_ = backup_.answers;
  for (auto& [code, device] : devices_) {
    const DeviceThen& then = backup_.devices[code];
    device.feed.resize(then.feed);
    device.given_out = then.given_out;
    device.former = then.former;
    device.forgotten = forgets_kiosks && !then.known && !device.public_key.empty();
  }
  feed_floor_ += 1'000'000;
  answer_floor_ += 1'000;
}

void FakeServer::into_all_feeds(wire::FeedKind kind, const Bytes& payload) {
  for (auto& [code, device] : devices_) into_feed(device, kind, payload);
}

void FakeServer::into_feed(Device& device, wire::FeedKind kind, const Bytes& payload) const {
  const std::uint64_t last = device.feed.empty() ? 0 : device.feed.back().position.value;
  device.feed.push_back({FeedPosition{std::max(last, feed_floor_) + 2}, kind, payload});
}

// Two disks speak under its name.
void FakeServer::demand_enrolment(Device& device) const {
  const Bytes payload = fmt::format(R"({{"{}":"{}"}})", wire::kEnrolAnew, device.id);
  const bool told =
      std::ranges::find(device.feed, payload, &wire::FeedEntry::payload) != device.feed.end();
  if (!told) into_feed(device, wire::FeedKind::kConfiguration, payload);
}

// What stands in the feed of the device that it was is for it, too.
void FakeServer::note_former(Device& device, const std::string& id, const Bytes& signature) {
  if (id.empty() || !device.former.empty()) return;
  const auto former = std::ranges::find_if(
      devices_, [&](const auto& entry) { return entry.second.id == id && entry.second.known(); });
  if (former == devices_.end() || former->second.id == device.id ||
      !crypto::check_succession(id, device.id, signature, former->second.public_key)) {
    return;
  }
  device.former = former->first;
  for (const wire::FeedEntry& entry : former->second.feed) {
    if (entry.kind != wire::FeedKind::kConfiguration) into_feed(device, entry.kind, entry.payload);
  }
}

bool FakeServer::is_or_was(const Device& device, const std::string& id) const {
  return device.id == id || (!device.former.empty() && is_or_was(devices_.at(device.former), id));
}

void FakeServer::forget_rows() {
  rows_.resize(backup_.rows);
  attachments_ = backup_.attachments;
  pieces_.clear();
  seen_.clear();
  restricted_.clear();
  looked_at_.clear();
  for (const Row& row : rows_) seen_[{row.device, row.epoch, row.sequence}].insert(row.hash);
}

void FakeServer::live() {
  if (dies_after_ == 0 || --dies_after_ > 0) return;
  dead_ = true;
  ++deaths_;
  throw Died{};
}

std::set<std::pair<std::uint64_t, std::uint64_t>> FakeServer::never_came() const {
  std::set<std::pair<std::uint64_t, std::uint64_t>> gaps;
  for (const auto& [code, device] : devices_) {
    for (std::uint64_t one = 1; one <= device.given_out.value; ++one) {
      // Empty when the server died before it stored it.
      const auto seen = seen_.find({device.id, 1, one});
      if (seen == seen_.end() || seen->second.empty()) gaps.insert({device.number, one});
    }
  }
  return gaps;
}

kiosk::HttpAnswer FakeServer::handle(const kiosk::HttpRequest& request) {
  if (dead_) return {};
  try {
    return answer_to(request);
  } catch (const Died&) {
    return {};
  }
}

kiosk::HttpAnswer FakeServer::answer_to(const kiosk::HttpRequest& request) {
  const auto query = request.path.find('?');
  const std::string path = request.path.substr(0, query);
  ++calls[path];
  if (busy_s) return {503, "text/plain", "busy", busy_s};
  std::uint64_t argument = 0;
  if (query != std::string::npos) {
    const auto equals = request.path.find('=', query);
    argument = std::stoull(request.path.substr(equals + 1));
  }
  if (path == "/v1/hello") return hello();
  if (path == "/v1/enrol") return enrol(request.body);
  if (path == "/v1/readmit" && forgets_kiosks) return readmit(request);
  std::uint64_t release = 0;
  char tail[16] = {};
  if (std::sscanf(path.c_str(), "/v1/releases/%lu/%15s", &release, tail) == 2) {
    if (release == 0 || release > releases_.size()) return no_answer(404);
    if (std::string(tail) == "manifest")
      return json(wire::to_json(releases_[release - 1]->manifest));
    return pack(request, release, argument);
  }
  const auto device = std::ranges::find_if(devices_, [&](const auto& entry) {
    return entry.second.known() && entry.second.token == request.token;
  });
  if (device == devices_.end()) return no_answer(401);
  if (path == "/v1/push") return push(device->second, request.body);
  if (revoked_.contains(device->second.id)) return no_answer(403);
  if (path == "/v1/heartbeat") return heartbeat(device->second, request.body);
  if (path == "/v1/reconcile" && knows_reconciliation)
    return reconcile(device->second, request.body);
  if (path == "/v1/feed") return feed(device->second, argument);
  if (path.starts_with("/v1/answers/")) return asked(path.substr(12));
  if (request.method == "PUT" && path.starts_with("/v1/attachments/")) {
    return attach(device->second, path.substr(16), argument, request.body);
  }
  return no_answer(404);
}

kiosk::HttpAnswer FakeServer::hello() const {
  wire::Hello hello;
  hello.server_ms = now_ms;
  hello.database_generation = generation_;
  hello.sealing_key_id = workshop_->sealing.id();
  hello.signing_key_id = workshop_->server.id();
  return json(wire::to_json(hello));
}

kiosk::HttpAnswer FakeServer::enrol(const Bytes& body) {
  const auto request = wire::from_json<wire::EnrolRequest>(body);
  if (!request) return no_answer(400);
  const auto found = devices_.find(request->code);
  if (found == devices_.end()) return no_answer(401);
  Device& device = found->second;
  const bool other = !device.public_key.empty() && device.public_key != request->device_public_key;
  if (other || device.forgotten) return no_answer(401);
  device.public_key = request->device_public_key;
  return enrolment_of(device);
}

// Whom the backup did not know, as what it shows that it was.
kiosk::HttpAnswer FakeServer::readmit(const kiosk::HttpRequest& request) {
  const auto said = wire::from_json<wire::Readmission>(request.body);
  if (!said) return no_answer(400);
  const auto found = std::ranges::find_if(devices_, [&](const auto& entry) {
    return entry.second.token == request.token && entry.second.id == said->device_id &&
           !entry.second.public_key.empty();
  });
  if (found == devices_.end()) return no_answer(401);
  Device& device = found->second;
  if (revoked_.contains(device.id)) return no_answer(403);
  live();
  device.forgotten = false;
  if (!mutation.forgets_reports) device.given_out = std::max(device.given_out, said->last_sequence);
  note_former(device, said->former_device, said->former_signature);
  return enrolment_of(device);
}

kiosk::HttpAnswer FakeServer::enrolment_of(const Device& device) const {
  wire::EnrolAnswer answer;
  answer.device_id = device.id;
  answer.kiosk = KioskNumber{device.number};
  answer.epoch = Epoch{1};
  answer.token = device.token;
  answer.name = fmt::format("Kiosk {}", device.number);
  answer.venue = "awadh-shilp-gram";
  answer.district = "lucknow";
  answer.ring = "all";
  answer.sealing_public_key = workshop_->sealing.public_key();
  answer.sealing_key_id = workshop_->sealing.id();
  answer.roots = {1, 1, {workshop_->root.public_key()}};
  answer.server_certificate = certificate("server", workshop_->server.public_key());
  answer.publisher_certificate = certificate("publisher", workshop_->publisher.public_key());
  return json(wire::to_json(answer));
}

kiosk::HttpAnswer FakeServer::heartbeat(Device& device, const Bytes& body) {
  const auto heartbeat = wire::from_json<wire::Heartbeat>(body);
  if (!heartbeat) return no_answer(400);
  live();
  // An older one that comes late says nothing against the newer one.
  if (!mutation.forgets_reports) {
    device.given_out = std::max(device.given_out, heartbeat->last_sequence);
  }
  last_heartbeat = *heartbeat;
  note_former(device, heartbeat->former_device, heartbeat->former_signature);
  wire::HeartbeatAnswer answer;
  answer.server_ms = now_ms;
  answer.database_generation = generation_;
  if (!device.feed.empty()) answer.feed_head = device.feed.back().position;
  if (pointer_ && pointer_->serial != heartbeat->pointer_serial) {
    answer.pointer = pointer_document_;
    answer.manifest = releases_.back()->manifest;
  }
  if (heartbeat->certificates_mark != crypto::mark_of(certificates_)) {
    answer.certificates = certificates_;
  }
  last_heartbeat_answer = answer;
  return json(wire::to_json(answer));
}

kiosk::HttpAnswer FakeServer::feed(const Device& device, std::uint64_t after) const {
  constexpr std::size_t kPage = 3;  // small, so that tests turn pages
  wire::FeedPage page;
  page.next = FeedPosition{after};
  for (const wire::FeedEntry& entry : device.feed) {
    if (entry.position.value <= after) continue;
    if (page.entries.size() == kPage) {
      page.more = true;
      break;
    }
    auto& document = signed_entries_[{device.id, entry.position.value}];
    if (document.payload.empty()) {
      document = crypto::sign_document("feed", wire::encode(entry), workshop_->server);
    }
    page.entries.push_back(document);
    page.next = entry.position;
  }
  return json(wire::to_json(page));
}

kiosk::HttpAnswer FakeServer::asked(const std::string& reference) const {
  const auto found = answers_.find(reference);
  if (found == answers_.end()) return no_answer(404);
  const wire::FeedEntry entry{FeedPosition{1}, wire::FeedKind::kAnswer,
                              wire::encode(found->second)};
  return json(wire::to_json(crypto::sign_document("feed", wire::encode(entry), workshop_->server)));
}

void FakeServer::answer(const std::string& reference, const std::string& text, bool into_feed) {
  const auto row = std::ranges::find(rows_, reference, &Row::reference);
  if (row == rows_.end()) throw std::runtime_error("fake server: unknown reference");
  const wire::Answer answer{"answered", now_ms, "", text};
  const std::uint32_t revision = std::max(answers_[reference].revision, answer_floor_) + 1;
  answers_[reference] =
      need(crypto::seal_answer(answer, reference, revision, open(*row).status_code));
  if (!into_feed) return;
  into_all_feeds(wire::FeedKind::kAnswer, wire::encode(answers_[reference]));
}

void FakeServer::open_withdrawals() {
  for (const Row& row : rows_) {
    if (row.kind != wire::Kind::kWithdrawal || looked_at_.contains(row.hash)) continue;
    const auto words = nlohmann::json::parse(open(row).answers);
    const std::string reference = words.at("reference");
    const auto target = std::ranges::find(rows_, reference, &Row::reference);
    if (target == rows_.end()) {
      if (mutation.forgets_withdrawals) looked_at_.insert(row.hash);
      continue;  // it waits
    }
    looked_at_.insert(row.hash);
    if (open(*target).status_code != words.at("status_code")) continue;
    if (!restricted_.insert(reference).second) continue;
    answers_.erase(reference);
    into_all_feeds(wire::FeedKind::kWithdrawal, reference);
  }
}

std::optional<wire::SealedAnswer> FakeServer::answer_sealed(const std::string& reference) {
  const auto row = std::ranges::find(rows_, reference, &Row::reference);
  if (row == rows_.end() || withdrawn(reference)) return std::nullopt;
  wire::SealedAnswer& answer = answers_[reference];
  answer.reference = reference;
  if (!mutation.restarts_revisions) answer.revision = std::max(answer.revision, answer_floor_);
  ++answer.revision;
  answer.salt = Bytes(16, 's');
  answer.ciphertext = crypto::random_bytes(200);
  into_all_feeds(wire::FeedKind::kAnswer, wire::encode(answer));
  return answer;
}

void FakeServer::configure(const std::string& json) {
  into_all_feeds(wire::FeedKind::kConfiguration, json);
}

wire::SubmissionBody FakeServer::open(const Row& row) const {
  const auto known = opened_.find(row.hash);
  if (known != opened_.end()) return known->second;
  const auto envelope = need(wire::decode<wire::Envelope>(row.envelope));
  return opened_.emplace(row.hash, need(crypto::open_envelope(envelope, workshop_->sealing)))
      .first->second;
}

}  // namespace odop::test

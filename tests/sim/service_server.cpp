#include "tests/sim/service_server.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/crypto/seal.h"
#include "shared/wire/body.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "shared/wire/pack.h"
#include "syncserver/service/catalogue.h"
#include "syncserver/service/enrolment.h"
#include "syncserver/service/fleet.h"
#include "syncserver/service/lookup.h"
#include "syncserver/service/record_box.h"
#include "syncserver/store/sql_store.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace odop::test {
namespace {

using namespace std::chrono_literals;
using kiosk::HttpAnswer;
using kiosk::HttpRequest;

template <typename T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error("server: " + result.error().context);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnauthorized:
      return 401;
    case ErrorCode::kForbidden:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kTooLarge:
      return 413;
    case ErrorCode::kBusy:
      return 503;
    default:
      return 400;
  }
}

template <typename T>
HttpAnswer answer_with(const Result<T>& result) {
  if (!result) return {status_of(result.error().code), "application/json", "{}", {}};
  return {200, "application/json", wire::to_json(*result), {}};
}

template <typename T, typename Call>
HttpAnswer with_json(const HttpRequest& request, Call call) {
  const auto message = wire::from_json<T>(request.body);
  if (!message) return {400, "application/json", "{}", {}};
  return answer_with(call(*message));
}

// Words that no kiosk can open, as the protocol in memory gives them: histories open none, and the
// key's derivation would be four fifths of their time.
Result<wire::SealedAnswer> seal_nothing(const wire::Answer& /*answer*/, std::string_view reference,
                                        std::uint32_t revision, std::string_view /*code*/) {
  return wire::SealedAnswer{std::string(reference), revision, Bytes(16, 's'),
                            crypto::random_bytes(200)};
}

HttpAnswer file_range(const Result<syncserver::ServedFile>& file, const HttpRequest& request) {
  if (!file) return {status_of(file.error().code), "application/json", "{}", {}};
  const kiosk::ByteRange range = request.range.value_or(kiosk::ByteRange{0, file->size});
  if (range.first + range.count > file->size) return {416, "application/json", "{}", {}};
  std::ifstream in(file->path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(range.first));
  Bytes bytes(static_cast<std::size_t>(range.count), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(range.count));
  return {request.range ? 206 : 200, file->content_type, std::move(bytes), {}};
}

}  // namespace

ServiceServer::ServiceServer()
    : clock_(WallTime{1'800'000'000'000ms}),
      keys_([&] {
        need(syncserver::create_server_keys(*folder_ / "keys", clock_.wall()));
        return need(syncserver::load_server_keys(*folder_ / "keys"));
      }()),
      media_(*folder_ / "media") {
  open_folder();
  need(store_->set_generation(make_uuid7(clock_.wall(), random_)));
}

void ServiceServer::open_folder() {
  store_ = need(syncserver::open_store((*folder_ / "odop.db").string()));
  media_ = syncserver::MediaFolder(*folder_ / "media");
  record_keys_ = need(syncserver::open_key_store(*folder_ / "keys" / "records.db"));
  opener_ = std::make_unique<syncserver::Opener>(*store_, *record_keys_, keys_, clock_);
  office_ = std::make_unique<syncserver::Submissions>(
      *store_, *record_keys_, syncserver::lookup_key(keys_), clock_, seal_nothing);
  api_ = std::make_unique<syncserver::KioskApi>(*store_, keys_, clock_, random_, folder_->path());
  publisher_ = std::make_unique<syncserver::Publisher>(*store_, keys_, media_, folder_->path());
}

void ServiceServer::close_folder() {
  publisher_.reset();
  api_.reset();
  office_.reset();
  opener_.reset();
  record_keys_.reset();
  store_.reset();
}

void ServiceServer::lie_on(PowerCutDisk* disk, DiskDefects defects) {
  close_folder();
  disk_ = disk;
  defects_ = defects;
  if (disk_ == nullptr) return;
  disk_->serve(folder_->path(), defects_);
  open_folder();
}

void ServiceServer::die_after(std::uint64_t operations, bool power) {
  loses_power_ = power;
  if (power) {
    disk_->cut_after(folder_->path(), operations);
  } else {
    disk_->kill_after(folder_->path(), operations);
  }
}

bool ServiceServer::open_after_death() {
  if (disk_ == nullptr || !disk_->dark(folder_->path())) return false;
  close_folder();
  disk_->power_up(folder_->path());
  open_folder();
  ++(loses_power_ ? deaths_.power_cuts : deaths_.kills);
  return true;
}

template <typename Call>
auto ServiceServer::living(Call call) {
  for (;;) {
    try {
      return call();
    } catch (const std::runtime_error&) {
      if (!open_after_death()) throw;
    }
  }
}

void ServiceServer::back_up() {
  living([this] {
    const syncserver::BackupPlaces places{backups_ / std::to_string(++backups_made_), {}};
    need(syncserver::make_backup(*store_, *record_keys_, syncserver::DataFolder{folder_->path()},
                                 places, clock_.wall()));
    older_backup_ = std::exchange(backup_, places);
  });
}

bool ServiceServer::restore_older() {
  if (!older_backup_) return false;
  backup_ = std::exchange(older_backup_, std::nullopt);
  restore();
  return true;
}

void ServiceServer::restore() {
  if (!backup_) return;
  clock_.advance(1s);
  close_folder();
  auto fresh = std::make_unique<TempFolder>();
  const auto open = [](const std::filesystem::path& file) {
    return syncserver::open_store(file.string());
  };
  need(syncserver::restore_backup(*backup_, syncserver::DataFolder{fresh->path()}, open, random_,
                                  clock_.wall()));
  if (disk_ != nullptr) {
    disk_->forget(folder_->path());
    disk_->serve(fresh->path(), defects_);
  }
  folder_ = std::move(fresh);
  open_folder();
}

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

HttpAnswer ServiceServer::handle(const HttpRequest& request) {
  if (dead_) return {};
  HttpAnswer answer = answer_to(request);
  dead_ = open_after_death();
  return dead_ ? HttpAnswer{} : answer;
}

HttpAnswer ServiceServer::answer_to(const HttpRequest& request) {
  clock_.advance(1s);  // time goes on between calls
  const auto query = request.path.find('?');
  const std::string path = request.path.substr(0, query);
  std::uint64_t argument = 0;
  if (query != std::string::npos) {
    argument = std::stoull(request.path.substr(request.path.find('=', query) + 1));
  }
  if (path == "/v1/hello") return answer_with(api_->hello());
  if (path == "/v1/enrol") {
    return with_json<wire::EnrolRequest>(
        request, [&](const wire::EnrolRequest& message) { return api_->enrol(message); });
  }
  if (path == "/v1/readmit") {
    return with_json<wire::Readmission>(request, [&](const wire::Readmission& message) {
      return api_->readmit(request.token, message);
    });
  }
  std::uint64_t release = 0;
  char tail[16] = {};
  if (std::sscanf(path.c_str(), "/v1/releases/%lu/%15s", &release, tail) == 2) {
    if (std::string_view(tail) == "manifest") {
      return answer_with(api_->manifest(ReleaseNumber{release}));
    }
    return file_range(api_->pack(ReleaseNumber{release}, ReleaseNumber{argument}), request);
  }
  return for_device(request, path, argument);
}

HttpAnswer ServiceServer::for_device(const HttpRequest& request, std::string_view path,
                                     std::uint64_t argument) {
  const auto caller = api_->authenticate(request.token);
  if (!caller) return {status_of(caller.error().code), "application/json", "{}", {}};
  if (path == "/v1/push") {
    const auto message = wire::decode<wire::PushRequest>(request.body);
    if (!message) return {400, "application/json", "{}", {}};
    return answer_with(api_->push(*caller, *message));
  }
  if (path == "/v1/heartbeat") {
    return with_json<wire::Heartbeat>(
        request, [&](const wire::Heartbeat& message) { return api_->heartbeat(*caller, message); });
  }
  if (path == "/v1/reconcile") {
    return with_json<wire::Reconciliation>(request, [&](const wire::Reconciliation& message) {
      return api_->reconcile(*caller, message);
    });
  }
  if (path == "/v1/feed") return answer_with(api_->feed(*caller, FeedPosition{argument}));
  constexpr std::string_view kAttachments = "/v1/attachments/";
  if (path.starts_with(kAttachments)) {
    return answer_with(
        api_->attach(*caller, path.substr(kAttachments.size()), argument, request.body));
  }
  constexpr std::string_view kAnswers = "/v1/answers/";
  if (path.starts_with(kAnswers)) {
    return answer_with(api_->answer(*caller, path.substr(kAnswers.size())));
  }
  return {404, "application/json", "{}", {}};
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
        ogg = need(wire::unpad_recording(need(crypto::open(keys_.sealing, body))));
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

SimServer as_server(ServiceServer& service, DiskDefects defects) {
  SimServer server;
  server.handler = [&service](const kiosk::HttpRequest& request) {
    return service.handle(request);
  };
  server.add_kiosk = [&service] { return service.add_kiosk(); };
  server.stored = [&service] { return service.stored(); };
  server.opened = [&service] { return service.opened(); };
  server.spoken = [&service] { return service.spoken(); };
  server.whole = [&service](const std::string& reference) { return service.whole(reference); };
  server.open = [&service] { service.open(); };
  server.answer = [&service](const std::string& reference) { return service.answer(reference); };
  server.withdrawn = [&service](const std::string& reference) {
    return service.withdrawn(reference);
  };
  server.publish = [&service](int version) {
    std::map<std::string, std::string> records{{"district/agra", R"({"name":{"en":"Agra"}})"}};
    for (int i = 0; i < 4; ++i) {
      const std::string hash =
          service.add_picture(Bytes(20'000, static_cast<char>('a' + i + version)));
      records[fmt::format("product/p{}", i)] =
          fmt::format(R"({{"name":{{"en":"P{} version {}"}},"picture":"{}"}})", i, version, hash);
    }
    return service.publish(records);
  };
  server.back_up = [&service] { service.back_up(); };
  server.restore = [&service] { service.restore(); };
  server.restore_older = [&service] { return service.restore_older(); };
  server.forgets_releases = true;
  server.lie_on = [&service, defects](PowerCutDisk* disk) { service.lie_on(disk, defects); };
  server.has_power = true;
  server.die = [&service](std::uint64_t operations, bool power) {
    service.die_after(operations, power);
  };
  server.dead = [&service] { return service.dead(); };
  server.revive = [&service] { service.revive(); };
  server.deaths = [&service] { return service.deaths(); };
  server.never_came = [&service] { return service.never_came(); };
  server.take_stick = [&service](const std::filesystem::path& place) { service.take_stick(place); };
  server.give_stick = [&service](const std::filesystem::path& place) { service.give_stick(place); };
  return server;
}

}  // namespace odop::test

// What is rarest: the server dies in the middle of a write, a kiosk's disk is no more, programs of
// two versions meet.
#include "kiosk/store/schema.h"
#include "shared/store/sqlite.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "tests/sim/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace odop::test {
namespace {

// Writes until the server dies: from the first of a request to some requests later.
constexpr std::uint64_t kWritesOfADay = 12;
// Of a kiosk until it is killed in the middle of one.
constexpr std::uint64_t kWritesOfAVisit = 40;

store::Connection journal_of(const SyncKiosk& kiosk) {
  auto connection =
      store::Connection::open(kiosk.folder() / "journal.db", store::OpenMode::kReadWrite);
  if (!connection) throw std::runtime_error(connection.error().context);
  return std::move(*connection);
}

void must_run(store::Connection& connection, const std::string& sql) {
  if (auto done = connection.execute(sql); !done) throw std::runtime_error(done.error().context);
}

std::uint64_t given_out(const Bytes& heartbeat) {
  constexpr std::string_view kField = "\"last_sequence\":";
  const auto at = heartbeat.find(kField);
  if (at == Bytes::npos) return 0;
  std::uint64_t number = 0;
  std::from_chars(heartbeat.data() + at + kField.size(), heartbeat.data() + heartbeat.size(),
                  number);
  return number;
}

}  // namespace

void History::one_calamity() {
  const std::size_t at = calamities_.below(options_.kiosks);
  switch (calamities_.below(30)) {
    case 0:
    case 1:
      return end_server(false);
    case 2:
      return end_server(server_.has_power);
    case 3:
    case 4:
    case 5:
      return revive_server();
    case 6:
      power_back(at);
      disk_.kill_after(kiosks_[at]->folder(), 1 + calamities_.below(kWritesOfAVisit));
      return trace(at, "the program is about to be killed");
    case 7:
      return meet_newer_journal(at);
    case 8:
      return meet_older_journal(at);
    case 9:
    case 10:
      return speak_apart();
    case 11:
      // Late enough for something to be on it.
      if (destroyed_ == 0 && order_.size() > 4) destroy(at);
      return;
    case 12:
    case 13:
    case 14:
    case 15:
    case 16:
      return one_errand(at);
    default:
      return;
  }
}

// Every request comes by here, whoever repeats it.
kiosk::HttpAnswer History::deliver(std::size_t at, const kiosk::HttpRequest& request) {
  if (options_.defects.forgets_former_token && request.path == "/v1/readmit" &&
      at < kiosks_.size() && kiosks_[at] && request.token != token_of(at)) {
    return {401, "application/json", "{}", {}};
  }
  const int apart = kiosk_protocol_[at] - server_protocol_;
  kiosk::HttpAnswer answer;
  if (apart != 0 && request.path == "/v1/push") {
    auto push = wire::decode<wire::PushRequest>(request.body);
    if (!push) return {400, "application/json", "{}", {}};
    push->protocol += static_cast<std::uint32_t>(apart);
    kiosk::HttpRequest changed = request;
    changed.body = wire::encode(*push);
    answer = server_.handler(changed);
  } else {
    answer = server_.handler(request);
  }
  if (request.path == "/v1/heartbeat" && answer.status == 200) {
    // An old one that comes late says nothing against a newer one.
    std::uint64_t& known = reported_[request.token];
    known = std::max(known, given_out(request.body));
  }
  return answer;
}

void History::end_server(bool power) {
  if (!server_.die || server_.dead()) return;
  server_.die(1 + calamities_.below(kWritesOfADay), power);
  trace(0, power ? "the server's power is about to fail" : "the server is about to be killed");
}

void History::revive_server() {
  if (!server_.dead || !server_.dead()) return;
  server_.revive();
  trace(0, "the server is back");
}

// A visitor's last words are held back by the server, and the kiosk has time to say that there are
// such, if its network lets it.
void History::report_what_waits(std::size_t at) {
  power_back(at);
  const std::size_t before = order_.size();
  submit(at);
  if (order_.size() == before || !server_.hold_back) return;
  server_.hold_back(order_.back());
  constexpr int kTurns = 4;
  for (int i = 0; i < kTurns && !disk_.dark(kiosks_[at]->folder()); ++i) {
    turn(at);
    clock_.advance(std::chrono::seconds(70));  // a heartbeat is due
  }
}

// What visitors left there and the server has not got is gone. What the kiosk had reported must
// stand in the server's list. Another kiosk takes its place.
void History::destroy(std::size_t at) {
  revive_server();
  if (server_.die) server_.die(0, false);  // enrolment is not what is tried here
  report_what_waits(at);
  power_back(at);
  if (disk_.dark(kiosks_[at]->folder())) return;
  if (device_of(at).empty()) return;
  ++destroyed_;
  for (auto& [reference, kept] : kept_) {
    if (kept.kiosk != at || lives_on_in_copy(reference, kept)) continue;
    lose_medium(reference, kept);
    kept.destroyed = true;
  }
  const std::filesystem::path folder = kiosks_[at]->folder();
  kiosks_[at].reset();
  disk_.forget(folder);
  images_.erase(at);
  put_back_.erase(at);
  of_one_disk_.erase(at);
  highest_[at] = {};
  kiosk_protocol_[at] = 0;
  server_protocol_ = 0;
  networks_[at]->strangers = networks_[at]->enemies = networks_[at]->may_be_slow = false;
  kiosks_[at] = new_kiosk(at, options_.seed * 1000 + 500 + at);
  ++counted_.destroyed;
  trace(at, "the disk is destroyed; another kiosk stands there");
}

// Its power is back, and nothing is about to fail.
bool History::spared(std::size_t at) {
  power_back(at);
  const std::filesystem::path& folder = kiosks_[at]->folder();
  if (disk_.dark(folder)) return false;
  disk_.cut_after(folder, 0);
  disk_.trouble_after(folder, DiskTrouble::kFull, 0);
  return true;
}

// The program before an update, started on what a newer one has left: it must touch nothing.
void History::meet_newer_journal(std::size_t at) {
  if (!spared(at)) return;
  SyncKiosk& kiosk = *kiosks_[at];
  const std::filesystem::path& folder = kiosk.folder();
  const std::size_t known = kiosk::journal_schema().size();
  kiosk.stop();
  {
    auto journal = journal_of(kiosk);
    must_run(journal, fmt::format("PRAGMA user_version={}", known + 1));
  }
  const auto opened = kiosk::Journal::open(folder, kiosk::probe_space, disk_.files());
  if (opened || opened.error().code != ErrorCode::kUnsupported) {
    ++counted_.lost;
    trace(at, "an older program takes a newer one's journal");
  }
  if (options_.defects.begins_anew) {
    disk_.forget(folder);
  } else {
    auto journal = journal_of(kiosk);
    must_run(journal, fmt::format("PRAGMA user_version={}", known));
  }
  ++counted_.newer_schema;
  trace(at, "an older program meets the journal");
  start(at);
}

// A journal as the program before the last update left it; the power may fail while it is brought
// up to date.
void History::meet_older_journal(std::size_t at) {
  if (!spared(at)) return;
  SyncKiosk& kiosk = *kiosks_[at];
  const std::filesystem::path& folder = kiosk.folder();
  kiosk.stop();
  {
    auto journal = journal_of(kiosk);
    // That program knew of no withdrawals, so it had not been told of one.
    const auto told = journal.integer("SELECT count(*) FROM withdrawn");
    if (told && told->value_or(1) == 0) {
      must_run(journal, "BEGIN; DROP TABLE withdrawn; PRAGMA user_version=2; COMMIT");
      ++counted_.older_schema;
    }
  }
  if (calamities_.below(2) == 0) disk_.cut_after(folder, 1 + calamities_.below(15));
  trace(at, "the program meets an older journal");
  start(at);
}

// A kiosk or the server is a version ahead or behind, until it happens again.
void History::speak_apart() {
  const std::size_t who = calamities_.below(options_.kiosks + 1);
  int& protocol = who == options_.kiosks ? server_protocol_ : kiosk_protocol_[who];
  protocol = protocol != 0 ? 0 : (calamities_.below(2) == 0 ? 1 : -1);
  if (protocol > 0) ++counted_.newer_protocol;
  if (protocol < 0) ++counted_.older_protocol;
  trace(who, fmt::format("speaks protocol {:+}", protocol));
}

}  // namespace odop::test

// P8: how many durable submissions a second the real server takes over loopback, beside bare
// SQLite's commits on the same disk in the same run.
#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/random.h"
#include "shared/core/reference_number.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/crypto/sign.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "tests/support/process.h"
#include "tests/support/raw_http.h"
#include "tests/support/server_hand.h"
#include "tests/support/temp_folder.h"

#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace odop;
using Seconds = std::chrono::duration<double>;

void check(bool good, const std::string& what) {
  if (!good) throw std::runtime_error{what};
}

// Rows of 1 KB, `rows` a commit, with the settings that were measured to lose nothing in power
// cuts: those of the kiosk's journal. (The server lets its log grow to 1,000 pages instead of 200;
// so would bare SQLite be 5 to 18 % faster.)
double bare_sqlite_rows_per_second(const std::filesystem::path& file, int rows) {
  sqlite3* database = nullptr;
  const std::string name = "file:" + file.string() + "?psow=0";
  check(sqlite3_open_v2(name.c_str(), &database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI,
                        nullptr) == SQLITE_OK,
        "bare database");
  const auto run = [&](const char* sql) {
    check(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  };
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=200;"
      "CREATE TABLE row(id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(database, "INSERT INTO row(body) VALUES(?)", -1, &insert, nullptr);
  const std::string body(1024, 'x');
  const auto started = std::chrono::steady_clock::now();
  const int commits = rows == 1 ? 6000 : 200;
  for (int commit = 0; commit < commits; ++commit) {
    run("BEGIN IMMEDIATE");
    for (int row = 0; row < rows; ++row) {
      sqlite3_bind_blob(insert, 1, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
      check(sqlite3_step(insert) == SQLITE_DONE, "bare insert");
      sqlite3_reset(insert);
    }
    run("COMMIT");
  }
  const Seconds took = std::chrono::steady_clock::now() - started;
  sqlite3_finalize(insert);
  sqlite3_close(database);
  return commits * rows / took.count();
}

// An enrolled kiosk with its requests made beforehand, so that only the server is measured.
struct Client {
  wire::EnrolAnswer identity;
  crypto::SigningKey key = crypto::SigningKey::generate();
  std::uint64_t sequence = 0;
  Bytes previous;
  std::string last_reference;
  std::vector<std::string> requests;
};

void enrol(Client& client, const test::ServerHand& server, int number) {
  const auto added = server.json(
      {"kiosk", "add", "--name", "bench " + std::to_string(number), "--venue", "awadh-shilp-gram"});
  wire::EnrolRequest request;
  request.code = added.at("code").get<std::string>();
  request.device_public_key = client.key.public_key();
  SystemRandom random;
  request.boot_id = make_uuid7(SystemClock{}.wall(), random);
  test::RawHttp http{server.url()};
  const auto answer = http.exchange(test::RawHttp::request(
      "POST", "/v1/enrol", "Content-Type: application/json\r\n", wire::to_json(request)));
  auto identity = wire::from_json<wire::EnrolAnswer>(answer.body);
  check(answer.status == 200 && identity.has_value(), "enrolment: " + answer.body);
  client.identity = std::move(identity.value());
}

// What a kiosk sends today: the newest version of the shipped form and the consents of its notices,
// one given and two refused.
constexpr std::uint16_t kFormVersion = 2;
wire::SubmissionBody enquiry(WallTime now) {
  wire::SubmissionBody body;
  body.answers = R"({"reach":"phone","country":"IN","mobile":"+919876543210","products":[)"
                 R"({"product":"kannauj-attar","district":"kannauj","quantity":12,)"
                 R"("unit":"piece"}],"needed_by":"month","name":"Bench","buyer_type":"shop"})";
  body.language = "hi";
  body.status_code = "12345678";
  body.status_secret = Bytes(16, 's');
  body.release_seen = ReleaseNumber{1};
  for (const auto& [purpose, notice] : {std::pair{"contact", "enquiry-contact"},
                                        std::pair{"share_with_producers", "enquiry-producers"},
                                        std::pair{"exhibitions", "enquiry-exhibitions"}}) {
    wire::ConsentRecord consent;
    consent.notice_id = notice;
    consent.notice_version = 1;
    consent.language = "hi";
    consent.text_hash = crypto::sha256(consent.notice_id);
    const bool given = body.consents.empty();
    (given ? consent.given : consent.refused).emplace_back(purpose);
    consent.wall_ms = now.time_since_epoch().count();
    body.consents.push_back(std::move(consent));
  }
  return body;
}

void prepare(Client& client, int requests, int batch) {
  SystemRandom random;
  const SystemClock clock;
  const std::string boot = make_uuid7(clock.wall(), random);
  const wire::SubmissionBody body = enquiry(clock.wall());
  for (int r = 0; r < requests; ++r) {
    wire::PushRequest push;
    for (int b = 0; b < batch; ++b) {
      wire::EnvelopeHeader header;
      header.device_id = client.identity.device_id;
      header.epoch = client.identity.epoch;
      header.sequence = Sequence{++client.sequence};
      header.previous = client.previous;
      header.id = make_uuid7(clock.wall(), random);
      header.reference = make_reference(client.identity.kiosk, header.sequence, random);
      header.form_id = "enquiry";
      header.form_version = kFormVersion;
      header.wall_ms = clock.wall().time_since_epoch().count();
      header.boot_id = boot;
      auto envelope =
          crypto::seal_envelope(header, body, client.identity.sealing_public_key, client.key);
      check(envelope.has_value(), "sealing");
      push.envelopes.push_back(wire::encode(envelope.value()));
      client.previous = crypto::envelope_hash(push.envelopes.back());
      client.last_reference = header.reference;
    }
    client.requests.push_back(
        test::RawHttp::request("POST", "/v1/push",
                               "Authorization: Bearer " + client.identity.token +
                                   "\r\nContent-Type: application/octet-stream\r\n",
                               wire::encode(push)));
  }
}

// Processor time of a process up to now; of this one when `process` is 0.
double processor_seconds(pid_t process) {
  clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;
  timespec used{};
  if (process != 0) check(clock_getcpuclockid(process, &clock) == 0, "the server's clock");
  check(clock_gettime(clock, &used) == 0, "processor time");
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

// What a process has handed to write() and its kin up to now.
double written_bytes(pid_t process) {
  std::ifstream io{"/proc/" + std::to_string(process) + "/io"};
  for (std::string line; std::getline(io, line);) {
    if (line.starts_with("wchar:")) return std::stod(line.substr(6));
  }
  return 0;
}

double peak_memory_mb(pid_t process) {
  std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

void count_stored(const std::vector<std::vector<std::string>>& answers, std::uint64_t expected) {
  std::uint64_t stored = 0;
  for (const auto& of_client : answers) {
    for (const auto& answer : of_client) {
      const auto document = wire::from_json<wire::SignedDocument>(answer);
      check(document.has_value(), "an answer is no receipt: " + answer);
      const auto receipt = wire::decode<wire::BatchReceipt>(document.value().payload);
      check(receipt.has_value(), "receipt");
      for (const auto& verdict : receipt.value().verdicts) {
        stored += verdict.code == wire::VerdictCode::kStored ? 1 : 0;
      }
    }
  }
  check(stored == expected, "stored " + std::to_string(stored) + " of " + std::to_string(expected));
}

// The measured work must be honest: the opener finds a case in it, not something to set aside.
void check_opened(const test::ServerHand& server, const std::string& reference) {
  std::string state;
  for (int i = 0; i < 600 && (state.empty() || state == "received"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    const auto found = server.json({"submissions", "list", "--reference", reference});
    check(found.size() == 1, "a submission that was stored is not there");
    state = found.at(0).at("state").get<std::string>();
  }
  check(state == "opened", "what was sent ended as " + state);
}

// Arguments: clients, submissions a request.
void intake(benchmark::State& state) {
  const auto clients_wanted = static_cast<std::size_t>(state.range(0));
  const auto batch = static_cast<int>(state.range(1));
  const int requests = batch == 1 ? static_cast<int>(12'800 / clients_wanted)
                                  : static_cast<int>(320 / clients_wanted);
  for (auto _ : state) {
    const test::TempFolder folder;
    const double before = bare_sqlite_rows_per_second(folder.path() / "before", batch);
    test::ServerHand server{folder.path()};
    server.command({"init"});
    server.command({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"});
    server.command({"catalogue", "publish"});
    server.start({"--rate-limit", "0"});
    std::vector<Client> clients(clients_wanted);
    for (std::size_t i = 0; i < clients.size(); ++i) {
      enrol(clients[i], server, static_cast<int>(i));
      prepare(clients[i], requests, batch);
    }
    std::vector<std::vector<std::string>> scripts;
    scripts.reserve(clients.size());
    for (auto& client : clients) scripts.push_back(std::move(client.requests));
    const double server_before = processor_seconds(server.pid());
    const double written_before = written_bytes(server.pid());
    const double load_before = processor_seconds(0);
    const auto started = std::chrono::steady_clock::now();
    const auto answers = test::run_load(server.url(), scripts);
    const Seconds took = std::chrono::steady_clock::now() - started;
    const double load_used = processor_seconds(0) - load_before;
    const double written = written_bytes(server.pid()) - written_before;
    const double server_used = processor_seconds(server.pid()) - server_before;
    const auto total = clients_wanted * static_cast<std::size_t>(requests * batch);
    count_stored(answers, total);
    check_opened(server, clients.back().last_reference);
    // The disk is not the same from one second to the next: bare SQLite before and after.
    const double after = bare_sqlite_rows_per_second(folder.path() / "after", batch);
    const double bare = (before + after) / 2;

    state.SetIterationTime(took.count());
    const double rate = static_cast<double>(total) / took.count();
    state.counters["per_s"] = rate;
    state.counters["bare_per_s"] = bare;
    state.counters["ratio"] = rate / bare;
    // Of each submission: processor time of the server (opening included) and of this load, and the
    // bytes that the server wrote, sockets included.
    const auto each = 1 / static_cast<double>(total);
    state.counters["server_us"] = server_used * 1e6 * each;
    state.counters["load_us"] = load_used * 1e6 * each;
    state.counters["written"] = written * each;
    state.counters["server_mb"] = peak_memory_mb(server.pid());
  }
}

BENCHMARK(intake)
    ->ArgNames({"clients", "batch"})
    ->Args({1, 1})
    ->Args({8, 1})
    ->Args({32, 1})
    ->Args({32, 100})
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

// After an outage all kiosks return at once: through nginx, each with 50 records, a fifth of the
// answers lost on the way, the server killed twice in between. 40 kiosks in the default run, 1,000
// with ODOP_LONG.
#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/random.h"
#include "shared/core/reference_number.h"
#include "shared/crypto/envelope.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/service/enrolment.h"
#include "syncserver/service/fleet.h"
#include "syncserver/service/kiosk_api.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/sql_store.h"
#include "tests/e2e/proxy/nginx.h"
#include "tests/e2e/proxy/tls_client.h"
#include "tests/support/server_hand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

namespace odop::test {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int kRecords = 50;
constexpr int kBatch = 10;  // five pushes a kiosk, so that kills and losses meet them half way
constexpr std::uint64_t kSeed = 20261128;
#ifdef __SANITIZE_ADDRESS__
constexpr long kMostMemoryKib = 1024L * 1024;  // it keeps 256 MB of what was freed, and shadows all
#else
constexpr long kMostMemoryKib = 256L * 1024;
#endif

struct Kiosk {
  std::vector<std::string> pushes;
  std::size_t next = 0;
  double bound_ms = 0;  // full jitter, as in kiosk/sync
  Steady::time_point due{};
};

// Enrols and seals beside the server, so that only the storm is measured.
std::vector<Kiosk> make_kiosks(const std::filesystem::path& data, int count) {
  const syncserver::DataFolder folder{data};
  const auto store = syncserver::open_store(folder.database().string()).value();
  const auto keys = syncserver::load_server_keys(folder.keys()).value();
  const SystemClock clock;
  SystemRandom random;
  syncserver::KioskApi api(*store, keys, clock, random, folder.root);
  wire::SubmissionBody body;
  body.answers = R"({"name":"Storm","mobile":"+919876543210","country":"IN","message":"hello"})";
  body.language = "hi";
  body.status_code = "12345678";
  body.status_secret = Bytes(16, 's');
  std::vector<Kiosk> kiosks;
  for (int i = 0; i < count; ++i) {
    syncserver::NewKiosk wanted;
    wanted.name = fmt::format("Storm {}", i);
    const auto added = syncserver::add_kiosk(*store, wanted, clock.wall()).value();
    const auto key = crypto::SigningKey::generate();
    const std::string boot = make_uuid7(clock.wall(), random);
    const auto identity = api.enrol(wire::EnrolRequest{added.code, key.public_key(), boot}).value();
    Kiosk kiosk;
    Bytes previous;
    for (int record = 0; record < kRecords;) {
      wire::PushRequest push;
      for (int b = 0; b < kBatch; ++b, ++record) {
        wire::EnvelopeHeader header;
        header.device_id = identity.device_id;
        header.epoch = identity.epoch;
        header.sequence = Sequence{static_cast<std::uint64_t>(record) + 1};
        header.previous = previous;
        header.id = make_uuid7(clock.wall(), random);
        header.reference = make_reference(identity.kiosk, header.sequence, random);
        header.form_id = "enquiry";
        header.form_version = 1;
        header.wall_ms = clock.wall().time_since_epoch().count();
        header.boot_id = boot;
        const auto envelope =
            crypto::seal_envelope(header, body, identity.sealing_public_key, key).value();
        push.envelopes.push_back(wire::encode(envelope));
        previous = crypto::envelope_hash(push.envelopes.back());
      }
      kiosk.pushes.push_back(RawHttp::request("POST", "/v1/push",
                                              "Authorization: Bearer " + identity.token +
                                                  "\r\nContent-Type: application/octet-stream\r\n",
                                              wire::encode(push)));
    }
    kiosks.push_back(std::move(kiosk));
  }
  return kiosks;
}

struct Storm {
  std::vector<Kiosk> kiosks;
  const TlsTrust& trust;
  std::uint16_t port;
  std::mutex mutex{};
  std::condition_variable changed{};
  std::vector<std::size_t> idle{};  // kiosks that nobody serves now
  std::size_t done = 0;
  std::atomic<int> eaten{0};
  std::atomic<int> refused{0};
  std::atomic<int> pushes{0};

  // One turn of a kiosk: a fresh connection, its next push, the answer or its loss. Whether the
  // batch is known to be stored.
  bool turn(Kiosk& kiosk, SeededRandom& random) {
    TlsClient client(trust, port, 10s);
    ++pushes;
    if (!client.good() || !client.send(kiosk.pushes[kiosk.next])) return false;
    if (random.below(5) == 0) {
      // The answer is eaten: it was read from the wire by nobody.
      ++eaten;
      (void)client.answer();
      return false;
    }
    const RawAnswer answer = client.answer();
    if (answer.status != 200) {
      ++refused;
      return false;
    }
    const auto document = wire::from_json<wire::SignedDocument>(answer.body);
    if (!document.has_value()) return false;
    const auto receipt = wire::decode<wire::BatchReceipt>(document->payload);
    return receipt.has_value() &&
           std::ranges::all_of(receipt->verdicts, [](const wire::Verdict& verdict) {
             return verdict.code == wire::VerdictCode::kStored ||
                    verdict.code == wire::VerdictCode::kDuplicate;
           });
  }

  void work(std::uint64_t seed) {
    SeededRandom random(seed);
    for (;;) {
      std::size_t mine = 0;
      {
        std::unique_lock lock(mutex);
        for (;;) {
          if (done == kiosks.size()) return;
          const auto now = Steady::now();
          const auto ready =
              std::ranges::find_if(idle, [&](std::size_t one) { return kiosks[one].due <= now; });
          if (ready != idle.end()) {
            mine = *ready;
            *ready = idle.back();
            idle.pop_back();
            break;
          }
          changed.wait_for(lock, 20ms);
        }
      }
      Kiosk& kiosk = kiosks[mine];
      if (turn(kiosk, random)) {
        ++kiosk.next;
        kiosk.bound_ms = 0;
      } else {
        kiosk.bound_ms = kiosk.bound_ms == 0 ? 1'000 : std::min(kiosk.bound_ms * 1.5, 300'000.0);
        kiosk.due =
            Steady::now() + std::chrono::milliseconds(
                                100 + random.below(static_cast<std::uint64_t>(kiosk.bound_ms)));
      }
      const std::lock_guard lock(mutex);
      if (kiosk.next == kiosk.pushes.size()) {
        ++done;
      } else {
        idle.push_back(mine);
      }
      changed.notify_all();
    }
  }
  [[nodiscard]] std::size_t finished() {
    const std::lock_guard lock(mutex);
    return done;
  }
};

long long count(const std::filesystem::path& database, const char* sql) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open_v2(database.c_str(), &connection, SQLITE_OPEN_READWRITE, nullptr) ==
          SQLITE_OK);
  sqlite3_stmt* query = nullptr;
  REQUIRE(sqlite3_prepare_v2(connection, sql, -1, &query, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_step(query) == SQLITE_ROW);
  const long long value = sqlite3_column_int64(query, 0);
  sqlite3_finalize(query);
  sqlite3_close(connection);
  return value;
}

long peak_memory_kib(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  }
  return 0;
}

}  // namespace

TEST_CASE(
    "All kiosks return at once, answers are lost, the server is killed twice: each record once",
    "[e2e][fault]") {
  if (!Nginx::installed()) return;
  const int kiosks = std::getenv("ODOP_LONG") != nullptr ? 1'000 : 40;
  const TempFolder folder;
  ServerHand server(folder / "server");
  server.command({"init"});
  const auto data = folder / "server" / "data";
  std::vector<Kiosk> all = make_kiosks(data, kiosks);
  server.start();
  Nginx nginx(folder / "nginx", server.url());
  const TlsTrust trust(nginx.authority());
  Storm storm{std::move(all), trust, nginx.port()};
  for (std::size_t i = 0; i < storm.kiosks.size(); ++i) storm.idle.push_back(i);

  // Health is asked all along; what it says while the server is dead does not count.
  std::atomic<bool> over{false};
  std::atomic<bool> up{true};
  std::atomic<long long> slowest_health_us{0};
  std::atomic<int> healths{0};
  std::thread watcher([&] {
    while (!over) {
      const bool before = up;
      const auto began = Steady::now();
      TlsClient client(trust, nginx.port(), 10s);
      const int status = client.exchange("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").status;
      const auto took =
          std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - began);
      if (before && up && status == 200) {
        ++healths;
        slowest_health_us =
            std::max(slowest_health_us.load(), static_cast<long long>(took.count()));
      }
      std::this_thread::sleep_for(50ms);
    }
  });

  const auto began = Steady::now();
  std::vector<std::thread> workers;
  const int crowd = std::min(kiosks, 100);
  workers.reserve(static_cast<std::size_t>(crowd));
  for (int i = 0; i < crowd; ++i) {
    workers.emplace_back([&storm, i] { storm.work(kSeed + static_cast<std::uint64_t>(i)); });
  }
  long memory = 0;
  Steady::time_point last_kill = began;
  for (const int part : {20, 50}) {  // percent of the records that are in
    const long long wanted = static_cast<long long>(kiosks) * kRecords * part / 100;
    for (int wait = 0; wait < 3'000; ++wait) {
      memory = std::max(memory, peak_memory_kib(server.pid()));
      if (count(data / "odop.db", "SELECT COUNT(*) FROM submissions") >= wanted) break;
      std::this_thread::sleep_for(20ms);
    }
    up = false;
    ::kill(server.pid(), SIGKILL);
    last_kill = Steady::now();
    std::this_thread::sleep_for(500ms);
    server.start();
    up = true;
  }
  while (storm.finished() < storm.kiosks.size() && Steady::now() - last_kill < 120s) {
    memory = std::max(memory, peak_memory_kib(server.pid()));
    std::this_thread::sleep_for(20ms);
  }
  const auto drained = Steady::now();
  const bool complete = storm.finished() == storm.kiosks.size();
  if (!complete) {
    const std::lock_guard lock(storm.mutex);
    storm.done = storm.kiosks.size();  // lets the workers go
  }
  for (std::thread& worker : workers) worker.join();
  over = true;
  watcher.join();
  memory = std::max(memory, peak_memory_kib(server.pid()));
  server.stop();

  const long long rows = count(data / "odop.db", "SELECT COUNT(*) FROM submissions");
  const long long distinct =
      count(data / "odop.db",
            "SELECT COUNT(*) FROM (SELECT DISTINCT device, epoch, sequence FROM submissions)");
  const auto ms = [](Steady::duration span) {
    return static_cast<long long>(
        std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
  };
  const long long wanted = static_cast<long long>(kiosks) * kRecords;
  std::printf(
      "reconnect storm: seed=%llu kiosks=%d records=%lld rows=%lld lost=%lld duplicated=%lld "
      "pushes=%d "
      "answers_eaten=%d refused=%d kills=2 whole_ms=%lld drained_after_last_kill_ms=%lld "
      "health_checks=%d slowest_health_ms=%.1f peak_kib=%ld\n",
      static_cast<unsigned long long>(kSeed), kiosks, wanted, rows, wanted - distinct,
      rows - distinct, storm.pushes.load(), storm.eaten.load(), storm.refused.load(),
      ms(drained - began), ms(drained - last_kill), healths.load(),
      static_cast<double>(slowest_health_us.load()) / 1000.0, memory);
  CHECK(complete);
  CHECK(rows == wanted);
  CHECK(distinct == wanted);
  CHECK(drained - last_kill < 30s);
  CHECK(healths > 0);
  CHECK(slowest_health_us < 1'000'000);
  CHECK(memory > 0);
  CHECK(memory < kMostMemoryKib);
  CHECK(storm.eaten > kiosks / 2);
}

}  // namespace odop::test

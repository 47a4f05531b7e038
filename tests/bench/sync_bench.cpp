// P9: what syncing costs, through the real server on loopback: requests, bytes and seconds of a
// first sync of 1,243 products with pictures (beside `rsync --fsync` of the same content in the
// same run), of a sync with nothing changed, and after ten changes without and with new pictures.
#include "kiosk/store/catalogue_store.h"
#include "kiosk/sync/http_transport.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/sync/worker.h"
#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/random.h"
#include "shared/wire/pack.h"
#include "tests/support/generated_catalogue.h"
#include "tests/support/process.h"
#include "tests/support/raw_http.h"
#include "tests/support/server_hand.h"
#include "tests/support/temp_folder.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

using namespace odop;
using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;
namespace fs = std::filesystem;

const fs::path kRealCatalogue = ODOP_SOURCE_DIR "/assets/catalogue";

// Counts what passes a transport: requests, and bytes of bodies both ways.
class Counter final : public kiosk::Transport, private kiosk::BodySink {
 public:
  explicit Counter(kiosk::Transport& inner) : inner_(inner) {}

  Result<kiosk::HttpAnswer> send(const kiosk::HttpRequest& request,
                                 kiosk::BodySink* sink) override {
    ++requests;
    bytes_up += request.body.size();
    sink_ = sink;
    auto answer = inner_.send(request, sink == nullptr ? nullptr : this);
    if (answer.has_value()) bytes_down += answer.value().body.size();
    return answer;
  }
  void cancel() override { inner_.cancel(); }

  std::uint64_t requests = 0;
  std::uint64_t bytes_up = 0;
  std::uint64_t bytes_down = 0;

 private:
  bool write(BytesView bytes) override {
    bytes_down += bytes.size();
    return sink_->write(bytes);
  }

  kiosk::Transport& inner_;
  kiosk::BodySink* sink_ = nullptr;
};

// A kiosk without a window.
class HeadlessKiosk {
 public:
  HeadlessKiosk(fs::path folder, const std::string& url, const std::string& code)
      : folder_(std::move(folder)), http_(kiosk::parse_server_url(url).value()), counter(http_) {
    fs::create_directories(folder_);
    kiosk::WorkerConfig config;
    config.folder = folder_;
    config.enrol_code = code;
    config.boot_id = make_uuid7(clock_.wall(), random_);
    auto session = kiosk::SyncSession::open(config, counter, clock_, random_, mailbox_);
    if (!session.has_value()) throw std::runtime_error{session.error().context};
    session_ = std::move(session.value());
  }

  // Turns until `release` is ready; the seconds it took.
  double sync_to(std::uint64_t release) {
    const auto started = std::chrono::steady_clock::now();
    mailbox_.send(kiosk::TryNow{});
    auto store = kiosk::CatalogueStore::open(folder_);
    for (;;) {
      const auto rest = session_->turn();
      if (store.value().newest_ready().value().value >= release) break;
      if (std::chrono::steady_clock::now() - started > 120s) throw std::runtime_error{"no sync"};
      std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(rest, 20ms));
    }
    return Seconds(std::chrono::steady_clock::now() - started).count();
  }

  void turn() {
    mailbox_.send(kiosk::TryNow{});
    [[maybe_unused]] const auto rest = session_->turn();
  }

 private:
  fs::path folder_;
  SystemClock clock_;
  SystemRandom random_;
  kiosk::Mailbox mailbox_;
  kiosk::HttpTransport http_;
  std::unique_ptr<kiosk::SyncSession> session_;

 public:
  Counter counter;
};

// Seconds that `rsync --fsync` takes for `source` through a daemon on loopback.
double rsync_seconds(const fs::path& source, const fs::path& scratch) {
  fs::create_directories(scratch);
  const std::string port = "18731";
  std::ofstream{scratch / "rsyncd.conf"}
      << "use chroot = no\nuid = root\ngid = root\n[all]\npath = " << source.string()
      << "\nread only = yes\n";
  test::Process daemon{{"rsync", "--daemon", "--no-detach", "--address", "127.0.0.1", "--port",
                        port, "--config", scratch / "rsyncd.conf"},
                       scratch,
                       "rsyncd"};
  std::this_thread::sleep_for(500ms);
  const auto started = std::chrono::steady_clock::now();
  const auto done = test::run({"rsync", "-r", "--fsync", "rsync://127.0.0.1:" + port + "/all/",
                               (scratch / "copy").string() + "/"});
  if (done.exit_code != 0) throw std::runtime_error{"rsync: " + done.err};
  return Seconds(std::chrono::steady_clock::now() - started).count();
}

void publish(const test::ServerHand& server, const fs::path& change) {
  server.command({"catalogue", "import", change});
  server.command({"catalogue", "publish"});
}

void report(benchmark::State& state, const std::string& prefix, const Counter& counter) {
  state.counters[prefix + "requests"] = static_cast<double>(counter.requests);
  state.counters[prefix + "bytes"] = static_cast<double>(counter.bytes_down);
}

void reset(Counter& counter) { counter.requests = counter.bytes_up = counter.bytes_down = 0; }

// Compressed bytes that the step to `release` changed: records frame and media of its pack.
double changed_bytes(const std::string& url, std::uint64_t release) {
  test::RawHttp http{url};
  const std::string target =
      "/v1/releases/" + std::to_string(release) + "/pack?from=" + std::to_string(release - 1);
  const auto pack = http.exchange(test::RawHttp::request("GET", target, "", ""));
  const auto length = wire::read_index_length(pack.body);
  if (pack.status != 200 || !length.has_value()) throw std::runtime_error{"no pack"};
  return static_cast<double>(pack.body.size() - 4 - length.value());
}

void sync_costs(benchmark::State& state) {
  for (auto _ : state) {
    const test::TempFolder folder;
    const fs::path csv = folder.path() / "csv";
    test::write_catalogue(csv, kRealCatalogue, {.products = 1'243, .pictures = true});
    test::ServerHand server{folder.path() / "server"};
    server.command({"init"});
    publish(server, csv);
    const auto added =
        server.json({"kiosk", "add", "--name", "bench", "--venue", "awadh-shilp-gram"});
    server.start({"--rate-limit", "0"});

    HeadlessKiosk kiosk{folder.path() / "kiosk", server.url(), added.at("code").get<std::string>()};
    const double first = kiosk.sync_to(1);
    report(state, "first_", kiosk.counter);
    const double rsync = rsync_seconds(folder.path() / "kiosk/media", folder.path() / "rsync");
    state.counters["first_s"] = first;
    state.counters["rsync_s"] = rsync;
    state.counters["first_to_rsync"] = first / rsync;

    reset(kiosk.counter);
    kiosk.turn();
    report(state, "unchanged_", kiosk.counter);

    publish(server, [&] {
      fs::path change = folder.path() / "ten";
      test::write_changes(change, kRealCatalogue,
                          {.products = 1'243, .first_changed = 0, .changed_to = 10});
      return change;
    }());
    reset(kiosk.counter);
    kiosk.sync_to(2);
    report(state, "ten_", kiosk.counter);
    state.counters["ten_to_changed"] =
        static_cast<double>(kiosk.counter.bytes_down) / changed_bytes(server.url(), 2);

    publish(server, [&] {
      fs::path change = folder.path() / "ten-pictures";
      test::write_changes(
          change, kRealCatalogue,
          {.products = 1'243, .pictures = true, .first_changed = 20, .changed_to = 30});
      return change;
    }());
    reset(kiosk.counter);
    kiosk.sync_to(3);
    report(state, "ten_pictures_", kiosk.counter);
    state.counters["ten_pictures_to_changed"] =
        static_cast<double>(kiosk.counter.bytes_down) / changed_bytes(server.url(), 3);
    state.SetIterationTime(first);
  }
}

BENCHMARK(sync_costs)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace

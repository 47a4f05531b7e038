// P6: what the real kiosk costs, on a virtual screen of 1920 x 1080 drawn in software: building and
// drawing each screen, time to the first frame, processor when idle, memory.
#include "tests/support/generated_catalogue.h"
#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/stand.h"
#include "tests/support/temp_folder.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace odop;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::size_t kReal = 0;  // the real catalogue instead of a generated one
const fs::path kRealCatalogue = ODOP_SOURCE_DIR "/assets/catalogue";

// Server and kiosk on one catalogue, ready when the constructor returns.
struct Site {
  test::TempFolder folder;
  test::ServerHand server{folder.path() / "server"};
  std::unique_ptr<test::Stand> stand;

  explicit Site(std::size_t products) {
    fs::path source = kRealCatalogue;
    if (products != kReal) {
      source = folder.path() / "csv";
      test::write_catalogue(source, kRealCatalogue, {.products = products});
    }
    server.command({"init"});
    server.command({"catalogue", "import", source});
    server.command({"catalogue", "import", ODOP_SOURCE_DIR "/assets/demo", "--valid-only"});
    server.command({"catalogue", "publish"});
    const auto added =
        server.json({"kiosk", "add", "--name", "bench", "--venue", "awadh-shilp-gram"});
    server.start();
    stand = std::make_unique<test::Stand>(
        folder.path(), test::StandSettings{.server = server.url(),
                                           .code = added.at("code").get<std::string>(),
                                           .width = 1920,
                                           .height = 1080,
                                           .panel_mm = "708x398"});
    stand->hand().wait_until(
        "the catalogue is shown", [this] { return stand->release() == 1; }, 120s);
  }
};

Site& site_of_real_catalogue() {
  static Site site{kReal};
  return site;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Processor seconds of all threads so far.
double processor_seconds(pid_t process) {
  double seconds = 0;
  for (const auto& thread : fs::directory_iterator{"/proc/" + std::to_string(process) + "/task"}) {
    std::ifstream file{thread.path() / "schedstat"};
    double nanoseconds = 0;
    file >> nanoseconds;
    seconds += nanoseconds / 1e9;
  }
  return seconds;
}

double memory_mb(pid_t process, const std::string& field) {
  std::ifstream status{"/proc/" + std::to_string(process) + "/smaps_rollup"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  return 0;
}

struct Way {
  const char* screen;
  std::vector<std::string> taps;  // from home
};

const std::vector<Way>& ways() {
  static const std::vector<Way> all = {
      {"home", {}},
      {"district", {"district.kannauj"}},
      {"product", {"district.kannauj", "product.kannauj-attar"}},
      {"search", {"home.search"}},
      {"list",
       {"district.kannauj", "product.kannauj-attar", "product.add", "bar.home", "home.door.buyer"}},
      {"enquiry", {"district.kannauj", "product.kannauj-attar", "product.enquire"}},
      {"status", {"home.door.answer"}},
  };
  return all;
}

// The pointer wanders, so that frames are drawn; the medians of the last frames are read.
void measure_screen(benchmark::State& state, const Way& way) {
  auto& stand = *site_of_real_catalogue().stand;
  auto& hand = stand.hand();
  for (auto _ : state) {
    if (hand.find("attract.start")) hand.tap("attract.start");
    hand.wait_for("bar.home");
    if (!hand.find("home.search")) hand.tap("bar.home");
    hand.wait_for("home.search");
    for (const auto& id : way.taps) hand.tap(id);
    std::this_thread::sleep_for(700ms);  // pictures arrive, the page settles
    for (int i = 0; i < 40; ++i) {
      hand.pointer({"mousemove", std::to_string(4 + i % 2), "4"});
      std::this_thread::sleep_for(40ms);
    }
    const auto stats = hand.stats();
    const auto build = stats.at("build_ms").get<std::vector<double>>();
    const auto frame = stats.at("frame_ms").get<std::vector<double>>();
    state.counters["build_ms"] = median(build);
    state.counters["frame_ms"] = median(frame);
    state.counters["rss_mb"] = memory_mb(stand.pid(), "Rss");
  }
}

// `first_frame_ms` of the kiosk's stats: the age of its process, by the kernel's account of when it
// started (in ticks of 10 ms, rounded down, so never flattering), when the first frame was drawn to
// the end and swapped. Loading of libraries is in it; stopping the process before and asking the
// new one are not. The first frame is the attract screen with its texts and the catalogue in force.
// Median of five starts with warm caches, as after a restart of the program.
void first_frame(benchmark::State& state) {
  const auto products = static_cast<std::size_t>(state.range(0));
  Site site{products};
  for (auto _ : state) {
    std::vector<double> times;
    for (int i = 0; i < 5; ++i) {
      site.stand->restart();
      site.stand->hand().wait_for("attract.start");
      const auto stats = site.stand->hand().stats();
      if (stats.at("release").get<int>() != 1) {
        state.SkipWithError("the catalogue is not shown");
        return;
      }
      times.push_back(stats.at("first_frame_ms").get<double>() / 1e3);
      std::this_thread::sleep_for(2s);  // the index is built: nothing competes with the next start
    }
    state.SetIterationTime(median(times));
    site.stand->hand().tap("attract.start");
    site.stand->hand().wait_for("home.search");
    std::this_thread::sleep_for(3s);
    state.counters["rss_mb"] = memory_mb(site.stand->pid(), "Rss");
    state.counters["pss_mb"] = memory_mb(site.stand->pid(), "Pss");
  }
}

// What of it an empty window costs on this machine.
void empty_window(benchmark::State& state) {
  const test::TempFolder folder;
  const test::VirtualScreen screen{1920, 1080, folder.path(), "floor"};
  for (auto _ : state) {
    std::vector<double> times;
    for (int i = 0; i < 5; ++i) {
      const auto done =
          test::run({test::program("odop-empty-window")}, {"DISPLAY=" + screen.display()});
      if (done.exit_code != 0) {
        state.SkipWithError("no window");
        return;
      }
      times.push_back(std::stod(done.out) / 1e3);
    }
    state.SetIterationTime(median(times));
  }
}

void idle(benchmark::State& state) {
  auto& stand = *site_of_real_catalogue().stand;
  for (auto _ : state) {
    stand.restart();
    stand.hand().wait_for("attract.start");
    std::this_thread::sleep_for(5s);
    const double before = processor_seconds(stand.pid());
    std::this_thread::sleep_for(10s);
    const double used = processor_seconds(stand.pid()) - before;
    state.counters["percent_of_core"] = used / 10 * 100;
  }
}

const bool kRegistered = [] {
  benchmark::RegisterBenchmark("kiosk_idle", idle)->Iterations(1)->Unit(benchmark::kMillisecond);
  for (const auto& way : ways()) {
    benchmark::RegisterBenchmark((std::string{"kiosk_screen/"} + way.screen).c_str(),
                                 [&way](benchmark::State& state) { measure_screen(state, way); })
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RegisterBenchmark("kiosk_first_frame_of_an_empty_window", empty_window)
      ->Iterations(1)
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("kiosk_first_frame", first_frame)
      ->ArgName("products")
      ->Arg(kReal)
      ->Arg(10'000)
      ->Iterations(1)
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace

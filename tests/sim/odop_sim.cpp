// odop-sim: histories over many seeds. Ends with 0 when every one came out clean, with 1 when one
// did not, and with 2 and one line for wrong arguments. A seed that failed is repeated by --seed X
// --trace.
#include "tests/sim/simulation.h"
#include "tests/support/memory_folders.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <malloc.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

namespace {

using namespace odop::test;  // NOLINT(google-build-using-namespace): the program of these

struct Options {
  std::uint64_t seeds = 100;
  std::uint64_t from = 1;
  std::uint64_t seed = 0;
  std::size_t kiosks = 0;  // as each seed says
  std::size_t steps = 0;   // the same
  std::string mutate;
  bool list = false;
  bool json = false;
  bool trace = false;
  bool service = false;
};

struct Sum {
  Simulated all;
  std::uint64_t histories = 0;
  std::uint64_t with_service = 0;
  std::vector<std::uint64_t> failing;
  double seconds = 0;
};

Sum run(const Options& options, const Defect* defect) {
  Sum sum;
  const auto begun = std::chrono::steady_clock::now();
  const std::uint64_t first = options.seed != 0 ? options.seed : options.from;
  const std::uint64_t count = options.seed != 0 ? 1 : options.seeds;
  // What reads the JSON reads nothing else.
  std::ostream* const trace = options.trace ? &(options.json ? std::cerr : std::cout) : nullptr;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t seed = first + i;
    const Simulated one = simulate({.seed = seed,
                                    .kiosks = options.kiosks,
                                    .steps = options.steps,
                                    .defect = defect,
                                    .trace = trace,
                                    .service = options.service});
    ++sum.histories;
    if (one.with_service) ++sum.with_service;
    sum.all += one;
    if (one.clean()) continue;
    sum.failing.push_back(seed);
    if (options.json) continue;
    if (!one.history.clean()) {
      std::cout << line_of({.seed = seed}, one.history) << '\n' << std::flush;
    }
    if (!one.disk.clean()) std::cout << "disk " << line_of(seed, one.disk) << '\n';
    if (!one.releases.clean()) std::cout << "releases " << line_of(seed, one.releases) << '\n';
  }
  sum.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return sum;
}

double virtual_days(const Sum& sum) {
  return std::chrono::duration<double, std::ratio<86'400>>(sum.all.history.passed).count();
}

nlohmann::json as_json(const Options& options, const Sum& sum) {
  const Outcome& history = sum.all.history;
  const CutsOutcome& disk = sum.all.disk;
  const ReleaseCutsOutcome& releases = sum.all.releases;
  return {{"seeds", sum.histories},
          {"with_real_service", sum.with_service},
          {"from", options.seed != 0 ? options.seed : options.from},
          {"kiosks", options.kiosks == 0 ? nlohmann::json() : nlohmann::json(options.kiosks)},
          {"kiosks_in_all", history.kiosks},
          {"mutate", options.mutate},
          {"virtual_days", virtual_days(sum)},
          {"seconds", sum.seconds},
          {"submitted", history.submitted},
          {"spoken", history.spoken},
          {"withdrawals", history.withdrawals},
          {"answered", history.answered},
          {"codes_typed_anew", history.enrolments_anew},
          {"answered_after_loss", history.answered_again},
          {"faults",
           {{"dropped", history.network.dropped},
            {"answer_eaten", history.network.eaten},
            {"doubled", history.network.doubled},
            {"late", history.network.late},
            {"cut", history.network.cut},
            {"captive_portal", history.network.captive},
            {"too_large", history.network.too_large},
            {"busy", history.network.busy},
            {"receipt_forged", history.network.forged},
            {"pointer_replayed", history.network.replayed},
            {"release_flipped", history.network.flipped},
            {"clock_jump", history.clock_jumps},
            {"time_zone", history.zones},
            {"disk_error", history.disk_troubles},
            {"disk_put_back", history.put_back},
            {"restored_before_all", history.restored_before_all},
            {"backup_lost", history.restored_older},
            {"pointer_expired", history.expired},
            {"release_rolled_back", history.rolled_back},
            {"publisher_rotated", history.rotated},
            {"item_refused", history.refused},
            {"item_held_back", history.held_back},
            {"slow", history.network.slow},
            {"too_slow", history.network.too_slow},
            {"server_killed", history.server.kills},
            {"server_power_cut", history.server.power_cuts},
            {"stick_from_kiosk", history.sticks_up},
            {"stick_at_server", history.sticks_down},
            {"stick_to_kiosk", history.sticks_taken},
            {"stick_lost", history.sticks_lost},
            {"stick_copied", history.sticks_copied},
            {"kiosk_destroyed", history.destroyed},
            {"disk_cloned", history.cloned},
            {"journal_newer", history.newer_schema},
            {"journal_older", history.older_schema},
            {"protocol_newer", history.newer_protocol},
            {"protocol_older", history.older_protocol},
            {"killed", history.kills},
            {"killed_writing", history.killed_writing},
            {"power_cut", history.power_cuts + disk.cuts + releases.cuts}}},
          {"lost", history.lost + disk.lost + releases.lost},
          {"duplicated", history.duplicated + disk.duplicated},
          {"garbled", history.garbled},
          {"early", history.early},
          {"come_back", history.come_back},
          {"unanswered", history.unanswered},
          {"not_told", history.not_told},
          {"other_release", history.other_release},
          {"went_back", history.went_back},
          {"release_not_whole", history.not_whole + releases.not_whole},
          {"retry_storms", history.storms},
          {"most_failures_a_minute", history.network.failures_a_minute},
          {"most_calls_a_minute", history.network.calls_a_minute},
          {"gone_with_disk", history.gone_with_disk},
          {"gone_with_backup", history.gone_with_backup},
          {"listed_as_never_arrived", history.listed},
          {"not_listed", history.unlisted},
          {"still_forked", history.still_forked},
          {"readable", history.readable},
          {"broken", history.broken},
          {"unusable", disk.unusable + releases.unusable},
          {"failing_seeds", sum.failing}};
}

// What one short process whose threads take turns need not pay for: SQLite's locks and its account
// of memory, a malloc for each of its pages, and pages that malloc gives back only to ask for them
// again.
void spend_less() {
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  constexpr int kPageBytes = 4096 + 512;  // with SQLite's own header
  constexpr int kPages = 4000;
  static std::vector<char> pages(static_cast<std::size_t>(kPageBytes) * kPages);
  sqlite3_config(SQLITE_CONFIG_PAGECACHE, pages.data(), kPageBytes, kPages);
  constexpr int kSlotBytes = 512;
  constexpr int kSlots = 256;
  sqlite3_config(SQLITE_CONFIG_LOOKASIDE, kSlotBytes, kSlots);
  constexpr int kKeep = 256 * 1024 * 1024;
  mallopt(M_MMAP_THRESHOLD, kKeep);
  mallopt(M_TRIM_THRESHOLD, kKeep);
  mallopt(M_TOP_PAD, 16 * 1024 * 1024);
}

int report(const Options& options, const Sum& sum) {
  const Outcome& history = sum.all.history;
  const CutsOutcome& disk = sum.all.disk;
  const ReleaseCutsOutcome& releases = sum.all.releases;
  if (options.json) {
    std::cout << as_json(options, sum).dump() << '\n';
  } else {
    std::cout << fmt::format(
        "histories={} virtual_days={:.1f} submitted={} spoken={} withdrawals={} answered={} "
        "faults={} kills={} power_cuts={} "
        "lost={} duplicated={} garbled={} early={} come_back={} unanswered={} not_told={} "
        "other_release={} went_back={} not_whole={} storms={} readable={} unlisted={} "
        "still_forked={} broken={} "
        "unusable={} in {:.1f} s "
        "({:.0f} a minute)\n",
        sum.histories, virtual_days(sum), history.submitted, history.spoken, history.withdrawals,
        history.answered, history.faults(), history.kills,
        history.power_cuts + disk.cuts + releases.cuts, history.lost + disk.lost + releases.lost,
        history.duplicated + disk.duplicated, history.garbled, history.early, history.come_back,
        history.unanswered, history.not_told, history.other_release, history.went_back,
        history.not_whole + releases.not_whole, history.storms, history.readable, history.unlisted,
        history.still_forked, history.broken, disk.unusable + releases.unusable, sum.seconds,
        static_cast<double>(sum.histories) / sum.seconds * 60);
  }
  return sum.failing.empty() ? 0 : 1;
}

// A check of CLI11: empty, or what is wrong. Its own take "-3" for 2^64 - 3.
std::string from_one(const std::string& typed) {
  std::uint64_t value = 0;
  const char* const end = typed.data() + typed.size();
  const auto [rest, error] = std::from_chars(typed.data(), end, value);
  if (error == std::errc{} && rest == end && value != 0) return {};
  return typed + " is no whole number from 1 to 2^64 - 1";
}

int refuse(const std::string& why) {
  std::cerr << "odop-sim: " << why << '\n';
  return 2;
}

int run_program(int argc, char** argv) {
  Options options;
  CLI::App app{"Kiosks and a server in virtual time, with faults that a seed decides."};
  app.add_option("--seeds", options.seeds, "How many seeds")->check(from_one);
  app.add_option("--from", options.from, "The first of them")->check(from_one);
  app.add_option("--seed", options.seed, "This one alone")->check(from_one);
  app.add_option("--kiosks", options.kiosks, "Kiosks of a history; without it, as its seed says")
      ->check(CLI::Range(1, 50));
  app.add_option("--steps", options.steps, "Steps of a history; without it, as its seed says")
      ->check(CLI::Range(1, 1000));
  app.add_option("--mutate", options.mutate, "With this defect: it must be seen");
  app.add_flag("--list-mutations", options.list, "Their names, one a line");
  app.add_flag("--service", options.service, "The real service and store behind each history");
  app.add_flag("--json", options.json, "One JSON object");
  app.add_flag("--trace", options.trace, "What happens, step by step");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    const std::string words = error.what();
    return refuse(words.substr(0, words.find('\n')));
  }
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  if (options.seed == 0 && options.seeds - 1 > kLast - options.from) {
    return refuse(fmt::format("there are no {} seeds from {} on", options.seeds, options.from));
  }
  if (options.list) {
    for (const Defect& defect : defects()) std::cout << defect.name << '\n';
    return 0;
  }
  const Defect* defect = nullptr;
  if (!options.mutate.empty()) {
    const auto found = std::ranges::find(defects(), options.mutate, &Defect::name);
    if (found == defects().end()) {
      return refuse("no mutation is called " + options.mutate + "; see --list-mutations");
    }
    defect = &*found;
  }
  // A server's packs and pictures are real files; in memory they cost nothing.
  use_memory_for_folders();
  spend_less();
  return report(options, run(options, defect));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_program(argc, argv);
  } catch (const std::exception& error) {
    std::fputs("odop-sim: ", stderr);
    std::fputs(error.what(), stderr);
    std::fputc('\n', stderr);
    return 1;
  }
}

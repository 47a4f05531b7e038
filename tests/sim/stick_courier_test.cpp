// One stick and several kiosks, whatever happens to it on the way.
#include "tests/sim/stick_office.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <vector>

namespace odop::test {

namespace {

// The sanitizers make each bundle's own process dear.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t kSeeds = 3;
#else
constexpr std::uint64_t kSeeds = 12;
#endif

namespace fs = std::filesystem;
using kiosk::SubmissionState;

// One courier with one stick for all, which is copied, brought late, damaged and lost.
struct Counts {
  std::size_t submitted = 0;
  std::size_t lost = 0;
  std::size_t duplicated = 0;
  std::size_t not_told = 0;  // arrived, and the kiosk does not know
  std::size_t damaged = 0;
  std::size_t late = 0;
};

void spoil(const fs::path& file, Random& random) {
  Bytes bytes = load(file);
  if (bytes.empty()) return;
  const std::size_t at = random.below(bytes.size());
  if (random.below(2) == 0) {
    bytes.resize(at);
  } else {
    bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << random.below(8)));
  }
  save(file, bytes);
}

fs::path any_file(const fs::path& folder, Random& random) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files.empty() ? fs::path() : files[random.below(files.size())];
}

Counts courier_history(std::uint64_t seed) {
  constexpr int kSteps = 60;
  Counts counts;
  SeededRandom random(seed);
  Office office;
  office.publish(1);
  TempFolder stick;
  TempFolder drawer;  // copies of what was on the stick at some time
  std::vector<std::unique_ptr<StickKiosk>> kiosks;
  std::vector<std::vector<std::string>> references(3);
  for (std::uint64_t i = 0; i < 3; ++i) {
    kiosks.push_back(std::make_unique<StickKiosk>(office.desk.clock, seed * 10 + i));
    enrol(office, *kiosks.back(), stick.path());
  }
  int version = 1;
  for (int step = 0; step < kSteps; ++step) {
    office.desk.clock.advance(std::chrono::minutes(7));
    const std::size_t which = random.below(kiosks.size());
    StickKiosk& kiosk = *kiosks[which];
    switch (random.below(9)) {
      case 0:
      case 1:
        references[which].push_back(kiosk.submit(syncserver::kEnquiryOfTwo));
        ++counts.submitted;
        break;
      case 2:
        if (!kiosk.give(stick.path())) throw std::runtime_error("give");
        break;
      case 3:
        static_cast<void>(office.bundles.take(stick.path()));
        break;
      case 4:
        if (!office.bundles.give(stick.path(), {})) throw std::runtime_error("give");
        break;
      case 5:
        static_cast<void>(kiosk.take(stick.path()));
        break;
      case 6:
        if (const fs::path file = any_file(stick.path(), random); !file.empty()) {
          spoil(file, random);
          ++counts.damaged;
        }
        break;
      case 7: {  // put away, or brought back late
        const bool back = random.below(2) == 0;
        const fs::path file = any_file(back ? drawer.path() : stick.path(), random);
        if (file.empty()) break;
        fs::copy_file(file, (back ? stick.path() : drawer.path()) / file.filename(),
                      fs::copy_options::overwrite_existing);
        counts.late += back ? 1 : 0;
        break;
      }
      default:
        if (random.below(4) == 0) office.publish(++version);
    }
  }
  // A last round without faults.
  for (const auto& entry : fs::directory_iterator(stick.path())) fs::remove(entry.path());
  for (auto& kiosk : kiosks) static_cast<void>(kiosk->give(stick.path()).value());
  static_cast<void>(office.bundles.take(stick.path()).value());
  static_cast<void>(office.bundles.give(stick.path(), {}).value());
  const auto stored = office.stored();
  for (std::size_t i = 0; i < kiosks.size(); ++i) {
    const auto taken = kiosks[i]->take(stick.path()).value();
    if (taken.release.value != static_cast<std::uint64_t>(version)) ++counts.not_told;
    for (const std::string& reference : references[i]) {
      const auto found = stored.find(reference);
      if (found == stored.end()) ++counts.lost;
      if (found != stored.end() && found->second > 1) ++counts.duplicated;
      if (kiosks[i]->state_of(reference) != SubmissionState::kArrived) ++counts.not_told;
    }
  }
  return counts;
}

}  // namespace

TEST_CASE("One stick serves many kiosks, whatever happens to it on the way",
          "[sim][bundle][fault]") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Counts counts = courier_history(seed);
    std::cout << fmt::format(
        "stick seed={} submitted={} damaged={} late={} lost={} duplicated={} not_told={}\n", seed,
        counts.submitted, counts.damaged, counts.late, counts.lost, counts.duplicated,
        counts.not_told);
    CAPTURE(seed);
    CHECK(counts.submitted > 3);
    CHECK(counts.lost == 0);
    CHECK(counts.duplicated == 0);
    CHECK(counts.not_told == 0);
  }
}

}  // namespace odop::test

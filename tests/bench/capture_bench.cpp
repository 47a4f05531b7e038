// What a visitor waits for between "send" and the receipt: sealing, signing and the commit, with
// the outbox beside the database and, for comparison, with a file system that forgets it.
#include "kiosk/capture/capture.h"
#include "kiosk/store/file_system.h"
#include "kiosk/store/journal.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/crypto/seal.h"
#include "shared/crypto/sign.h"
#include "tests/support/identity.h"
#include "tests/support/passing_files.h"
#include "tests/support/temp_folder.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace odop;

// Takes what goes into the outbox and keeps nothing of it: the database alone.
class NoOutbox final : public test::PassingFiles {
  class Nowhere final : public Output {
    Status write(BytesView /*bytes*/) override { return {}; }
    Status finish() override { return {}; }
  };
  static bool is_outbox(const std::filesystem::path& file) {
    return file.filename().string().starts_with("outbox");
  }

 public:
  [[nodiscard]] Result<std::uint64_t> size(const std::filesystem::path& file) const override {
    if (is_outbox(file)) return 4096;
    return PassingFiles::size(file);
  }
  [[nodiscard]] Result<Bytes> read(const std::filesystem::path& file, std::uint64_t from,
                                   std::size_t count) const override {
    if (is_outbox(file)) return Bytes{};
    return PassingFiles::read(file, from, count);
  }
  [[nodiscard]] Result<std::unique_ptr<Output>> write_from(const std::filesystem::path& file,
                                                           std::uint64_t from) const override {
    if (is_outbox(file)) return std::make_unique<Nowhere>();
    return PassingFiles::write_from(file, from);
  }
  [[nodiscard]] Status truncate(const std::filesystem::path& file,
                                std::uint64_t size) const override {
    if (is_outbox(file)) return {};
    return PassingFiles::truncate(file, size);
  }
  [[nodiscard]] Status replace(const std::filesystem::path& from,
                               const std::filesystem::path& to) const override {
    if (is_outbox(from)) return {};
    return PassingFiles::replace(from, to);
  }
};

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().context);
  return std::move(*result);
}

void submit(benchmark::State& state, const kiosk::FileSystem& files, std::size_t recordings) {
  const test::TempFolder folder;
  const auto device = crypto::SigningKey::generate();
  const auto server = crypto::SealingKey::generate();
  const SystemClock clock;
  SeededRandom random(7);
  kiosk::Journal journal = must(kiosk::Journal::open(folder.path(), kiosk::probe_space, files));
  const auto seed = device.seed();
  if (!journal.save_device_seed(std::span(seed.data(), seed.size())) ||
      !journal.adopt_identity(test::identity_of(server))) {
    throw std::runtime_error("cannot enrol");
  }
  kiosk::Capture capture(journal, clock, random, "018f0000-0000-4000-8000-00000000b007");
  std::vector<double> waits;
  for (auto step : state) {
    kiosk::Draft draft;
    draft.form_id = "enquiry";
    draft.answers = R"({"mobile":"+919876543210","message":")" + std::string(300, 'm') + "\"}";
    draft.language = "hi";
    for (std::size_t i = 0; i < recordings; ++i) {
      draft.spoken.push_back({"note" + std::to_string(i), "OggS" + Bytes(50'000, 'o'), 20'000});
    }
    const auto begun = std::chrono::steady_clock::now();
    must(capture.submit(draft));
    waits.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
            .count());
  }
  std::ranges::sort(waits);
  state.counters["p50_ms"] = waits[waits.size() / 2];
  state.counters["p99_ms"] = waits[waits.size() * 99 / 100];
}

void capture_kept_twice(benchmark::State& state) {
  submit(state, kiosk::system_files(), static_cast<std::size_t>(state.range(0)));
}
void capture_database_alone(benchmark::State& state) {
  const NoOutbox files;
  submit(state, files, static_cast<std::size_t>(state.range(0)));
}

constexpr int kSubmissions = 400;
BENCHMARK(capture_database_alone)
    ->Name("capture/database_alone")
    ->ArgName("recordings")
    ->Arg(0)
    ->Arg(4)
    ->Iterations(kSubmissions)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(capture_kept_twice)
    ->Name("capture/kept_twice")
    ->ArgName("recordings")
    ->Arg(0)
    ->Arg(4)
    ->Iterations(kSubmissions)
    ->Unit(benchmark::kMillisecond);

}  // namespace

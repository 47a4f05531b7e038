#include "kiosk/store/run_mode.h"

#include "kiosk/store/files.h"
#include "kiosk/store/journal.h"

#include <string>

namespace odop::kiosk {
namespace {

constexpr const char* kModeFile = "mode";
constexpr std::uint64_t kMaxModeBytes = 64;

std::string_view word_of(RunMode mode) {
  switch (mode) {
    case RunMode::kUnknown:
      return "unknown";
    case RunMode::kTest:
      return kTestMode;
    case RunMode::kProduction:
      return kProductionMode;
  }
  return "unknown";
}

}  // namespace

RunMode run_mode_of(std::string_view word) {
  if (word == kProductionMode) return RunMode::kProduction;
  return word == kTestMode ? RunMode::kTest : RunMode::kUnknown;
}

std::optional<RunMode> read_run_mode(const std::filesystem::path& folder) {
  auto text = read_whole(folder / kModeFile, kMaxModeBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!text) return RunMode::kUnknown;
  if (text->ends_with('\n')) text->pop_back();
  return run_mode_of(*text);
}

Status write_run_mode(const std::filesystem::path& folder, RunMode mode) {
  if (read_run_mode(folder) == mode) return {};
  return write_durably(folder / kModeFile, std::string(word_of(mode)) + "\n");
}

// Two voices, and the one that says production is believed. A journal that could not be opened in
// full may be older than the file, which is written first.
RunMode Journal::run_mode() const {
  const auto marked = read_run_mode(folder_);
  const auto held = setting(kModeSetting);
  const std::string said = held ? held->value_or("") : "";
  const RunMode here = run_mode_of(said);
  if (marked == RunMode::kProduction || here == RunMode::kProduction) return RunMode::kProduction;
  if (marked == RunMode::kTest) return RunMode::kTest;
  if (closed_ || !held) return RunMode::kUnknown;
  if (!said.empty()) return here;
  // Nobody ever said anything: a new kiosk, unless what was said went with a damaged journal.
  const auto mended = last_mending();
  const bool always_whole = !marked && !recovery_ && mended && !*mended;
  return always_whole ? RunMode::kTest : RunMode::kUnknown;
}

void Journal::mark_run_mode() {
  const auto held = setting(kModeSetting);
  if (!held) return;
  const auto marked = read_run_mode(folder_);
  const RunMode here = run_mode_of(held->value_or(""));
  const bool readable = marked && *marked != RunMode::kUnknown;
  if (recovery_) {
    // What a backup says may be old; that nothing is known any more must outlast this opening.
    if (!readable && here != RunMode::kProduction) {
      static_cast<void>(write_run_mode(folder_, RunMode::kUnknown));
    }
    return;
  }
  // Of a folder that an older program wrote, or whose file was lost. One that says production is
  // left alone: the journal missed what was said last, and hears it again.
  if (here == RunMode::kProduction || (here == RunMode::kTest && !readable)) {
    static_cast<void>(write_run_mode(folder_, here));
  }
}

}  // namespace odop::kiosk

// A kiosk and a stick: what goes out, and what comes in. Coming in is one run of a sync session
// against a BundleTransport, so that a stick can do no more than a network could: receipts, feed
// entries, pointer, manifest and each item of a pack are judged by the same engine. Both are
// idempotent; an old stick changes nothing.
//
// Threads: one, with no other session on the same folder. The process should have no other thread
// that works (the reader is forked, see shared/bundle).
#pragma once

#include "kiosk/store/file_system.h"
#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// One bundle takes no more; what is left goes with the next.
inline constexpr std::size_t kMaxCarriedSubmissions = 20'000;
inline constexpr std::size_t kMaxCarriedBytes = 256ULL * 1024 * 1024;

// Setting of the journal: the one-time code of a request that went out by stick, until the answer
// is here.
inline constexpr std::string_view kCodeSetting = "bundle.code";

struct BundleOrder {
  std::filesystem::path folder;  // the kiosk's --data
  std::filesystem::path place;   // a file, or a folder on the stick
  // Of a kiosk that is not enrolled, or must be anew; remembered until it is.
  std::string enrol_code;
  std::string name;  // what people call the kiosk, for the enrolment request
  // Taking: `place` is the release that came with the program's package, and what it says of its
  // own root key is believed, because whoever installed the package chose it. For a kiosk that is
  // not enrolled; its server must have the same root key later.
  bool factory = false;
  // Taking: told how far a release has come, 0 to 1000, as often as that changes; may be empty.
  std::function<void(std::uint32_t permille)> progress{};
  const FileSystem* files = &system_files();  // of journal and catalogues
};

struct BundleGiven {
  std::filesystem::path file;
  bool enrolment = false;       // a request; else submissions. Into a folder both go when a kiosk
                                // enrols anew, and `file` is the request
  std::string fingerprint;      // as the server shows it too, see fingerprint.h
  std::size_t submissions = 0;  // in the bundle
  std::size_t left = 0;         // that did not fit, or whose bytes are damaged
  std::uint64_t bytes = 0;
};

// Into a folder it is named after the kiosk. Errors: kInvalidArgument (not enrolled, and no code is
// known), those of write_bundle and of the journal.
[[nodiscard]] Result<BundleGiven> give_bundle(const BundleOrder& order, const Clock& clock);

struct BundleTaken {
  std::size_t bundles = 0;      // for this kiosk
  std::size_t passed_over = 0;  // other kiosks', and what kiosks wrote
  std::size_t damaged = 0;      // items left out
  bool enrolled = false;        // by this stick
  std::string kiosk_name;
  KioskNumber kiosk;
  std::vector<std::string> arrived;   // references that are "arrived" by this stick
  std::vector<std::string> answers;   // references whose answers changed
  ReleaseNumber release;              // ready after it
  bool new_release = false;           // by this stick
  ReleaseNumber waiting;              // wants a newer program than this; 0 = none
  std::uint32_t waiting_program = 0;  // the program that it wants
  bool older = false;                 // something on the stick is older than what is here
  std::vector<std::string> refused;   // one line each: a bundle that was not taken, and why
  std::string trouble;  // ErrorCode name of what the engine could not do; empty = none
};

// Takes every bundle for this kiosk at `place`. Errors: kNotFound (nothing for this kiosk is
// there), kInvalidArgument (an enrolment answer, and no code is known), what the only bundle was
// refused for, and those of the journal. What went wrong with some of several stands in the report.
[[nodiscard]] Result<BundleTaken> take_bundles(const BundleOrder& order, const Clock& clock,
                                               Random& random);

}  // namespace odop::kiosk

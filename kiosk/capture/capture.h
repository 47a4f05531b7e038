// From an answered form to a sealed, signed envelope in the journal. Nothing plain touches the
// disk, and what held the answers is cleared before the call returns.
//
// Threads: the UI thread, with its own Journal. Takes about 2 ms, most of it the commit.
#pragma once

#include "kiosk/store/journal.h"
#include "shared/core/bytes.h"
#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace odop::kiosk {

inline constexpr std::size_t kSpokenCodeDigits = 8;
inline constexpr std::size_t kStatusSecretBytes = 16;

// What was said instead of typed.
struct Recording {
  std::string field;              // of the form
  Bytes ogg_opus;                 // the whole file, at most wire::kMaxRecordingBytes
  std::uint32_t duration_ms = 0;  // 1 to wire::kMaxSpokenMs
};

struct Draft {
  wire::Kind kind = wire::Kind::kEnquiry;
  std::string form_id;  // "enquiry"
  std::uint32_t form_version = 1;
  std::string answers;  // JSON object, at most 32 KiB
  std::vector<wire::ConsentRecord> consents;
  ReleaseNumber release_seen;
  std::string language;  // hi, en, ur
  bool incomplete = false;
  std::vector<Recording> spoken;  // at most wire::kMaxAttachments, each field once
};

// What the receipt shows. Cleared on destruction.
struct Kept {
  std::string reference;    // digits; show it through group_reference
  std::string status_code;  // 8 digits
  Bytes status_secret;      // 16 bytes, for the QR
  Sequence sequence;

  Kept() = default;
  Kept(const Kept&) = default;
  Kept(Kept&&) = default;
  Kept& operator=(const Kept&) = default;
  Kept& operator=(Kept&&) = default;
  ~Kept();
};

class Capture {
 public:
  // All must outlive it. `boot_id` is a UUID of this start of the machine.
  Capture(Journal& journal, const Clock& clock, Random& random, std::string boot_id);

  // The draft is taken and cleared, also on error, unless the error is retryable (kBusy,
  // kDiskFull): then it is left as it was, so that the visitor loses nothing. When it returns a
  // value, the submission is on the disk and will arrive. The recordings are sealed
  // each by itself and stored in the commit of their envelope. Errors: kNotFound (not enrolled:
  // nothing can be sealed), kTooLarge (answers, a recording, or more than four of them), kDiskFull
  // (politely, below 5 % free), kReadOnly, kBusy, kCorrupt (no device key), kMalformed (answers are
  // no JSON object; a recording is no Ogg, has no length or shares its field).
  [[nodiscard]] Result<Kept> submit(Draft& draft);

 private:
  [[nodiscard]] Result<Kept> submit_once(const Draft& draft);

  Journal& journal_;
  const Clock& clock_;
  Random& random_;
  std::string boot_id_;
};

// This start of the machine, from the kernel (/proc/sys/kernel/random/boot_id); a fresh UUID where
// there is none.
[[nodiscard]] std::string read_boot_id(const Clock& clock, Random& random);

}  // namespace odop::kiosk

// Opens what arrived: unseals, checks, stores each body under a key of its own, and makes a case
// for each district with the office that owes an answer and the day by which. What cannot be opened
// or does not fit its form goes to quarantine, visible, with its bytes kept.
//
// A pure step without a thread; the caller owns the thread (syncserver/app):
//   while (!stopped) wait(opener.open_next().value_or(retry).pause)
// Several openers on one database are harmless: a submission is opened once.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "syncserver/service/published_forms.h"
#include "syncserver/service/record_box.h"
#include "syncserver/service/routing.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace odop::syncserver {

// Submissions of one step: the transaction stays under about 10 ms, which others wait for.
inline constexpr std::size_t kOpenBatch = 64;
// While others wait for commits, opening takes little (decision: intake is what P8 measures; 16 in
// half a second still empties a day's queue in minutes).
inline constexpr std::size_t kBusyBatch = 16;
inline constexpr std::size_t kBusyWrites = 4;
inline constexpr std::chrono::milliseconds kBusyPause{500};
inline constexpr std::chrono::milliseconds kIdlePause{200};
// How old the catalogue's offices and due days may be.
inline constexpr std::chrono::milliseconds kRoutingAge{10'000};
// So often it looks whether a waiting withdrawal's target has come into quarantine, where nothing
// is opened that would ask.
inline constexpr std::chrono::milliseconds kSettleAge{60'000};

// After this long a recording that never came is called missing (decision: a stick's courier, or a
// hall without a line, takes a week at most). It is taken all the same when it comes later.
inline constexpr std::chrono::hours kAttachmentPatience{7 * 24};
inline constexpr std::chrono::milliseconds kGiveUpInterval{60'000};  // how often that is looked at

// Reason of the quarantine of what its device vouched for without a signature of its own that fits.
inline constexpr char kBadSignature[] = "signature";

struct OpenStep {
  std::size_t opened = 0;
  std::size_t recordings = 0;          // spoken answers that were opened
  std::size_t quarantined = 0;         // submissions and recordings
  std::size_t withdrawn = 0;           // submissions restricted in this step
  std::size_t unpublished = 0;         // registrations that are shown no more
  std::chrono::milliseconds pause{0};  // before the next step
};

// Threads: one.
class Opener {
 public:
  // References outlive the object.
  Opener(Store& store, KeyStore& record_keys, const ServerKeys& keys, const Clock& clock);

  // Errors: those of the stores (retry after a while; nothing is half done).
  [[nodiscard]] Result<OpenStep> open_next();

 private:
  struct Read;  // a submission with what was found in it

  Status refresh_routing();
  // Before each step: a form may be filled the moment after it was published.
  Status refresh_forms();
  // The answers checked and read, or the reason for quarantine.
  void check_form(Read& read) const;
  // Whoever corrects has the code of what is corrected; its districts see the correction.
  Status judge_correction(Read& read);
  [[nodiscard]] Result<Read> read(Submission submission);
  // Of a correction that is kept apart: it goes with what it names all the same.
  static void name_target(Read& read);
  // The key of the device that a submission names, empty when there is none.
  Result<Bytes> device_key(const std::string& device);
  Status check_chain(const Submission& submission);
  Status store_read(std::vector<Read>& batch, OpenStep& step);
  [[nodiscard]] Opened opened_from(Read& read, const RecordBox& box,
                                   std::vector<std::string> districts) const;

  // Withdrawals. What a target says about one: not here yet, does not fit, done.
  struct Judgement;
  Result<Judgement> judge_targets(const std::string& reference, const std::string& status_code);
  Result<bool> fits(const Submission& target, const std::string& status_code);
  Status withdraw(Read& withdrawal, OpenStep& step);
  // Those whose code fits on either side: what a submission corrects, and what corrects it.
  Result<std::vector<std::int64_t>> neighbours(const Submission& member);
  Result<std::vector<Submission>> chain_of(const std::vector<std::int64_t>& members);
  Status restrict_chain(const std::vector<std::int64_t>& members, const Withdrawal& withdrawal,
                        OpenStep& step);
  // A correction that came after the withdrawal of what it corrects.
  Status follow_withdrawn(const Read& read, OpenStep& step);
  Status unpublish_all(const Judgement& judgement, const Withdrawal& withdrawal, OpenStep& step);
  Status settle_waiting(const std::string& reference, OpenStep& step);

  Status open_attachments(OpenStep& step);
  Status open_attachment(const Attachment& attachment, OpenStep& step);

  [[nodiscard]] std::int64_t now_ms() const;
  [[nodiscard]] Alarm alarm(const char* kind, const Submission& submission,
                            const std::string& detail) const;

  Store& store_;
  KeyStore& record_keys_;
  const ServerKeys& keys_;
  const Clock& clock_;
  Bytes lookup_key_;
  Routing routing_;
  std::optional<MonoTime> routing_read_;
  PublishedForms forms_;
  ReleaseNumber forms_of_;           // the newest release that forms_ knows
  std::optional<MonoTime> settled_;  // when all waiting withdrawals were last judged
  std::optional<MonoTime> gave_up_;  // when what is missing was last looked for
  std::unordered_map<std::string, Bytes> device_keys_;  // a device's key never changes
};

}  // namespace odop::syncserver

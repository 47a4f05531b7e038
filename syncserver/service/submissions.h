// What the office sees of submissions, and how it answers. Reads of restricted and erased ones show
// that they exist, never what they say.
//
// Opened bodies hold personal data: the values here are for the screen or file of whoever is
// entitled to them, never for logs.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

struct SubmissionQuery {
  std::string reference{};  // as typed; empty = any
  std::string district{};   // empty = any; else an officer's own: other districts' cases and
                            // products are left out
  std::string state{};      // empty = any; of a case, or of the submission ("quarantined")
  std::string mobile{};     // E.164; empty = any
  bool overdue = false;     // only with an open case past its due date
  std::size_t limit = 500;  // newest last
};

struct HistoryView {
  std::int64_t at_ms = 0;
  std::string actor{};
  std::string state{};
  std::string text{};  // of an answer
};

struct CaseView {
  std::string district{};  // empty: the state's cell
  std::string office{};
  std::string state{};
  std::int64_t due_ms = 0;
  std::int64_t closed_ms = 0;  // 0 = open
  bool overdue = false;
  std::vector<HistoryView> history{};  // oldest first; filled by `show`
};

struct SubmissionView {
  std::int64_t id = 0;
  std::string reference{};  // digits; show it through group_reference
  std::string kind{};       // "enquiry"
  KioskNumber kiosk{};
  Sequence sequence{};
  std::int64_t received_ms = 0;
  std::string state{};     // received, opened, quarantined, restricted, erased
  std::string reason{};    // of the quarantine or restriction
  std::string language{};  // of the asker: hi, en, ur; empty when it cannot be read
  bool incomplete = false;
  std::string fields = "{}";  // JSON object: the answers; {} when they cannot or may not be read
  std::vector<CaseView> cases{};
};

struct AnswerOrder {
  std::string reference{};  // as typed
  std::string state{};      // one of kAnswerStates
  std::string text{};       // at most 2,000 characters; may be empty
  std::string district{};   // empty = all cases
  std::string actor = "cli";
};

inline constexpr std::size_t kMaxAnswerCharacters = 2'000;  // as wire::Answer

// In the order of the work. "answered" and "closed" close a case.
inline constexpr std::string_view kAnswerStates[] = {"received", "assigned", "contacted",
                                                     "quoted",   "answered", "closed"};

// Threads: any; all state is in the stores.
class Submissions {
 public:
  // References outlive the object.
  Submissions(Store& store, KeyStore& record_keys, Bytes lookup_key, const Clock& clock)
      : store_(store),
        record_keys_(record_keys),
        lookup_key_(std::move(lookup_key)),
        clock_(clock) {}

  // Oldest first. Errors: kInvalidArgument (reference with a wrong check digit), those of the
  // stores.
  [[nodiscard]] Result<std::vector<SubmissionView>> list(const SubmissionQuery& query);
  // With history. Usually one; a fork has two. Errors: kNotFound, as above.
  [[nodiscard]] Result<std::vector<SubmissionView>> show(std::string_view reference,
                                                         const std::string& district = {});

  // Header and a row for each case (each submission, when it has none), for a spreadsheet; see
  // to_csv. `district` as in SubmissionQuery.
  [[nodiscard]] Result<std::vector<std::vector<std::string>>> export_rows(
      const std::string& district);

  // Moves the cases, writes their history, and hands the answer, sealed to reference and status
  // code, to the asker's kiosk and all of its venue and district. Takes about 0.2 s and 64 MiB. A
  // reference with several cases carries what the other districts said last, too, as far as it
  // fits. Errors: kInvalidArgument (reference, state, text that is no UTF-8), kNotFound (no such
  // submission, or no case in this district), kForbidden (withdrawn), kConflict (not opened yet,
  // quarantined, or answered by someone else at the same time), kTooLarge (text).
  [[nodiscard]] Status answer(const AnswerOrder& order);

 private:
  Result<std::vector<Submission>> find(std::string_view reference);
  Result<SubmissionView> view(const Submission& submission, const std::string& district,
                              bool with_history);
  Status add_history(SubmissionView& view, const Submission& submission,
                     const std::vector<Case>& cases);
  Result<Submission> answerable(std::string_view reference);
  Result<std::string> told_text(const Submission& submission, const std::vector<Case>& cases,
                                const AnswerOrder& order, const std::string& language);
  Status answer_once(const Submission& submission, const AnswerOrder& order);

  Store& store_;
  KeyStore& record_keys_;
  Bytes lookup_key_;
  const Clock& clock_;
};

// RFC 4180 with CRLF, behind a byte order mark (spreadsheets then read Hindi and Urdu rightly). No
// field is run as a formula: see csv_cell.
[[nodiscard]] std::string to_csv(const std::vector<std::vector<std::string>>& rows);

}  // namespace odop::syncserver

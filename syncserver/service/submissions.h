// What the office sees of submissions, and how it answers. Reads of restricted and erased ones show
// that they exist, never what they say.
//
// Opened bodies hold personal data: the values here are for the screen or file of whoever is
// entitled to them, never for logs.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/crypto/answer.h"
#include "shared/wire/messages.h"
#include "syncserver/service/case_paths.h"
#include "syncserver/service/escalation.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
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
  int escalation = 0;       // only with a case at this level or above
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
  std::string portal_reference{};  // of the scheme's portal; empty = none
  std::uint64_t changes = 0;       // entries of its history: tells whether somebody went on with it
  int escalation = 0;              // level, 0 = in time
  std::string escalated_to{};      // who answers for it now: see escalation.h; empty in time
  std::vector<HistoryView> history{};  // oldest first; filled by `show`
};

// What was said for a field.
struct RecordingView {
  std::string field{};
  std::uint32_t duration_ms = 0;
  std::string state{};  // "on its way", "here", "unreadable", "missing"; see AttachmentState
};

// What was asked of the person for one purpose, and what they said.
struct ConsentView {
  std::string purpose{};  // "publish"
  std::string notice{};   // id
  std::uint32_t notice_version = 0;
  std::string language{};  // of the notice's words as they were shown
  bool given = false;
};

struct SubmissionView {
  std::int64_t id = 0;
  std::string reference{};  // digits; show it through group_reference
  std::string kind{};       // "enquiry"
  std::string form{};       // id
  KioskNumber kiosk{};
  Sequence sequence{};
  std::int64_t received_ms = 0;
  std::string state{};     // received, opened, quarantined, restricted, erased
  std::string reason{};    // of the quarantine or restriction
  std::string language{};  // of the asker: hi, en, ur; empty when it cannot be read
  bool incomplete = false;
  std::string fields = "{}";  // JSON object: the answers; {} when they cannot or may not be read
  std::vector<CaseView> cases{};
  std::vector<RecordingView> recordings{};  // empty when they cannot or may not be read
  std::vector<ConsentView> consents{};      // likewise; in the order asked
};

struct AnswerOrder {
  std::string reference{};         // as typed
  std::string state{};             // one that may follow in the cases' path
  std::string text{};              // at most 2,000 characters; may be empty
  std::string portal_reference{};  // at most 40 visible characters; empty leaves what is there
  std::string district{};          // empty = all cases
  std::string actor = "cli";
  std::optional<std::uint64_t>
      seen{};  // CaseView::changes when it was looked at; refuse if it went on
};

inline constexpr std::size_t kMaxAnswerCharacters = 2'000;  // as wire::Answer

inline constexpr std::size_t kMaxPortalCharacters = 40;

// Threads: any; all state is in the stores.
// As crypto::seal_answer, which is dear on purpose: a fifth of a second and 64 MiB for each.
using AnswerSealer =
    std::function<Result<wire::SealedAnswer>(const wire::Answer& answer, std::string_view reference,
                                             std::uint32_t revision, std::string_view status_code)>;

class Submissions {
 public:
  // References outlive the object.
  Submissions(Store& store, KeyStore& record_keys, Bytes lookup_key, const Clock& clock,
              AnswerSealer seal = crypto::seal_answer)
      : store_(store),
        record_keys_(record_keys),
        lookup_key_(std::move(lookup_key)),
        clock_(clock),
        seal_(std::move(seal)) {}

  // Oldest first. Errors: kInvalidArgument (reference with a wrong check digit), those of the
  // stores.
  [[nodiscard]] Result<std::vector<SubmissionView>> list(const SubmissionQuery& query);
  // With history. Usually one; a fork has two. Errors: kNotFound, as above.
  [[nodiscard]] Result<std::vector<SubmissionView>> show(std::string_view reference,
                                                         const std::string& district = {});

  // The Ogg Opus file of what was said for `field`; of a fork, the one that has it. Wipe it after
  // use. Errors: kInvalidArgument (reference), kNotFound (no such submission, nothing spoken for
  // this field, or no case in this district), kConflict (still on its way, or not opened yet),
  // kForbidden (withdrawn), kCorrupt (nobody can open it).
  [[nodiscard]] Result<Bytes> recording(std::string_view reference, std::string_view field,
                                        const std::string& district = {});

  // Header and a row for each case (each submission, when it has none), for a spreadsheet; see
  // to_csv. `district` as in SubmissionQuery.
  [[nodiscard]] Result<std::vector<std::vector<std::string>>> export_rows(
      const std::string& district);

  // Moves the cases, writes their history, and hands the answer, sealed to reference and status
  // code, to the asker's kiosk and all of its venue and district. Takes about 0.2 s and 64 MiB. A
  // reference with several cases carries what the other districts said last, too, as far as it
  // fits. All cases move or none. Errors: kInvalidArgument (reference, no state of the path, text
  // or portal reference that is no UTF-8 or holds what may be an Aadhaar number), kNotFound (no
  // such submission, or no case in this district), kForbidden (withdrawn), kConflict (the state
  // may not follow that of a case: the words list what may; not opened yet, quarantined, or
  // answered by someone else at the same time), kTooLarge (text, portal reference).
  // `destroyed` is no answer: erasure alone sets it (kInvalidArgument). Without a district the
  // answer of a submission with one case is that case's district's.
  [[nodiscard]] Status answer(const AnswerOrder& order);
  // The same for several references, in one transaction: all or none. Errors: those of the first
  // that is wrong; kConflict also when somebody answers one of them at the same time.
  [[nodiscard]] Status answer_all(std::span<const AnswerOrder> orders);

 private:
  Result<std::vector<Submission>> find(std::string_view reference);
  Status add_recordings(SubmissionView& view, const Submission& submission,
                        const wire::SubmissionBody& body);
  Result<Bytes> opened_recording(const Submission& submission, const Attachment& attachment);
  Result<SubmissionView> view(const Submission& submission, const std::string& district,
                              const Escalations& levels, bool with_history);
  Status open_portals(SubmissionView& view, const Submission& submission,
                      const std::vector<Case>& cases);
  Status add_history(SubmissionView& view, const Submission& submission,
                     const std::vector<Case>& cases);
  Result<Submission> answerable(std::string_view reference);
  Result<std::string> told_text(const Submission& submission, const std::vector<Case>& cases,
                                const AnswerOrder& order, const std::string& language);
  Result<wire::Answer> told(const Submission& submission, const std::vector<Case>& cases,
                            const AnswerOrder& order, const std::string& language,
                            std::int64_t now_ms);
  Result<Store::AnswerWrite> prepare(const Submission& submission, const AnswerOrder& order);

  [[nodiscard]] std::int64_t now_ms() const { return clock_.wall().time_since_epoch().count(); }

  Store& store_;
  KeyStore& record_keys_;
  Bytes lookup_key_;
  const Clock& clock_;
  AnswerSealer seal_;
};

// The purposes that were agreed to, separated by spaces, for a table's cell.
[[nodiscard]] std::string purposes_given(const std::vector<ConsentView>& consents);

// Whether any submission or case can be in this state. Errors: kInvalidArgument; the words list
// what there is.
[[nodiscard]] Status check_state(Store& store, std::string_view state);

// What an officer may write. Errors: kInvalidArgument, kTooLarge.
[[nodiscard]] Status check_answer_text(std::string_view text);
[[nodiscard]] Status check_portal_reference(std::string_view reference);

// The states as the draft has them.
[[nodiscard]] Result<CasePaths> case_paths(Store& store);

// RFC 4180 with CRLF, behind a byte order mark (spreadsheets then read Hindi and Urdu rightly). No
// field is run as a formula: see csv_cell.
[[nodiscard]] std::string to_csv(const std::vector<std::vector<std::string>>& rows);

}  // namespace odop::syncserver

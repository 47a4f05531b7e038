// Submissions, cases and answers, as the store keeps them. Bodies are stored sealed under a key of
// their own (see key_store.h); nothing here is readable without it.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace odop::syncserver {

enum class SubmissionState : std::uint8_t {
  kReceived = 1,     // stored, not yet opened
  kOpened = 2,       // body readable by the server, cases made
  kQuarantined = 3,  // a person must look: `reason` says why
  kRestricted = 4,   // consent withdrawn: hidden, unexported, waiting for destruction
  kErased = 5,       // key destroyed
};

// "received", "opened" ... for JSON and logs.
[[nodiscard]] std::string_view name_of(SubmissionState state);

enum class AttachmentState : std::uint8_t {
  kAwaited = 1,     // named by an envelope, not here (whole)
  kHere = 2,        // here, as it came
  kOpened = 3,      // readable by the server
  kUnreadable = 4,  // here, and nobody can open it: kept, a person must look
  kMissing = 5,     // awaited for too long; taken all the same when it comes
  kErased = 6,      // destroyed with its submission
};

// What an envelope's header says of an attachment.
struct NamedAttachment {
  Bytes hash{};            // SHA-256 of the sealed bytes
  std::uint32_t size = 0;  // of the sealed bytes
};

struct Attachment {
  std::int64_t submission = 0;
  std::uint32_t place = 0;  // in the envelope's list, from 0
  Bytes hash{};
  std::uint32_t size = 0;
  AttachmentState state = AttachmentState::kAwaited;
  std::uint32_t held = 0;  // bytes from the beginning that are here while it is not whole
};

// An envelope as it came. Order is (device, epoch, sequence).
struct Arrival {
  std::string device{};
  Epoch epoch{};
  Sequence sequence{};
  Bytes hash{};      // SHA-256 of `envelope`
  Bytes previous{};  // of its header; empty for the first
  std::string uuid{};
  std::uint8_t kind = 0;  // number of the wire::Kind
  std::string reference{};
  std::string form_id{};
  std::uint32_t form_version = 0;
  std::int64_t wall_ms = 0;  // by the kiosk's clock
  Bytes envelope{};          // encoded, see shared/wire
  std::vector<NamedAttachment> attachments{};
};

enum class ArrivalVerdict : std::uint8_t {
  kStored,
  kDuplicate,    // the same bytes were there
  kFork,         // other bytes were there under the same sequence: both are in quarantine now, but
                 // for withdrawals, which their codes prove
  kQuarantined,  // stored in quarantine: the device is revoked
};

// What a batch of arrivals came to.
struct Appended {
  std::vector<ArrivalVerdict> verdicts{};  // one for each arrival, in order
  // Of the device, in the same transaction: its submissions up to here are in a verified backup.
  Epoch covered_epoch{};
  Sequence covered_sequence{};
};

// One of a device's submissions, as a receipt tells of it.
struct ArrivedOne {
  Epoch epoch{};
  Sequence sequence{};
  Bytes hash{};              // SHA-256 of the envelope as it came
  bool quarantined = false;  // a person looks at it
  std::string reason{};      // of the quarantine
  bool whole = true;         // its recordings are here, too
};

struct Submission {
  std::int64_t id = 0;  // the server's own number, ascending by arrival
  std::string device{};
  KioskNumber kiosk{};
  Epoch epoch{};
  Sequence sequence{};
  Bytes hash{};
  Bytes previous{};
  std::string uuid{};
  std::uint8_t kind = 0;  // number of the wire::Kind
  std::string reference{};
  std::string form_id{};
  std::uint32_t form_version = 0;
  std::int64_t wall_ms = 0;
  std::int64_t received_ms = 0;
  SubmissionState state = SubmissionState::kReceived;
  std::string reason{};      // of the quarantine, or of the restriction
  std::string venue{};       // of the kiosk
  std::string district{};    // of the kiosk
  Bytes envelope{};          // as it came, until opened; then sealed under the record's key
  Bytes body{};              // sealed under the record's key; empty until opened
  std::uint32_t answer = 0;  // revision of the last answer; 0 = none
};

// One district's share of a submission.
struct Case {
  std::int64_t id = 0;
  std::int64_t submission = 0;
  std::string district{};  // empty: no district could be told, the state's cell decides
  std::string office{};    // office id of the district, may be empty
  std::string state{};     // of the kind's path (service/case_paths.h), or "withdrawn"
  std::int64_t due_ms = 0;
  std::int64_t opened_ms = 0;
  std::int64_t closed_ms = 0;  // 0 = still open
  Bytes portal{};              // the portal's reference, sealed like the body; may be empty
  std::uint64_t changes = 0;   // entries of its history
};

struct CaseEvent {
  std::int64_t case_id = 0;
  std::int64_t at_ms = 0;
  std::string actor{};  // who did it: "server", "cli" or a user
  std::string state{};
  Bytes text{};  // of an answer, sealed under the submission's key; may be empty
};

// What an opened body is found by: a keyed hash of one of its fields.
struct Lookup {
  std::string field{};  // "mobile"
  Bytes mac{};          // 32 bytes
};

// What opening found.
struct Opened {
  std::int64_t submission = 0;
  SubmissionState state = SubmissionState::kOpened;
  std::string reason{};
  Bytes envelope{};  // sealed under the record's key; empty leaves the stored one
  Bytes body{};
  std::vector<Case> cases{};  // id and submission are given by the store
  std::vector<Lookup> lookups{};
};

struct SubmissionFilter {
  std::string reference{};      // empty = any
  std::string district{};       // empty = any; else only submissions with a case there
  std::int64_t overdue_ms = 0;  // not 0: only with an open case due before this time
  std::string lookup_field{};   // empty = any; else only those with this field's `lookup_mac`
  Bytes lookup_mac{};
  bool with_restricted = false;  // restricted and erased ones are left out otherwise
  std::int64_t after = 0;        // id, for paging
  std::size_t limit = 500;
};

// A withdrawal whose target has not arrived yet, or the target of a finished one.
struct Withdrawal {
  std::int64_t submission = 0;  // the withdrawal itself
  std::string reference{};      // of the target
  std::int64_t done_ms = 0;     // 0 = waits for its target
};

}  // namespace odop::syncserver

// The kiosk's memory of what visitors left: an append-only outbox of sealed envelopes, the answers
// that came back, who this kiosk is, and where its conversation with the server stands. Everything
// of a person is sealed before it comes here; this room holds no key that opens it.
//
// Files: FOLDER/journal.db (WAL, synchronous=FULL, psow=0), FOLDER/outbox.log (outbox.h: what was
// promised, a second time), FOLDER/journal.backup (a checked copy of journal.db: what became of the
// promises), FOLDER/device.key (0600; once enrolled anew device-ID.key), FOLDER/mode (run_mode.h),
// FOLDER/reserve (64 MB that are given up when the disk is full).
//
// Threads: one Journal per thread, each its own connection. The UI thread appends, the sync worker
// records; SQLite orders them.
#pragma once

#include "kiosk/store/file_system.h"
#include "kiosk/store/outbox.h"
#include "kiosk/store/run_mode.h"
#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"
#include "shared/store/sqlite.h"
#include "shared/wire/messages.h"
#include "shared/wire/reconciliation.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// design: submissions always have their reserve. It holds some thousands of enquiries (4 KB in
// outbox.log and as much in journal.db), or 40 with four recordings (1.2 MB in both together).
inline constexpr std::uint64_t kReserveBytes = 64ULL * 1024 * 1024;
// With less free than this the reserve is given up before a submission is written: the largest
// takes 0.5 MB each in outbox.log, in the log of journal.db and, at the next checkpoint, in
// journal.db, on top of a log of 200 pages; four times that.
inline constexpr std::uint64_t kWritingBytes = 8ULL * 1024 * 1024;
// With less than this, the reserve counted, no new submission is taken: what is left is for sending
// what is here, and for recording receipts and the answers that come with them.
inline constexpr std::uint64_t kSendingBytes = 16ULL * 1024 * 1024;
// The reserve is made again when so much stays free beside it, so that it is not given up for the
// next submission already.
inline constexpr std::uint64_t kBesideReserveBytes = 64ULL * 1024 * 1024;
// A backup leaves at least this much free, as a download does (sync::EngineSettings).
inline constexpr std::uint64_t kBesideBackupBytes = 256ULL * 1024 * 1024;

enum class SubmissionState : std::uint8_t {
  kKept = 0,         // on this kiosk only
  kArrived = 1,      // the server stored it (or had it already), and all of its attachments
  kQuarantined = 2,  // the same, and a person looks at it
  kRejected = 3,     // the server never will store it; the envelope stays here
  // It arrived, and the envelope was given up because a backup covered it. The server was restored
  // since, perhaps from an older one, and has not said that it still has it.
  kUnconfirmed = 4,
};

// Where the next submission goes in the chain.
struct Slot {
  Epoch epoch;
  Sequence sequence;
  Bytes previous;  // hash of the epoch's last envelope; empty for the first
  std::string device;
};

// A spoken answer, sealed to the server's key.
struct AttachmentBytes {
  Bytes hash;    // SHA-256 of `sealed`
  Bytes sealed;  // at most wire::kMaxAttachmentBytes
};

struct SealedSubmission {
  Slot slot;
  std::string id;         // UUIDv7
  std::string reference;  // digits
  Bytes envelope;         // encoded wire::Envelope
  Bytes hash;             // SHA-256 of `envelope`
  std::int64_t wall_ms = 0;
  std::vector<AttachmentBytes> attachments;  // that the envelope names
};

struct PendingSubmission {
  Epoch epoch;
  Sequence sequence;
  std::string reference;
  Bytes envelope;
  Bytes hash;  // as noted when it was sealed: check it before sending, disks rot
};

// A submission in state kUnconfirmed.
struct UnconfirmedSubmission {
  std::int64_t position = 0;  // ascending
  wire::GivenUp given_up;
};

// An attachment whose envelope the server has.
struct PendingAttachment {
  Bytes hash;              // as noted when it was sealed: check it before sending
  Bytes sealed;            // all of it
  std::uint32_t held = 0;  // bytes that the server has already, as last heard
};

// The queue as the heartbeat and the maintenance screen tell it.
struct QueueState {
  std::uint64_t pending = 0;           // without a verdict
  std::uint64_t incomplete = 0;        // with a verdict, and attachments that have not arrived
  std::int64_t oldest_wall_ms = 0;     // of the oldest of both; 0 = none
  Epoch epoch;                         // current
  Sequence last_sequence;              // highest given out in this epoch
  Sequence watermark;                  // all up to here in this epoch have a verdict
  std::uint64_t beyond_watermark = 0;  // verdicts above it (the sparse set)
  std::uint64_t answers = 0;           // sealed answers that are held
  std::uint64_t unconfirmed = 0;       // in state kUnconfirmed

  // Submissions that have not arrived whole.
  [[nodiscard]] std::uint64_t unsent() const { return pending + incomplete; }
};

// What the file system says.
struct Space {
  std::uint64_t free_bytes = 0;
  std::uint64_t total_bytes = 0;
  bool read_only = false;
};
using SpaceProbe = std::function<Space(const std::filesystem::path& folder)>;
[[nodiscard]] Space probe_space(const std::filesystem::path& folder);  // statvfs

struct DiskState {
  std::uint64_t free_bytes = 0;
  std::uint64_t total_bytes = 0;
  bool reserve_whole = false;
  bool accepts = false;  // a new submission may be taken
  bool read_only = false;

  // What submissions can use.
  [[nodiscard]] std::uint64_t room() const {
    return free_bytes + (reserve_whole ? kReserveBytes : 0);
  }
};

// Setting: how this kiosk runs, as the fleet's people set it by the feed: "production", "test", or
// empty (nothing was said). What follows from it is `Journal::run_mode`.
inline constexpr std::string_view kModeSetting = "mode";
inline constexpr std::string_view kProductionMode = "production";
inline constexpr std::string_view kTestMode = "test";
// Whose PIN says that a form is filled with help: a JSON list of {"name", "pin"}, the latter as
// crypto::hash_pin made it. As the server configured it; empty: nobody's.
inline constexpr std::string_view kStaffSetting = "staff";

// Setting: the device that the server wants enrolled anew, since it saw two disks under its name.
inline constexpr std::string_view kAnewSetting = "enrol.anew";
// Setting: which device this kiosk was before, and that one's signature (see Former).
inline constexpr std::string_view kFormerSetting = "enrol.former";

// Setting: what this kiosk was before, for a server that has forgotten it (see FormerDevice).
inline constexpr std::string_view kFormersSetting = "enrol.formers";
// So many former devices are kept; when there are more, the oldest of which nothing waits here
// goes, else the oldest. Each is 3 kB, and needs a person who types a code.
inline constexpr std::size_t kMostFormers = 16;

// Setting of the journal's own, to be read: the server's database generation as last noted.
inline constexpr std::string_view kGenerationSetting = "journal.generation";

// What opening a journal had to mend.
struct Recovery {
  bool set_aside = false;    // journal.db was damaged
  bool from_backup = false;  // journal.backup took its place
  bool enrolled = false;     // the outbox knew who this kiosk is
  bool forgotten = false;    // nothing says how far the chain had come: the kiosk must enrol anew
  std::size_t submissions = 0;  // that were in the outbox alone
  std::size_t damaged_blocks =
      0;  // of the outbox: what stood there is lost, unless the database had it
};

// When something was mended last, and what came of it; for the staff.
struct Mending {
  std::int64_t wall_ms = 0;
  bool set_aside = false;
  bool from_backup = false;
  bool enrolled = false;  // the kiosk knows who it is
  std::uint64_t submissions = 0;
  std::uint64_t damaged_blocks = 0;

  friend bool operator==(const Mending&, const Mending&) = default;
};

// Which device a kiosk was before it enrolled anew; see shared/crypto/succession.h.
struct Former {
  std::string device_id;
  Bytes signature;  // 64 bytes, by the key of then over the device of now
};

// The same with all that a server must hear which was restored to before it let that device in.
struct FormerDevice {
  wire::EnrolAnswer identity;  // its token among it
  Bytes signature;             // as Former's, over the next device; empty when it signed nothing
  Sequence last_sequence;      // highest that it gave out
  bool waits = false;          // something of it is here and not covered, or unconfirmed
};

class Journal {
 public:
  // Opens or creates, migrates, and checks (`integrity_check`). A damaged journal.db is set aside
  // as journal.db.damaged-<n>, never deleted. Then, and when it is missing, the backup takes its
  // place, and without one a new one is made; the outbox brings either up to date: the same
  // identity and chain, everything that no backup of the server covers pending once more. Without
  // an outbox that says how far the chain has come the kiosk must enrol anew, so that no reference
  // and no sequence is ever given twice. A commit that a cut kept from the database is caught up
  // from the outbox, and a missing or older outbox is written from the database. On a full disk the
  // reserve is given up. `files` must outlive it. Errors: kReadOnly, kDiskFull, kUnsupported (newer
  // than the program), kCorrupt (a new one is damaged again), kIo.
  [[nodiscard]] static Result<Journal> open(const std::filesystem::path& folder,
                                            SpaceProbe probe = probe_space,
                                            const FileSystem& files = system_files());
  // For a stand that must go on when `open` failed with `why`: what journal.db held when its log
  // was last folded in, or nothing where that cannot be read. Everything that would write fails
  // with `why` or kReadOnly. Nobody may write to the folder meanwhile. Errors: kInternal (no
  // memory).
  [[nodiscard]] static Result<Journal> open_reading(const std::filesystem::path& folder, Error why,
                                                    SpaceProbe probe = probe_space,
                                                    const FileSystem& files = system_files());
  // Why nothing can be written; nullopt of a journal that was opened in full.
  [[nodiscard]] const std::optional<Error>& closed() const { return closed_; }
  // nullopt: nothing had to be mended.
  [[nodiscard]] const std::optional<Recovery>& recovery() const { return recovery_; }
  // Keeps what `recovery` says, for `last_mending`; nothing when it is empty.
  [[nodiscard]] Status note_recovery(std::int64_t now_wall_ms);
  // nullopt: nothing was mended since the kiosk was set up.
  [[nodiscard]] Result<std::optional<Mending>> last_mending() const;

  // ---- Backup (journal_backup.cpp) ----
  // Writes FOLDER/journal.backup anew, checked and synced before it takes the old one's place; by
  // the worker, now and then. False: the one that is there says the same already, or the disk has
  // no room for it. Errors: kBusy, kDiskFull, kReadOnly, kCorrupt (the copy is damaged), kIo; the
  // old one stays.
  [[nodiscard]] Result<bool> back_up();

  // Reads all that is retained, here and in the outbox: SQLite's checks pass over a changed byte in
  // a blob, so each envelope and attachment is held against its hash, and what rotted in one place
  // is taken from the other. The worker does it after each start, so that no damage waits for a
  // second one. True: something was mended. Errors: kBusy, kDiskFull, kIo.
  [[nodiscard]] Result<bool> mend();

  struct Setting {
    std::string_view name;
    std::string_view value;
  };

  // ---- Identity ----
  // Empty until enrolled.
  [[nodiscard]] Result<std::optional<wire::EnrolAnswer>> identity() const;
  // Another device or epoch begins an empty chain; envelopes of the old one stay and are still
  // pushed. Another device reads the feed from its beginning. `settings` go into the same commit.
  [[nodiscard]] Status adopt_identity(const wire::EnrolAnswer& identity,
                                      std::vector<Setting> settings = {});
  // The private key of the identity, `out` is 32 bytes. False: there is none yet. Errors: kIo.
  [[nodiscard]] Result<bool> load_device_seed(std::span<std::uint8_t> out) const;
  // Of a kiosk's first identity, before it enrols. Temporary file, sync, rename, folder sync; mode
  // 0600. Never replaces a key of another content. Errors: kConflict, kIo, kDiskFull, kReadOnly.
  [[nodiscard]] Status save_device_seed(std::span<const std::uint8_t> seed);

  // ---- Enrolling anew (journal_identity.cpp) ----
  // Whether the server said so of this identity (kAnewSetting); void once another one is adopted.
  // Until then everything goes on as before.
  [[nodiscard]] Result<bool> must_enrol_anew() const;
  // The key of the device that this kiosk is about to become, one for each one-time code: `mark`
  // is hexadecimal and follows from the code. As those above.
  [[nodiscard]] Result<bool> load_next_seed(std::string_view mark,
                                            std::span<std::uint8_t> out) const;
  [[nodiscard]] Status save_next_seed(std::string_view mark, std::span<const std::uint8_t> seed);
  // As adopt_identity, with the key in one: `seed` is on the disk under the new device's name
  // before the commit, and which key is in force follows from the identity. The former key stays,
  // for an image of the journal alone that is put back. Errors: kNotFound (not enrolled).
  [[nodiscard]] Status adopt_anew(const wire::EnrolAnswer& identity,
                                  std::span<const std::uint8_t> seed, BytesView former_signature,
                                  std::vector<Setting> settings = {});
  // nullopt: this kiosk has been no other device.
  [[nodiscard]] Result<std::optional<Former>> former() const;
  // Oldest first, at most kMostFormers; kept in the commit that adopted the next identity.
  [[nodiscard]] Result<std::vector<FormerDevice>> formers() const;
  // The private key of a device that this kiosk was, as load_device_seed.
  [[nodiscard]] Result<bool> load_former_seed(const std::string& device_id,
                                              std::span<std::uint8_t> out) const;
  // What the server put off of that device is due now. Errors: kBusy, kDiskFull, kIo.
  [[nodiscard]] Status free_held(std::string_view device_id);

  // ---- Outbox ----
  // Errors: kNotFound when not enrolled.
  [[nodiscard]] Result<Slot> next_slot() const;
  // Envelope and attachments in one frame of the outbox and one commit, both on the disk when it
  // returns. Gives the reserve up when the disk is nearly full. Errors: kConflict (the slot is not
  // the next one any more, or of another device), kDiskFull (also below kSendingBytes), kReadOnly.
  // On error nothing was stored and the slot stays free.
  [[nodiscard]] Status append(const SealedSubmission& submission);
  // In order of (epoch, sequence), at least one when any is due; `now_wall_ms` leaves out what the
  // server asked to hold back. Caps: design section 5 (100 envelopes, 512 KiB).
  [[nodiscard]] Result<std::vector<PendingSubmission>> pending(std::size_t max_count,
                                                               std::size_t max_bytes,
                                                               std::int64_t now_wall_ms) const;
  // When the next held-back one is due; nullopt when nothing is held back.
  [[nodiscard]] Result<std::optional<std::int64_t>> next_due_wall_ms(
      std::int64_t now_wall_ms) const;
  // Leaves the submission with this hash out of `pending` until then (too large, damaged): one bad
  // item never blocks the rest. A clock that is set back by a day or more frees it.
  [[nodiscard]] Status hold_back(BytesView hash, std::int64_t until_wall_ms);
  // Records a batch's verdicts in one commit, if `receipt` is for this device. Passed over:
  // verdicts whose hash is not ours, and a receipt of another database generation than the one last
  // noted. Then envelopes that are stored and covered by a verified backup are dropped with their
  // attachments, unless one of those has not arrived or it is a fork's twin (the backup may hold
  // the other); what the disk does not let go now goes with the next receipt. What was
  // withdrawn goes out of the outbox and the backup, too, at once. What was unconfirmed has arrived
  // when a verdict says that the server has it whole. A fork of this device's chain means that it
  // must be enrolled anew. Returns the references that arrived. Errors: kForbidden (another
  // device's).
  [[nodiscard]] Result<std::vector<std::string>> record_receipt(const wire::BatchReceipt& receipt,
                                                                std::int64_t now_wall_ms);
  // The first attachment to be sent now; nullopt when none is due. One that is held back (damaged)
  // leaves the others be.
  [[nodiscard]] Result<std::optional<PendingAttachment>> pending_attachment(
      std::int64_t now_wall_ms) const;
  // All that have not arrived, their envelopes neither, for a stick; at most `max_bytes` of them.
  [[nodiscard]] Result<std::vector<AttachmentBytes>> unsent_attachments(
      std::size_t max_bytes) const;
  // When the next held-back one is due; nullopt when nothing is held back.
  [[nodiscard]] Result<std::optional<std::int64_t>> next_attachment_due_wall_ms(
      std::int64_t now_wall_ms) const;
  [[nodiscard]] Status hold_back_attachment(BytesView hash, std::int64_t until_wall_ms);
  // How much of it the server has, or that it has all; or that it knows no envelope that names it:
  // then that one is pending again, and the attachment waits for a minute. Passed over like a
  // batch's receipt. Returns the reference that arrived by it, if one did. Errors: kForbidden
  // (another device's receipt).
  [[nodiscard]] Result<std::vector<std::string>> record_attachment(
      const wire::AttachmentReceipt& receipt, std::int64_t now_wall_ms);
  // A database generation other than the known one (a restored server): what is still here is
  // pending again, what is not is unconfirmed, and the feed is read from its beginning. Returns how
  // many are pending again. The first generation ever seen changes nothing.
  [[nodiscard]] Result<std::uint64_t> note_generation(std::string_view generation);
  // Those behind `after`, at most `max_count`, by position.
  [[nodiscard]] Result<std::vector<UnconfirmedSubmission>> unconfirmed(std::int64_t after,
                                                                       std::size_t max_count) const;
  [[nodiscard]] Result<QueueState> queue() const;
  // nullopt: not of this kiosk.
  [[nodiscard]] Result<std::optional<SubmissionState>> state_of(std::string_view reference) const;

  // ---- Feed ----
  [[nodiscard]] Result<FeedPosition> feed_position() const;
  // Answers, withdrawals and the position in one commit. A withdrawal is remembered: no answer to
  // its reference is kept afterwards. Its envelope stays until a backup covers it, like any other:
  // a restored server needs it to know whose withdrawal it is. Entries at or below the known
  // position are passed over. So is the server's word that this device must be enrolled anew.
  // Receipts are the caller's to act on. Returns the
  // references whose answers changed.
  [[nodiscard]] Result<std::vector<std::string>> apply_feed(
      std::span<const wire::FeedEntry> entries, FeedPosition next);
  // An answer that was asked for online. A lower revision never replaces a higher one; true when it
  // is new.
  [[nodiscard]] Result<bool> keep_answer(const wire::SealedAnswer& answer);
  [[nodiscard]] Result<std::optional<wire::SealedAnswer>> answer(std::string_view reference) const;

  // ---- Settings ----
  // Names beginning with "journal." are the journal's own.
  [[nodiscard]] Result<std::optional<std::string>> setting(std::string_view name) const;
  [[nodiscard]] Status set_setting(std::string_view name, std::string_view value);

  // ---- How it runs (run_mode.cpp) ----
  // From the journal and from FOLDER/mode: production where either says so, test where it is known
  // that neither ever did. --inspect is for kTest alone.
  [[nodiscard]] RunMode run_mode() const;

  // ---- Disk ----
  [[nodiscard]] DiskState disk() const;
  // Gives the reserve back to the disk, so that what is here can still be sent and recorded.
  void release_reserve();
  // Makes the reserve again when it is gone and there is room for it. Errors: kDiskFull, kIo.
  [[nodiscard]] Status restore_reserve();
  // When idle and after erasure: nothing deleted stays in the WAL or in the outbox.
  [[nodiscard]] Status tidy();

 private:
  // In which a receipt is recorded; nullopt: it is passed over, being of another database
  // generation than the one noted. Errors: kForbidden (another device's).
  [[nodiscard]] Result<std::optional<store::Transaction>> begin_receipt(
      std::string_view device_id, std::string_view database_generation);
  struct Dropped {
    std::int64_t envelopes = 0;
    bool withdrawn = false;  // whether one of them was
  };
  // What a receipt says to be covered; what cannot be dropped now stays.
  void drop_covered(const wire::BatchReceipt& receipt);
  // At most so many of them, in one commit.
  [[nodiscard]] Result<Dropped> drop_some(const wire::BatchReceipt& receipt, std::int64_t most);
  // Those of envelopes that are here no more, inside the caller's transaction.
  [[nodiscard]] Status drop_attachments();
  // Settings, which the outbox keeps too, inside the caller's transaction. `frames` go into it
  // behind them, and the chain's last of all.
  [[nodiscard]] Status keep_settings(std::span<const Setting> settings, BytesView frames = {});
  // The value of kFormersSetting once this identity is a former one, too.
  [[nodiscard]] Result<std::string> formers_with(const wire::EnrolAnswer& identity,
                                                 BytesView signature) const;
  [[nodiscard]] Result<std::filesystem::path> key_in_force() const;
  [[nodiscard]] std::filesystem::path key_of(const std::string& device_id) const;
  // Inside the caller's transaction: the server wants this device enrolled anew.
  [[nodiscard]] Status note_demand(std::string_view device);
  // Commits, or takes back what the outbox got for it.
  [[nodiscard]] Status commit(store::Transaction& transaction);

  [[nodiscard]] Status keep_submission(const SealedSubmission& submission);
  // journal.backup in the place of a journal.db that is not there. False: there is none that is
  // good.
  [[nodiscard]] static bool restore_backup(const std::filesystem::path& folder,
                                           const FileSystem& files);
  // What was withdrawn is in no backup either.
  void drop_backup();
  // FOLDER/mode, where it is missing; what cannot be written now is at the next start.
  void mark_run_mode();

  // ---- The outbox (journal_outbox.cpp) ----
  // Nullopt: not enrolled.
  [[nodiscard]] Result<std::optional<OutboxChain>> chain_now() const;
  [[nodiscard]] Result<bool> agrees_with_outbox() const;
  // Brings both to the same.
  [[nodiscard]] Status reconcile();
  [[nodiscard]] Status take_from_outbox(bool fresh, Recovery& recovery, OutboxScan& scan);
  // Inside the caller's transaction: what the outbox alone has goes into the database, then a file
  // that is not whole is written anew.
  [[nodiscard]] Status merge_outbox(bool fresh, Recovery& recovery, OutboxScan& scan);
  // Whether something that is retained here has a hash that is not among these.
  [[nodiscard]] Result<bool> retains_beyond(const std::set<Bytes>& hashes) const;
  // Appends, inside the caller's transaction; a file that takes nothing is written anew.
  [[nodiscard]] Status append_to_outbox(BytesView frames);
  // Rows that do not fit their hash, from frames that do. Returns how many.
  [[nodiscard]] Result<std::size_t> restore_rotten();
  // All that is not covered, from the database as the caller's transaction sees it, without what
  // does not fit its hash.
  [[nodiscard]] Status write_outbox();
  // Drops what is covered, when it is most of the file, or at once.
  void compact_outbox(bool at_once);

  Journal(std::filesystem::path folder, store::Connection database, SpaceProbe probe,
          const FileSystem& files);

  std::filesystem::path folder_;
  store::Connection database_;
  SpaceProbe probe_;
  // As last parsed, and what it was parsed from: every call asks for it.
  mutable std::string identity_text_;
  mutable std::optional<wire::EnrolAnswer> identity_;
  Outbox outbox_;
  const FileSystem* files_;
  std::optional<Recovery> recovery_;
  std::optional<Error> closed_;
};

}  // namespace odop::kiosk

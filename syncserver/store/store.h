// The server's memory, in domain words. SqlStore is its one implementation, on SQLite and on
// PostgreSQL with the same SQL.
//
// Threads: every member may be called from any thread. Each write is one transaction; writes that
// wait at the same moment share one commit (see writer.h), and the call returns after that commit.
// Errors of every call: kBusy (another process holds the lock for more than ten seconds; retry),
// kDiskFull, kReadOnly, kCorrupt, kIo. On any error nothing was stored.
#pragma once

#include "shared/core/ids.h"
#include "shared/core/result.h"
#include "syncserver/store/audit_records.h"
#include "syncserver/store/catalogue_records.h"
#include "syncserver/store/fleet_records.h"
#include "syncserver/store/office_records.h"
#include "syncserver/store/submission_records.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

class Store {
 public:
  virtual ~Store() = default;

  // ---- The database itself

  // UUID of this life of the database; a restore gives a new one.
  [[nodiscard]] virtual Result<std::string> generation() = 0;
  [[nodiscard]] virtual Status set_generation(const std::string& uuid) = 0;
  // After a restore: a new generation, and every counter that the fleet has seen jumps ahead of
  // what may have been given out after the backup, so that the same backup may be restored again
  // and again. Kiosk numbers go on after `kiosks_after` (0: where they were), past those that are
  // given already; feed positions by a million; releases at the minutes since 2026, since people
  // read them, and not below `releases_after`; pointer serials and revisions of answers at the
  // seconds since 2020, and releases too, once they are beyond the minutes. A clock that is wrong
  // gives 1,000 more than what the database knows.
  struct NewLife {
    std::string generation{};
    std::int64_t now_ms = 0;
    KioskNumber kiosks_after{};
    ReleaseNumber releases_after{};
  };
  [[nodiscard]] virtual Status begin_new_life(const NewLife& life) = 0;
  // New releases, pointer serials and revisions of answers are above these; 0 before any restore.
  // The next kiosk number follows `kiosk`, or what is given already after it.
  struct Floors {
    KioskNumber kiosk;
    ReleaseNumber release;
    std::uint64_t serial = 0;
    std::uint32_t answer = 0;
  };
  [[nodiscard]] virtual Result<Floors> floors() = 0;
  // The most writes that waited for a commit at one time since this was last asked; background work
  // gives way when it is high. For one asker.
  [[nodiscard]] virtual std::size_t take_most_waiting_writes() = 0;
  // The database's own consistency check. Errors: kCorrupt with what was found.
  [[nodiscard]] virtual Status check() = 0;
  // A consistent copy of the live database in a new file, durable and checked; what it covers.
  // Others may go on writing. Errors: kConflict (the file exists), kCorrupt, kUnsupported
  // (PostgreSQL brings its own tools), kDiskFull, kIo.
  struct Watermark {
    std::string device;
    Epoch epoch;
    Sequence sequence;
  };
  [[nodiscard]] virtual Result<std::vector<Watermark>> copy_to(
      const std::filesystem::path& target) = 0;
  // Empties the write-ahead log, so that what was deleted is gone from it too. For idle moments.
  [[nodiscard]] virtual Status truncate_log() = 0;

  // ---- Fleet

  // Gives the next kiosk number that was never given.
  [[nodiscard]] virtual Result<KioskNumber> add_kiosk(const Kiosk& kiosk) = 0;
  // Uses up the code and adds the device, in one transaction. `device.kiosk` is filled from the
  // code's kiosk, whose configuration, if any, goes to the feed for the device. The same code with
  // the same key, before the first heartbeat, gives the device as it was added (its own id and
  // token_hash, whatever `device` says): the first answer was lost. Errors: kUnauthorized (unknown,
  // used or expired).
  [[nodiscard]] virtual Result<Device> enrol(const std::string& code_hash, Device device,
                                             std::int64_t now_ms) = 0;
  // Adds a device that enrolled in a life of this server that is lost (it proved that), with its
  // own id, token_hash and epoch, and its kiosk under the number that it had, when that is not
  // here; raises the alarm "readmitted". The same device again: as it is. Either way it has said
  // that it gave out `device.state.last_sequence`, if that is higher than before. Errors: kConflict
  // (another device has this number).
  [[nodiscard]] virtual Result<Device> readmit(const Device& device, std::int64_t now_ms) = 0;
  [[nodiscard]] virtual Result<std::optional<Device>> device_by_token(
      const std::string& token_hash) = 0;
  [[nodiscard]] virtual Result<std::optional<Device>> device(const std::string& id) = 0;
  [[nodiscard]] virtual Result<std::vector<FleetRow>> fleet() = 0;
  // Sets a kiosk's configuration and, when a device has enrolled for it, hands it to the feed for
  // that one, in one transaction. Errors: kNotFound.
  [[nodiscard]] virtual Status configure(KioskNumber number, const std::string& configuration,
                                         std::int64_t now_ms) = 0;
  // Revokes the kiosk's device with those that it was before, whose keys lie on the same disk, and
  // kills an unused code. Errors: kNotFound.
  [[nodiscard]] virtual Status revoke(KioskNumber number, std::int64_t now_ms) = 0;
  // A forked device hears by the feed that it must enrol anew; once. `append` does it with the
  // fork.
  [[nodiscard]] virtual Status demand_enrolment(const std::string& device_id,
                                                std::int64_t now_ms) = 0;
  // Which device this one was before, checked by the caller; the first word stays. From then on it
  // gets what is addressed to that one, too, configuration left out, and may bring its attachments.
  [[nodiscard]] virtual Status record_former(const std::string& device_id,
                                             const std::string& former, std::int64_t now_ms) = 0;
  [[nodiscard]] virtual Status record_heartbeat(const std::string& device_id,
                                                const FleetState& state) = 0;
  // Epoch and highest sequence up to which a device's submissions are stored without a gap, whole:
  // one whose attachments are not all here is a gap.
  [[nodiscard]] virtual Result<std::vector<Watermark>> watermarks() = 0;
  // Leaves forked devices out: of those nothing is covered any more.
  [[nodiscard]] virtual Status set_covered(std::span<const Watermark> marks) = 0;
  // Sequences below `upto` of this epoch that never arrived, ascending, at most `limit`.
  [[nodiscard]] virtual Result<std::vector<Sequence>> missing(const std::string& device_id,
                                                              Epoch epoch, Sequence upto,
                                                              std::size_t limit) = 0;

  // ---- Alarms

  [[nodiscard]] virtual Status raise_alarm(const Alarm& alarm) = 0;
  [[nodiscard]] virtual Result<std::vector<Alarm>> alarms(std::size_t limit) = 0;  // newest first

  // ---- Audit log

  // Gives the next number, `step` above the last one, and binds the entry to the last one, in one
  // transaction; `entry` without number, previous, hash and head. The entry as it was stored.
  [[nodiscard]] virtual Result<AuditEntry> append_audit(const AuditEntry& entry,
                                                        const AuditSealer& seal,
                                                        std::uint32_t step) = 0;
  // Those above `number`, ascending.
  [[nodiscard]] virtual Result<std::vector<AuditEntry>> audit_after(std::uint64_t number,
                                                                    std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<AuditEntry>> newest_audit() = 0;
  // The highest number that was ever given out.
  [[nodiscard]] virtual Result<std::uint64_t> audit_given() = 0;
  // What the kiosks said last that they hold of it; record_heartbeat keeps it, never a lower one.
  [[nodiscard]] virtual Result<std::vector<FleetHead>> fleet_heads() = 0;

  // ---- Submissions

  // One transaction for all of them; all are of one device. When the device is revoked by then,
  // they go into quarantine, reason "revoked". A fork raises an alarm in the same transaction.
  // Errors: kNotFound (unknown device), kBusy, kDiskFull; on error nothing was stored.
  [[nodiscard]] virtual Result<Appended> append(std::span<const Arrival> arrivals,
                                                std::int64_t now_ms) = 0;
  // Everything that is here of a device, by epoch and sequence; forks with each of their bytes.
  [[nodiscard]] virtual Result<std::vector<ArrivedOne>> arrived_of(
      const std::string& device_id) = 0;
  // The same of one sequence.
  [[nodiscard]] virtual Result<std::vector<ArrivedOne>> arrived_as(const std::string& device_id,
                                                                   Epoch epoch,
                                                                   Sequence sequence) = 0;
  // Oldest first: those in state kReceived.
  [[nodiscard]] virtual Result<std::vector<Submission>> unopened(std::size_t limit) = 0;
  // All in one transaction. A submission that is no longer kReceived is skipped (two openers), so
  // that cases are made once.
  [[nodiscard]] virtual Status record_opened(std::span<const Opened> opened,
                                             std::int64_t now_ms) = 0;
  [[nodiscard]] virtual Result<std::vector<Submission>> submissions(
      const SubmissionFilter& filter) = 0;
  [[nodiscard]] virtual Result<std::optional<Submission>> submission(std::int64_t id) = 0;
  [[nodiscard]] virtual Result<std::optional<Bytes>> hash_of(const std::string& device_id,
                                                             Epoch epoch, Sequence sequence) = 0;
  [[nodiscard]] virtual Result<std::vector<Case>> cases_of(std::int64_t submission) = 0;
  [[nodiscard]] virtual Result<std::vector<CaseEvent>> history_of(std::int64_t submission) = 0;

  // Answers: moves the cases, writes their history and hands the sealed answer to the feed, in one
  // transaction. Refused with kConflict when the submission's answer is not `before` any more.
  struct AnswerWrite {
    std::int64_t submission = 0;
    std::uint32_t revision = 0;
    std::optional<std::uint32_t> before{};  // its last answer's revision; empty: `revision - 1`
    std::string state{};
    bool closes = false;
    std::int64_t due_ms = 0;          // new due date of the cases that move; 0 = as they are
    Bytes portal{};                   // their portal reference, sealed; empty = as they are
    std::vector<CaseEvent> events{};  // one for each case that moves
    Bytes feed_payload{};
    Audience audience{};
    // A registration that was approved and may be shown; the first one stays, and one whose record
    // is taken down is not made.
    std::optional<ProducerDraft> producer{};
  };
  [[nodiscard]] virtual Status record_answer(const AnswerWrite& answer, std::int64_t now_ms) = 0;
  // All of them in one transaction, or none.
  [[nodiscard]] virtual Status record_answers(std::span<const AnswerWrite> answers,
                                              std::int64_t now_ms) = 0;
  // The feed's entry with the newest answer to this reference; empty when there is none, and for
  // submissions that are restricted or erased.
  [[nodiscard]] virtual Result<std::optional<FeedItem>> newest_answer(
      const std::string& reference) = 0;

  // ---- Attachments: named by an envelope when it is appended, awaited from then on

  // The one with this hash that a submission names of this device, of one with the same key, or of
  // one that its kiosk was before: one that is awaited before others. Of `device` id and public_key
  // count.
  [[nodiscard]] virtual Result<std::optional<Attachment>> attachment_named(const Device& device,
                                                                           const Bytes& hash) = 0;
  // Adds a piece behind what is here, if that is where it begins and it fits. Returns how much is
  // here now.
  [[nodiscard]] virtual Result<std::uint32_t> add_piece(const Attachment& attachment,
                                                        std::uint32_t start, BytesView piece) = 0;
  [[nodiscard]] virtual Result<Bytes> pieces(const Attachment& attachment) = 0;
  [[nodiscard]] virtual Status drop_pieces(const Attachment& attachment) = 0;
  // It is whole, and its hash was checked; its pieces go. Nothing happens unless it was awaited.
  [[nodiscard]] virtual Status store_attachment(const Attachment& attachment, BytesView sealed) = 0;
  // Of one submission, in their order.
  [[nodiscard]] virtual Result<std::vector<Attachment>> attachments_of(std::int64_t submission) = 0;
  // As it came, or sealed under the submission's key. Empty while it is not here, and when erased.
  [[nodiscard]] virtual Result<Bytes> attachment_body(const Attachment& attachment) = 0;
  // Hashes of those of a device that are here whole, or no longer wanted.
  [[nodiscard]] virtual Result<std::vector<Bytes>> attachments_here_of(
      const std::string& device_id) = 0;
  // Those that are here, of submissions whose body was opened and is not withdrawn.
  [[nodiscard]] virtual Result<std::vector<Attachment>> unopened_attachments(std::size_t limit) = 0;
  // `body` replaces what is there; empty leaves it. Nothing happens unless it was kHere.
  [[nodiscard]] virtual Status record_attachment_opened(const Attachment& attachment,
                                                        AttachmentState state, BytesView body) = 0;
  // Those of submissions received before `before_ms` that are still awaited become kMissing, with
  // an alarm each, in one transaction. Returns how many.
  [[nodiscard]] virtual Result<std::size_t> give_up_attachments(std::int64_t before_ms,
                                                                std::int64_t now_ms) = 0;

  // ---- Withdrawals

  // Restricts the targets, closes their cases and tells every kiosk, each under its own reference,
  // in one transaction. The withdrawal is done, also without a target; the time of keeping counts
  // from when it was done first.
  [[nodiscard]] virtual Status restrict(std::span<const std::int64_t> targets,
                                        const Withdrawal& withdrawal, std::int64_t now_ms) = 0;
  // The one by which a submission was restricted; empty when nobody withdrew it.
  [[nodiscard]] virtual Result<std::optional<Withdrawal>> withdrawal_of(
      std::int64_t submission) = 0;
  // Ends the showing of a registration alone, in one transaction: its draft is gone, `record` is
  // taken down and leaves the catalogue's draft. A withdrawal that waited for it is done.
  [[nodiscard]] virtual Status unpublish(std::int64_t target, const std::string& record,
                                         std::int64_t withdrawal, std::int64_t now_ms) = 0;
  // Remembers a withdrawal whose target is not here yet.
  [[nodiscard]] virtual Status await_target(const Withdrawal& withdrawal) = 0;
  // Ends the waiting of a withdrawal whose code did not fit its target: into quarantine, with the
  // alarm, in one transaction.
  [[nodiscard]] virtual Status refuse_withdrawal(std::int64_t withdrawal, const Alarm& alarm,
                                                 std::int64_t now_ms) = 0;
  // Those for one reference, or all with an empty one; oldest first.
  [[nodiscard]] virtual Result<std::vector<Withdrawal>> waiting_withdrawals(
      const std::string& reference) = 0;

  // The withdrawn ones whose withdrawal was done before `before_ms`, oldest first; their
  // withdrawals too.
  [[nodiscard]] virtual Result<std::vector<Erasable>> erasable(std::int64_t before_ms,
                                                               std::size_t limit) = 0;
  // Forgets everything but that it was there: envelope, body, attachments, look-ups, texts of its
  // history, portal references, drafts. Its reference stays, so that nothing stale brings it back.
  // Destroy its key first. A withdrawal's cases end as "destroyed". Errors: kConflict (neither
  // withdrawn nor a withdrawal).
  [[nodiscard]] virtual Status erase(std::int64_t submission, std::int64_t now_ms) = 0;
  // The same for what was erased in another life of this database, whatever became of it here:
  // its cases are closed, and if it is not here it is entered as erased, so that a kiosk which
  // pushes it again is told that it was there.
  [[nodiscard]] virtual Status forget(const Erased& erased) = 0;

  // ---- The office's notes

  // Pairs of opened submissions of this kind that share one of the look-ups `field`, each with a
  // case in `district` (empty = any); by ids. At most `limit`.
  [[nodiscard]] virtual Result<std::vector<Alike>> alike(std::uint8_t kind,
                                                         const std::string& field,
                                                         const std::string& district,
                                                         std::size_t limit) = 0;
  // Replaces an earlier one.
  [[nodiscard]] virtual Status settle_duplicate(const DuplicateVerdict& verdict) = 0;
  [[nodiscard]] virtual Result<std::vector<DuplicateVerdict>> duplicate_verdicts() = 0;

  // Those that record_answer made, by submission; of withdrawn ones they are gone.
  [[nodiscard]] virtual Result<std::vector<ProducerDraft>> producer_drafts() = 0;
  // Puts the records into the catalogue's draft, in one transaction with the mark: the producer,
  // and the stall when there is one (an earlier one stays otherwise). Errors: kNotFound (no draft:
  // withdrawn meanwhile).
  [[nodiscard]] virtual Status accept_producer_draft(std::int64_t submission,
                                                     const CatalogueRecord& producer,
                                                     const std::optional<CatalogueRecord>& stall,
                                                     std::int64_t now_ms) = 0;

  // Names ("type/id"), sorted. A withdrawal (`restrict`) puts an accepted draft's records here and
  // removes them from the catalogue's draft, in its own transaction.
  [[nodiscard]] virtual Result<std::vector<std::string>> take_downs() = 0;
  // Hides a record from the next pointer on, and lifts that again.
  [[nodiscard]] virtual Status take_down(const std::string& record, const std::string& reason,
                                         std::int64_t now_ms) = 0;
  [[nodiscard]] virtual Status lift_take_down(const std::string& record) = 0;

  // Every case of a submission that was received before `until_ms`, of one district or all; what
  // was erased keeps counting.
  [[nodiscard]] virtual Result<std::vector<CaseFact>> case_facts(std::int64_t until_ms,
                                                                 const std::string& district) = 0;

  // ---- Feed

  [[nodiscard]] virtual Result<FeedPosition> feed_head(const Device& device) = 0;
  [[nodiscard]] virtual Result<std::vector<FeedItem>> feed_after(const Device& device,
                                                                 FeedPosition after,
                                                                 std::size_t limit) = 0;

  // ---- Catalogue

  [[nodiscard]] virtual Result<std::vector<CatalogueRecord>> draft() = 0;  // by type, id
  [[nodiscard]] virtual Result<std::vector<CatalogueRecord>> draft_of(const std::string& type) = 0;
  // Every content that any release ever held of records of this type, each once; by id, hash.
  [[nodiscard]] virtual Result<std::vector<CatalogueRecord>> published(const std::string& type) = 0;
  // Upserts and removals in one transaction ("type/id").
  [[nodiscard]] virtual Status edit_draft(std::span<const CatalogueRecord> upserts,
                                          std::span<const std::string> removals,
                                          std::span<const Medium> media, std::int64_t now_ms) = 0;
  [[nodiscard]] virtual Result<std::optional<Medium>> medium(const std::string& hash) = 0;
  [[nodiscard]] virtual Result<std::vector<Medium>> media() = 0;

  // ---- Releases

  [[nodiscard]] virtual Result<std::optional<Release>> release(ReleaseNumber number) = 0;
  [[nodiscard]] virtual Result<std::optional<Release>> newest_release() = 0;
  [[nodiscard]] virtual Result<std::vector<ReleaseItem>> release_items(ReleaseNumber number) = 0;
  // The JSON of one version of a record. Errors: kNotFound.
  [[nodiscard]] virtual Result<std::string> content(const std::string& hash) = 0;
  // Release, its items and the pointers that show it, in one transaction. Errors: kConflict when
  // the number or a serial is taken.
  [[nodiscard]] virtual Status publish(const Release& release, std::span<const ReleaseItem> items,
                                       std::span<const StoredPointer> pointers) = 0;
  // New pointers to a release that is there. Errors: kConflict when a serial is taken.
  [[nodiscard]] virtual Status repoint(std::span<const StoredPointer> pointers) = 0;
  // The same, and the release's manifest under another signature, in one transaction.
  [[nodiscard]] virtual Status sign_anew(ReleaseNumber number, const std::string& manifest,
                                         std::span<const StoredPointer> pointers) = 0;
  // Highest serial of a ring; empty when nothing was published.
  [[nodiscard]] virtual Result<std::optional<StoredPointer>> pointer(const std::string& ring) = 0;

  // ---- For verification

  // What rows name and is gone, a line for each kind of it: "2 rows of cases name ...".
  [[nodiscard]] virtual Result<std::vector<std::string>> broken_links() = 0;
  // Ids of submissions that were taken in and whose row is gone, ascending, at most `limit`. The
  // newest one that a server took in before it ended leaves no such gap.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> gone_submissions(std::size_t limit) = 0;
  // The feed's entries whoever they are for, above `after`, ascending.
  [[nodiscard]] virtual Result<std::vector<FeedItem>> feed_of_all(FeedPosition after,
                                                                  std::size_t limit) = 0;
  // All that were ever issued, by ring and serial.
  [[nodiscard]] virtual Result<std::vector<StoredPointer>> pointers() = 0;
};

}  // namespace odop::syncserver

// The one implementation of Store; its members are spread over sql_*.cpp by subject.
// Internal to the room.
#pragma once

#include "syncserver/store/database.h"
#include "syncserver/store/store.h"
#include "syncserver/store/writer.h"

#include <memory>
#include <string>
#include <vector>

namespace odop::syncserver {

// Ids of submissions reserved at once, so that several servers on one database do not queue up
// behind one counter row for each submission.
inline constexpr long long kSubmissionIdBlock = 64;

class SqlStore final : public Store {
 public:
  SqlStore(DatabaseAddress address, std::unique_ptr<Connection> writer)
      : pool_(std::move(address)), writer_(std::move(writer)) {}

  Result<std::string> generation() override;
  Status set_generation(const std::string& uuid) override;
  Status begin_new_life(const NewLife& life) override;
  Result<Floors> floors() override;
  [[nodiscard]] std::size_t take_most_waiting_writes() override {
    return writer_.take_most_waiting();
  }
  Status check() override;
  Result<std::vector<Watermark>> copy_to(const std::filesystem::path& target) override;
  Status truncate_log() override;

  Result<KioskNumber> add_kiosk(const Kiosk& kiosk) override;
  Result<Device> enrol(const std::string& code_hash, Device device, std::int64_t now_ms) override;
  Result<Device> readmit(const Device& device, std::int64_t now_ms) override;
  Result<std::optional<Device>> device_by_token(const std::string& token_hash) override;
  Result<std::optional<Device>> device(const std::string& id) override;
  Result<std::vector<FleetRow>> fleet() override;
  Status configure(KioskNumber number, const std::string& configuration,
                   std::int64_t now_ms) override;
  Status revoke(KioskNumber number, std::int64_t now_ms) override;
  Status demand_enrolment(const std::string& device_id, std::int64_t now_ms) override;
  Status record_former(const std::string& device_id, const std::string& former,
                       std::int64_t now_ms) override;
  Status record_heartbeat(const std::string& device_id, const FleetState& state) override;
  Result<std::vector<Watermark>> watermarks() override;
  Status set_covered(std::span<const Watermark> marks) override;
  Result<std::vector<Sequence>> missing(const std::string& device_id, Epoch epoch, Sequence upto,
                                        std::size_t limit) override;

  Status raise_alarm(const Alarm& alarm) override;
  Result<std::vector<Alarm>> alarms(std::size_t limit) override;

  Result<AuditEntry> append_audit(const AuditEntry& entry, const AuditSealer& seal,
                                  std::uint32_t step) override;
  Result<std::vector<AuditEntry>> audit_after(std::uint64_t number, std::size_t limit) override;
  Result<std::optional<AuditEntry>> newest_audit() override;
  Result<std::uint64_t> audit_given() override;
  Result<std::vector<FleetHead>> fleet_heads() override;

  Result<Appended> append(std::span<const Arrival> arrivals, std::int64_t now_ms) override;
  Result<std::vector<ArrivedOne>> arrived_of(const std::string& device_id) override;
  Result<std::vector<ArrivedOne>> arrived_as(const std::string& device_id, Epoch epoch,
                                             Sequence sequence) override;
  Result<std::vector<Submission>> unopened(std::size_t limit) override;
  Status record_opened(std::span<const Opened> opened, std::int64_t now_ms) override;
  Result<std::vector<Submission>> submissions(const SubmissionFilter& filter) override;
  Result<std::optional<Submission>> submission(std::int64_t id) override;
  Result<std::optional<Bytes>> hash_of(const std::string& device_id, Epoch epoch,
                                       Sequence sequence) override;
  Result<std::vector<Case>> cases_of(std::int64_t submission) override;
  Result<std::vector<CaseEvent>> history_of(std::int64_t submission) override;
  Status record_answer(const AnswerWrite& answer, std::int64_t now_ms) override;
  Status record_answers(std::span<const AnswerWrite> answers, std::int64_t now_ms) override;
  Result<std::optional<FeedItem>> newest_answer(const std::string& reference) override;

  Result<std::optional<Attachment>> attachment_named(const Device& device,
                                                     const Bytes& hash) override;
  Result<std::uint32_t> add_piece(const Attachment& attachment, std::uint32_t start,
                                  BytesView piece) override;
  Result<Bytes> pieces(const Attachment& attachment) override;
  Status drop_pieces(const Attachment& attachment) override;
  Status store_attachment(const Attachment& attachment, BytesView sealed) override;
  Result<std::vector<Bytes>> attachments_here_of(const std::string& device_id) override;
  Result<std::vector<Attachment>> attachments_of(std::int64_t submission) override;
  Result<Bytes> attachment_body(const Attachment& attachment) override;
  Result<std::vector<Attachment>> unopened_attachments(std::size_t limit) override;
  Status record_attachment_opened(const Attachment& attachment, AttachmentState state,
                                  BytesView body) override;
  Result<std::size_t> give_up_attachments(std::int64_t before_ms, std::int64_t now_ms) override;

  Status restrict(std::span<const std::int64_t> targets, const Withdrawal& withdrawal,
                  std::int64_t now_ms) override;
  Result<std::optional<Withdrawal>> withdrawal_of(std::int64_t submission) override;
  Status unpublish(std::int64_t target, const std::string& record, std::int64_t withdrawal,
                   std::int64_t now_ms) override;
  Status await_target(const Withdrawal& withdrawal) override;
  Status refuse_withdrawal(std::int64_t withdrawal, const Alarm& alarm,
                           std::int64_t now_ms) override;
  Result<std::vector<Withdrawal>> waiting_withdrawals(const std::string& reference) override;

  Result<std::vector<Erasable>> erasable(std::int64_t before_ms, std::size_t limit) override;
  Status erase(std::int64_t submission, std::int64_t now_ms) override;
  Status forget(const Erased& erased) override;

  Result<std::vector<Alike>> alike(std::uint8_t kind, const std::string& field,
                                   const std::string& district, std::size_t limit) override;
  Status settle_duplicate(const DuplicateVerdict& verdict) override;
  Result<std::vector<DuplicateVerdict>> duplicate_verdicts() override;
  Result<std::vector<ProducerDraft>> producer_drafts() override;
  Status accept_producer_draft(std::int64_t submission, const CatalogueRecord& producer,
                               const std::optional<CatalogueRecord>& stall,
                               std::int64_t now_ms) override;
  Result<std::vector<std::string>> take_downs() override;
  Status take_down(const std::string& record, const std::string& reason,
                   std::int64_t now_ms) override;
  Status lift_take_down(const std::string& record) override;
  Result<std::vector<CaseFact>> case_facts(std::int64_t until_ms,
                                           const std::string& district) override;

  Result<FeedPosition> feed_head(const Device& device) override;
  Result<std::vector<FeedItem>> feed_after(const Device& device, FeedPosition after,
                                           std::size_t limit) override;

  Result<std::vector<CatalogueRecord>> draft() override;
  Result<std::vector<CatalogueRecord>> draft_of(const std::string& type) override;
  Result<std::vector<CatalogueRecord>> published(const std::string& type) override;
  Status edit_draft(std::span<const CatalogueRecord> upserts, std::span<const std::string> removals,
                    std::span<const Medium> media, std::int64_t now_ms) override;
  Result<std::optional<Medium>> medium(const std::string& hash) override;
  Result<std::vector<Medium>> media() override;

  Result<std::optional<Release>> release(ReleaseNumber number) override;
  Result<std::optional<Release>> newest_release() override;
  Result<std::vector<ReleaseItem>> release_items(ReleaseNumber number) override;
  Result<std::string> content(const std::string& hash) override;
  Status publish(const Release& release, std::span<const ReleaseItem> items,
                 std::span<const StoredPointer> pointers) override;
  Status repoint(std::span<const StoredPointer> pointers) override;
  Status sign_anew(ReleaseNumber number, const std::string& manifest,
                   std::span<const StoredPointer> pointers) override;
  Result<std::optional<StoredPointer>> pointer(const std::string& ring) override;

  Result<std::vector<std::string>> broken_links() override;
  Result<std::vector<std::int64_t>> gone_submissions(std::size_t limit) override;
  Result<std::vector<FeedItem>> feed_of_all(FeedPosition after, std::size_t limit) override;
  Result<std::vector<StoredPointer>> pointers() override;

 private:
  // Runs `work(connection)` on a pooled connection and turns what SOCI throws into an error.
  template <typename Work>
  auto read(const Work& work) -> decltype(work(std::declval<Connection&>())) {
    try {
      ConnectionPool::Lease lease = pool_.lease();
      return work(*lease);
    } catch (const soci::soci_error& error) {
      return fail(translate(error));
    }
  }

  // All kiosks, or the one whose device has this id.
  Result<std::vector<FleetRow>> fleet_rows(const std::string& device);

  ConnectionPool pool_;
  GroupWriter writer_;
};

// ---- Pieces that several of the .cpp files need; all run inside a write transaction.

// The next number of a counter; its row stays locked until the transaction ends.
[[nodiscard]] long long next_number(soci::session& sql, const char* counter, long long by = 1);
void insert_alarm(soci::session& sql, const Alarm& alarm);
// Ids of the devices that a kiosk was before, by a parameter with the id of the one that it is.
inline constexpr const char* kFormerDevices =
    "(WITH RECURSIVE line (id) AS (SELECT former FROM devices WHERE id = :now UNION SELECT "
    "f.former "
    "FROM devices f JOIN line ON f.id = line.id) SELECT id FROM line)";
// Once a device.
void demand_anew(soci::session& sql, const std::string& device, std::int64_t now_ms);
// Returns the entry's position.
long long insert_feed(soci::session& sql, const Audience& audience, int kind, const Bytes& payload,
                      std::int64_t now_ms);
void insert_event(soci::session& sql, const CaseEvent& event);
// Those that a new submission's envelope names.
void insert_attachments(Connection& connection, long long submission,
                        const std::vector<NamedAttachment>& attachments);
// What is left of a submission's attachments after it was erased.
void erase_attachments(Connection& connection, long long submission);
void insert_producer_draft(soci::session& sql, const ProducerDraft& draft);
void insert_take_down(soci::session& sql, const std::string& record, const std::string& reason,
                      std::int64_t now_ms);
// Forgets the producer's draft of a withdrawn registration; an accepted one is taken down.
void withdraw_producer(soci::session& sql, long long submission, std::int64_t now_ms);

// Bytes out of stored base64; damaged text gives empty bytes, which no signature or hash will fit.
[[nodiscard]] Bytes unbase64(const std::string& text);
[[nodiscard]] Bytes unhex(const std::string& text);

inline std::uint64_t u64(long long value) { return static_cast<std::uint64_t>(value); }
inline long long i64(std::uint64_t value) { return static_cast<long long>(value); }

}  // namespace odop::syncserver

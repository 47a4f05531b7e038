// Spoken answers in the journal: sent after the server has their envelope.
#include "kiosk/store/journal.h"
#include "kiosk/store/journal_settings.h"

namespace odop::kiosk {
namespace {

using store::Blob;

constexpr std::int64_t kUnnamedPauseMs = 60'000;  // its envelope is pushed meanwhile

}  // namespace

Result<std::int64_t> add_attachment(store::Connection& database, BytesView hash, BytesView sealed,
                                    BytesView envelope_hash) {
  const auto added = database.run(
      "INSERT OR IGNORE INTO attachment(hash,submission,size,bytes) "
      "SELECT ?,position,?,? FROM submission WHERE hash=?",
      Blob{hash}, static_cast<std::uint64_t>(sealed.size()), Blob{sealed}, Blob{envelope_hash});
  if (!added) return fail(added.error());
  return *added;
}

Status Journal::drop_attachments() {
  const auto gone = database_.run(
      "UPDATE attachment SET bytes=NULL, state=1 WHERE bytes IS NOT NULL AND submission IN "
      "(SELECT position FROM submission WHERE envelope IS NULL)");
  if (!gone) return fail(gone.error());
  return {};
}

Result<std::optional<PendingAttachment>> Journal::pending_attachment(
    std::int64_t now_wall_ms) const {
  auto row = database_.query(
      "SELECT a.hash, a.bytes, a.held FROM attachment a JOIN submission s ON s.position="
      "a.submission WHERE a.state=0 AND a.bytes IS NOT NULL AND s.state IN (1,2) "
      "AND (a.not_before_ms<=? OR a.not_before_ms>?) ORDER BY a.submission, a.rowid LIMIT 1",
      now_wall_ms, now_wall_ms + kLongestHoldMs);
  if (!row) return fail(row.error());
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return std::optional<PendingAttachment>{};
  return std::optional{
      PendingAttachment{row->blob(0), row->blob(1), static_cast<std::uint32_t>(row->number(2))}};
}

Result<std::vector<AttachmentBytes>> Journal::unsent_attachments(std::size_t max_bytes) const {
  auto row = database_.query(
      "SELECT a.hash, a.bytes FROM attachment a JOIN submission s ON s.position=a.submission WHERE "
      "a.state=0 AND a.bytes IS NOT NULL AND s.state IN (0,1,2) ORDER BY a.submission, a.rowid");
  if (!row) return fail(row.error());
  std::vector<AttachmentBytes> all;
  std::size_t bytes = 0;
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) return all;
    bytes += row->blob_view(1).size();
    if (bytes > max_bytes) return all;
    all.push_back({row->blob(0), row->blob(1)});
  }
}

Result<std::optional<std::int64_t>> Journal::next_attachment_due_wall_ms(
    std::int64_t now_wall_ms) const {
  return database_.integer(
      "SELECT min(a.not_before_ms) FROM attachment a JOIN submission s ON s.position=a.submission "
      "WHERE a.state=0 AND a.bytes IS NOT NULL AND s.state IN (1,2) AND a.not_before_ms>? AND "
      "a.not_before_ms<=?",
      now_wall_ms, now_wall_ms + kLongestHoldMs);
}

Status Journal::hold_back_attachment(BytesView hash, std::int64_t until_wall_ms) {
  const auto done = database_.run("UPDATE attachment SET not_before_ms=? WHERE hash=?",
                                  until_wall_ms, Blob{hash});
  if (!done) return fail(done.error());
  return {};
}

Result<std::vector<std::string>> Journal::record_attachment(const wire::AttachmentReceipt& receipt,
                                                            std::int64_t now_wall_ms) {
  std::vector<std::string> arrived;
  auto transaction = begin_receipt(receipt.device_id, receipt.database_generation);
  if (!transaction) return fail(transaction.error());
  if (!*transaction) return arrived;
  switch (receipt.code) {
    case wire::AttachmentCode::kPartial: {
      const auto noted =
          database_.run("UPDATE attachment SET held=min(?,size) WHERE hash=? AND state=0",
                        static_cast<std::uint64_t>(receipt.held), Blob{receipt.hash});
      if (!noted) return fail(noted.error());
      break;
    }
    case wire::AttachmentCode::kUnnamed: {
      // The server has lost what it had: the envelope goes first again.
      const auto again = database_.run(
          "UPDATE submission SET state=0, reason='', not_before_ms=0 WHERE state IN (1,2) AND "
          "envelope IS NOT NULL AND position=(SELECT submission FROM attachment WHERE hash=? AND "
          "state=0)",
          Blob{receipt.hash});
      if (!again) return fail(again.error());
      const auto anew =
          database_.run("UPDATE attachment SET held=0, not_before_ms=? WHERE hash=? AND state=0",
                        now_wall_ms + kUnnamedPauseMs, Blob{receipt.hash});
      if (!anew) return fail(anew.error());
      break;
    }
    case wire::AttachmentCode::kStored: {
      const auto stored = database_.run(
          "UPDATE attachment SET state=1, held=size WHERE hash=? AND state=0", Blob{receipt.hash});
      if (!stored) return fail(stored.error());
      if (*stored == 0) break;
      auto row = database_.query(
          "SELECT s.reference FROM submission s JOIN attachment a ON a.submission=s.position WHERE "
          "a.hash=? AND s.state IN (1,2) AND NOT EXISTS (SELECT 1 FROM attachment o WHERE "
          "o.submission=s.position AND o.state=0)",
          Blob{receipt.hash});
      if (!row) return fail(row.error());
      const auto found = row->step();
      if (!found) return fail(found.error());
      if (*found) arrived.push_back(row->text(0));
      break;
    }
  }
  if (auto committed = (*transaction)->commit(); !committed) return fail(committed.error());
  return arrived;
}

}  // namespace odop::kiosk

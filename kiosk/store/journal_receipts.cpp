// What the server said of what was pushed: verdicts, what a backup covers, another generation.
#include "kiosk/store/journal.h"
#include "kiosk/store/journal_settings.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace odop::kiosk {
namespace {

using store::Blob;
using store::Transaction;

// The server's word for a submission whose sequence it knows with other bytes.
constexpr std::string_view kForkReason = "fork";
// 4 MB with four recordings each.
constexpr std::int64_t kDroppedAtOnce = 8;

SubmissionState state_after(const wire::Verdict& verdict) {
  switch (verdict.code) {
    case wire::VerdictCode::kStored:
    case wire::VerdictCode::kDuplicate:
      return SubmissionState::kArrived;
    case wire::VerdictCode::kQuarantined:
      return SubmissionState::kQuarantined;
    case wire::VerdictCode::kRejected:
      return SubmissionState::kRejected;
    case wire::VerdictCode::kRetryAfter:
      break;
  }
  return SubmissionState::kKept;
}

}  // namespace

Result<std::optional<Transaction>> Journal::begin_receipt(std::string_view device_id,
                                                          std::string_view database_generation) {
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  if (!*identity || (*identity)->device_id != device_id) {
    return fail(ErrorCode::kForbidden, "a receipt for another device");
  }
  const auto generation = read_setting(database_, kGenerationSetting);
  if (!generation) return fail(generation.error());
  if (*generation && **generation != database_generation) return std::optional<Transaction>{};
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  return std::optional<Transaction>{std::move(*transaction)};
}

Result<Journal::Dropped> Journal::drop_some(const wire::BatchReceipt& receipt, std::int64_t most) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  auto row = database_.query(
      "UPDATE submission SET envelope=NULL WHERE position IN (SELECT s.position FROM submission s "
      "WHERE s.state IN (1,2) AND s.reason<>? AND s.envelope IS NOT NULL AND s.chain IN "
      "(SELECT id FROM chain WHERE device=? AND epoch=?) AND s.sequence<=? AND NOT EXISTS "
      "(SELECT 1 FROM attachment a WHERE a.submission=s.position AND a.state=0) LIMIT ?) "
      "RETURNING reference IN (SELECT reference FROM withdrawn)",
      kForkReason, std::string_view(receipt.device_id), receipt.covered_epoch.value,
      receipt.covered_sequence.value, most);
  if (!row) return fail(row.error());
  Dropped dropped;
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    ++dropped.envelopes;
    dropped.withdrawn = dropped.withdrawn || row->number(0) != 0;
  }
  row->reset();
  if (dropped.envelopes == 0) return dropped;
  if (auto gone = drop_attachments(); !gone) return fail(gone.error());
  if (dropped.withdrawn) drop_backup();
  if (auto committed = transaction->commit(); !committed) return fail(committed.error());
  return dropped;
}

void Journal::drop_covered(const wire::BatchReceipt& receipt) {
  // What is deleted is overwritten first, in the log: on a full disk little at a time.
  const bool narrow = disk().free_bytes < kBesideReserveBytes;
  const std::int64_t most = narrow ? kDroppedAtOnce : std::numeric_limits<std::int64_t>::max();
  Dropped all;
  while (true) {
    const auto dropped = drop_some(receipt, most);
    if (!dropped || dropped->envelopes == 0) break;
    all.envelopes += dropped->envelopes;
    all.withdrawn = all.withdrawn || dropped->withdrawn;
    if (dropped->envelopes < most) break;
    static_cast<void>(database_.checkpoint());
  }
  // What was withdrawn is on no file of this kiosk any more.
  if (all.envelopes > 0) compact_outbox(all.withdrawn);
}

Result<std::vector<std::string>> Journal::record_receipt(const wire::BatchReceipt& receipt,
                                                         std::int64_t now_wall_ms) {
  std::vector<std::string> arrived;
  auto transaction = begin_receipt(receipt.device_id, receipt.database_generation);
  if (!transaction) return fail(transaction.error());
  if (!*transaction) return arrived;
  for (const wire::Verdict& verdict : receipt.verdicts) {
    const SubmissionState state = state_after(verdict);
    if (verdict.reason == kForkReason) {
      // What this kiosk left as another device demands nothing of the one that it is now.
      const auto own = database_.integer(
          "SELECT count(*) FROM submission s JOIN chain c ON c.id=s.chain WHERE s.hash=? AND "
          "c.device=?",
          Blob{verdict.envelope_hash}, std::string_view(receipt.device_id));
      if (!own) return fail(own.error());
      const Status noted = own->value_or(0) > 0 ? note_demand(receipt.device_id) : Status{};
      if (!noted) return fail(noted.error());
    }
    if (state == SubmissionState::kKept) {
      const std::int64_t wait_ms = 1000LL * std::max<std::uint32_t>(verdict.retry_after_s, 1);
      const auto held =
          database_.run("UPDATE submission SET not_before_ms=? WHERE hash=? AND state=0",
                        now_wall_ms + wait_ms, Blob{verdict.envelope_hash});
      if (!held) return fail(held.error());
      continue;
    }
    // What is here no more, a restored server must have with its recordings.
    const bool confirms =
        state != SubmissionState::kRejected && verdict.reason != wire::kRecordingsAwaited;
    auto updated = database_.query(
        "UPDATE submission SET state=?, reason=? WHERE hash=? AND (state=0 OR (state=4 AND ?)) "
        "RETURNING reference, "
        "(SELECT count(*) FROM attachment a WHERE a.submission=position AND a.state=0)",
        static_cast<int>(state), std::string_view(verdict.reason), Blob{verdict.envelope_hash},
        confirms ? 1 : 0);
    if (!updated) return fail(updated.error());
    while (true) {
      const auto row = updated->step();
      if (!row) return fail(row.error());
      if (!*row) break;
      const bool whole = updated->number(1) == 0;
      if (state != SubmissionState::kRejected && whole) arrived.push_back(updated->text(0));
    }
  }
  if (auto committed = commit(**transaction); !committed) return fail(committed.error());
  drop_covered(receipt);
  return arrived;
}

Result<std::uint64_t> Journal::note_generation(std::string_view generation) {
  const auto known = read_setting(database_, kGenerationSetting);
  if (!known) return fail(known.error());
  if (*known && **known == generation) return std::uint64_t{0};
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  std::uint64_t again = 0;
  if (*known) {
    const auto changed = database_.run(
        "UPDATE submission SET state=0, reason='', not_before_ms=0 "
        "WHERE state IN (1,2) AND envelope IS NOT NULL");
    if (!changed) return fail(changed.error());
    again = static_cast<std::uint64_t>(*changed);
    // The backup that covered these may be younger than the one that was restored.
    const auto unconfirmed = database_.run(
        "UPDATE submission SET state=4, reason='' WHERE state IN (1,2) AND envelope IS NULL");
    if (!unconfirmed) return fail(unconfirmed.error());
    const auto attached = database_.run(
        "UPDATE attachment SET state=0, held=0, not_before_ms=0 WHERE bytes IS NOT NULL");
    if (!attached) return fail(attached.error());
    if (auto reset = write_setting(database_, kFeedPositionSetting, "0"); !reset) {
      return fail(reset.error());
    }
  }
  if (auto noted = write_setting(database_, kGenerationSetting, generation); !noted) {
    return fail(noted.error());
  }
  if (auto committed = transaction->commit(); !committed) return fail(committed.error());
  return again;
}

Result<std::vector<UnconfirmedSubmission>> Journal::unconfirmed(std::int64_t after,
                                                                std::size_t max_count) const {
  auto row = database_.query(
      "SELECT s.position, c.device, c.epoch, s.sequence, s.hash FROM submission s JOIN chain c ON "
      "c.id=s.chain WHERE s.state=4 AND s.position>? ORDER BY s.position LIMIT ?",
      after, static_cast<std::int64_t>(max_count));
  if (!row) return fail(row.error());
  std::vector<UnconfirmedSubmission> all;
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) return all;
    all.push_back({row->integer(0),
                   {row->text(1), Epoch{row->number(2)}, Sequence{row->number(3)}, row->blob(4)}});
  }
}

}  // namespace odop::kiosk

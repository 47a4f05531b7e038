// The journal and its outbox: what is written twice, and how one is made from the other.
#include "kiosk/store/journal.h"
#include "kiosk/store/journal_settings.h"
#include "shared/crypto/digest.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace odop::kiosk {
namespace {

using store::Blob;
using store::Connection;
using store::Transaction;

// So much that is covered may lie in the file before it is written anew.
constexpr std::uint64_t kOutboxSlackBytes = 256ULL * 1024;

// What a scan of the outbox brings into the database, inside one transaction.
class Replay {
 public:
  // `fresh`: the database knows nothing, or is an older one, so settings are taken too. `before`:
  // the identity that it has.
  Replay(Connection& database, bool fresh, std::string before)
      : database_(database), fresh_(fresh), before_(std::move(before)) {}

  Status begin() {
    const auto last = database_.integer("SELECT max(position) FROM submission");
    if (!last) return fail(last.error());
    last_position_ = last->value_or(0);
    return {};
  }

  Status take(OutboxRecord record) {
    return std::visit([this](const auto& one) { return take_one(one); }, record);
  }

  [[nodiscard]] std::size_t submissions() const { return added_.size(); }
  // The newest identity of the file; empty: none.
  [[nodiscard]] const std::string& identity() const { return identity_; }
  // What was said in the commits of the identities that the database has missed, and since.
  [[nodiscard]] const std::vector<OutboxSetting>& settings_missed() const { return missed_; }
  // Whether the file has held this one.
  [[nodiscard]] bool knew(const std::string& identity) const { return known_.contains(identity); }
  // Of all submissions in the file.
  [[nodiscard]] const std::set<Bytes>& hashes() const { return hashes_; }
  // Whether the file tells of every chain at least as much as the database knew of it.
  [[nodiscard]] bool went_further(const std::string& device, std::uint64_t epoch) const {
    const auto chain = chains_.find({device, epoch});
    return chain != chains_.end() &&
           reached_.at(chain->second) >= known_sequence_.at(chain->second);
  }

 private:
  // Row of the chain, and how far the database had come with it before.
  Result<std::int64_t> chain_of(const std::string& device, std::uint64_t epoch) {
    const auto found = chains_.find({device, epoch});
    if (found != chains_.end()) return found->second;
    const auto made =
        database_.run("INSERT INTO chain(device,epoch) VALUES(?,?) ON CONFLICT DO NOTHING",
                      std::string_view(device), epoch);
    if (!made) return fail(made.error());
    const auto id = database_.integer("SELECT id FROM chain WHERE device=? AND epoch=?",
                                      std::string_view(device), epoch);
    if (!id) return fail(id.error());
    const auto last = database_.integer("SELECT last_sequence FROM chain WHERE id=?", **id);
    if (!last) return fail(last.error());
    known_sequence_[**id] = static_cast<std::uint64_t>(last->value_or(0));
    reached_[**id] = 0;
    chains_[{device, epoch}] = **id;
    return **id;
  }

  // What the database had already stays: of a slot that a failed commit left in the outbox and that
  // was used again, the database knows which one counts.
  Status move(std::int64_t chain, std::uint64_t sequence, const Bytes& head) {
    reached_[chain] = std::max(reached_[chain], sequence);
    if (sequence <= known_sequence_[chain]) return {};
    const auto moved =
        database_.run("UPDATE chain SET last_sequence=?, head=? WHERE id=? AND last_sequence<=?",
                      sequence, Blob{head}, chain, sequence);
    if (!moved) return fail(moved.error());
    return {};
  }

  Status take_one(const OutboxIdentity& one) {
    identity_ = one.answer;
    known_.insert(one.answer);
    if (one.answer == before_) {
      missed_.clear();
      missing_ = false;
    } else if (!std::exchange(missing_, true)) {
      missed_ = of_commit_;
    }
    return {};
  }

  Status take_one(const OutboxSetting& one) {
    of_commit_.push_back(one);
    if (missing_) missed_.push_back(one);
    return fresh_ ? write_setting(database_, one.name, one.value) : Status{};
  }

  // The last frame of every commit but a submission's.
  Status take_one(const OutboxChain& one) {
    of_commit_.clear();
    const auto chain = chain_of(one.device, one.epoch);
    if (!chain) return fail(chain.error());
    return move(*chain, one.sequence, one.head);
  }

  Status take_one(const OutboxSubmission& one) {
    const auto chain = chain_of(one.device, one.epoch);
    if (!chain) return fail(chain.error());
    const auto there = database_.integer(
        "SELECT position FROM submission WHERE chain=? AND sequence=?", *chain, one.sequence);
    if (!there) return fail(there.error());
    reached_[*chain] = std::max(reached_[*chain], one.sequence);
    hashes_.insert(one.hash);
    if (*there && **there <= last_position_) return {};
    if (*there) {
      // Two of one slot in the outbox, and the database is new: the later one was given the slot
      // after the commit of the first had failed.
      if (auto gone = database_.run("DELETE FROM attachment WHERE submission=?", **there); !gone) {
        return fail(gone.error());
      }
      if (auto gone = database_.run("DELETE FROM submission WHERE position=?", **there); !gone) {
        return fail(gone.error());
      }
    }
    const auto stored = database_.run(
        "INSERT OR IGNORE INTO submission(chain,sequence,id,reference,wall_ms,hash,envelope) "
        "VALUES(?,?,?,?,?,?,?)",
        *chain, one.sequence, std::string_view(one.id), std::string_view(one.reference),
        one.wall_ms, Blob{one.hash}, Blob{one.envelope});
    if (!stored) return fail(stored.error());
    if (*stored == 0) return {};
    added_.insert({*chain, one.sequence});
    for (const OutboxAttachment& attachment : one.attachments) {
      const auto added = add_attachment(database_, attachment.hash, attachment.sealed, one.hash);
      if (!added) return fail(added.error());
    }
    return move(*chain, one.sequence, one.hash);
  }

  Connection& database_;
  bool fresh_;
  std::int64_t last_position_ = 0;
  std::string before_;
  std::string identity_;
  std::vector<OutboxSetting> of_commit_;  // in front of whatever comes next in it
  std::vector<OutboxSetting> missed_;
  bool missing_ = false;  // an identity that the database does not have was read
  std::set<std::string> known_;
  std::map<std::pair<std::string, std::uint64_t>, std::int64_t> chains_;
  std::map<std::int64_t, std::uint64_t> known_sequence_;
  std::map<std::int64_t, std::uint64_t> reached_;
  std::set<Bytes> hashes_;
  std::set<std::pair<std::int64_t, std::uint64_t>> added_;
};

}  // namespace

Result<std::optional<OutboxChain>> Journal::chain_now() const {
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  if (!*identity) return std::optional<OutboxChain>{};
  auto row = database_.query("SELECT last_sequence, head FROM chain WHERE device=? AND epoch=?",
                             std::string_view((*identity)->device_id), (*identity)->epoch.value);
  if (!row) return fail(row.error());
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return fail(ErrorCode::kCorrupt, "the identity has no chain");
  return std::optional{
      OutboxChain{(*identity)->device_id, (*identity)->epoch.value, row->number(0), row->blob(1)}};
}

Result<bool> Journal::agrees_with_outbox() const {
  const auto chain = chain_now();
  if (!chain) return fail(chain.error());
  if (!*chain) return outbox_.bytes() == 0;
  return outbox_.stands_at() == *chain;
}

Status Journal::reconcile() {
  Recovery recovery = recovery_.value_or(Recovery{});
  const auto restored = read_setting(database_, kRestoredSetting);
  if (!restored) return fail(restored.error());
  recovery.from_backup = restored->has_value();
  // A backup may agree about the chain and be older all the same.
  if (!recovery.from_backup) {
    const auto same = agrees_with_outbox();
    if (!same) return fail(same.error());
    if (*same) return {};
  }
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  OutboxScan scan;
  const bool fresh = !identity->has_value() || recovery.from_backup;
  const Status taken = take_from_outbox(fresh, recovery, scan);
  // A kiosk that knows who it is goes on with what its database has.
  if (!taken) return fresh ? taken : Status{};
  const bool mended = recovery.enrolled || recovery.submissions > 0 || scan.damaged_blocks > 0;
  recovery.damaged_blocks = scan.damaged_blocks;
  if (mended || recovery.set_aside || recovery.from_backup) recovery_ = recovery;
  return {};
}

Status Journal::take_from_outbox(bool fresh, Recovery& recovery, OutboxScan& scan) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  // Another connection may have been writing just now.
  const auto same = agrees_with_outbox();
  if (!same) return fail(same.error());
  if (*same && !recovery.from_backup) return {};
  if (auto merged = merge_outbox(fresh, recovery, scan); !merged) return merged;
  return transaction->commit();
}

Status Journal::merge_outbox(bool fresh, Recovery& recovery, OutboxScan& scan) {
  auto held = database_.query("SELECT answer FROM identity WHERE only=1");
  if (!held) return fail(held.error());
  const auto found = held->step();
  if (!found) return fail(found.error());
  const std::string before = *found ? held->text(0) : "";
  held->reset();
  Replay replay(database_, fresh, before);
  if (auto begun = replay.begin(); !begun) return begun;
  auto scanned = outbox_.scan([&](OutboxRecord record) { return replay.take(std::move(record)); });
  if (scanned) {
    scan = *scanned;
  } else if (scanned.error().code != ErrorCode::kNotFound) {
    return fail(scanned.error());
  }
  // An identity goes into the outbox first. So one that the database alone knows is newer than the
  // file, which is an old one then; else the file's last is the newest.
  // A backup is always the older one.
  const bool newer = !replay.identity().empty() && replay.identity() != before &&
                     (before.empty() || replay.knew(before) || recovery.from_backup);
  if (newer) {
    const auto answer = wire::from_json<wire::EnrolAnswer>(replay.identity());
    if (!answer) return fail(ErrorCode::kCorrupt, "outbox identity: " + answer.error().context);
    const auto stored = database_.run(
        "INSERT INTO identity VALUES(1,?) ON CONFLICT(only) DO UPDATE SET answer=excluded.answer",
        std::string_view(replay.identity()));
    if (!stored) return fail(stored.error());
    const auto chained =
        database_.run("INSERT INTO chain(device,epoch) VALUES(?,?) ON CONFLICT DO NOTHING",
                      std::string_view(answer->device_id), answer->epoch.value);
    if (!chained) return fail(chained.error());
    // Which devices it was, among them: without those the server would take nothing more of what
    // this kiosk left as one of them.
    for (const OutboxSetting& missed : replay.settings_missed()) {
      if (auto told = write_setting(database_, missed.name, missed.value); !told) return told;
    }
    // Another device reads the feed from its beginning.
    if (auto reset = write_setting(database_, kFeedPositionSetting, "0"); !reset) return reset;
  }
  recovery.enrolled = before.empty() && newer;
  recovery.submissions = replay.submissions();

  if (recovery.from_backup) {
    const auto done = database_.run("DELETE FROM setting WHERE name=?", kRestoredSetting);
    if (!done) return fail(done.error());
    // Without an outbox that is as new, nobody knows which sequences were given since.
    const auto now = chain_now();
    if (!now) return fail(now.error());
    recovery.forgotten = *now && !((newer || replay.knew(before)) &&
                                   replay.went_further((*now)->device, (*now)->epoch));
    if (recovery.forgotten) {
      // What it left goes up as what it is, also to a server that has forgotten it.
      const auto who = this->identity();
      if (!who) return fail(who.error());
      const auto formers = formers_with(**who, {});
      if (!formers) return fail(formers.error());
      if (auto kept = write_setting(database_, kFormersSetting, *formers); !kept) return kept;
      const auto forgotten = database_.run("DELETE FROM identity");
      if (!forgotten) return fail(forgotten.error());
      // It may have gone into production since.
      const auto unsaid =
          database_.run("DELETE FROM setting WHERE name=? AND value=?", kModeSetting, kTestMode);
      if (!unsaid) return fail(unsaid.error());
      outbox_.set_aside();
      return write_setting(database_, kFeedPositionSetting, "0");
    }
    recovery.enrolled = now->has_value();
  }
  if (before.empty() && !newer) {
    // It does not say who this kiosk is: what it held goes out once somebody enrols.
    outbox_.set_aside();
    return {};
  }
  if (scan.damaged_blocks == 0 && scan.frames > 0) {
    if (auto whole = outbox_.cut(scan); !whole) return whole;
  }
  const auto now_same = agrees_with_outbox();
  if (!now_same) return fail(now_same.error());
  const bool knows_us = newer || replay.knew(before);
  // A file that was cut short may end with a frame that tells of the same end of the chain.
  const auto lacking = retains_beyond(replay.hashes());
  if (!lacking) return fail(lacking.error());
  scan.lacking = *lacking;
  if (*now_same && knows_us && scan.damaged_blocks == 0 && !scan.lacking) return {};
  return write_outbox();
}

Result<bool> Journal::retains_beyond(const std::set<Bytes>& hashes) const {
  auto row = database_.query("SELECT hash, envelope FROM submission WHERE envelope IS NOT NULL");
  if (!row) return fail(row.error());
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) return false;
    // What rotted here and is not in the outbox is lost in both.
    const bool known = hashes.contains(row->blob(0));
    if (!known && crypto::sha256(row->blob_view(1)) == row->blob_view(0)) return true;
  }
}

Status Journal::append_to_outbox(BytesView frames) {
  return outbox_.ready() ? outbox_.append(frames) : write_outbox();
}

Status Journal::keep_settings(std::span<const Setting> settings, BytesView frames) {
  Bytes all;
  for (const Setting& setting : settings) {
    if (auto kept = write_setting(database_, setting.name, setting.value); !kept) return kept;
    all += frame_of(OutboxSetting{std::string(setting.name), std::string(setting.value)});
  }
  all += frames;
  const auto chain = chain_now();
  if (!chain) return fail(chain.error());
  if (!*chain) return {};  // all settings go in when the kiosk enrols
  return append_to_outbox(all += frame_of(**chain));
}

Status Journal::commit(Transaction& transaction) {
  auto committed = transaction.commit();
  if (!committed) outbox_.take_back();
  return committed;
}

Result<std::size_t> Journal::restore_rotten() {
  std::set<Bytes> rotten;
  for (const char* sql : {"SELECT hash, envelope FROM submission WHERE envelope IS NOT NULL",
                          "SELECT hash, bytes FROM attachment WHERE bytes IS NOT NULL"}) {
    auto row = database_.prepare(sql);
    if (!row) return fail(row.error());
    while (true) {
      const auto found = row->step();
      if (!found) return fail(found.error());
      if (!*found) break;
      if (crypto::sha256(row->blob_view(1)) != row->blob_view(0)) rotten.insert(row->blob(0));
    }
  }
  std::size_t restored = 0;
  if (rotten.empty()) return restored;
  const auto restore = [&](const char* sql, const Bytes& hash, const Bytes& bytes) -> Status {
    if (!rotten.contains(hash) || crypto::sha256(bytes) != hash) return {};
    const auto done = database_.run(sql, Blob{bytes}, Blob{hash});
    if (!done) return fail(done.error());
    rotten.erase(hash);
    ++restored;
    return {};
  };
  const auto scan = outbox_.scan([&](const OutboxRecord& record) -> Status {
    const auto* one = std::get_if<OutboxSubmission>(&record);
    if (one == nullptr) return {};
    Status status =
        restore("UPDATE submission SET envelope=? WHERE hash=?", one->hash, one->envelope);
    for (const OutboxAttachment& attachment : one->attachments) {
      if (!status) return status;
      status =
          restore("UPDATE attachment SET bytes=? WHERE hash=?", attachment.hash, attachment.sealed);
    }
    return status;
  });
  if (!scan && scan.error().code != ErrorCode::kNotFound) return fail(scan.error());
  return restored;
}

Status Journal::write_outbox() {
  if (const auto restored = restore_rotten(); !restored) return fail(restored.error());
  auto file = outbox_.rewrite();
  if (!file) return fail(file.error());
  auto identity = database_.query("SELECT answer FROM identity WHERE only=1");
  if (!identity) return fail(identity.error());
  auto found = identity->step();
  if (!found) return fail(found.error());
  if (*found) {
    if (auto done = file->add(frame_of(OutboxIdentity{identity->text(0)})); !done) return done;
  }
  auto setting = database_.query("SELECT name, value FROM setting WHERE name NOT LIKE 'journal.%'");
  if (!setting) return fail(setting.error());
  while (true) {
    found = setting->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    const OutboxSetting one{setting->text(0), setting->text(1)};
    if (auto done = file->add(frame_of(one)); !done) return done;
  }
  auto chain = database_.query("SELECT device, epoch, last_sequence, head FROM chain");
  if (!chain) return fail(chain.error());
  while (true) {
    found = chain->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    const OutboxChain one{chain->text(0), chain->number(1), chain->number(2), chain->blob(3)};
    if (auto done = file->add(frame_of(one)); !done) return done;
  }
  auto row = database_.query(
      "SELECT c.device, c.epoch, s.sequence, s.id, s.reference, s.wall_ms, s.hash, s.envelope, "
      "s.position FROM submission s JOIN chain c ON c.id=s.chain WHERE s.envelope IS NOT NULL "
      "ORDER BY s.chain, s.sequence");
  if (!row) return fail(row.error());
  while (true) {
    found = row->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    OutboxSubmission one{row->text(0), row->number(1), row->number(2),
                         row->text(3), row->text(4),   row->integer(5),
                         row->blob(6), row->blob(7),   {}};
    auto attachment = database_.query(
        "SELECT hash, bytes FROM attachment WHERE submission=? AND bytes IS NOT NULL "
        "ORDER BY rowid",
        row->integer(8));
    if (!attachment) return fail(attachment.error());
    while (true) {
      found = attachment->step();
      if (!found) return fail(found.error());
      if (!*found) break;
      one.attachments.push_back({attachment->blob(0), attachment->blob(1)});
    }
    if (crypto::sha256(one.envelope) != one.hash) continue;
    if (auto done = file->add(frame_of(one)); !done) return done;
  }
  // The end tells where the chain stands.
  const auto now = chain_now();
  if (!now) return fail(now.error());
  if (*now) {
    if (auto done = file->add(frame_of(**now)); !done) return done;
  }
  return file->finish();
}

Result<bool> Journal::mend() {
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  if (!*identity) return false;
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  const auto restored = restore_rotten();
  if (!restored) return fail(restored.error());
  const auto agreed = agrees_with_outbox();
  if (!agreed) return fail(agreed.error());
  Recovery recovery;
  OutboxScan scan;
  if (auto merged = merge_outbox(false, recovery, scan); !merged) return fail(merged.error());
  const bool whole = *agreed && *restored == 0 && recovery.submissions == 0 &&
                     scan.damaged_blocks == 0 && !scan.lacking && scan.whole_bytes == scan.bytes;
  if (auto committed = transaction->commit(); !committed) return fail(committed.error());
  return !whole;
}

void Journal::compact_outbox(bool at_once) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return;
  // Two partial indexes instead of a walk over everything that ever arrived.
  const auto live = database_.integer(
      "SELECT (SELECT coalesce(sum(length(envelope)),0) + 4096*count(*) FROM submission "
      "WHERE state=0 AND envelope IS NOT NULL) + "
      "(SELECT coalesce(sum(length(envelope)),0) + 4096*count(*) FROM submission "
      "WHERE state<>0 AND envelope IS NOT NULL) + "
      "(SELECT coalesce(sum(length(bytes)),0) FROM attachment WHERE bytes IS NOT NULL)");
  if (!live) return;
  const std::uint64_t most = 2 * static_cast<std::uint64_t>(live->value_or(0)) + kOutboxSlackBytes;
  if (!at_once && outbox_.bytes() <= most) return;
  if (outbox_.bytes() == 0) return;
  // On error the old file stays, and the next receipt tries again.
  if (write_outbox()) static_cast<void>(transaction->commit());
}

}  // namespace odop::kiosk

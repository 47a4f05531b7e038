#include "kiosk/store/journal.h"

#include "kiosk/store/files.h"
#include "kiosk/store/journal_settings.h"
#include "kiosk/store/schema.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <utility>

namespace odop::kiosk {
namespace {

using store::Blob;
using store::Connection;
using store::OpenMode;
using store::Transaction;

// So many damaged databases are kept; on a disk that goes bad the last one gives way.
constexpr int kMostSetAside = 4;

// A damaged database is evidence: it is renamed with its WAL, not deleted.
void set_aside(const std::filesystem::path& file, const FileSystem& files) {
  int number = 1;
  std::filesystem::path aside;
  for (; number <= kMostSetAside; ++number) {
    aside = file;
    aside += ".damaged-" + std::to_string(number);
    if (!files.size(aside)) break;
  }
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::path from = file;
    std::filesystem::path to = aside;
    from += suffix;
    to += suffix;
    if (files.size(from)) static_cast<void>(files.replace(from, to));
  }
}

Result<Connection> open_checked(const std::filesystem::path& file) {
  auto database = Connection::open(file, OpenMode::kReadWrite);
  if (!database) return database;
  // A hash that rots in its row makes an envelope that nobody can send; its index knows better.
  Status status = database->full_check();
  // What a power cut left in the log goes into the database before anything is written after it.
  // A full or read-only disk does not keep anybody from reading.
  if (status) static_cast<void>(database->checkpoint());
  if (status) status = store::migrate(*database, journal_schema());
  // Freed pages are overwritten, so that an erased answer is gone after the next checkpoint.
  if (status) status = database->execute("PRAGMA secure_delete=ON");
  if (!status) return fail(status.error());
  return database;
}

}  // namespace

Space probe_space(const std::filesystem::path& folder) {
  struct statvfs info {};
  if (::statvfs(folder.c_str(), &info) != 0) return {};
  return {static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize,
          static_cast<std::uint64_t>(info.f_blocks) * info.f_frsize,
          (info.f_flag & ST_RDONLY) != 0};
}

Journal::Journal(std::filesystem::path folder, Connection database, SpaceProbe probe,
                 const FileSystem& files)
    : folder_(std::move(folder)),
      database_(std::move(database)),
      probe_(std::move(probe)),
      outbox_(folder_, files),
      files_(&files) {}

Result<Journal> Journal::open(const std::filesystem::path& folder, SpaceProbe probe,
                              const FileSystem& files) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (std::filesystem::is_directory(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  const std::filesystem::path file = folder / "journal.db";
  const auto open_file = [&] {
    auto database = open_checked(file);
    // SQLite's check says the same of a read that failed once. What is damaged is so at a second
    // look.
    if (!database && database.error().code == ErrorCode::kCorrupt) database = open_checked(file);
    if (database || database.error().code != ErrorCode::kDiskFull) return database;
    // SQLite wants room even to read.
    std::filesystem::remove(folder / "reserve", error);
    return open_checked(file);
  };
  Recovery recovery;
  if (!files.size(file)) recovery.from_backup = restore_backup(folder, files);
  auto database = open_file();
  if (!database && database.error().code == ErrorCode::kCorrupt) {
    set_aside(file, files);
    recovery.set_aside = true;
    recovery.from_backup = restore_backup(folder, files);
    database = open_file();
    if (!database && recovery.from_backup) {
      files.remove(file);
      recovery.from_backup = false;
      database = open_file();
    }
  }
  if (!database) return fail(database.error());
  Journal journal(folder, std::move(*database), std::move(probe), files);
  if (recovery.set_aside || recovery.from_backup) journal.recovery_ = recovery;
  auto same = journal.reconcile();
  if (!same && same.error().code == ErrorCode::kDiskFull) {
    journal.release_reserve();
    same = journal.reconcile();
  }
  if (!same) return fail(same.error());
  static_cast<void>(journal.restore_reserve());
  journal.mark_run_mode();
  return journal;
}

Result<Journal> Journal::open_reading(const std::filesystem::path& folder, Error why,
                                      SpaceProbe probe, const FileSystem& files) {
  const auto newest = static_cast<std::int64_t>(journal_schema().size());
  auto database = Connection::open(folder / "journal.db", OpenMode::kImmutable);
  bool readable = database && database->quick_check();
  if (readable) {
    const auto version = database->integer("PRAGMA user_version");
    readable = version && version->value_or(0) == newest;
  }
  if (!readable) {
    database = Connection::open(store::kInMemory, OpenMode::kBuild);
    if (!database) return fail(database.error());
    auto made = store::migrate(*database, journal_schema());
    if (made) made = database->execute("PRAGMA query_only=ON");
    if (!made) return fail(made.error());
  }
  Journal journal(folder, std::move(*database), std::move(probe), files);
  journal.closed_ = std::move(why);
  return journal;
}

// ---- Outbox ----

Result<Slot> Journal::next_slot() const {
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  if (!*identity) return fail(ErrorCode::kNotFound, "this kiosk is not enrolled");
  auto row = database_.query("SELECT last_sequence, head FROM chain WHERE device=? AND epoch=?",
                             std::string_view((*identity)->device_id), (*identity)->epoch.value);
  if (!row) return fail(row.error());
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return fail(ErrorCode::kCorrupt, "the identity has no chain");
  return Slot{(*identity)->epoch, Sequence{row->number(0) + 1}, row->blob(1),
              (*identity)->device_id};
}

Status Journal::append(const SealedSubmission& submission) {
  if (closed_) return fail(*closed_);
  const DiskState space = disk();
  if (space.read_only) return fail(ErrorCode::kReadOnly, "the medium cannot be written");
  if (!space.accepts) return fail(ErrorCode::kDiskFull, "too little free space for a submission");
  if (space.free_bytes < kWritingBytes) release_reserve();
  auto kept = keep_submission(submission);
  if (kept || kept.error().code != ErrorCode::kDiskFull || !disk().reserve_whole) return kept;
  // The file system keeps more for itself than it says.
  release_reserve();
  return keep_submission(submission);
}

Status Journal::keep_submission(const SealedSubmission& submission) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  if (!*identity) return fail(ErrorCode::kNotFound, "this kiosk is not enrolled");
  const std::string& device = (*identity)->device_id;
  // The worker may have enrolled anew since it was sealed.
  if (submission.slot.device != device) {
    return fail(ErrorCode::kConflict, "the slot is of another device");
  }
  // The slot is checked and used up in the same commit that stores the envelope.
  const auto moved = database_.run(
      "UPDATE chain SET last_sequence=?, head=? "
      "WHERE device=? AND epoch=? AND last_sequence=? AND head=?",
      submission.slot.sequence.value, Blob{submission.hash}, std::string_view(device),
      submission.slot.epoch.value, submission.slot.sequence.value - 1,
      Blob{submission.slot.previous});
  if (!moved) return fail(moved.error());
  if (*moved != 1) return fail(ErrorCode::kConflict, "the slot is taken");
  const auto stored = database_.run(
      "INSERT INTO submission(chain,sequence,id,reference,wall_ms,hash,envelope) "
      "SELECT id,?,?,?,?,?,? FROM chain WHERE device=? AND epoch=?",
      submission.slot.sequence.value, std::string_view(submission.id),
      std::string_view(submission.reference), submission.wall_ms, Blob{submission.hash},
      Blob{submission.envelope}, std::string_view(device), submission.slot.epoch.value);
  if (!stored) return fail(stored.error());
  OutboxSubmission frame{.device = device,
                         .epoch = submission.slot.epoch.value,
                         .sequence = submission.slot.sequence.value,
                         .id = submission.id,
                         .reference = submission.reference,
                         .wall_ms = submission.wall_ms,
                         .hash = submission.hash,
                         .envelope = submission.envelope,
                         .attachments = {}};
  for (const AttachmentBytes& attachment : submission.attachments) {
    const auto added =
        add_attachment(database_, attachment.hash, attachment.sealed, submission.hash);
    if (!added) return fail(added.error());
    if (*added != 1) return fail(ErrorCode::kConflict, "an attachment is here already");
    frame.attachments.push_back({attachment.hash, attachment.sealed});
  }
  if (auto kept = append_to_outbox(frame_of(frame)); !kept) return kept;
  return commit(*transaction);
}

Result<std::vector<PendingSubmission>> Journal::pending(std::size_t max_count,
                                                        std::size_t max_bytes,
                                                        std::int64_t now_wall_ms) const {
  auto row = database_.query(
      "SELECT c.epoch, s.sequence, s.reference, s.hash, s.envelope FROM submission s "
      "JOIN chain c ON c.id=s.chain WHERE s.state=0 AND s.envelope IS NOT NULL "
      "AND (s.not_before_ms<=? OR s.not_before_ms>?) ORDER BY s.chain, s.sequence LIMIT ?",
      now_wall_ms, now_wall_ms + kLongestHoldMs, static_cast<std::uint64_t>(max_count));
  if (!row) return fail(row.error());
  std::vector<PendingSubmission> page;
  std::size_t bytes = 0;
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    bytes += row->blob_view(4).size();
    if (!page.empty() && bytes > max_bytes) break;
    page.push_back({Epoch{row->number(0)}, Sequence{row->number(1)}, row->text(2), row->blob(4),
                    row->blob(3)});
  }
  return page;
}

Result<std::optional<std::int64_t>> Journal::next_due_wall_ms(std::int64_t now_wall_ms) const {
  return database_.integer(
      "SELECT min(not_before_ms) FROM submission WHERE state=0 AND envelope IS NOT NULL AND "
      "not_before_ms>? AND not_before_ms<=?",
      now_wall_ms, now_wall_ms + kLongestHoldMs);
}

Status Journal::hold_back(BytesView hash, std::int64_t until_wall_ms) {
  const auto done = database_.run("UPDATE submission SET not_before_ms=? WHERE hash=?",
                                  until_wall_ms, Blob{hash});
  if (!done) return fail(done.error());
  return {};
}

Result<QueueState> Journal::queue() const {
  QueueState queue;
  auto row = database_.query(
      "SELECT coalesce(sum(state=0),0), coalesce(min(wall_ms),0), (SELECT count(*) FROM answer), "
      "coalesce(sum(state<>0),0), (SELECT count(*) FROM submission WHERE state=4) FROM submission "
      "WHERE state=0 OR (state IN (1,2) AND position IN (SELECT submission FROM attachment WHERE "
      "state=0))");
  if (!row) return fail(row.error());
  auto found = row->step();
  if (!found) return fail(found.error());
  queue.pending = row->number(0);
  queue.oldest_wall_ms = row->integer(1);
  queue.answers = row->number(2);
  queue.incomplete = row->number(3);
  queue.unconfirmed = row->number(4);
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  if (!*identity) return queue;
  queue.epoch = (*identity)->epoch;
  auto chain = database_.query(
      "SELECT c.last_sequence, coalesce((SELECT min(s.sequence)-1 FROM submission s "
      "WHERE s.chain=c.id AND s.state=0), c.last_sequence), "
      "(SELECT count(*) FROM submission s WHERE s.chain=c.id AND s.state<>0 AND s.sequence > "
      "coalesce((SELECT min(p.sequence) FROM submission p WHERE p.chain=c.id AND p.state=0),"
      "c.last_sequence)) FROM chain c WHERE c.device=? AND c.epoch=?",
      std::string_view((*identity)->device_id), queue.epoch.value);
  if (!chain) return fail(chain.error());
  found = chain->step();
  if (!found) return fail(found.error());
  if (*found) {
    queue.last_sequence = Sequence{chain->number(0)};
    queue.watermark = Sequence{chain->number(1)};
    queue.beyond_watermark = chain->number(2);
  }
  return queue;
}

Result<std::optional<SubmissionState>> Journal::state_of(std::string_view reference) const {
  const auto state = database_.integer(
      "SELECT CASE WHEN state IN (1,2) AND EXISTS (SELECT 1 FROM attachment a WHERE "
      "a.submission=position AND a.state=0) THEN 0 ELSE state END FROM submission WHERE "
      "reference=?",
      reference);
  if (!state) return fail(state.error());
  if (!*state) return std::optional<SubmissionState>{};
  return std::optional{static_cast<SubmissionState>(**state)};
}

// ---- Settings ----

Result<std::optional<std::string>> read_setting(const Connection& database, std::string_view name) {
  auto row = database.query("SELECT value FROM setting WHERE name=?", name);
  if (!row) return fail(row.error());
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return std::optional<std::string>{};
  return std::optional{row->text(0)};
}

Status write_setting(Connection& database, std::string_view name, std::string_view value) {
  const auto done = database.run(
      "INSERT INTO setting VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value", name,
      value);
  if (!done) return fail(done.error());
  return {};
}

Result<std::optional<std::string>> Journal::setting(std::string_view name) const {
  return read_setting(database_, name);
}

Status Journal::set_setting(std::string_view name, std::string_view value) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  const auto before = read_setting(database_, name);
  if (!before) return fail(before.error());
  if (*before == value) return {};
  const Setting setting{name, value};
  if (auto kept = keep_settings({&setting, 1}); !kept) return kept;
  return commit(*transaction);
}

// ---- Disk ----

DiskState Journal::disk() const {
  const Space space = probe_(folder_);
  DiskState state;
  state.free_bytes = space.free_bytes;
  state.total_bytes = space.total_bytes;
  state.read_only = space.read_only;
  std::error_code error;
  state.reserve_whole =
      std::filesystem::file_size(folder_ / "reserve", error) == kReserveBytes && !error;
  state.accepts = !closed_ && !space.read_only && state.room() >= kSendingBytes;
  return state;
}

void Journal::release_reserve() {
  std::error_code ignored;
  std::filesystem::remove(folder_ / "reserve", ignored);
}

Status Journal::restore_reserve() {
  if (closed_) return fail(*closed_);
  const DiskState now = disk();
  if (now.reserve_whole) return {};
  if (now.free_bytes < kReserveBytes + kBesideReserveBytes) {
    return fail(ErrorCode::kDiskFull, "no room for the reserve");
  }
  return reserve_file(folder_ / "reserve", kReserveBytes);
}

Status Journal::tidy() {
  compact_outbox(true);
  return database_.truncate_wal();
}

}  // namespace odop::kiosk

// A checked copy of journal.db. The outbox holds what was promised a second time; this holds what
// became of it (verdicts, answers, the feed's position), which only the server could tell again.
#include "kiosk/store/files.h"
#include "kiosk/store/journal.h"
#include "kiosk/store/journal_settings.h"
#include "kiosk/store/schema.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace odop::kiosk {
namespace {

using store::Connection;
using store::OpenMode;

constexpr std::string_view kMendingSetting = "journal.mended";
constexpr std::size_t kCopyBytes = 256UL * 1024;

std::filesystem::path backup_of(const std::filesystem::path& folder) {
  return folder / "journal.backup";
}

// Two databases of which this is the same say the same.
Result<std::string> mark_of(const Connection& database) {
  auto row = database.query(
      "SELECT (SELECT group_concat(device||epoch||'/'||last_sequence) FROM chain), "
      "(SELECT count(*)||'/'||coalesce(sum(state),0)||'/'||count(envelope) FROM submission), "
      "(SELECT "
      "count(*)||'/'||coalesce(sum(state),0)||'/'||coalesce(sum(held),0)||'/'||count(bytes) "
      "FROM attachment), "
      "(SELECT count(*)||'/'||coalesce(sum(revision),0) FROM answer), "
      "(SELECT count(*) FROM withdrawn), (SELECT answer FROM identity), "
      "(SELECT group_concat(name||'='||value) FROM setting WHERE name<>?)",
      kRestoredSetting);
  if (!row) return fail(row.error());
  const auto found = row->step();
  if (!found) return fail(found.error());
  constexpr int kColumns = 7;
  std::string mark;
  for (int column = 0; column < kColumns; ++column) mark += row->text(column) + "\n";
  return mark;
}

// An immutable file that reads as a journal of this program or an older one.
Result<Connection> open_backup(const std::filesystem::path& file) {
  auto database = Connection::open(file, OpenMode::kImmutable);
  if (!database) return database;
  if (auto good = database->full_check(); !good) return fail(good.error());
  const auto version = database->integer("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (version->value_or(0) <= 0) return fail(ErrorCode::kCorrupt, "the backup is no journal");
  if (version->value_or(0) > static_cast<std::int64_t>(journal_schema().size())) {
    return fail(ErrorCode::kUnsupported, "the backup is of a newer program");
  }
  return database;
}

Status copy_file(const std::filesystem::path& from, const std::filesystem::path& to,
                 const FileSystem& files) {
  files.remove(to);
  auto output = files.write_from(to, 0);
  if (!output) return fail(output.error());
  for (std::uint64_t at = 0;; at += kCopyBytes) {
    const auto part = files.read(from, at, kCopyBytes);
    if (!part) return fail(part.error());
    if (auto written = (*output)->write(*part); !written) return written;
    if (part->size() < kCopyBytes) return (*output)->finish();
  }
}

}  // namespace

Result<bool> Journal::back_up() {
  if (closed_) return fail(*closed_);
  const std::filesystem::path file = backup_of(folder_);
  const auto now = mark_of(database_);
  if (!now) return fail(now.error());
  if (files_->size(file)) {
    const auto held = open_backup(file);
    const auto mark = held ? mark_of(*held) : fail(held.error());
    if (mark && *mark == *now) return false;
  }
  const DiskState space = disk();
  const std::uint64_t size = files_->size(folder_ / "journal.db").value_or(0);
  if (!space.reserve_whole || space.free_bytes < size + kBesideBackupBytes) return false;

  std::filesystem::path fresh = file;
  fresh += ".new";
  files_->remove(fresh);  // of a backup that did not end
  Status status = database_.copy_to(fresh);
  if (status) {
    auto copy = Connection::open(fresh, OpenMode::kBuild);
    status = copy ? write_setting(*copy, kRestoredSetting, "1") : fail(copy.error());
  }
  if (status) {
    const auto good = open_backup(fresh);
    if (!good) status = fail(good.error());
  }
  if (status) {
    // Nothing is written, and all is synced.
    const auto length = files_->size(fresh);
    auto output = length ? files_->write_from(fresh, *length) : fail(length.error());
    status = output ? (*output)->finish() : fail(output.error());
  }
  if (status) status = files_->replace(fresh, file);
  if (!status) {
    files_->remove(fresh);
    return fail(status.error());
  }
  return true;
}

bool Journal::restore_backup(const std::filesystem::path& folder, const FileSystem& files) {
  const std::filesystem::path backup = backup_of(folder);
  if (!files.size(backup) || !open_backup(backup)) return false;
  const std::filesystem::path file = folder / "journal.db";
  std::filesystem::path fresh = file;
  fresh += ".new";
  Status status = copy_file(backup, fresh, files);
  if (status) status = files.replace(fresh, file);
  if (!status) files.remove(fresh);
  return status.has_value();
}

void Journal::drop_backup() {
  files_->remove(backup_of(folder_));
  files_->remove(backup_of(folder_) += ".new");
}

// ---- What was mended -----------------------------------------------------------------------

Status Journal::note_recovery(std::int64_t now_wall_ms) {
  if (!recovery_) return {};
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  const nlohmann::json note{{"wall_ms", now_wall_ms},
                            {"set_aside", recovery_->set_aside},
                            {"from_backup", recovery_->from_backup},
                            {"enrolled", identity->has_value()},
                            {"submissions", recovery_->submissions},
                            {"damaged_blocks", recovery_->damaged_blocks}};
  return write_setting(database_, kMendingSetting, note.dump());
}

Result<std::optional<Mending>> Journal::last_mending() const {
  const auto text = read_setting(database_, kMendingSetting);
  if (!text) return fail(text.error());
  const auto note = nlohmann::json::parse(text->value_or(""), nullptr, false);
  if (!note.is_object()) return std::optional<Mending>{};
  Mending mending;
  try {
    note.at("wall_ms").get_to(mending.wall_ms);
    note.at("set_aside").get_to(mending.set_aside);
    note.at("from_backup").get_to(mending.from_backup);
    note.at("enrolled").get_to(mending.enrolled);
    note.at("submissions").get_to(mending.submissions);
    note.at("damaged_blocks").get_to(mending.damaged_blocks);
  } catch (const nlohmann::json::exception&) {
    return std::optional<Mending>{};
  }
  return std::optional{mending};
}

}  // namespace odop::kiosk

// The worker's half of CatalogueStore: what arrives, and the switch.
#include "kiosk/store/catalogue_file.h"
#include "kiosk/store/catalogue_store.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace odop::kiosk {
namespace {

constexpr int kReady = 1;

}  // namespace

std::filesystem::path CatalogueStore::staging_folder() const { return folder_ / "staging"; }

std::filesystem::path CatalogueStore::staged_path(std::string_view hash) const {
  return staging_folder() / media_path(hash).filename();
}

std::filesystem::path CatalogueStore::staged_file_of(ReleaseNumber release) const {
  return staging_folder() / file_of(release).filename();
}

bool CatalogueStore::has_staged(std::string_view hash) const {
  return has_medium(hash) || files_->has(staged_path(hash));
}

Result<std::vector<StoredItem>> CatalogueStore::items(ReleaseNumber release) const {
  const auto file = CatalogueFile::open(file_of(release), *files_);
  if (!file) return fail(file.error());
  return file->items();
}

Result<std::vector<StoredItem>> CatalogueStore::stage_records(const StagedRecords& staged) {
  if (read_only_) return fail(ErrorCode::kReadOnly, "the medium cannot be written");
  const std::filesystem::path file = staged_file_of(staged.release);
  const auto built = build_catalogue_file(
      file, staged.base.value == 0 ? std::filesystem::path() : file_of(staged.base), staged,
      *files_);
  if (!built) return fail(built.error());
  const auto opened = CatalogueFile::open(file, *files_);
  if (!opened) return fail(opened.error());
  return opened->items();
}

Status CatalogueStore::commit_release(ReleaseNumber release, std::int64_t created_ms) {
  std::vector<StoredItem> items;
  {
    const auto file = CatalogueFile::open(staged_file_of(release), *files_);
    if (!file) return fail(file.error());
    // The health check that the screens would make: what fails it never goes live.
    if (const auto healthy = file->load(); !healthy) return fail(healthy.error());
    auto listed = file->items();
    if (!listed) return fail(listed.error());
    items = std::move(*listed);
  }
  std::set<std::string> arrived;
  for (const StoredItem& item : items) {
    if (item.kind == wire::ItemKind::kRecord || has_medium(item.id)) continue;
    if (!has_staged(item.id)) return fail(ErrorCode::kNotFound, "medium " + item.id);
    arrived.insert(item.id);
  }
  // One sync for everything that was written, before any name points to it.
  if (auto synced = files_->sync_all(folder_); !synced) return synced;
  for (const std::string& hash : arrived) {
    if (auto moved = files_->rename(staged_path(hash), media_path(hash)); !moved) return moved;
  }
  if (auto moved = files_->rename(staged_file_of(release), file_of(release)); !moved) return moved;
  if (auto synced = files_->sync_folder(folder_ / "media"); !synced) return synced;
  if (auto synced = files_->sync_folder(folder_); !synced) return synced;
  const auto switched = releases_.run(
      "INSERT INTO release VALUES(?,?,?) ON CONFLICT(number) DO UPDATE SET state=excluded.state, "
      "created_ms=excluded.created_ms",
      release.value, kReady, created_ms);
  if (!switched) return fail(switched.error());
  return {};
}

Status CatalogueStore::clear_staging() {
  const auto names = files_->list(staging_folder());
  if (!names) return fail(names.error());
  for (const std::string& name : *names) files_->remove(staging_folder() / name);
  return {};
}

Status CatalogueStore::collect_garbage() {
  // Kept: the newest two that are ready, and the one that is shown.
  std::set<std::uint64_t> kept;
  auto row = releases_.query(
      "SELECT number FROM release WHERE state=? ORDER BY number DESC LIMIT 2", kReady);
  if (!row) return fail(row.error());
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    kept.insert(row->number(0));
  }
  if (kept.empty()) return {};
  const auto shown = this->shown();
  if (!shown) return fail(shown.error());
  kept.insert(shown->value);

  std::set<std::string> files;
  std::set<std::string> media;
  for (const std::uint64_t number : kept) {
    files.insert(file_of(ReleaseNumber{number}).filename().string());
    const auto listed = items(ReleaseNumber{number});
    if (!listed && listed.error().code == ErrorCode::kNotFound) continue;
    if (!listed) return fail(listed.error());  // not known what it names: drop nothing
    for (const StoredItem& item : *listed) {
      if (item.kind != wire::ItemKind::kRecord) media.insert(item.id);
    }
  }
  // What cannot be listed now is dropped the next time.
  for (const std::string& name : files_->list(folder_).value_or(std::vector<std::string>{})) {
    if (name.starts_with("catalogue-") && name.ends_with(".db") && !files.contains(name)) {
      files_->remove(folder_ / name);
    }
  }
  const std::filesystem::path all_media = folder_ / "media";
  for (const std::string& name : files_->list(all_media).value_or(std::vector<std::string>{})) {
    if (!media.contains(name)) files_->remove(all_media / name);
  }
  auto numbers = releases_.query("SELECT number FROM release");
  if (!numbers) return fail(numbers.error());
  std::vector<std::uint64_t> gone;
  while (true) {
    const auto found = numbers->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    if (!kept.contains(numbers->number(0))) gone.push_back(numbers->number(0));
  }
  for (const std::uint64_t number : gone) {
    const auto dropped = releases_.run("DELETE FROM release WHERE number=?", number);
    if (!dropped) return fail(dropped.error());
  }
  return {};
}

}  // namespace odop::kiosk

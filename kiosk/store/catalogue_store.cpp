#include "kiosk/store/catalogue_store.h"

#include "kiosk/store/catalogue_file.h"
#include "kiosk/store/schema.h"
#include "shared/wire/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace odop::kiosk {
namespace {

using store::Connection;
using store::OpenMode;
using store::Transaction;

constexpr int kReady = 1;
constexpr int kFailed = 2;
constexpr std::size_t kHashDigits = 64;

bool is_hash(std::string_view hash) {
  return hash.size() == kHashDigits &&
         hash.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

template <typename T>
void hide_from(std::vector<T>& records, std::string_view type, const std::set<std::string>& ids) {
  std::erase_if(records, [&](const T& record) {
    return ids.contains(fmt::format("{}/{}", type, record.id));
  });
}

}  // namespace

CatalogueStore::CatalogueStore(std::filesystem::path folder, const FileSystem& files,
                               Connection releases)
    : folder_(std::move(folder)), files_(&files), releases_(std::move(releases)) {}

Result<CatalogueStore> CatalogueStore::open(const std::filesystem::path& folder,
                                            const FileSystem& files) {
  for (const char* name : {"", "media", "staging"}) files.make_folder(folder / name);
  const std::filesystem::path file = folder / "releases.db";
  const auto open_once = [&]() -> Result<Connection> {
    auto database = Connection::open(file, OpenMode::kReadWrite);
    if (!database) return database;
    auto status = database->quick_check();
    if (status) status = store::migrate(*database, releases_schema());
    if (!status) return fail(status.error());
    return database;
  };
  auto database = open_once();
  // SQLite's check says the same of a read that failed once. What is damaged is so at a second
  // look.
  if (!database && database.error().code == ErrorCode::kCorrupt) database = open_once();
  if (!database && database.error().code == ErrorCode::kCorrupt) {
    // It only lists what lies beside it, so nothing is lost by beginning again.
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::path part = file;
      part += suffix;
      files.remove(part);
    }
    database = open_once();
  }
  if (!database) return open_in_memory(folder, files);
  CatalogueStore store(folder, files, std::move(*database));
  // A list that begins: a cut may have come between, when it was made anew.
  const auto listed = store.releases_.integer("SELECT count(*) FROM release");
  if (!listed) return open_in_memory(folder, files);
  if (listed->value_or(0) == 0 && !store.adopt_files(true)) return open_in_memory(folder, files);
  return store;
}

Result<CatalogueStore> CatalogueStore::open_in_memory(const std::filesystem::path& folder,
                                                      const FileSystem& files) {
  auto database = Connection::open(store::kInMemory, OpenMode::kBuild);
  if (!database) return fail(database.error());
  if (auto made = store::migrate(*database, releases_schema()); !made) return fail(made.error());
  CatalogueStore store(folder, files, std::move(*database));
  store.read_only_ = true;
  store.adopt_list(folder / "releases.db");
  // Its log cannot be read, so a newer catalogue may lie there than it names.
  if (auto adopted = store.adopt_files(false); !adopted) return fail(adopted.error());
  return store;
}

// What can be read of a list that cannot be written, one of its tables or all.
void CatalogueStore::adopt_list(const std::filesystem::path& file) {
  const auto list = Connection::open(file, OpenMode::kImmutable);
  if (!list || !list->quick_check()) return;
  if (auto row = list->prepare("SELECT number, state, created_ms FROM release")) {
    while (row->step().value_or(false)) {
      static_cast<void>(releases_.run("INSERT INTO release VALUES(?,?,?)", row->integer(0),
                                      row->integer(1), row->integer(2)));
    }
  }
  if (auto row = list->prepare(
          "SELECT pointer, manifest, serial, expires_ms FROM document WHERE only=1")) {
    if (row->step().value_or(false)) {
      static_cast<void>(
          releases_.run("INSERT INTO document VALUES(1,?,?,?,?)", std::string_view(row->text(0)),
                        std::string_view(row->text(1)), row->integer(2), row->integer(3)));
    }
  }
  if (auto row = list->prepare("SELECT id FROM taken_down")) {
    while (row->step().value_or(false)) {
      static_cast<void>(
          releases_.run("INSERT INTO taken_down VALUES(?)", std::string_view(row->text(0))));
    }
  }
}

bool CatalogueStore::reopen() {
  if (!read_only_) return true;
  auto again = open(folder_, *files_);
  if (!again || again->read_only_) return false;
  releases_ = std::move(again->releases_);
  read_only_ = false;
  return true;
}

Status CatalogueStore::adopt_files(bool whole) {
  const auto names = files_->list(folder_);
  if (!names) return {};  // nothing can be read, so there is nothing to adopt
  for (const std::string& name : *names) {
    constexpr std::string_view kPrefix = "catalogue-";
    if (!name.starts_with(kPrefix) || !name.ends_with(".db")) continue;
    std::uint64_t number = 0;
    std::from_chars(name.data() + kPrefix.size(), name.data() + name.size() - 3, number);
    const auto file = CatalogueFile::open(folder_ / name, *files_);
    if (!file || file->release().value != number) continue;
    // One whose switch a cut interrupted may lack the names of its media.
    if (whole && !has_media_of(*file)) continue;
    const auto added = releases_.run("INSERT INTO release VALUES(?,?,?) ON CONFLICT DO NOTHING",
                                     number, kReady, file->created_ms());
    if (!added) return fail(added.error());
  }
  return {};
}

bool CatalogueStore::has_media_of(const CatalogueFile& file) const {
  const auto items = file.items();
  return items && std::ranges::all_of(*items, [this](const StoredItem& item) {
           return item.kind == wire::ItemKind::kRecord || has_medium(item.id);
         });
}

std::filesystem::path CatalogueStore::file_of(ReleaseNumber release) const {
  return folder_ / fmt::format("catalogue-{}.db", release.value);
}

Result<Catalogue> CatalogueStore::load_newest(std::int64_t now_ms) {
  auto row =
      releases_.query("SELECT number FROM release WHERE state=? ORDER BY number DESC", kReady);
  if (!row) return fail(row.error());
  std::vector<ReleaseNumber> ready;
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    ready.push_back(ReleaseNumber{row->number(0)});
  }
  for (const ReleaseNumber release : ready) {
    auto catalogue = load(release, now_ms);
    if (catalogue) return catalogue;
    const ErrorCode code = catalogue.error().code;
    if (code != ErrorCode::kCorrupt && code != ErrorCode::kNotFound) return catalogue;
    // Marked, so that the worker fetches it anew; showing goes on with the one before.
    static_cast<void>(reject(release));
  }
  return Catalogue{};
}

Status CatalogueStore::reject(ReleaseNumber release) {
  const auto marked =
      releases_.run("UPDATE release SET state=? WHERE number=?", kFailed, release.value);
  if (!marked) return fail(marked.error());
  return {};
}

Result<StoryReader> CatalogueStore::stories(ReleaseNumber release) const {
  return StoryReader::open(file_of(release));
}

Result<Catalogue> CatalogueStore::load(ReleaseNumber release, std::int64_t now_ms) const {
  const auto file = CatalogueFile::open(file_of(release), *files_);
  if (!file) return fail(file.error());
  if (file->release() != release) return fail(ErrorCode::kCorrupt, "the file is another release");
  auto catalogue = file->load();
  if (!catalogue) return catalogue;
  const auto expires = releases_.integer("SELECT expires_ms FROM document WHERE only=1");
  if (!expires) return fail(expires.error());
  catalogue->stale = expires->has_value() && **expires < now_ms;
  if (auto hidden = hide(*catalogue); !hidden) return fail(hidden.error());
  catalogue->index();
  return catalogue;
}

Status CatalogueStore::hide(Catalogue& catalogue) const {
  auto row = releases_.prepare("SELECT id FROM taken_down");
  if (!row) return fail(row.error());
  std::set<std::string> ids;
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    ids.insert(row->text(0));
  }
  if (ids.empty()) return {};
  hide_from(catalogue.products, "product", ids);
  hide_from(catalogue.events, "event", ids);
  hide_from(catalogue.stalls, "stall", ids);
  hide_from(catalogue.halls, "hall", ids);
  hide_from(catalogue.venues, "venue", ids);
  hide_from(catalogue.offices, "office", ids);
  std::erase_if(catalogue.forms,
                [&](const auto& form) { return ids.contains("form/" + form->id); });
  for (Stall& stall : catalogue.stalls) {
    std::erase_if(stall.products,
                  [&](const std::string& id) { return ids.contains("product/" + id); });
  }
  return {};
}

Status CatalogueStore::set_shown(ReleaseNumber release) {
  const auto done = releases_.run(
      "INSERT INTO shown VALUES(1,?) ON CONFLICT(only) DO UPDATE SET release=excluded.release",
      release.value);
  if (!done) return fail(done.error());
  return {};
}

Result<ReleaseNumber> CatalogueStore::shown() const {
  const auto number = releases_.integer("SELECT release FROM shown WHERE only=1");
  if (!number) return fail(number.error());
  return ReleaseNumber{static_cast<std::uint64_t>(number->value_or(0))};
}

Result<ReleaseNumber> CatalogueStore::rejected() const {
  const auto number = releases_.integer("SELECT max(number) FROM release WHERE state=?", kFailed);
  if (!number) return fail(number.error());
  const auto ready = newest_ready();
  if (!ready) return fail(ready.error());
  const ReleaseNumber found{static_cast<std::uint64_t>(number->value_or(0))};
  return found > *ready ? found : ReleaseNumber{};
}

Result<ReleaseNumber> CatalogueStore::newest_ready() const {
  const auto number = releases_.integer("SELECT max(number) FROM release WHERE state=?", kReady);
  if (!number) return fail(number.error());
  return ReleaseNumber{static_cast<std::uint64_t>(number->value_or(0))};
}

std::filesystem::path CatalogueStore::media_path(std::string_view hash) const {
  // What is no hash never becomes a path.
  return folder_ / "media" / (is_hash(hash) ? hash : std::string_view("none"));
}

bool CatalogueStore::has_medium(std::string_view hash) const {
  return is_hash(hash) && files_->has(media_path(hash));
}

Result<std::optional<HeldDocuments>> CatalogueStore::documents() const {
  auto row = releases_.query("SELECT pointer, manifest FROM document WHERE only=1");
  if (!row) return fail(row.error());
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return std::optional<HeldDocuments>{};
  auto pointer = wire::from_json<wire::SignedDocument>(row->text(0));
  auto manifest = wire::from_json<wire::SignedDocument>(row->text(1));
  // What does not read is fetched again.
  if (!pointer || !manifest) return std::optional<HeldDocuments>{};
  return std::optional{HeldDocuments{std::move(*pointer), std::move(*manifest)}};
}

Status CatalogueStore::adopt_documents(const HeldDocuments& documents,
                                       const wire::Pointer& pointer) {
  auto transaction = Transaction::begin(releases_);
  if (!transaction) return fail(transaction.error());
  // Another process may have got further since the caller judged: a stick that was taken in.
  const auto held = releases_.integer("SELECT serial FROM document WHERE only=1");
  if (!held) return fail(held.error());
  if (held->has_value() && static_cast<std::uint64_t>(**held) > pointer.serial) {
    return fail(ErrorCode::kStale, "a pointer with a higher serial is held");
  }
  const auto stored = releases_.run(
      "INSERT INTO document VALUES(1,?,?,?,?) ON CONFLICT(only) DO UPDATE SET "
      "pointer=excluded.pointer, manifest=excluded.manifest, serial=excluded.serial, "
      "expires_ms=excluded.expires_ms",
      std::string_view(wire::to_json(documents.pointer)),
      std::string_view(wire::to_json(documents.manifest)), pointer.serial, pointer.expires_ms);
  if (!stored) return fail(stored.error());
  const auto cleared = releases_.run("DELETE FROM taken_down");
  if (!cleared) return fail(cleared.error());
  for (const std::string& id : pointer.taken_down) {
    const auto added = releases_.run("INSERT INTO taken_down VALUES(?) ON CONFLICT DO NOTHING",
                                     std::string_view(id));
    if (!added) return fail(added.error());
  }
  return transaction->commit();
}

}  // namespace odop::kiosk

#include "kiosk/store/catalogue_file.h"

#include "kiosk/store/records.h"
#include "kiosk/store/schema.h"
#include "shared/crypto/digest.h"
#include "shared/wire/pack.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace odop::kiosk {
namespace {

using store::Blob;
using store::Connection;
using store::OpenMode;
using store::Statement;
using store::Transaction;

// The stands are in Uttar Pradesh; Indian Standard Time knows no summer time.
constexpr std::chrono::minutes kIndianTime{330};

std::string date_of(std::int64_t unix_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(unix_ms) +
                                                              kIndianTime};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

// Lengths go in as well, so that no two different tables give the same bytes.
class LeanDigest {
 public:
  void add(BytesView type, BytesView id, BytesView data) {
    digest_.update(fmt::format("{} {} {}\n", type.size(), id.size(), data.size()));
    digest_.update(type);
    digest_.update(id);
    digest_.update(data);
  }
  [[nodiscard]] Bytes finish() { return digest_.finish(); }

 private:
  crypto::Sha256 digest_;
};

constexpr std::string_view kLeanRows = "SELECT type, id, data FROM lean ORDER BY type, id";

Result<Bytes> digest_of(const Connection& database) {
  auto row = database.prepare(kLeanRows);
  if (!row) return fail(row.error());
  LeanDigest digest;
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) return digest.finish();
    digest.add(row->blob_view(0), row->blob_view(1), row->blob_view(2));
  }
}

Result<Catalogue> worth_showing(Catalogue catalogue) {
  if (catalogue.products.empty() || catalogue.districts.empty()) {
    return fail(ErrorCode::kCorrupt, "the release has no product or no district");
  }
  return catalogue;
}

// The prepared statements of a build.
struct Build {
  Connection& database;
  Statement drop_record, drop_lean, drop_media, put_record, put_lean, put_medium;

  static Result<Build> prepare(Connection& database) {
    constexpr std::string_view kTexts[] = {
        "DELETE FROM record WHERE type=? AND id=?",
        "DELETE FROM lean WHERE type=? AND id=?",
        "DELETE FROM medium WHERE type=? AND id=?",
        "INSERT INTO record VALUES(?,?,?,?)",
        "INSERT INTO lean VALUES(?,?,?)",
        "INSERT INTO medium VALUES(?,?,?,?) ON CONFLICT DO NOTHING"};
    std::vector<Statement> statements;
    for (const std::string_view sql : kTexts) {
      auto statement = database.prepare(sql);
      if (!statement) return fail(statement.error());
      statements.push_back(std::move(*statement));
    }
    return Build{database,
                 std::move(statements[0]),
                 std::move(statements[1]),
                 std::move(statements[2]),
                 std::move(statements[3]),
                 std::move(statements[4]),
                 std::move(statements[5])};
  }

  Status run(Statement& statement) {
    const auto done = database.run_prepared(statement);
    if (!done) return fail(done.error());
    return {};
  }

  Status drop(std::string_view type, std::string_view id) {
    for (Statement* statement : {&drop_record, &drop_lean, &drop_media}) {
      statement->bind(1, type);
      statement->bind(2, id);
      if (auto done = run(*statement); !done) return done;
    }
    return {};
  }

  Status medium(std::string_view type, std::string_view id, std::string_view hash,
                wire::ItemKind kind) {
    put_medium.bind(1, type);
    put_medium.bind(2, id);
    put_medium.bind(3, hash);
    put_medium.bind(4, static_cast<int>(kind));
    return run(put_medium);
  }

  Status put(const StoredRecord& stored) {
    const wire::Record& record = stored.record;
    const auto media = media_of(record);
    if (!media) return fail(media.error());
    if (auto dropped = drop(record.type, record.id); !dropped) return dropped;
    put_record.bind(1, std::string_view(record.type));
    put_record.bind(2, std::string_view(record.id));
    put_record.bind(3, Blob{stored.hash});
    put_record.bind(4, std::string_view(record.json));
    if (auto done = run(put_record); !done) return done;
    for (const MediumName& name : *media) {
      if (auto done = medium(record.type, record.id, name.hash, name.kind); !done) return done;
    }
    return lean(record);
  }

  Status lean(const wire::Record& record) {
    const auto lean = lean_of(record);
    if (!lean) return fail(lean.error());
    if (!*lean) return {};
    put_lean.bind(1, std::string_view(record.type));
    put_lean.bind(2, std::string_view(record.id));
    put_lean.bind(3, Blob{**lean});
    return run(put_lean);
  }
};

// The lean rows of a base that a program with another lean form has written are made anew.
Status renew_lean(Connection& database, Build& build) {
  const auto version = database.integer("SELECT lean_version FROM meta WHERE only=1");
  if (!version) return fail(version.error());
  if (version->value_or(kLeanVersion) == kLeanVersion) return {};
  if (auto emptied = database.run("DELETE FROM lean"); !emptied) return fail(emptied.error());
  auto row = database.prepare("SELECT type, id, json FROM record ORDER BY type, id");
  if (!row) return fail(row.error());
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) return {};
    if (auto made = build.lean({row->text(0), row->text(1), row->text(2)}); !made) return made;
  }
}

Status fill(Connection& database, const StagedRecords& staged) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return fail(transaction.error());
  {
    auto build = Build::prepare(database);
    if (!build) return fail(build.error());
    if (auto renewed = renew_lean(database, *build); !renewed) return renewed;
    for (const std::string& removed : staged.removed) {
      std::string type;
      std::string id;
      if (!wire::split_record_id(removed, type, id)) continue;  // a medium: nobody names it then
      if (auto dropped = build->drop(type, id); !dropped) return dropped;
    }
    for (const StoredRecord& record : staged.changed) {
      if (auto put = build->put(record); !put) return put;
    }
    if (staged.base.value == 0) {
      for (const StoredItem& item : staged.media) {
        const auto named = database.integer("SELECT 1 FROM medium WHERE hash=? AND kind=? LIMIT 1",
                                            std::string_view(item.id), static_cast<int>(item.kind));
        if (!named) return fail(named.error());
        if (named->has_value()) continue;
        if (auto put = build->medium("", item.id, item.id, item.kind); !put) return put;
      }
    }
  }
  const auto digest = digest_of(database);
  if (!digest) return fail(digest.error());
  const auto meta = database.run(
      "INSERT INTO meta VALUES(1,?,?,?,?) ON CONFLICT(only) DO UPDATE SET "
      "release=excluded.release, "
      "created_ms=excluded.created_ms, lean_version=excluded.lean_version, "
      "lean_digest=excluded.lean_digest",
      staged.release.value, staged.created_ms, kLeanVersion, Blob{*digest});
  if (!meta) return fail(meta.error());
  return transaction->commit();
}

}  // namespace

Result<CatalogueFile> CatalogueFile::open(const std::filesystem::path& file,
                                          const FileSystem& files) {
  // SQLite would not say which of them it is.
  if (const auto there = files.size(file); !there) return fail(there.error());
  auto database = Connection::open(file, OpenMode::kImmutable);
  if (!database) return fail(database.error());
  const auto version = database->integer("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (version->value_or(0) > static_cast<std::int64_t>(catalogue_schema().size())) {
    return fail(ErrorCode::kUnsupported, "the catalogue file is newer than this program");
  }
  auto row = database->prepare(
      "SELECT release, created_ms, lean_version, lean_digest FROM meta WHERE only=1");
  if (!row) return fail(ErrorCode::kCorrupt, row.error().context);
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return fail(ErrorCode::kCorrupt, "the catalogue file is not whole");
  const ReleaseNumber release{row->number(0)};
  const std::int64_t created_ms = row->integer(1);
  const std::int64_t lean_version = row->integer(2);
  Bytes lean_digest = row->blob(3);
  row = fail(ErrorCode::kInternal, "");  // ends the statement before its connection moves
  CatalogueFile opened(std::move(*database));
  opened.release_ = release;
  opened.created_ms_ = created_ms;
  opened.lean_version_ = lean_version;
  opened.lean_digest_ = std::move(lean_digest);
  return opened;
}

Result<Catalogue> CatalogueFile::load() const {
  if (lean_version_ != kLeanVersion) return load_from_records();
  Catalogue catalogue;
  catalogue.release = release_;
  catalogue.created_date = date_of(created_ms_);
  const auto products = database_.integer("SELECT count(*) FROM lean WHERE type='product'");
  if (!products) return fail(products.error());
  catalogue.products.reserve(static_cast<std::size_t>(products->value_or(0)));
  auto row = database_.prepare(kLeanRows);
  if (!row) return fail(row.error());
  LeanDigest digest;
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    const BytesView type = row->blob_view(0);
    const BytesView data = row->blob_view(2);
    digest.add(type, row->blob_view(1), data);
    if (auto added = add_lean(type, data, catalogue); !added) return fail(added.error());
  }
  // A flipped bit passes SQLite's own checks; it does not pass this one.
  if (digest.finish() != lean_digest_) {
    return fail(ErrorCode::kCorrupt, "the catalogue's rows do not fit their digest");
  }
  return worth_showing(std::move(catalogue));
}

// A file of an older program, whose lean form is another: slower, and right.
Result<Catalogue> CatalogueFile::load_from_records() const {
  Catalogue catalogue;
  catalogue.release = release_;
  catalogue.created_date = date_of(created_ms_);
  auto row = database_.prepare("SELECT type, id, json, hash FROM record ORDER BY type, id");
  if (!row) return fail(row.error());
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    const wire::Record record{row->text(0), row->text(1), row->text(2)};
    if (crypto::sha256(record.json) != row->blob_view(3)) {
      return fail(ErrorCode::kCorrupt, record.type + "/" + record.id);
    }
    const auto lean = lean_of(record);
    if (!lean) return fail(ErrorCode::kCorrupt, lean.error().context);
    if (!*lean) continue;
    if (auto added = add_lean(record.type, **lean, catalogue); !added) return fail(added.error());
  }
  return worth_showing(std::move(catalogue));
}

Result<std::vector<StoredItem>> CatalogueFile::items() const {
  std::vector<StoredItem> items;
  auto row = database_.prepare("SELECT type, id, hash FROM record ORDER BY type, id");
  if (!row) return fail(row.error());
  while (true) {
    const auto found = row->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    items.push_back({wire::ItemKind::kRecord, row->text(0) + "/" + row->text(1), row->blob(2)});
  }
  auto medium = database_.prepare("SELECT DISTINCT kind, hash FROM medium ORDER BY kind, hash");
  if (!medium) return fail(medium.error());
  while (true) {
    const auto found = medium->step();
    if (!found) return fail(found.error());
    if (!*found) break;
    Bytes hash;
    std::string id = medium->text(1);
    if (!from_hex(id, hash)) return fail(ErrorCode::kCorrupt, "a medium without a hash");
    items.push_back(
        {static_cast<wire::ItemKind>(medium->integer(0)), std::move(id), std::move(hash)});
  }
  return items;
}

Status build_catalogue_file(const std::filesystem::path& file,
                            const std::filesystem::path& base_file, const StagedRecords& staged,
                            const FileSystem& files) {
  files.remove(file);
  if (!base_file.empty()) {
    if (auto copied = files.copy(base_file, file); !copied) {
      return fail(copied.error().code, "the base release: " + copied.error().context);
    }
  }
  auto database = Connection::open(file, OpenMode::kBuild);
  if (!database) return fail(database.error());
  auto built = store::migrate(*database, catalogue_schema());
  if (built) built = fill(*database, staged);
  // Without a journal nothing can be rolled back: a file that failed is worth nothing.
  if (!built) files.remove(file);
  return built;
}

}  // namespace odop::kiosk

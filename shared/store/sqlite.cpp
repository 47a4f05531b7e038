#include "shared/store/sqlite.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace odop::store {
namespace {

constexpr int kBusyTimeoutMs = 5'000;
constexpr std::size_t kMostIdle = 64;  // statements of one connection; all of a journal's are fewer

ErrorCode code_of(sqlite3* database, int result) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kBusy;
    case SQLITE_FULL:
      return ErrorCode::kDiskFull;
    case SQLITE_READONLY:
      return ErrorCode::kReadOnly;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorrupt;
    case SQLITE_CONSTRAINT:
      return ErrorCode::kConflict;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: {
      const int system = database == nullptr ? 0 : sqlite3_system_errno(database);
      if (system == ENOSPC || system == EDQUOT) return ErrorCode::kDiskFull;
      if (system == EROFS || system == EACCES || system == EPERM) return ErrorCode::kReadOnly;
      return ErrorCode::kIo;
    }
    default:
      return ErrorCode::kInternal;
  }
}

// SQLite's messages name tables and columns, never values.
tl::unexpected<Error> failure(sqlite3* database, int result, std::string_view what) {
  std::string context(what);
  context += ": ";
  context += database == nullptr ? sqlite3_errstr(result) : sqlite3_errmsg(database);
  return fail(code_of(database, result), std::move(context));
}

std::string uri_of(const std::filesystem::path& file, std::string_view options) {
  std::string uri = "file:";
  for (const char c : file.string()) {
    if (c == '?' || c == '#' || c == '%') {
      uri += '%';
      uri += to_hex(BytesView(&c, 1));
    } else {
      uri += c;
    }
  }
  uri += options;
  return uri;
}

}  // namespace

// Prepared statements of one connection that nobody runs now, by their SQL.
class IdleStatements {
 public:
  IdleStatements() = default;
  IdleStatements(const IdleStatements&) = delete;
  IdleStatements& operator=(const IdleStatements&) = delete;
  ~IdleStatements() {
    for (const auto& [sql, statement] : by_sql_) sqlite3_finalize(statement);
  }

  // Null: there is none.
  sqlite3_stmt* take(std::string_view sql) {
    const auto found = by_sql_.find(sql);
    if (found == by_sql_.end()) return nullptr;
    sqlite3_stmt* const statement = found->second;
    by_sql_.erase(found);
    return statement;
  }
  void give(sqlite3_stmt* statement) {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (by_sql_.size() < kMostIdle) {
      by_sql_.emplace(sqlite3_sql(statement), statement);
    } else {
      sqlite3_finalize(statement);
    }
  }

 private:
  std::unordered_multimap<std::string_view, sqlite3_stmt*> by_sql_;  // the SQL is the statement's
};

void Statement::GiveBack::operator()(sqlite3_stmt* statement) const { idle->give(statement); }
Connection::Connection(sqlite3* database)
    : database_(database), idle_(std::make_shared<IdleStatements>()) {}
void Connection::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

void Statement::bind(int parameter, std::int64_t value) {
  failed_ |= sqlite3_bind_int64(statement_.get(), parameter, value) != SQLITE_OK;
}

void Statement::bind(int parameter, std::uint64_t value) {
  bind(parameter, static_cast<std::int64_t>(value));
}

void Statement::bind(int parameter, std::string_view text) {
  failed_ |= sqlite3_bind_text64(statement_.get(), parameter, text.empty() ? "" : text.data(),
                                 text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK;
}

void Statement::bind(int parameter, Blob blob) {
  failed_ |=
      sqlite3_bind_blob64(statement_.get(), parameter, blob.bytes.empty() ? "" : blob.bytes.data(),
                          blob.bytes.size(), SQLITE_TRANSIENT) != SQLITE_OK;
}

void Statement::bind(int parameter, std::nullptr_t) {
  failed_ |= sqlite3_bind_null(statement_.get(), parameter) != SQLITE_OK;
}

Result<bool> Statement::step() {
  if (failed_) return fail(ErrorCode::kInternal, "a parameter could not be bound");
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  sqlite3* database = sqlite3_db_handle(statement_.get());
  auto error = failure(database, result, "step");
  sqlite3_reset(statement_.get());
  return error;
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::uint64_t Statement::number(int column) const {
  return static_cast<std::uint64_t>(integer(column));
}

std::string Statement::text(int column) const {
  const auto* data = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (data == nullptr || size <= 0) return {};
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

Bytes Statement::blob(int column) const { return Bytes(blob_view(column)); }

BytesView Statement::blob_view(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (data == nullptr || size <= 0) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

Result<Connection> Connection::open(const std::filesystem::path& file, OpenMode mode) {
  const bool immutable = mode == OpenMode::kImmutable;
  const std::string uri = uri_of(file, immutable ? "?immutable=1&mode=ro" : "?psow=0");
  const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
                    (immutable ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(uri.c_str(), &raw, flags, nullptr);
  Connection connection(raw);
  if (opened != SQLITE_OK) return failure(raw, opened, "open");
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  if (!immutable && connection.read_only()) {
    return fail(ErrorCode::kReadOnly, "the database file cannot be written");
  }

  // What can be set without a statement is: each one costs a parse at every opening.
  constexpr std::array kSettings{std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                 std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                 std::pair{SQLITE_DBCONFIG_ENABLE_FKEY, 1}};
  for (const auto& [setting, value] : kSettings) {
    const int set = sqlite3_db_config(raw, setting, value, nullptr);
    if (set != SQLITE_OK) return failure(raw, set, "settings");
  }
  auto status = connection.execute(
      "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;");
  if (status && mode == OpenMode::kBuild) {
    status = connection.execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;");
  }
  if (status && mode == OpenMode::kReadWrite) {
    status = connection.execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=200;");
  }
  if (!status) return fail(status.error());
  return connection;
}

Status Connection::execute(const std::string& sql) {
  const int result = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return failure(database_.get(), result, "execute");
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) const {
  if (sqlite3_stmt* const kept = idle_->take(sql); kept != nullptr) return Statement(kept, idle_);
  sqlite3_stmt* raw = nullptr;
  const int result = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (result != SQLITE_OK) return failure(database_.get(), result, "prepare");
  return Statement(raw, idle_);
}

Result<std::int64_t> Connection::run_prepared(Statement& statement) {
  while (true) {
    const auto row = statement.step();
    if (!row) return fail(row.error());
    if (!*row) break;
  }
  const std::int64_t changed = sqlite3_changes64(database_.get());
  statement.reset();
  return changed;
}

bool Connection::read_only() const { return sqlite3_db_readonly(database_.get(), "main") != 0; }

Status Connection::quick_check() const { return check("PRAGMA quick_check(1)"); }

Status Connection::full_check() const { return check("PRAGMA integrity_check(1)"); }

Status Connection::check(std::string_view pragma) const {
  auto statement = prepare(pragma);
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  const std::string found = *row ? statement->text(0) : "no answer";
  if (found != "ok") return fail(ErrorCode::kCorrupt, std::string(pragma) + ": " + found);
  return {};
}

Status Connection::copy_to(const std::filesystem::path& file) const {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  auto copy = open(file, OpenMode::kBuild);
  if (!copy) return fail(copy.error());
  sqlite3* const to = copy->database_.get();
  sqlite3_backup* const backup = sqlite3_backup_init(to, "main", database_.get(), "main");
  if (backup == nullptr) return failure(to, sqlite3_errcode(to), "backup");
  constexpr int kAllPages = -1;
  static_cast<void>(sqlite3_backup_step(backup, kAllPages));
  // Its result names the error of the steps, if there was one.
  const int done = sqlite3_backup_finish(backup);
  if (done != SQLITE_OK) return failure(to, done, "backup");
  return {};
}

Status Connection::checkpoint() { return execute("PRAGMA wal_checkpoint(PASSIVE)"); }

Status Connection::truncate_wal() {
  auto statement = prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  if (*row && statement->integer(0) != 0) return fail(ErrorCode::kBusy, "checkpoint");
  return {};
}

Result<Transaction> Transaction::begin(Connection& connection) {
  auto begun = connection.run("BEGIN IMMEDIATE");
  if (!begun) return fail(begun.error());
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  // Nothing can be done about an error here: an open transaction ends with its connection anyway.
  if (connection_ != nullptr) static_cast<void>(connection_->run("ROLLBACK"));
}

Status Transaction::commit() {
  const auto committed = connection_->run("COMMIT");
  if (!committed) return fail(committed.error());
  connection_ = nullptr;
  return {};
}

Status migrate(Connection& connection, std::span<const Migration> all) {
  const auto version = connection.integer("PRAGMA user_version");
  if (!version) return fail(version.error());
  const auto plan = plan_migrations(static_cast<int>(version->value_or(0)), all);
  if (!plan) return fail(plan.error());
  if (plan->empty()) return {};
  auto transaction = Transaction::begin(connection);
  if (!transaction) return fail(transaction.error());
  // Another process may have been faster.
  const auto now = connection.integer("PRAGMA user_version");
  if (!now) return fail(now.error());
  for (const Migration& step : *plan) {
    if (now->value_or(0) >= step.number) continue;
    auto done = connection.execute(std::string(step.sql));
    if (!done) {
      return fail(done.error().code, "migration " + std::to_string(step.number) + " " +
                                         std::string(step.name) + ": " + done.error().context);
    }
  }
  auto noted =
      connection.execute("PRAGMA user_version=" + std::to_string(std::max<std::int64_t>(
                                                      now->value_or(0), plan->back().number)));
  return noted ? transaction->commit() : noted;
}

}  // namespace odop::store

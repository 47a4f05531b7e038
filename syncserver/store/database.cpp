#include "syncserver/store/database.h"

#include "syncserver/store/hot_statements.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace odop::syncserver {

namespace {

// Seconds that a writer waits for another process's transaction.
constexpr int kBusySeconds = 10;

// A path inside an SQLite URI: everything but the plainest characters is percent-encoded, so that
// spaces and question marks in folder names are safe.
std::string uri_path(const std::string& path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '-' || c == '_' || c == '.';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// "postgresql://user@host/name?..." as the "key='value' ..." that SOCI passes on unharmed (it
// appends to what it is given, which breaks an address).
std::string postgres_words(const std::string& address) {
  char* problem = nullptr;
  PQconninfoOption* options = PQconninfoParse(address.c_str(), &problem);
  if (options == nullptr) {
    const std::string text = problem == nullptr ? "no memory" : problem;
    PQfreemem(problem);
    throw soci::soci_error("database address: " + text);
  }
  std::string words;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    words += fmt::format("{}{}='", words.empty() ? "" : " ", option->keyword);
    for (const char* c = option->val; *c != '\0'; ++c) {
      if (*c == '\'' || *c == '\\') words += '\\';
      words += *c;
    }
    words += '\'';
  }
  PQconninfoFree(options);
  return words;
}

soci::connection_parameters parameters(const DatabaseAddress& address) {
  if (address.is_postgres()) return {soci::postgresql, postgres_words(address.text)};
  const std::string path = std::filesystem::absolute(address.text).string();
  return {soci::sqlite3, fmt::format("db=file:{}?psow=0 timeout={}", uri_path(path), kBusySeconds)};
}

// Statements of a schema file: each ends with ";" at the end of a line.
void run_script(soci::session& sql, std::string_view script) {
  while (!script.empty()) {
    const std::size_t end = script.find(";\n");
    const std::string statement(script.substr(0, end));
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 2);
    if (statement.find_first_not_of(" \n") != std::string::npos) sql << statement;
  }
}

}  // namespace

Connection::Connection(const DatabaseAddress& address, int cache_kib)
    : sql(parameters(address)), postgres_(address.is_postgres()) {
  if (postgres_) {
    sql << "SET client_min_messages = warning";  // else each start says that its tables are there
    return;
  }
  for (const char* pragma :
       {"PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA mmap_size=0",
        "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA secure_delete=ON"}) {
    sql << pragma;
  }
  sql << fmt::format("PRAGMA cache_size=-{}", cache_kib);
  std::string answer;
  sql << "PRAGMA journal_mode=WAL", soci::into(answer);
  sql << "PRAGMA wal_autocheckpoint=1000", soci::into(answer);
}

Connection::~Connection() = default;

HotStatements& Connection::hot() {
  if (!hot_) hot_ = std::make_unique<HotStatements>(*this);
  return *hot_;
}

Status Connection::migrate(std::span<const store::Migration> plan) {
  try {
    begin();
    sql << "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, name TEXT NOT "
           "NULL)";
    commit();
    for (;;) {
      begin();  // another process may be doing the same: look again under the lock
      int held = 0;
      sql << "SELECT COALESCE(MAX(number), 0) FROM schema_version", soci::into(held);
      const auto steps = store::plan_migrations(held, plan);
      if (!steps.has_value() || steps->empty()) {
        rollback();
        return steps.has_value() ? Status{} : fail(steps.error());
      }
      const store::Migration& step = steps->front();
      run_script(sql, step.sql);
      const std::string name(step.name);
      sql << "INSERT INTO schema_version (number, name) VALUES (:n, :m)", soci::use(step.number),
          soci::use(name);
      commit();
    }
  } catch (const soci::soci_error& error) {
    rollback();
    return fail(translate(error));
  }
}

void Connection::begin() {
  if (postgres_) {
    sql.begin();
  } else {
    sql << "BEGIN IMMEDIATE";
  }
}

std::string Connection::row_lock() const { return postgres_ ? " FOR UPDATE" : ""; }

std::string Connection::bytes_value(const std::string& parameter) const {
  return postgres_ ? "decode(" + parameter + ", 'hex')" : "CAST(" + parameter + " AS BLOB)";
}

std::string Connection::bytes_column(const std::string& column) const {
  return postgres_ ? "encode(" + column + ", 'hex')" : column;
}

void Connection::carry(BytesView bytes, std::string& variable) const {
  if (postgres_) {
    variable = to_hex(bytes);
  } else {
    variable.assign(bytes);
  }
}

Bytes Connection::carried(const std::string& variable) const {
  if (!postgres_) return variable;
  Bytes bytes;
  if (!from_hex(variable, bytes)) throw soci::soci_error("a column of bytes is not hex");
  return bytes;
}

void Connection::commit() { sql.commit(); }

void Connection::rollback() noexcept {
  if (hot_) hot_->last_id = hot_->next_id - 1;
  try {
    sql.rollback();
  } catch (const soci::soci_error&) {
    // No transaction was open: there is nothing to take back.
    return;
  }
}

Status Connection::check() {
  if (postgres_) return {};
  return guarded([this]() -> Status {
    std::string answer;
    sql << "PRAGMA integrity_check(1)", soci::into(answer);
    if (answer != "ok") return fail(ErrorCode::kCorrupt, answer);
    return {};
  });
}

void Connection::settle_log() {
  if (postgres_) return;
  int busy = 0;
  sql << "PRAGMA wal_checkpoint(PASSIVE)", soci::into(busy);
}

void Connection::truncate_log() {
  if (postgres_) return;
  int busy = 0;
  sql << "PRAGMA wal_checkpoint(TRUNCATE)", soci::into(busy);
}

Status copy_sqlite(Connection& connection, const std::filesystem::path& target) {
  if (connection.is_postgres()) {
    return fail(ErrorCode::kUnsupported, "back a PostgreSQL database up with pg_dump");
  }
  std::error_code ignored;
  if (std::filesystem::exists(target, ignored)) return fail(ErrorCode::kConflict, target.string());
  // VACUUM INTO reads one snapshot and writes a compact file; other processes go on writing.
  const std::string path = target.string();
  connection.sql << "VACUUM INTO :target", soci::use(path);
  const int file = ::open(target.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!synced) return fail(ErrorCode::kIo, path);
  return {};
}

Error translate(const soci::soci_error& error) {
  ErrorCode code = ErrorCode::kIo;
  if (const auto* lite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
    switch (lite->result() & 0xff) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        code = ErrorCode::kBusy;
        break;
      case SQLITE_FULL:
        code = ErrorCode::kDiskFull;
        break;
      case SQLITE_READONLY:
      case SQLITE_CANTOPEN:
        code = ErrorCode::kReadOnly;
        break;
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        code = ErrorCode::kCorrupt;
        break;
      case SQLITE_CONSTRAINT:
        code = ErrorCode::kConflict;
        break;
      default:
        break;
    }
  } else {
    switch (error.get_error_category()) {
      case soci::soci_error::connection_error:
        code = ErrorCode::kBusy;
        break;
      case soci::soci_error::constraint_violation:
        code = ErrorCode::kConflict;
        break;
      default:
        break;
    }
  }
  return Error{code, error.get_error_message()};
}

ConnectionPool::Lease ConnectionPool::lease() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      std::unique_ptr<Connection> connection = std::move(free_.back());
      free_.pop_back();
      return {*this, std::move(connection)};
    }
  }
  return {*this, std::make_unique<Connection>(address_)};
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(connection));
}

}  // namespace odop::syncserver

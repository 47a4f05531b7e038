// One connection of either database, and the few places where the two differ.
// Internal to the room: only the room's .cpp files include it.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/store/migration.h"
#include "syncserver/store/soci_session.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace odop::syncserver {

// Where the data is: a file of SQLite, or "postgresql://...".
struct DatabaseAddress {
  std::string text;
  [[nodiscard]] bool is_postgres() const {
    return text.rfind("postgresql://", 0) == 0 || text.rfind("postgres://", 0) == 0;
  }
};

// Embedded from schema/ and key_schema/ at build time.
[[nodiscard]] std::span<const store::Migration> main_schema();
[[nodiscard]] std::span<const store::Migration> key_schema();

struct HotStatements;  // prepared once a connection; see hot_statements.h

// A reader holds few pages; the writer holds what one commit of 32 full batches changes, or it
// would write those pages twice.
inline constexpr int kReaderCacheKib = 2 * 1024;
inline constexpr int kWriterCacheKib = 16 * 1024;

// One thread at a time.
class Connection {
 public:
  // Opens and configures. SQLite: psow=0, WAL, synchronous=FULL (the only mode that lost and tore
  // nothing in simulated power cuts), checkpoint at 1,000 pages (at 200,
  // intake from 32 clients was slower by a quarter); another process's lock is waited for ten
  // seconds. `cache_kib` bounds its pages in memory. Throws soci::soci_error.
  explicit Connection(const DatabaseAddress& address, int cache_kib = kReaderCacheKib);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Brings the schema up, each migration in a transaction of its own. Errors: kUnsupported (the
  // database is newer than this program).
  [[nodiscard]] Status migrate(std::span<const store::Migration> plan);

  // A write transaction. SQLite takes its one write lock here, so that no later statement can fail
  // for it. Throw soci::soci_error.
  void begin();
  void commit();
  void rollback() noexcept;
  // What a SELECT ends with that holds its rows until the transaction ends. SQLite's one write lock
  // holds everything already.
  [[nodiscard]] std::string row_lock() const;

  // Columns of bytes. SOCI knows texts alone: what it carries are the bytes themselves on SQLite,
  // hex digits on PostgreSQL. `bytes_value` and `bytes_column` are the SQL around a parameter
  // (":name") and around a column; `carry` and `carried` convert the variable on either side.
  [[nodiscard]] std::string bytes_value(const std::string& parameter) const;
  [[nodiscard]] std::string bytes_column(const std::string& column) const;
  void carry(BytesView bytes, std::string& variable) const;
  [[nodiscard]] Bytes carried(const std::string& variable) const;

  // The database's own check. Errors: kCorrupt.
  [[nodiscard]] Status check();
  // Moves what is in the write-ahead log into the file before anything is written after it: see
  // Decisions. Waits for nobody. Nothing to do on PostgreSQL.
  void settle_log();
  // Moves the write-ahead log into the file and empties it, so that deleted text is gone from it.
  // Nothing to do on PostgreSQL.
  void truncate_log();

  [[nodiscard]] bool is_postgres() const { return postgres_; }
  [[nodiscard]] HotStatements& hot();

  soci::session sql;

 private:
  bool postgres_ = false;
  std::unique_ptr<HotStatements> hot_;
};

// A consistent copy of an SQLite database in a new file, synced. Errors: kConflict, kUnsupported
// (PostgreSQL), kIo. Throws soci::soci_error.
[[nodiscard]] Status copy_sqlite(Connection& connection, const std::filesystem::path& target);

// What SOCI threw, as an Error: busy, full, read-only and damaged are told apart.
[[nodiscard]] Error translate(const soci::soci_error& error);

// Runs `work` and turns what SOCI throws into an error.
template <typename Work>
auto guarded(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const soci::soci_error& error) {
    return fail(translate(error));
  }
}

// Connections for reading; grows to as many as there are callers at once.
class ConnectionPool {
 public:
  explicit ConnectionPool(DatabaseAddress address) : address_(std::move(address)) {}

  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection)
        : pool_(pool), connection_(std::move(connection)) {}
    ~Lease() { pool_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection* operator->() { return connection_.get(); }
    Connection& operator*() { return *connection_; }

   private:
    ConnectionPool& pool_;
    std::unique_ptr<Connection> connection_;
  };

  // Throws soci::soci_error when a new one cannot be opened.
  [[nodiscard]] Lease lease();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  DatabaseAddress address_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace odop::syncserver

// SQLite in RAII, with the settings that survived simulated power cuts: WAL, synchronous=FULL,
// power-safe overwrite off (psow=0: a cut may trash the neighbouring sector), autocheckpoint 200
// pages, no memory mapping, untrusted schema, cell size checks, defensive mode.
//
// Threads: one connection belongs to one thread at a time. Nothing here throws.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/store/migration.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace odop::store {

enum class OpenMode : std::uint8_t {
  kReadWrite,  // created when missing; WAL
  kImmutable,  // read only, no locks, no WAL: the file must not change while it is open
  kBuild,      // created when missing; no journal, no sync: a private file that is synced and
               // renamed when it is whole, and thrown away when it is not
};

// With kBuild: a database that lies in memory and nowhere else.
inline constexpr std::string_view kInMemory = ":memory:";

// A blob argument: SQLite tells text from blobs, and Bytes is a std::string.
struct Blob {
  BytesView bytes;
};

class Connection;
class IdleStatements;  // sqlite.cpp

// A prepared statement. Parameters count from 1, columns from 0. It must not outlive its
// connection, which keeps it for the next time that the same SQL is wanted; what was bound is
// forgotten first.
class Statement {
 public:
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, std::uint64_t value);  // stored as the signed value of the same bits
  void bind(int parameter, int value) { bind(parameter, static_cast<std::int64_t>(value)); }
  void bind(int parameter, std::string_view text);
  void bind(int parameter, Blob blob);
  void bind(int parameter, std::nullptr_t);

  // True: a row is there. False: done. Errors: those of `Connection`.
  [[nodiscard]] Result<bool> step();
  void reset();  // to run it again; bindings stay

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::uint64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] Bytes blob(int column) const;
  // Valid until the next step or reset.
  [[nodiscard]] BytesView blob_view(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Connection;
  struct GiveBack {
    std::shared_ptr<IdleStatements> idle;
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3_stmt* statement, std::shared_ptr<IdleStatements> idle)
      : statement_(statement, GiveBack{std::move(idle)}) {}

  std::unique_ptr<sqlite3_stmt, GiveBack> statement_;
  bool failed_ = false;  // a bind failed; the next step reports it
};

// Errors of every call: kBusy (another connection writes for longer than 5 s), kDiskFull,
// kReadOnly, kCorrupt, kIo, kInternal (a mistake in our SQL).
class Connection {
 public:
  [[nodiscard]] static Result<Connection> open(const std::filesystem::path& file, OpenMode mode);

  // One or more statements without parameters.
  [[nodiscard]] Status execute(const std::string& sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;

  // Prepares and binds in order.
  template <typename... Args>
  [[nodiscard]] Result<Statement> query(std::string_view sql, const Args&... args) const {
    auto statement = prepare(sql);
    if (statement) {
      int parameter = 0;
      (statement->bind(++parameter, args), ...);
    }
    return statement;
  }

  // Runs a statement whose rows nobody wants. Returns how many rows it changed.
  template <typename... Args>
  Result<std::int64_t> run(std::string_view sql, const Args&... args) {
    auto statement = query(sql, args...);
    if (!statement) return fail(statement.error());
    return run_prepared(*statement);
  }
  Result<std::int64_t> run_prepared(Statement& statement);

  // First column of the first row; nullopt when there is no row or it is NULL.
  template <typename... Args>
  [[nodiscard]] Result<std::optional<std::int64_t>> integer(std::string_view sql,
                                                            const Args&... args) const {
    auto statement = query(sql, args...);
    if (!statement) return fail(statement.error());
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row || statement->is_null(0)) return std::optional<std::int64_t>{};
    return std::optional<std::int64_t>{statement->integer(0)};
  }

  [[nodiscard]] bool read_only() const;
  // Errors of both: kCorrupt when it finds anything. The full check compares every row with its
  // indexes, too; for 40 MB of 10,000 rows it takes 70 ms where the quick one takes 45.
  [[nodiscard]] Status quick_check() const;
  [[nodiscard]] Status full_check() const;
  // The whole database as it stands, its log included, into `file`, which is replaced and not
  // synced: SQLite's online backup in one step, so that other connections write on meanwhile.
  [[nodiscard]] Status copy_to(const std::filesystem::path& file) const;
  // Moves as much of the WAL into the database as nobody holds up, and syncs it; waits for nobody.
  [[nodiscard]] Status checkpoint();
  // Empties the WAL into the database and truncates it: deleted text is gone from the disk then.
  [[nodiscard]] Status truncate_wal();

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Connection(sqlite3* database);
  [[nodiscard]] Status check(std::string_view pragma) const;

  std::unique_ptr<sqlite3, Close> database_;
  std::shared_ptr<IdleStatements> idle_;  // goes before the database
};

// BEGIN IMMEDIATE; rolls back unless committed. The connection must outlive it.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // On error nothing was stored.
  [[nodiscard]] Status commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

// Brings the database to the newest of `all`, in one transaction: all steps or none; the version is
// kept in `PRAGMA user_version`. Errors: kUnsupported (newer than the program; nothing was
// touched).
[[nodiscard]] Status migrate(Connection& connection, std::span<const Migration> all);

}  // namespace odop::store

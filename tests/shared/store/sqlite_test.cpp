#include "shared/store/sqlite.h"

#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace odop::store {
namespace {

using test::TempFolder;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("A connection carries the settings that survive power cuts", "[shared][store]") {
  const TempFolder folder;
  auto database = Connection::open(folder / "a?b#c%.db", OpenMode::kReadWrite);
  REQUIRE(database.has_value());
  CHECK(std::filesystem::exists(folder / "a?b#c%.db"));
  CHECK(database->integer("PRAGMA synchronous")->value() == 2);
  CHECK(database->integer("PRAGMA wal_autocheckpoint")->value() == 200);
  CHECK(database->integer("PRAGMA trusted_schema")->value() == 0);
  CHECK(database->integer("PRAGMA cell_size_check")->value() == 1);
  auto mode = database->query("PRAGMA journal_mode");
  REQUIRE(mode.has_value());
  REQUIRE(mode->step().value());
  CHECK(mode->text(0) == "wal");
  CHECK(database->quick_check().has_value());
  // Defensive mode: the schema cannot be written by hand.
  CHECK_FALSE(
      database->execute("PRAGMA writable_schema=ON; DELETE FROM sqlite_schema").has_value());
}

TEST_CASE("Values come back as they went in", "[shared][store]") {
  const TempFolder folder;
  auto database = Connection::open(folder / "v.db", OpenMode::kReadWrite);
  REQUIRE(database.has_value());
  REQUIRE(database->execute("CREATE TABLE t(i INTEGER, s TEXT, b BLOB, n)").has_value());
  const std::string with_zero("a\0b", 3);
  REQUIRE(database
              ->run("INSERT INTO t VALUES(?,?,?,?)", std::int64_t{-5},
                    std::string_view("\u0907\u0924\u094D\u0930"), Blob{with_zero}, nullptr)
              .value() == 1);
  auto row = database->query("SELECT i,s,b,n FROM t WHERE i=?", std::int64_t{-5});
  REQUIRE(row.has_value());
  REQUIRE(row->step().value());
  CHECK(row->integer(0) == -5);
  CHECK(row->text(1) == "\u0907\u0924\u094D\u0930");
  CHECK(row->blob(2) == with_zero);
  CHECK(row->is_null(3));
  CHECK_FALSE(row->step().value());
}

TEST_CASE("A transaction that is not committed leaves nothing", "[shared][store]") {
  const TempFolder folder;
  auto database = Connection::open(folder / "t.db", OpenMode::kReadWrite);
  REQUIRE(database.has_value());
  REQUIRE(database->execute("CREATE TABLE t(i)").has_value());
  {
    auto transaction = Transaction::begin(*database);
    REQUIRE(transaction.has_value());
    REQUIRE(database->run("INSERT INTO t VALUES(1)").has_value());
  }
  CHECK(database->integer("SELECT count(*) FROM t")->value() == 0);
  {
    auto transaction = Transaction::begin(*database);
    REQUIRE(transaction.has_value());
    REQUIRE(database->run("INSERT INTO t VALUES(1)").has_value());
    REQUIRE(transaction->commit().has_value());
  }
  CHECK(database->integer("SELECT count(*) FROM t")->value() == 1);
}

TEST_CASE("Migrations apply once, and a failing one leaves the step before", "[shared][store]") {
  const TempFolder folder;
  auto database = Connection::open(folder / "m.db", OpenMode::kReadWrite);
  REQUIRE(database.has_value());
  constexpr auto kOne = std::to_array<Migration>({{1, "one", "CREATE TABLE a(x)"}});
  REQUIRE(migrate(*database, kOne).has_value());
  REQUIRE(migrate(*database, kOne).has_value());

  constexpr auto kBroken = std::to_array<Migration>(
      {{1, "one", "CREATE TABLE a(x)"}, {2, "two", "CREATE TABLE b(x); CREATE TABLE a(x)"}});
  CHECK_FALSE(migrate(*database, kBroken).has_value());
  CHECK(database->integer("PRAGMA user_version")->value() == 1);
  CHECK(database->integer("SELECT count(*) FROM sqlite_schema WHERE name='b'")->value() == 0);

  REQUIRE(database->execute("PRAGMA user_version=7").has_value());
  const auto newer = migrate(*database, kOne);
  REQUIRE_FALSE(newer.has_value());
  CHECK(newer.error().code == ErrorCode::kUnsupported);
}

TEST_CASE("An immutable database needs no files beside it", "[shared][store]") {
  const TempFolder folder;
  {
    auto database = Connection::open(folder / "i.db", OpenMode::kReadWrite);
    REQUIRE(database.has_value());
    REQUIRE(database->execute("PRAGMA journal_mode=DELETE; CREATE TABLE t(i)").has_value());
  }
  std::filesystem::permissions(folder / "i.db", std::filesystem::perms::owner_read);
  const auto database = Connection::open(folder / "i.db", OpenMode::kImmutable);
  REQUIRE(database.has_value());
  CHECK(database->read_only());
  CHECK(database->integer("SELECT count(*) FROM t")->value() == 0);
  CHECK_FALSE(std::filesystem::exists(folder / "i.db-wal"));
}

TEST_CASE("A damaged file is reported as corrupt", "[shared][store][fault]") {
  const TempFolder folder;
  {
    auto database = Connection::open(folder / "d.db", OpenMode::kReadWrite);
    REQUIRE(database.has_value());
    REQUIRE(database->execute("CREATE TABLE t(i PRIMARY KEY)").has_value());
    for (int i = 0; i < 2000; ++i) REQUIRE(database->run("INSERT INTO t VALUES(?)", i));
    REQUIRE(database->truncate_wal().has_value());
  }
  std::string bytes = read_file(folder / "d.db");
  std::mt19937 random(7);
  for (std::size_t i = 4096; i < bytes.size(); i += 97) bytes[i] = static_cast<char>(random());
  std::ofstream(folder / "d.db", std::ios::binary) << bytes;

  const auto database = Connection::open(folder / "d.db", OpenMode::kReadWrite);
  const bool found = !database.has_value() || !database->quick_check().has_value();
  CHECK(found);
}

TEST_CASE("Deleted text is gone from the disk after the WAL was truncated", "[shared][store]") {
  const TempFolder folder;
  auto database = Connection::open(folder / "w.db", OpenMode::kReadWrite);
  REQUIRE(database.has_value());
  REQUIRE(database->execute("PRAGMA secure_delete=ON; CREATE TABLE t(s)").has_value());
  REQUIRE(database->run("INSERT INTO t VALUES('CANARY-4711')").has_value());
  CHECK(read_file(folder / "w.db-wal").find("CANARY-4711") != std::string::npos);
  REQUIRE(database->run("DELETE FROM t").has_value());
  REQUIRE(database->truncate_wal().has_value());
  CHECK(read_file(folder / "w.db-wal").empty());
  CHECK(read_file(folder / "w.db").find("CANARY-4711") == std::string::npos);
}

}  // namespace
}  // namespace odop::store

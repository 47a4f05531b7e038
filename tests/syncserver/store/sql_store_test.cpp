#include "syncserver/store/sql_store.h"

#include "syncserver/store/key_store.h"
#include "tests/support/temp_folder.h"
#include "tests/syncserver/store/store_contract.h"

#include <catch2/catch.hpp>
#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace odop::syncserver {

namespace {

using Check = void (*)(Store&);
constexpr Check kContract[] = {
    check_fleet,       check_intake, check_concurrent_intake, check_cases,       check_office,
    check_withdrawals, check_feed,   check_catalogue,         check_attachments, check_anew};

std::string read_all(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("SqlStore on SQLite keeps the Store contract", "[syncserver][store][contract]") {
  for (const Check check : kContract) {
    const test::TempFolder folder;
    auto store = open_store((folder.path() / "with space & more?.db").string());
    REQUIRE(store.has_value());
    check(*store.value());
    CHECK(store.value()->check().has_value());
  }
}

TEST_CASE("One backup may be restored again and again", "[syncserver][store]") {
  constexpr std::int64_t kStart = 1'795'500'000'000;
  const test::TempFolder folder;
  auto restored = [&folder, lives = 0](std::int64_t now_ms) mutable {
    const auto copy = folder.path() / ("life " + std::to_string(++lives));
    std::filesystem::copy_file(folder / "backup.db", copy);
    auto store = open_store(copy.string()).value();
    REQUIRE(store
                ->begin_new_life(
                    {.generation = "0190a000-0000-7000-8000-00000000000a", .now_ms = now_ms})
                .has_value());
    return store->floors().value();
  };
  {
    // Of a server that was restored a moment before.
    auto store = open_store((folder / "first.db").string()).value();
    REQUIRE(store
                ->begin_new_life(
                    {.generation = "0190a000-0000-7000-8000-000000000001", .now_ms = kStart})
                .has_value());
    REQUIRE(store->copy_to(folder / "backup.db").has_value());
  }
  const auto one = restored(kStart + 60'000);
  const auto two = restored(kStart + 120'000);
  CHECK(two.release.value == one.release.value + 1);
  CHECK(one.release.value < 1'000'000);  // people read it
  CHECK(two.serial >= one.serial + 30);
  CHECK(two.answer >= one.answer + 30);
  // A clock that went back: ahead of what the backup knows, at least.
  const auto wrong = restored(kStart - 1'000'000'000);
  CHECK(wrong.serial > one.serial);
  CHECK(wrong.answer > one.answer);
  CHECK(wrong.release > one.release);
  // Beyond the minutes: a server that was restored when releases took the seconds.
  {
    auto store = open_store((folder / "seconds.db").string()).value();
    const ReleaseNumber seconds{217'000'000};
    REQUIRE(store->begin_new_life({.now_ms = kStart, .releases_after = seconds}).has_value());
    CHECK(store->floors().value().release == seconds);
    REQUIRE(store->begin_new_life({.now_ms = kStart}).has_value());
    CHECK(store->floors().value().release.value == 217'663'200);
  }
}

TEST_CASE("A life that fills its block of kiosk numbers gives none a second time",
          "[syncserver][store]") {
  const test::TempFolder folder;
  auto store = open_store((folder / "odop.db").string()).value();
  int codes = 0;
  const auto add = [&] { return store->add_kiosk({.code_hash = std::to_string(++codes)})->value; };
  CHECK(add() == 1);
  REQUIRE(store->begin_new_life({.generation = "b", .kiosks_after = KioskNumber{300}}).has_value());
  CHECK(add() == 301);
  CHECK(add() == 302);
  // Another life, in an earlier block: it comes to what is given.
  REQUIRE(store->begin_new_life({.generation = "c", .kiosks_after = KioskNumber{299}}).has_value());
  CHECK(store->floors()->kiosk == KioskNumber{299});
  CHECK(add() == 300);
  CHECK(add() == 303);
}

TEST_CASE("SqlStore on PostgreSQL keeps the Store contract", "[syncserver][store][contract][pg]") {
  const char* address = std::getenv("ODOP_TEST_POSTGRES");
  if (address == nullptr) {
    WARN("left out: ODOP_TEST_POSTGRES names no database");
    return;
  }
  for (const Check check : kContract) {
    PGconn* admin = PQconnectdb(address);
    REQUIRE(PQstatus(admin) == CONNECTION_OK);
    PQclear(PQexec(admin, "SET client_min_messages = warning"));
    PQclear(PQexec(admin, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
    PQfinish(admin);
    auto store = open_store(address);
    REQUIRE(store.has_value());
    check(*store.value());
  }
}

TEST_CASE("A store keeps its content and its numbers over a restart", "[syncserver][store]") {
  const test::TempFolder folder;
  const std::string file = (folder.path() / "odop.db").string();
  {
    auto store = open_store(file);
    REQUIRE(store.value()->set_generation("0190aaaa-0000-7000-8000-000000000000").has_value());
    CHECK(store.value()->add_kiosk({.code_hash = "a"}).value() == KioskNumber{1});
  }
  auto store = open_store(file);
  CHECK(store.value()->generation().value() == "0190aaaa-0000-7000-8000-000000000000");
  CHECK(store.value()->add_kiosk({.code_hash = "b"}).value() == KioskNumber{2});
}

TEST_CASE("A database newer than the program is refused", "[syncserver][store]") {
  const test::TempFolder folder;
  const std::string file = (folder.path() / "odop.db").string();
  REQUIRE(open_store(file).has_value());
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &raw) == SQLITE_OK);
  REQUIRE(sqlite3_exec(raw, "INSERT INTO schema_version VALUES (999, 'future')", nullptr, nullptr,
                       nullptr) == SQLITE_OK);
  sqlite3_close(raw);
  const auto opened = open_store(file);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::kUnsupported);
}

TEST_CASE("A full disk stores nothing and says so", "[syncserver][store][fault]") {
  const test::TempFolder folder;
  const std::string file = (folder.path() / "odop.db").string();
  auto store = open_store(file);
  REQUIRE(store.has_value());
  CatalogueRecord record{"product", "a", std::string(200'000, 'x'), "hash"};
  // The file may grow no more: SQLite reports the same error as a full disk.
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &raw) == SQLITE_OK);
  sqlite3_close(raw);
  struct TightLimit {
    TightLimit() {
      ::signal(SIGXFSZ, SIG_IGN);
      ::getrlimit(RLIMIT_FSIZE, &before);
      rlimit tight = before;
      tight.rlim_cur = 150'000;
      ::setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~TightLimit() { ::setrlimit(RLIMIT_FSIZE, &before); }
    rlimit before{};
  };
  Status status;
  {
    const TightLimit guard;
    status = store.value()->edit_draft(std::vector{record}, {}, {}, 1);
  }
  REQUIRE_FALSE(status.has_value());
  CHECK((status.error().code == ErrorCode::kDiskFull || status.error().code == ErrorCode::kIo));
  CHECK(store.value()->draft().value().empty());
  CHECK(store.value()->edit_draft(std::vector{record}, {}, {}, 1).has_value());
}

TEST_CASE("A copy of a live database opens and holds the same", "[syncserver][store]") {
  const test::TempFolder folder;
  const auto file = (folder.path() / "odop.db").string();
  const auto copy = folder.path() / "copy.db";
  auto store = open_store(file);
  REQUIRE(store.value()
              ->edit_draft(std::vector<CatalogueRecord>{{"unit", "kg", "{}", "h"}}, {}, {}, 1)
              .has_value());
  REQUIRE(store.value()->copy_to(copy).has_value());
  CHECK(store.value()->copy_to(copy).error().code == ErrorCode::kConflict);
  CHECK_FALSE(std::filesystem::exists(copy.string() + "-wal"));
  auto other = open_store(copy.string());
  CHECK(other.value()->draft().value().size() == 1);
}

TEST_CASE("A destroyed record key is gone from every byte of the key store",
          "[syncserver][store]") {
  const test::TempFolder folder;
  const auto file = folder.path() / "records.db";
  auto keys = open_key_store(file);
  REQUIRE(keys.has_value());
  const Bytes secret = "0123456789abcdefghijklmnopqrstuv";
  REQUIRE(keys.value()
              ->put(std::vector<RecordKey>{{"hash-1", secret}, {"hash-2", Bytes(32, 'z')}})
              .has_value());
  REQUIRE(keys.value()->put(std::vector<RecordKey>{{"hash-1", Bytes(32, 'n')}}).has_value());
  CHECK(keys.value()->get("hash-1").value() == secret);
  CHECK_FALSE(keys.value()->get("hash-3").value().has_value());
  struct stat info {};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);

  REQUIRE(keys.value()->destroy("hash-1").has_value());
  CHECK_FALSE(keys.value()->get("hash-1").value().has_value());
  CHECK(keys.value()->get("hash-2").value().has_value());
  const std::string encoded = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";
  CHECK(read_all(file).find(encoded) == std::string::npos);
  CHECK(read_all(file.string() + "-wal").find(encoded) == std::string::npos);
}

}  // namespace odop::syncserver

// The audit log: what its chain, its signatures and its witnesses notice.
#include "syncserver/service/audit.h"

#include "shared/crypto/trust.h"
#include "shared/wire/json.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/verify.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kEntries = 60;

// A desk with a log of two entries an act.
class LogDesk : public Desk {
 public:
  LogDesk() {
    for (std::uint64_t act = 0; act < kEntries / 2; ++act) {
      const std::string subject = fmt::format("kiosk {}", act);
      const auto order = log.order("kiosk revoke", subject).value();
      clock.advance(std::chrono::seconds(1));
      must(log.finish(order, "kiosk revoke", subject, "done: nothing to add"));
    }
  }
  std::vector<std::string> problems() {
    return check_audit(*store, keys.server, data).value().problems;
  }
  std::vector<AuditEntry> entries() { return store->audit_after(0, 10'000).value(); }
  wire::HeartbeatAnswer beat(const Caller& caller, const wire::AuditHead& held) {
    wire::Heartbeat heartbeat;
    heartbeat.audit_number = held.number;
    heartbeat.audit_hash = held.hash;
    return api.heartbeat(caller, heartbeat).value();
  }

  AuditLog log{*store, keys.server, clock, data, "meera (root)"};
};

// The database behind the server's back.
class Intruder {
 public:
  explicit Intruder(const fs::path& file) {
    REQUIRE(sqlite3_open(file.c_str(), &database_) == SQLITE_OK);
  }
  ~Intruder() { sqlite3_close(database_); }
  Intruder(const Intruder&) = delete;
  Intruder& operator=(const Intruder&) = delete;

  void run(const std::string& sql) {
    char* problem = nullptr;
    const int done = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &problem);
    INFO(sql << ": " << (problem == nullptr ? "" : problem));
    REQUIRE(done == SQLITE_OK);
  }
  std::string text(const std::string& sql) {
    sqlite3_stmt* query = nullptr;
    REQUIRE(sqlite3_prepare_v2(database_, sql.c_str(), -1, &query, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(query) == SQLITE_ROW);
    std::string value(reinterpret_cast<const char*>(sqlite3_column_text(query, 0)));
    sqlite3_finalize(query);
    return value;
  }

 private:
  sqlite3* database_ = nullptr;
};

std::string sql_text(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

// One random change of the log; what it did.
std::string tamper(Intruder& intruder, SeededRandom& random) {
  constexpr std::array kTexts = {"actor", "act", "subject", "outcome", "previous", "hash", "head"};
  const std::uint64_t row = 1 + random.below(kEntries);
  switch (random.below(7)) {
    case 0: {  // one character of a text
      const std::string column = kTexts.at(random.below(kTexts.size()));
      std::string value =
          intruder.text(fmt::format("SELECT {} FROM audit_log WHERE number={}", column, row));
      if (value.empty()) value = "x";
      const std::size_t at = random.below(value.size());
      const char old = value[at];
      while (value[at] == old) value[at] = static_cast<char>('!' + random.below(90));
      intruder.run(
          fmt::format("UPDATE audit_log SET {}={} WHERE number={}", column, sql_text(value), row));
      return fmt::format("{} of {}", column, row);
    }
    case 1: {  // a number
      const char* column = random.below(2) == 0 ? "at_ms" : "ordered";
      intruder.run(fmt::format("UPDATE audit_log SET {0}={0}+{1} WHERE number={2}", column,
                               1 + random.below(1'000'000), row));
      return fmt::format("{} of {}", column, row);
    }
    case 2: {  // one entry out of the middle, the rest moved up
      const std::uint64_t middle = 1 + random.below(kEntries - 1);
      intruder.run(fmt::format("DELETE FROM audit_log WHERE number={}", middle));
      if (random.below(2) == 0) {
        for (std::uint64_t next = middle + 1; next <= kEntries; ++next) {
          intruder.run(
              fmt::format("UPDATE audit_log SET number={} WHERE number={}", next - 1, next));
        }
        intruder.run("UPDATE counters SET value=value-1 WHERE name='audit'");
      }
      return fmt::format("deletion of {}", middle);
    }
    case 3: {  // the last ones, and every trace of them in the database
      const std::uint64_t keep = random.below(kEntries);
      intruder.run(fmt::format("DELETE FROM audit_log WHERE number>{}", keep));
      intruder.run(fmt::format("UPDATE counters SET value={} WHERE name='audit'", keep));
      intruder.run("UPDATE device_states SET audit_number=0, audit_hash=''");
      return fmt::format("truncation to {}", keep);
    }
    case 4: {  // two entries change places, their numbers stay
      std::uint64_t other = 1 + random.below(kEntries);
      if (other == row) other = row % kEntries + 1;
      intruder.run(fmt::format("UPDATE audit_log SET number=-1 WHERE number={}", row));
      intruder.run(fmt::format("UPDATE audit_log SET number={} WHERE number={}", row, other));
      intruder.run(fmt::format("UPDATE audit_log SET number={} WHERE number=-1", other));
      return fmt::format("exchange of {} and {}", row, other);
    }
    case 5: {  // an old entry once more, at the end
      intruder.run(
          fmt::format("INSERT INTO audit_log SELECT {}, at_ms, actor, act, subject, outcome, "
                      "ordered, (SELECT hash FROM audit_log WHERE number={}), hash, head FROM "
                      "audit_log WHERE number={}",
                      kEntries + 1, kEntries, row));
      intruder.run(fmt::format("UPDATE counters SET value={} WHERE name='audit'", kEntries + 1));
      return fmt::format("{} once more", row);
    }
    default: {  // another outcome, and the whole chain computed anew, without the server's key
      std::vector<AuditEntry> chain;
      const auto cell = [&](const char* column, std::uint64_t number) {
        return intruder.text(
            fmt::format("SELECT {} FROM audit_log WHERE number={}", column, number));
      };
      Bytes previous;
      for (std::uint64_t number = row; number <= kEntries; ++number) {
        AuditEntry entry;
        entry.number = number;
        entry.at_ms = std::stoll(cell("at_ms", number));
        entry.actor = cell("actor", number);
        entry.act = cell("act", number);
        entry.subject = cell("subject", number);
        entry.outcome = number == row ? "failed: nothing happened" : cell("outcome", number);
        entry.order = std::stoull(cell("ordered", number));
        REQUIRE(from_hex(cell("previous", number), entry.previous));
        if (number != row) entry.previous = previous;
        entry.hash = audit_hash(entry);
        previous = entry.hash;
        intruder.run(fmt::format(
            "UPDATE audit_log SET outcome={}, previous='{}', hash='{}' WHERE number={}",
            sql_text(entry.outcome), to_hex(entry.previous), to_hex(entry.hash), number));
      }
      return fmt::format("the chain anew from {}", row);
    }
  }
}

}  // namespace

TEST_CASE("Each of 500 random edits, deletions, moves and truncations of the audit log is found",
          "[syncserver][audit][fault]") {
  LogDesk desk;
  REQUIRE(desk.entries().size() == kEntries);
  REQUIRE(desk.problems().empty());
  must(desk.store->truncate_log());
  const Bytes database = read_file(desk.data.database(), 64U << 20U).value();
  const Bytes anchor = read_file(audit_anchor(desk.data), 4096).value();
  constexpr std::uint64_t kSeed = 20261128;
  SeededRandom random(kSeed);
  const test::TempFolder temp;
  const DataFolder copy{temp.path()};
  fs::create_directories(copy.keys());
  must(write_durably(audit_anchor(copy), anchor));
  constexpr int kChanges = 500;
  int found = 0;
  int found_without_chain = 0;
  for (int change = 0; change < kChanges; ++change) {
    for (const char* rest : {"", "-wal", "-shm"}) fs::remove(copy.database().string() + rest);
    must(write_durably(copy.database(), database));
    std::string what;
    {
      Intruder intruder(copy.database());
      what = tamper(intruder, random);
    }
    const auto store = open_store(copy.database().string()).value();
    const auto problems = check_audit(*store, desk.keys.server, copy).value().problems;
    INFO("change " << change << ": " << what);
    CHECK_FALSE(problems.empty());
    if (!problems.empty()) ++found;
    // The mutation: a check that looks at each entry by itself and at no chain.
    bool seen = false;
    const auto entries = store->audit_after(0, 10'000).value();
    for (const AuditEntry& entry : entries) {
      seen = seen || !is_whole(entry, desk.keys.server.public_key());
    }
    if (seen) ++found_without_chain;
  }
  std::printf("audit log: seed=%llu changes=%d found=%d found_without_chain=%d\n",
              static_cast<unsigned long long>(kSeed), kChanges, found, found_without_chain);
  CHECK(found == kChanges);
  CHECK(found_without_chain < kChanges);
}

TEST_CASE("The head beside the database cannot be dropped or put back", "[syncserver][audit]") {
  LogDesk desk;
  const auto file = audit_anchor(desk.data);
  const Bytes whole = read_file(file, 4096).value();
  fs::remove(file);
  CHECK(desk.problems().size() == 1);
  Bytes changed = whole;
  changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
  must(write_durably(file, changed));
  CHECK(desk.problems().size() == 1);
  must(write_durably(file, whole));
  CHECK(desk.problems().empty());
  // A head of an entry that is no more.
  must(desk.log.note("kiosk add", "", "done: kiosk 4"));
  {
    Intruder intruder(desk.data.database());
    intruder.run("DELETE FROM audit_log WHERE number=61");
    intruder.run("UPDATE counters SET value=60 WHERE name='audit'");
  }
  const auto problems = desk.problems();
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find("keys/audit.head holds a head of entry 61") != std::string::npos);
}

TEST_CASE("A kiosk gets the head once, names it, and bears witness when the log is cut",
          "[syncserver][audit]") {
  LogDesk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto answer = desk.beat(kiosk.caller(), {});
  REQUIRE(answer.audit_head.has_value());
  CHECK(wire::to_json(answer).size() < 600);
  crypto::Trust trust;
  trust.roots = desk.keys.roots;
  trust.certificates = {desk.keys.server_certificate, desk.keys.publisher_certificate};
  const auto head = crypto::check_audit_head(*answer.audit_head, trust, desk.clock.wall()).value();
  CHECK(head.number == kEntries);
  // Nothing new: nothing is said.
  const auto quiet = desk.beat(kiosk.caller(), head);
  CHECK_FALSE(quiet.audit_head.has_value());
  CHECK(wire::to_json(quiet).size() < 150);
  CHECK(desk.problems().empty());

  // Ten entries disappear with every trace in the folder; the kiosk still holds the head.
  {
    Intruder intruder(desk.data.database());
    intruder.run("DELETE FROM audit_log WHERE number>50");
    intruder.run("UPDATE counters SET value=50 WHERE name='audit'");
    intruder.run("UPDATE device_states SET audit_number=0, audit_hash=''");
  }
  must(write_durably(audit_anchor(desk.data), desk.entries().back().head));
  CHECK(desk.problems().empty());
  const auto after = desk.beat(kiosk.caller(), head);
  CHECK_FALSE(after.audit_head.has_value());  // else it would forget what it can prove
  const auto problems = desk.problems();
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find("kiosk 1 holds a head of entry 60") != std::string::npos);
  // Also when the log has grown beyond it since.
  for (int i = 0; i < 20; ++i) must(desk.log.note("kiosk add", "", "done: kiosk 4"));
  CHECK_FALSE(desk.beat(kiosk.caller(), head).audit_head.has_value());
  CHECK(desk.problems().size() == 1);
  const auto alarms = desk.store->alarms(10).value();
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].kind == "audit_cut");
}

TEST_CASE("A restore says what it threw away, and nothing else may leave a gap",
          "[syncserver][audit]") {
  LogDesk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  (void)desk.beat(kiosk.caller(), {kEntries, desk.entries().back().hash});
  // A restore of a backup with 40 entries.
  {
    Intruder intruder(desk.data.database());
    intruder.run("DELETE FROM audit_log WHERE number>40");
    intruder.run("UPDATE counters SET value=40 WHERE name='audit'");
  }
  must(desk.store->begin_new_life({.generation = "0190a000-0000-7000-8000-000000000002",
                                   .now_ms = desk.clock.wall().time_since_epoch().count()}));
  must(desk.log.note_restore("/backups/monday", "done: 12 files"));
  CHECK(desk.entries().back().number == 1'040);
  CHECK(desk.problems().empty());
  // The kiosk's head is explained by it, and a new one comes down.
  CHECK(desk.beat(kiosk.caller(), {kEntries, Bytes(32, 'x')}).audit_head.has_value());

  AuditEntry last;
  last.number = 7;
  last.hash = Bytes(32, 'h');
  AuditEntry next;
  next.number = 9;
  next.previous = last.hash;
  CHECK_FALSE(follows(&last, next));
  next.act = kRestoreAct;
  CHECK(follows(&last, next));
  next.number = 8;
  next.act = "kiosk add";
  CHECK(follows(&last, next));
  next.previous = Bytes(32, 'g');
  CHECK_FALSE(follows(&last, next));
}

TEST_CASE("What is entered is one line of bounded length", "[syncserver][audit]") {
  LogDesk desk;
  must(desk.log.note("catalogue remove", std::string(990, 'a') + "क\nख" + std::string(500, 'b'),
                     "done\tnow"));
  const AuditEntry entry = desk.entries().back();
  CHECK(entry.subject.size() <= kMaxAuditText);
  CHECK(entry.subject.find('\n') == std::string::npos);
  CHECK(entry.subject.ends_with(" ..."));
  CHECK(entry.outcome == "done now");
  CHECK(entry.actor == "meera (root)");
  CHECK(desk.problems().empty());
}

}  // namespace odop::syncserver

// Whether a kiosk may be looked into, as long as anything tells, and when nothing does.
#include "kiosk/store/run_mode.h"

#include "kiosk/store/journal.h"
#include "tests/support/identity.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

namespace odop::kiosk {
namespace {

using test::identity_of;
using test::TempFolder;
namespace fs = std::filesystem;

// A kiosk that was told what it is; empty: it was told nothing.
struct Told {
  explicit Told(const std::string& word) {
    auto journal = Journal::open(folder.path());
    REQUIRE(journal.has_value());
    REQUIRE(journal->adopt_identity(identity_of()).has_value());
    if (!word.empty()) tell(*journal, word);
  }
  void tell(Journal& journal, const std::string& word) {
    const FeedPosition next{journal.feed_position().value().value + 1};
    const wire::FeedEntry set{next, wire::FeedKind::kConfiguration, R"({"mode":")" + word + "\"}"};
    REQUIRE(journal.apply_feed(std::array{set}, next).has_value());
  }
  void ruin(const std::string& name) const {
    std::ofstream(folder.path() / name, std::ios::trunc) << std::string(20'000, '\xff');
  }
  void ruin_all() const {
    for (const char* name : {"journal.db", "journal.db-wal", "outbox.log", "journal.backup"}) {
      ruin(name);
    }
  }
  [[nodiscard]] RunMode opened() const { return Journal::open(folder.path()).value().run_mode(); }
  [[nodiscard]] RunMode read_only() const {
    return Journal::open_reading(folder.path(), Error{ErrorCode::kReadOnly, "cannot write"})
        .value()
        .run_mode();
  }
  TempFolder folder;
};

}  // namespace

TEST_CASE("A new kiosk may be looked into, and one that was told", "[kiosk][store]") {
  const TempFolder fresh;
  CHECK(Journal::open(fresh.path()).value().run_mode() == RunMode::kTest);
  CHECK(Told("").opened() == RunMode::kTest);
  CHECK(Told("test").opened() == RunMode::kTest);
  CHECK(Told("production").opened() == RunMode::kProduction);
  CHECK(Told("something newer").opened() == RunMode::kUnknown);
  Told changed("production");
  {
    auto journal = Journal::open(changed.folder.path());
    REQUIRE(journal.has_value());
    changed.tell(*journal, "test");
    CHECK(journal->run_mode() == RunMode::kTest);
  }
  CHECK(changed.opened() == RunMode::kTest);
}

TEST_CASE("No damage makes a kiosk in production one for tests", "[kiosk][store][fault]") {
  const Told told("production");
  SECTION("the journal alone") { told.ruin("journal.db"); }
  SECTION("the journal and all that would mend it") { told.ruin_all(); }
  SECTION("what stands beside it") { told.ruin("mode"); }
  SECTION("what stands beside it is gone") { fs::remove(told.folder.path() / "mode"); }
  CHECK(told.opened() == RunMode::kProduction);
  CHECK(told.opened() == RunMode::kProduction);
  CHECK(told.read_only() == RunMode::kProduction);
}

TEST_CASE("When nothing tells any more, it counts as one in production", "[kiosk][store][fault]") {
  const std::string word = GENERATE("production", "test", "");
  const Told told(word);
  fs::remove(told.folder.path() / "mode");
  told.ruin_all();
  CHECK(told.read_only() == RunMode::kUnknown);
  CHECK(told.opened() == RunMode::kUnknown);
  CHECK(told.opened() == RunMode::kUnknown);  // its new journal is whole, and knows nothing

  // Until somebody says so, who may write there, or the server of its next enrolment.
  std::ofstream(told.folder.path() / "mode") << "test\n";
  CHECK(told.opened() == RunMode::kTest);
  CHECK(told.read_only() == RunMode::kTest);
}

TEST_CASE("What an old backup says of tests counts no more", "[kiosk][store][fault]") {
  Told told("test");
  {
    auto journal = Journal::open(told.folder.path());
    REQUIRE(journal.has_value());
    REQUIRE(journal->back_up().value());
    told.tell(*journal, "production");
  }
  told.ruin("journal.db");
  told.ruin("outbox.log");
  told.ruin("mode");
  CHECK(told.opened() == RunMode::kUnknown);
  CHECK(told.opened() == RunMode::kUnknown);
}

TEST_CASE("A journal that cannot be opened is looked into where the word stands beside it",
          "[kiosk][store][fault]") {
  const Told told("test");
  CHECK(told.read_only() == RunMode::kTest);
  told.ruin_all();
  CHECK(told.read_only() == RunMode::kTest);
  CHECK(told.opened() == RunMode::kTest);
}

TEST_CASE("A cut between the file and the journal ends on the safe side", "[kiosk][store][fault]") {
  // What was said first is in the file alone.
  Told into("test");
  REQUIRE(write_run_mode(into.folder.path(), RunMode::kProduction).has_value());
  CHECK(into.opened() == RunMode::kProduction);
  CHECK(into.opened() == RunMode::kProduction);
  Told out("production");
  REQUIRE(write_run_mode(out.folder.path(), RunMode::kTest).has_value());
  CHECK(out.opened() == RunMode::kProduction);
  // The feed brings it again.
  auto journal = Journal::open(out.folder.path());
  REQUIRE(journal.has_value());
  out.tell(*journal, "test");
  CHECK(journal->run_mode() == RunMode::kTest);
}

TEST_CASE("A folder that an older program wrote gets its word at the next start",
          "[kiosk][store]") {
  const std::string word = GENERATE("production", "test");
  const Told told(word);
  fs::remove(told.folder.path() / "mode");
  CHECK(told.opened() == run_mode_of(word));
  CHECK(read_run_mode(told.folder.path()) == run_mode_of(word));
}

}  // namespace odop::kiosk

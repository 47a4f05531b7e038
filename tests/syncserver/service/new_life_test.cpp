#include "syncserver/service/new_life.h"

#include "shared/core/reference_number.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <set>
#include <vector>

namespace odop::syncserver {

TEST_CASE("A new life's kiosks are those of no life that is known", "[syncserver][backup]") {
  SeededRandom random(7);
  std::vector<KioskNumber> given;
  for (std::uint64_t number = 1; number <= 120; ++number) given.push_back({number});
  given.push_back({4'711});  // of a life between
  std::vector<Life> lives;
  std::set<std::uint64_t> begun;
  for (int i = 0; i < 40; ++i) {
    const auto after = kiosks_of_new_life(given, KioskNumber{120}, lives, random);
    REQUIRE(after.has_value());
    CHECK(after->value % kKioskBlock == 0);
    CHECK(after->value >= 300);    // the lost life may have come to 300
    CHECK(after->value != 4'700);  // nor where another went on
    CHECK(after->value + kKioskBlock <= kMostShortKiosks);
    for (const std::uint64_t other : begun) {
      CHECK((after->value > other ? after->value - other : other - after->value) >= kKioskBlock);
    }
    begun.insert(after->value);
    lives.push_back({"g", *after, {}});
    if (begun.size() == 30) break;
  }
  CHECK(begun.size() == 30);
}

TEST_CASE("Lives that know nothing of each other seldom meet", "[syncserver][backup]") {
  std::map<std::uint64_t, int> begun;
  constexpr int kLives = 9'600;
  for (std::uint64_t seed = 0; seed < kLives; ++seed) {
    SeededRandom random(seed);
    ++begun[kiosks_of_new_life({}, KioskNumber{12}, {}, random)->value];
  }
  CHECK(begun.size() == 97);  // blocks 2 to 98
  for (const auto& [after, times] : begun) CHECK(times < 2 * kLives / 97);
}

TEST_CASE("When four digits are used up it takes five, and then says so", "[syncserver][backup]") {
  SeededRandom random(7);
  std::vector<KioskNumber> given;
  for (std::uint64_t block = 1; block < 99; ++block) given.push_back({block * kKioskBlock + 1});
  const auto five = kiosks_of_new_life(given, KioskNumber{1}, {}, random);
  REQUIRE(five.has_value());
  CHECK(five->value >= 10'000);
  CHECK(five->value + kKioskBlock <= kMostKiosks);
  const std::string reference = make_reference(*five, Sequence{1}, random);
  CHECK(parse_reference(reference).has_value());
  for (std::uint64_t block = 99; block < 999; ++block) given.push_back({block * kKioskBlock + 1});
  CHECK(kiosks_of_new_life(given, KioskNumber{1}, {}, random).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("Beside a backup stands which lives began with it", "[syncserver][backup]") {
  const test::TempFolder folder;
  CHECK(read_lives(folder.path())->empty());
  REQUIRE(note_life(folder.path(), {"g1", {300}, {478'000}}).has_value());
  REQUIRE(note_life(folder.path(), {"g2", {4'700}, {478'100}}).has_value());
  const auto lives = read_lives(folder.path()).value();
  REQUIRE(lives.size() == 2);
  CHECK(lives[0].kiosks_after == KioskNumber{300});
  CHECK(lives[1].generation == "g2");
  CHECK(lives[1].releases_after == ReleaseNumber{478'100});
  // A damaged line costs itself alone.
  std::ofstream(folder.path() / "lives.list", std::ios::app) << "{\"generation\":1}\nrubbish\n";
  REQUIRE(note_life(folder.path(), {"g3", {900}, {478'200}}).has_value());
  CHECK(read_lives(folder.path())->size() == 3);
}

TEST_CASE("Lives that began with the backups beside it are known, too", "[syncserver][backup]") {
  const test::TempFolder folder;
  for (const char* name : {"monday", "tuesday", "something else"}) {
    REQUIRE(std::filesystem::create_directory(folder / name));
  }
  REQUIRE(note_life(folder / "tuesday", {"g1", {300}, {478'100}}).has_value());
  REQUIRE(note_life(folder / "monday", {"g2", {4'700}, {478'000}}).has_value());
  std::ofstream(folder / "a file") << "rubbish";
  CHECK(lives_around(folder / "monday").size() == 2);
  CHECK(lives_around(folder / "tuesday" / "").size() == 2);
  CHECK(lives_around(folder / "nowhere").empty());
}

}  // namespace odop::syncserver

// A desk whose disk fills up, cannot be written, or comes back.
#include "kiosk/app/trouble.h"
#include "tests/kiosk/app/kiosk_parts.h"
#include "tests/support/small_disk.h"

#include <fstream>

namespace odop::kiosk::app {
namespace {

using test::SmallDisk;

}  // namespace

TEST_CASE("A disk that fills up while somebody is here is seen before the form begins",
          "[kiosk][app][fault]") {
  KioskParts kiosk;
  kiosk.enrol();
  std::uint64_t free_bytes = 4ULL << 30;
  bool read_only = false;
  kiosk.journal = must(Journal::open(kiosk.folder.path(), [&](const std::filesystem::path&) {
    return Space{free_bytes, 8ULL << 30, read_only};
  }));
  Desk desk(kiosk.desk_parts(), Language::kEnglish, test::stand_catalogue());
  desk.act({intent::Start{}});
  CHECK(desk.state().kiosk.stores == StoreFacts{});
  CHECK(desk.state().kiosk.free_bytes == free_bytes);

  free_bytes = 1ULL << 20;  // the reserve is there
  desk.act({intent::StartForm{"feedback"}});
  CHECK(desk.state().screen().id == ScreenId::kForm);
  desk.act({intent::Home{}});
  kiosk.journal.release_reserve();
  desk.act({intent::StartForm{"feedback"}});
  CHECK(desk.state().kiosk.stores.trouble == Trouble::kFull);
  CHECK(desk.state().visit.sheet == Sheet::kClosed);
  CHECK(desk.state().kiosk.free_bytes == free_bytes);

  free_bytes = 4ULL << 30;
  desk.act({intent::CloseSheet{}});
  CHECK(desk.state().kiosk.stores.trouble == Trouble::kNone);
  CHECK(desk.state().kiosk.stores.reserve_used);
  read_only = true;
  desk.act({intent::StartForm{"feedback"}});
  CHECK(desk.state().kiosk.stores.trouble == Trouble::kReadOnly);
  read_only = false;
  desk.act({intent::End{}});

  // Between visitors the reserve is made again, and a backup.
  kiosk.clock.advance(std::chrono::minutes(11));
  REQUIRE(desk.next_tick_ms() <= kiosk.clock.mono().count());
  desk.tick();
  CHECK_FALSE(desk.state().kiosk.stores.reserve_used);
  const auto made = [&] { return std::filesystem::exists(kiosk.folder / "journal.backup"); };
  CHECK(heard_until(desk, made));
}

TEST_CASE("A stand on a read-only disk shows everything, and goes on by itself",
          "[kiosk][app][fault]") {
  KioskParts kiosk;
  const SmallDisk disk(kiosk.folder / "disk", 400);
  if (!disk.mounted()) return;
  {
    kiosk.journal = must(Journal::open(disk.path()));
    kiosk.enrol();
    kiosk.journal = must(Journal::open(kiosk.folder.path()));
  }
  REQUIRE(disk.read_only(true));
  const auto opened = Journal::open(disk.path());
  REQUIRE_FALSE(opened.has_value());
  kiosk.journal = must(Journal::open_reading(disk.path(), opened.error()));
  kiosk.catalogues = must(CatalogueStore::open(disk.path()));
  int reopened = 0;
  DeskParts parts = kiosk.desk_parts();
  parts.folder = disk.path();
  parts.reopened = [&] { ++reopened; };
  Desk desk(parts, Language::kEnglish, test::stand_catalogue());
  CHECK(desk.state().kiosk.stores.trouble == Trouble::kReadOnly);
  CHECK(desk.state().kiosk.name == "Hall 2");  // it still says who it is
  desk.act({intent::Start{}});
  desk.act({intent::StartForm{"feedback"}});
  CHECK(desk.state().visit.sheet == Sheet::kClosed);

  // Nothing has changed: it stays as it is.
  const auto tried = [&] {
    kiosk.clock.advance(std::chrono::seconds(16));
    desk.tick();
    return heard_until(desk, [&] { return reopened > 0; });
  };
  REQUIRE(disk.read_only(false));
  REQUIRE(tried());
  CHECK(reopened == 1);
  CHECK(desk.state().kiosk.stores.trouble == Trouble::kNone);
  CHECK(desk.state().visit.sheet == Sheet::kNone);
  CHECK_FALSE(kiosk.catalogues.read_only());
  desk.act({intent::StartForm{"feedback"}});
  CHECK(desk.state().screen().id == ScreenId::kForm);
  kiosk.journal = must(Journal::open(kiosk.folder.path()));
  kiosk.catalogues = must(CatalogueStore::open(kiosk.folder.path()));
}

TEST_CASE("Why a folder cannot be written is told apart", "[kiosk][app][fault]") {
  const test::TempFolder folder;
  std::ofstream(folder / "file") << "x";
  std::filesystem::create_directories(folder / "there");
  const auto of = [&](ErrorCode code, const char* place) {
    return trouble_of(Error{code, ""}, folder / place);
  };
  CHECK(of(ErrorCode::kIo, "file") == Trouble::kNoFolder);
  CHECK(of(ErrorCode::kReadOnly, "there") == Trouble::kNotOurs);
  CHECK(of(ErrorCode::kDiskFull, "there") == Trouble::kFull);
  CHECK(of(ErrorCode::kUnsupported, "there") == Trouble::kNewer);
  CHECK(of(ErrorCode::kCorrupt, "there") == Trouble::kDamaged);
  CHECK(of(ErrorCode::kIo, "there") == Trouble::kDisk);
}

}  // namespace odop::kiosk::app

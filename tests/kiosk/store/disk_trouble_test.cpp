// Disks that cannot be written, on file systems of the test's own; and stores that can only be
// read.
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "shared/crypto/digest.h"
#include "tests/support/identity.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace odop::kiosk {
namespace {

using test::identity_of;
using test::kDevice;
using test::SmallDisk;
using test::TempFolder;

constexpr std::size_t kRecordings = 4;

SealedSubmission largest(const Journal& journal) {
  SealedSubmission one;
  one.slot = journal.next_slot().value();
  one.id = fmt::format("id-{}", one.slot.sequence.value);
  one.reference = fmt::format("{:010}", one.slot.sequence.value);
  one.envelope = fmt::format("envelope {} ", one.id) + Bytes(60'000, 'e');
  one.hash = crypto::sha256(one.envelope);
  for (std::size_t i = 0; i < kRecordings; ++i) {
    Bytes sealed = fmt::format("{} {} ", one.id, i) + Bytes(100'000, 's');
    one.attachments.push_back({crypto::sha256(sealed), sealed});
  }
  return one;
}

void release_one(const std::filesystem::path& folder) {
  auto store = CatalogueStore::open(folder);
  REQUIRE(store.has_value());
  const auto record = [](std::string type, std::string id, std::string json) {
    StoredRecord stored{{std::move(type), std::move(id), std::move(json)}, {}};
    stored.hash = crypto::sha256(stored.record.json);
    return stored;
  };
  const std::uint64_t release = store->newest_ready()->value + 1;
  StagedRecords staged;
  staged.release = ReleaseNumber{release};
  staged.changed = {record("district", "agra", R"({"name":{"en":"Agra"}})"),
                    record("product", "a", R"({"name":{"en":"A"},"districts":["agra"]})")};
  REQUIRE(store->stage_records(staged).has_value());
  REQUIRE(store->commit_release(staged.release, 1).has_value());
}

}  // namespace

TEST_CASE("A disk that fills up loses nothing, from the first submission to the last receipt",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  const SmallDisk disk(folder / "disk", 200);
  if (!disk.mounted()) return;
  auto journal = Journal::open(disk.path());
  REQUIRE(journal.has_value());
  REQUIRE(journal->adopt_identity(identity_of()).has_value());
  REQUIRE(journal->disk().reserve_whole);
  disk.fill(0);
  REQUIRE(journal->disk().free_bytes < 64UL * 1024);

  std::vector<SealedSubmission> kept;
  while (journal->disk().accepts) {
    const SealedSubmission one = largest(*journal);
    const auto stored = journal->append(one);
    INFO((stored ? "" : stored.error().context));
    REQUIRE(stored.has_value());
    kept.push_back(one);
    REQUIRE(kept.size() < 1'000);
  }
  std::cout << "full disk: " << kept.size() << " submissions with four recordings each, then "
            << journal->disk().room() / 1024 << " KiB left\n";
  CHECK(kept.size() >= 30);
  CHECK_FALSE(journal->disk().reserve_whole);
  CHECK(journal->append(largest(*journal)).error().code == ErrorCode::kDiskFull);

  // A power cut, a start on the full disk, and all of it goes to the server.
  auto again = Journal::open(disk.path());
  REQUIRE(again.has_value());
  CHECK_FALSE(again->recovery().has_value());
  std::size_t lost = 0;
  for (const SealedSubmission& one : kept) {
    wire::BatchReceipt receipt;
    receipt.device_id = kDevice;
    receipt.verdicts.push_back(
        {one.slot.epoch, one.slot.sequence, one.hash, wire::VerdictCode::kStored, "", 0});
    const auto page = again->pending(1, 1, 0);
    if (!page || page->empty() || page->front().envelope != one.envelope) ++lost;
    REQUIRE(again->record_receipt(receipt, 0).has_value());
    for (std::size_t i = 0; i < kRecordings; ++i) {
      const auto next = again->pending_attachment(0).value();
      if (!next || crypto::sha256(next->sealed) != next->hash) ++lost;
      if (!next) continue;
      wire::AttachmentReceipt whole;
      whole.device_id = kDevice;
      whole.hash = next->hash;
      whole.code = wire::AttachmentCode::kStored;
      whole.held = static_cast<std::uint32_t>(next->sealed.size());
      REQUIRE(again->record_attachment(whole, 0).has_value());
    }
    if (again->state_of(one.reference).value() != SubmissionState::kArrived) ++lost;
  }
  std::cout << "lost=" << lost << "\n";
  CHECK(lost == 0);
  CHECK(again->queue()->unsent() == 0);

  // Covered: the files shrink, and with room on the disk the reserve is there again.
  wire::BatchReceipt receipt;
  receipt.device_id = kDevice;
  receipt.covered_epoch = kept.back().slot.epoch;
  receipt.covered_sequence = kept.back().slot.sequence;
  REQUIRE(again->record_receipt(receipt, 0).has_value());
  CHECK(again->disk().free_bytes > 10ULL << 20);
  disk.free_up();
  REQUIRE(again->restore_reserve().has_value());
  CHECK(again->disk().reserve_whole);
  CHECK(again->append(largest(*again)).has_value());
}

TEST_CASE("A start on a full disk gives the reserve up", "[kiosk][store][fault]") {
  const TempFolder folder;
  const SmallDisk disk(folder / "disk", 200);
  if (!disk.mounted()) return;
  {
    auto journal = Journal::open(disk.path());
    REQUIRE(journal->adopt_identity(identity_of()).has_value());
    REQUIRE(journal->append(largest(*journal)).has_value());
  }
  disk.fill(0);
  auto journal = Journal::open(disk.path());
  REQUIRE(journal.has_value());
  CHECK(journal->disk().accepts);
  CHECK(journal->append(largest(*journal)).has_value());
  CHECK(journal->queue()->pending == 2);
}

TEST_CASE("Without the reserve a full disk can still be read", "[kiosk][store][fault]") {
  const TempFolder folder;
  const SmallDisk disk(folder / "disk", 200);
  if (!disk.mounted()) return;
  {
    auto journal = Journal::open(disk.path());
    REQUIRE(journal->adopt_identity(identity_of()).has_value());
    release_one(disk.path());
    journal->release_reserve();
  }
  disk.fill(0);
  const auto opened = Journal::open(disk.path());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::kDiskFull);
  auto journal = Journal::open_reading(disk.path(), opened.error());
  REQUIRE(journal.has_value());
  CHECK(journal->identity()->value().name == "Hall 2");
  CHECK(journal->append(largest(*journal)).error().code == ErrorCode::kDiskFull);
  auto store = CatalogueStore::open(disk.path());
  CHECK(store->read_only());
  CHECK(store->load_newest(0)->product("a") != nullptr);

  disk.free_up();
  CHECK(Journal::open(disk.path()).has_value());
  CHECK(store->reopen());
  CHECK_FALSE(store->read_only());
}

TEST_CASE("A read-only file system is read, and nothing is taken", "[kiosk][store][fault]") {
  const TempFolder folder;
  const SmallDisk disk(folder / "disk", 200);
  if (!disk.mounted()) return;
  SealedSubmission one;
  {
    auto journal = Journal::open(disk.path());
    REQUIRE(journal->adopt_identity(identity_of()).has_value());
    one = largest(*journal);
    REQUIRE(journal->append(one).has_value());
    release_one(disk.path());
    release_one(disk.path());
  }
  REQUIRE(disk.read_only(true));
  const auto opened = Journal::open(disk.path());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::kReadOnly);
  auto journal = Journal::open_reading(disk.path(), opened.error());
  REQUIRE(journal.has_value());
  CHECK(journal->disk().read_only);
  CHECK_FALSE(journal->disk().accepts);
  CHECK(journal->identity()->value().name == "Hall 2");
  CHECK(journal->state_of(one.reference).value() == SubmissionState::kKept);
  CHECK(journal->append(largest(*journal)).error().code == ErrorCode::kReadOnly);
  CHECK(journal->set_setting("mode", "x").error().code == ErrorCode::kReadOnly);
  CHECK(journal->back_up().error().code == ErrorCode::kReadOnly);
  auto store = CatalogueStore::open(disk.path());
  REQUIRE(store.has_value());
  CHECK(store->read_only());
  CHECK(store->load_newest(0)->release == ReleaseNumber{2});
  StagedRecords staged;
  staged.release = ReleaseNumber{3};
  CHECK(store->stage_records(staged).error().code == ErrorCode::kReadOnly);

  REQUIRE(disk.read_only(false));
  auto fresh = Journal::open(disk.path());
  REQUIRE(fresh.has_value());
  *journal = std::move(*fresh);
  CHECK_FALSE(journal->closed().has_value());
  CHECK(journal->append(largest(*journal)).has_value());
  CHECK(store->reopen());
}

TEST_CASE("A journal that cannot be read at all is an empty one that takes nothing",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  const auto newer = Error{ErrorCode::kUnsupported, "of a newer program"};
  {
    auto journal = Journal::open(folder.path());
    REQUIRE(journal->adopt_identity(identity_of()).has_value());
    REQUIRE(journal->tidy().has_value());
    auto database = store::Connection::open(folder / "journal.db", store::OpenMode::kReadWrite);
    REQUIRE(database->execute("PRAGMA user_version=99").has_value());
    REQUIRE(database->truncate_wal().has_value());
  }
  CHECK(Journal::open(folder.path()).error().code == ErrorCode::kUnsupported);
  auto journal = Journal::open_reading(folder.path(), newer);
  REQUIRE(journal.has_value());
  CHECK_FALSE(journal->identity()->has_value());
  CHECK(journal->queue()->unsent() == 0);
  CHECK(journal->set_setting("mode", "x").error().code == ErrorCode::kReadOnly);
  CHECK(journal->adopt_identity(identity_of()).error().code == ErrorCode::kReadOnly);
  std::vector<std::uint8_t> seed(32, 7);
  CHECK(journal->save_device_seed(seed).error().code == ErrorCode::kUnsupported);
  CHECK_FALSE(std::filesystem::exists(folder / "device.key"));
}

TEST_CASE("A file where the folder should be shows nothing and is left alone",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  const auto place = folder / "data";
  std::ofstream(place) << "not a folder";
  std::filesystem::permissions(place, std::filesystem::perms::owner_read);
  CHECK_FALSE(Journal::open(place).has_value());
  auto store = CatalogueStore::open(place);
  REQUIRE(store.has_value());
  CHECK(store->read_only());
  CHECK(store->load_newest(0)->release == ReleaseNumber{0});
  CHECK(std::filesystem::status(place).permissions() == std::filesystem::perms::owner_read);
}

TEST_CASE("A list of releases that a newer program wrote hides no catalogue",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  release_one(folder.path());
  {
    auto list = store::Connection::open(folder / "releases.db", store::OpenMode::kReadWrite);
    REQUIRE(list->execute("PRAGMA user_version=99; DROP TABLE release").has_value());
  }
  auto store = CatalogueStore::open(folder.path());
  REQUIRE(store.has_value());
  CHECK(store->read_only());
  CHECK(store->load_newest(0)->product("a") != nullptr);
}

TEST_CASE("What was found damaged is named until it has come anew", "[kiosk][store][fault]") {
  const TempFolder folder;
  release_one(folder.path());
  release_one(folder.path());
  std::fstream(folder / "catalogue-2.db", std::ios::in | std::ios::out)
      .write(std::string(8'192, '\xff').data(), 8'192);
  auto store = CatalogueStore::open(folder.path());
  CHECK(store->rejected().value() == ReleaseNumber{0});
  CHECK(store->load_newest(0)->release == ReleaseNumber{1});
  CHECK(store->rejected().value() == ReleaseNumber{2});
  release_one(folder.path());
  CHECK(store->newest_ready().value() == ReleaseNumber{2});
  CHECK(store->rejected().value() == ReleaseNumber{0});
}

}  // namespace odop::kiosk

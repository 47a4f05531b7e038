// The outbox beside the journal: each is made from the other when one of them is lost.
#include "kiosk/store/outbox.h"

#include "kiosk/store/files.h"
#include "tests/kiosk/store/outbox_journal.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace odop::kiosk {
namespace {

using test::identity_of;
using test::kDevice;
using test::TempFolder;

using test::outbox::check_pending;
using test::outbox::content_of;
using test::outbox::fill;
using test::outbox::open;
using test::outbox::stored;
using test::outbox::write_at;

struct Ruin {
  const char* name;
  std::function<void(const std::filesystem::path&)> ruin;
};

TEST_CASE("A ruined database is made anew from the outbox", "[kiosk][store][fault]") {
  const std::vector<Ruin> ways{
      {"missing", [](const auto& file) { std::filesystem::remove(file); }},
      {"empty", [](const auto& file) { std::filesystem::resize_file(file, 0); }},
      {"no database", [](const auto& file) { std::ofstream(file) << "this is no database"; }},
      {"header torn", [](const auto& file) { write_at(file, 0, std::string(100, '\0')); }},
      {"cut short", [](const auto& file) { std::filesystem::resize_file(file, 9'000); }},
      {"pages overwritten",
       [](const auto& file) {
         for (std::size_t page = 1; page < 12; ++page) {
           write_at(file, page * 4096, std::string(512, '\xff'));
         }
       }},
  };
  for (const Ruin& way : ways) {
    INFO(way.name);
    const TempFolder folder;
    std::vector<SealedSubmission> all;
    Slot slot;
    {
      Journal journal = open(folder);
      REQUIRE(journal.set_setting("server.url", "https://odop.example").has_value());
      REQUIRE(journal.adopt_identity(identity_of()).has_value());
      REQUIRE(journal.set_setting("sync.certificates", "chain").has_value());
      all = fill(journal, 7);
      slot = journal.next_slot().value();
      CHECK_FALSE(journal.recovery().has_value());
      REQUIRE(journal.tidy().has_value());
    }
    for (const char* suffix : {"-wal", "-shm"}) {
      std::filesystem::remove(folder / (std::string("journal.db") + suffix));
    }
    way.ruin(folder / "journal.db");

    Journal journal = open(folder);
    REQUIRE(journal.recovery().has_value());
    CHECK(journal.recovery()->enrolled);
    CHECK(journal.recovery()->submissions == 7);
    CHECK(journal.recovery()->damaged_blocks == 0);
    // The same kiosk goes on where it was, so the server sees no fork.
    CHECK(journal.identity().value()->token == identity_of().token);
    CHECK(journal.next_slot()->sequence == slot.sequence);
    CHECK(journal.next_slot()->previous == slot.previous);
    CHECK(journal.setting("server.url").value() == "https://odop.example");
    CHECK(journal.setting("sync.certificates").value() == "chain");
    check_pending(journal, all);
    const auto more = fill(journal, 1);
    all.push_back(more.front());
    check_pending(journal, all);
    // And a second time, and then no more.
    CHECK_FALSE(open(folder).recovery().has_value());
  }
}

TEST_CASE("What was damaged is kept beside it, up to four times", "[kiosk][store][fault]") {
  const TempFolder folder;
  { REQUIRE(open(folder).adopt_identity(identity_of()).has_value()); }
  for (int i = 1; i <= 6; ++i) {
    std::filesystem::remove(folder / "journal.db-wal");
    std::ofstream(folder / "journal.db") << "ruin " << i;
    const Journal journal = open(folder);
    CHECK(journal.recovery()->set_aside);
    CHECK(journal.recovery()->enrolled);
  }
  CHECK(content_of(folder / "journal.db.damaged-1") == "ruin 1");
  CHECK(content_of(folder / "journal.db.damaged-4") == "ruin 6");
  CHECK_FALSE(std::filesystem::exists(folder / "journal.db.damaged-5"));
}

TEST_CASE("Without an outbox a damaged journal begins anew", "[kiosk][store][fault]") {
  const TempFolder folder;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    fill(journal, 2);
  }
  std::filesystem::remove(folder / "outbox.log");
  std::filesystem::remove(folder / "journal.db-wal");
  std::ofstream(folder / "journal.db") << "this is no database";
  const Journal journal = open(folder);
  CHECK(journal.recovery()->set_aside);
  CHECK_FALSE(journal.recovery()->enrolled);
  CHECK_FALSE(journal.identity().value().has_value());
}

TEST_CASE("A lost, older or foreign outbox is written anew from the database",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  std::vector<SealedSubmission> all;
  const auto outbox = folder / "outbox.log";
  std::string older;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    all = fill(journal, 2);
    older = content_of(outbox);
    const auto more = fill(journal, 3);
    all.insert(all.end(), more.begin(), more.end());
  }
  SECTION("lost, as after an update from a program that had none") {
    std::filesystem::remove(outbox);
  }
  SECTION("older") { std::ofstream(outbox, std::ios::binary) << older; }
  SECTION("empty") { std::filesystem::resize_file(outbox, 0); }
  SECTION("garbage") { std::ofstream(outbox, std::ios::binary) << std::string(10'000, '?'); }
  SECTION("cut short in the last frame") {
    std::filesystem::resize_file(outbox, std::filesystem::file_size(outbox) - 5'000);
  }
  check_pending(open(folder), all);
  // It is whole again: the database may go.
  std::filesystem::remove(folder / "journal.db-wal");
  std::ofstream(folder / "journal.db") << "this is no database";
  const Journal journal = open(folder);
  CHECK(journal.recovery()->enrolled);
  check_pending(journal, all);
}

TEST_CASE("A torn last frame is cut off at the start", "[kiosk][store][fault]") {
  const TempFolder folder;
  std::vector<SealedSubmission> all;
  const auto outbox = folder / "outbox.log";
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    all = fill(journal, 3);
  }
  const auto whole = std::filesystem::file_size(outbox);
  const Bytes frame = frame_of(OutboxSubmission{.device = kDevice,
                                                .epoch = 1,
                                                .sequence = 4,
                                                .id = "in flight",
                                                .reference = "4",
                                                .wall_ms = 0,
                                                .hash = Bytes(32, 'h'),
                                                .envelope = Bytes(9'000, 'e'),
                                                .attachments = {}});
  for (const std::size_t cut : {std::size_t{1}, std::size_t{43}, std::size_t{4'095},
                                std::size_t{4'096}, std::size_t{8'191}, frame.size() - 1}) {
    INFO("cut after " << cut);
    std::ofstream(outbox, std::ios::binary | std::ios::app) << frame.substr(0, cut);
    const Journal journal = open(folder);
    CHECK(std::filesystem::file_size(outbox) == whole);
    CHECK(journal.next_slot()->sequence == Sequence{4});
    check_pending(journal, all);
  }
}

TEST_CASE("A frame whose commit a cut prevented is caught up", "[kiosk][store][fault]") {
  const TempFolder folder;
  std::vector<SealedSubmission> all;
  const TempFolder copy;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    all = fill(journal, 3);
    REQUIRE(journal.tidy().has_value());
    // The database of now beside the outbox of later.
    std::filesystem::copy_file(folder / "journal.db", copy / "journal.db");
    const auto more = fill(journal, 2);
    all.insert(all.end(), more.begin(), more.end());
  }
  std::filesystem::copy_file(folder / "outbox.log", copy / "outbox.log");
  const Journal journal = open(copy);
  CHECK(journal.recovery()->submissions == 2);
  CHECK(journal.next_slot()->sequence == Sequence{6});
  CHECK(journal.next_slot()->previous == all.back().hash);
  check_pending(journal, all);
}

TEST_CASE("A newer identity in the outbox is who the kiosk is", "[kiosk][store][fault]") {
  const TempFolder folder;
  const TempFolder copy;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    fill(journal, 2);
    REQUIRE(journal.tidy().has_value());
    std::filesystem::copy_file(folder / "journal.db", copy / "journal.db");
    REQUIRE(journal.adopt_identity(identity_of(kDevice, 2)).has_value());
  }
  std::filesystem::copy_file(folder / "outbox.log", copy / "outbox.log");
  const Journal journal = open(copy);
  CHECK(journal.identity().value()->epoch == Epoch{2});
  CHECK(journal.next_slot()->sequence == Sequence{1});
  CHECK(journal.pending(10, 1 << 20, 0)->size() == 2);
}

TEST_CASE("What a backup covers leaves the outbox", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open(folder);
  REQUIRE(journal.adopt_identity(identity_of()).has_value());
  const auto outbox = folder / "outbox.log";
  auto all = fill(journal, 60);
  // Attachments that have not arrived hold their envelope.
  for (const auto& one : all) {
    for (const auto& attachment : one.attachments) {
      wire::AttachmentReceipt receipt;
      receipt.device_id = kDevice;
      receipt.hash = attachment.hash;
      receipt.code = wire::AttachmentCode::kStored;
      REQUIRE(journal.record_attachment(receipt, 0).has_value());
    }
  }
  const auto full = std::filesystem::file_size(outbox);
  REQUIRE(journal.record_receipt(stored(all, 50), 0).has_value());
  CHECK(std::filesystem::file_size(outbox) < full / 2);
  const std::string content = content_of(outbox);
  CHECK(content.find("envelope 50 ") == std::string::npos);
  CHECK(content.find("sealed 50 ") == std::string::npos);
  CHECK(content.find("envelope 51 ") != std::string::npos);
  // The rest is pushed once more by a kiosk whose database went, and the chain goes on.
  std::filesystem::remove(folder / "journal.db-wal");
  std::filesystem::remove(folder / "journal.db");
  const Journal after = open(folder);
  CHECK(after.next_slot()->sequence == Sequence{61});
  check_pending(after, all, 50);
}

TEST_CASE("What was withdrawn is in no file any more once a backup covers it", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open(folder);
  REQUIRE(journal.adopt_identity(identity_of()).has_value());
  REQUIRE(journal.note_generation("g1").has_value());
  const auto all = fill(journal, 4);
  const auto receipt = [&all](std::string generation, std::uint64_t covered) {
    wire::BatchReceipt made = stored(all, covered);
    made.database_generation = std::move(generation);
    return made;
  };
  const auto held = [&](const std::string& words) {
    return content_of(folder / "outbox.log").find(words) != std::string::npos;
  };
  const auto withdraw = [&](std::size_t which, std::uint64_t position) {
    const wire::FeedEntry entry{FeedPosition{position}, wire::FeedKind::kWithdrawal,
                                all.at(which).reference};
    REQUIRE(journal.apply_feed({&entry, 1}, FeedPosition{position}).has_value());
  };
  REQUIRE(journal.record_receipt(receipt("g1", 0), 0).has_value());
  withdraw(0, 1);
  CHECK(held("envelope 1 "));
  // A restored server may know neither it nor its withdrawal: only with it can it judge the code.
  REQUIRE(journal.note_generation("g2").has_value());
  check_pending(journal, all);
  REQUIRE(journal.record_receipt(receipt("g2", 1), 0).has_value());
  CHECK_FALSE(held("envelope 1 "));
  CHECK(held("envelope 4 "));
  // Covered, but by far not most of the file: withdrawn, it goes all the same.
  for (const auto& attachment : all[1].attachments) {
    wire::AttachmentReceipt arrived;
    arrived.device_id = kDevice;
    arrived.database_generation = "g2";
    arrived.hash = attachment.hash;
    arrived.code = wire::AttachmentCode::kStored;
    REQUIRE(journal.record_attachment(arrived, 0).has_value());
  }
  REQUIRE(journal.record_receipt(receipt("g2", 2), 0).has_value());
  CHECK(held("envelope 2 "));
  withdraw(1, 2);
  CHECK_FALSE(held("envelope 2 "));
  CHECK(held("envelope 4 "));
  struct stat info {};
  REQUIRE(stat((folder / "outbox.log").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

}  // namespace
}  // namespace odop::kiosk

// The copy of the journal, what is made of it, and that nothing is ever given out twice after it.
#include "kiosk/store/files.h"
#include "kiosk/store/journal.h"
#include "shared/crypto/digest.h"
#include "shared/wire/codec.h"
#include "tests/support/identity.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace odop::kiosk {
namespace {

using test::identity_of;
using test::kDevice;
using test::TempFolder;

constexpr std::uint64_t kPlenty = 4ULL << 30;

Space plenty(const std::filesystem::path& /*folder*/) { return {kPlenty, 2 * kPlenty, false}; }

Journal reopen(const TempFolder& folder) {
  auto journal = Journal::open(folder.path(), plenty);
  INFO((journal ? "" : journal.error().context));
  REQUIRE(journal.has_value());
  return std::move(*journal);
}

SealedSubmission leave(Journal& journal) {
  SealedSubmission one;
  one.slot = journal.next_slot().value();
  one.id = fmt::format("id-{}-{}", one.slot.epoch.value, one.slot.sequence.value);
  one.reference = fmt::format("{}{:09}", one.slot.epoch.value, one.slot.sequence.value);
  one.envelope = fmt::format("envelope {} ", one.id) + Bytes(900, 'e');
  one.hash = crypto::sha256(one.envelope);
  one.wall_ms = 1'000;
  REQUIRE(journal.append(one).has_value());
  return one;
}

// The server has it, and so has its backup.
void cover(Journal& journal, const SealedSubmission& one) {
  wire::BatchReceipt receipt;
  receipt.device_id = kDevice;
  receipt.covered_epoch = one.slot.epoch;
  receipt.covered_sequence = one.slot.sequence;
  receipt.verdicts.push_back(
      {one.slot.epoch, one.slot.sequence, one.hash, wire::VerdictCode::kStored, "", 0});
  REQUIRE(journal.record_receipt(receipt, 0)->size() == 1);
}

wire::FeedEntry answered(std::uint64_t position, const std::string& reference) {
  wire::FeedEntry entry;
  entry.position = FeedPosition{position};
  entry.kind = wire::FeedKind::kAnswer;
  entry.payload = wire::encode(wire::SealedAnswer{reference, 1, Bytes(16, 's'), Bytes(64, 'a')});
  return entry;
}

void ruin(const TempFolder& folder) {
  for (const char* suffix : {"-wal", "-shm"}) {
    std::filesystem::remove(folder / (std::string("journal.db") + suffix));
  }
  std::ofstream(folder / "journal.db", std::ios::trunc) << std::string(9'000, '\xff');
}

// What only the database knows (a covered submission, an answer), a backup of it, and what came
// afterwards.
struct Lived {
  TempFolder folder;
  SealedSubmission covered, before, after;

  Lived() {
    Journal journal = reopen(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    covered = leave(journal);
    cover(journal, covered);
    REQUIRE(journal.apply_feed(std::vector{answered(5, covered.reference)}, FeedPosition{5})
                .has_value());
    REQUIRE(journal.set_setting("mode", "test").has_value());
    before = leave(journal);
    REQUIRE(journal.back_up().value());
    after = leave(journal);
    REQUIRE(journal.set_setting("mode", "production").has_value());
  }
};

}  // namespace

TEST_CASE("A ruined journal comes back from its backup and the outbox", "[kiosk][store][fault]") {
  const Lived lived;
  const bool missing = GENERATE(false, true);
  if (missing) {
    std::filesystem::remove(lived.folder / "journal.db-wal");
    std::filesystem::remove(lived.folder / "journal.db");
  } else {
    ruin(lived.folder);
  }
  Journal journal = reopen(lived.folder);
  REQUIRE(journal.recovery().has_value());
  CHECK(journal.recovery()->set_aside != missing);
  CHECK(journal.recovery()->from_backup);
  CHECK(journal.recovery()->submissions == 1);
  CHECK_FALSE(journal.recovery()->forgotten);
  // What the outbox does not hold.
  CHECK(journal.state_of(lived.covered.reference).value() == SubmissionState::kArrived);
  CHECK(journal.answer(lived.covered.reference)->has_value());
  CHECK(journal.feed_position().value() == FeedPosition{5});
  // What the backup does not hold.
  CHECK(journal.setting("mode").value() == "production");
  CHECK(journal.pending(10, 1 << 20, 0)->size() == 2);
  CHECK(journal.next_slot()->sequence == Sequence{lived.after.slot.sequence.value + 1});
  CHECK(journal.next_slot()->previous == lived.after.hash);

  REQUIRE(journal.note_recovery(77).has_value());
  const auto mended = journal.last_mending().value();
  REQUIRE(mended.has_value());
  CHECK(*mended == Mending{.wall_ms = 77,
                           .set_aside = !missing,
                           .from_backup = true,
                           .enrolled = true,
                           .submissions = 1,
                           .damaged_blocks = 0});
  // From now on it is a journal like any other.
  leave(journal);
  Journal again = reopen(lived.folder);
  CHECK_FALSE(again.recovery().has_value());
  CHECK(again.last_mending().value() == mended);
  CHECK(again.pending(10, 1 << 20, 0)->size() == 3);
}

TEST_CASE("After a restore no sequence is given twice", "[kiosk][store][fault]") {
  const Lived lived;
  ruin(lived.folder);
  const Bytes outbox = read_whole(lived.folder / "outbox.log", 1 << 24).value();
  const std::string what = GENERATE("gone", "of before the backup");
  if (what == "gone") {
    std::filesystem::remove(lived.folder / "outbox.log");
  } else {
    // Identity and chain stand in the first frames.
    std::filesystem::resize_file(lived.folder / "outbox.log", 2 * kOutboxBlock);
  }
  INFO(what);
  {
    Journal journal = reopen(lived.folder);
    CHECK(journal.recovery()->from_backup);
    CHECK(journal.recovery()->forgotten);
    // What it was answered can still be read, but it is nobody until it is enrolled anew.
    CHECK(journal.answer(lived.covered.reference)->has_value());
    CHECK_FALSE(journal.identity()->has_value());
    CHECK(journal.next_slot().error().code == ErrorCode::kNotFound);
  }
  Journal journal = reopen(lived.folder);
  CHECK_FALSE(journal.identity()->has_value());
  // Whom it was it can still show to a server that has forgotten that one.
  REQUIRE(journal.formers().value().size() == 1);
  CHECK(journal.formers().value()[0].identity.device_id == kDevice);
  CHECK(journal.formers().value()[0].identity.token == identity_of().token);
  CHECK(journal.formers().value()[0].waits);
  // A new epoch begins a chain of its own; what the backup held goes out all the same.
  REQUIRE(journal.adopt_identity(identity_of(kDevice, 2)).has_value());
  CHECK(journal.next_slot()->sequence == Sequence{1});
  CHECK(journal.pending(10, 1 << 20, 0)->size() == 1);
  CHECK(journal.pending(10, 1 << 20, 0)->front().hash == lived.before.hash);
}

TEST_CASE("A restore that a cut interrupts begins again", "[kiosk][store][fault]") {
  const Lived lived;
  ruin(lived.folder);
  // The backup stands in the journal's place, and nothing else has happened yet.
  std::filesystem::copy_file(lived.folder / "journal.backup", lived.folder / "journal.db",
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::remove(lived.folder / "outbox.log");
  Journal journal = reopen(lived.folder);
  REQUIRE(journal.recovery().has_value());
  CHECK(journal.recovery()->forgotten);
  CHECK_FALSE(journal.identity()->has_value());
}

TEST_CASE("An identity that is newer than the backup counts", "[kiosk][store][fault]") {
  const TempFolder folder;
  {
    Journal journal = reopen(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    cover(journal, leave(journal));
    REQUIRE(journal.back_up().value());
    REQUIRE(journal.adopt_identity(identity_of(kDevice, 2)).has_value());
    leave(journal);
    REQUIRE(journal.tidy().has_value());  // the outbox names the new one alone
  }
  ruin(folder);
  Journal journal = reopen(folder);
  CHECK(journal.recovery()->from_backup);
  CHECK_FALSE(journal.recovery()->forgotten);
  CHECK(journal.next_slot()->epoch == Epoch{2});
  CHECK(journal.next_slot()->sequence == Sequence{2});
}

TEST_CASE("A damaged backup is not used", "[kiosk][store][fault]") {
  const Lived lived;
  ruin(lived.folder);
  std::fstream(lived.folder / "journal.backup", std::ios::in | std::ios::out)
      .write(std::string(9'000, '\xff').data(), 9'000);
  Journal journal = reopen(lived.folder);
  CHECK(journal.recovery()->set_aside);
  CHECK_FALSE(journal.recovery()->from_backup);
  CHECK(journal.recovery()->enrolled);
  CHECK(journal.recovery()->submissions == 3);  // the covered one stands in the outbox still
  CHECK(journal.next_slot()->sequence == Sequence{lived.after.slot.sequence.value + 1});
}

TEST_CASE("A backup is made when something changed and there is room", "[kiosk][store]") {
  const TempFolder folder;
  std::uint64_t free_bytes = kPlenty;
  auto journal = Journal::open(folder.path(), [&](const std::filesystem::path&) {
    return Space{free_bytes, kPlenty, false};
  });
  REQUIRE(journal->adopt_identity(identity_of()).has_value());
  CHECK(journal->back_up().value());
  CHECK_FALSE(journal->back_up().value());
  leave(*journal);
  free_bytes = kBesideBackupBytes;
  CHECK_FALSE(journal->back_up().value());
  free_bytes = kPlenty;
  journal->release_reserve();
  CHECK_FALSE(journal->back_up().value());
  REQUIRE(journal->restore_reserve().has_value());
  CHECK(journal->back_up().value());
  CHECK_FALSE(std::filesystem::exists(folder / "journal.backup.new"));
}

TEST_CASE("What was withdrawn is in no backup", "[kiosk][store]") {
  const Lived lived;
  Journal journal = reopen(lived.folder);
  CHECK(std::filesystem::exists(lived.folder / "journal.backup"));
  wire::FeedEntry withdrawn;
  withdrawn.position = FeedPosition{6};
  withdrawn.kind = wire::FeedKind::kWithdrawal;
  withdrawn.payload = lived.covered.reference;
  REQUIRE(journal.apply_feed(std::vector{withdrawn}, FeedPosition{6}).has_value());
  CHECK_FALSE(std::filesystem::exists(lived.folder / "journal.backup"));
  CHECK(journal.back_up().value());
  ruin(lived.folder);
  Journal again = reopen(lived.folder);
  CHECK(again.recovery()->from_backup);
  CHECK_FALSE(again.answer(lived.covered.reference)->has_value());
}

}  // namespace odop::kiosk

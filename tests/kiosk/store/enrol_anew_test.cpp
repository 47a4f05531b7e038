// A kiosk that becomes another device.
#include "kiosk/store/journal.h"
#include "shared/wire/messages.h"
#include "tests/kiosk/store/outbox_journal.h"
#include "tests/support/identity.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <vector>

namespace odop::kiosk {
namespace {

using test::identity_of;
using test::kDevice;
using test::TempFolder;

constexpr const char* kNext = "018f0000-0000-7000-8000-000000000002";
constexpr const char* kMark = "00ff";

using Seed = std::array<std::uint8_t, 32>;

Seed seed_of(std::uint8_t value) {
  Seed seed{};
  seed.fill(value);
  return seed;
}

SealedSubmission keep_next(Journal& journal) {
  SealedSubmission one = test::outbox::next(journal);
  one.id += one.slot.device;
  one.reference = (one.slot.device == kDevice ? "1" : "2") + one.reference;
  one.envelope += one.slot.device;
  one.hash = crypto::sha256(one.envelope);
  REQUIRE(journal.append(one).has_value());
  return one;
}

Seed key_of(const Journal& journal) {
  Seed seed{};
  REQUIRE(journal.load_device_seed(seed).value());
  return seed;
}

Result<std::vector<std::string>> told(Journal& journal, std::uint64_t position,
                                      const std::string& device) {
  const wire::FeedEntry entry{FeedPosition{position}, wire::FeedKind::kConfiguration,
                              fmt::format(R"({{"{}":"{}"}})", wire::kEnrolAnew, device)};
  return journal.apply_feed({&entry, 1}, FeedPosition{position});
}

Journal enrolled(const std::filesystem::path& folder) {
  auto journal = Journal::open(folder);
  REQUIRE(journal.has_value());
  REQUIRE(journal->save_device_seed(seed_of(1)).has_value());
  REQUIRE(journal->adopt_identity(identity_of()).has_value());
  return std::move(*journal);
}

TEST_CASE("The demand to enrol anew means one device, and survives the database",
          "[kiosk][store]") {
  const TempFolder folder;
  {
    Journal journal = enrolled(folder.path());
    CHECK_FALSE(journal.must_enrol_anew().value());
    REQUIRE(told(journal, 1, kNext).has_value());  // a copy of somebody else's entry
    CHECK_FALSE(journal.must_enrol_anew().value());
    REQUIRE(told(journal, 2, kDevice).has_value());
    CHECK(journal.must_enrol_anew().value());
    keep_next(journal);
  }
  std::filesystem::remove(folder / "journal.db");
  std::filesystem::remove(folder / "journal.db-wal");
  auto again = Journal::open(folder.path());
  REQUIRE(again.has_value());
  CHECK(again->must_enrol_anew().value());
  REQUIRE(again->adopt_anew(identity_of(kNext), seed_of(2), Bytes(64, 'g')).has_value());
  CHECK_FALSE(again->must_enrol_anew().value());
  // Read again, as after a restore.
  REQUIRE(told(*again, 2, kDevice).has_value());
  CHECK_FALSE(again->must_enrol_anew().value());
}

TEST_CASE("Which device it was is known also when the outbox alone tells who it is",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  const auto database = folder / "journal.db";
  {
    Journal journal = enrolled(folder.path());
    REQUIRE(told(journal, 1, kDevice).has_value());
    keep_next(journal);
    REQUIRE(journal.tidy().has_value());
  }
  std::filesystem::copy_file(database, folder / "kept.db");
  {
    auto journal = Journal::open(folder.path());
    REQUIRE(journal.has_value());
    REQUIRE(journal
                ->adopt_anew(identity_of(kNext), seed_of(2), Bytes(64, 'g'),
                             {{"sync.audit_head", "none"}, {"enrol.used", "00ff"}})
                .has_value());
    REQUIRE(journal->set_setting("later", "word").has_value());
  }
  // A cut took the commit from the database.
  for (const char* name : {"journal.db", "journal.db-wal", "journal.db-shm"}) {
    std::filesystem::remove(folder / name);
  }
  std::filesystem::copy_file(folder / "kept.db", database);
  auto again = Journal::open(folder.path());
  REQUIRE(again.has_value());
  CHECK(again->identity().value()->device_id == kNext);
  const auto former = again->former().value();
  REQUIRE(former.has_value());
  CHECK(former->device_id == kDevice);
  CHECK(former->signature == Bytes(64, 'g'));
  // And all else that was said in that commit, and since.
  CHECK(again->formers().value().at(0).identity.token == "token");
  CHECK(again->setting("enrol.used").value() == "00ff");
  CHECK(again->setting("sync.audit_head").value() == "none");
  CHECK(again->setting("later").value() == "word");
}

TEST_CASE("What it was before is kept with its token, sixteen at most", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = enrolled(folder.path());
  CHECK(journal.formers().value().empty());
  keep_next(journal);
  const auto device = [](std::size_t number) {
    return fmt::format("018f0000-0000-7000-8000-0000000001{:02}", number);
  };
  const auto adopt = [&](std::size_t number) {
    auto identity = identity_of(device(number));
    identity.token = fmt::format("token-{}", number);
    REQUIRE(journal.adopt_anew(identity, seed_of(2), Bytes(64, 's')).has_value());
  };
  adopt(1);
  const auto one = journal.formers().value();
  REQUIRE(one.size() == 1);
  CHECK(one[0].identity.device_id == kDevice);
  CHECK(one[0].identity.token == "token");
  CHECK(one[0].signature == Bytes(64, 's'));
  CHECK(one[0].last_sequence == Sequence{1});
  CHECK(one[0].waits);
  Seed seed{};
  REQUIRE(journal.load_former_seed(kDevice, seed).value());
  CHECK(seed == seed_of(1));
  REQUIRE(journal.load_former_seed(device(1), seed).value());
  CHECK(seed == seed_of(2));

  // Of the first something waits; of the others nothing, and the oldest of those goes.
  for (std::size_t number = 2; number <= 20; ++number) adopt(number);
  const auto many = journal.formers().value();
  REQUIRE(many.size() == kMostFormers);
  CHECK(many.front().identity.device_id == kDevice);
  CHECK(many[1].identity.device_id == device(5));
  CHECK(many.back().identity.token == "token-19");
  CHECK_FALSE(many.back().waits);

  // They come back with the outbox alone.
  std::filesystem::remove(folder / "journal.db");
  std::filesystem::remove(folder / "journal.db-wal");
  const auto again = Journal::open(folder.path());
  REQUIRE(again.has_value());
  CHECK(again->formers().value().size() == kMostFormers);
}

TEST_CASE("What was put off of a former device can be had at once", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = enrolled(folder.path());
  const SealedSubmission old = keep_next(journal);
  REQUIRE(journal.adopt_anew(identity_of(kNext), seed_of(2), Bytes(64, 's')).has_value());
  const SealedSubmission fresh = keep_next(journal);
  for (const auto& one : {old, fresh}) REQUIRE(journal.hold_back(one.hash, 3'600'000).has_value());
  REQUIRE(journal.pending(10, 1'000'000, 1'000)->empty());
  REQUIRE(journal.free_held(kDevice).has_value());
  const auto due = journal.pending(10, 1'000'000, 1'000).value();
  REQUIRE(due.size() == 1);
  CHECK(due[0].hash == old.hash);
}

TEST_CASE("A receipt that tells of a fork is a demand, unless it is of the device before",
          "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = enrolled(folder.path());
  const SealedSubmission first = keep_next(journal);
  const SealedSubmission second = keep_next(journal);
  wire::BatchReceipt receipt;
  receipt.device_id = kDevice;
  receipt.verdicts = {{first.slot.epoch, first.slot.sequence, first.hash,
                       wire::VerdictCode::kQuarantined, "fork", 0}};
  REQUIRE(journal.record_receipt(receipt, 0).has_value());
  CHECK(journal.must_enrol_anew().value());

  REQUIRE(journal.adopt_anew(identity_of(kNext), seed_of(2), Bytes(64, 'g')).has_value());
  receipt.device_id = kNext;
  receipt.verdicts = {{second.slot.epoch, second.slot.sequence, second.hash,
                       wire::VerdictCode::kQuarantined, "fork", 0}};
  // What the new device has in a backup says nothing of what the old one left.
  receipt.covered_epoch = Epoch{1};
  receipt.covered_sequence = Sequence{9};
  CHECK(journal.record_receipt(receipt, 0).value() == std::vector{second.reference});
  CHECK_FALSE(journal.must_enrol_anew().value());
  receipt.verdicts.clear();
  REQUIRE(journal.note_generation("g1").has_value());
  REQUIRE(journal.note_generation("g2").has_value());
  CHECK(journal.pending(10, 1'000'000, 0).value().size() == 2);
}

TEST_CASE("Who enrols anew begins an empty chain and keeps what it left", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = enrolled(folder.path());
  const SealedSubmission old = keep_next(journal);
  const Slot stale = journal.next_slot().value();
  REQUIRE(journal.set_setting("bundle.code", "CODE").has_value());
  REQUIRE(journal.save_next_seed(kMark, seed_of(2)).has_value());
  CHECK(key_of(journal) == seed_of(1));
  CHECK_FALSE(journal.former().value().has_value());
  REQUIRE(journal.adopt_anew(identity_of(kNext), seed_of(2), Bytes(64, 'g'), {{"bundle.code", ""}})
              .has_value());
  CHECK(key_of(journal) == seed_of(2));
  CHECK(journal.former().value()->device_id == kDevice);
  CHECK(journal.former().value()->signature == Bytes(64, 'g'));
  CHECK(journal.setting("bundle.code").value() == "");
  Seed left{};
  CHECK_FALSE(journal.load_next_seed(kMark, left).value());
  const Slot slot = journal.next_slot().value();
  CHECK(slot.sequence == Sequence{1});
  CHECK(slot.previous.empty());
  CHECK(slot.device == kNext);
  CHECK(journal.state_of(old.reference).value() == SubmissionState::kKept);

  // What was sealed as the old device while the worker enrolled anew is sealed once more.
  SealedSubmission late = old;
  late.slot = stale;
  late.id = "id-late";
  late.reference = "9900000001";
  late.hash = Bytes(32, 'l');
  CHECK(journal.append(late).error().code == ErrorCode::kConflict);
  const SealedSubmission fresh = keep_next(journal);
  const auto pending = journal.pending(10, 1'000'000, 0).value();
  REQUIRE(pending.size() == 2);
  CHECK(pending[0].hash == old.hash);
  CHECK(pending[1].hash == fresh.hash);
}

TEST_CASE("Which key is in force follows from the identity, wherever that is taken from",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  SealedSubmission old;
  {
    Journal journal = enrolled(folder.path());
    old = keep_next(journal);
    // Killed before the commit: the new key lies there, and the old identity is in force.
    REQUIRE(journal.save_next_seed(kMark, seed_of(2)).has_value());
    std::filesystem::copy_file(folder / fmt::format("next-{}.key", kMark),
                               folder / fmt::format("device-{}.key", kNext));
  }
  {
    auto journal = Journal::open(folder.path());
    REQUIRE(journal.has_value());
    CHECK(key_of(*journal) == seed_of(1));
    CHECK(journal->next_slot()->device == kDevice);
    // Asked for once more, with the same key for the same code.
    Seed again{};
    REQUIRE(journal->load_next_seed(kMark, again).value());
    CHECK(again == seed_of(2));
    REQUIRE(journal->adopt_anew(identity_of(kNext), again, Bytes(64, 'g')).has_value());
  }
  // The database is lost, and the outbox alone says who this kiosk is.
  std::filesystem::remove(folder / "journal.db");
  std::filesystem::remove(folder / "journal.db-wal");
  auto journal = Journal::open(folder.path());
  REQUIRE(journal.has_value());
  CHECK(journal->identity().value()->device_id == kNext);
  CHECK(key_of(*journal) == seed_of(2));
  CHECK(journal->former().value()->device_id == kDevice);
  CHECK(journal->pending(10, 1'000'000, 0).value().at(0).hash == old.hash);
  CHECK(journal->next_slot()->sequence == Sequence{1});
}

}  // namespace
}  // namespace odop::kiosk

#include "kiosk/store/journal.h"
#include "shared/crypto/digest.h"
#include "tests/support/identity.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <span>
#include <string>
#include <vector>

namespace odop::kiosk {
namespace {

using test::identity_of;
using test::kDevice;
using test::TempFolder;
using Codes = wire::AttachmentCode;

constexpr std::int64_t kNow = 1'800'000'000'000;

struct Stand {
  TempFolder folder;
  Journal journal = open();

  Journal open() {
    auto opened = Journal::open(folder.path());
    REQUIRE(opened.has_value());
    REQUIRE(opened->adopt_identity(identity_of()).has_value());
    REQUIRE(opened->note_generation("g1").has_value());
    return std::move(*opened);
  }

  // An envelope with recordings of these sizes.
  SealedSubmission append(const std::vector<std::size_t>& sizes) {
    SealedSubmission sealed;
    sealed.slot = journal.next_slot().value();
    const std::string tail = std::to_string(sealed.slot.sequence.value);
    sealed.id = "id-" + tail;
    sealed.reference = "0170" + tail;
    sealed.envelope = Bytes(700, 'e') + tail;
    sealed.hash = crypto::sha256(sealed.envelope);
    sealed.wall_ms = kNow;
    for (const std::size_t size : sizes) {
      const Bytes bytes = Bytes(size, 'a') + tail;
      sealed.attachments.push_back({crypto::sha256(bytes), bytes});
    }
    REQUIRE(journal.append(sealed).has_value());
    return sealed;
  }

  std::vector<std::string> stored(const SealedSubmission& sealed, std::uint64_t covered = 0) {
    wire::BatchReceipt receipt;
    receipt.device_id = kDevice;
    receipt.database_generation = "g1";
    receipt.verdicts = {
        {sealed.slot.epoch, sealed.slot.sequence, sealed.hash, wire::VerdictCode::kStored, "", 0}};
    receipt.covered_epoch = Epoch{1};
    receipt.covered_sequence = Sequence{covered};
    return journal.record_receipt(receipt, kNow).value();
  }

  std::vector<std::string> told(const Bytes& hash, Codes code, std::uint32_t held = 0,
                                const std::string& generation = "g1") {
    return journal.record_attachment({kDevice, generation, kNow, hash, code, held}, kNow).value();
  }
};

TEST_CASE("A submission has arrived when its last attachment has", "[kiosk][store]") {
  Stand stand;
  const auto sealed = stand.append({100, 200});
  CHECK_FALSE(stand.journal.pending_attachment(kNow).value().has_value());  // envelope first
  CHECK(stand.stored(sealed).empty());
  CHECK(stand.journal.state_of(sealed.reference).value() == SubmissionState::kKept);
  CHECK(stand.journal.queue()->pending == 0);
  CHECK(stand.journal.queue()->incomplete == 1);
  CHECK(stand.journal.queue()->oldest_wall_ms == kNow);

  auto next = stand.journal.pending_attachment(kNow).value();
  REQUIRE(next.has_value());
  CHECK(next->sealed == sealed.attachments[0].sealed);
  CHECK(next->held == 0);
  CHECK(stand.told(next->hash, Codes::kPartial, 40).empty());
  CHECK(stand.journal.pending_attachment(kNow).value()->held == 40);
  CHECK(stand.told(next->hash, Codes::kStored).empty());

  next = stand.journal.pending_attachment(kNow).value();
  REQUIRE(next.has_value());
  CHECK(next->hash == sealed.attachments[1].hash);
  CHECK(stand.journal.state_of(sealed.reference).value() == SubmissionState::kKept);
  CHECK(stand.told(next->hash, Codes::kStored) == std::vector{sealed.reference});
  CHECK(stand.told(next->hash, Codes::kStored).empty());  // told once
  CHECK(stand.journal.state_of(sealed.reference).value() == SubmissionState::kArrived);
  CHECK(stand.journal.queue()->incomplete == 0);
  CHECK_FALSE(stand.journal.pending_attachment(kNow).value().has_value());
}

TEST_CASE("Attachments outlive a restart and go with their envelope", "[kiosk][store]") {
  Stand stand;
  const auto first = stand.append({50'000});
  const auto second = stand.append({60'000});
  CHECK(stand.stored(first).empty());
  CHECK(stand.stored(second).empty());
  CHECK(stand.told(first.attachments[0].hash, Codes::kStored) == std::vector{first.reference});

  // Covered, both; but the second still has something to send.
  stand.stored(second, 2);
  const auto again = Journal::open(stand.folder.path());
  REQUIRE(again.has_value());
  const auto next = again->pending_attachment(kNow).value();
  REQUIRE(next.has_value());
  CHECK(next->sealed == second.attachments[0].sealed);
  // A restored server gets what no backup covered, attachments too; the first it must have.
  CHECK(stand.journal.note_generation("g2").value() == 1);
  CHECK(stand.journal.pending(10, 1 << 20, kNow)->size() == 1);
  CHECK_FALSE(stand.journal.pending_attachment(kNow).value().has_value());
  CHECK(stand.journal.state_of(first.reference).value() == SubmissionState::kUnconfirmed);
}

TEST_CASE("A restored server is sent the attachments again", "[kiosk][store]") {
  Stand stand;
  const auto sealed = stand.append({5'000});
  stand.stored(sealed);
  REQUIRE(stand.told(sealed.attachments[0].hash, Codes::kStored).size() == 1);
  REQUIRE(stand.journal.note_generation("g2").value() == 1);
  CHECK(stand.journal.state_of(sealed.reference).value() == SubmissionState::kKept);
  // What the server of the day before says counts no more.
  CHECK(stand.told(sealed.attachments[0].hash, Codes::kStored, 0, "g1").empty());
  CHECK(stand.journal.state_of(sealed.reference).value() == SubmissionState::kKept);
  wire::BatchReceipt receipt;
  receipt.device_id = kDevice;
  receipt.database_generation = "g2";
  receipt.verdicts = {
      {sealed.slot.epoch, sealed.slot.sequence, sealed.hash, wire::VerdictCode::kStored, "", 0}};
  CHECK(stand.journal.record_receipt(receipt, kNow)->empty());
  const auto next = stand.journal.pending_attachment(kNow).value();
  REQUIRE(next.has_value());
  CHECK(next->held == 0);
  CHECK(stand.told(next->hash, Codes::kStored, 0, "g2") == std::vector{sealed.reference});
}

TEST_CASE("An attachment that is held back leaves the others be", "[kiosk][store]") {
  Stand stand;
  const auto sealed = stand.append({10, 20});
  stand.stored(sealed);
  REQUIRE(stand.journal.hold_back_attachment(sealed.attachments[0].hash, kNow + 1'000).has_value());
  CHECK(stand.journal.pending_attachment(kNow).value()->hash == sealed.attachments[1].hash);
  REQUIRE(stand.journal.hold_back_attachment(sealed.attachments[1].hash, kNow + 2'000).has_value());
  CHECK_FALSE(stand.journal.pending_attachment(kNow).value().has_value());
  CHECK(stand.journal.next_attachment_due_wall_ms(kNow).value() == kNow + 1'000);
  CHECK(stand.journal.pending_attachment(kNow + 1'000).value()->hash == sealed.attachments[0].hash);
}

TEST_CASE("A server that knows no envelope for it is sent that first", "[kiosk][store]") {
  Stand stand;
  const auto sealed = stand.append({10});
  stand.stored(sealed);
  CHECK(stand.told(sealed.attachments[0].hash, Codes::kUnnamed).empty());
  CHECK(stand.journal.pending(10, 1 << 20, kNow)->size() == 1);
  stand.stored(sealed);
  CHECK_FALSE(stand.journal.pending_attachment(kNow).value().has_value());  // for a minute
  CHECK(stand.journal.pending_attachment(kNow + 60'000).value().has_value());
}

TEST_CASE("What was spoken and withdrawn goes when a backup covers it", "[kiosk][store]") {
  Stand stand;
  const auto sealed = stand.append({10});
  stand.stored(sealed);
  const wire::FeedEntry gone{FeedPosition{1}, wire::FeedKind::kWithdrawal, sealed.reference};
  REQUIRE(stand.journal.apply_feed(std::span(&gone, 1), FeedPosition{1}).has_value());
  // The server has not said that it wants it no more.
  const auto pending = stand.journal.pending_attachment(kNow).value();
  REQUIRE(pending.has_value());
  stand.stored(sealed, 1);
  CHECK(stand.journal.pending_attachment(kNow).value().has_value());
  REQUIRE(
      stand.journal.record_attachment({kDevice, "g1", kNow, pending->hash, Codes::kStored, 0}, kNow)
          .has_value());
  stand.stored(sealed, 1);
  REQUIRE(stand.journal.note_generation("g2").has_value());
  CHECK_FALSE(stand.journal.pending_attachment(kNow).value().has_value());
  CHECK(stand.journal.pending(1, 1 << 20, kNow)->empty());
  CHECK(stand.journal.queue()->incomplete == 0);
}

TEST_CASE("A receipt for another device's attachment is refused", "[kiosk][store]") {
  Stand stand;
  const auto sealed = stand.append({10});
  stand.stored(sealed);
  const auto told =
      stand.journal.record_attachment({"018f0000-0000-7000-8000-0000000000ff", "g1", kNow,
                                       sealed.attachments[0].hash, Codes::kStored, 0},
                                      kNow);
  REQUIRE_FALSE(told.has_value());
  CHECK(told.error().code == ErrorCode::kForbidden);
}

}  // namespace
}  // namespace odop::kiosk

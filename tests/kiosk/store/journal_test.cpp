#include "kiosk/store/journal.h"

#include "shared/crypto/digest.h"
#include "shared/wire/codec.h"
#include "tests/support/identity.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <string>

namespace odop::kiosk {
namespace {

using test::identity_of;
using test::kDevice;
using test::TempFolder;

SealedSubmission submission_for(const Slot& slot, std::size_t size = 700) {
  SealedSubmission sealed;
  sealed.slot = slot;
  const std::string tail = std::to_string(slot.epoch.value * 1000 + slot.sequence.value);
  sealed.id = "id-" + tail;
  sealed.reference = "0170" + tail;
  sealed.envelope = Bytes(size, 'e') + tail;
  sealed.hash = crypto::sha256(sealed.envelope);
  sealed.wall_ms = 1000 + static_cast<std::int64_t>(slot.sequence.value);
  return sealed;
}

SealedSubmission append_one(Journal& journal, std::size_t size = 700) {
  auto sealed = submission_for(journal.next_slot().value(), size);
  const auto done = journal.append(sealed);
  INFO((done ? "" : done.error().context));
  REQUIRE(done.has_value());
  return sealed;
}

wire::Verdict verdict_for(const SealedSubmission& sealed, wire::VerdictCode code) {
  return {sealed.slot.epoch, sealed.slot.sequence, sealed.hash, code, "", 0};
}

wire::BatchReceipt receipt_for(std::vector<wire::Verdict> verdicts, std::uint64_t covered = 0) {
  wire::BatchReceipt receipt;
  receipt.device_id = kDevice;
  receipt.database_generation = "g1";
  receipt.verdicts = std::move(verdicts);
  receipt.covered_epoch = Epoch{1};
  receipt.covered_sequence = Sequence{covered};
  return receipt;
}

Journal open_enrolled(const TempFolder& folder) {
  auto journal = Journal::open(folder.path());
  REQUIRE(journal.has_value());
  REQUIRE(journal->adopt_identity(identity_of()).has_value());
  REQUIRE(journal->note_generation("g1").value() == 0);
  return std::move(*journal);
}

std::vector<std::uint64_t> pending_sequences(const Journal& journal, std::int64_t now_ms = 0) {
  std::vector<std::uint64_t> sequences;
  const auto page = journal.pending(100, 1 << 20, now_ms).value();
  sequences.reserve(page.size());
  for (const auto& one : page) {
    sequences.push_back(one.sequence.value);
  }
  return sequences;
}

TEST_CASE("A kiosk that is not enrolled keeps nothing", "[kiosk][store]") {
  const TempFolder folder;
  auto journal = Journal::open(folder.path());
  REQUIRE(journal.has_value());
  CHECK_FALSE(journal->identity().value().has_value());
  const auto slot = journal->next_slot();
  REQUIRE_FALSE(slot.has_value());
  CHECK(slot.error().code == ErrorCode::kNotFound);
}

TEST_CASE("Submissions form a chain that outlives the program", "[kiosk][store]") {
  const TempFolder folder;
  SealedSubmission first;
  {
    Journal journal = open_enrolled(folder);
    CHECK(journal.next_slot()->sequence == Sequence{1});
    CHECK(journal.next_slot()->previous.empty());
    first = append_one(journal);
  }
  auto journal = Journal::open(folder.path());
  REQUIRE(journal.has_value());
  CHECK(journal->identity().value()->name == "Hall 2");
  const auto slot = journal->next_slot();
  CHECK(slot->sequence == Sequence{2});
  CHECK(slot->previous == first.hash);
  const auto page = journal->pending(10, 1 << 20, 0).value();
  REQUIRE(page.size() == 1);
  CHECK(page[0].envelope == first.envelope);
  CHECK(page[0].hash == first.hash);
}

TEST_CASE("A slot is used once, also by two connections", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open_enrolled(folder);
  auto other = Journal::open(folder.path());
  REQUIRE(other.has_value());
  const auto sealed = submission_for(journal.next_slot().value());
  REQUIRE(journal.append(sealed).has_value());

  auto rival = sealed;
  rival.id = "other";
  rival.reference = "0179999";
  rival.envelope = "other";
  rival.hash = crypto::sha256("other");
  const auto refused = other->append(rival);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kConflict);
  CHECK(other->next_slot()->sequence == Sequence{2});

  // A reference that was given out is refused even in a free slot, and the slot stays free.
  rival.slot = other->next_slot().value();
  rival.reference = sealed.reference;
  CHECK_FALSE(other->append(rival).has_value());
  CHECK(other->next_slot()->sequence == Sequence{2});
}

TEST_CASE("Pages end at their caps and always hold something", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open_enrolled(folder);
  for (int i = 0; i < 5; ++i) append_one(journal, 1000);
  CHECK(journal.pending(3, 1 << 20, 0)->size() == 3);
  CHECK(journal.pending(100, 2500, 0)->size() == 2);
  CHECK(journal.pending(100, 10, 0)->size() == 1);
}

TEST_CASE("Verdicts make a watermark and a sparse set", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open_enrolled(folder);
  std::vector<SealedSubmission> all;
  all.reserve(4);
  for (int i = 0; i < 4; ++i) all.push_back(append_one(journal));

  auto arrived =
      journal.record_receipt(receipt_for({verdict_for(all[0], wire::VerdictCode::kStored),
                                          verdict_for(all[2], wire::VerdictCode::kDuplicate),
                                          verdict_for(all[3], wire::VerdictCode::kRejected)}),
                             0);
  CHECK(arrived.value() == std::vector{all[0].reference, all[2].reference});
  CHECK(pending_sequences(journal) == std::vector<std::uint64_t>{2});
  auto queue = journal.queue().value();
  CHECK(queue.pending == 1);
  CHECK(queue.oldest_wall_ms == all[1].wall_ms);
  CHECK(queue.watermark == Sequence{1});
  CHECK(queue.beyond_watermark == 2);
  CHECK(journal.state_of(all[0].reference).value() == SubmissionState::kArrived);
  CHECK(journal.state_of(all[1].reference).value() == SubmissionState::kKept);
  CHECK(journal.state_of(all[3].reference).value() == SubmissionState::kRejected);
  CHECK_FALSE(journal.state_of("404").value().has_value());

  // The same receipt again tells nothing new.
  arrived =
      journal.record_receipt(receipt_for({verdict_for(all[0], wire::VerdictCode::kStored),
                                          verdict_for(all[1], wire::VerdictCode::kQuarantined)}),
                             0);
  CHECK(arrived.value() == std::vector{all[1].reference});
  queue = journal.queue().value();
  CHECK(queue.pending == 0);
  CHECK(queue.watermark == Sequence{4});
  CHECK(queue.beyond_watermark == 0);
}

TEST_CASE("A verdict for other bytes changes nothing", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open_enrolled(folder);
  const auto sealed = append_one(journal);
  auto verdict = verdict_for(sealed, wire::VerdictCode::kStored);
  verdict.envelope_hash = crypto::sha256("other bytes");
  CHECK(journal.record_receipt(receipt_for({verdict}), 0)->empty());
  CHECK(journal.queue()->pending == 1);

  auto receipt = receipt_for({verdict_for(sealed, wire::VerdictCode::kStored)});
  receipt.device_id = "018f0000-0000-7000-8000-000000000002";
  CHECK(journal.record_receipt(receipt, 0).error().code == ErrorCode::kForbidden);
  CHECK(journal.queue()->pending == 1);
}

TEST_CASE("A fork's twin is kept, whatever sequences a backup covers", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open_enrolled(folder);
  const auto first = append_one(journal);
  const auto twin = append_one(journal);
  static_cast<void>(journal.note_generation("one"));
  auto forked = verdict_for(twin, wire::VerdictCode::kQuarantined);
  forked.reason = "fork";
  auto receipt = receipt_for({verdict_for(first, wire::VerdictCode::kStored), forked});
  receipt.database_generation = "one";
  receipt.covered_epoch = first.slot.epoch;
  receipt.covered_sequence = twin.slot.sequence;
  CHECK(journal.record_receipt(receipt, 0)->size() == 2);
  CHECK(journal.state_of(twin.reference).value() == SubmissionState::kQuarantined);
  // The backup may hold the other one of this sequence: only the first is gone for good.
  CHECK(journal.note_generation("two").value() == 1);
  CHECK(pending_sequences(journal) == std::vector<std::uint64_t>{2});
}

TEST_CASE("One that is held back does not block the rest", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open_enrolled(folder);
  const auto first = append_one(journal);
  append_one(journal);
  auto verdict = verdict_for(first, wire::VerdictCode::kRetryAfter);
  verdict.retry_after_s = 30;
  REQUIRE(journal.record_receipt(receipt_for({verdict}), 1'000).has_value());
  CHECK(pending_sequences(journal, 1'000) == std::vector<std::uint64_t>{2});
  CHECK(journal.next_due_wall_ms(1'000).value() == 31'000);
  CHECK(pending_sequences(journal, 31'000) == std::vector<std::uint64_t>{1, 2});
  // The clock was set back by two days: nothing waits that long.
  CHECK(pending_sequences(journal, 31'000 - 2 * 86'400'000LL) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("An envelope stays until a verified backup covers it", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open_enrolled(folder);
  const auto first = append_one(journal);
  const auto second = append_one(journal);
  REQUIRE(journal
              .record_receipt(receipt_for({verdict_for(first, wire::VerdictCode::kStored),
                                           verdict_for(second, wire::VerdictCode::kStored)},
                                          1),
                              0)
              .has_value());
  CHECK(journal.queue()->pending == 0);

  SECTION("a restored server gets what the backup does not cover, once more") {
    CHECK(journal.note_generation("g2").value() == 1);
    CHECK(pending_sequences(journal) == std::vector<std::uint64_t>{2});
    CHECK(journal.pending(10, 1 << 20, 0)->front().envelope == second.envelope);
    // A receipt from before the restore counts no more.
    CHECK(journal.record_receipt(receipt_for({verdict_for(second, wire::VerdictCode::kStored)}), 0)
              ->empty());
    CHECK(journal.queue()->pending == 1);
  }
  SECTION("the same generation changes nothing") {
    CHECK(journal.note_generation("g1").value() == 0);
    CHECK(journal.queue()->pending == 0);
    CHECK(journal.queue()->unconfirmed == 0);
    CHECK(journal.state_of(first.reference).value() == SubmissionState::kArrived);
  }
  SECTION("what was given up has arrived only when the restored server says so") {
    REQUIRE(journal.note_generation("g2").value() == 1);
    CHECK(journal.state_of(first.reference).value() == SubmissionState::kUnconfirmed);
    CHECK(journal.queue()->unconfirmed == 1);
    const auto asked = journal.unconfirmed(0, 10).value();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].given_up.device_id == kDevice);
    CHECK(asked[0].given_up.epoch == Epoch{1});
    CHECK(asked[0].given_up.sequence == Sequence{1});
    CHECK(asked[0].given_up.envelope_hash == first.hash);
    CHECK(journal.unconfirmed(asked[0].position, 10)->empty());
    CHECK(journal.unconfirmed(0, 0)->empty());

    const auto told = [&](wire::VerdictCode code, std::string_view reason) {
      auto verdict = verdict_for(first, code);
      verdict.reason = reason;
      auto receipt = receipt_for({verdict});
      receipt.database_generation = "g2";
      return journal.record_receipt(receipt, 0).value();
    };
    // Not without its recordings, which are here no more either; nor refused.
    CHECK(told(wire::VerdictCode::kStored, wire::kRecordingsAwaited).empty());
    CHECK(told(wire::VerdictCode::kRejected, "malformed").empty());
    CHECK(told(wire::VerdictCode::kRetryAfter, "").empty());
    CHECK(journal.state_of(first.reference).value() == SubmissionState::kUnconfirmed);
    CHECK(told(wire::VerdictCode::kDuplicate, "") == std::vector{first.reference});
    CHECK(journal.state_of(first.reference).value() == SubmissionState::kArrived);
    CHECK(journal.queue()->unconfirmed == 0);
    // And not again after the next restore.
    CHECK(journal.note_generation("g3").value() == 0);
    CHECK(journal.state_of(first.reference).value() == SubmissionState::kUnconfirmed);
  }
}

TEST_CASE("Another epoch begins an empty chain and keeps the old queue", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open_enrolled(folder);
  append_one(journal);
  REQUIRE(journal.adopt_identity(identity_of("018f0000-0000-7000-8000-000000000009", 1)));
  CHECK(journal.next_slot()->sequence == Sequence{1});
  CHECK(journal.next_slot()->previous.empty());
  auto sealed = submission_for(journal.next_slot().value());
  sealed.id = "b";
  sealed.reference = "0185";
  sealed.envelope += "b";
  sealed.hash = crypto::sha256(sealed.envelope);
  REQUIRE(journal.append(sealed).has_value());
  CHECK(journal.pending(10, 1 << 20, 0)->size() == 2);
}

TEST_CASE("The feed is applied once and in order", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open_enrolled(folder);
  wire::SealedAnswer answer{"0170042836", 2, Bytes(16, 's'), Bytes(80, 'c')};
  const wire::FeedEntry entry{FeedPosition{5}, wire::FeedKind::kAnswer, wire::encode(answer)};
  CHECK(journal.apply_feed(std::array{entry}, FeedPosition{5}).value() ==
        std::vector{answer.reference});
  CHECK(journal.feed_position().value() == FeedPosition{5});
  CHECK(journal.apply_feed(std::array{entry}, FeedPosition{5})->empty());
  CHECK(journal.answer(answer.reference).value()->revision == 2);

  answer.revision = 1;
  CHECK_FALSE(journal.keep_answer(answer).value());
  answer.revision = 3;
  CHECK(journal.keep_answer(answer).value());
  CHECK(journal.answer(answer.reference).value()->revision == 3);

  const wire::FeedEntry withdrawal{FeedPosition{6}, wire::FeedKind::kWithdrawal, answer.reference};
  CHECK(journal.apply_feed(std::array{withdrawal}, FeedPosition{6})->size() == 1);
  CHECK_FALSE(journal.answer(answer.reference).value().has_value());
  // Nothing brings it back, also when a restored server has forgotten the withdrawal.
  answer.revision = 4;
  CHECK_FALSE(journal.keep_answer(answer).value());
  REQUIRE(journal.note_generation("g1b").has_value());
  const wire::FeedEntry late{FeedPosition{6}, wire::FeedKind::kAnswer, wire::encode(answer)};
  REQUIRE(journal.apply_feed(std::array{late}, FeedPosition{6}).has_value());
  CHECK_FALSE(journal.answer(answer.reference).value().has_value());
  // How the kiosk runs; what is no such thing, or from a newer server, is passed over.
  const auto configured = [&](std::uint64_t position, const std::string& payload) {
    const wire::FeedEntry set{FeedPosition{position}, wire::FeedKind::kConfiguration, payload};
    REQUIRE(journal.apply_feed(std::array{set}, FeedPosition{position}).has_value());
    return journal.setting(kModeSetting).value().value_or("");
  };
  CHECK(configured(7, R"({"mode":"production"})") == kProductionMode);
  CHECK(configured(8, R"({"volume":3})") == kProductionMode);
  CHECK(configured(9, "rubbish") == kProductionMode);
  CHECK(configured(10, R"({"mode":"test"})") == "test");
  // Whose PIN names a helper; the mode stays.
  CHECK(configured(11, R"({"staff":[{"name":"Imran","pin":"$argon2id$x"}]})") == "test");
  CHECK(journal.setting(kStaffSetting).value() == R"([{"name":"Imran","pin":"$argon2id$x"}])");
  CHECK(configured(12, R"({"staff":7,"mode":"production"})") == kProductionMode);
  CHECK(journal.setting(kStaffSetting).value() == R"([{"name":"Imran","pin":"$argon2id$x"}])");
  // A restored server's feed is read from its beginning.
  REQUIRE(journal.note_generation("g2").has_value());
  CHECK(journal.feed_position().value() == FeedPosition{0});
}

TEST_CASE("The device key is a file of its own that nobody replaces", "[kiosk][store]") {
  const TempFolder folder;
  auto journal = Journal::open(folder.path());
  REQUIRE(journal.has_value());
  std::array<std::uint8_t, 32> seed{};
  CHECK_FALSE(journal->load_device_seed(seed).value());
  seed.fill(7);
  REQUIRE(journal->save_device_seed(seed).has_value());
  REQUIRE(journal->save_device_seed(seed).has_value());
  struct stat info {};
  REQUIRE(stat((folder / "device.key").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  std::array<std::uint8_t, 32> loaded{};
  CHECK(journal->load_device_seed(loaded).value());
  CHECK(loaded == seed);
  seed.fill(8);
  CHECK(journal->save_device_seed(seed).error().code == ErrorCode::kConflict);
}

TEST_CASE("A full disk takes submissions out of the reserve, and none when that is nearly gone",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  std::uint64_t free_bytes = 500ULL << 20;
  auto journal = Journal::open(folder.path(), [&](const std::filesystem::path&) {
    return Space{free_bytes, 1000ULL << 20, false};
  });
  REQUIRE(journal.has_value());
  REQUIRE(journal->adopt_identity(identity_of()).has_value());
  CHECK(journal->disk().reserve_whole);
  CHECK(std::filesystem::file_size(folder / "reserve") == kReserveBytes);

  free_bytes = kWritingBytes;
  const auto sealed = append_one(*journal);
  CHECK(journal->disk().reserve_whole);
  free_bytes = 0;
  CHECK(journal->disk().accepts);
  append_one(*journal);
  CHECK_FALSE(std::filesystem::exists(folder / "reserve"));

  free_bytes = kSendingBytes;  // what giving it up brought, used up but for this
  CHECK(journal->disk().accepts);
  append_one(*journal);
  free_bytes = kSendingBytes - 1;
  CHECK_FALSE(journal->disk().accepts);
  const auto refused = journal->append(submission_for(journal->next_slot().value()));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kDiskFull);
  CHECK(journal->next_slot()->sequence == Sequence{4});
  // What is here is still sent, and what the server says of it recorded.
  CHECK(journal->pending(100, 1 << 20, 0)->size() == 3);
  CHECK(journal->record_receipt(receipt_for({verdict_for(sealed, wire::VerdictCode::kStored)}), 0)
            ->size() == 1);

  free_bytes = kReserveBytes + kBesideReserveBytes - 1;
  CHECK(journal->restore_reserve().error().code == ErrorCode::kDiskFull);
  free_bytes = kReserveBytes + kBesideReserveBytes;
  REQUIRE(journal->restore_reserve().has_value());
  CHECK(journal->disk().reserve_whole);
}

TEST_CASE("A read-only medium is told from a full one", "[kiosk][store][fault]") {
  const TempFolder folder;
  auto journal = Journal::open(folder.path(), [](const std::filesystem::path&) {
    return Space{500ULL << 20, 1000ULL << 20, true};
  });
  REQUIRE(journal.has_value());
  REQUIRE(journal->adopt_identity(identity_of()).has_value());
  CHECK(journal->append(submission_for(journal->next_slot().value())).error().code ==
        ErrorCode::kReadOnly);
}

TEST_CASE("A journal of a newer program is refused and left alone", "[kiosk][store]") {
  const TempFolder folder;
  { open_enrolled(folder); }
  {
    auto raw = store::Connection::open(folder / "journal.db", store::OpenMode::kReadWrite);
    REQUIRE(raw->execute("PRAGMA user_version=99").has_value());
  }
  CHECK(Journal::open(folder.path()).error().code == ErrorCode::kUnsupported);
  CHECK(std::filesystem::exists(folder / "journal.db"));
  CHECK_FALSE(std::filesystem::exists(folder / "journal.db.damaged-1"));
}

}  // namespace
}  // namespace odop::kiosk

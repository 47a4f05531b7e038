// Kiosks and the real service joined by nothing but a stick, which is lost, pulled, copied, changed
// and brought again.
#include "shared/bundle/writer.h"
#include "shared/core/program.h"
#include "shared/crypto/enrolment.h"
#include "shared/wire/codec.h"
#include "syncserver/service/fleet.h"
#include "tests/sim/stick_office.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

namespace odop::test {
namespace {

// The sanitizers make each bundle's own process dear.
#ifdef __SANITIZE_ADDRESS__
constexpr int kCuts = 12;
#else
constexpr int kCuts = 60;
#endif

namespace fs = std::filesystem;
using kiosk::SubmissionState;
using syncserver::must;

std::uint64_t feed_of(const StickKiosk& kiosk) { return kiosk.journal().feed_position()->value; }

}  // namespace

TEST_CASE("A kiosk lives by stick alone: enrolment, release, enquiries, answers", "[sim][bundle]") {
  Office office;
  office.publish(1);
  TempFolder stick;
  StickKiosk kiosk{office.desk.clock, 1};

  // Without a code there is nothing to ask with.
  CHECK(kiosk.give(stick.path()).error().code == ErrorCode::kInvalidArgument);
  const std::string code = office.add_kiosk();
  const auto asked = kiosk.give(stick.path(), code);
  REQUIRE(asked.has_value());
  CHECK(asked->enrolment);
  const Bytes request = load(asked->file);
  CHECK(request.find(code) == Bytes::npos);
  CHECK(request.find(syncserver::enrolment_code_hash(code)) == Bytes::npos);

  auto taken = office.bundles.take(stick.path());
  REQUIRE(taken->size() == 1);
  CHECK(taken->front().asked);
  CHECK(taken->front().name == "Hall 2");
  CHECK(taken->front().fingerprint == asked->fingerprint);
  REQUIRE(office.bundles.give(stick.path(), {}).has_value());

  const auto first = kiosk.take(stick.path());
  REQUIRE(first.has_value());
  CHECK(first->enrolled);
  CHECK(first->trouble.empty());
  CHECK(first->new_release);
  CHECK(first->release == ReleaseNumber{1});
  CHECK(kiosk.store().load(ReleaseNumber{1}, 0)->products.size() == 1);
  // The token went past the courier sealed.
  const std::string token = kiosk.journal().identity().value()->token;
  for (const auto& file : fs::directory_iterator(stick.path())) {
    CHECK(load(file.path()).find(token) == Bytes::npos);
  }
  CHECK(office.desk.api.authenticate(token).has_value());

  std::vector<std::string> references;
  references.reserve(3);
  for (int i = 0; i < 3; ++i) references.push_back(kiosk.submit(syncserver::kEnquiryOfTwo));
  CHECK(kiosk.state_of(references[0]) == SubmissionState::kKept);
  const auto up = kiosk.give(stick.path());
  REQUIRE(up.has_value());
  CHECK(up->submissions == 3);
  CHECK(up->left == 0);
  // On the stick they are still only kept.
  CHECK(kiosk.state_of(references[0]) == SubmissionState::kKept);

  const auto count = [&](auto field) {
    std::size_t sum = 0;
    const auto all = office.bundles.take(stick.path()).value();
    for (const auto& one : all) sum += one.*field;
    return sum;
  };
  CHECK(count(&syncserver::TakenBundle::stored) == 3);
  CHECK(count(&syncserver::TakenBundle::stored) == 0);
  CHECK(count(&syncserver::TakenBundle::duplicates) == 3);
  REQUIRE(office.desk.open_all().opened == 3);
  office.answer(references[1]);
  office.publish(2);

  REQUIRE(office.bundles.give(stick.path(), {}).has_value());
  const auto second = kiosk.take(stick.path());
  REQUIRE(second.has_value());
  CHECK(second->trouble.empty());
  CHECK(second->arrived.size() == 3);
  CHECK(second->answers == std::vector<std::string>{references[1]});
  CHECK(second->release == ReleaseNumber{2});
  CHECK(kiosk.state_of(references[0]) == SubmissionState::kArrived);
  CHECK(kiosk.journal().answer(references[1])->has_value());

  SECTION("the same stick once more changes nothing") {
    const auto again = kiosk.take(stick.path());
    REQUIRE(again.has_value());
    CHECK(again->arrived.empty());
    CHECK(again->answers.empty());
    CHECK_FALSE(again->new_release);
    CHECK(again->trouble.empty());
  }
  SECTION("what the server knows of the kiosk is what it said last") {
    REQUIRE(kiosk.give(stick.path()).has_value());
    REQUIRE(office.bundles.take(stick.path()).has_value());
    const auto row = office.desk.store->fleet()->front();
    CHECK(row.device.state.release_shown == ReleaseNumber{2});
    CHECK(row.device.state.queue == 0);
    // It holds the newest: no pack is carried again.
    const auto given = office.bundles.give(stick / "one.odop", row.kiosk.number);
    REQUIRE(given.has_value());
    CHECK_FALSE(given->front().pack_from.has_value());
    CHECK_FALSE(given->front().enrolment);
  }
}

TEST_CASE("What was spoken goes by stick with what was typed", "[sim][bundle]") {
  Office office;
  office.publish(1);
  TempFolder stick;
  StickKiosk kiosk{office.desk.clock, 8};
  enrol(office, kiosk, stick.path());
  const std::string reference = kiosk.submit(
      syncserver::kEnquiryOfTwo, {{"message", "OggS" + std::string(9'000, 'v'), 4'000}});
  REQUIRE(kiosk.give(stick.path()).has_value());

  SECTION("all of it by stick") {}
  SECTION("the stick comes twice") { REQUIRE(office.bundles.take(stick.path()).has_value()); }
  const auto all = office.bundles.take(stick.path()).value();
  std::size_t attachments = 0;
  for (const auto& one : all) attachments += one.attachments;
  CHECK(attachments == 1);
  REQUIRE(office.bundles.give(stick.path(), {}).has_value());
  const auto taken = kiosk.take(stick.path());
  REQUIRE(taken.has_value());
  CHECK(taken->arrived == std::vector<std::string>{reference});
  CHECK(kiosk.journal().unsent_attachments(1'000'000)->empty());
  CHECK(kiosk.journal().queue()->unsent() == 0);
}

TEST_CASE("A release for a newer program stays on the stick, and the office hears of it by stick",
          "[sim][bundle]") {
  Office office;
  office.publish(1);
  const TempFolder stick;
  StickKiosk kiosk{office.desk.clock, 1};
  enrol(office, kiosk, stick.path());
  const std::vector<syncserver::CatalogueRecord> next{syncserver::record(
      "product", "kannauj-attar", R"({"districts":["kannauj"],"name":{"en":"Itr"}})")};
  syncserver::must(office.desk.store->edit_draft(next, {}, {}, syncserver::kDeskStart));
  REQUIRE(office.publisher
              .publish(office.desk.clock.wall(), syncserver::kPointerLife, kProgramNumber + 1)
              .has_value());
  REQUIRE(office.bundles.give(stick.path(), {}).has_value());

  const auto taken = kiosk.take(stick.path());
  REQUIRE(taken.has_value());
  CHECK(taken->release == ReleaseNumber{1});
  CHECK(taken->waiting == ReleaseNumber{2});
  CHECK(taken->waiting_program == kProgramNumber + 1);
  REQUIRE(kiosk.give(stick.path()).has_value());
  REQUIRE(office.bundles.take(stick.path()).has_value());
  const auto fleet = syncserver::list_kiosks(*office.desk.store, office.desk.clock.wall()).value();
  REQUIRE(fleet.size() == 1);
  CHECK(fleet[0].row.device.state.app_number == kProgramNumber);
  CHECK(fleet[0].waiting == ReleaseNumber{2});
}

TEST_CASE("An old stick does no harm", "[sim][bundle]") {
  Office office;
  office.publish(1);
  TempFolder stick;
  TempFolder old;
  StickKiosk kiosk{office.desk.clock, 2};
  enrol(office, kiosk, stick.path());
  const std::string reference = kiosk.submit(syncserver::kEnquiryOfTwo);
  REQUIRE(kiosk.give(stick.path()).has_value());
  REQUIRE(office.bundles.take(stick.path()).has_value());
  REQUIRE(office.bundles.give(stick.path(), {}).has_value());
  fs::copy(stick.path(), old.path(), fs::copy_options::recursive);

  SECTION("older pointers and releases are not taken") {
    office.desk.clock.advance(std::chrono::hours(24));
    office.publish(2);
    REQUIRE(office.bundles.give(stick.path(), {}).has_value());
    REQUIRE(kiosk.take(stick.path())->release == ReleaseNumber{2});
    const auto taken = kiosk.take(old.path());
    REQUIRE(taken.has_value());
    CHECK(taken->older);
    CHECK(taken->release == ReleaseNumber{2});
    CHECK_FALSE(taken->new_release);
  }
  SECTION("receipts of before the server was restored count for nothing") {
    // The kiosk heard of the restored server; the stick is from before, and its receipt tells of
    // what may be lost.
    office.desk.clock.advance(std::chrono::hours(24));
    const std::string restored = "0190a000-0000-7000-8000-00000000000f";
    REQUIRE(kiosk.journal().note_generation(restored).has_value());
    must(kiosk.journal().set_setting(
        "sync.generation_ms", std::to_string(office.desk.clock.wall().time_since_epoch().count())));
    const auto taken = kiosk.take(old.path());
    REQUIRE(taken.has_value());
    CHECK(taken->older);
    CHECK(taken->arrived.empty());
    CHECK(kiosk.state_of(reference) == SubmissionState::kKept);
    CHECK(*kiosk.journal().setting("journal.generation").value() == restored);
  }
}

TEST_CASE("A stick of somebody else gives a kiosk nothing", "[sim][bundle]") {
  Office office;
  office.publish(1);
  Office foreign;
  foreign.publish(1);
  TempFolder stick;
  StickKiosk kiosk{office.desk.clock, 3};
  StickKiosk other{office.desk.clock, 4};

  SECTION("an answer to another kiosk's request") {
    const std::string code = office.add_kiosk();
    TempFolder theirs;
    enrol(office, other, theirs.path());
    const auto taken = kiosk.take(theirs.path(), code);
    REQUIRE_FALSE(taken.has_value());
    CHECK_FALSE(kiosk.journal().identity()->has_value());
  }
  SECTION("a server that does not know the code answers the request") {
    REQUIRE(kiosk.give(stick.path(), office.add_kiosk()).has_value());
    CHECK(foreign.bundles.take(stick.path())->front().problem->code == ErrorCode::kUnauthorized);
    // It makes an answer all the same, to get the kiosk for itself.
    foreign.add_kiosk();
    const auto device = crypto::SigningKey::generate();
    crypto::SecretBytes seed(crypto::kSeedBytes);
    REQUIRE(kiosk.journal().load_device_seed({seed.data(), seed.size()}).value());
    const auto victim = crypto::SigningKey::from_seed(seed.view())->public_key();
    const auto identity =
        foreign.desk.api.enrol({foreign.add_kiosk(), device.public_key(), ""}).value();
    bundle::NewBundle forged;
    forged.direction = wire::BundleDirection::kDown;
    forged.facts.device_id = identity.device_id;
    forged.items.push_back(
        {wire::BundleItemKind::kEnrolAnswer,
         "",
         wire::encode(
             crypto::seal_enrol_answer(identity, victim, syncserver::enrolment_code_hash("guessed"))
                 .value()),
         {}});
    REQUIRE(
        bundle::write_bundle(stick / "forged.odop", forged, foreign.desk.keys.server).has_value());
    CHECK_FALSE(kiosk.take(stick / "forged.odop").has_value());
    CHECK_FALSE(kiosk.journal().identity()->has_value());
  }
  SECTION("another server's release and receipts") {
    enrol(office, kiosk, stick.path());
    TempFolder theirs;
    enrol(foreign, other, theirs.path());
    foreign.publish(2);
    REQUIRE(foreign.bundles.give(theirs.path(), {}).has_value());
    const auto taken = kiosk.take(theirs.path());
    REQUIRE_FALSE(taken.has_value());
    CHECK(kiosk.store().newest_ready().value() == ReleaseNumber{1});
  }
}

TEST_CASE("A kiosk that was never enrolled shows the release of its package", "[sim][bundle]") {
  Office office;
  TempFolder stick;
  const fs::path file = stick / "factory.odop";
  CHECK(office.bundles.give_factory(file).error().code == ErrorCode::kNotFound);
  office.publish(1);
  REQUIRE(office.bundles.give_factory(file).has_value());
  StickKiosk kiosk{office.desk.clock, 7};
  const auto take = [&](bool factory) {
    return kiosk::take_bundles({kiosk.folder(), file, {}, {}, factory}, office.desk.clock,
                               office.desk.random);
  };

  // A stick that merely calls itself so is not believed.
  CHECK_FALSE(take(false).has_value());
  CHECK(kiosk.store().newest_ready().value() == ReleaseNumber{0});

  const auto taken = take(true);
  REQUIRE(taken.has_value());
  CHECK(taken->trouble.empty());
  CHECK(taken->release == ReleaseNumber{1});
  CHECK_FALSE(taken->enrolled);
  CHECK_FALSE(kiosk.journal().identity()->has_value());
  CHECK(kiosk.store().load(ReleaseNumber{1}, 0)->products.size() == 1);

  SECTION("enrolled later, it goes on from there") {
    office.publish(2);
    TempFolder round;
    REQUIRE(kiosk.give(round.path(), office.add_kiosk()).has_value());
    REQUIRE(office.bundles.take(round.path()).has_value());
    REQUIRE(office.bundles.give(round.path(), {}).has_value());
    const auto enrolled = kiosk.take(round.path());
    REQUIRE(enrolled.has_value());
    CHECK(enrolled->enrolled);
    CHECK(enrolled->release == ReleaseNumber{2});
  }
  SECTION("who changes the file changes nothing of what is shown") {
    office.publish(2);
    REQUIRE(office.bundles.give_factory(file).has_value());
    Bytes bytes = load(file);
    bytes[bytes.size() - 10] = static_cast<char>(bytes[bytes.size() - 10] ^ 1);
    save(file, bytes);
    const auto again = take(true);
    CHECK((!again || !again->trouble.empty()));
    CHECK(kiosk.store().newest_ready().value() == ReleaseNumber{1});
  }
}

TEST_CASE("A revoked kiosk's stick goes to quarantine, and brings it nothing but that word",
          "[sim][bundle]") {
  Office office;
  office.publish(1);
  TempFolder stick;
  StickKiosk kiosk{office.desk.clock, 5};
  enrol(office, kiosk, stick.path());
  const std::string reference = kiosk.submit(syncserver::kEnquiryOfTwo);
  REQUIRE(kiosk.give(stick.path()).has_value());
  must(office.desk.store->revoke(office.desk.store->fleet()->front().kiosk.number, 1));
  office.publish(2);
  std::size_t quarantined = 0;
  const auto all = office.bundles.take(stick.path()).value();
  for (const auto& one : all) quarantined += one.quarantined;
  CHECK(quarantined == 1);
  const auto given = office.bundles.give(stick.path(), {});
  REQUIRE(given->size() == 1);
  CHECK(given->front().receipts == 1);
  CHECK(given->front().entries == 0);
  CHECK(given->front().release == ReleaseNumber{0});
  REQUIRE(kiosk.take(stick / "kiosk-1-down.odop").has_value());
  CHECK(kiosk.state_of(reference) == SubmissionState::kQuarantined);
  CHECK(kiosk.store().newest_ready().value() == ReleaseNumber{1});
}

TEST_CASE("A stick that was pulled at any byte harms neither side", "[sim][bundle][fault]") {
  constexpr std::uint64_t kSeed = 20261129;
  Office office;
  office.publish(1);
  TempFolder stick;
  StickKiosk kiosk{office.desk.clock, 6};
  enrol(office, kiosk, stick.path());
  kiosk.submit(syncserver::kEnquiryOfTwo);
  const auto up = kiosk.give(stick.path());
  const Bytes whole_up = load(up->file);
  TempFolder bad;
  SeededRandom random(kSeed);

  for (int i = 0; i < kCuts; ++i) {
    save(bad / "up.odop", BytesView(whole_up).substr(0, random.below(whole_up.size())));
    const auto taken = office.bundles.take(bad.path());
    REQUIRE(taken->front().problem.has_value());
    REQUIRE(office.stored().empty());
  }
  REQUIRE(office.bundles.take(stick.path()).has_value());
  REQUIRE(office.stored().size() == 1);

  office.publish(2);
  const auto given =
      office.bundles.give(stick / "down.odop", office.desk.store->fleet()->front().kiosk.number);
  REQUIRE(given.has_value());
  const Bytes whole_down = load(stick / "down.odop");
  const auto before = feed_of(kiosk);
  for (int i = 0; i < kCuts; ++i) {
    save(bad / "down.odop", BytesView(whole_down).substr(0, random.below(whole_down.size())));
    REQUIRE_FALSE(kiosk.take(bad / "down.odop").has_value());
    REQUIRE(feed_of(kiosk) == before);
    REQUIRE(kiosk.store().newest_ready().value() == ReleaseNumber{1});
  }
  // Damage inside the pack: the publisher's signature tells, the old release stays.
  Bytes rotten = whole_down;
  rotten[rotten.size() - 10] = static_cast<char>(rotten[rotten.size() - 10] ^ 1);
  save(bad / "down.odop", rotten);
  const auto damaged = kiosk.take(bad / "down.odop");
  REQUIRE(damaged.has_value());
  CHECK_FALSE(damaged->trouble.empty());
  CHECK(kiosk.store().newest_ready().value() == ReleaseNumber{1});
  CHECK(damaged->arrived.size() == 1);

  const auto whole = kiosk.take(stick / "down.odop");
  REQUIRE(whole.has_value());
  CHECK(whole->release == ReleaseNumber{2});
}

}  // namespace odop::test

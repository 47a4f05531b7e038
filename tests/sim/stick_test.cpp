// Kiosks and the real service joined by nothing but a stick, which is lost, pulled, copied, changed
// and brought again.
#include "shared/bundle/writer.h"
#include "shared/crypto/enrolment.h"
#include "shared/wire/codec.h"
#include "tests/sim/stick_office.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <vector>

namespace odop::test {
namespace {

// The sanitizers make each bundle's own process dear.
#ifdef __SANITIZE_ADDRESS__
constexpr int kCuts = 12;
constexpr std::uint64_t kSeeds = 3;
#else
constexpr int kCuts = 60;
constexpr std::uint64_t kSeeds = 12;
#endif

namespace fs = std::filesystem;
using kiosk::SubmissionState;
using syncserver::must;

Bytes load(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void save(const fs::path& file, BytesView bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

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

namespace {

// One courier with one stick for all, which is copied, brought late, damaged and lost.
struct Counts {
  std::size_t submitted = 0;
  std::size_t lost = 0;
  std::size_t duplicated = 0;
  std::size_t not_told = 0;  // arrived, and the kiosk does not know
  std::size_t damaged = 0;
  std::size_t late = 0;
};

void spoil(const fs::path& file, Random& random) {
  Bytes bytes = load(file);
  if (bytes.empty()) return;
  const std::size_t at = random.below(bytes.size());
  if (random.below(2) == 0) {
    bytes.resize(at);
  } else {
    bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << random.below(8)));
  }
  save(file, bytes);
}

fs::path any_file(const fs::path& folder, Random& random) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files.empty() ? fs::path() : files[random.below(files.size())];
}

Counts courier_history(std::uint64_t seed) {
  constexpr int kSteps = 60;
  Counts counts;
  SeededRandom random(seed);
  Office office;
  office.publish(1);
  TempFolder stick;
  TempFolder drawer;  // copies of what was on the stick at some time
  std::vector<std::unique_ptr<StickKiosk>> kiosks;
  std::vector<std::vector<std::string>> references(3);
  for (std::uint64_t i = 0; i < 3; ++i) {
    kiosks.push_back(std::make_unique<StickKiosk>(office.desk.clock, seed * 10 + i));
    enrol(office, *kiosks.back(), stick.path());
  }
  int version = 1;
  for (int step = 0; step < kSteps; ++step) {
    office.desk.clock.advance(std::chrono::minutes(7));
    const std::size_t which = random.below(kiosks.size());
    StickKiosk& kiosk = *kiosks[which];
    switch (random.below(9)) {
      case 0:
      case 1:
        references[which].push_back(kiosk.submit(syncserver::kEnquiryOfTwo));
        ++counts.submitted;
        break;
      case 2:
        if (!kiosk.give(stick.path())) throw std::runtime_error("give");
        break;
      case 3:
        static_cast<void>(office.bundles.take(stick.path()));
        break;
      case 4:
        if (!office.bundles.give(stick.path(), {})) throw std::runtime_error("give");
        break;
      case 5:
        static_cast<void>(kiosk.take(stick.path()));
        break;
      case 6:
        if (const fs::path file = any_file(stick.path(), random); !file.empty()) {
          spoil(file, random);
          ++counts.damaged;
        }
        break;
      case 7: {  // put away, or brought back late
        const bool back = random.below(2) == 0;
        const fs::path file = any_file(back ? drawer.path() : stick.path(), random);
        if (file.empty()) break;
        fs::copy_file(file, (back ? stick.path() : drawer.path()) / file.filename(),
                      fs::copy_options::overwrite_existing);
        counts.late += back ? 1 : 0;
        break;
      }
      default:
        if (random.below(4) == 0) office.publish(++version);
    }
  }
  // A last round without faults.
  for (const auto& entry : fs::directory_iterator(stick.path())) fs::remove(entry.path());
  for (auto& kiosk : kiosks) static_cast<void>(kiosk->give(stick.path()).value());
  static_cast<void>(office.bundles.take(stick.path()).value());
  static_cast<void>(office.bundles.give(stick.path(), {}).value());
  const auto stored = office.stored();
  for (std::size_t i = 0; i < kiosks.size(); ++i) {
    const auto taken = kiosks[i]->take(stick.path()).value();
    if (taken.release.value != static_cast<std::uint64_t>(version)) ++counts.not_told;
    for (const std::string& reference : references[i]) {
      const auto found = stored.find(reference);
      if (found == stored.end()) ++counts.lost;
      if (found != stored.end() && found->second > 1) ++counts.duplicated;
      if (kiosks[i]->state_of(reference) != SubmissionState::kArrived) ++counts.not_told;
    }
  }
  return counts;
}

}  // namespace

TEST_CASE("One stick serves many kiosks, whatever happens to it on the way",
          "[sim][bundle][fault]") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Counts counts = courier_history(seed);
    std::cout << fmt::format(
        "stick seed={} submitted={} damaged={} late={} lost={} duplicated={} not_told={}\n", seed,
        counts.submitted, counts.damaged, counts.late, counts.lost, counts.duplicated,
        counts.not_told);
    CAPTURE(seed);
    CHECK(counts.submitted > 3);
    CHECK(counts.lost == 0);
    CHECK(counts.duplicated == 0);
    CHECK(counts.not_told == 0);
  }
}

}  // namespace odop::test

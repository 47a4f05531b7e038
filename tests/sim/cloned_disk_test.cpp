// One disk, copied, and two kiosks that run from it, with the real service: told, enrolled anew by
// network and by stick, and everything that their visitors left is there.
#include "kiosk/sync/bundle_exchange.h"
#include "kiosk/sync/fingerprint.h"
#include "shared/bundle/writer.h"
#include "shared/crypto/enrolment.h"
#include "shared/wire/json.h"
#include "tests/sim/service_server.h"
#include "tests/support/loopback_transport.h"
#include "tests/support/sync_kiosk.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace odop::test {
namespace {

using namespace std::chrono_literals;
using kiosk::SubmissionState;
using syncserver::KioskState;

struct CopiedHall {
  CopiedHall() {
    first.run_for(2min);
    before = first.submit("before").value().reference;
    first.run_for(2min);
    first.stop();
    second = std::make_unique<SyncKiosk>(first, network, 2, [](const auto&, const auto&) {});
    first.start();
    left = {first.submit("first").value().reference,
            second->submit("second", spoken).value().reference};
  }
  void run() {
    for (int i = 0; i < 3; ++i) {
      first.run_for(2min);
      second->run_for(2min);
      service.open();
    }
  }
  [[nodiscard]] kiosk::BundleOrder order(const SyncKiosk& kiosk) const {
    kiosk::BundleOrder order;
    order.folder = kiosk.folder();
    order.place = stick.path();
    return order;
  }
  // From a kiosk to the office and back.
  kiosk::BundleTaken carry(SyncKiosk& kiosk, const std::string& code) {
    kiosk::BundleOrder out = order(kiosk);
    out.enrol_code = code;
    REQUIRE(kiosk::give_bundle(out, clock).has_value());
    service.take_stick(stick.path());
    service.give_stick(stick.path());
    kiosk.stop();
    auto taken = kiosk::take_bundles(order(kiosk), clock, random);
    kiosk.start();
    REQUIRE(taken.has_value());
    return *taken;
  }
  [[nodiscard]] KioskState state_of(std::uint64_t number) {
    for (const auto& view : service.kiosks()) {
      if (view.row.kiosk.number.value == number) return view.state;
    }
    throw std::runtime_error("no such kiosk");
  }
  [[nodiscard]] std::multiset<std::string> words() {
    std::multiset<std::string> all;
    for (const auto& [reference, answers] : service.opened()) all.insert(answers);
    return all;
  }

  const std::map<std::string, Bytes> spoken{{"name", Bytes("OggS") + Bytes(9'000, 'v')}};
  ServiceServer service;
  const bool backed_up = (service.back_up(), true);  // before anybody enrolled
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  SeededRandom random{5};
  LoopbackTransport network{
      [this](const kiosk::HttpRequest& request) { return service.handle(request); }};
  SyncKiosk first{network, clock, 1, service.add_kiosk()};
  std::unique_ptr<SyncKiosk> second;
  std::string before;
  std::vector<std::string> left;
  TempFolder stick;
};

std::string said(std::string_view text) { return fmt::format(R"({{"message":"{}"}})", text); }

TEST_CASE("A copied disk is seen, told and enrolled anew, and nothing is lost", "[sim]") {
  CopiedHall hall;
  hall.run();
  // The server kept both, raised an alarm and demands.
  CHECK(hall.words() == std::multiset{said("before"), said("first"), said("second")});
  REQUIRE(hall.service.alarms().size() == 1);
  CHECK(hall.service.alarms().front().kind == "fork");
  CHECK(hall.state_of(1) == KioskState::kForked);
  std::multiset<std::string> set_apart;
  for (const auto& one : hall.service.listed()) {
    if (one.state == "quarantined" && one.reason == "fork") set_apart.insert(one.reference);
  }
  CHECK(set_apart == std::multiset<std::string>(hall.left.begin(), hall.left.end()));
  for (SyncKiosk* kiosk : {&hall.first, hall.second.get()}) CHECK(kiosk->state.enrol_anew);

  // One enrols by network while it still has something to send, and goes on.
  hall.network.down = true;
  const std::string waits = hall.first.submit("waits", hall.spoken).value().reference;
  hall.network.down = false;
  hall.first.enrol_anew(hall.service.add_kiosk());
  hall.first.run_for(5min);
  CHECK(hall.first.state.kiosk_number == 2);
  CHECK(hall.state_of(1) == KioskState::kReplaced);
  hall.second->run_for(2min);
  CHECK(hall.state_of(1) == KioskState::kForked);  // the other copy speaks
  hall.second->enrol_anew(hall.service.add_kiosk());
  hall.run();
  CHECK(hall.second->state.kiosk_number == 3);
  CHECK(hall.state_of(1) == KioskState::kReplaced);

  const std::string last = hall.second->submit("last").value().reference;
  hall.run();
  for (SyncKiosk* kiosk : {&hall.first, hall.second.get()}) {
    CHECK(kiosk->state.queue == 0);
    CHECK_FALSE(kiosk->state.enrol_anew);
    CHECK(kiosk->journal().state_of(hall.before).value() == SubmissionState::kArrived);
  }
  CHECK(hall.first.journal().next_slot()->device != hall.second->journal().next_slot()->device);
  CHECK(hall.words() ==
        std::multiset{said("before"), said("first"), said("second"), said("waits"), said("last")});
  CHECK(hall.service.whole(waits));
  CHECK(hall.service.whole(hall.left[1]));
  CHECK(hall.service.alarms().size() == 1);

  // What is answered now finds its asker: also what was left under the old name.
  for (const std::string& reference : {hall.before, waits, last}) {
    REQUIRE(hall.service.answer(reference).has_value());
  }
  hall.run();
  CHECK(hall.first.journal().answer(hall.before).value().has_value());
  CHECK(hall.second->journal().answer(hall.before).value().has_value());
  CHECK(hall.first.journal().answer(waits).value().has_value());
  CHECK(hall.second->journal().answer(last).value().has_value());
}

TEST_CASE("A copied disk is told and enrolled anew by sticks alone", "[sim]") {
  CopiedHall hall;
  hall.second->run_for(2min);  // the copy has a network, the first kiosk none
  hall.network.down = true;
  SyncKiosk& kiosk = hall.first;
  const std::string waits = kiosk.submit("waits", hall.spoken).value().reference;
  const kiosk::BundleTaken told = hall.carry(kiosk, {});
  CHECK_FALSE(told.enrolled);
  CHECK(kiosk.journal().must_enrol_anew().value());
  CHECK(kiosk.journal().queue()->unsent() == 0);
  const std::string later = kiosk.submit("later", hall.spoken).value().reference;

  // The request, with what waits beside it; both sides show the same digits meanwhile.
  const std::string code = hall.service.add_kiosk();
  kiosk::BundleOrder out = hall.order(kiosk);
  out.enrol_code = code;
  const auto given = kiosk::give_bundle(out, hall.clock);
  REQUIRE(given.has_value());
  CHECK(given->enrolment);
  CHECK(given->submissions == 1);
  CHECK(kiosk::fingerprint_of(kiosk.journal())->asking);
  CHECK(kiosk::fingerprint_of(kiosk.journal())->digits == given->fingerprint);
  // More comes as the old device, while the stick is under way.
  const std::string meanwhile = kiosk.submit("meanwhile", hall.spoken).value().reference;
  hall.service.take_stick(hall.stick.path());
  hall.service.give_stick(hall.stick.path());
  kiosk.stop();
  const auto taken = kiosk::take_bundles(hall.order(kiosk), hall.clock, hall.random);
  kiosk.start();
  REQUIRE(taken.has_value());
  CHECK(taken->enrolled);
  CHECK(taken->kiosk == KioskNumber{2});
  CHECK(kiosk.journal().next_slot()->sequence == Sequence{1});
  CHECK_FALSE(kiosk.journal().must_enrol_anew().value());
  CHECK(kiosk.journal().state_of(later).value() == SubmissionState::kArrived);
  CHECK(kiosk.journal().state_of(meanwhile).value() == SubmissionState::kKept);

  // What the old device left is brought by the new one, and its receipts come back to it. Nothing
  // happens to a stick that comes twice.
  for (int i = 0; i < 2; ++i) {
    CHECK_FALSE(hall.carry(kiosk, code).enrolled);
    CHECK(kiosk.journal().state_of(meanwhile).value() == SubmissionState::kArrived);
  }
  CHECK(kiosk.journal().queue()->unsent() == 0);
  CHECK(hall.state_of(1) == KioskState::kReplaced);
  for (const std::string& one : {waits, later, meanwhile}) CHECK(hall.service.whole(one));
  CHECK(hall.words() == std::multiset{said("before"), said("first"), said("second"), said("waits"),
                                      said("later"), said("meanwhile")});
  REQUIRE_FALSE(hall.service.alarms().empty());
}

// The only backup that is left is older than the first enrolment of both.
TEST_CASE("What a kiosk left as another device reaches a server that forgot both", "[sim][fault]") {
  CopiedHall hall;
  hall.run();
  hall.network.down = true;
  const std::string waits = hall.first.submit("waits", hall.spoken).value().reference;
  hall.network.down = false;
  hall.first.enrol_anew(hall.service.add_kiosk());
  hall.second->enrol_anew(hall.service.add_kiosk());
  hall.run();
  const std::string last = hall.first.submit("last").value().reference;
  hall.run();
  const std::multiset<std::string> everything{said("before"), said("first"), said("second"),
                                              said("waits"), said("last")};
  REQUIRE(hall.words() == everything);

  hall.service.restore();
  REQUIRE(hall.words().empty());
  REQUIRE(hall.service.kiosks().empty());
  hall.network.log.clear();
  hall.run();
  CHECK(hall.words() == everything);
  CHECK(hall.service.whole(waits));
  CHECK(hall.service.whole(hall.left[1]));
  for (SyncKiosk* kiosk : {&hall.first, hall.second.get()}) {
    CHECK(kiosk->state.queue == 0);
    CHECK(kiosk->state.link == kiosk::Link::kOnline);
  }
  // The office sees who became whom, and that three were let in unseen.
  CHECK(hall.state_of(1) == KioskState::kReplaced);
  CHECK(hall.state_of(2) == KioskState::kActive);
  CHECK(hall.state_of(3) == KioskState::kActive);
  for (const auto& view : hall.service.kiosks()) CHECK(view.missing.empty());
  std::multiset<std::string> alarms;
  for (const auto& alarm : hall.service.alarms()) alarms.insert(alarm.kind);
  CHECK(alarms == std::multiset<std::string>{"fork", "readmitted", "readmitted", "readmitted"});
  // Answers find the asker under the new name.
  for (const std::string& reference : {hall.before, waits, last}) {
    REQUIRE(hall.service.answer(reference).has_value());
  }
  hall.run();
  CHECK(hall.first.journal().answer(hall.before).value().has_value());
  CHECK(hall.second->journal().answer(hall.before).value().has_value());
  CHECK(hall.first.journal().answer(waits).value().has_value());
  // Nobody asks again.
  const auto asked = std::ranges::count(hall.network.log, "POST /v1/readmit");
  CHECK(asked <= 2 * 3);
  hall.run();
  CHECK(std::ranges::count(hall.network.log, "POST /v1/readmit") == asked);
}

TEST_CASE("The same by sticks alone", "[sim][fault][bundle]") {
  CopiedHall hall;
  hall.second->run_for(2min);
  hall.network.down = true;
  SyncKiosk& kiosk = hall.first;
  static_cast<void>(hall.carry(kiosk, {}));
  REQUIRE(kiosk.journal().must_enrol_anew().value());
  const std::string waits = kiosk.submit("waits", hall.spoken).value().reference;
  REQUIRE(hall.carry(kiosk, hall.service.add_kiosk()).enrolled);
  const std::string last = kiosk.submit("last").value().reference;
  static_cast<void>(hall.carry(kiosk, {}));
  hall.service.open();
  REQUIRE(hall.words() == std::multiset{said("before"), said("first"), said("second"),
                                        said("waits"), said("last")});

  hall.service.restore();
  REQUIRE(hall.service.kiosks().empty());
  // Another stick: on this one lies what the kiosk gave it as the first device.
  for (const auto& entry : std::filesystem::directory_iterator(hall.stick.path())) {
    std::filesystem::remove(entry.path());
  }
  static_cast<void>(hall.carry(kiosk, {}));  // the kiosk hears of the restored server
  for (int i = 0; i < 2; ++i) static_cast<void>(hall.carry(kiosk, {}));
  hall.service.open();
  CHECK(hall.words() == std::multiset{said("before"), said("first"), said("waits"), said("last")});
  CHECK(hall.service.whole(waits));
  CHECK(kiosk.journal().queue()->unsent() == 0);
  for (const std::string& one : {hall.before, waits, last}) {
    CHECK(kiosk.journal().state_of(one).value() == SubmissionState::kArrived);
  }
  CHECK(hall.state_of(1) == KioskState::kReplaced);
  CHECK(hall.state_of(2) == KioskState::kActive);

  // Who does not know the token of the device before lets nobody in as that one.
  hall.service.restore();
  kiosk.stop();
  {
    auto journal = kiosk::Journal::open(kiosk.folder()).value();
    const auto former = journal.formers().value().at(0);
    Bytes seed(crypto::kSeedBytes, '\0');
    REQUIRE(journal.load_device_seed({reinterpret_cast<std::uint8_t*>(seed.data()), seed.size()})
                .value());
    const auto device = crypto::SigningKey::from_seed(seed).value();
    const auto forger = crypto::SigningKey::generate();
    const auto identity = journal.identity().value().value();
    bundle::NewBundle forged;
    forged.facts.device_id = identity.device_id;
    const auto add = [&](const wire::SignedDocument& document) {
      forged.items.push_back({wire::BundleItemKind::kCertificate,
                              std::string(wire::kReadmissionPurpose),
                              wire::to_json(document),
                              {}});
    };
    add(crypto::carried_readmission(identity, device));
    auto guessed = former.identity;
    guessed.token = "guessed";
    add(crypto::carried_readmission(guessed, forger));
    const auto file = hall.stick / "forged.odop";
    REQUIRE(bundle::write_bundle(file, forged, device).has_value());
    const auto taken = hall.service.taken(file);
    REQUIRE(taken.size() == 1);
    CHECK_FALSE(taken[0].problem.has_value());
  }
  kiosk.start();
  CHECK(hall.service.kiosks().size() == 1);
  CHECK(hall.state_of(2) == KioskState::kActive);
}

}  // namespace
}  // namespace odop::test

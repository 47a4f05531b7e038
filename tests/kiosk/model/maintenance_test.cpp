// What the staff do on their page: what the model makes of it.
#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "shared/core/program.h"
#include "shared/text/isolate.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

using namespace odop;         // NOLINT: a test
using namespace odop::kiosk;  // NOLINT

namespace {

struct Staff {
  Staff() {
    tell(news::StaffTold{false});
    ask(intent::Start{});
    ask(intent::OpenMaintenance{});
  }
  void ask(const Intent& intent) { note(update(state, intent, catalogue, now)); }
  void tell(const News& news) { note(update(state, news, catalogue, now)); }
  void note(const Effects& effects) {
    for (const Effect& effect : effects) {
      if (const auto* one = std::get_if<effect::CarryStick>(&effect)) carried.push_back(*one);
    }
  }
  void plug(StickMount mount) {
    tell(news::StickChanged{{.name = "KEY", .mount = mount, .last = {}}});
  }
  [[nodiscard]] StickView stick() const {
    return std::get<MaintenanceView>(
               make_view(state, catalogue, {}, test::stand_words(Language::kEnglish)).body)
        .stick;
  }

  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());
  std::vector<effect::CarryStick> carried;
  std::int64_t now = 1000;
};

}  // namespace

TEST_CASE("A stick offers what its mount allows, one thing at a time",
          "[kiosk][model][maintenance]") {
  Staff staff;
  CHECK(staff.stick().title.empty());
  staff.ask(intent::BringFromStick{});
  CHECK(staff.carried.empty());

  staff.plug(StickMount::kUnsafe);
  CHECK(staff.stick().note.find("nosuid") != std::string::npos);
  CHECK(staff.stick().bring.empty());
  CHECK(staff.stick().take.empty());
  staff.ask(intent::BringFromStick{});
  staff.ask(intent::TakeToStick{});
  CHECK(staff.carried.empty());

  staff.plug(StickMount::kReadOnly);
  CHECK_FALSE(staff.stick().bring.empty());
  CHECK(staff.stick().take.empty());
  staff.ask(intent::TakeToStick{});
  CHECK(staff.carried.empty());

  staff.plug(StickMount::kGood);
  CHECK_FALSE(staff.stick().take.empty());
  staff.ask(intent::BringFromStick{});
  staff.ask(intent::BringFromStick{});  // a second finger
  staff.ask(intent::TakeToStick{});
  REQUIRE(staff.carried.size() == 1);
  CHECK(staff.carried.front().task == StickTask::kBring);
  CHECK(staff.stick().busy);
  CHECK(staff.stick().bring.empty());

  // Nobody carries from another page.
  staff.plug(StickMount::kGood);
  staff.ask(intent::Home{});
  staff.ask(intent::TakeToStick{});
  CHECK(staff.carried.size() == 1);
}

TEST_CASE("A kiosk that belongs to nobody asks for the code, once", "[kiosk][model][maintenance]") {
  Staff staff;
  staff.state.kiosk.number = KioskNumber{0};
  staff.plug(StickMount::kGood);
  CHECK(staff.stick().bring.empty());  // there is nothing yet that it could believe
  staff.ask(intent::TakeToStick{});
  REQUIRE(staff.state.visit.sheet == Sheet::kCode);
  staff.ask(intent::Edit{std::string(kCodeField), "48 2o-k9u"});
  CHECK(staff.state.visit.code == "4820K9");
  staff.ask(intent::GiveCode{});
  CHECK(staff.carried.empty());
  staff.ask(intent::Edit{std::string(kCodeField), "4820-K9Z1-ABCD-EF"});
  CHECK(staff.state.visit.code == "4820K9Z1ABCD");
  staff.ask(intent::GiveCode{});
  REQUIRE(staff.carried.size() == 1);
  CHECK(staff.carried.front().task == StickTask::kTake);
  CHECK(staff.carried.front().code == "4820K9Z1ABCD");
  CHECK(staff.state.visit.code.empty());

  staff.tell(news::FingerprintTold{"1234 5678 9012 3456", true});
  staff.tell(news::StickChanged{{.name = "KEY",
                                 .mount = StickMount::kGood,
                                 .last = {.task = StickTask::kTake, .request = true}}});
  CHECK(without_isolates(staff.stick().note).find("1234 5678 9012 3456") != std::string::npos);
  CHECK_FALSE(staff.stick().bring.empty());
  CHECK_FALSE(staff.stick().code.empty());
  staff.ask(intent::TakeToStick{});  // again, with the same code
  REQUIRE(staff.carried.size() == 2);
  CHECK(staff.carried.back().code.empty());
  CHECK(staff.state.visit.sheet == Sheet::kNone);
}

TEST_CASE("A kiosk whose disk was copied says so, and takes a new code",
          "[kiosk][model][maintenance]") {
  Staff staff;
  const auto page = [&] {
    return std::get<MaintenanceView>(
        make_view(staff.state, staff.catalogue, {}, test::stand_words(Language::kEnglish)).body);
  };
  staff.plug(StickMount::kGood);
  CHECK(staff.stick().code.empty());
  staff.ask(intent::OpenCode{});
  CHECK(staff.state.visit.sheet == Sheet::kNone);
  const std::size_t rows = page().rows.size();

  SyncFacts sync = staff.state.kiosk.sync;
  sync.online = true;
  sync.enrol_anew = true;
  staff.tell(news::SyncChanged{sync});
  CHECK(page().headline == "Enrol this kiosk anew");
  REQUIRE(page().rows.size() == rows + 1);
  CHECK(page().rows.front().value ==
        "This disk was copied or put back. Enrol this kiosk anew with a new code.");
  CHECK_FALSE(page().rows.front().good);
  CHECK_FALSE(staff.stick().take.empty());  // what waits goes on being taken

  CHECK(staff.stick().code == "Enter the new code");
  staff.ask(intent::OpenCode{});
  REQUIRE(staff.state.visit.sheet == Sheet::kCode);
  staff.ask(intent::Edit{std::string(kCodeField), "4820-K9Z1-ABCD"});
  staff.ask(intent::GiveCode{});
  REQUIRE(staff.carried.size() == 1);
  CHECK(staff.carried.front().code == "4820K9Z1ABCD");

  sync.code_refused = true;
  staff.tell(news::SyncChanged{sync});
  CHECK(page().detail.find("did not take the code") != std::string::npos);
  sync.enrol_anew = sync.code_refused = false;
  staff.tell(news::SyncChanged{sync});
  CHECK(page().rows.size() == rows);
  CHECK(staff.stick().code.empty());
}

TEST_CASE("What came of a stick is said, and what to do when it did not work",
          "[kiosk][model][maintenance]") {
  Staff staff;
  const auto says = [&](const StickResult& last, StickMount mount = StickMount::kGood) {
    staff.tell(news::StickChanged{{.name = "KEY", .mount = mount, .last = last}});
    return without_isolates(staff.stick().note);
  };
  CHECK(says({.task = StickTask::kBring, .arrived = 2, .answers = 1, .new_release = true}) ==
        "2 receipts have arrived at the office. 1 answer came. A new catalogue is here; the next "
        "visitor sees it. You may pull the stick out.");
  CHECK(staff.stick().good);
  CHECK(says({.task = StickTask::kBring}).find("nothing new") != std::string::npos);
  CHECK(says({.task = StickTask::kTake, .submissions = 1, .left = 2}) ==
        "1 receipt is on the stick. 2 more are for the next time. You may pull the stick out.");
  // What did come is said beside what did not.
  const std::string part =
      says({.task = StickTask::kBring, .problem = "stick.in_part", .arrived = 1});
  CHECK(part.starts_with("1 receipt has arrived"));
  CHECK(part.find("could not be read") != std::string::npos);
  CHECK_FALSE(staff.stick().good);
  CHECK(says({.task = StickTask::kBring, .problem = "stick.old_program", .arrived = 1})
            .find("needs a newer program") != std::string::npos);
  // It is gone, and somebody must know.
  CHECK(says({.task = StickTask::kBring, .problem = "stick.pulled"}, StickMount::kNone)
            .find("Nothing is lost") != std::string::npos);
  CHECK(staff.stick().bring.empty());
  CHECK(says({.task = StickTask::kBring}, StickMount::kNone).empty());
}

TEST_CASE("A release that waits for a newer program is said, with what to do",
          "[kiosk][model][maintenance]") {
  Staff staff;
  const auto page = [&] {
    return std::get<MaintenanceView>(
        make_view(staff.state, staff.catalogue, {}, test::stand_words(Language::kEnglish)).body);
  };
  const auto program = [&] {
    const auto view = page();
    const auto row = std::ranges::find(view.rows, "Program", &MaintenanceRow::label);
    REQUIRE(row != view.rows.end());
    return *row;
  };
  SyncFacts facts = staff.state.kiosk.sync;
  facts.online = true;
  staff.tell(news::SyncChanged{facts});
  CHECK(program().good);
  CHECK(without_isolates(program().value) == "0.1.0, number " + std::to_string(kProgramNumber));
  facts.waiting = ReleaseNumber{14};
  facts.waiting_program = kProgramNumber + 1;
  staff.tell(news::SyncChanged{facts});
  CHECK_FALSE(program().good);
  const auto view = page();
  CHECK_FALSE(view.good);
  CHECK(view.headline == "A newer program must be installed");
  CHECK(without_isolates(view.detail).find("Release 14 needs program 3") != std::string::npos);
}

TEST_CASE("What a restored server has not confirmed is said before anything is called good",
          "[kiosk][model][maintenance]") {
  Staff staff;
  SyncFacts facts = staff.state.kiosk.sync;
  facts.online = true;
  facts.queue = 0;
  const auto page = [&] {
    staff.tell(news::SyncChanged{facts});
    return std::get<MaintenanceView>(
        make_view(staff.state, staff.catalogue, {}, test::stand_words(Language::kEnglish)).body);
  };
  CHECK(page().good);
  facts.unconfirmed = 2;
  const MaintenanceView view = page();
  CHECK_FALSE(view.good);
  CHECK(view.headline == "The server was restored");
  const auto row = std::ranges::find(view.rows, "Server restored", &MaintenanceRow::label);
  REQUIRE(row != view.rows.end());
  CHECK(without_isolates(row->value) == "2 receipts not found there yet");
  CHECK_FALSE(row->good);
}

TEST_CASE("Who waits for a stick is not sent away", "[kiosk][model][maintenance]") {
  Staff staff;
  staff.now += kIdleWarningMs - 1;
  staff.tell(news::StickChanged{
      {.name = "KEY", .mount = StickMount::kGood, .doing = StickTask::kBring, .last = {}}});
  staff.now += 10;
  staff.tell(news::Tick{});
  CHECK(staff.state.visit.sheet == Sheet::kNone);
}

// Nothing can be kept: visitors hear it before they type anything, the staff what to do.
#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "shared/text/isolate.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <array>
#include <set>
#include <string>
#include <utility>
#include <variant>

using namespace odop;         // NOLINT: a test
using namespace odop::kiosk;  // NOLINT

namespace {

struct TurnedAway {
  explicit TurnedAway(Catalogue of = test::stand_catalogue()) : catalogue(std::move(of)) {
    ask(intent::Start{});
  }
  void ask(const Intent& intent) {
    for (const Effect& effect : update(state, intent, catalogue, 1000)) {
      if (std::holds_alternative<effect::Submit>(effect)) ++sent;
    }
  }
  void tell(Trouble trouble) {
    (void)update(state, News{news::StoresTold{{.trouble = trouble, .mended = {}}}}, catalogue,
                 1000);
  }
  [[nodiscard]] ScreenView view() const {
    return make_view(state, catalogue, {}, test::stand_words(Language::kEnglish));
  }
  [[nodiscard]] MaintenanceView staff() {
    (void)update(state, News{news::StaffTold{false}}, catalogue, 1000);  // nobody's PIN is asked
    ask(intent::OpenMaintenance{});
    return std::get<MaintenanceView>(view().body);
  }

  Catalogue catalogue;
  State state = initial_state(test::stand_kiosk());
  int sent = 0;
};

constexpr std::array kAllTroubles{Trouble::kFull,     Trouble::kReadOnly, Trouble::kNotOurs,
                                  Trouble::kNoFolder, Trouble::kNewer,    Trouble::kDamaged,
                                  Trouble::kDisk};

}  // namespace

TEST_CASE("Nobody begins what cannot be kept", "[kiosk][model][trouble]") {
  TurnedAway visitor;
  const bool nobody = GENERATE(false, true);
  if (nobody) {
    visitor.state.kiosk.number = KioskNumber{0};
  } else {
    visitor.tell(Trouble::kReadOnly);
  }
  for (const Intent& wish :
       {Intent{intent::StartForm{"registration"}}, Intent{intent::StartForm{"feedback"}},
        Intent{intent::StartEnquiry{"kannauj-attar"}}, Intent{intent::OpenWithdraw{}}}) {
    visitor.ask(wish);
    CHECK(visitor.state.visit.sheet == Sheet::kClosed);
    CHECK(visitor.state.screen().id == ScreenId::kHome);
    CHECK(visitor.state.visit.filling.form == nullptr);
    visitor.ask(intent::CloseSheet{});
  }
  CHECK(visitor.sent == 0);
  CHECK(visitor.state.visit.list.empty());
  // What can be looked at is there as ever.
  visitor.ask(intent::OpenProduct{"kannauj-attar"});
  CHECK(visitor.state.screen().id == ScreenId::kProduct);
  visitor.ask(intent::OpenStatus{});
  CHECK(visitor.state.screen().id == ScreenId::kStatus);

  // It passes: the sheet is gone and the way is open.
  visitor.ask(intent::Home{});
  visitor.ask(intent::StartForm{"registration"});
  visitor.state.kiosk.number = KioskNumber{14};
  visitor.tell(Trouble::kNone);
  CHECK(visitor.state.visit.sheet == Sheet::kNone);
  visitor.ask(intent::StartForm{"registration"});
  CHECK(visitor.state.screen().id == ScreenId::kForm);
}

TEST_CASE("Every page and every door says that nothing can be sent", "[kiosk][model][trouble]") {
  TurnedAway visitor;
  const std::string as_of = visitor.view().head.note;
  visitor.tell(Trouble::kFull);
  CHECK(visitor.view().head.closed);
  CHECK(visitor.view().head.note != as_of);
  const auto home = std::get<HomeView>(visitor.view().body);
  std::set<std::string> closed;
  for (const DoorView& door : home.doors) {
    if (door.note == "Cannot be sent from here now") closed.insert(door.id);
  }
  CHECK(closed == std::set<std::string>{"buyer", "artisan"});
  visitor.tell(Trouble::kNone);
  CHECK_FALSE(visitor.view().head.closed);
  CHECK(visitor.view().head.note == as_of);
}

TEST_CASE("A kiosk with nothing to show says so in three languages, and only then",
          "[kiosk][model][trouble]") {
  TurnedAway visitor;
  visitor.ask(intent::End{});
  visitor.tell(Trouble::kNotOurs);
  CHECK(std::get<AttractView>(visitor.view().body).closed.front().title.empty());

  State& state = visitor.state;
  visitor.catalogue = Catalogue{};
  const auto page = std::get<AttractView>(visitor.view().body);
  std::set<std::string> titles;
  for (const auto& words : page.closed) {
    CHECK_FALSE(words.text.empty());
    titles.insert(words.title);
  }
  CHECK(titles.size() == 3);
  CHECK(page.closed_staff.find("chown") != std::string::npos);
  state.kiosk.stores.trouble = Trouble::kNone;
  CHECK(std::get<AttractView>(visitor.view().body).closed.front().title.empty());
}

TEST_CASE("The staff read what is wrong and what to do, each trouble its own",
          "[kiosk][model][trouble]") {
  TurnedAway visitor;
  CHECK(visitor.staff().good);
  std::set<std::string> headlines;
  std::set<std::string> remedies;
  for (const Trouble trouble : kAllTroubles) {
    visitor.tell(trouble);
    const MaintenanceView staff = visitor.staff();
    CHECK_FALSE(staff.good);
    headlines.insert(staff.headline);
    remedies.insert(staff.detail);
    CHECK_FALSE(staff.rows.at(1).good);
    CHECK(staff.headline.find(staff.rows.at(1).value) != std::string::npos);
  }
  CHECK(headlines.size() == kAllTroubles.size());
  CHECK(remedies.size() == kAllTroubles.size());
}

TEST_CASE("What was mended is told for a month", "[kiosk][model][trouble]") {
  TurnedAway visitor;
  const std::size_t rows = visitor.staff().rows.size();
  constexpr std::int64_t kDayMs = 86'400'000;
  StoreFacts facts{.mended = {.wall_ms = visitor.state.kiosk.wall_ms - 29 * kDayMs,
                              .set_aside = true,
                              .from_backup = true,
                              .enrolled = true,
                              .submissions = 12}};
  const auto told = [&] {
    (void)update(visitor.state, News{news::StoresTold{facts}}, visitor.catalogue, 1000);
    return visitor.staff().rows;
  };
  REQUIRE(told().size() == rows + 1);
  CHECK(without_isolates(told().at(2).value).find("12 receipts brought back. From backup") !=
        std::string::npos);
  CHECK(told().at(2).good);
  facts.mended.enrolled = false;
  CHECK_FALSE(told().at(2).good);
  CHECK(told().at(2).value.find("enrol") != std::string::npos);
  facts.mended.wall_ms -= 2 * kDayMs;
  CHECK(told().size() == rows);
}

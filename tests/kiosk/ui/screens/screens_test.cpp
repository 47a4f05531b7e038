#include "kiosk/ui/screens/screens.h"

#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "kiosk/ui/screens/hex_map.h"
#include "tests/kiosk/ui/screens/faults.h"
#include "tests/support/headless_stage.h"
#include "tests/support/screen_tour.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace odop;             // NOLINT: a test
using namespace odop::kiosk;      // NOLINT
using namespace odop::kiosk::ui;  // NOLINT
using namespace odop::test;       // NOLINT

namespace {

// A stand that is driven by taps on what it draws, as the program drives it.
struct Stand {
  Catalogue catalogue = test::stand_catalogue();
  Stories stories = test::stand_stories();
  State state = initial_state(test::stand_kiosk());
  Effects effects;
  test::HeadlessStage shown;
  int taps = 0;

  explicit Stand(const Panel& panel = Panel::fallback(1080, 1920))
      : shown([this](Frame& frame) { draw(frame); }, panel) {
    shown.frame();
  }
  void draw(Frame& frame) {
    const ScreenView view =
        make_view(state, catalogue, stories, test::stand_words(state.visit.language));
    for (const Intent& intent : draw_screen(view, frame)) {
      auto more = update(state, intent, catalogue, shown_ms);
      effects.insert(effects.end(), more.begin(), more.end());
    }
  }
  void tap(const std::string& id) {
    INFO(id);
    ++taps;
    shown.maker.set_look({}, state.visit.language);
    shown.frame();
    shown.tap(id);
    shown.frame();
  }
  std::int64_t shown_ms = 1000;
};

}  // namespace

TEST_CASE("Every screen fits every panel, in three languages and three sizes of type",
          "[kiosk][ui][headless]") {
  const Catalogue catalogue = test::stand_catalogue();
  const Stories stories = test::stand_stories();
  for (const auto& [panel_name, panel] : panels()) {
    ScreenView view;
    test::HeadlessStage shown([&](Frame& frame) { (void)draw_screen(view, frame); }, panel);
    for (const Language language : kLanguages) {
      auto stops = test::screen_tour(catalogue, language);
      for (auto& stop : test::form_tour(catalogue, language)) stops.push_back(std::move(stop));
      for (auto& stop : test::services_tour(catalogue, language)) stops.push_back(std::move(stop));
      for (int size = 0; size < 3; ++size) {
        // High contrast changes strokes and colours, and must not change what fits.
        const Comfort look{.text = static_cast<TextSize>(size), .high_contrast = size == 2};
        shown.maker.set_look(look, language);
        for (auto& stop : stops) {
          stop.state.visit.text_size = size;
          stop.state.visit.high_contrast = look.high_contrast;
          view = make_view(stop.state, catalogue, stories, test::stand_words(language));
          shown.maker.wipe();
          for (int pass = 0; pass < 3; ++pass) shown.frame();
          INFO(stop.name << " in " << code(language) << ", size " << size << ", on " << panel_name);
          CHECK(joined(faults_of(shown.maker)) == "");
        }
      }
    }
  }
}

TEST_CASE("Before the first catalogue the kiosk says so, and offers no door that leads nowhere",
          "[kiosk][ui][headless]") {
  const Catalogue nothing;
  for (const auto& [panel_name, panel] : panels()) {
    ScreenView view;
    test::HeadlessStage shown([&](Frame& frame) { (void)draw_screen(view, frame); }, panel);
    for (const Language language : kLanguages) {
      shown.maker.set_look({}, language);
      for (const auto& stop : test::empty_tour(language)) {
        view = make_view(stop.state, nothing, {}, test::stand_words(language));
        shown.maker.wipe();
        shown.frame();
        shown.frame();
        INFO(stop.name << " in " << code(language) << " on " << panel_name);
        CHECK(joined(faults_of(shown.maker)) == "");
        if (stop.name == "empty-attract") {
          CHECK(shown.node("attract.waiting").label ==
                test::stand_words(language).get("attract.waiting"));
          CHECK(shown.find("attract.picture") == nullptr);
        } else if (stop.name == "empty-closed") {
          // All three at once, a way in for the staff and none for visitors.
          for (const char* id : {"closed.hi", "closed.en", "closed.ur", "head.emblem"}) {
            CHECK(shown.find(id) != nullptr);
          }
          CHECK(shown.find("attract.start") == nullptr);
        } else {
          CHECK(shown.find("home.door.buyer") == nullptr);
          CHECK(shown.find("home.door.hall") == nullptr);
          CHECK(shown.find("home.door.artisan") == nullptr);
          CHECK(shown.find("home.search") == nullptr);
          CHECK(shown.find("home.door.answer") != nullptr);
        }
      }
    }
  }
}

TEST_CASE("A screen that does not fit is found out", "[kiosk][ui][headless]") {
  const auto found = [](const std::function<void(Frame&)>& draw, std::string_view what) {
    test::HeadlessStage shown(draw, panels().at("landscape 15.4 inch"));
    shown.frame();
    shown.frame();
    const std::string faults = joined(faults_of(shown.maker));
    INFO(faults);
    CHECK(faults.find(what) != std::string::npos);
  };
  const auto target = [](Frame& frame, std::string_view id, const Box& box) {
    (void)frame.tap(id, box, Role::kButton, "a name");
  };
  found([&](Frame& frame) { target(frame, "low", {10, 195, 40, 20}); }, "low: leaves the window");
  found([&](Frame& frame) { target(frame, "thin", {10, 20, 40, 14}); }, "thin: is too small");
  found(
      [&](Frame& frame) {
        target(frame, "a", {10, 20, 40, 20});
        target(frame, "b", {45, 30, 40, 20});
      },
      "a lies over b");
  found(
      [&](Frame& frame) {
        const auto scope = frame.scroll("area", {10, 20, 100, 60});
        target(frame, "far", {10, 200, 40, 20});
      },
      "far: has no key to bring it");
  found(
      [&](Frame& frame) {
        const auto scope = frame.scroll("area", {10, 20, 100, 60});
        target(frame, "beside", {90, 30, 40, 20});
      },
      "beside: lies outside");
  found(
      [](Frame& frame) {
        Type type;
        type.max_lines = 1;
        (void)frame.text({10, 20, 30, 0}, "more words than thirty millimetres hold", type);
      },
      "cut: more words");
  found(
      [](Frame& frame) {
        (void)frame.text_middle({10, 20, 90, 5}, "tall", {.em = 14});
      },
      "cut: tall");
}

TEST_CASE("By touch alone: a story in three taps, an enquiry in nine and a number",
          "[kiosk][ui][headless]") {
  for (const auto& [panel_name, panel] : panels()) {
    INFO(panel_name);
    Stand stand(panel);
    stand.tap("attract.start");
    // Every door leads to a screen with something on it.
    std::vector<std::string> doors;
    for (const Node& node : stand.shown.maker.tree()) {
      if (node.id.starts_with("home.door.")) doors.push_back(node.id);
    }
    CHECK(doors.size() == 4);
    for (const std::string& door : doors) {
      INFO(door);
      stand.tap(door);
      CHECK(stand.state.screen().id != ScreenId::kHome);
      stand.tap("bar.home");
    }
    stand.taps = 1;
    if (stand.shown.find("district.kannauj") == nullptr) stand.tap("home.region.awadh");
    CHECK(stand.shown.node("district.kannauj").area.empty());
    stand.tap("district.kannauj");
    CHECK(stand.taps <= 3);
    CHECK(stand.state.screen().subject == "kannauj");
    CHECK(stand.shown.node("district.story").visible);
    (void)update(stand.state, Intent{intent::OpenProduct{"kannauj-attar"}}, stand.catalogue, 1000);
    stand.shown.frame();
    stand.taps = 0;
    stand.tap("product.enquire");
    for (const char digit : std::string("9415207318")) {
      stand.tap(std::string("keyboard.key.") + digit);
      --stand.taps;  // the number itself
    }
    CHECK(stand.shown.node("form.field.mobile").value.find("9415207318") != std::string::npos);
    stand.tap("form.next");
    for (int i = 0; i < 6 && stand.shown.find("form.send") == nullptr; ++i) stand.tap("form.next");
    stand.tap("form.consent.contact");
    stand.tap("form.send");
    CHECK(stand.taps <= 9);
    CHECK(std::ranges::any_of(stand.effects, [](const Effect& effect) {
      return std::holds_alternative<effect::Submit>(effect);
    }));
  }
}

TEST_CASE("The receipt names its state, numbers and code for tests and for the ear",
          "[kiosk][ui][headless]") {
  Stand stand;
  for (const auto& stop : test::screen_tour(stand.catalogue, Language::kHindi)) {
    if (stop.name == "receipt-arrived") stand.state = stop.state;
  }
  stand.shown.frame();
  CHECK(stand.shown.node("receipt.state").value == "arrived");
  CHECK(stand.shown.node("receipt.reference").value == "014 0032 758");
  CHECK(stand.shown.node("receipt.code").value == "4827 1956");
  CHECK(stand.shown.node("receipt.code").spoken.find("4 8 2 7, 1 9 5 6") != std::string::npos);
  stand.tap("receipt.done");
  CHECK(stand.state.screen().id == ScreenId::kAttract);
}

// 60 mm without the quiet zone: a phone reads it from an arm's length.
TEST_CASE("Every code picture is 60 mm at least on each panel of the fleet",
          "[kiosk][ui][headless]") {
  const Catalogue catalogue = test::stand_catalogue();
  const Stories stories = test::stand_stories();
  for (const auto& [panel_name, panel] : panels()) {
    ScreenView view;
    test::HeadlessStage shown([&](Frame& frame) { (void)draw_screen(view, frame); }, panel);
    std::set<std::string> seen;
    const auto measure = [&, &at = panel, &name = panel_name](const test::TourStop& stop) {
      view =
          make_view(stop.state, catalogue, stories, test::stand_words(stop.state.visit.language));
      shown.maker.wipe();
      shown.frame();
      shown.frame();
      for (const Node& node : shown.maker.tree()) {
        if (!node.id.ends_with(".qr") || node.role != Role::kImage) continue;
        seen.insert(node.id);
        INFO(name << ", " << stop.name << ", text size " << stop.state.visit.text_size);
        CHECK(node.rect.w * at.width_mm / at.width_px >= 60);
        CHECK(node.rect.h * at.height_mm / at.height_px >= 59.9);  // pixels are not square
      }
    };
    for (const Language language : kLanguages) {
      auto stops = test::screen_tour(catalogue, language);
      for (auto& stop : test::services_tour(catalogue, language)) stops.push_back(std::move(stop));
      for (auto& stop : stops) {
        for (const int text_size : {0, 2}) {
          stop.state.visit.text_size = text_size;
          shown.maker.set_look({.text = static_cast<TextSize>(text_size)}, language);
          measure(stop);
        }
      }
    }
    CHECK(seen == std::set<std::string>{"check.qr", "event.qr", "receipt.qr"});
  }
}

TEST_CASE("Names of districts are cut where their parts meet", "[kiosk][ui]") {
  CHECK(in_two_lines("गौतम बुद्ध नगर") == "गौतम बुद्ध\nनगर");
  CHECK(in_two_lines("मुजफ्फरनगर") == "मुजफ्फर\nनगर");
  CHECK(in_two_lines("Muzaffarnagar") == "Muzaffar-\nnagar");
  CHECK(in_two_lines("Lakhimpur Kheri") == "Lakhimpur\nKheri");
  CHECK(in_two_lines("मऊ") == "मऊ");
}

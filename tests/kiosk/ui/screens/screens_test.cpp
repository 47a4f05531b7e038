#include "kiosk/ui/screens/screens.h"

#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "kiosk/ui/screens/hex_map.h"
#include "tests/support/headless_stage.h"
#include "tests/support/screen_tour.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace odop;             // NOLINT: a test
using namespace odop::kiosk;      // NOLINT
using namespace odop::kiosk::ui;  // NOLINT

namespace {

const std::map<std::string, Panel>& panels() {
  static const std::map<std::string, Panel> kPanels{{"portrait", Panel::fallback(1080, 1920)},
                                                    {"wide", Panel::fallback(1920, 1080)},
                                                    {"small", Panel::fallback(1280, 800)}};
  return kPanels;
}

bool overlap(const PixelRect& a, const PixelRect& b) {
  const float w = std::min(a.x + a.w, b.x + b.w) - std::max(a.x, b.x);
  const float h = std::min(a.y + a.h, b.y + b.h) - std::max(a.y, b.y);
  return w > 1.5F && h > 1.5F;
}

void check_tree(const SemanticTree& tree, const Theme& theme) {
  const auto least = static_cast<float>(theme.min_target_mm * theme.px_per_mm) - 1.5F;
  const auto width = static_cast<float>(theme.panel.width_px);
  const auto height = static_cast<float>(theme.panel.height_px);
  std::set<std::string> ids;
  std::vector<const Node*> touchable;
  const bool sheet = std::ranges::any_of(tree, &Node::modal);
  for (const Node& node : tree) {
    INFO(node.id);
    if (!node.target) continue;
    CHECK_FALSE(node.label.empty());
    CHECK(ids.insert(node.id).second);
    CHECK(node.rect.w >= least);
    CHECK(node.rect.h >= least);
    CHECK(node.rect.x >= -1.0F);
    CHECK(node.rect.x + node.rect.w <= width + 1.0F);
    if (!node.visible || node.hit.w < 2 || node.hit.h < 2) continue;
    CHECK(node.hit.y + node.hit.h <= height + 1.0F);
    if (!sheet || node.modal) touchable.push_back(&node);
  }
  CHECK(touchable.size() >= 2);
  for (std::size_t i = 0; i < touchable.size(); ++i) {
    for (std::size_t k = i + 1; k < touchable.size(); ++k) {
      INFO(touchable[i]->id << " and " << touchable[k]->id);
      CHECK_FALSE(overlap(touchable[i]->hit, touchable[k]->hit));
    }
  }
}

// A stand that is driven by taps on what it draws, as the program drives it.
struct Stand {
  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());
  Effects effects;
  test::HeadlessStage shown;
  int taps = 0;

  explicit Stand(const Panel& panel = Panel::fallback(1080, 1920))
      : shown([this](Frame& frame) { draw(frame); }, panel) {
    shown.frame();
  }
  void draw(Frame& frame) {
    const ScreenView view = make_view(state, catalogue, test::stand_words(state.visit.language));
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

TEST_CASE(
    "Every screen keeps its targets apart, large enough and named, in three languages on "
    "three panels",
    "[kiosk][ui][headless]") {
  const Catalogue catalogue = test::stand_catalogue();
  for (const auto& [panel_name, panel] : panels()) {
    ScreenView view;
    test::HeadlessStage shown([&](Frame& frame) { (void)draw_screen(view, frame); }, panel);
    for (const Language language : kLanguages) {
      for (const auto& stop : test::screen_tour(catalogue, language)) {
        view = make_view(stop.state, catalogue, test::stand_words(language));
        shown.maker.wipe();
        shown.maker.set_look({}, language);
        shown.frame();
        shown.frame();
        INFO(stop.name << " in " << code(language) << " on " << panel_name);
        check_tree(shown.maker.tree(), shown.maker.theme());
      }
    }
  }
}

TEST_CASE("Large type and high contrast keep the targets", "[kiosk][ui][headless]") {
  const Catalogue catalogue = test::stand_catalogue();
  for (const auto& [panel_name, panel] : panels()) {
    ScreenView view;
    test::HeadlessStage shown([&](Frame& frame) { (void)draw_screen(view, frame); }, panel);
    for (const auto& stop : test::screen_tour(catalogue, Language::kHindi)) {
      view = make_view(stop.state, catalogue, test::stand_words(Language::kHindi));
      shown.maker.wipe();
      shown.maker.set_look({.text = TextSize::kLarger, .high_contrast = true}, Language::kHindi);
      shown.frame();
      shown.frame();
      INFO(stop.name << " on " << panel_name);
      check_tree(shown.maker.tree(), shown.maker.theme());
    }
  }
}

TEST_CASE("By touch alone: a story in three taps, an enquiry in nine and a number",
          "[kiosk][ui][headless]") {
  for (const auto& [panel_name, panel] : panels()) {
    INFO(panel_name);
    Stand stand(panel);
    stand.tap("attract.start");
    stand.state.visit.search.family.clear();
    if (stand.shown.find("district.kannauj") != nullptr &&
        stand.shown.node("district.kannauj").visible) {
      stand.tap("district.kannauj");
      CHECK(stand.taps == 2);
      CHECK(stand.state.screen().subject == "kannauj");
    }
    (void)update(stand.state, Intent{intent::OpenProduct{"kannauj-attar"}}, stand.catalogue, 1000);
    stand.taps = 0;
    stand.tap("product.enquire");
    for (const char digit : std::string("9415207318")) {
      stand.tap(std::string("keyboard.key.") + digit);
      --stand.taps;  // the number itself
    }
    CHECK(stand.state.visit.enquiry.mobile == "9415207318");
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
  // 60 mm: a phone reads it from an arm's length.
  const auto& qr = stand.shown.node("receipt.qr").rect;
  CHECK(qr.w / static_cast<float>(stand.shown.maker.theme().px_per_mm) >= 60);
  stand.tap("receipt.done");
  CHECK(stand.state.screen().id == ScreenId::kAttract);
}

TEST_CASE("Names of districts are cut where their parts meet", "[kiosk][ui]") {
  CHECK(in_two_lines("गौतम बुद्ध नगर") == "गौतम बुद्ध\nनगर");
  CHECK(in_two_lines("मुजफ्फरनगर") == "मुजफ्फर\nनगर");
  CHECK(in_two_lines("Muzaffarnagar") == "Muzaffar-\nnagar");
  CHECK(in_two_lines("Lakhimpur Kheri") == "Lakhimpur\nKheri");
  CHECK(in_two_lines("मऊ") == "मऊ");
}

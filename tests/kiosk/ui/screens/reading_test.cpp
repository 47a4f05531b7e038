#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "kiosk/ui/screens/screens.h"
#include "tests/kiosk/ui/screens/faults.h"
#include "tests/support/headless_stage.h"
#include "tests/support/screen_tour.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace odop;             // NOLINT: a test
using namespace odop::kiosk;      // NOLINT
using namespace odop::kiosk::ui;  // NOLINT
using namespace odop::test;       // NOLINT

namespace {

std::vector<TourStop> all_stops(const Catalogue& catalogue, Language language) {
  auto stops = screen_tour(catalogue, language);
  for (auto& stop : form_tour(catalogue, language)) stops.push_back(std::move(stop));
  for (auto& stop : services_tour(catalogue, language)) stops.push_back(std::move(stop));
  return stops;
}

// Draws stops of the tour on one panel.
struct Drawn {
  explicit Drawn(const Panel& panel)
      : stage([this](Frame& frame) { (void)draw_screen(view, frame); }, panel) {}
  void show(const State& state, const Comfort& look = {}) {
    view = make_view(state, catalogue, stories, stand_words(state.visit.language));
    stage.maker.set_look(look, state.visit.language);
    stage.maker.wipe();
    for (int pass = 0; pass < 3; ++pass) stage.frame();
  }
  Catalogue catalogue = stand_catalogue();
  Stories stories = stand_stories();
  ScreenView view;
  HeadlessStage stage;
};

}  // namespace

TEST_CASE("Each node of each screen has a label, and words to be said", "[kiosk][ui][headless]") {
  Drawn drawn(Panel::fallback(1080, 1920));
  for (const Language language : kLanguages) {
    for (const TourStop& stop : all_stops(drawn.catalogue, language)) {
      drawn.show(stop.state);
      INFO(stop.name << " in " << code(language));
      std::string wrong;
      for (const Node& node : drawn.stage.maker.tree()) {
        const std::string said = spoken_text(node);
        // The marks themselves are looked for. NOLINTBEGIN(misc-misleading-bidirectional)
        const bool isolates = said.find("\xE2\x81\xA6") != std::string::npos ||
                              said.find("\xE2\x81\xA8") != std::string::npos;
        // NOLINTEND(misc-misleading-bidirectional)
        if (node.label.empty() || said.empty() || isolates) wrong += node.id + " ";
      }
      CHECK(wrong == "");
      // Something is read on each screen, in the tree's order, and never the keyboard or the bar.
      const auto read = reading_of(drawn.stage.maker.tree(), {.chosen = "x", .empty = "y"});
      CHECK_FALSE(read.empty());
      std::size_t at = 0;
      for (const ReadStretch& stretch : read) {
        const auto& tree = drawn.stage.maker.tree();
        while (at < tree.size() && tree[at].id != stretch.node) ++at;
        CHECK(at < tree.size());
        CHECK_FALSE(stretch.node.starts_with("bar."));
        CHECK_FALSE(stretch.node.starts_with("keyboard."));
      }
    }
  }
}

TEST_CASE("A question alone is read with its help and choices", "[kiosk][ui][headless]") {
  Drawn drawn(Panel::fallback(1080, 1920));
  std::size_t questions = 0;
  for (const TourStop& stop : all_stops(drawn.catalogue, Language::kHindi)) {
    drawn.show(stop.state);
    if (drawn.stage.find("form.listen") == nullptr) continue;
    if (drawn.view.sheet.index() != 0) continue;  // a sheet over the question is read instead
    ++questions;
    INFO(stop.name);
    const auto read =
        reading_of(drawn.stage.maker.tree(), {.question_only = true, .chosen = "x", .empty = "y"});
    REQUIRE_FALSE(read.empty());
    const auto says = [&](std::string_view id) {
      return std::ranges::any_of(read, [&](const ReadStretch& one) { return one.node == id; });
    };
    CHECK(says("form.question"));
    CHECK_FALSE(says("form.next"));
    CHECK_FALSE(says("form.back"));
    CHECK_FALSE(says("head.title"));
  }
  CHECK(questions > 40);
}

TEST_CASE("What is chosen and what is empty is said", "[kiosk][ui]") {
  const auto made = [](std::string id, Role role, std::string label, std::string value) {
    Node node;
    node.id = std::move(id);
    node.role = role;
    node.label = std::move(label);
    node.value = std::move(value);
    return node;
  };
  SemanticTree tree{made("form.choice.a.b", Role::kChoice, "Silk", "on"),
                    made("form.field.name", Role::kField, "Name", ""),
                    made("form.field.pin", Role::kField, "PIN", "226001"),
                    made("form.again", Role::kText, "PIN: 226001", "")};
  const auto read = reading_of(tree, {.chosen = "chosen", .empty = "empty"});
  REQUIRE(read.size() == 3);  // the neighbour that says the same is left out
  CHECK(read[0].text == "Silk, chosen");
  CHECK(read[1].text == "Name, empty");
  CHECK(read[2].text == "PIN: 226001");
  // Of a dialog only the dialog.
  tree[1].modal = true;
  CHECK(reading_of(tree, {.chosen = "c", .empty = "e"}).size() == 1);
}

TEST_CASE("While it is read aloud each screen still fits each panel", "[kiosk][ui][headless]") {
  for (const auto& [panel_name, panel] : panels()) {
    Drawn drawn(panel);
    for (const Language language : kLanguages) {
      for (TourStop& stop : all_stops(drawn.catalogue, language)) {
        // All of the attract screen's glass is one target; the caption's keys lie on it.
        if (stop.state.screen().id == ScreenId::kAttract) continue;
        stop.state.visit.speaking = true;
        stop.state.visit.reading = {"head.title", "यह कन्नौज का इत्र है, सौ साल से", 6, 18};
        drawn.show(stop.state);
        INFO(stop.name << " in " << code(language) << " on " << panel_name);
        CHECK(joined(faults_of(drawn.stage.maker)) == "");
        CHECK(drawn.stage.find("speech.again") != nullptr);
      }
    }
  }
}

TEST_CASE("In reach mode every action lies 380 to 1,220 mm over the floor",
          "[kiosk][ui][headless]") {
  struct Hanging {
    std::string_view panel;
    double floor_mm;
  };
  const auto hanging = GENERATE(values<Hanging>({{"portrait 32 inch", 600},
                                                 {"portrait 32 inch", 900},
                                                 {"portrait 32 inch", 150},
                                                 {"landscape 32 inch", 950},
                                                 {"landscape 24 inch", 1000}}));
  Panel panel = panels().at(std::string(hanging.panel));
  panel.floor_mm = hanging.floor_mm;
  REQUIRE(offers_reach(panel));
  Drawn drawn(panel);
  const double mm_per_px = panel.height_mm / panel.height_px;
  for (const Language language : kLanguages) {
    for (const TourStop& stop : all_stops(drawn.catalogue, language)) {
      drawn.show(stop.state, {.reach = true});
      INFO(stop.name << " in " << code(language) << " on " << hanging.panel << ", "
                     << hanging.floor_mm << " mm up");
      std::string out_of_reach;
      for (const Node& node : drawn.stage.maker.tree()) {
        if (!node.target || !node.visible) continue;
        const double top = panel.floor_mm + panel.height_mm - node.hit.y * mm_per_px;
        const double foot = top - node.hit.h * mm_per_px;
        if (top > 1220.5 || foot < 379.5) out_of_reach += node.id + " ";
      }
      CHECK(out_of_reach == "");
      // 15 mm of the glass, whatever the design made of its own millimetres.
      for (const Node& node : drawn.stage.maker.tree()) {
        if (!node.target) continue;
        INFO(node.id);
        CHECK(node.rect.h * mm_per_px > 14.99);
      }
    }
  }
}

TEST_CASE("Reach mode is offered where it helps, and taken back", "[kiosk][ui][headless]") {
  State state = state_at_home();
  CHECK_FALSE(state.visit.low);
  (void)update(state, Intent{intent::ToggleReach{}}, Catalogue{}, 1);
  CHECK_FALSE(state.visit.low);
  state.kiosk.can_lower = true;
  (void)update(state, Intent{intent::ToggleReach{}}, Catalogue{}, 1);
  CHECK(state.visit.low);
  (void)update(state, Intent{intent::ToggleReach{}}, Catalogue{}, 1);
  CHECK_FALSE(state.visit.low);
}

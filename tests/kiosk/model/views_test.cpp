#include "kiosk/model/views.h"

#include "kiosk/model/hall_plan.h"
#include "kiosk/model/view_parts.h"
#include "tests/support/screen_tour.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

using namespace odop;         // NOLINT: a test
using namespace odop::kiosk;  // NOLINT

TEST_CASE("The words of the three languages have the same keys", "[kiosk][model]") {
  const auto keys = test::stand_words(Language::kHindi).keys();
  CHECK(keys.size() > 250);
  for (const Language language : kLanguages) {
    CHECK(test::stand_words(language).keys() == keys);
  }
}

TEST_CASE("Every key that the model names has words, with the placeholders of the others",
          "[kiosk][model]") {
  const std::regex literal("\"([a-z]+(\\.[a-z_]+)+)\"");
  std::set<std::string> missing;
  std::size_t found = 0;
  for (const auto& file : std::filesystem::directory_iterator(ODOP_SOURCE_DIR "/kiosk/model")) {
    if (file.path().extension() != ".cpp") continue;
    std::ifstream in(file.path());
    std::stringstream text;
    text << in.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator it(source.begin(), source.end(), literal), end; it != end; ++it) {
      const std::string key = (*it)[1];
      // Names of fields and of screens are no words.
      if (key.find(".field") != std::string::npos || key.starts_with("enquiry.")) continue;
      ++found;
      if (!test::stand_words(Language::kHindi).has(key)) missing.insert(key);
    }
  }
  CHECK(found > 150);
  CHECK(missing == std::set<std::string>{});

  const auto placeholders = [](std::string_view words) {
    std::set<std::string> names;
    for (std::size_t at = words.find('{'); at != std::string_view::npos;
         at = words.find('{', at + 1)) {
      names.emplace(words.substr(at, words.find('}', at) - at));
    }
    return names;
  };
  for (const auto& key : test::stand_words(Language::kHindi).keys()) {
    INFO(key);
    const auto wanted = placeholders(test::stand_words(Language::kHindi).get(key));
    CHECK(placeholders(test::stand_words(Language::kEnglish).get(key)) == wanted);
    CHECK(placeholders(test::stand_words(Language::kUrdu).get(key)) == wanted);
  }
}

TEST_CASE("The first screen shows 75 tiles and only doors that lead somewhere", "[kiosk][model]") {
  Catalogue catalogue = test::stand_catalogue();
  State state = test::state_at_home();
  const auto home = [&] {
    const auto view = make_view(state, catalogue, {}, test::stand_words(Language::kEnglish));
    return std::get<HomeView>(view.body);
  };
  CHECK(home().tiles.size() == 75);
  CHECK(std::ranges::count_if(home().tiles, &TileView::here) == 1);
  CHECK(home().families.size() == 7);
  CHECK(home().doors.size() == 4);

  SECTION("a dimmed map") {
    state.visit.map_family = "l";
    const auto view = home();
    CHECK(std::ranges::count(view.tiles, false, &TileView::dimmed) ==
          std::ranges::count(catalogue.districts, "l", &District::family));
  }
  SECTION("another venue has no hall to show") {
    state.kiosk.venue = "india-expo-mart";
    state.kiosk.district = "gautam-buddha-nagar";
    CHECK(home().doors.size() == 3);  // the events of 2019 are no promise
  }
  SECTION("an event that is not over opens the hall") {
    state.kiosk.venue.clear();
    catalogue.events.clear();
    catalogue.events.push_back(
        {"fair", {{"मेला", "Fair", ""}}, "lucknow", {}, "2026-11-20", "2026-11-21", "planned"});
    CHECK(home().doors.size() == 4);
    state.kiosk.today = "2026-11-22";
    CHECK(home().doors.size() == 3);
  }
  SECTION("no catalogue yet") {
    catalogue = {};
    catalogue.index();
    CHECK(home().tiles.empty());
    CHECK(home().doors.size() == 1);
  }
}

TEST_CASE("Unknown trade facts invite to ask", "[kiosk][model]") {
  Catalogue catalogue = test::stand_catalogue();
  Stories stories = test::stand_stories();
  State state = test::state_at_home();
  state.visit.language = Language::kEnglish;
  state.visit.screens.push_back({ScreenId::kProduct, "kannauj-attar"});
  const auto product = [&] {
    const auto view = make_view(state, catalogue, stories, test::stand_words(Language::kEnglish));
    return std::get<ProductView>(view.body);
  };
  REQUIRE(product().trade.size() == 2);
  CHECK_FALSE(product().trade[0].known);
  CHECK(product().trade[0].value == "Ask in your enquiry");
  CHECK(product().facts.size() == 3);

  std::ranges::find(catalogue.products, "kannauj-attar", &Product::id)->unit = "litre";
  Trade& trade = stories.at("kannauj-attar").trade;
  trade.min_order = "2";
  trade.price_min_inr = 1200;
  trade.price_max_inr = 250000;
  trade.lead_time_days = 30;
  REQUIRE(product().trade.size() == 3);
  CHECK(product().trade[0].value.find("litre") != std::string::npos);
  CHECK(product().trade[1].value.find("₹2,50,000") != std::string::npos);
}

TEST_CASE("A page needs no stories but those that it asks for", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  const Stories all = test::stand_stories();
  const Words& words = test::stand_words(Language::kEnglish);
  State state = test::state_at_home();
  state.visit.language = Language::kEnglish;
  CHECK(told_products(state, catalogue).empty());
  const auto asked_for = [&] {
    Stories some;
    for (const auto& id : told_products(state, catalogue)) some.emplace(id, all.at(id));
    return some;
  };

  for (const District& district : catalogue.districts) {
    state.visit.screens.back() = {ScreenId::kDistrict, district.id};
    const auto page = std::get<DistrictView>(make_view(state, catalogue, asked_for(), words).body);
    const auto whole = std::get<DistrictView>(make_view(state, catalogue, all, words).body);
    INFO(district.id);
    CHECK(page.story == whole.story);
    REQUIRE(page.products.size() == whole.products.size());
    for (std::size_t i = 0; i < page.products.size(); ++i) {
      // The first one's card goes on with the story, when it is longer than a sentence.
      if (i > 0) CHECK_FALSE(page.products[i].note.empty());
      CHECK(page.products[i].note == whole.products[i].note);
    }
  }
  state.visit.screens.back() = {ScreenId::kProduct, "kannauj-attar"};
  const auto page = std::get<ProductView>(make_view(state, catalogue, asked_for(), words).body);
  CHECK(page.story == all.at("kannauj-attar").description.in(1));
  CHECK(page.facts.size() == 3);
  // Untold, a page still names its product.
  const auto untold = std::get<ProductView>(make_view(state, catalogue, {}, words).body);
  CHECK(untold.card.name == page.card.name);
  CHECK(untold.story.empty());
  state.visit.screens.back() = {ScreenId::kProduct, "no-such-product"};
  CHECK(std::get<ProductView>(make_view(state, catalogue, {}, words).body).story.empty());
}

TEST_CASE("The notice is shown whole, in labelled parts", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  for (const Language language : kLanguages) {
    const std::string& text = catalogue.notices.front().text.in(index(language));
    const auto sections = sections_of(text);
    INFO(text);
    CHECK(sections.size() == 5);
    std::string joined;
    for (const auto& section : sections) {
      if (!joined.empty()) joined += ' ';
      joined += section.title + ": " + section.text;
    }
    CHECK(joined == text);
  }
}

TEST_CASE("The way through the hall keeps to the aisles and ends at the stall", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  const Hall& hall = catalogue.halls.front();
  std::vector<const Stall*> stalls;
  for (const auto& stall : catalogue.stalls) stalls.push_back(&stall);
  for (const Stall* wanted : stalls) {
    INFO(wanted->number);
    const Way way = find_way(hall, stalls, *wanted);
    REQUIRE(way.points.size() >= 2);
    CHECK(way.length_m < hall.width_m + hall.depth_m);
    for (std::size_t i = 1; i < way.points.size(); ++i) {
      const auto& a = way.points[i - 1];
      const auto& b = way.points[i];
      CHECK((a.x_m == b.x_m || a.y_m == b.y_m));
      // No step of the leg lies inside a stall.
      for (double part = 0.02; part < 1; part += 0.02) {
        const double x = a.x_m + (b.x_m - a.x_m) * part;
        const double y = a.y_m + (b.y_m - a.y_m) * part;
        for (const Stall* stall : stalls) {
          CHECK_FALSE((x > stall->x_m && x < stall->x_m + stall->width_m && y > stall->y_m &&
                       y < stall->y_m + stall->depth_m));
        }
      }
    }
    const auto& end = way.points.back();
    CHECK((end.x_m >= wanted->x_m && end.x_m <= wanted->x_m + wanted->width_m &&
           end.y_m >= wanted->y_m && end.y_m <= wanted->y_m + wanted->depth_m));
  }
  // Walled in: no way, and no line on the plan.
  Stall ring{"ring", hall.id, "0", hall.kiosk_x_m - 2, hall.kiosk_y_m - 2, 4, 4, {}, {}};
  stalls.push_back(&ring);
  CHECK(find_way(hall, stalls, *stalls.front()).points.empty());
}

TEST_CASE("The receipt's numbers are grouped, and its office has a sentence without a telephone",
          "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  for (const auto& stop : test::screen_tour(catalogue, Language::kEnglish)) {
    if (stop.name != "receipt-kept") continue;
    const auto view = make_view(stop.state, catalogue, {}, test::stand_words(Language::kEnglish));
    const auto& receipt = std::get<ReceiptView>(view.body);
    CHECK(receipt.reference == "014 0032 758");
    CHECK(receipt.code == "4827 1956");
    CHECK_FALSE(receipt.has_arrived);
    CHECK(receipt.due.find("5 December") != std::string::npos);
    CHECK(receipt.phone.empty());
    CHECK_FALSE(receipt.phone_note.empty());
    return;
  }
  FAIL("the tour has no receipt");
}

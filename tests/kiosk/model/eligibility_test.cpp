#include "kiosk/model/eligibility.h"

#include "kiosk/model/update.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

namespace odop::kiosk {
namespace {

const std::string kToday = "2026-11-21";
const std::string kMargin = "odop-margin-money";
constexpr std::int64_t kLakh = 100'000;

TEST_CASE("The subsidy follows the published slabs at each of their edges", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  struct Row {
    std::int64_t cost;     // rupees
    std::int64_t subsidy;  // rupees, fractions left out
    const char* figure;
  };
  // The scheme: to 25 lakh 25 %, at most 6.25 lakh; to 50 lakh 20 % or 6.25 lakh, the more; to
  // 150 lakh 10 % or 10 lakh, the more; above 10 %, at most 20 lakh.
  const std::vector<Row> rows{
      {1, 0, "mm-to-25-lakh"},
      {3, 0, "mm-to-25-lakh"},
      {4, 1, "mm-to-25-lakh"},
      {100'000, 25'000, "mm-to-25-lakh"},
      {999'999, 249'999, "mm-to-25-lakh"},
      {25 * kLakh - 1, 624'999, "mm-to-25-lakh"},
      {25 * kLakh, 625'000, "mm-to-25-lakh"},
      {25 * kLakh + 1, 625'000, "mm-25-to-50-lakh"},
      {31 * kLakh, 625'000, "mm-25-to-50-lakh"},
      {3'125'000, 625'000, "mm-25-to-50-lakh"},
      {3'125'005, 625'001, "mm-25-to-50-lakh"},
      {40 * kLakh, 800'000, "mm-25-to-50-lakh"},
      {50 * kLakh - 1, 999'999, "mm-25-to-50-lakh"},
      {50 * kLakh, 1'000'000, "mm-25-to-50-lakh"},
      {50 * kLakh + 1, 1'000'000, "mm-50-to-150-lakh"},
      {99 * kLakh, 1'000'000, "mm-50-to-150-lakh"},
      {100 * kLakh, 1'000'000, "mm-50-to-150-lakh"},
      {100 * kLakh + 10, 1'000'001, "mm-50-to-150-lakh"},
      {150 * kLakh - 1, 1'499'999, "mm-50-to-150-lakh"},
      {150 * kLakh, 1'500'000, "mm-50-to-150-lakh"},
      {150 * kLakh + 1, 1'500'000, "mm-above-150-lakh"},
      {150 * kLakh + 10, 1'500'001, "mm-above-150-lakh"},
      {200 * kLakh - 10, 1'999'999, "mm-above-150-lakh"},
      {200 * kLakh, 2'000'000, "mm-above-150-lakh"},
      {200 * kLakh + 10, 2'000'000, "mm-above-150-lakh"},
      {9'999'999'999, 2'000'000, "mm-above-150-lakh"},
  };
  for (const Row& row : rows) {
    INFO(row.cost);
    const Support support = support_for(catalogue, kMargin, row.cost, kToday);
    REQUIRE(support.subsidy.has_value());
    CHECK(support.subsidy->rupees == row.subsidy);
    CHECK(support.subsidy->figure->id == kMargin + "." + row.figure);
    CHECK_FALSE(support.subsidy->figure->dated.source.in(0).empty());
    CHECK_FALSE(support.subsidy->figure->dated.checked_on.empty());
  }
  CHECK_FALSE(support_for(catalogue, kMargin, 0, kToday).subsidy.has_value());
}

TEST_CASE("The own share is ten percent, five for special groups", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  for (const std::int64_t cost : {std::int64_t{1}, std::int64_t{19'999}, 25 * kLakh, 151 * kLakh}) {
    INFO(cost);
    const Support support = support_for(catalogue, kMargin, cost, kToday);
    REQUIRE(support.own.size() == 2);
    CHECK(support.own[0].figure->use == "own-share");
    CHECK(support.own[0].rupees == cost / 10);
    CHECK(support.own[1].figure->use == "own-share-special");
    CHECK(support.own[1].rupees == cost / 20);
  }
}

TEST_CASE("A common facility centre's project ends at 15 crore", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  const std::string centre = "odop-common-facility-centre";
  CHECK(support_for(catalogue, centre, 1500 * kLakh, kToday).subsidy->rupees == 1350 * kLakh);
  CHECK_FALSE(support_for(catalogue, centre, 1500 * kLakh + 1, kToday).subsidy.has_value());
  CHECK_FALSE(has_slabs(catalogue, "odop-skill-toolkit", kToday));
}

TEST_CASE("An amount needs a percentage or a sum, and is never more than the cost",
          "[kiosk][model]") {
  SchemeFigure figure;
  CHECK_FALSE(amount_of(figure, 100).has_value());
  figure.max_inr = 500;
  CHECK(amount_of(figure, 300) == 300);
  CHECK(amount_of(figure, 900) == 500);
  figure.percent = 12.5;
  figure.whichever_is = "more";
  CHECK(amount_of(figure, 8'000) == 1'000);
  CHECK(amount_of(figure, 400) == 400);
  figure.percent = 33.33;
  figure.max_inr.reset();
  CHECK(amount_of(figure, 10'000) == 3'333);
  CHECK(amount_of(figure, 9'999'999'999) == 3'332'999'999);
  CHECK_FALSE(amount_of(figure, -1).has_value());
}

TEST_CASE("What has dates holds between them, both days included", "[kiosk][model]") {
  const auto holds = [](const char* from, const char* to, const char* today) {
    return valid_on({from, to, {}, ""}, today);
  };
  CHECK(holds("", "", "2026-11-21"));
  CHECK(holds("", "", ""));
  CHECK(holds("2026-11-21", "2026-11-21", "2026-11-21"));
  CHECK_FALSE(holds("2026-11-22", "", "2026-11-21"));
  CHECK_FALSE(holds("", "2026-11-20", "2026-11-21"));
  CHECK_FALSE(holds("", "2099-01-01", ""));
  CHECK_FALSE(holds("2020-01-01", "", ""));
}

TEST_CASE("An expired scheme is in no list, has no page, no check and no form", "[kiosk][model]") {
  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());
  const auto ask = [&](const Intent& intent) { (void)update(state, intent, catalogue, 1000); };
  ask(intent::Start{});
  const auto listed = schemes_on(catalogue, kToday);
  for (const Scheme* scheme : listed) CHECK(scheme->id != "stand-up-india");
  CHECK(listed.size() == catalogue.schemes.size() - 1);
  ask(intent::OpenScheme{"stand-up-india"});
  CHECK(state.screen().id == ScreenId::kHome);

  for (auto& scheme : catalogue.schemes) {
    if (scheme.id == kMargin) scheme.dated.valid_to = "2026-11-20";
  }
  ask(intent::OpenScheme{kMargin});
  ask(intent::StartCheck{kMargin});
  ask(intent::StartForm{"margin-money"});
  CHECK(state.screen().id == ScreenId::kHome);
  // A figure that is over is not computed with, though its scheme goes on.
  Catalogue other = test::stand_catalogue();
  for (auto& figure : other.scheme_figures) figure.dated.valid_to = "2026-11-20";
  CHECK(figures_of(other, kMargin, kToday).empty());
  CHECK_FALSE(support_for(other, kMargin, kLakh, kToday).subsidy.has_value());
}

TEST_CASE("The cards decide one by one, and only who fits is asked for a cost", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());
  const auto ask = [&](const Intent& intent) { (void)update(state, intent, catalogue, 1000); };
  const auto now = [&] { return checked(state.visit.check, catalogue, kToday); };
  const auto rules = rules_of(catalogue, kMargin, kToday);
  REQUIRE(rules.size() == 4);
  const auto say = [&](bool met) {
    const EligibilityRule* card = now().card;
    REQUIRE(card != nullptr);
    ask(intent::Choose{card->id, card->needs_yes == met ? "yes" : "no"});
  };
  ask(intent::Start{});
  ask(intent::StartCheck{kMargin});
  CHECK(state.screen() == Screen{ScreenId::kEligibility, kMargin});
  CHECK(now().stage == CheckStage::kCard);
  CHECK(now().card == rules.front());

  SECTION("each card that is not met stands against it") {
    for (std::size_t wrong = 0; wrong < rules.size(); ++wrong) {
      ask(intent::StartCheck{kMargin});
      for (std::size_t i = 0; i < rules.size(); ++i) say(i != wrong);
      INFO(rules[wrong]->id);
      CHECK(now().stage == CheckStage::kResult);
      CHECK_FALSE(now().eligible);
      CHECK_FALSE(now().said.at(wrong).met);
    }
  }
  SECTION("a cost is typed, folded and passed over") {
    for (std::size_t i = 0; i < rules.size(); ++i) say(true);
    CHECK(now().stage == CheckStage::kCost);
    CHECK(state.visit.focus == "form.field.cost");
    ask(intent::Edit{"form.field.cost", "००२५ लाख ०१२३४५६७८९"});
    CHECK(state.visit.check.cost == "25012345");
    ask(intent::Edit{"form.field.cost", "0000"});
    CHECK(state.visit.check.cost.empty());
    ask(intent::Next{});
    CHECK(now().stage == CheckStage::kResult);
    CHECK(now().eligible);
    ask(intent::Back{});
    CHECK(now().stage == CheckStage::kCost);
    ask(intent::Back{});
    CHECK(now().card == rules.back());
  }
  SECTION("another card's answer changes nothing") {
    ask(intent::Choose{rules.back()->id, "yes"});
    CHECK(state.visit.check.said.empty());
  }
  SECTION("back from the first card leaves it, and the next visitor finds nothing") {
    say(true);
    ask(intent::Back{});
    CHECK(now().card == rules.front());
    ask(intent::Back{});
    CHECK(state.screen().id == ScreenId::kHome);
    ask(intent::End{});
    CHECK(state.visit.check == Check{});
  }
}

}  // namespace
}  // namespace odop::kiosk

// The enquiry that the kiosk sends is an answered form "enquiry" as it ships: what the one writes,
// the other accepts, word for word.
#include "kiosk/model/enquiry.h"
#include "shared/forms/check.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

using namespace odop;
using namespace odop::kiosk;

namespace {

constexpr Date kToday{std::chrono::year{2026}, std::chrono::November, std::chrono::day{24}};

forms::Form enquiry_form() {
  std::ifstream file(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue/forms/enquiry.json");
  auto form = forms::parse_form(std::string(std::istreambuf_iterator<char>(file), {}));
  if (!form.has_value()) FAIL(form.error().context);
  return std::move(form.value());
}

Visit filled() {
  Visit visit;
  visit.list = {
      {.product = "kannauj-attar", .district = "kannauj", .quantity = 500, .unit = "piece"},
      {.product = "agra-petha", .district = "agra", .quantity = 0, .unit = {}}};
  visit.enquiry.channel = Channel::kMobile;
  visit.enquiry.mobile = "9415207318";
  visit.enquiry.country = "IN";
  visit.enquiry.name = "  मीना   देवी ";
  visit.enquiry.message = "दो रंग\nनमूना भी";
  visit.enquiry.buyer_type = "shop";
  visit.enquiry.needed_by = "quarter";
  return visit;
}

void check_fits(const forms::Form& form, const Visit& visit, const Catalogue& catalogue) {
  const std::string sent = enquiry_submission(visit, catalogue).answers;
  const auto answers = forms::answers_from_json(form, sent);
  if (!answers.has_value()) FAIL(answers.error().context);
  const forms::Settled settled = forms::settle(form, answers.value(), kToday);
  for (const auto& problem : settled.problems)
    FAIL_CHECK(problem.field << ": " << problem.text_key);
  CHECK(nlohmann::json::parse(forms::to_json(settled.answers)) == nlohmann::json::parse(sent));
}

}  // namespace

TEST_CASE("An enquiry of the kiosk is an answered form of the catalogue", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  const forms::Form form = enquiry_form();
  Visit visit = filled();

  SECTION("by mobile, with each choice") {
    for (const char* buyer : {"", "own", "shop", "export"}) {
      for (const char* when : {"", "month", "quarter", "year", "information"}) {
        visit.enquiry.buyer_type = buyer;
        visit.enquiry.needed_by = when;
        CAPTURE(buyer, when);
        check_fits(form, visit, catalogue);
      }
    }
  }
  SECTION("by e-mail, with the longest texts and the largest quantity") {
    visit.enquiry.channel = Channel::kEmail;
    visit.enquiry.email = "Buyer@Example.com";
    visit.enquiry.message = std::string(kMaxMessageBytes, 'x');
    visit.enquiry.name = std::string(80, 'x');
    visit.list[0].quantity = kMaxQuantity;
    check_fits(form, visit, catalogue);
  }
  SECTION("from each country of the list") {
    REQUIRE(catalogue.countries.size() > 30);
    visit.enquiry.channel = Channel::kAbroad;
    for (const Choice& country : catalogue.countries) {
      visit.enquiry.country = country.id;
      visit.enquiry.phone = country.id == "IN" ? "9415207318" : "501234567";
      CAPTURE(country.id);
      check_fits(form, visit, catalogue);
    }
  }
  SECTION("each product of the catalogue in each unit") {
    for (const auto& product : catalogue.products) {
      visit.list = {};
      for (const Choice& unit : catalogue.units) {
        visit.list.push_back({.product = product.id,
                              .district = product.districts.front(),
                              .quantity = 1,
                              .unit = unit.id});
      }
      CAPTURE(product.id);
      check_fits(form, visit, catalogue);
    }
  }
}

TEST_CASE("The enquiry's form asks for the consents of the enquiry's notices", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  const auto notices = notices_of(catalogue, "enquiry");
  const forms::Form form = enquiry_form();
  REQUIRE(form.consents.size() == notices.size());
  for (std::size_t i = 0; i < notices.size(); ++i) {
    CHECK(form.consents[i].notice == notices[i]->id);
    CHECK(form.consents[i].purpose == notices[i]->purpose);
    CHECK(form.consents[i].required == notices[i]->required);
  }
}

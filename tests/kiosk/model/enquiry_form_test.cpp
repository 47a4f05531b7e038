// The enquiry is a form of the catalogue like any other: taps counted, what stands beside a
// question, what waits in the read-back, and what is sent. And a newly published one needs no new
// program.
#include "kiosk/model/filling.h"
#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "tests/kiosk/model/form_hand.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace odop;         // NOLINT: a test
using namespace odop::kiosk;  // NOLINT

namespace {

struct Buyer : FormHand {
  void start() {
    ask(intent::Start{});
    ask(intent::SetLanguage{Language::kEnglish});
    ask(intent::OpenDistrict{"kannauj"});
    ask(intent::OpenProduct{"kannauj-attar"});
    tap(intent::StartEnquiry{"kannauj-attar"});
  }
  // On to the read-back with as little as is asked for.
  void pass() {
    for (int i = 0; i < 10 && filling().stage == FormStage::kQuestion; ++i) tap(intent::Next{});
    REQUIRE(filling().stage == FormStage::kReview);
  }
  void send() {
    tap(intent::Next{});
    tap(intent::ToggleConsent{"contact"});
    tap(intent::Send{});
  }
  [[nodiscard]] nlohmann::json answers() const {
    REQUIRE(sent().size() == 1);
    return nlohmann::json::parse(sent().front().answers);
  }
  [[nodiscard]] std::vector<std::string> rows() const {
    std::vector<std::string> out;
    for (const auto& row : view<ReviewView>().rows) out.push_back(row.field);
    return out;
  }
};

nlohmann::json shipped() {
  std::ifstream file(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue/forms/enquiry.json");
  return nlohmann::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace

TEST_CASE("From a product to a sent enquiry: nine taps and a mobile number", "[kiosk][model]") {
  Buyer buyer;
  buyer.start();
  CHECK(buyer.state.screen() == Screen{ScreenId::kForm, "enquiry"});
  CHECK(buyer.state.visit.focus == "form.field.mobile");
  buyer.type("mobile", "94152 07318");  // the number itself
  buyer.tap(intent::Next{});
  CHECK(buyer.field() == "name");
  buyer.tap(intent::Next{});  // no name
  buyer.tap(intent::Choose{"buyer_type", "shop"});
  CHECK(buyer.field() == "products");  // came by itself
  buyer.tap(intent::Next{});           // how much: later
  buyer.tap(intent::Choose{"needed_by", "quarter"});
  CHECK(buyer.filling().stage == FormStage::kReview);
  buyer.send();
  CHECK(buyer.taps == 9);

  REQUIRE(buyer.sent().size() == 1);
  const effect::Submit sent = buyer.sent().front();
  CHECK(sent.kind == "enquiry");
  CHECK(sent.form_id == "enquiry");
  CHECK(sent.form_version == shipped().at("version"));
  CHECK(sent.language == "en");
  CHECK_FALSE(sent.incomplete);
  CHECK(sent.consents.size() == 3);
  CHECK(buyer.answers() ==
        nlohmann::json{{"reach", "phone"},
                       {"country", "IN"},
                       {"mobile", "+919415207318"},
                       {"buyer_type", "shop"},
                       {"needed_by", "quarter"},
                       {"products", {{{"product", "kannauj-attar"}, {"district", "kannauj"}}}}});
  (void)update(buyer.state, News{news::SubmissionKept{"0140032758", "48271956", "qr"}},
               buyer.catalogue, 1000);
  REQUIRE(buyer.state.visit.receipt.has_value());
  CHECK(buyer.state.visit.receipt->kind == "enquiry");
  CHECK(buyer.state.visit.receipt->districts == std::vector<std::string>{"kannauj"});
  CHECK(buyer.state.visit.list.empty());
  CHECK(buyer.filling() == Filling{});
}

TEST_CASE("What is taken for granted stands beside the question, and can be changed",
          "[kiosk][model]") {
  Buyer buyer;
  buyer.start();
  auto question = buyer.view<QuestionView>();
  REQUIRE(question.channels.size() == 2);
  CHECK(question.channels[0].selected);
  REQUIRE(question.besides.size() == 1);
  CHECK(question.besides[0].value == "India");
  CHECK(question.step == 1);
  const int steps = question.steps;
  CHECK_FALSE(question.assurance.empty());

  SECTION("an e-mail instead, and the number is still there on the way back") {
    buyer.type("mobile", "94152");
    buyer.ask(intent::Choose{"reach", "email"});
    CHECK(buyer.field() == "email");
    CHECK(buyer.state.visit.focus == "form.field.email");
    CHECK(buyer.view<QuestionView>().step == 1);
    CHECK(buyer.view<QuestionView>().steps == steps);
    buyer.ask(intent::Choose{"reach", "phone"});
    CHECK(buyer.field() == "mobile");
    CHECK(buyer.view<QuestionView>().fields.front().value == "94152");
    buyer.ask(intent::Choose{"reach", "email"});
    buyer.type("email", "Buyer@Example.com");
    buyer.ask(intent::Next{});
    buyer.pass();
    buyer.send();
    CHECK(buyer.answers().at("email") == "Buyer@example.com");
    CHECK_FALSE(buyer.answers().contains("mobile"));
  }
  SECTION("a phone abroad begins with the country's code") {
    buyer.ask(intent::ChangeAnswer{"country"});
    CHECK(buyer.field() == "country");
    CHECK(buyer.view<QuestionView>().step == 1);
    buyer.ask(intent::Back{});
    CHECK(buyer.field() == "mobile");
    buyer.ask(intent::ChangeAnswer{"country"});
    buyer.ask(intent::Choose{"country", "AE"});
    CHECK(buyer.field() == "phone");
    CHECK(buyer.view<QuestionView>().fields.front().value == "971");
    // Another country: its own code.
    buyer.ask(intent::ChangeAnswer{"country"});
    buyer.ask(intent::Choose{"country", "GB"});
    CHECK(buyer.view<QuestionView>().fields.front().value == "44");
    buyer.type("phone", "442079460958");
    buyer.ask(intent::Next{});
    buyer.pass();
    // And once more from the read-back: the number is asked for again.
    buyer.ask(intent::ChangeAnswer{"country"});
    buyer.ask(intent::Choose{"country", "AE"});
    CHECK(buyer.field() == "phone");
    buyer.type("phone", "971501234567");
    buyer.ask(intent::Next{});
    CHECK(buyer.filling().stage == FormStage::kReview);
    buyer.send();
    CHECK(buyer.answers().at("country") == "AE");
    CHECK(buyer.answers().at("phone") == "+971501234567");
  }
  SECTION("nothing was said yet: leaving asks nothing") {
    buyer.ask(intent::Back{});
    CHECK(buyer.state.screen() == Screen{ScreenId::kProduct, "kannauj-attar"});
  }
  SECTION("each country of the list gives answers that its form takes") {
    REQUIRE(buyer.catalogue.countries.size() > 30);
    for (const Choice& country : buyer.catalogue.countries) {
      if (country.id == "IN") continue;
      CAPTURE(country.id);
      Buyer other;
      other.start();
      other.ask(intent::ChangeAnswer{"country"});
      other.ask(intent::Choose{"country", country.id});
      const std::string code = other.view<QuestionView>().fields.front().value;
      other.type("phone", code + "501234567");
      other.ask(intent::Next{});
      CHECK(other.state.visit.error.empty());
      other.pass();
      other.send();
      CHECK(other.answers().at("phone") == "+" + code + "501234567");
    }
  }
}

TEST_CASE("What can wait stands in the read-back", "[kiosk][model]") {
  Buyer buyer;
  buyer.ask(intent::Start{});
  buyer.ask(intent::AddToList{"agra-petha", "agra"});
  buyer.start();
  buyer.type("mobile", "9415207318");
  buyer.pass();
  CHECK(buyer.rows() == std::vector<std::string>{"reach", "country", "mobile", "name", "buyer_type",
                                                 "products", "needed_by", "message"});
  const auto review = buyer.view<ReviewView>();
  CHECK(review.rows.back().change == "Add");
  CHECK(review.rows.front().change == "Change");
  CHECK(review.rows[5].value.find("Attar") != std::string::npos);

  buyer.ask(intent::ChangeAnswer{"reach"});
  CHECK(buyer.field() == "mobile");  // where the switch is
  buyer.ask(intent::Next{});
  buyer.ask(intent::ChangeAnswer{"buyer_type"});
  buyer.ask(intent::Choose{"buyer_type", "export"});
  CHECK(buyer.filling().stage == FormStage::kReview);  // the trade's questions wait there, too
  CHECK(buyer.rows().size() == 16);
  buyer.ask(intent::ChangeAnswer{"message"});
  const auto asked = buyer.view<QuestionView>();
  CHECK(asked.step == review.step);
  buyer.type("message", "दो रंग\nनमूना भी");
  buyer.ask(intent::Next{});
  CHECK(buyer.filling().stage == FormStage::kReview);
  buyer.ask(intent::ChangeAnswer{"products"});
  buyer.ask(intent::ChangeQuantity{"agra-petha", 3});
  buyer.ask(intent::Next{});
  CHECK(buyer.view<ReviewView>().rows[5].value.find('5') != std::string::npos);
  buyer.send();
  CHECK(buyer.answers().at("message") == "दो रंग\nनमूना भी");
  CHECK(buyer.answers().at("products").size() == 2);
  CHECK(buyer.answers().at("products").at(0) ==
        nlohmann::json{
            {"product", "agra-petha"}, {"district", "agra"}, {"quantity", 5}, {"unit", "kg"}});
}

TEST_CASE("An unfinished enquiry is sent with its list", "[kiosk][model]") {
  Buyer buyer;
  buyer.start();
  buyer.type("mobile", "9415207318");
  buyer.ask(intent::Home{});
  CHECK(buyer.state.visit.sheet == Sheet::kLeave);
  buyer.ask(intent::SendUnfinished{});
  CHECK(buyer.filling().stage == FormStage::kConsent);
  buyer.ask(intent::ToggleConsent{"contact"});
  buyer.ask(intent::Send{});
  REQUIRE(buyer.sent().size() == 1);
  CHECK(buyer.sent().front().incomplete);
  CHECK(buyer.answers().at("products").size() == 1);
  CHECK(buyer.answers().at("mobile") == "+919415207318");
}

TEST_CASE("A name of the enquiry may be spoken, and a helper may fill it", "[kiosk][model]") {
  Buyer buyer;
  buyer.state.kiosk.can_record = true;
  buyer.state.visit.helper = "Sunita Verma";
  buyer.start();
  buyer.type("mobile", "9415207318");
  buyer.ask(intent::Next{});
  buyer.ask(intent::OpenVoice{"name"});
  CHECK(buyer.state.visit.sheet == Sheet::kVoice);
  buyer.ask(intent::StartSpeaking{});
  (void)update(buyer.state, News{news::VoiceTaken{7, 2'000, false}}, buyer.catalogue, 1000);
  buyer.ask(intent::KeepSpoken{});
  CHECK(buyer.field() == "buyer_type");
  buyer.pass();
  buyer.send();
  REQUIRE(buyer.sent().size() == 1);
  REQUIRE(buyer.sent().front().spoken.size() == 1);
  CHECK(buyer.sent().front().spoken.front().field == "name");
  CHECK(buyer.sent().front().answers.find("Sunita Verma") != std::string::npos);
}

TEST_CASE("A newly published enquiry needs no new program", "[kiosk][model]") {
  nlohmann::json changed = shipped();
  changed["version"] = 40;
  changed["schema"]["properties"]["colour"] = {{"type", "string"}, {"enum", {"red", "blue"}}};
  const nlohmann::json words = {{"hi", "रंग?"}, {"en", "Which colour?"}, {"ur", "رنگ؟"}};
  nlohmann::json question = {{"field", "colour"}, {"widget", "choice"}, {"label", words}};
  for (const char* value : {"red", "blue"}) {
    question["options"].push_back({{"value", value}, {"label", words}});
  }
  changed["ui"]["sections"][1]["questions"].push_back(question);
  auto form = forms::parse_form(changed.dump());
  if (!form.has_value()) FAIL(form.error().context);

  Buyer buyer;
  const auto old = std::ranges::find_if(buyer.catalogue.forms,
                                        [](const auto& one) { return one->id == "enquiry"; });
  *old = std::make_shared<const forms::Form>(std::move(*form));
  buyer.start();
  buyer.type("mobile", "9415207318");
  buyer.ask(intent::Next{});
  buyer.ask(intent::Next{});
  buyer.ask(intent::Choose{"buyer_type", "own"});
  CHECK(buyer.view<QuestionView>().question == "Which colour?");
  buyer.ask(intent::Choose{"colour", "blue"});
  buyer.pass();
  buyer.send();
  CHECK(buyer.sent().front().form_version == 40);
  CHECK(buyer.answers().at("colour") == "blue");
}

TEST_CASE("Without the form or the notice that it needs nobody is led to an enquiry",
          "[kiosk][model]") {
  Buyer buyer;
  SECTION("no form") {
    std::erase_if(buyer.catalogue.forms, [](const auto& one) { return one->kind == "enquiry"; });
  }
  SECTION("no notice") {
    std::erase_if(buyer.catalogue.notices,
                  [](const Notice& one) { return one.id == "enquiry-contact"; });
  }
  CHECK(enquiry_form(buyer.catalogue) == nullptr);
  buyer.start();
  CHECK(buyer.state.screen() == Screen{ScreenId::kProduct, "kannauj-attar"});
  CHECK(buyer.view<ProductView>().enquire.empty());
  buyer.ask(intent::AddToList{"kannauj-attar", "kannauj"});
  buyer.ask(intent::OpenList{});
  CHECK_FALSE(buyer.view<ListView>().can_send);
}

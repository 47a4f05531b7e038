// Forms of the catalogue as a visitor fills them: taps counted, answers back and forth, what is
// sent, and what is left afterwards.
#include "kiosk/model/filling.h"
#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "tests/kiosk/model/form_hand.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

using namespace odop;         // NOLINT: a test
using namespace odop::kiosk;  // NOLINT

namespace {

struct Artisan : FormHand {
  void start(const std::string& form) {
    ask(intent::Start{});
    ask(intent::OpenArtisan{});
    ask(intent::StartForm{form});
  }
  [[nodiscard]] const std::string& error() const { return state.visit.error; }
  // Up to the read-back.
  void register_meera() {
    start("registration");
    ask(intent::Choose{"applicant", "person"});
    type("name", "मीरा देवी");
    ask(intent::Next{});
    type("mobile", "9415207318");
    ask(intent::Next{});
    ask(intent::Choose{"adult", "yes"});
    ask(intent::Choose{"district", "kannauj"});
    ask(intent::Choose{"product", "kannauj-attar"});
    ask(intent::Choose{"more", "no"});
  }
};

}  // namespace

TEST_CASE("Registration: at most 22 taps, a name and a mobile", "[kiosk][model][form]") {
  Artisan artisan;
  artisan.tap(intent::Start{});
  artisan.tap(intent::OpenArtisan{});
  artisan.tap(intent::StartForm{"registration"});
  artisan.tap(intent::Choose{"applicant", "person"});
  CHECK(artisan.field() == "name");  // came by itself
  artisan.type("name", "मीरा देवी");
  artisan.tap(intent::Next{});
  artisan.type("mobile", "९४१५२०७३१८");  // any script's digits
  artisan.tap(intent::Next{});
  artisan.tap(intent::Choose{"adult", "yes"});
  artisan.tap(intent::Choose{"district", "kannauj"});
  artisan.tap(intent::Choose{"product", "kannauj-attar"});
  artisan.tap(intent::Choose{"more", "no"});
  CHECK(artisan.filling().stage == FormStage::kReview);
  artisan.tap(intent::Next{});
  artisan.tap(intent::ToggleConsent{"contact"});
  artisan.tap(intent::Send{});
  CHECK(artisan.taps <= 22);

  const auto sent = artisan.sent();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].kind == "registration");
  CHECK(sent[0].form_id == "registration");
  CHECK(sent[0].form_version == artisan.catalogue.form("registration")->version);
  CHECK_FALSE(sent[0].incomplete);
  CHECK(nlohmann::json::parse(sent[0].answers) == nlohmann::json{{"applicant", "person"},
                                                                 {"name", "मीरा देवी"},
                                                                 {"mobile", "+919415207318"},
                                                                 {"adult", true},
                                                                 {"district", "kannauj"},
                                                                 {"product", "kannauj-attar"},
                                                                 {"more", false}});
  REQUIRE(sent[0].consents.size() == 3);  // refusing the two others costs nothing
  CHECK(sent[0].consents[0].given == std::vector<std::string>{"contact"});
  CHECK(sent[0].consents[1].refused == std::vector<std::string>{"publish"});

  (void)update(artisan.state, News{news::SubmissionKept{"0140032758", "48271956", "qr"}},
               artisan.catalogue, 1000);
  REQUIRE(artisan.state.visit.receipt.has_value());
  CHECK(artisan.state.visit.receipt->kind == "registration");
  CHECK(artisan.state.visit.receipt->districts == std::vector<std::string>{"kannauj"});
  CHECK(artisan.state.visit.receipt->due == "2026-12-21");
  CHECK(artisan.filling() == Filling{});  // nothing of it stays behind the receipt
}

TEST_CASE("Back and forth no answer is lost", "[kiosk][model][form]") {
  Artisan artisan;
  artisan.register_meera();
  const auto answers = artisan.filling().answers;
  for (int i = 0; i < 7; ++i) artisan.ask(intent::Back{});
  CHECK(artisan.field() == "applicant");
  CHECK(artisan.filling().answers == answers);
  for (int i = 0; i < 7; ++i) artisan.ask(intent::Next{});
  CHECK(artisan.filling().stage == FormStage::kReview);
  CHECK(artisan.filling().answers == answers);

  SECTION("a line of the read-back leads to its question and back again") {
    artisan.ask(intent::ChangeAnswer{"mobile"});
    CHECK(artisan.field() == "mobile");
    artisan.type("mobile", "9876543210");
    artisan.ask(intent::Next{});
    CHECK(artisan.filling().stage == FormStage::kReview);
    const auto view = artisan.view<ReviewView>();
    CHECK(std::ranges::any_of(view.rows, [](const ReviewRow& row) {
      return row.field == "mobile" && row.value.find("9876543210") != std::string::npos;
    }));
  }
  SECTION("what a changed answer brings up is asked, the rest is not asked again") {
    artisan.ask(intent::ChangeAnswer{"applicant"});
    artisan.ask(intent::Choose{"applicant", "msme"});
    CHECK(artisan.field() == "body_name");
    artisan.type("body_name", "Meera Perfumes");
    artisan.ask(intent::Next{});
    CHECK(artisan.filling().stage == FormStage::kReview);
  }
}

TEST_CASE("What is wrong stands beside the field, and nothing goes on", "[kiosk][model][form]") {
  Artisan artisan;
  artisan.start("registration");
  artisan.ask(intent::Choose{"applicant", "emperor"});  // no such option
  CHECK(artisan.error() == "form.error.choice");
  artisan.ask(intent::Choose{"applicant", "person"});
  artisan.ask(intent::Next{});
  CHECK(artisan.error() == "form.error.missing");
  CHECK(artisan.field() == "name");
  artisan.type("name", "मीरा 2345 6789 0124");  // an Aadhaar number, said at once
  CHECK(artisan.error() == "form.error.aadhaar");
  CHECK_FALSE(artisan.view<QuestionView>().fields.at(0).error.empty());
  artisan.ask(intent::Next{});
  CHECK(artisan.field() == "name");
  artisan.type("name", "मीरा");
  artisan.ask(intent::Next{});
  artisan.type("mobile", "2415");
  CHECK(artisan.error() == "form.error.mobile_start");
  artisan.type("mobile", "94152");
  artisan.ask(intent::Next{});
  CHECK(artisan.error() == "form.error.mobile_short");
  artisan.type("mobile", "9415207318");
  artisan.ask(intent::Next{});
  artisan.ask(intent::Choose{"adult", "no"});  // adults only
  CHECK(artisan.field() == "adult");
  CHECK(artisan.error() == "form.error.must_be_yes");
}

TEST_CASE("Age by decade and year; the whole day only where the year cannot tell",
          "[kiosk][model][form]") {
  Artisan artisan;
  artisan.start("skill-toolkit");
  CHECK(artisan.filling().stage == FormStage::kOpening);  // an assisted draft says so first
  const auto opening = artisan.view<OpeningView>();
  CHECK_FALSE(opening.not_filed.empty());
  CHECK_FALSE(opening.deadline.empty());
  CHECK(opening.documents.size() ==
        artisan.catalogue.form("skill-toolkit")->scheme->documents.size());
  artisan.ask(intent::Next{});
  artisan.type("name", "Meera");
  artisan.ask(intent::Next{});
  artisan.type("mobile", "9415207318");
  artisan.ask(intent::Next{});
  REQUIRE(artisan.field() == "birth");
  artisan.ask(intent::Choose{"birth", "1980s"});
  CHECK(artisan.view<QuestionView>().picks.size() == 10);

  SECTION("a year that is enough") {
    artisan.ask(intent::Choose{"birth", "1984"});
    CHECK(artisan.field() == "gender");
  }
  SECTION("the year of eighteen asks for month and day") {
    artisan.ask(intent::Back{});
    artisan.ask(intent::Choose{"birth", "2000s"});
    artisan.ask(intent::Choose{"birth", "2008"});
    CHECK(artisan.field() == "birth");
    CHECK(artisan.filling().part == "2008");
    artisan.ask(intent::Choose{"birth", "2008-12"});
    artisan.ask(intent::Choose{"birth", "2008-12-01"});  // eighteen in ten days
    CHECK(artisan.error() == "form.error.too_young");
    artisan.ask(intent::Back{});
    artisan.ask(intent::Choose{"birth", "2008-11"});
    artisan.ask(intent::Choose{"birth", "2008-11-21"});  // today
    CHECK(artisan.field() == "gender");
  }
}

TEST_CASE("An unfinished form is asked about before it is left, and may be sent",
          "[kiosk][model][form]") {
  Artisan artisan;
  artisan.start("registration");
  artisan.ask(intent::Back{});  // nothing said yet: nothing to ask
  CHECK(artisan.state.screen().id == ScreenId::kArtisan);
  artisan.ask(intent::StartForm{"registration"});
  artisan.ask(intent::Choose{"applicant", "person"});
  artisan.type("name", "Meera");
  artisan.ask(intent::Next{});
  artisan.type("mobile", "94152");  // not finished: not sent
  artisan.ask(intent::Home{});
  CHECK(artisan.state.visit.sheet == Sheet::kLeave);
  CHECK(artisan.state.screen().id == ScreenId::kForm);

  SECTION("going on") {
    artisan.ask(intent::CloseSheet{});
    CHECK(artisan.field() == "mobile");
    CHECK(artisan.filling().answers.size() == 3);
  }
  SECTION("erased") {
    artisan.ask(intent::LeaveForm{});
    CHECK(artisan.filling() == Filling{});
    CHECK(artisan.state.screen().id == ScreenId::kArtisan);
  }
  SECTION("sent as it is, with consent") {
    artisan.ask(intent::SendUnfinished{});
    CHECK(artisan.filling().stage == FormStage::kConsent);
    artisan.ask(intent::Send{});
    CHECK(artisan.error() == "form.error.consent");
    CHECK(artisan.sent().empty());
    artisan.ask(intent::ToggleConsent{"contact"});
    artisan.ask(intent::Send{});
    REQUIRE(artisan.sent().size() == 1);
    CHECK(artisan.sent()[0].incomplete);
    CHECK(nlohmann::json::parse(artisan.sent()[0].answers) ==
          nlohmann::json{{"applicant", "person"}, {"name", "Meera"}});
  }
}

TEST_CASE("A form without consents is sent from its read-back", "[kiosk][model][form]") {
  Artisan artisan;
  artisan.start("feedback");
  artisan.ask(intent::Choose{"rating", "poor"});
  REQUIRE(artisan.field() == "what_was_hard");
  artisan.ask(intent::Choose{"what_was_hard", "wait"});
  artisan.ask(intent::Choose{"what_was_hard", "find"});
  artisan.ask(intent::Choose{"what_was_hard", "wait"});  // taken back
  artisan.ask(intent::Next{});
  artisan.ask(intent::Next{});  // nothing more to say
  REQUIRE(artisan.filling().stage == FormStage::kReview);
  CHECK(artisan.view<ReviewView>().is_send);
  artisan.ask(intent::Send{});
  REQUIRE(artisan.sent().size() == 1);
  CHECK(nlohmann::json::parse(artisan.sent()[0].answers) ==
        nlohmann::json{{"rating", "poor"}, {"what_was_hard", {"find"}}});
  CHECK(artisan.sent()[0].consents.empty());
}

TEST_CASE("A release that comes meanwhile does not change the form in hand",
          "[kiosk][model][form]") {
  Artisan artisan;
  artisan.register_meera();
  artisan.catalogue.forms.clear();
  (void)update(artisan.state, News{news::CatalogueChanged{}}, artisan.catalogue, 1000);
  CHECK(artisan.view<ReviewView>().rows.size() == 7);
}

TEST_CASE("Of a form nothing is left when the session ends", "[kiosk][model][form]") {
  Artisan artisan;
  const State before = artisan.state;
  artisan.register_meera();
  REQUIRE(artisan.state != before);
  artisan.ask(intent::End{});
  State fresh = before;
  fresh.visit.last_touch_ms = artisan.state.visit.last_touch_ms;
  CHECK(artisan.state == fresh);
}

TEST_CASE("Only forms that can be sent are offered, registration first", "[kiosk][model][form]") {
  Artisan artisan;
  auto offered = offered_forms(artisan.catalogue, "2026-11-21");
  REQUIRE_FALSE(offered.empty());
  CHECK(offered.front()->id == "registration");
  const auto has = [&](std::string_view id) {
    return std::ranges::any_of(offered, [&](const auto& form) { return form->id == id; });
  };
  CHECK_FALSE(has("enquiry"));  // its own journey
  CHECK_FALSE(has("withdrawal"));
  CHECK(has("question"));
  std::erase_if(artisan.catalogue.notices,
                [](const Notice& notice) { return notice.id == "question-contact"; });
  offered = offered_forms(artisan.catalogue, "2026-11-21");
  CHECK_FALSE(has("question"));  // no notice, no consent
  CHECK(has("registration"));
  artisan.catalogue.forms.clear();
  artisan.ask(intent::Start{});
  artisan.ask(intent::OpenArtisan{});
  CHECK(artisan.state.screen().id == ScreenId::kHome);
}

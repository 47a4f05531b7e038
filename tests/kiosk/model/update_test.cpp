#include "kiosk/model/update.h"

#include "kiosk/model/filling.h"
#include "kiosk/model/hall_plan.h"
#include "kiosk/model/views.h"
#include "shared/core/random.h"
#include "shared/core/reference_number.h"
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

// A visitor: counts what would be a tap, remembers what the model asked for.
struct Visitor {
  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());
  Effects effects;
  int taps = 0;
  std::int64_t now_ms = 1000;

  void tap(const Intent& intent) {
    ++taps;
    ask(intent);
  }
  void ask(const Intent& intent) {
    now_ms += 100;
    auto more = update(state, intent, catalogue, now_ms);
    effects.insert(effects.end(), more.begin(), more.end());
  }
  void tell(const News& news) {
    auto more = update(state, news, catalogue, now_ms);
    effects.insert(effects.end(), more.begin(), more.end());
  }
  void wait(std::int64_t ms) {
    now_ms += ms;
    tell(news::Tick{});
  }
  template <typename T>
  std::vector<T> asked() const {
    std::vector<T> out;
    for (const auto& effect : effects) {
      if (const T* found = std::get_if<T>(&effect)) out.push_back(*found);
    }
    return out;
  }
  [[nodiscard]] const Filling& filling() const { return state.visit.filling; }
  [[nodiscard]] std::string typed(const std::string& field) const {
    return text_answer(filling(), *filling().form->find(field));
  }
  void fill_enquiry() {
    ask(intent::Start{});
    ask(intent::OpenProduct{"kannauj-attar"});
    ask(intent::StartEnquiry{"kannauj-attar"});
    ask(intent::Edit{"form.field.mobile", "9415207318"});
    for (int i = 0; i < 6; ++i) ask(intent::Next{});
    ask(intent::ToggleConsent{"contact"});
  }
};

}  // namespace

TEST_CASE("A district's story is three touches away", "[kiosk][model]") {
  Visitor visitor;
  visitor.tap(intent::Start{});
  visitor.tap(intent::OpenDistrict{"kannauj"});
  CHECK(visitor.state.screen() == Screen{ScreenId::kDistrict, "kannauj"});
  CHECK(visitor.taps <= 3);
}

TEST_CASE("Consent is recorded with the text that was shown, given or refused", "[kiosk][model]") {
  Visitor visitor;
  visitor.ask(intent::SetLanguage{Language::kUrdu});
  visitor.fill_enquiry();
  visitor.ask(intent::Send{});
  const auto sent = visitor.asked<effect::Submit>();
  REQUIRE(sent.size() == 1);
  REQUIRE(sent[0].consents.size() == 3);
  CHECK(sent[0].consents[0].given == std::vector<std::string>{"contact"});
  CHECK(sent[0].consents[0].language == "ur");
  CHECK(sent[0].consents[0].text == visitor.catalogue.notices[0].text.in(index(Language::kUrdu)));
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK(sent[0].consents[i].given.empty());
    CHECK(sent[0].consents[i].refused.size() == 1);
  }
}

TEST_CASE("Nothing is sent without the required consent or a way to answer", "[kiosk][model]") {
  Visitor visitor;
  visitor.fill_enquiry();
  SECTION("no consent") {
    visitor.ask(intent::ToggleConsent{"contact"});
    visitor.ask(intent::Send{});
    CHECK(visitor.state.visit.error == "form.error.consent");
  }
  SECTION("a number of nine digits leads back to the first question") {
    visitor.state.visit.filling.answers["mobile"] = std::string("941520731");
    visitor.ask(intent::Send{});
    CHECK(visitor.filling().field == "mobile");
    CHECK(visitor.state.visit.error == "form.error.mobile_short");
  }
  SECTION("an Aadhaar number in the message is refused") {
    visitor.ask(intent::Back{});
    visitor.ask(intent::ChangeAnswer{"message"});
    visitor.ask(intent::Edit{"form.field.message", "मेरा नंबर 2345 6789 0124 है"});
    CHECK(visitor.state.visit.error == "form.error.aadhaar");
    visitor.ask(intent::Next{});
    CHECK(visitor.filling().field == "message");
    CHECK(visitor.state.visit.error == "form.error.aadhaar");
  }
  CHECK(visitor.asked<effect::Submit>().empty());
}

TEST_CASE("Two taps on send make one submission", "[kiosk][model]") {
  Visitor visitor;
  visitor.fill_enquiry();
  visitor.ask(intent::Send{});
  visitor.ask(intent::Send{});
  CHECK(visitor.asked<effect::Submit>().size() == 1);
}

TEST_CASE("A failed capture leaves the form as it was, with a reason", "[kiosk][model]") {
  Visitor visitor;
  visitor.fill_enquiry();
  visitor.ask(intent::Send{});
  visitor.tell(news::SubmissionFailed{"error.disk_full"});
  CHECK(visitor.state.visit.error == "error.disk_full");
  CHECK(visitor.state.screen() == Screen{ScreenId::kForm, "enquiry"});
  CHECK(visitor.typed("mobile") == "9415207318");
  visitor.ask(intent::Send{});
  CHECK(visitor.asked<effect::Submit>().size() == 2);
}

TEST_CASE("The receipt is kept, then arrived, with office and due date", "[kiosk][model]") {
  Visitor visitor;
  visitor.ask(intent::Start{});
  visitor.ask(intent::AddToList{"lucknow-chikankari", "lucknow"});
  visitor.fill_enquiry();
  visitor.ask(intent::Send{});
  visitor.tell(news::SubmissionKept{"0140032758", "48271956", "qr"});
  REQUIRE(visitor.state.visit.receipt.has_value());
  CHECK(visitor.state.screen().id == ScreenId::kReceipt);
  CHECK(visitor.state.visit.receipt->state == ReceiptState::kKept);
  CHECK(visitor.state.visit.receipt->due == "2026-12-05");  // two weeks
  CHECK(visitor.state.visit.receipt->districts == std::vector<std::string>{"lucknow", "kannauj"});
  CHECK(visitor.state.visit.list.empty());

  visitor.tell(news::Arrived{{"9999999999"}});
  CHECK(visitor.state.visit.receipt->state == ReceiptState::kKept);
  visitor.tell(news::Arrived{{"9999999999", "0140032758"}});
  CHECK(visitor.state.visit.receipt->state == ReceiptState::kArrived);
  visitor.ask(intent::Back{});
  CHECK(visitor.state.screen().id == ScreenId::kHome);  // what was sent is sent
}

TEST_CASE("After a session nothing of the visitor is left", "[kiosk][model]") {
  Visitor visitor;
  const State before = visitor.state;
  visitor.ask(intent::SetLanguage{Language::kEnglish});
  visitor.ask(intent::NextTextSize{});
  visitor.ask(intent::ToggleContrast{});
  visitor.fill_enquiry();
  visitor.ask(intent::Back{});
  visitor.ask(intent::ChangeAnswer{"name"});
  visitor.ask(intent::Edit{"form.field.name", "Meera"});
  visitor.ask(intent::Home{});
  CHECK(visitor.state.visit.sheet == Sheet::kLeave);  // nothing is lost by a slip
  visitor.ask(intent::LeaveForm{});
  visitor.ask(intent::Home{});
  visitor.ask(intent::SelectFamily{"h"});
  visitor.ask(intent::OpenSearch{});
  visitor.ask(intent::Edit{"search.field", "attar"});
  visitor.ask(intent::OpenStatus{});
  visitor.ask(intent::Edit{"status.field.reference", "0140032758"});
  visitor.ask(intent::Edit{"status.field.code", "48271956"});
  CHECK(visitor.asked<effect::Wipe>().empty());

  const auto fresh = [&] {
    State expected = before;
    expected.visit.last_touch_ms = visitor.state.visit.last_touch_ms;
    return expected;
  };
  SECTION("by the button") {
    visitor.ask(intent::End{});
    CHECK(visitor.state == fresh());
    CHECK(visitor.asked<effect::Wipe>().size() == 1);
  }
  SECTION("by leaving: warning, countdown, wipe") {
    visitor.wait(kIdleWarningMs + 1);
    CHECK(visitor.state.visit.sheet == Sheet::kIdle);
    CHECK(visitor.state.visit.idle_left_s == 20);
    visitor.wait(kIdleCountdownMs);
    CHECK(visitor.state == fresh());
    CHECK(visitor.asked<effect::Wipe>().size() == 1);
  }
  SECTION("one touch buys time") {
    visitor.wait(kIdleWarningMs + 5000);
    CHECK(visitor.state.visit.idle_left_s == 15);
    visitor.ask(intent::Stay{});
    CHECK(visitor.state.visit.sheet == Sheet::kNone);
    visitor.wait(kIdleCountdownMs);
    CHECK(visitor.state.in_session());
    CHECK(visitor.state.visit.lookup.code == "48271956");
  }
}

TEST_CASE("The next wake-up is when a tick changes something", "[kiosk][model]") {
  Visitor visitor;
  visitor.ask(intent::Start{});
  for (int i = 0; i < 25 && visitor.state.in_session(); ++i) {
    const State before = visitor.state;
    const std::int64_t wake = next_wake_ms(visitor.state);
    REQUIRE(wake > visitor.now_ms);
    visitor.now_ms = wake - 1;
    visitor.tell(news::Tick{});
    CHECK(visitor.state == before);
    visitor.now_ms = wake;
    visitor.tell(news::Tick{});
    CHECK_FALSE(visitor.state == before);
  }
  CHECK_FALSE(visitor.state.in_session());
}

TEST_CASE("A language touched on the attract screen is forgotten, too", "[kiosk][model]") {
  Visitor visitor;
  visitor.ask(intent::SetLanguage{Language::kEnglish});
  CHECK(visitor.state.visit.language == Language::kEnglish);
  visitor.wait(kIdleWarningMs);
  CHECK(visitor.state.visit.language == Language::kHindi);
}

TEST_CASE("Back goes one question, then one screen", "[kiosk][model]") {
  Visitor visitor;
  visitor.fill_enquiry();
  CHECK(visitor.filling().stage == FormStage::kConsent);
  for (int i = 0; i < 6; ++i) visitor.ask(intent::Back{});
  CHECK(visitor.filling().field == "mobile");
  CHECK(visitor.state.visit.focus == "form.field.mobile");
  visitor.ask(intent::Back{});
  CHECK(visitor.state.visit.sheet == Sheet::kLeave);
  visitor.ask(intent::LeaveForm{});
  CHECK(visitor.state.screen() == Screen{ScreenId::kProduct, "kannauj-attar"});
  visitor.ask(intent::Back{});
  visitor.ask(intent::Back{});
  CHECK(visitor.state.screen().id == ScreenId::kHome);
}

TEST_CASE("Only the answer to the present question is taken", "[kiosk][model]") {
  Visitor visitor;
  visitor.ask(intent::Start{});
  visitor.ask(intent::OpenSearch{});
  visitor.ask(intent::Edit{"search.field", "att"});
  visitor.ask(intent::Edit{"search.field", "attar"});
  REQUIRE(visitor.asked<effect::Query>().size() == 2);
  visitor.tell(news::SearchResults{"att", "", {{HitKind::kProduct, "aligarh-locks"}}});
  CHECK(visitor.state.visit.search.hits.empty());
  visitor.tell(news::SearchResults{"attar", "", {{HitKind::kProduct, "kannauj-attar"}}});
  CHECK(visitor.state.visit.search.hits.size() == 1);

  visitor.ask(intent::Edit{"search.field", ""});
  visitor.ask(intent::SelectFamily{"l"});  // a craft alone lists its products
  CHECK(visitor.state.visit.search.hits.size() >= 4);
}

TEST_CASE("An answer is looked up by reference and code", "[kiosk][model]") {
  Visitor visitor;
  visitor.ask(intent::Start{});
  visitor.ask(intent::OpenStatus{});
  visitor.ask(intent::Edit{"status.field.reference", "12345"});
  visitor.ask(intent::Next{});
  CHECK(visitor.state.visit.error == "form.error.reference_wrong");
  SeededRandom random(7);
  visitor.ask(intent::Edit{"status.field.reference",
                           make_reference(KioskNumber{14}, Sequence{32}, random)});
  visitor.ask(intent::Next{});
  CHECK(visitor.state.visit.focus == "status.field.code");
  visitor.ask(intent::Edit{"status.field.code", "४८२७ १९५६"});  // any script's digits
  visitor.ask(intent::Next{});
  REQUIRE(visitor.asked<effect::LookUp>().size() == 1);
  CHECK(visitor.asked<effect::LookUp>()[0].status_code == "48271956");
  const std::string reference = visitor.asked<effect::LookUp>()[0].reference;

  visitor.tell(news::LookupDone{"0", LookupOutcome::kUnknown, {}, false});
  CHECK(visitor.state.visit.lookup.outcome == LookupOutcome::kLooking);
  visitor.tell(news::LookupDone{
      reference, LookupOutcome::kAnswered, {{"answered", 1, "kannauj", "नमस्ते"}}, true});
  CHECK(visitor.state.visit.lookup.answers.size() == 1);

  SECTION("one purpose alone is withdrawn") {
    visitor.ask(intent::OpenWithdraw{});
    visitor.ask(intent::Choose{"scope", "publish"});
    visitor.ask(intent::Choose{"scope", "share_with_producers"});
    visitor.ask(intent::Send{});
    const auto sent = visitor.asked<effect::Submit>();
    REQUIRE(sent.size() == 1);
    CHECK(nlohmann::json::parse(sent[0].answers) ==
          nlohmann::json{{"reference", reference},
                         {"scope", "share_with_producers"},
                         {"status_code", "48271956"}});
  }
  SECTION("all of it again, after one purpose was chosen") {
    visitor.ask(intent::OpenWithdraw{});
    visitor.ask(intent::Choose{"scope", "publish"});
    visitor.ask(intent::Choose{"scope", "all"});
    visitor.ask(intent::Send{});
    CHECK_FALSE(
        nlohmann::json::parse(visitor.asked<effect::Submit>().at(0).answers).contains("scope"));
  }
  SECTION("consent is withdrawn without typing again") {
    visitor.ask(intent::OpenWithdraw{});
    visitor.ask(intent::Send{});
    const auto sent = visitor.asked<effect::Submit>();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].kind == "withdrawal");
    CHECK(nlohmann::json::parse(sent[0].answers) ==
          nlohmann::json{{"reference", reference}, {"status_code", "48271956"}});
    visitor.tell(news::SubmissionKept{"0140033000", "11112222", "qr"});
    CHECK(visitor.state.visit.receipt->kind == "withdrawal");
    CHECK(visitor.state.visit.receipt->due == "2026-11-24");
  }
}

TEST_CASE("The way to a stall is searched when its product is opened, and kept", "[kiosk][model]") {
  Visitor visitor;
  visitor.ask(intent::Start{});
  CHECK_FALSE(visitor.state.visit.way.has_value());
  visitor.ask(intent::OpenProduct{"kannauj-attar"});
  REQUIRE(visitor.state.visit.way.has_value());
  CHECK(visitor.state.visit.way->product == "kannauj-attar");
  CHECK(visitor.state.visit.way->way.points.size() >= 2);
  CHECK(*visitor.state.visit.way ==
        way_to(visitor.catalogue, visitor.state.kiosk.venue, "kannauj-attar"));

  const ScreenView view =
      make_view(visitor.state, visitor.catalogue, {}, test::stand_words(Language::kHindi));
  const auto& plan = std::get<ProductView>(view.body).plan.front();
  CHECK(plan.way.size() == visitor.state.visit.way->way.points.size());
  CHECK_FALSE(plan.hint.empty());

  // The hall is built anew: the same product has another way.
  const Way before = visitor.state.visit.way->way;
  visitor.catalogue.halls.front().kiosk_x_m = 0.5;
  visitor.catalogue.halls.front().kiosk_y_m = 0.5;
  visitor.ask(intent::AddToList{"kannauj-attar", "kannauj"});
  CHECK(visitor.state.visit.way->way == before);
  visitor.tell(news::CatalogueChanged{});
  CHECK_FALSE(visitor.state.visit.way->way == before);
  visitor.ask(intent::End{});
  CHECK_FALSE(visitor.state.visit.way.has_value());
}

TEST_CASE("A part of the map is shown large, and back leads to the whole", "[kiosk][model]") {
  Visitor visitor;
  visitor.ask(intent::Start{});
  visitor.ask(intent::OpenRegion{"bundelkhand"});
  CHECK(visitor.state.visit.map_region == "bundelkhand");
  const ScreenView view =
      make_view(visitor.state, visitor.catalogue, {}, test::stand_words(Language::kHindi));
  CHECK(view.bar.can_back);
  CHECK(std::get<HomeView>(view.body).region == "bundelkhand");
  // A district and back: the part is still there. Back once more: the whole.
  visitor.ask(intent::OpenDistrict{"kannauj"});
  visitor.ask(intent::Back{});
  CHECK(visitor.state.visit.map_region == "bundelkhand");
  visitor.ask(intent::Back{});
  CHECK(visitor.state.visit.map_region.empty());
  CHECK(visitor.state.screen().id == ScreenId::kHome);
  visitor.ask(intent::OpenRegion{"west"});
  visitor.ask(intent::OpenSearch{});
  visitor.ask(intent::Home{});
  CHECK(visitor.state.visit.map_region.empty());
}

TEST_CASE("A new release takes away what is no more", "[kiosk][model]") {
  Visitor visitor;
  visitor.ask(intent::Start{});
  visitor.ask(intent::OpenProduct{"kannauj-attar"});
  visitor.ask(intent::AddToList{"kannauj-attar", ""});
  std::erase_if(visitor.catalogue.products,
                [](const Product& product) { return product.id == "kannauj-attar"; });
  visitor.catalogue.index();
  visitor.tell(news::CatalogueChanged{});
  CHECK(visitor.state.screen().id == ScreenId::kHome);
  CHECK(visitor.state.visit.list.empty());
}

// Answers that are spoken, and who helps to fill a form: what the model makes of them.
#include "kiosk/model/filling.h"
#include "kiosk/model/prompts.h"
#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "shared/text/isolate.h"
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

struct Speaker {
  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());
  Effects effects;
  std::int64_t now = 1000;

  void ask(const Intent& intent) { note(update(state, intent, catalogue, now)); }
  void tell(const News& news) { note(update(state, news, catalogue, now)); }
  void note(Effects more) { effects.insert(effects.end(), more.begin(), more.end()); }
  // The question of the feedback that may be spoken.
  void at_message() {
    ask(intent::Start{});
    ask(intent::StartForm{"feedback"});
    ask(intent::Choose{"rating", "good"});
    REQUIRE(filling().field == "message");
  }
  void speak(std::uint64_t take, std::int64_t length_ms) {
    ask(intent::OpenVoice{filling().field});
    ask(intent::StartSpeaking{});
    ask(intent::StopSpeaking{});
    tell(news::VoiceTaken{take, length_ms, false});
  }
  template <typename T>
  [[nodiscard]] std::size_t asked_for() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        effects, [](const Effect& effect) { return std::holds_alternative<T>(effect); }));
  }
  [[nodiscard]] const Filling& filling() const { return state.visit.filling; }
  [[nodiscard]] const VoiceWork& voice() const { return state.visit.voice; }
  [[nodiscard]] ScreenView view(Language language = Language::kEnglish) const {
    return make_view(state, catalogue, {}, test::stand_words(language));
  }
  template <typename View>
  [[nodiscard]] View body() const {
    return std::get<View>(view().body);
  }
};

}  // namespace

TEST_CASE("A text is spoken, heard, kept, and read back as spoken", "[kiosk][model][voice]") {
  Speaker visitor;
  visitor.at_message();
  CHECK_FALSE(visitor.body<QuestionView>().speak.empty());
  visitor.ask(intent::Edit{"form.field.message", "begun to type"});
  visitor.ask(intent::OpenVoice{"message"});
  CHECK(visitor.state.visit.sheet == Sheet::kVoice);
  CHECK(visitor.asked_for<effect::Record>() == 0);
  visitor.ask(intent::StartSpeaking{});
  CHECK(visitor.asked_for<effect::Record>() == 1);
  visitor.tell(news::VoiceHeard{9'400, 5});
  const auto sheet = std::get<VoiceView>(visitor.view().sheet);
  CHECK(sheet.left == isolate("21") + " seconds left");
  CHECK(sheet.level == 5);
  CHECK(sheet.elapsed == Approx(9.4 / 30));
  visitor.ask(intent::StopSpeaking{});
  CHECK(visitor.asked_for<effect::EndRecording>() == 1);
  visitor.tell(news::VoiceTaken{7, 9'600, false});
  REQUIRE(visitor.voice().stage == VoiceStage::kTaken);

  visitor.ask(intent::PlaySpoken{});
  CHECK(visitor.state.visit.playing == 7);
  visitor.tell(news::SpeechEnded{});
  CHECK(visitor.state.visit.playing == 0);

  visitor.ask(intent::KeepSpoken{});
  // What was begun to be typed is gone, and the form goes on by itself.
  CHECK(visitor.filling().stage == FormStage::kReview);
  CHECK(visitor.filling().answers.count("message") == 0);
  CHECK(visitor.filling().spoken == std::vector<SpokenAnswer>{{"message", 7, 9'600}});
  const auto review = visitor.body<ReviewView>();
  const auto row = std::ranges::find(review.rows, "message", &ReviewRow::field);
  REQUIRE(row != review.rows.end());
  CHECK(row->value == "Spoken, " + isolate("10") + " seconds");
  CHECK(row->play == "Listen");
  visitor.ask(intent::PlaySpoken{"message"});
  CHECK(visitor.state.visit.playing == 7);
  visitor.ask(intent::PlaySpoken{"message"});
  CHECK(visitor.state.visit.playing == 0);

  visitor.ask(intent::Next{});
  const auto sent = std::ranges::find_if(visitor.effects, [](const Effect& effect) {
    return std::holds_alternative<effect::Submit>(effect);
  });
  REQUIRE(sent != visitor.effects.end());
  const auto& submit = std::get<effect::Submit>(*sent);
  CHECK(submit.spoken == visitor.filling().spoken);
  CHECK_FALSE(nlohmann::json::parse(submit.answers).contains("message"));
}

TEST_CASE("A spoken answer is enough where one is required, and can be typed after all",
          "[kiosk][model][voice]") {
  Speaker visitor;
  visitor.ask(intent::Start{});
  visitor.ask(intent::StartForm{"question"});
  visitor.ask(intent::Choose{"topic", "market"});
  REQUIRE(visitor.filling().field == "question");
  visitor.ask(intent::Next{});
  CHECK(visitor.state.visit.error == "form.error.missing");
  visitor.speak(3, 4'000);
  visitor.ask(intent::KeepSpoken{});
  CHECK(visitor.filling().field == "district");
  visitor.ask(intent::Back{});
  const auto view = visitor.body<QuestionView>();
  REQUIRE(view.spoken.size() == 1);
  CHECK(view.fields.empty());
  CHECK(view.next_enabled);
  CHECK(visitor.state.visit.focus.empty());
  // Typing does not reach a field that was spoken, until the take is deleted.
  visitor.ask(intent::Edit{"form.field.question", "typed"});
  CHECK(visitor.filling().answers.count("question") == 0);
  visitor.ask(intent::ForgetSpoken{"question"});
  CHECK(visitor.filling().spoken.empty());
  CHECK(visitor.state.visit.focus == "form.field.question");
  CHECK_FALSE(visitor.body<QuestionView>().next_enabled);
}

TEST_CASE("Silence, a slip of the finger and a lost microphone are told", "[kiosk][model][voice]") {
  Speaker visitor;
  visitor.at_message();
  for (const auto& taken : {news::VoiceTaken{1, 8'000, true}, news::VoiceTaken{2, 300, false}}) {
    visitor.ask(intent::OpenVoice{"message"});
    visitor.ask(intent::StartSpeaking{});
    visitor.tell(taken);
    CHECK(visitor.voice().stage == VoiceStage::kReady);
    CHECK(visitor.voice().problem == "voice.quiet");
    CHECK(visitor.voice().take == 0);
    visitor.ask(intent::KeepSpoken{});
    CHECK(visitor.filling().spoken.empty());
    visitor.ask(intent::CloseSheet{});
  }
  visitor.ask(intent::OpenVoice{"message"});
  visitor.ask(intent::StartSpeaking{});
  visitor.tell(news::VoiceFailed{});
  CHECK(visitor.voice().problem == "voice.failed");
  // Without a microphone there is no button, and nothing opens.
  visitor.ask(intent::CloseSheet{});
  visitor.tell(news::MicrophoneFound{false});
  CHECK(visitor.body<QuestionView>().speak.empty());
  visitor.ask(intent::OpenVoice{"message"});
  CHECK(visitor.state.visit.sheet == Sheet::kNone);
}

TEST_CASE("Whatever closes the sheet ends the recording, and nothing is kept",
          "[kiosk][model][voice]") {
  Speaker visitor;
  visitor.at_message();
  for (const Intent& leaving : {Intent{intent::CloseSheet{}}, Intent{intent::Back{}}}) {
    visitor.effects.clear();
    visitor.ask(intent::OpenVoice{"message"});
    visitor.ask(intent::StartSpeaking{});
    visitor.ask(leaving);
    CHECK(visitor.state.visit.sheet == Sheet::kNone);
    CHECK(visitor.voice() == VoiceWork{});
    CHECK(visitor.asked_for<effect::EndRecording>() == 1);
    visitor.tell(news::VoiceTaken{9, 2'000, false});  // comes too late
    CHECK(visitor.voice() == VoiceWork{});
  }
  // While somebody speaks no warning comes; afterwards what was said survives it.
  visitor.ask(intent::OpenVoice{"message"});
  visitor.ask(intent::StartSpeaking{});
  visitor.now += 25'000;
  visitor.tell(news::VoiceHeard{25'000, 2});
  CHECK(next_wake_ms(visitor.state) == visitor.now + kIdleWarningMs);
  visitor.tell(news::VoiceTaken{10, 25'000, false});
  visitor.now += kIdleWarningMs + 1'000;
  visitor.tell(news::Tick{});
  REQUIRE(visitor.state.visit.sheet == Sheet::kIdle);
  visitor.ask(intent::Stay{});
  CHECK(visitor.state.visit.sheet == Sheet::kVoice);
  CHECK(visitor.voice().take == 10);
  visitor.ask(intent::KeepSpoken{});
  // The end of the session leaves nothing.
  visitor.ask(intent::End{});
  Visit fresh = initial_state(visitor.state.kiosk).visit;
  fresh.last_touch_ms = visitor.now;
  CHECK(visitor.state.visit == fresh);
}

TEST_CASE("At most as many answers are spoken as a submission carries", "[kiosk][model][voice]") {
  Speaker visitor;
  visitor.at_message();
  for (std::uint64_t take = 1; take <= kMostSpoken; ++take) {
    visitor.state.visit.filling.spoken.push_back({"other" + std::to_string(take), take, 1'000});
  }
  CHECK(visitor.body<QuestionView>().speak.empty());
  visitor.state.visit.filling.spoken.front().field = "message";
  CHECK(visitor.body<QuestionView>().spoken.size() == 1);
}

TEST_CASE("Speaking and being read to do not mix", "[kiosk][model][voice]") {
  Speaker visitor;
  visitor.at_message();
  visitor.ask(intent::Listen{});
  CHECK(visitor.state.visit.speaking);
  visitor.ask(intent::OpenVoice{"message"});
  CHECK_FALSE(visitor.state.visit.speaking);
  visitor.ask(intent::StartSpeaking{});
  visitor.ask(intent::Listen{});
  CHECK_FALSE(visitor.state.visit.speaking);
}

TEST_CASE("A helper says who it is by a PIN, which is said on every page and ends with the visit",
          "[kiosk][model][helper]") {
  Speaker visitor;
  visitor.ask(intent::Start{});
  visitor.ask(intent::ShowHelp{});
  CHECK_FALSE(std::get<HelpView>(visitor.view().sheet).helper.empty());
  visitor.ask(intent::OpenHelper{});
  visitor.ask(intent::Edit{"helper.pin", "48271"});
  auto sheet = std::get<HelperView>(visitor.view().sheet);
  CHECK(sheet.value == "•••••");
  CHECK(visitor.asked_for<effect::CheckPin>() == 0);
  visitor.ask(intent::Edit{"helper.pin", "482719"});
  REQUIRE(visitor.asked_for<effect::CheckPin>() == 1);
  visitor.tell(news::PinChecked{""});
  CHECK(visitor.state.visit.pin.empty());
  CHECK_FALSE(std::get<HelperView>(visitor.view().sheet).problem.empty());
  CHECK(visitor.state.visit.helper.empty());
  visitor.ask(intent::Edit{"helper.pin", "482718"});
  visitor.tell(news::PinChecked{"sunita"});
  CHECK(visitor.state.visit.helper == "sunita");
  CHECK(visitor.state.visit.sheet == Sheet::kNone);
  CHECK(visitor.state.visit.pin.empty());
  visitor.at_message();
  CHECK(visitor.body<QuestionView>().step_text.find("with help") != std::string::npos);
  visitor.ask(intent::End{});
  CHECK(visitor.state.visit.helper.empty());
  // Where nobody's PIN is known there is nothing to press.
  visitor.tell(news::StaffTold{false});
  visitor.ask(intent::Start{});
  visitor.ask(intent::ShowHelp{});
  CHECK(std::get<HelpView>(visitor.view().sheet).helper.empty());
}

TEST_CASE("Maintenance is behind the staff's PIN where there are any, and asks anew each time",
          "[kiosk][model][maintenance]") {
  Speaker visitor;
  visitor.ask(intent::Start{});
  const auto shown = [&] { return visitor.state.screen().id == ScreenId::kMaintenance; };
  const auto give = [&](const std::string& whose) {
    visitor.ask(intent::Edit{"helper.pin", "482719"});
    visitor.tell(news::PinChecked{whose});
  };
  visitor.ask(intent::OpenMaintenance{});
  CHECK_FALSE(shown());
  CHECK(std::holds_alternative<HomeView>(visitor.view().body));
  CHECK(std::get<HelperView>(visitor.view().sheet).title == "Maintenance");
  give("");
  CHECK_FALSE(shown());
  give("Sunita");
  REQUIRE(shown());
  CHECK(visitor.state.visit.helper.empty());  // nobody helps with forms by it
  const auto says = [&](const std::string& words) {
    const auto rows = visitor.body<MaintenanceView>().rows;
    return std::ranges::any_of(rows, [&](const MaintenanceRow& row) {
      return without_isolates(row.value).find(words) != std::string::npos;
    });
  };
  CHECK(says("opened by Sunita"));
  visitor.ask(intent::Back{});
  visitor.ask(intent::OpenMaintenance{});
  CHECK_FALSE(shown());
  visitor.ask(intent::CloseSheet{});
  // A PIN that opens maintenance is none that helps, and the other way round.
  visitor.ask(intent::OpenHelper{});
  give("Sunita");
  CHECK_FALSE(shown());
  CHECK(visitor.state.visit.helper == "Sunita");

  visitor.tell(news::StaffTold{false});
  visitor.ask(intent::OpenMaintenance{});
  REQUIRE(shown());
  CHECK(says("odop-syncserver kiosk staff"));
  // The first PINs come while somebody reads.
  visitor.tell(news::StaffTold{true});
  CHECK_FALSE(shown());
}

TEST_CASE("After five wrong PINs in a row nobody is asked for a minute", "[kiosk][model][helper]") {
  Speaker visitor;
  const auto wrong = [&] {
    visitor.ask(intent::Edit{"helper.pin", "111111"});
    visitor.tell(news::PinChecked{""});
  };
  visitor.ask(intent::Start{});
  visitor.ask(intent::OpenHelper{});
  for (int i = 0; i < kPinTries; ++i) wrong();
  CHECK(visitor.asked_for<effect::CheckPin>() == kPinTries);
  CHECK(visitor.state.visit.error == "helper.wait");
  // Neither the next visitor nor the other door is a way round it.
  visitor.ask(intent::End{});
  visitor.ask(intent::Start{});
  visitor.ask(intent::OpenMaintenance{});
  visitor.ask(intent::Edit{"helper.pin", "482719"});
  CHECK(visitor.asked_for<effect::CheckPin>() == kPinTries);
  CHECK(visitor.state.visit.pin.empty());
  visitor.now += kPinPauseMs;
  visitor.ask(intent::Edit{"helper.pin", "482719"});
  CHECK(visitor.asked_for<effect::CheckPin>() == kPinTries + 1);
  visitor.tell(news::PinChecked{"Sunita"});
  CHECK(visitor.state.screen().id == ScreenId::kMaintenance);
  CHECK(visitor.state.kiosk.wrong_pins == 0);
}

TEST_CASE("Recorded prompts are found by form, by key and by the visitor's tongue",
          "[kiosk][model][prompts]") {
  Speaker visitor;
  visitor.catalogue.prompts = {
      {"p1", "form/feedback/rating", "awa", "aa"},
      {"p2", "form/feedback/rating/good", "awa", "bb"},
      {"p3", "form/feedback/rating", "hi", "cc"},
      {"p4", "screen/home", "awa", "dd"},
  };
  visitor.ask(intent::Start{});
  visitor.state.visit.language = Language::kUrdu;
  CHECK(tongues_of(visitor.state, visitor.catalogue) ==
        std::vector<std::string>{"hi", "awa", "ur"});
  visitor.state.visit.language = Language::kHindi;
  CHECK(tongue_name("awa") == "अवधी");
  CHECK(prompts_on(visitor.state, visitor.catalogue, "home").empty());
  visitor.ask(intent::Listen{});
  visitor.ask(intent::ShowTongues{});
  visitor.ask(intent::Choose{"tongue", "awa"});
  CHECK(visitor.state.visit.tongue == "awa");
  CHECK(visitor.state.visit.speaking);
  CHECK(visitor.state.visit.sheet == Sheet::kNone);
  CHECK(prompts_on(visitor.state, visitor.catalogue, "home") ==
        std::vector<HeardPrompt>{{"", false, "dd"}});
  visitor.ask(intent::StartForm{"feedback"});
  CHECK(prompts_on(visitor.state, visitor.catalogue, "feedback.rating") ==
        std::vector<HeardPrompt>{{"form.question", true, "aa"},
                                 {"form.choice.rating.good", false, "bb"}});
  // It ended while the tongues were looked at: what was read is read, not the whole page.
  visitor.ask(intent::Listen{"form.question"});
  visitor.ask(intent::ShowTongues{});
  visitor.tell(news::SpeechEnded{});
  visitor.ask(intent::Choose{"tongue", "hi"});
  CHECK(visitor.state.visit.speaking);
  CHECK(visitor.state.visit.speaking_part == "form.question");
  visitor.ask(intent::ShowTongues{});
  visitor.ask(intent::Choose{"tongue", "awa"});
  // One that nobody recorded is not to be had; the next visitor begins with the screen's.
  visitor.ask(intent::Listen{});
  visitor.ask(intent::ShowTongues{});
  visitor.ask(intent::Choose{"tongue", "bho"});
  CHECK(visitor.state.visit.tongue == "awa");
  visitor.ask(intent::End{});
  CHECK(visitor.state.visit.tongue.empty());
}

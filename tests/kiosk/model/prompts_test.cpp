// Prompts that staff record in maintenance: what the model makes of it.
#include "kiosk/model/prompts.h"

#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "shared/text/isolate.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace odop;         // NOLINT: a test
using namespace odop::kiosk;  // NOLINT

namespace {

constexpr const char* kRating = "form/feedback/rating";
constexpr const char* kGood = "form/feedback/rating/good";

// Whoever gave a PIN, on the page.
struct Recordist {
  Recordist() {
    ask(intent::Start{});
    ask(intent::OpenMaintenance{});
    ask(intent::Edit{"helper.pin", "482719"});
    tell(news::PinChecked{"Sunita Verma"});
    ask(intent::OpenPrompts{});
  }
  void ask(const Intent& intent) { note(update(state, intent, catalogue, now)); }
  void tell(const News& news) { note(update(state, news, catalogue, now)); }
  void note(const Effects& effects) {
    for (const Effect& effect : effects) {
      if (const auto* one = std::get_if<effect::KeepPrompt>(&effect)) kept.push_back(*one);
      if (const auto* one = std::get_if<effect::DropPrompt>(&effect)) dropped.push_back(*one);
      if (const auto* one = std::get_if<effect::PlayPrompt>(&effect)) played.push_back(one->medium);
      if (std::holds_alternative<effect::Record>(effect)) ++recordings;
    }
  }
  // A set in a tongue, and one of its lines.
  void at(const std::string& tongue, const std::string& set, const std::string& key) {
    ask(intent::Choose{"tongue", tongue});
    ask(intent::OpenPrompts{set});
    ask(intent::OpenVoice{key});
  }
  void speak() {
    ask(intent::StartSpeaking{});
    tell(news::VoiceHeard{4'100, 4});
    tell(news::VoiceTaken{7, 4'200, false});
  }
  [[nodiscard]] ScreenView view() const {
    return make_view(state, catalogue, {}, test::stand_words(Language::kEnglish));
  }
  [[nodiscard]] PromptsView page() const { return std::get<PromptsView>(view().body); }
  [[nodiscard]] PromptView sheet() const { return std::get<PromptView>(view().sheet); }
  [[nodiscard]] const PromptRow row(const std::string& id) const {
    const auto rows = page().rows;
    const auto found = std::ranges::find(rows, id, &PromptRow::id);
    REQUIRE(found != rows.end());
    return *found;
  }
  // As the app does it.
  void keep_it() {
    ask(intent::KeepSpoken{});
    REQUIRE_FALSE(kept.empty());
    const effect::KeepPrompt& last = kept.back();
    auto all = state.kiosk.prompts;
    all.push_back({last.key, last.tongue, last.text, "own", last.length_ms});
    tell(news::PromptsTold{std::move(all)});
    tell(news::PromptKept{last.key});
  }
  // Somebody comes to that form in that tongue.
  [[nodiscard]] std::vector<HeardPrompt> heard_by_visitor(const std::string& tongue) const {
    State visitor = initial_state(state.kiosk);
    (void)update(visitor, Intent{intent::Start{}}, catalogue, now);
    (void)update(visitor, Intent{intent::StartForm{"feedback"}}, catalogue, now);
    visitor.visit.tongue = tongue;
    return prompts_on(visitor, catalogue, "form.feedback.rating");
  }

  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());
  std::vector<effect::KeepPrompt> kept;
  std::vector<effect::DropPrompt> dropped;
  std::vector<std::string> played;
  int recordings = 0;
  std::int64_t now = 1000;
};

std::string hindi_rating(const Catalogue& catalogue) {
  return catalogue.form("feedback")->questions.front().label.in(Language::kHindi);
}

}  // namespace

TEST_CASE("Staff choose tongue and form, read what stands there, and keep it",
          "[kiosk][model][prompts]") {
  Recordist staff;
  CHECK(staff.page().sets);
  CHECK(staff.page().tongues.size() == 6);
  CHECK(staff.page().caution.empty());
  CHECK(staff.page().rows.size() == staff.catalogue.forms.size() + 1);
  CHECK(staff.row(std::string(kScreensSet)).text == "Pages of this kiosk");
  CHECK(without_isolates(staff.row(std::string(kScreensSet)).note) == "0 of 8 recorded");

  staff.at("bho", "feedback", kRating);
  CHECK_FALSE(staff.page().sets);
  CHECK(staff.row(kRating).text == hindi_rating(staff.catalogue));
  CHECK(staff.row(kRating).script == Language::kHindi);
  CHECK(staff.row(kGood).inner);
  CHECK(staff.sheet().text == hindi_rating(staff.catalogue));
  CHECK(without_isolates(staff.sheet().voice.note).starts_with("Say it in भोजपुरी"));
  CHECK_FALSE(staff.sheet().recorded);
  staff.speak();
  CHECK(staff.sheet().recorded);
  CHECK_FALSE(staff.sheet().voice.keep.empty());
  staff.ask(intent::KeepSpoken{});
  REQUIRE(staff.kept.size() == 1);
  CHECK(staff.kept.front().take == 7);
  CHECK(staff.kept.front().key == kRating);
  CHECK(staff.kept.front().tongue == "bho");
  CHECK(staff.kept.front().text == hindi_rating(staff.catalogue));
  CHECK(staff.kept.front().length_ms == 4'200);

  // Until it is known to be kept the take stays, and can be kept again.
  CHECK(staff.state.visit.voice.take == 7);
  staff.tell(news::PromptFailed{"error.disk_full"});
  CHECK(staff.sheet().voice.problem);
  CHECK(staff.sheet().voice.state.find("full") != std::string::npos);
  CHECK_FALSE(staff.sheet().voice.keep.empty());
  staff.keep_it();
  CHECK(staff.kept.size() == 2);
  // The next one follows.
  CHECK(staff.state.visit.voice.field == kGood);
  CHECK(staff.state.visit.voice.take == 0);
  CHECK(staff.row(kRating).state == PromptState::kStaff);
  CHECK(without_isolates(staff.row(kRating).note) == "Recorded here, 4 seconds");
  staff.ask(intent::CloseSheet{});
  staff.ask(intent::Back{});
  CHECK(without_isolates(staff.row("feedback").note) == "1 of 11 recorded");
}

TEST_CASE("What staff recorded is heard in its tongue alone, and only while its words stand",
          "[kiosk][model][prompts]") {
  Recordist staff;
  CHECK(staff.heard_by_visitor("bho").empty());
  staff.at("bho", "feedback", kRating);
  staff.speak();
  staff.keep_it();
  CHECK(staff.heard_by_visitor("bho") == std::vector<HeardPrompt>{{"form.question", true, "own"}});
  CHECK(staff.heard_by_visitor("awa").empty());
  CHECK(staff.heard_by_visitor("hi").empty());
  CHECK(tongues_of(staff.state, staff.catalogue) == std::vector<std::string>{"hi", "bho"});

  // Another release asks in other words.
  staff.ask(intent::CloseSheet{});
  staff.state.kiosk.prompts.front().text += "!";
  CHECK(staff.heard_by_visitor("bho").empty());
  CHECK(tongues_of(staff.state, staff.catalogue) == std::vector<std::string>{"hi"});
  CHECK(staff.row(kRating).state == PromptState::kOld);
  staff.ask(intent::OpenVoice{kRating});
  CHECK(staff.sheet().voice.state == "The words have changed");
  CHECK_FALSE(staff.sheet().voice.again.empty());
  CHECK_FALSE(staff.sheet().remove.empty());
}

TEST_CASE("The office's recording is heard before the staff's, and is not recorded over",
          "[kiosk][model][prompts]") {
  Recordist staff;
  staff.at("bho", "feedback", kRating);
  staff.speak();
  staff.keep_it();
  staff.ask(intent::CloseSheet{});
  staff.catalogue.prompts = {{"p1", kRating, "bho", "office"}};
  CHECK(staff.heard_by_visitor("bho") ==
        std::vector<HeardPrompt>{{"form.question", true, "office"}});
  CHECK(staff.row(kRating).state == PromptState::kOffice);
  staff.ask(intent::OpenVoice{kRating});
  CHECK(staff.sheet().voice.again.empty());
  staff.ask(intent::StartSpeaking{});
  CHECK(staff.recordings == 1);
  staff.ask(intent::PlaySpoken{});
  CHECK(staff.played == std::vector<std::string>{"office"});
  // What is here besides may go.
  staff.ask(intent::ForgetSpoken{});
  REQUIRE(staff.dropped.size() == 1);
  CHECK(staff.dropped.front().tongue == "bho");
}

TEST_CASE("A recording is heard again, stopped, and removed", "[kiosk][model][prompts]") {
  Recordist staff;
  staff.at("awa", "feedback", kRating);
  staff.ask(intent::PlaySpoken{});  // there is none
  CHECK(staff.played.empty());
  staff.speak();
  staff.keep_it();
  staff.ask(intent::OpenVoice{kRating});
  staff.ask(intent::PlaySpoken{});
  CHECK(staff.played == std::vector<std::string>{"own"});
  CHECK(staff.sheet().voice.playing);
  staff.ask(intent::PlaySpoken{});
  CHECK_FALSE(staff.sheet().voice.playing);
  staff.ask(intent::PlaySpoken{});
  staff.tell(news::SpeechEnded{});
  CHECK_FALSE(staff.sheet().voice.playing);
  staff.tell(news::PromptFailed{"prompts.damaged"});
  CHECK(staff.sheet().voice.state == "This recording is damaged. Speak it again.");
  staff.ask(intent::ForgetSpoken{});
  REQUIRE(staff.dropped.size() == 1);
  CHECK(staff.dropped.front().key == kRating);
  staff.tell(news::PromptsTold{});
  CHECK_FALSE(staff.sheet().recorded);
  CHECK(staff.sheet().remove.empty());
  // A take that is not wanted goes with the sheet.
  staff.speak();
  staff.ask(intent::CloseSheet{});
  CHECK(staff.state.visit.voice == VoiceWork{});
  CHECK(staff.kept.size() == 1);
}

TEST_CASE("Screens have words to say first, in each script", "[kiosk][model][prompts]") {
  Recordist staff;
  staff.at("en", std::string(kScreensSet), "screen/home");
  CHECK(staff.sheet().text.starts_with("Namaste."));
  CHECK(staff.sheet().place == "Map of the districts");
  staff.speak();
  staff.keep_it();
  State visitor = initial_state(staff.state.kiosk);
  visitor.visit.tongue = "en";
  (void)update(visitor, Intent{intent::Start{}}, staff.catalogue, 1000);
  CHECK(prompts_on(visitor, staff.catalogue, "home") ==
        std::vector<HeardPrompt>{{"", false, "own"}});
  CHECK(prompts_on(visitor, staff.catalogue, "search").empty());
  for (const auto& one : staff.state.kiosk.screen_prompts) {
    for (const auto& text : one.text) {
      CHECK_FALSE(text.empty());
      CHECK_FALSE(text.starts_with("prompts."));
    }
  }
}

TEST_CASE("Nobody records without a PIN, a microphone, or a place to keep it",
          "[kiosk][model][prompts]") {
  Recordist staff;
  staff.at("bho", "feedback", kRating);
  const auto cannot = [&](const std::string& why) {
    staff.ask(intent::StartSpeaking{});
    CHECK(staff.recordings == 0);
    CHECK(staff.sheet().voice.speak.empty());
    CHECK(staff.sheet().voice.note.find(why) != std::string::npos);
    CHECK(staff.page().caution.find(why) != std::string::npos);
  };
  staff.tell(news::MicrophoneFound{false});
  cannot("No microphone");
  staff.tell(news::SoundFound{false, false});
  CHECK(staff.page().caution.find("Neither") != std::string::npos);
  staff.tell(news::SoundFound{true, true});
  staff.tell(news::MicrophoneFound{true});
  staff.tell(news::PromptsTold{{}, "prompts.newer"});
  cannot("newer program");
  staff.tell(news::PromptsTold{});
  // Without a loudspeaker one records, and is told.
  staff.tell(news::SoundFound{false, false});
  CHECK(staff.page().caution.find("No loudspeaker") != std::string::npos);
  staff.speak();
  CHECK(staff.recordings == 1);
  CHECK(staff.sheet().voice.play.empty());

  // Where nobody's PIN is known the page can be looked at.
  Recordist nobody;
  nobody.ask(intent::Home{});
  nobody.tell(news::StaffTold{false});
  nobody.ask(intent::OpenPrompts{});
  CHECK(nobody.state.screen().id == ScreenId::kHome);
  nobody.ask(intent::OpenMaintenance{});
  nobody.ask(intent::OpenPrompts{});
  nobody.at("bho", "feedback", kRating);
  CHECK(nobody.page().caution.find("with a PIN") != std::string::npos);
  nobody.ask(intent::StartSpeaking{});
  CHECK(nobody.recordings == 0);
  // Nor does it open what there is not.
  nobody.ask(intent::CloseSheet{});
  nobody.ask(intent::OpenPrompts{"no-such-form"});
  CHECK(nobody.state.screen().subject == "feedback");
  nobody.ask(intent::OpenVoice{"form/feedback/none"});
  CHECK(nobody.state.visit.sheet == Sheet::kNone);
  nobody.ask(intent::Choose{"tongue", "xx"});
  CHECK(nobody.state.visit.prompt_tongue == "bho");
}

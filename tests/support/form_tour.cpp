// The artisan's screens: every form of the catalogue, page by page.
#include "kiosk/model/update.h"
#include "tests/support/screen_tour.h"
#include "tests/support/tour.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::test {

namespace {

using namespace kiosk;  // NOLINT: everything here is of that room

// One question: as it comes, with an answer, and what its steps offer.
void question_stops(Tour& tour, const forms::Form& form, const forms::Question& question) {
  Filling& filling = tour.state().visit.filling;
  filling.stage = FormStage::kQuestion;
  filling.field = question.field;
  filling.part.clear();
  tour.state().visit.error.clear();
  tour.state().visit.map_region.clear();
  const std::string name = "form-" + form.id + "-" + question.field;
  tour.stop(name);
  const auto part = [&](std::string_view value) {
    filling.part = value;
    tour.stop(name + "-" + std::string(value));
    filling.part.clear();
  };
  switch (question.widget) {
    case forms::Widget::kDay:
      part("2026");
      part("2026-10");
      break;
    case forms::Widget::kBirth:
      part("1980s");
      part("1984");
      part("1984-05");
      break;
    case forms::Widget::kPicker:
      if (question.source == "districts") {
        tour.state().visit.map_region = "awadh";
        tour.stop(name + "-awadh");
        tour.state().visit.map_region.clear();
        filling.answers[question.field] = std::string("kannauj");
        tour.stop(name + "-answered");
      }
      if (question.source == "products") {
        part("other");
        part("family-t");
        filling.answers[question.field] = std::string("kannauj-attar");
        tour.stop(name + "-answered");
      }
      break;
    case forms::Widget::kText:
    case forms::Widget::kLongText:
    case forms::Widget::kNumberPad:
    case forms::Widget::kAmount:
      filling.answers[question.field] = std::string("2415207");
      tour.state().visit.error = "form.error.aadhaar";
      tour.stop(name + "-error");
      break;
    case forms::Widget::kOneChoice:
      filling.answers[question.field] = question.options.back().value;
      tour.stop(name + "-answered");
      break;
    case forms::Widget::kYesNo:
      filling.answers[question.field] = false;
      tour.state().visit.error = "form.error.must_be_yes";
      tour.stop(name + "-error");
      break;
    default:
      break;
  }
}

// A name that is spoken, from the microphone to the read-back; and what can go wrong.
void speak(Tour& tour, const forms::Form& form) {
  const auto named = std::ranges::find(form.questions, true, &forms::Question::voice);
  if (named == form.questions.end()) return;
  Filling& filling = tour.state().visit.filling;
  filling.answers.clear();
  filling.stage = FormStage::kQuestion;
  filling.field = named->field;
  tour.ask(intent::OpenVoice{named->field});
  tour.stop("voice-ready");
  tour.ask(intent::StartSpeaking{});
  tour.tell(news::VoiceHeard{9'400, 5});
  tour.stop("voice-recording");
  tour.ask(intent::StopSpeaking{});
  tour.stop("voice-ending");
  tour.tell(news::VoiceTaken{1, 200, true});
  tour.stop("voice-quiet");
  tour.ask(intent::StartSpeaking{});
  tour.tell(news::VoiceFailed{});
  tour.stop("voice-failed");
  tour.ask(intent::StartSpeaking{});
  tour.tell(news::VoiceHeard{12'300, 3});
  tour.tell(news::VoiceTaken{2, 12'300, false});
  tour.stop("voice-taken");
  tour.ask(intent::PlaySpoken{});
  tour.stop("voice-playing");
  tour.ask(intent::KeepSpoken{});
  filling.stage = FormStage::kQuestion;
  filling.field = named->field;
  tour.stop("form-spoken");
  filling.stage = FormStage::kReview;
  tour.ask(intent::PlaySpoken{named->field});
  tour.stop("form-spoken-review");
  tour.state().visit.playing = 0;
}

// A member of the staff fills a form for the visitor.
void help(Tour& tour) {
  tour.ask(intent::OpenHelper{});
  tour.ask(intent::Edit{"helper.pin", "4827"});
  tour.stop("helper-pin");
  tour.ask(intent::Edit{"helper.pin", "482719"});
  tour.tell(news::PinChecked{""});
  tour.stop("helper-wrong");
  tour.ask(intent::Edit{"helper.pin", "482719"});
  tour.tell(news::PinChecked{"Sunita Verma"});
  tour.state().visit.filling.stage = FormStage::kQuestion;
  tour.state().visit.filling.field = tour.state().visit.filling.form->questions.front().field;
  tour.stop("form-helped");
  tour.ask(intent::ShowHelp{});
  tour.stop("help-helped");
  tour.ask(intent::EndHelp{});
}

// What a question looks like hangs on these.
std::string looks_of(const forms::Question& question) {
  std::string out = question.label.in(Language::kHindi) + question.source;
  if (question.help) out += question.help->in(Language::kHindi);
  for (const auto& option : question.options) out += option.value;
  return out;
}

// A whole answer to every question that was left open, so that the read-back is full.
void answer_all(Filling& filling) {
  for (const auto& question : filling.form->questions) {
    if (question.type == forms::AnswerType::kBoolean) filling.answers[question.field] = true;
    if (question.type == forms::AnswerType::kText && question.options.empty()) {
      filling.answers[question.field] = std::string("मीरा देवी 1984-05-17");
    }
    if (question.source == "districts") filling.answers[question.field] = std::string("kannauj");
    if (question.source == "products") {
      filling.answers[question.field] = std::string("kannauj-attar");
    }
    if (question.type == forms::AnswerType::kTexts) {
      std::vector<std::string> all;
      for (const auto& option : question.options) all.push_back(option.value);
      filling.answers[question.field] = all;
    }
  }
}

}  // namespace

std::vector<TourStop> form_tour(const Catalogue& catalogue, Language language) {
  Tour tour(catalogue, language);
  tour.ask(intent::Start{});
  tour.ask(intent::OpenArtisan{});
  tour.stop("artisan");
  std::set<std::string> shown;
  for (const auto& form : catalogue.forms) {
    // Also of the two with journeys of their own: what an admin may ask must fit.
    tour.state().visit.filling = Filling{};
    tour.state().visit.filling.form = form;
    tour.state().visit.screens = {Screen{}, Screen{ScreenId::kHome, {}},
                                  Screen{ScreenId::kForm, form->id}};
    if (form->scheme.has_value()) tour.stop("form-" + form->id + "-opening");
    for (const auto& question : form->questions) {
      if (shown.insert(looks_of(question)).second) question_stops(tour, *form, question);
    }
    Filling& filling = tour.state().visit.filling;
    tour.state().visit.error.clear();
    answer_all(filling);
    filling.stage = FormStage::kReview;
    tour.stop("form-" + form->id + "-review");
    if (form->consents.empty()) continue;
    filling.stage = FormStage::kConsent;
    tour.stop("form-" + form->id + "-consent");
    filling.given = {"contact"};
    filling.incomplete = true;
    tour.stop("form-" + form->id + "-consent-given");
    filling.sending = true;
    const State before = tour.state();
    tour.tell(news::SubmissionKept{"0140032758", "48271956", "odop:0140032758:48271956:00"});
    tour.stop("form-" + form->id + "-receipt");
    tour.state() = before;
  }
  tour.state().visit.sheet = Sheet::kLeave;
  tour.stop("form-leave");
  tour.state().visit.sheet = Sheet::kNone;
  if (const auto form = catalogue.form("registration")) {
    tour.state().visit.filling = Filling{};
    tour.state().visit.filling.form = form;
    tour.state().visit.screens = {Screen{}, Screen{ScreenId::kHome, {}},
                                  Screen{ScreenId::kForm, form->id}};
    speak(tour, *form);
    help(tour);
  }
  return std::move(tour).stops();
}

}  // namespace odop::test

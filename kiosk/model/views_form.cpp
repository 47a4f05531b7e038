// The screens of a form of the catalogue, and the list of what an artisan can do.
#include "kiosk/model/filling.h"
#include "kiosk/model/view_parts.h"
#include "shared/forms/check.h"
#include "shared/text/dates.h"
#include "shared/text/digits.h"
#include "shared/text/numbers.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk {

namespace {

using forms::Format;
using forms::Question;
using forms::Widget;

// Icons of the shipped forms, then of kinds for forms that come later.
std::string icon_of(const forms::Form& form) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kIcons{
      {{"registration", "hand"},
       {"margin-money", "rupee"},
       {"marketing-assistance", "stall"},
       {"skill-toolkit", "tools"},
       {"common-facility-centre", "people"},
       {"gem-help", "cart"},
       {"correction", "pencil"},
       {"question", "help"},
       {"application", "leaf"},
       {"problem", "letter"},
       {"attendance", "calendar"},
       {"feedback", "heart"},
       {"eligibility", "check"},
       {"help", "help"}}};
  for (const std::string& name : {form.id, form.kind}) {
    const auto found =
        std::ranges::find_if(kIcons, [&](const auto& one) { return one.first == name; });
    if (found != kIcons.end()) return std::string(found->second);
  }
  return "letter";
}

// What is wrong with the answer on the screen: the form's own words, or ours.
std::string problem_text(const Maker& maker) {
  const std::string& error = maker.visit().error;
  if (error.empty() || maker.visit().sheet == Sheet::kHelper) return {};
  const Filling& filling = maker.visit().filling;
  const forms::LocalText* own =
      forms::own_words(*filling.form, {.field = filling.field, .text_key = error});
  return own == nullptr ? maker.say(error) : maker.in(*own);
}

struct Step {
  int step = 0;
  int steps = 0;
};

// Questions, the read-back, and the consents when there are any.
Step step_of(const Maker& maker) {
  const Filling& filling = maker.visit().filling;
  const auto steps = steps_of(filling);
  const bool consents = !consents_of(*filling.form, maker.catalogue).empty();
  Step out;
  out.steps = static_cast<int>(steps.size()) + 1 + (consents ? 1 : 0);
  out.step = static_cast<int>(steps.size()) + 1;  // the read-back, and what is answered from there
  if (filling.stage == FormStage::kConsent) {
    out.step = out.steps;
  } else if (const Question* question = question_of(filling)) {
    const auto here = std::ranges::find(steps, &carrier_of(filling, *question));
    out.step = static_cast<int>(here - steps.begin()) + 1;
  }
  return out;
}

template <typename View>
void add_step(const Maker& maker, View& view) {
  const Step step = step_of(maker);
  view.step = step.step;
  view.steps = step.steps;
  // That somebody helps is said on every page, quietly.
  view.step_text =
      maker.say(maker.visit().helper.empty() ? "form.step" : "form.step_helped",
                {{"step", group_indian(step.step)}, {"steps", group_indian(step.steps)}});
}

bool on_latin_keys(Format format) {
  switch (format) {
    case Format::kEmailAddress:
    case Format::kUdyamNumber:
    case Format::kPanNumber:
    case Format::kGstinNumber:
    case Format::kIfscNumber:
    case Format::kIecNumber:
    case Format::kPehchanNumber:
      return true;
    default:
      return false;
  }
}

// Formats whose length is known: drawn as places.
int places_of(const Question& question) {
  switch (question.format.value_or(Format::kText)) {
    case Format::kIndianMobile:
    case Format::kPinCode:
    case Format::kStatusCodeNumber:
      return most_digits(question);
    default:
      return 0;
  }
}

void add_field(const Maker& maker, const Question& question, QuestionView& view) {
  const Filling& filling = maker.visit().filling;
  FieldView field;
  field.id = std::string(kFieldPrefix) + question.field;
  field.label = view.question;
  field.value = text_answer(filling, question);
  if (question.widget == Widget::kMeasure) field.value = amount_part(field.value);
  if (question.format == Format::kPhoneNumber) field.value = digits_of(field.value);
  field.error = problem_text(maker);
  field.focused = true;
  field.most_digits = most_digits(question);
  field.max_bytes = most_bytes(question);
  const Format format = question.format.value_or(Format::kText);
  field.latin = on_latin_keys(format);
  if (field.most_digits > 0) {
    field.digits = places_of(question);
    if (field.digits > 0) {
      field.progress =
          digits_progress(maker, field.value.size(), static_cast<std::size_t>(field.digits));
    }
    if (format == Format::kIndianMobile) field.prefix = "+91";
    if (format == Format::kPhoneNumber) field.prefix = "+";
    if (question.widget == Widget::kAmount && question.currency == "INR") {
      field.prefix = "₹";
      field.progress = answer_text(maker, question);
    }
    view.keys = Keys::kNumbers;
    const bool reaches = format == Format::kIndianMobile || format == Format::kPhoneNumber;
    if (reaches) view.assurance = maker.say("form.sealed");
  } else {
    field.hint = field.latin ? "" : maker.say("form.write_here");
    if (format == Format::kEmailAddress) field.hint = "name@example.com";
    view.keys = field.latin ? Keys::kEmail : Keys::kLetters;
  }
  view.fields.push_back(std::move(field));
}

std::string spoken_words(const Maker& maker, const SpokenAnswer& answer) {
  // Never "0 seconds".
  const std::int64_t seconds = std::max<std::int64_t>(1, (answer.length_ms + 500) / 1000);
  return maker.words.plural("voice.spoken", seconds);
}

std::string play_label(const Maker& maker, std::uint64_t take) {
  if (!maker.state.kiosk.can_play) return {};
  return maker.say(maker.visit().playing == take ? "voice.stop_playing" : "voice.play");
}

// A spoken answer stands in the place of its field.
void add_spoken(const Maker& maker, const SpokenAnswer& answer, QuestionView& view) {
  view.spoken.push_back({.field = answer.field,
                         .words = spoken_words(maker, answer),
                         .note = maker.say("voice.spoken_note"),
                         .play = play_label(maker, answer.take),
                         .playing = maker.visit().playing == answer.take,
                         .again = maker.state.kiosk.can_record ? maker.say("voice.again") : "",
                         .remove = maker.say("voice.type_instead")});
}

// What is taken for granted: choices as switches, records as lines.
void add_besides(const Maker& maker, const Question& question, QuestionView& view) {
  for (const Question* one : beside(maker.visit().filling, question)) {
    if (one->widget != Widget::kOneChoice) {
      view.besides.push_back({one->field, maker.in(one->label), answer_text(maker, *one)});
      continue;
    }
    for (const auto& option : one->options) {
      view.channels.push_back({one->field, option.value, maker.in(option.label),
                               is_chosen(maker.visit().filling, *one, option.value)});
    }
  }
}

QuestionView form_question(const Maker& maker) {
  QuestionView view;
  const Filling& filling = maker.visit().filling;
  const Question* question = question_of(filling);
  if (question == nullptr) return view;
  add_step(maker, view);
  view.question = maker.in(question->label);
  if (question->help.has_value()) view.hint = maker.in(*question->help);
  view.back = maker.say("form.back");
  add_besides(maker, *question, view);
  const bool answered = has_answer(filling, *question);
  if (const SpokenAnswer* answer = spoken_answer(filling, question->field)) {
    add_spoken(maker, *answer, view);
    view.problem = problem_text(maker);
  } else if (is_typed(*question, filling.part)) {
    add_field(maker, *question, view);
    if (may_speak(maker.state)) {
      view.speak = maker.say("voice.speak");
      view.speak_field = question->field;
    }
  } else {
    add_picks(maker, *question, view);
    view.problem = problem_text(maker);
  }
  // A choice goes on by itself; the button passes over it, or keeps what was chosen before.
  view.next = maker.say(answered || question->required ? "form.next" : "form.skip");
  view.next_enabled = answered || !question->required;
  if (!view.next_enabled) view.next_reason = maker.say("form.error.missing");
  // One choice of several needs no button but the choice.
  if (!view.next_enabled && view.fields.empty() && !view.several) view.next.clear();
  return view;
}

OpeningView opening_view(const Maker& maker) {
  const forms::Form& form = *maker.visit().filling.form;
  OpeningView view;
  view.title = maker.in(form.title);
  view.intro = maker.in(form.intro);
  view.back = maker.say("form.back");
  view.next = maker.say("form.begin");
  if (!form.scheme.has_value()) return view;
  view.not_filed = maker.in(form.scheme->not_filed);
  view.deadline = deadline_of(maker, *form.scheme);
  view.documents_title = maker.say("form.documents");
  for (const auto& document : form.scheme->documents) {
    view.documents.push_back(maker.in(document.label));
  }
  return view;
}

ReviewView review_view(const Maker& maker) {
  const Filling& filling = maker.visit().filling;
  ReviewView view;
  add_step(maker, view);
  view.title = maker.say("form.review.title");
  view.hint = maker.say("form.review.hint");
  for (const Question* question : asked_questions(filling)) {
    ReviewRow row{.field = question->field, .label = maker.in(question->label), .value = {}};
    if (const SpokenAnswer* spoken = spoken_answer(filling, question->field)) {
      row.value = spoken_words(maker, *spoken);
      row.play = play_label(maker, spoken->take);
      row.playing = maker.visit().playing == spoken->take;
    } else {
      row.value = answer_text(maker, *question);
    }
    row.change = maker.say(row.value.empty() ? "form.review.add" : "form.review.change");
    if (row.value.empty()) {
      row.value = maker.say(question->later ? "form.consent.optional" : "form.review.empty");
    }
    view.rows.push_back(std::move(row));
  }
  if (filling.form->scheme.has_value()) view.not_filed = maker.in(filling.form->scheme->not_filed);
  view.problem = problem_text(maker);
  view.back = maker.say("form.back");
  view.is_send = consents_of(*filling.form, maker.catalogue).empty();
  view.working = filling.sending;
  view.next = maker.say(view.working   ? "form.keeping"
                        : view.is_send ? "form.send"
                                       : "form.review.right");
  return view;
}

QuestionView form_consent(const Maker& maker) {
  const Filling& filling = maker.visit().filling;
  QuestionView view;
  add_step(maker, view);
  view.question = maker.say("form.consent.question");
  view.hint = maker.say(filling.incomplete ? "form.incomplete.hint" : "form.consent.hint");
  view.consent_title = maker.say("form.consent.title");
  for (const auto& [notice, required] : consents_of(*filling.form, maker.catalogue)) {
    const bool ticked = std::ranges::find(filling.given, notice->purpose) != filling.given.end();
    if (required) view.notice = sections_of(maker.in(notice->text));
    view.consents.push_back(consent_row(maker, *notice, required, ticked));
  }
  view.back = maker.say("form.back");
  view.next = maker.say(filling.sending ? "form.keeping" : "form.send");
  view.is_send = true;
  view.working = filling.sending;
  const bool agreed = consented(filling, maker.catalogue);
  view.next_enabled = agreed && !filling.sending;
  if (!agreed) view.next_reason = maker.say("form.error.consent");
  if (!maker.visit().error.empty()) view.next_reason = maker.say(maker.visit().error);
  return view;
}

// YYYY-MM-DD of the first field that holds a day; empty: none does.
std::string_view last_day_of(const Maker& maker, const forms::SchemeDraft& scheme) {
  const Scheme* found = maker.catalogue.scheme(scheme.scheme);
  if (found == nullptr) return {};
  for (const auto& field : scheme.deadline_fields) {
    const std::string_view day = found->day(field);
    if (parse_date(day).has_value()) return day;
  }
  return {};
}

bool is_over(const Maker& maker, std::string_view day) {
  return !maker.state.kiosk.today.empty() && day < maker.state.kiosk.today;
}

}  // namespace

std::string deadline_words(const Maker& maker, std::string_view day) {
  const auto date = parse_date(day);
  if (!date.has_value()) return {};
  return maker.say(is_over(maker, day) ? "form.deadline_over" : "form.deadline",
                   {{"date", long_date(date.value(), maker.visit().language)}});
}

std::string deadline_of(const Maker& maker, const forms::SchemeDraft& scheme) {
  const std::string words = deadline_words(maker, last_day_of(maker, scheme));
  return words.empty() ? maker.in(scheme.deadline_unknown) : words;
}

std::string_view coming_deadline(const Maker& maker, const forms::SchemeDraft& scheme) {
  const std::string_view day = last_day_of(maker, scheme);
  return is_over(maker, day) ? std::string_view{} : day;
}

ArtisanView artisan_view(const Maker& maker) {
  ArtisanView view;
  view.title = maker.say("artisan.title");
  view.hint = maker.say(accepts(maker.state.kiosk) ? "artisan.hint" : "artisan.closed");
  for (const auto& [id, icon] : {std::pair{"schemes", "rupee"}, std::pair{"help", "office"},
                                 std::pair{"events", "calendar"}}) {
    const std::string key = std::string("artisan.") + id;
    const std::string subject =
        id == std::string_view("help") ? maker.state.kiosk.district : std::string{};
    view.ways.push_back({id, subject, maker.say(key), maker.say(key + ".note"), icon});
  }
  for (const auto& form : offered_forms(maker.catalogue, maker.state.kiosk.today)) {
    view.tiles.push_back(
        {form->id, maker.in(form->title), first_sentence(maker.in(form->intro)), icon_of(*form)});
  }
  return view;
}

BodyView form_view(const Maker& maker) {
  const Filling& filling = maker.visit().filling;
  if (filling.form == nullptr) return artisan_view(maker);
  switch (filling.stage) {
    case FormStage::kOpening:
      return opening_view(maker);
    case FormStage::kQuestion:
      return form_question(maker);
    case FormStage::kReview:
      return review_view(maker);
    case FormStage::kConsent:
      return form_consent(maker);
  }
  return opening_view(maker);
}

LeaveView leave_view(const Maker& maker) {
  return {.title = maker.say("form.leave.title"),
          .note = maker.say("form.leave.note"),
          .stay = maker.say("form.leave.stay"),
          .send = maker.say("form.leave.send"),
          .erase = maker.say("form.leave.erase")};
}

VoiceView voice_view(const Maker& maker) {
  const VoiceWork& voice = maker.visit().voice;
  VoiceView view;
  if (const Question* question = question_of(maker.visit().filling)) {
    view.title = maker.in(question->label);
  }
  view.stage = voice.stage;
  view.problem = !voice.problem.empty();
  const auto seconds_of = [](std::int64_t ms) { return (ms + 999) / 1000; };
  switch (voice.stage) {
    case VoiceStage::kReady:
      view.state = maker.say(view.problem ? voice.problem : "voice.ready");
      view.note = maker.say("voice.ready_note");
      view.speak = maker.say("voice.start");
      break;
    case VoiceStage::kRecording:
      view.state = maker.say("voice.recording");
      view.note = maker.say("voice.recording_note");
      view.speak = maker.say("voice.stop");
      view.left = maker.words.plural("voice.left", seconds_of(kLongestVoiceMs - voice.elapsed_ms));
      break;
    case VoiceStage::kEnding:
      view.state = maker.say("voice.ending");
      break;
    case VoiceStage::kTaken:
      view.state = maker.words.plural("voice.taken",
                                      std::max<std::int64_t>(1, (voice.length_ms + 500) / 1000));
      view.note = maker.say("voice.taken_note");
      view.play = play_label(maker, voice.take);
      view.playing = voice.take != 0 && maker.visit().playing == voice.take;
      view.again = maker.say("voice.again");
      view.keep = maker.say("voice.keep");
      break;
  }
  view.elapsed = static_cast<double>(voice.elapsed_ms) / static_cast<double>(kLongestVoiceMs);
  view.level = voice.level;
  view.levels = kVoiceLevels;
  view.close = maker.say(voice.stage == VoiceStage::kTaken ? "voice.remove" : "form.back");
  return view;
}

HelperView helper_view(const Maker& maker) {
  const Visit& visit = maker.visit();
  HelperView view;
  const bool opens = visit.sheet_subject == kOpensMaintenance;
  view.title = maker.say(opens ? "staff.title" : "helper.title");
  view.note = maker.say(opens ? "staff.pin_note" : "helper.note");
  view.label = maker.say("helper.pin");
  for (std::size_t i = 0; i < visit.pin.size(); ++i) view.value += "•";
  view.typed = visit.pin;
  view.digits = static_cast<int>(kHelperPinDigits);
  if (!visit.error.empty()) view.problem = maker.say(visit.error);
  view.working = visit.pin_checked;
  view.close = maker.say("form.back");
  return view;
}

std::string form_place(const Visit& visit) {
  const Filling& filling = visit.filling;
  if (filling.form == nullptr) return {};
  switch (filling.stage) {
    case FormStage::kOpening:
      return filling.form->id + ".opening";
    case FormStage::kQuestion:
      return filling.form->id + "." + filling.field;
    case FormStage::kReview:
      return filling.form->id + ".review";
    case FormStage::kConsent:
      return filling.form->id + ".consent";
  }
  return filling.form->id;
}

}  // namespace odop::kiosk

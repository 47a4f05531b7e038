#include "kiosk/model/prompts.h"

#include "kiosk/model/filling.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace odop::kiosk {

namespace {

// ISO 639-3 where 639-1 has none; in the order of the screen.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kTongues{
    {{"hi", "हिन्दी"},
     {"awa", "अवधी"},
     {"bho", "भोजपुरी"},
     {"bns", "बुन्देली"},
     {"ur", "اردو"},
     {"en", "English"}}};

constexpr std::string_view kScreenPrefix = "screen/";
constexpr std::string_view kFormPrefix = "form/";

// What is worth an introduction; names as views has them.
constexpr std::array<std::string_view, 8> kScreens{"home",    "search",  "list",   "status",
                                                   "artisan", "schemes", "events", "hall"};

// All that is recorded in one tongue. Looks into what it was made of.
class Recorded {
 public:
  Recorded(const State& state, const Catalogue& catalogue, std::string_view tongue)
      : tongue_(tongue) {
    for (const Prompt& prompt : catalogue.prompts) {
      if (prompt.medium.empty()) continue;
      by_id_.emplace(prompt.id, &prompt);
      if (prompt.tongue == tongue && !prompt.key.empty()) by_key_.emplace(prompt.key, &prompt);
    }
    for (const StaffPrompt& prompt : state.kiosk.prompts) {
      if (prompt.tongue == tongue) own_.emplace(prompt.key, &prompt);
    }
  }

  [[nodiscard]] PromptPlace place(std::string key, std::string text,
                                  const forms::Audio& named = {}) const {
    PromptPlace place;
    if (const auto id = named.find(tongue_); id != named.end()) {
      const auto found = by_id_.find(id->second);
      if (found != by_id_.end()) place.office = found->second->medium;
    }
    if (const auto found = by_key_.find(key); place.office.empty() && found != by_key_.end()) {
      place.office = found->second->medium;
    }
    if (const auto found = own_.find(key); found != own_.end()) place.own = found->second;
    place.key = std::move(key);
    place.text = std::move(text);
    return place;
  }

 private:
  std::string tongue_;
  std::unordered_map<std::string_view, const Prompt*> by_id_, by_key_;
  std::unordered_map<std::string_view, const StaffPrompt*> own_;
};

std::string screen_text(const State& state, std::string_view screen, Language script) {
  const auto& all = state.kiosk.screen_prompts;
  const auto found = std::ranges::find(all, screen, &ScreenPrompt::screen);
  return found == all.end() ? std::string() : found->text.at(index(script));
}

std::string question_text(const forms::Question& question, Language script) {
  std::string text = question.label.in(script);
  if (question.help) text += "\n" + question.help->in(script);
  return text;
}

void add_form(const Recorded& recorded, const forms::Form& form, Language script,
              std::vector<PromptPlace>& out) {
  std::size_t number = 0;
  for (const forms::Question& question : form.questions) {
    const std::string key = std::string(kFormPrefix) + form.id + "/" + question.field;
    out.push_back(recorded.place(key, question_text(question, script), question.audio));
    out.back().number = ++number;
    for (const forms::Option& option : question.options) {
      out.push_back(
          recorded.place(key + "/" + option.value, option.label.in(script), option.audio));
      out.back().number = number;
      out.back().inner = true;
    }
  }
}

std::vector<PromptPlace> places(const Recorded& recorded, const State& state,
                                const Catalogue& catalogue, std::string_view set, Language script) {
  std::vector<PromptPlace> out;
  if (set == kScreensSet) {
    for (const ScreenPrompt& one : state.kiosk.screen_prompts) {
      out.push_back(
          recorded.place(std::string(kScreenPrefix) + one.screen, one.text.at(index(script))));
      out.back().screen = one.screen;
    }
  } else if (const auto form = catalogue.form(set)) {
    add_form(recorded, *form, script, out);
  }
  return out;
}

// The medium that is heard; empty: none.
std::string heard(const PromptPlace& place) {
  return place.done() ? place.medium() : std::string();
}

}  // namespace

std::vector<std::string> tongues_of(const State& state, const Catalogue& catalogue) {
  std::vector<std::string> out;
  for (const auto& [one, name] : kTongues) {
    const std::string_view tongue = one;
    const auto fits = [&](const StaffPrompt& prompt) {
      return prompt.tongue == tongue &&
             prompt.text == text_to_read(state, catalogue, prompt.key, prompt.tongue);
    };
    if (tongue == code(state.visit.language) ||
        std::ranges::find(catalogue.prompts, tongue, &Prompt::tongue) != catalogue.prompts.end() ||
        std::ranges::any_of(state.kiosk.prompts, fits)) {
      out.emplace_back(tongue);
    }
  }
  return out;
}

std::string_view tongue_name(std::string_view tongue) {
  const auto found =
      std::ranges::find_if(kTongues, [&](const auto& one) { return one.first == tongue; });
  return found == kTongues.end() ? tongue : found->second;
}

std::string tongue_of(const Visit& visit) {
  return visit.tongue.empty() ? std::string(code(visit.language)) : visit.tongue;
}

std::vector<HeardPrompt> prompts_on(const State& state, const Catalogue& catalogue,
                                    std::string_view name) {
  std::vector<HeardPrompt> out;
  if (catalogue.prompts.empty() && state.kiosk.prompts.empty()) return out;
  const std::string tongue = tongue_of(state.visit);
  const Language script = written_for(tongue);
  const Recorded recorded(state, catalogue, tongue);
  const PromptPlace first = recorded.place(std::string(kScreenPrefix) + std::string(name),
                                           screen_text(state, name, script));
  if (std::string medium = heard(first); !medium.empty()) {
    out.push_back({.node = {}, .covers_hint = false, .medium = std::move(medium)});
  }
  const Filling& filling = state.visit.filling;
  const forms::Question* question = question_of(filling);
  if (question == nullptr || state.screen().id != ScreenId::kForm) return out;
  std::vector<PromptPlace> all;
  add_form(recorded, *filling.form, script, all);
  const std::string key = std::string(kFormPrefix) + filling.form->id + "/" + question->field;
  for (const PromptPlace& place : all) {
    const bool option = place.inner && place.key.starts_with(key + "/");
    std::string medium = heard(place);
    if (medium.empty() || (!option && place.key != key)) continue;
    if (option) {
      out.push_back(
          {.node = "form.choice." + question->field + "." + place.key.substr(key.size() + 1),
           .covers_hint = false,
           .medium = std::move(medium)});
    } else {
      out.push_back({.node = "form." + std::string(kQuestionPart),
                     .covers_hint = true,
                     .medium = std::move(medium)});
    }
  }
  return out;
}

// ---- What staff may record -------------------------------------------------------------------

std::vector<std::string> all_tongues() {
  std::vector<std::string> out;
  out.reserve(kTongues.size());
  for (const auto& [tongue, name] : kTongues) out.emplace_back(tongue);
  return out;
}

std::string prompt_tongue_of(const Visit& visit) {
  return visit.prompt_tongue.empty() ? std::string(code(visit.language)) : visit.prompt_tongue;
}

bool is_written(std::string_view tongue) { return language_of(tongue).has_value(); }

Language written_for(std::string_view tongue) {
  return language_of(tongue).value_or(Language::kHindi);
}

std::vector<ScreenPrompt> screen_prompts(const std::array<Words, 3>& words) {
  std::vector<ScreenPrompt> out;
  for (const std::string_view screen : kScreens) {
    ScreenPrompt prompt;
    prompt.screen = screen;
    for (std::size_t i = 0; i < words.size(); ++i) {
      prompt.text.at(i) = words.at(i).get("prompts.say." + prompt.screen);
    }
    out.push_back(std::move(prompt));
  }
  return out;
}

std::string text_to_read(const State& state, const Catalogue& catalogue, std::string_view key,
                         std::string_view tongue) {
  const Language script = written_for(tongue);
  if (key.starts_with(kScreenPrefix)) {
    return screen_text(state, key.substr(kScreenPrefix.size()), script);
  }
  if (!key.starts_with(kFormPrefix)) return {};
  // A frame may ask for many of these, so nothing is made but the words themselves.
  const std::string_view rest = key.substr(kFormPrefix.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const auto form = catalogue.form(rest.substr(0, slash));
  if (form == nullptr || slash == rest.size()) return {};
  const std::string_view place = rest.substr(slash + 1);
  for (const forms::Question& question : form->questions) {
    if (place == question.field) return question_text(question, script);
    if (!place.starts_with(question.field + "/")) continue;
    const std::string_view value = place.substr(question.field.size() + 1);
    const auto option = std::ranges::find(question.options, value, &forms::Option::value);
    if (option != question.options.end()) return option->label.in(script);
  }
  return {};
}

std::vector<PromptPlace> places_in(const State& state, const Catalogue& catalogue,
                                   std::string_view set, std::string_view tongue) {
  return places(Recorded(state, catalogue, tongue), state, catalogue, set, written_for(tongue));
}

std::vector<PromptSet> prompt_sets(const State& state, const Catalogue& catalogue,
                                   std::string_view tongue) {
  const Recorded recorded(state, catalogue, tongue);
  std::vector<PromptSet> out;
  const auto add = [&](std::string id) {
    const auto all = places(recorded, state, catalogue, id, written_for(tongue));
    const auto done = std::ranges::count_if(all, &PromptPlace::done);
    if (!all.empty()) out.push_back({std::move(id), static_cast<std::size_t>(done), all.size()});
  };
  add(std::string(kScreensSet));
  for (const auto& form : catalogue.forms) add(form->id);
  return out;
}

bool has_set(const Catalogue& catalogue, std::string_view set) {
  return set.empty() || set == kScreensSet || catalogue.form(set) != nullptr;
}

bool may_record_prompts(const State& state) {
  return in_maintenance(state) && !state.visit.staff.empty() && state.kiosk.can_record &&
         state.kiosk.prompts_problem.empty();
}

bool may_record_prompt(const State& state, const Catalogue& catalogue, std::string_view key) {
  if (!may_record_prompts(state) || state.screen().id != ScreenId::kPrompts) return false;
  const auto all =
      places_in(state, catalogue, state.screen().subject, prompt_tongue_of(state.visit));
  const auto place = std::ranges::find(all, key, &PromptPlace::key);
  return place != all.end() && place->office.empty();
}

}  // namespace odop::kiosk

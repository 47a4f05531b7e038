#include "kiosk/model/prompts.h"

#include "kiosk/model/filling.h"

#include <algorithm>
#include <array>
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

const Prompt* find(const Catalogue& catalogue, const forms::Audio& named, std::string_view key,
                   std::string_view tongue) {
  if (const auto id = named.find(tongue); id != named.end()) {
    const auto found = std::ranges::find(catalogue.prompts, id->second, &Prompt::id);
    if (found != catalogue.prompts.end()) return &*found;
  }
  const auto found = std::ranges::find_if(catalogue.prompts, [&](const Prompt& prompt) {
    return prompt.tongue == tongue && prompt.key == key && !prompt.medium.empty();
  });
  return found == catalogue.prompts.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> tongues_of(const Catalogue& catalogue, Language language) {
  std::vector<std::string> out;
  for (const auto& [tongue, name] : kTongues) {
    const bool recorded =
        std::ranges::find(catalogue.prompts, tongue, &Prompt::tongue) != catalogue.prompts.end();
    if (recorded || tongue == code(language)) out.emplace_back(tongue);
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
  if (catalogue.prompts.empty()) return out;
  const std::string tongue = tongue_of(state.visit);
  if (const Prompt* prompt = find(catalogue, {}, "screen/" + std::string(name), tongue)) {
    out.push_back({.node = {}, .covers_hint = false, .medium = prompt->medium});
  }
  const Filling& filling = state.visit.filling;
  const forms::Question* question = question_of(filling);
  if (question == nullptr || state.screen().id != ScreenId::kForm) return out;
  const std::string key = "form/" + filling.form->id + "/" + question->field;
  if (const Prompt* prompt = find(catalogue, question->audio, key, tongue)) {
    out.push_back({.node = "form." + std::string(kQuestionPart),
                   .covers_hint = true,
                   .medium = prompt->medium});
  }
  for (const auto& option : question->options) {
    const Prompt* prompt = find(catalogue, option.audio, key + "/" + option.value, tongue);
    if (prompt == nullptr) continue;
    out.push_back({.node = "form.choice." + question->field + "." + option.value,
                   .covers_hint = false,
                   .medium = prompt->medium});
  }
  return out;
}

}  // namespace odop::kiosk

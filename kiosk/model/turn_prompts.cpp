// Staff record prompts: of what, in which tongue, and what becomes of a take.
#include "kiosk/model/prompts.h"
#include "kiosk/model/turn.h"

#include <algorithm>
#include <string>
#include <vector>

namespace odop::kiosk {
namespace {

// Those of the set on the screen.
std::vector<PromptPlace> places_here(const Turn& turn) {
  return places_in(turn.state, turn.catalogue, turn.state.screen().subject,
                   prompt_tongue_of(turn.visit()));
}

// The one on the sheet; null: there is none.
const PromptPlace* place_on_sheet(const Turn& turn, const std::vector<PromptPlace>& places) {
  if (!turn.at_prompts() || turn.visit().sheet != Sheet::kVoice) return nullptr;
  const auto found = std::ranges::find(places, turn.visit().voice.field, &PromptPlace::key);
  return found == places.end() ? nullptr : &*found;
}

}  // namespace

void Turn::open_prompts(const std::string& set) {
  if (in_maintenance(state) && has_set(catalogue, set)) show(ScreenId::kPrompts, set);
}

void Turn::choose_prompt_tongue(const std::string& tongue) {
  const auto all = all_tongues();
  if (visit().sheet != Sheet::kNone || std::ranges::find(all, tongue) == all.end()) return;
  fall_silent();
  visit().error.clear();
  visit().prompt_tongue = tongue;
}

void Turn::open_prompt(const std::string& key) {
  const auto places = places_here(*this);
  if (std::ranges::find(places, key, &PromptPlace::key) == places.end()) return;
  fall_silent();
  visit().error.clear();
  visit().voice = {};
  visit().voice.field = key;
  open_sheet(Sheet::kVoice, key);
}

void Turn::play_prompt() {
  const auto places = places_here(*this);
  const PromptPlace* place = place_on_sheet(*this, places);
  if (place == nullptr || place->medium().empty() || !state.kiosk.can_play) return;
  const bool stops = visit().prompt_sounds;
  fall_silent();
  if (stops) return;
  visit().voice.problem.clear();
  visit().prompt_sounds = true;
  effects.emplace_back(effect::PlayPrompt{place->medium(), visit().volume});
}

void Turn::keep_prompt() {
  const auto places = places_here(*this);
  const PromptPlace* place = place_on_sheet(*this, places);
  VoiceWork& voice = visit().voice;
  if (place == nullptr || voice.stage != VoiceStage::kTaken) return;
  if (!may_record_prompt(state, catalogue, place->key)) return;
  fall_silent();
  voice.problem.clear();
  // The take stays until it is known to be kept.
  effects.emplace_back(effect::KeepPrompt{voice.take, place->key, prompt_tongue_of(visit()),
                                          place->text, voice.length_ms});
}

void Turn::drop_prompt() {
  const auto places = places_here(*this);
  const PromptPlace* place = place_on_sheet(*this, places);
  const bool may = place != nullptr && place->own != nullptr && !visit().staff.empty() &&
                   state.kiosk.prompts_problem.empty();
  if (!may) return;
  fall_silent();
  visit().voice.problem.clear();
  effects.emplace_back(effect::DropPrompt{place->key, prompt_tongue_of(visit())});
}

void Turn::prompt_kept(const std::string& key) {
  if (!at_prompts() || visit().sheet != Sheet::kVoice || visit().voice.field != key) return;
  const auto places = places_here(*this);
  // As in a form, the next one that is still to be recorded follows.
  auto next = std::ranges::find(places, key, &PromptPlace::key);
  while (next != places.end() && next->done()) ++next;
  fall_silent();
  visit().voice = {};
  close_sheet();
  if (next != places.end()) open_prompt(next->key);
}

void Turn::prompt_failed(const std::string& error_key) {
  if (!at_prompts()) return;
  fall_silent();
  if (visit().sheet == Sheet::kVoice) {
    visit().voice.problem = error_key;
  } else {
    visit().error = error_key;
  }
}

}  // namespace odop::kiosk

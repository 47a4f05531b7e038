// Answers that are spoken: the sheet with the microphone, and what becomes of a take.
#include "kiosk/model/filling.h"
#include "kiosk/model/lookup.h"
#include "kiosk/model/prompts.h"
#include "kiosk/model/turn.h"

#include <algorithm>
#include <string>
#include <utility>

namespace odop::kiosk {

void Turn::open_voice(const std::string& field) {
  if (at_prompts()) {
    open_prompt(field);
    return;
  }
  const forms::Question* question = question_of(visit().filling);
  if (!may_speak(state) || question->field != field) return;
  fall_silent();
  visit().voice = {};
  visit().voice.field = field;
  open_sheet(Sheet::kVoice, field);
}

void Turn::start_speaking() {
  VoiceWork& voice = visit().voice;
  if (visit().sheet != Sheet::kVoice || !state.kiosk.can_record) return;
  if (voice.stage == VoiceStage::kRecording || voice.stage == VoiceStage::kEnding) return;
  if (at_prompts() && !may_record_prompt(state, catalogue, voice.field)) return;
  fall_silent();
  voice = {.field = std::move(voice.field), .stage = VoiceStage::kRecording, .problem = {}};
  effects.emplace_back(effect::Record{});
}

void Turn::stop_speaking() {
  VoiceWork& voice = visit().voice;
  if (voice.stage != VoiceStage::kRecording) return;
  voice.stage = VoiceStage::kEnding;
  effects.emplace_back(effect::EndRecording{});
}

void Turn::voice_heard(const news::VoiceHeard& heard) {
  VoiceWork& voice = visit().voice;
  if (voice.stage != VoiceStage::kRecording) return;
  voice.elapsed_ms = std::clamp<std::int64_t>(heard.elapsed_ms, 0, kLongestVoiceMs);
  voice.level = std::clamp(heard.level, 0, kVoiceLevels);
  // Who speaks is there.
  visit().last_touch_ms = now_ms;
}

void Turn::voice_taken(const news::VoiceTaken& taken) {
  VoiceWork& voice = visit().voice;
  const bool expected = voice.stage == VoiceStage::kRecording || voice.stage == VoiceStage::kEnding;
  if (!expected || voice.field.empty()) return;
  visit().last_touch_ms = now_ms;
  voice.level = 0;
  const bool nothing = taken.quiet || taken.length_ms < kShortestVoiceMs;
  if (nothing) {
    voice.stage = VoiceStage::kReady;
    voice.elapsed_ms = 0;
    voice.problem = "voice.quiet";
    return;
  }
  voice.stage = VoiceStage::kTaken;
  voice.take = taken.take;
  voice.length_ms = taken.length_ms;
  voice.elapsed_ms = taken.length_ms;
}

void Turn::voice_failed() {
  VoiceWork& voice = visit().voice;
  if (voice.stage != VoiceStage::kRecording && voice.stage != VoiceStage::kEnding) return;
  voice = {.field = std::move(voice.field), .problem = "voice.failed"};
}

void Turn::play_spoken(const std::string& field) {
  std::uint64_t take = visit().voice.take;
  if (at_prompts() && take == 0) {
    play_prompt();
    return;
  }
  if (!field.empty()) {
    const SpokenAnswer* answer = spoken_answer(visit().filling, field);
    take = answer == nullptr ? 0 : answer->take;
  }
  if (take == 0 || !state.kiosk.can_play) return;
  const bool stops = visit().playing == take;
  fall_silent();
  if (stops) return;
  visit().playing = take;
  effects.emplace_back(effect::PlayTake{take, visit().volume});
}

void Turn::keep_spoken() {
  if (at_prompts()) {
    keep_prompt();
    return;
  }
  VoiceWork& voice = visit().voice;
  const forms::Question* question = question_of(visit().filling);
  const bool fits = voice.stage == VoiceStage::kTaken && visit().sheet == Sheet::kVoice &&
                    question != nullptr && question->field == voice.field;
  if (!fits) return;
  Filling& filling = visit().filling;
  fall_silent();
  std::erase_if(filling.spoken,
                [&](const SpokenAnswer& answer) { return answer.field == voice.field; });
  filling.spoken.push_back({voice.field, voice.take, voice.length_ms});
  // It stands in the place of what was typed.
  if (const auto typed = filling.answers.find(voice.field); typed != filling.answers.end()) {
    if (auto* text = std::get_if<std::string>(&typed->second)) burn(*text);
    filling.answers.erase(typed);
  }
  visit().voice = {};
  close_sheet();
  // As with a choice, the next question follows.
  answered();
}

void Turn::forget_spoken(const std::string& field) {
  if (at_prompts()) {
    drop_prompt();
    return;
  }
  fall_silent();
  Filling& filling = visit().filling;
  std::erase_if(filling.spoken, [&](const SpokenAnswer& answer) { return answer.field == field; });
  if (filling.stage == FormStage::kQuestion && filling.field == field) {
    visit().focus = std::string(kFieldPrefix) + field;
  }
}

void Turn::settle_voice() {
  VoiceWork& voice = visit().voice;
  const bool open = visit().sheet == Sheet::kVoice || visit().sheet == Sheet::kIdle;
  if (voice.field.empty() || open) return;
  const bool going = voice.stage == VoiceStage::kRecording || voice.stage == VoiceStage::kEnding;
  if (going) effects.emplace_back(effect::EndRecording{});
  voice = {};
}

}  // namespace odop::kiosk

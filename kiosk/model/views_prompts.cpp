// What staff may record, what they have, and the sheet on which they do.
#include "kiosk/model/prompts.h"
#include "kiosk/model/view_parts.h"
#include "shared/text/isolate.h"

#include <algorithm>
#include <string>
#include <utility>

namespace odop::kiosk {
namespace {

std::string recorded_words(const Maker& maker, const StaffPrompt& own) {
  // Never "0 seconds".
  return maker.words.plural("prompts.recorded",
                            std::max<std::int64_t>(1, (own.length_ms + 500) / 1000));
}

// Why nothing can be recorded; empty: it can.
std::string prompts_obstacle(const Maker& maker) {
  const Kiosk& kiosk = maker.state.kiosk;
  if (!kiosk.prompts_problem.empty()) return maker.say(kiosk.prompts_problem);
  if (maker.visit().staff.empty()) {
    return maker.say("prompts.no_pin",
                     {{"command", isolate_left_to_right("odop-syncserver kiosk staff")}});
  }
  if (!kiosk.can_record) return maker.say("prompts.no_microphone");
  return {};
}

// What must be known before anything is touched.
std::string prompts_caution(const Maker& maker) {
  const Kiosk& kiosk = maker.state.kiosk;
  if (!maker.visit().error.empty()) return maker.say(maker.visit().error);
  if (!kiosk.can_play && !kiosk.can_record) return maker.say("prompts.no_sound");
  std::string words = prompts_obstacle(maker);
  return words.empty() && !kiosk.can_play ? maker.say("prompts.no_loudspeaker") : words;
}

PromptState prompt_state(const PromptPlace& place) {
  if (!place.office.empty()) return PromptState::kOffice;
  if (place.own == nullptr) return PromptState::kNone;
  return place.fits() ? PromptState::kStaff : PromptState::kOld;
}

std::string place_words(const Maker& maker, const PromptPlace& place) {
  if (!place.screen.empty()) return maker.say("prompts.screen." + place.screen);
  return maker.say(place.inner ? "prompts.answer" : "prompts.question",
                   {{"n", std::to_string(place.number)}});
}

PromptRow prompt_row(const Maker& maker, const PromptPlace& place, Language script) {
  PromptRow row;
  row.id = place.key;
  row.place = place_words(maker, place);
  row.text = place.text;
  row.script = script;
  row.state = prompt_state(place);
  row.inner = place.inner;
  switch (row.state) {
    case PromptState::kNone:
      row.note = maker.say("prompts.none");
      break;
    case PromptState::kStaff:
      row.note = recorded_words(maker, *place.own);
      break;
    case PromptState::kOffice:
      row.note = maker.say("prompts.office");
      break;
    case PromptState::kOld:
      row.note = maker.say("prompts.old");
      break;
  }
  return row;
}

std::string set_name(const Maker& maker, const std::string& set) {
  const auto form = maker.catalogue.form(set);
  return form == nullptr ? maker.say("prompts.screens") : maker.in(form->title);
}

// What is written when nothing is going on.
void at_rest(const Maker& maker, const PromptPlace& place, const std::string& tongue,
             PromptView& view) {
  VoiceView& voice = view.voice;
  const std::string obstacle_words = prompts_obstacle(maker);
  const bool may = obstacle_words.empty() && place.office.empty();
  view.recorded = !place.medium().empty();
  if (view.recorded && maker.state.kiosk.can_play) {
    voice.playing = maker.visit().prompt_sounds;
    voice.play = maker.say(voice.playing ? "voice.stop_playing" : "voice.play");
  }
  voice.speak.clear();
  switch (prompt_state(place)) {
    case PromptState::kNone:
      if (!may) {
        voice.state = maker.say("prompts.none");
        voice.note = obstacle_words;
        return;
      }
      voice.speak = maker.say("voice.start");
      voice.note = is_written(tongue) ? maker.say("prompts.ready_note")
                                      : maker.say("prompts.ready_tongue",
                                                  {{"tongue", std::string(tongue_name(tongue))}});
      return;
    case PromptState::kStaff:
      voice.state = recorded_words(maker, *place.own);
      voice.note = maker.say("prompts.heard_here");
      break;
    case PromptState::kOffice:
      voice.state = maker.say("prompts.office");
      voice.note = maker.say("prompts.office_note");
      break;
    case PromptState::kOld:
      voice.state = maker.say("prompts.old");
      voice.note = maker.say("prompts.old_note");
      break;
  }
  if (may) voice.again = maker.say("voice.again");
  if (place.own != nullptr && !maker.visit().staff.empty() &&
      maker.state.kiosk.prompts_problem.empty()) {
    view.remove = maker.say("prompts.remove");
  }
}

}  // namespace

PromptsView prompts_view(const Maker& maker, const std::string& set) {
  const std::string tongue = prompt_tongue_of(maker.visit());
  PromptsView view;
  view.sets = set.empty();
  view.title = view.sets ? maker.say("prompts.title") : set_name(maker, set);
  view.note = maker.say(view.sets ? "prompts.note" : "prompts.set_note");
  view.caution = prompts_caution(maker);
  for (std::string& one : all_tongues()) {
    const bool selected = one == tongue;
    std::string name(tongue_name(one));
    view.tongues.push_back({std::move(one), std::move(name), selected});
  }
  if (!view.sets) {
    for (const auto& place : places_in(maker.state, maker.catalogue, set, tongue)) {
      view.rows.push_back(prompt_row(maker, place, written_for(tongue)));
    }
    return view;
  }
  for (const auto& [id, done, of] : prompt_sets(maker.state, maker.catalogue, tongue)) {
    PromptRow row;
    row.id = id;
    row.text = set_name(maker, id);
    row.script = maker.visit().language;
    row.note = maker.say("prompts.part", {{"n", std::to_string(done)}, {"of", std::to_string(of)}});
    row.state = done == of ? PromptState::kStaff : PromptState::kNone;
    view.rows.push_back(std::move(row));
  }
  return view;
}

PromptView prompt_view(const Maker& maker) {
  const Visit& visit = maker.visit();
  const std::string tongue = prompt_tongue_of(visit);
  const auto places = places_in(maker.state, maker.catalogue, maker.state.screen().subject, tongue);
  const auto place = std::ranges::find(places, visit.voice.field, &PromptPlace::key);
  PromptView view;
  view.voice = voice_view(maker);
  view.script = written_for(tongue);
  if (place == places.end()) return view;
  view.voice.title = maker.say("prompts.place", {{"tongue", std::string(tongue_name(tongue))},
                                                 {"n", std::to_string(place - places.begin() + 1)},
                                                 {"of", std::to_string(places.size())}});
  view.place = place_words(maker, *place);
  view.text = place->text;
  if (visit.voice.stage == VoiceStage::kReady) at_rest(maker, *place, tongue, view);
  if (visit.voice.stage == VoiceStage::kTaken) view.recorded = true;
  if (!visit.voice.problem.empty()) {
    view.voice.problem = true;
    view.voice.state =
        maker.say(visit.voice.problem == "voice.failed" ? "prompts.failed" : visit.voice.problem);
  }
  return view;
}

}  // namespace odop::kiosk

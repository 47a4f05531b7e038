// The way of a case: by its kind's states in the catalogue, else the four that every case has.
#include "kiosk/model/view_parts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk {

namespace {

PathStep kept_step(const Maker& maker, bool current) {
  return {maker.say("answer.path.kept"), {}, "kiosk", true, current};
}

// Four stations; the furthest that any answer names is where it stands.
void add_common_path(const Maker& maker, AnswerView& view) {
  const Lookup& lookup = maker.visit().lookup;
  static constexpr std::array<std::string_view, 4> kStations{"kept", "arrived", "passed",
                                                             "answered"};
  static constexpr std::array<std::string_view, 4> kIcons{"kiosk", "office", "people", "letter"};
  const auto station_of = [](std::string_view state) -> std::size_t {
    if (state == "answered" || state == "closed" || state == "quoted") return 3;
    if (state == "assigned" || state == "contacted") return 2;
    return 1;
  };
  std::size_t reached = lookup.arrived || !lookup.answers.empty() ? 1 : 0;
  std::array<std::int64_t, 4> times{};
  for (const auto& answer : lookup.answers) {
    const std::size_t station = answer.text.empty() ? station_of(answer.state) : 3;
    reached = std::max(reached, station);
    times.at(station) = answer.at_ms;
  }
  constexpr std::size_t kPassed = 2;
  for (std::size_t i = 0; i < kStations.size(); ++i) {
    // An answer shows that it arrived, not that anybody was asked.
    if (i == kPassed && reached > kPassed && times.at(i) == 0) continue;
    view.path.push_back({maker.say("answer.path." + std::string(kStations.at(i))),
                         times.at(i) > 0 ? maker.day_of(times.at(i)) : std::string{},
                         std::string(kIcons.at(i)), i <= reached, i == reached});
  }
}

// When each state was reached last; of all districts.
std::int64_t reached_at(const FoundAnswer& answer, std::string_view state) {
  std::int64_t at = 0;
  for (const auto& step : answer.reached) {
    if (step.state == state) at = std::max(at, step.at_ms);
  }
  return at;
}

const CaseState* state_of(const Catalogue& catalogue, std::string_view path,
                          std::string_view state) {
  const auto found = std::ranges::find_if(catalogue.case_states, [&](const CaseState& one) {
    return one.path == path && one.state == state;
  });
  return found == catalogue.case_states.end() ? nullptr : &*found;
}

// Stations that every such case has, and whatever else this one came to.
bool add_own_path(const Maker& maker, const FoundAnswer& newest, AnswerView& view) {
  std::vector<const CaseState*> states;
  for (const auto& one : maker.catalogue.case_states) {
    if (one.path != newest.path) continue;
    if (one.station || reached_at(newest, one.state) > 0) states.push_back(&one);
  }
  // The state that it came to last is where it stands.
  const auto last = std::ranges::max_element(newest.reached, {}, &CaseReached::at_ms);
  const CaseState* here =
      last == newest.reached.end() ? nullptr : state_of(maker.catalogue, newest.path, last->state);
  if (here == nullptr) return false;
  std::ranges::stable_sort(states, {}, &CaseState::place);
  view.path.push_back(kept_step(maker, false));
  for (const CaseState* one : states) {
    const std::int64_t at = reached_at(newest, one->state);
    // Only what has a time has happened, whatever follows it in order. The first is that the office
    // has it: true of each case with a state, also when the answer's steps no longer go back so
    // far.
    const bool done = at > 0 || one == states.front();
    // After an end nothing is promised.
    if (!done && here->last) continue;
    view.path.push_back({maker.in(one->name), at > 0 ? maker.day_of(at) : std::string{},
                         one->icon.empty() ? "check" : one->icon, done, one == here});
  }
  view.now = maker.in(here->sentence);
  return true;
}

// Who speaks in the answer is not everybody that was asked. Steps name all districts.
std::vector<std::string> still_to_answer(const Catalogue& catalogue, const FoundAnswer& answer) {
  std::vector<std::string> out;
  if (answer.district.empty()) return out;
  for (const auto& step : answer.reached) {
    if (step.district.empty() || step.district == answer.district) continue;
    std::erase(out, step.district);
    const CaseState* state = state_of(catalogue, answer.path, step.state);
    if (state != nullptr && !state->last) out.push_back(step.district);
  }
  return out;
}

}  // namespace

void add_path(const Maker& maker, AnswerView& view) {
  const auto& answers = maker.visit().lookup.answers;
  const FoundAnswer* newest = nullptr;
  for (const auto& answer : answers) {
    if (!answer.portal_reference.empty()) {
      view.portal = maker.say("answer.portal", {{"reference", answer.portal_reference}});
    }
    if (!answer.path.empty() && !answer.reached.empty()) newest = &answer;
  }
  if (newest == nullptr || !add_own_path(maker, *newest, view)) add_common_path(maker, view);
  if (newest == nullptr) return;
  const auto waited_for = still_to_answer(maker.catalogue, *newest);
  if (waited_for.empty()) return;
  view.note = maker.say("answer.others", {{"districts", maker.names_of(waited_for)}});
}

std::string state_text(const Maker& maker, const FoundAnswer& answer) {
  const CaseState* state = state_of(maker.catalogue, answer.path, answer.state);
  if (state != nullptr) return maker.in(state->sentence);
  const std::string key = "answer.state." + answer.state;
  return maker.words.has(key) ? maker.say(key) : maker.say("answer.state.received");
}

}  // namespace odop::kiosk

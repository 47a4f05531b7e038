#include "kiosk/model/filling.h"
#include "kiosk/model/lookup.h"
#include "kiosk/model/turn.h"

#include <cstring>  // explicit_bzero, as glibc declares it
#include <memory>
#include <string>
#include <utility>

namespace odop::kiosk {

void Turn::settle() {
  visit().focus.clear();
  visit().error.clear();
  visit().sheet = Sheet::kNone;
  visit().sheet_subject.clear();
  fall_silent();
}

void Turn::speak(const std::string& part) {
  fall_silent();
  visit().speaking = true;
  visit().speaking_part = part;
  effects.emplace_back(effect::SpeakScreen{part, visit().volume, visit().tongue});
}

void Turn::fall_silent() {
  if (!visit().speaking && visit().playing == 0 && !visit().prompt_sounds) return;
  visit().playing = 0;
  visit().prompt_sounds = false;
  visit().speaking = false;
  visit().speaking_part.clear();
  burn(visit().reading.text);
  visit().reading = {};
  effects.emplace_back(effect::StopSpeech{});
}

void Turn::show(ScreenId id, std::string subject) {
  Screen screen{id, std::move(subject)};
  if (state.screen() == screen) return;
  settle();
  visit().screens.push_back(std::move(screen));
}

void Turn::home() {
  settle();
  visit().map_region.clear();
  visit().screens = {Screen{}, Screen{ScreenId::kHome, {}}};
}

void Turn::end_session() {
  settle();
  for (auto* text : {&visit().search.text, &visit().search.answered, &visit().lookup.reference,
                     &visit().lookup.code, &visit().check.cost}) {
    burn(*text);
  }
  for (auto& answer : visit().lookup.answers) {
    burn(answer.text);
    burn(answer.portal_reference);
  }
  if (visit().receipt.has_value()) {
    burn(visit().receipt->reference);
    burn(visit().receipt->status_code);
    burn(visit().receipt->qr);
  }
  burn(visit().filling);
  burn(visit().pin);
  burn(visit().code);
  // Not only assigned: a short text lies in the object itself, and stays there behind its end.
  std::destroy_at(&state.visit);
  explicit_bzero(static_cast<void*>(&state.visit), sizeof state.visit);
  std::construct_at(&state.visit);
  visit().language = state.kiosk.first_language;
  visit().last_touch_ms = now_ms;
  effects.emplace_back(effect::Wipe{});
}

void Turn::back() {
  if (visit().sheet != Sheet::kNone) {
    close_sheet();
    return;
  }
  if (in_form()) {
    if (!form_back() && !warn_of_leaving()) leave_form();
    return;
  }
  if (state.screen().id == ScreenId::kEligibility && check_back()) return;
  const bool asks_code =
      state.screen().id == ScreenId::kStatus || state.screen().id == ScreenId::kWithdraw;
  if (asks_code && visit().lookup.at_code) {
    settle();
    visit().lookup.at_code = false;
    visit().focus = "status.field.reference";
    return;
  }
  if (visit().screens.size() <= 2) {  // home has nothing behind it but the whole map
    visit().map_region.clear();
    return;
  }
  if (state.screen().id == ScreenId::kReceipt) {
    home();  // what was sent is sent
    return;
  }
  settle();
  visit().screens.pop_back();
  if (state.screen().id == ScreenId::kSearch) visit().focus = "search.field";
  if (state.screen().id == ScreenId::kStatus) visit().focus = "status.field.code";
}

void Turn::keep_way(bool anew) {
  if (state.screen().id != ScreenId::kProduct) {
    if (anew) visit().way.reset();
    return;
  }
  const std::string& product = state.screen().subject;
  if (!anew && visit().way.has_value() && visit().way->product == product) return;
  visit().way = way_to(catalogue, state.kiosk.venue, product);
}

bool Turn::turned_away() {
  if (accepts(state.kiosk)) return false;
  fall_silent();
  open_sheet(Sheet::kClosed);
  return true;
}

void Turn::close_sheet() {
  if (visit().sheet == Sheet::kHelper) visit().error.clear();  // it was of the PIN
  burn(visit().pin);
  burn(visit().code);
  visit().pin_checked = false;
  visit().sheet = Sheet::kNone;
  visit().sheet_subject.clear();
}

void Turn::open_sheet(Sheet sheet, std::string subject) {
  burn(visit().pin);
  visit().sheet = sheet;
  visit().sheet_subject = std::move(subject);
}

}  // namespace odop::kiosk

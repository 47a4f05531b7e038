// A member of the staff who fills a form for somebody, or opens maintenance, says so by a PIN; and
// what recorded prompts are spoken in.
#include "kiosk/model/lookup.h"
#include "kiosk/model/prompts.h"
#include "kiosk/model/turn.h"
#include "shared/text/digits.h"

#include <algorithm>
#include <string>

namespace odop::kiosk {

void Turn::open_helper() {
  if (!state.kiosk.has_staff || !state.in_session()) return;
  fall_silent();
  visit().error.clear();
  open_sheet(Sheet::kHelper);
}

void Turn::edit_pin(std::string_view typed) {
  if (visit().sheet != Sheet::kHelper || visit().pin_checked) return;
  std::string digits = digits_of(typed);
  if (digits.size() > kHelperPinDigits) digits.resize(kHelperPinDigits);
  visit().error.clear();
  burn(visit().pin);
  if (now_ms < state.kiosk.pins_from_ms) {
    burn(digits);
    visit().error = "helper.wait";
    return;
  }
  visit().pin = std::move(digits);
  // The last digit is the button.
  if (visit().pin.size() == kHelperPinDigits) give_pin();
}

void Turn::give_pin() {
  if (visit().sheet != Sheet::kHelper || visit().pin_checked) return;
  if (visit().pin.size() != kHelperPinDigits) return;
  visit().pin_checked = true;
  effects.emplace_back(effect::CheckPin{visit().pin});
}

void Turn::pin_checked(const std::string& helper) {
  if (visit().sheet != Sheet::kHelper || !visit().pin_checked) return;
  if (helper.empty()) {
    visit().pin_checked = false;
    burn(visit().pin);
    const bool pauses = ++state.kiosk.wrong_pins % kPinTries == 0;
    if (pauses) state.kiosk.pins_from_ms = now_ms + kPinPauseMs;
    visit().error = pauses ? "helper.wait" : "helper.wrong";
    return;
  }
  state.kiosk.wrong_pins = 0;
  const bool opens = visit().sheet_subject == kOpensMaintenance;
  close_sheet();
  (opens ? visit().staff : visit().helper) = helper;
  if (opens) show(ScreenId::kMaintenance);
}

void Turn::open_maintenance() {
  if (!state.in_session() || in_maintenance(state)) return;
  if (!state.kiosk.has_staff) {
    show(ScreenId::kMaintenance);
    return;
  }
  fall_silent();
  visit().error.clear();
  open_sheet(Sheet::kHelper, std::string(kOpensMaintenance));
}

void Turn::settle_maintenance() {
  const bool open = in_maintenance(state);
  if (open && state.kiosk.has_staff && visit().staff.empty()) {
    home();  // the first PINs came while it was open to everybody
  } else if (!open) {
    visit().staff.clear();
  }
}

void Turn::choose_tongue(const std::string& tongue) {
  const std::string part = visit().sheet_subject;
  close_sheet();
  const auto offered = tongues_of(state, catalogue);
  if (std::ranges::find(offered, tongue) == offered.end()) return;
  visit().tongue = tongue;
  if (state.kiosk.can_speak) speak(part);
}

}  // namespace odop::kiosk

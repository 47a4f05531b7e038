// What the staff do in maintenance: sticks that bring and take, and the one-time code of a kiosk
// that is enrolled by stick.
#include "kiosk/model/lookup.h"
#include "kiosk/model/turn.h"

#include <string>

namespace odop::kiosk {
namespace {

// Whether the staff's page is on the screen, and a stick on which nothing is being done.
bool may_carry(const State& state, StickTask task) {
  const StickFacts& stick = state.kiosk.stick;
  const bool fits = stick.mount == StickMount::kGood ||
                    (task == StickTask::kBring && stick.mount == StickMount::kReadOnly);
  return state.screen().id == ScreenId::kMaintenance && fits && stick.doing == StickTask::kNone;
}

// The code's own alphabet, in which nothing looks like something else: capitals without I, L, O and
// U, and I, L and O are taken for the digits that they look like.
char code_sign(char typed) {
  if (typed >= 'a' && typed <= 'z') typed = static_cast<char>(typed - 'a' + 'A');
  if (typed == 'I' || typed == 'L') return '1';
  if (typed == 'O') return '0';
  const bool fits =
      (typed >= '0' && typed <= '9') || (typed >= 'A' && typed <= 'Z' && typed != 'U');
  return fits ? typed : '\0';
}

}  // namespace

void Turn::bring_from_stick() {
  if (!may_carry(state, StickTask::kBring)) return;
  state.kiosk.stick.doing = StickTask::kBring;  // told again by the courier
  state.kiosk.stick.last = {};
  effects.emplace_back(effect::CarryStick{StickTask::kBring});
}

void Turn::take_to_stick() {
  if (!may_carry(state, StickTask::kTake)) return;
  if (state.kiosk.number.value == 0 && !state.kiosk.asks_to_enrol) {
    open_code();
    return;
  }
  state.kiosk.stick.doing = StickTask::kTake;
  state.kiosk.stick.last = {};
  effects.emplace_back(effect::CarryStick{StickTask::kTake});
}

void Turn::open_code() {
  const bool wanted = state.kiosk.number.value == 0 || state.kiosk.sync.enrol_anew;
  if (!may_carry(state, StickTask::kTake) || !wanted) return;
  fall_silent();
  visit().error.clear();
  burn(visit().code);
  open_sheet(Sheet::kCode);
}

void Turn::edit_code(std::string_view typed) {
  if (visit().sheet != Sheet::kCode) return;
  std::string code;
  for (const char one : typed) {
    if (const char sign = code_sign(one); sign != '\0' && code.size() < kCodeSigns) code += sign;
  }
  burn(visit().code);
  visit().code = std::move(code);
}

void Turn::give_code() {
  if (visit().sheet != Sheet::kCode || visit().code.size() != kCodeSigns) return;
  if (may_carry(state, StickTask::kTake)) {
    state.kiosk.stick.doing = StickTask::kTake;
    state.kiosk.stick.last = {};
    effects.emplace_back(effect::CarryStick{StickTask::kTake, visit().code});
  }
  close_sheet();
}

void Turn::stick_changed(const StickFacts& stick) {
  state.kiosk.stick = stick;
  // Who waits for a stick is there.
  if (in_maintenance(state) && stick.doing != StickTask::kNone) visit().last_touch_ms = now_ms;
}

}  // namespace odop::kiosk

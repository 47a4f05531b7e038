// Schemes and their checks, help in a district, events.
#include "kiosk/model/eligibility.h"
#include "kiosk/model/lookup.h"
#include "kiosk/model/turn.h"
#include "shared/text/digits.h"

#include <algorithm>
#include <string>
#include <utility>

namespace odop::kiosk {

void Turn::open_scheme(const std::string& id) {
  if (scheme_on(catalogue, id, state.kiosk.today) != nullptr) show(ScreenId::kScheme, id);
}

void Turn::start_check(const std::string& scheme) {
  const std::string& today = state.kiosk.today;
  if (scheme_on(catalogue, scheme, today) == nullptr) return;
  if (rules_of(catalogue, scheme, today).empty()) return;
  burn(visit().check.cost);
  visit().check = Check{};
  visit().check.scheme = scheme;
  show(ScreenId::kEligibility, scheme);
  settle();
}

void Turn::settle_check() {
  settle();
  const Checked now = checked(visit().check, catalogue, state.kiosk.today);
  if (now.stage == CheckStage::kCost) visit().focus = kCostField;
}

void Turn::say_card(const intent::Choose& choice) {
  const Checked now = checked(visit().check, catalogue, state.kiosk.today);
  if (now.stage != CheckStage::kCard || choice.field != now.card->id) return;
  visit().check.said.push_back(choice.value == "yes");
  settle_check();
}

void Turn::edit_cost(std::string_view typed) {
  std::string& cost = visit().check.cost;
  cost = digits_of(typed).substr(0, kCostDigits);
  const std::size_t first = cost.find_first_not_of('0');
  cost.erase(0, first == std::string::npos ? cost.size() : first);
}

void Turn::check_next() {
  const Checked now = checked(visit().check, catalogue, state.kiosk.today);
  if (now.stage != CheckStage::kCost) return;
  visit().check.costed = true;
  settle_check();
}

bool Turn::check_back() {
  Check& check = visit().check;
  const Checked now = checked(check, catalogue, state.kiosk.today);
  if (now.stage == CheckStage::kResult && check.costed) {
    check.costed = false;
  } else if (!check.said.empty()) {
    check.said.pop_back();
  } else {
    return false;
  }
  settle_check();
  return true;
}

void Turn::open_help(const std::string& district) {
  if (district.empty() || catalogue.district(district) != nullptr) {
    show(ScreenId::kHelp, district);
  }
}

void Turn::open_event(const std::string& event) {
  if (catalogue.event(event) != nullptr) show(ScreenId::kEvent, event);
}

void Turn::drop_lost_services() {
  const std::string& today = state.kiosk.today;
  std::erase_if(visit().screens, [&](const Screen& screen) {
    switch (screen.id) {
      case ScreenId::kScheme:
      case ScreenId::kEligibility:
        return scheme_on(catalogue, screen.subject, today) == nullptr;
      case ScreenId::kHelp:
        return !screen.subject.empty() && catalogue.district(screen.subject) == nullptr;
      case ScreenId::kEvent:
        return catalogue.event(screen.subject) == nullptr;
      default:
        return false;
    }
  });
  // Other cards than those that were answered: from the first again.
  Check& check = visit().check;
  if (check.said.size() > rules_of(catalogue, check.scheme, today).size()) check.said.clear();
}

}  // namespace odop::kiosk

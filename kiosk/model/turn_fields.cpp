#include "kiosk/model/lookup.h"
#include "kiosk/model/turn.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace odop::kiosk {

void Turn::edit(const std::string& field, const std::string& typed) {
  constexpr std::string_view kQuantity = "form.field.quantity.";
  std::string text = accept(field, typed);
  visit().error.clear();
  if (field == "search.field") {
    visit().search.text = std::move(text);
    ask_search();
    return;
  }
  if (field == "status.field.reference") {
    visit().lookup.reference = std::move(text);
  } else if (field == "status.field.code") {
    visit().lookup.code = std::move(text);
  } else if (field.starts_with(kQuantity)) {
    if (ListItem* item = on_list(std::string_view(field).substr(kQuantity.size()))) {
      item->quantity = text.empty() ? 0 : std::min<std::int64_t>(std::stoll(text), kMaxQuantity);
    }
  }
}

void Turn::focus(const std::string& field) {
  visit().focus = field;
  visit().error.clear();
  if (field == "status.field.reference") visit().lookup.at_code = false;
  if (field == "status.field.code") visit().lookup.at_code = true;
}

void Turn::ask_search() {
  Search& search = visit().search;
  if (!search.text.empty()) {
    effects.emplace_back(effect::Query{search.text, search.family});
    return;
  }
  search.answered.clear();
  search.hits.clear();
  if (search.family.empty()) return;
  for (const auto& product : catalogue.products) {
    if (product.family == search.family) search.hits.push_back({HitKind::kProduct, product.id});
  }
}

void Turn::choose(const intent::Choose& choice) {
  visit().error.clear();
  if (choice.field == kScopeField && state.screen().id == ScreenId::kWithdraw) {
    visit().lookup.scope = choice.value == kWholeScope ? std::string{} : choice.value;
    return;
  }
  if (choice.field != "unit") return;
  if (ListItem* item = on_list(visit().sheet_subject)) item->unit = choice.value;
}

}  // namespace odop::kiosk

#include "kiosk/model/turn.h"

#include <algorithm>
#include <string>

namespace odop::kiosk {

namespace {

std::string default_unit(const Product& product, const Catalogue& catalogue) {
  const auto known = [&](std::string_view id) {
    return std::ranges::find(catalogue.units, id, &Choice::id) != catalogue.units.end();
  };
  if (known(product.unit)) return product.unit;
  if (product.family == "f" && known("kg")) return "kg";
  if (known("piece")) return "piece";
  return catalogue.units.empty() ? "" : catalogue.units.front().id;
}

}  // namespace

ListItem* Turn::on_list(std::string_view product) {
  const auto found = std::ranges::find(visit().list, product, &ListItem::product);
  return found == visit().list.end() ? nullptr : &*found;
}

void Turn::add(const std::string& id, const std::string& district) {
  const Product* product = catalogue.product(id);
  if (product == nullptr || on_list(id) != nullptr || visit().list.size() >= kMaxListItems) {
    return;
  }
  const bool fits = std::ranges::find(product->districts, district) != product->districts.end();
  const std::string first = product->districts.empty() ? "" : product->districts.front();
  visit().list.push_back({id, fits ? district : first, 0, default_unit(*product, catalogue)});
}

std::string Turn::district_on_the_way() const {
  for (auto screen = visit().screens.rbegin(); screen != visit().screens.rend(); ++screen) {
    if (screen->id == ScreenId::kDistrict) return screen->subject;
  }
  return {};
}

}  // namespace odop::kiosk

#include "kiosk/model/catalogue.h"

#include <algorithm>

namespace odop::kiosk {

void Catalogue::index() {
  district_at.clear();
  product_at.clear();
  products_by_district.clear();
  for (std::size_t i = 0; i < districts.size(); ++i) district_at.emplace(districts[i].id, i);
  for (std::size_t i = 0; i < products.size(); ++i) {
    product_at.emplace(products[i].id, i);
    for (const auto& district : products[i].districts) products_by_district[district].push_back(i);
  }
}

const District* Catalogue::district(const std::string& id) const {
  const auto found = district_at.find(id);
  return found == district_at.end() ? nullptr : &districts[found->second];
}

const Product* Catalogue::product(const std::string& id) const {
  const auto found = product_at.find(id);
  return found == product_at.end() ? nullptr : &products[found->second];
}

const Family* Catalogue::family(std::string_view id) const {
  const auto found = std::ranges::find(families, id, &Family::id);
  return found == families.end() ? nullptr : &*found;
}

const Office* Catalogue::office_of(std::string_view district_id) const {
  const auto found = std::ranges::find(offices, district_id, &Office::district);
  return found == offices.end() ? nullptr : &*found;
}

const Stall* Catalogue::stall_of(std::string_view product_id) const {
  const auto found = std::ranges::find_if(stalls, [&](const Stall& stall) {
    return std::ranges::find(stall.products, product_id) != stall.products.end();
  });
  return found == stalls.end() ? nullptr : &*found;
}

}  // namespace odop::kiosk

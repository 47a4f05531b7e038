#include "kiosk/model/catalogue.h"

#include <algorithm>
#include <numeric>

namespace odop::kiosk {

void Catalogue::index() {
  district_at.clear();
  products_by_district.clear();
  for (std::size_t i = 0; i < districts.size(); ++i) district_at.emplace(districts[i].id, i);
  products_by_id.resize(products.size());
  std::iota(products_by_id.begin(), products_by_id.end(), 0U);
  std::ranges::sort(products_by_id, {},
                    [this](std::uint32_t at) { return std::string_view(products[at].id); });
  for (std::uint32_t i = 0; i < products.size(); ++i) {
    for (const auto& district : products[i].districts) products_by_district[district].push_back(i);
  }
}

const District* Catalogue::district(const std::string& id) const {
  const auto found = district_at.find(id);
  return found == district_at.end() ? nullptr : &districts[found->second];
}

const Product* Catalogue::product(std::string_view id) const {
  const auto found = std::ranges::lower_bound(products_by_id, id, {}, [this](std::uint32_t at) {
    return std::string_view(products[at].id);
  });
  if (found == products_by_id.end() || products[*found].id != id) return nullptr;
  return &products[*found];
}

const Family* Catalogue::family(std::string_view id) const {
  const auto found = std::ranges::find(families, id, &Family::id);
  return found == families.end() ? nullptr : &*found;
}

const Office* Catalogue::office_of(std::string_view district_id) const {
  const auto found = std::ranges::find(offices, district_id, &Office::district);
  return found == offices.end() ? nullptr : &*found;
}

const Scheme* Catalogue::scheme(std::string_view id) const {
  const auto found = std::ranges::find(schemes, id, &Scheme::id);
  return found == schemes.end() ? nullptr : &*found;
}

const Event* Catalogue::event(std::string_view id) const {
  const auto found = std::ranges::find(events, id, &Event::id);
  return found == events.end() ? nullptr : &*found;
}

std::shared_ptr<const forms::Form> Catalogue::form(std::string_view id) const {
  const auto found = std::ranges::find_if(forms, [&](const auto& one) { return one->id == id; });
  return found == forms.end() ? nullptr : *found;
}

const Stall* Catalogue::stall_of(std::string_view product_id) const {
  const auto found = std::ranges::find_if(stalls, [&](const Stall& stall) {
    return std::ranges::find(stall.products, product_id) != stall.products.end();
  });
  return found == stalls.end() ? nullptr : &*found;
}

}  // namespace odop::kiosk

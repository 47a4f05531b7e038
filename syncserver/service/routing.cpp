#include "syncserver/service/routing.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;

std::string text_of(const json& fields, const char* name) {
  const auto found = fields.find(name);
  return found != fields.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

Routing::Routing(std::span<const CatalogueRecord> records) {
  for (const CatalogueRecord& record : records) {
    const json fields = json::parse(record.json, nullptr, false);
    if (!fields.is_object()) continue;
    if (record.type == "district") {
      districts_.try_emplace(record.id);
    } else if (record.type == "office") {
      const std::string district = text_of(fields, "district");
      if (!district.empty()) districts_[district].push_back(record.id);
    } else if (record.type == "kind") {
      Kind kind;
      const auto days = fields.find("due_days");
      if (days != fields.end() && days->is_number_integer() && *days > 0 && *days < 3650) {
        kind.due_days = days->get<int>();
      }
      kind.owner = text_of(fields, "owner");
      kinds_[record.id] = std::move(kind);
    }
  }
  for (auto& [district, offices] : districts_) std::sort(offices.begin(), offices.end());
}

// The owner names a sort of office ("diepc"); its offices' ids begin with it ("diepc-agra").
std::string Routing::office(const std::string& district, const std::string& owner) const {
  const auto known = districts_.find(district);
  if (known == districts_.end() || known->second.empty()) return {};
  const auto fits = std::find_if(
      known->second.begin(), known->second.end(),
      [&](const std::string& id) { return !owner.empty() && id.starts_with(owner + "-"); });
  return fits != known->second.end() ? *fits : known->second.front();
}

std::vector<Case> Routing::cases(const std::string& kind, std::span<const std::string> districts,
                                 std::int64_t received_ms) const {
  const auto known = kinds_.find(kind);
  const Kind& rule = known != kinds_.end() ? known->second : Kind{};
  const std::int64_t due_ms =
      received_ms + std::chrono::milliseconds(std::chrono::days(rule.due_days)).count();
  std::vector<Case> cases;
  std::set<std::string> seen;
  const auto add = [&](const std::string& district) {
    if (!seen.insert(district).second) return;
    cases.push_back({.district = district,
                     .office = office(district, rule.owner),
                     .state = "received",
                     .due_ms = due_ms});
  };
  for (const std::string& district : districts) {
    add(districts_.contains(district) ? district : std::string{});
  }
  if (cases.empty()) add({});
  return cases;
}

}  // namespace odop::syncserver

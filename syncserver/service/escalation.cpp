#include "syncserver/service/escalation.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::int64_t kMaxDays = 3'650;

std::int64_t days_of(const json& fields, const char* name) {
  const auto found = fields.find(name);
  if (found == fields.end() || !found->is_number_integer()) return 0;
  return std::clamp<std::int64_t>(found->get<std::int64_t>(), 0, kMaxDays);
}

std::string text_of(const json& fields, const char* name) {
  const auto found = fields.find(name);
  return found != fields.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

Escalations::Escalations(std::span<const CatalogueRecord> records) {
  for (const CatalogueRecord& record : records) {
    const json fields = json::parse(record.json, nullptr, false);
    if (!fields.is_object()) continue;
    if (record.type == "kind") {
      const std::int64_t later =
          days_of(fields, "escalate_after_days") - days_of(fields, "due_days");
      patience_days_[record.id] = std::max<std::int64_t>(later, 0);
    } else if (record.type == kEscalationType) {
      levels_.push_back({.level = static_cast<int>(days_of(fields, "level")),
                         .id = record.id,
                         .owner = text_of(fields, "owner"),
                         .from_due = text_of(fields, "counts_from") == "due",
                         .after_days = days_of(fields, "after_days")});
    }
  }
  std::ranges::stable_sort(levels_, {}, &EscalationLevel::level);
}

EscalationLevel Escalations::of(const std::string& kind, const Case& one,
                                std::int64_t now_ms) const {
  if (one.closed_ms != 0 || one.due_ms == 0 || now_ms <= one.due_ms) return {};
  EscalationLevel reached{.level = 1, .id = "district-officer", .owner = "diepc"};
  const auto patience = patience_days_.find(kind);
  const std::int64_t escalates_ms =
      one.due_ms + (patience == patience_days_.end() ? 0 : patience->second * kDayMs);
  for (const EscalationLevel& level : levels_) {
    const std::int64_t from_ms = level.from_due ? one.due_ms : escalates_ms;
    if (now_ms > from_ms + level.after_days * kDayMs) reached = level;
  }
  return reached;
}

Result<Escalations> escalations(Store& store) {
  std::vector<CatalogueRecord> records;
  for (const std::string_view type : {kEscalationType, std::string_view("kind")}) {
    auto some = store.draft_of(std::string(type));
    if (!some.has_value()) return fail(std::move(some.error()));
    std::move(some->begin(), some->end(), std::back_inserter(records));
  }
  return Escalations(records);
}

}  // namespace odop::syncserver

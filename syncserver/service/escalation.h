// Who answers for a case that is late, as data: the catalogue's records escalation_level say from
// which day on, the kind's record when a case leaves the district. Pure. Immutable once built.
#pragma once

#include "shared/core/result.h"
#include "syncserver/store/store.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace odop::syncserver {

inline constexpr std::string_view kEscalationType = "escalation_level";

struct EscalationLevel {
  int level = 0;         // 0: in time, or done
  std::string id{};      // of the record: district-officer, division, odop-cell
  std::string owner{};   // who it is now with
  bool from_due = true;  // counted from the due date; else from the kind's day of escalation
  std::int64_t after_days = 0;
};

class Escalations {
 public:
  Escalations() = default;
  // Records of types escalation_level and kind; others are skipped. Without levels a late case is
  // at level 1, the district officer's.
  explicit Escalations(std::span<const CatalogueRecord> records);

  // The highest level that a case has reached by `now_ms`. A kind leaves its district
  // escalate_after_days after it came in, that is so many days more than due_days after it was due;
  // a due date that a state has moved moves that too.
  [[nodiscard]] EscalationLevel of(const std::string& kind, const Case& one,
                                   std::int64_t now_ms) const;

 private:
  std::vector<EscalationLevel> levels_;
  std::map<std::string, std::int64_t> patience_days_;  // by kind: from due to escalation
};

// Of the draft.
[[nodiscard]] Result<Escalations> escalations(Store& store);

}  // namespace odop::syncserver

// Whether a scheme's rules fit what a visitor says, and what a project of some cost would get: pure
// rules over dated data of the catalogue. Advice, never a decision: the office decides.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/state.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// Whether it holds on `today` (YYYY-MM-DD). While the kiosk does not know the day (empty) only what
// has no dates holds.
[[nodiscard]] bool valid_on(const Dated& dated, std::string_view today);

// What is in force today, in the order of the catalogue.
[[nodiscard]] std::vector<const Scheme*> schemes_on(const Catalogue& catalogue,
                                                    std::string_view today);
// Null when there is none, or it is not in force.
[[nodiscard]] const Scheme* scheme_on(const Catalogue& catalogue, std::string_view id,
                                      std::string_view today);
[[nodiscard]] std::vector<const SchemeFigure*> figures_of(const Catalogue& catalogue,
                                                          std::string_view scheme,
                                                          std::string_view today);
// The cards, in their order.
[[nodiscard]] std::vector<const EligibilityRule*> rules_of(const Catalogue& catalogue,
                                                           std::string_view scheme,
                                                           std::string_view today);

// ---- Money ----

// Rupees that `figure` gives for a project of `cost_inr` rupees, fractions of a rupee left out: the
// percentage of the cost, and the less (or the more) of it and `max_inr`; never more than the cost.
// Nothing when the cost lies outside of its slab, or it says no amount.
[[nodiscard]] std::optional<std::int64_t> amount_of(const SchemeFigure& figure,
                                                    std::int64_t cost_inr);

struct Amount {
  const SchemeFigure* figure = nullptr;
  std::int64_t rupees = 0;
};
struct Support {
  std::optional<Amount> subsidy;  // of the slab that the cost lies in
  std::vector<Amount> own;        // own share: general, and of special groups
};
[[nodiscard]] Support support_for(const Catalogue& catalogue, std::string_view scheme,
                                  std::int64_t cost_inr, std::string_view today);
// Whether a cost leads to anything: the scheme has slabs.
[[nodiscard]] bool has_slabs(const Catalogue& catalogue, std::string_view scheme,
                             std::string_view today);

// ---- The cards ----

enum class CheckStage : std::uint8_t { kCard, kCost, kResult };

struct Checked {
  CheckStage stage = CheckStage::kResult;
  const EligibilityRule* card = nullptr;  // of kCard
  std::size_t cards = 0;
  struct Said {
    const EligibilityRule* rule = nullptr;
    bool met = false;
  };
  std::vector<Said> said;  // in the order of the cards
  bool eligible = false;   // of kResult and kCost: all are met
};
// Where a check stands. A cost is asked for only when all is met and the scheme has slabs.
[[nodiscard]] Checked checked(const Check& check, const Catalogue& catalogue,
                              std::string_view today);

}  // namespace odop::kiosk

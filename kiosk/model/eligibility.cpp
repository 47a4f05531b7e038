#include "kiosk/model/eligibility.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace odop::kiosk {

namespace {

template <typename T>
std::vector<const T*> valid_of(const std::vector<T>& all, std::string_view scheme,
                               std::string_view today) {
  std::vector<const T*> out;
  for (const T& one : all) {
    if (one.scheme == scheme && valid_on(one.dated, today)) out.push_back(&one);
  }
  return out;
}

bool in_slab(const SchemeFigure& figure, std::int64_t cost) {
  const std::int64_t from = figure.cost_from_inr.value_or(0);
  // A slab begins above where the one before it ends; only the lowest has no such neighbour.
  if (cost < from || (cost == from && from > 0)) return false;
  return !figure.cost_to_inr.has_value() || cost <= *figure.cost_to_inr;
}

}  // namespace

bool valid_on(const Dated& dated, std::string_view today) {
  if (today.empty()) return dated.valid_from.empty() && dated.valid_to.empty();
  // ISO dates compare as text.
  return dated.valid_from <= today && (dated.valid_to.empty() || dated.valid_to >= today);
}

std::vector<const Scheme*> schemes_on(const Catalogue& catalogue, std::string_view today) {
  std::vector<const Scheme*> out;
  for (const auto& scheme : catalogue.schemes) {
    if (valid_on(scheme.dated, today)) out.push_back(&scheme);
  }
  return out;
}

const Scheme* scheme_on(const Catalogue& catalogue, std::string_view id, std::string_view today) {
  const Scheme* scheme = catalogue.scheme(id);
  return scheme != nullptr && valid_on(scheme->dated, today) ? scheme : nullptr;
}

std::vector<const SchemeFigure*> figures_of(const Catalogue& catalogue, std::string_view scheme,
                                            std::string_view today) {
  auto out = valid_of(catalogue.scheme_figures, scheme, today);
  // Slabs from the lowest cost on; what is only told stays where it was.
  std::ranges::stable_sort(out, {}, [](const SchemeFigure* figure) {
    if (figure->use == "subsidy") return figure->cost_from_inr.value_or(0);
    return INT64_MAX;
  });
  return out;
}

std::vector<const EligibilityRule*> rules_of(const Catalogue& catalogue, std::string_view scheme,
                                             std::string_view today) {
  auto out = valid_of(catalogue.eligibility, scheme, today);
  std::ranges::stable_sort(out, {}, &EligibilityRule::place);
  return out;
}

std::optional<std::int64_t> amount_of(const SchemeFigure& figure, std::int64_t cost_inr) {
  if (cost_inr <= 0 || !in_slab(figure, cost_inr)) return std::nullopt;
  if (!figure.percent.has_value() && !figure.max_inr.has_value()) return std::nullopt;
  std::int64_t amount = figure.max_inr.value_or(0);
  if (figure.percent.has_value()) {
    // Hundredths of a percent, so that no cost is met by a rounded double.
    constexpr std::int64_t kWhole = 10'000;
    const std::int64_t rate = std::llround(*figure.percent * 100);
    const std::int64_t share = cost_inr / kWhole * rate + cost_inr % kWhole * rate / kWhole;
    if (!figure.max_inr.has_value()) {
      amount = share;
    } else {
      amount = figure.whichever_is == "more" ? std::max(share, amount) : std::min(share, amount);
    }
  }
  return std::min(amount, cost_inr);
}

Support support_for(const Catalogue& catalogue, std::string_view scheme, std::int64_t cost_inr,
                    std::string_view today) {
  Support support;
  for (const SchemeFigure* figure : figures_of(catalogue, scheme, today)) {
    const bool own = figure->use == "own-share" || figure->use == "own-share-special";
    if (!own && figure->use != "subsidy") continue;
    const auto amount = amount_of(*figure, cost_inr);
    if (!amount.has_value()) continue;
    if (own) {
      support.own.push_back({figure, *amount});
    } else if (!support.subsidy.has_value()) {
      support.subsidy = Amount{figure, *amount};
    }
  }
  return support;
}

bool has_slabs(const Catalogue& catalogue, std::string_view scheme, std::string_view today) {
  return std::ranges::any_of(figures_of(catalogue, scheme, today),
                             [](const SchemeFigure* figure) { return figure->use == "subsidy"; });
}

Checked checked(const Check& check, const Catalogue& catalogue, std::string_view today) {
  Checked out;
  const auto rules = rules_of(catalogue, check.scheme, today);
  out.cards = rules.size();
  for (std::size_t i = 0; i < std::min(rules.size(), check.said.size()); ++i) {
    out.said.push_back({rules[i], check.said[i] == rules[i]->needs_yes});
  }
  if (out.said.size() < rules.size()) {
    out.stage = CheckStage::kCard;
    out.card = rules[out.said.size()];
    return out;
  }
  out.eligible = !rules.empty() && std::ranges::all_of(out.said, &Checked::Said::met);
  const bool asks = out.eligible && has_slabs(catalogue, check.scheme, today);
  out.stage = asks && !check.costed ? CheckStage::kCost : CheckStage::kResult;
  return out;
}

}  // namespace odop::kiosk

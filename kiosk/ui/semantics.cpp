#include "kiosk/ui/semantics.h"

#include "shared/text/isolate.h"

#include <algorithm>
#include <array>
#include <utility>

namespace odop::kiosk::ui {
namespace {

bool is_read(const Node& node) {
  constexpr std::array<std::string_view, 4> kLeftOut{"bar.", "speech.", "keyboard.", "head.emblem"};
  if (node.role == Role::kKey || node.id.ends_with(".up") || node.id.ends_with(".down") ||
      node.id.ends_with(".listen")) {
    return false;
  }
  return std::ranges::none_of(kLeftOut,
                              [&](std::string_view out) { return node.id.starts_with(out); });
}

bool belongs_to_question(const Node& node) {
  if (!node.id.starts_with("form.") && !node.id.starts_with("status.")) return false;
  constexpr std::array<std::string_view, 4> kWaysOn{"form.back", "form.next", "form.send",
                                                    "form.listen"};
  return std::ranges::find(kWaysOn, node.id) == kWaysOn.end();
}

}  // namespace

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kText:
      return "text";
    case Role::kHeading:
      return "heading";
    case Role::kImage:
      return "image";
    case Role::kStatus:
      return "status";
    case Role::kButton:
      return "button";
    case Role::kLink:
      return "link";
    case Role::kChoice:
      return "choice";
    case Role::kCheckbox:
      return "checkbox";
    case Role::kField:
      return "field";
    case Role::kKey:
      return "key";
    case Role::kDialog:
      return "dialog";
  }
  return "text";
}

std::string spoken_text(const Node& node) {
  if (!node.spoken.empty()) return without_isolates(node.spoken);
  std::string said = without_isolates(node.label);
  // "on" is a mark for programs.
  if (!node.value.empty() && node.value != "on") said += ": " + without_isolates(node.value);
  return said;
}

std::vector<ReadStretch> reading_of(const SemanticTree& tree, const ReadingRules& rules) {
  const bool modal = std::ranges::any_of(tree, &Node::modal);
  std::vector<ReadStretch> stretches;
  for (const Node& node : tree) {
    if ((modal && !node.modal) || !is_read(node)) continue;
    if (rules.question_only && !belongs_to_question(node)) continue;
    std::string said = spoken_text(node);
    if (node.value == "on") said += ", " + std::string(rules.chosen);
    if (node.role == Role::kField && node.value.empty() && node.spoken.empty()) {
      said += ", " + std::string(rules.empty);
    }
    if (said.empty() || (!stretches.empty() && stretches.back().text == said)) continue;
    stretches.push_back({node.id, std::move(said)});
  }
  return stretches;
}

}  // namespace odop::kiosk::ui

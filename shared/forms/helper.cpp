#include "shared/forms/helper.h"

#include "shared/forms/answers.h"
#include "shared/forms/tree.h"

#include <utility>

namespace odop::forms {

namespace {

constexpr TreeLimits kLimits{
    .bytes = kMaxAnswersBytes, .depth = 3, .values = 4'000, .members = 401};

}  // namespace

std::string with_helper(std::string_view answers, std::string_view helper) {
  auto tree = parse_tree(answers, kLimits);
  if (helper.empty() || !tree.has_value() || !tree->is(Tree::Kind::kObject)) {
    return std::string(answers);
  }
  Tree named;
  named.kind = Tree::Kind::kText;
  named.text = helper.substr(0, kMaxHelperBytes);
  // First: an underscore sorts before all letters.
  tree->keys.insert(tree->keys.begin(), std::string(kHelperMember));
  tree->items.insert(tree->items.begin(), std::move(named));
  return to_json(*tree);
}

std::string helper_in(std::string_view answers) {
  const auto tree = parse_tree(answers, kLimits);
  const Tree* helper = tree.has_value() ? tree->find(kHelperMember) : nullptr;
  const bool named =
      helper != nullptr && helper->is(Tree::Kind::kText) && helper->text.size() <= kMaxHelperBytes;
  return named ? helper->text : std::string{};
}

}  // namespace odop::forms

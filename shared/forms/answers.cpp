#include "shared/forms/answers.h"

#include "shared/forms/form.h"
#include "shared/forms/helper.h"
#include "shared/forms/tree.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace odop::forms {
namespace {

using Kind = Tree::Kind;

constexpr TreeLimits kLimits{.bytes = kMaxAnswersBytes,
                             .depth = 3,  // object, list of products, product
                             .values = 4000,
                             .members = 401};  // with the helper

Tree text_tree(std::string text) {
  Tree tree;
  tree.kind = Kind::kText;
  tree.text = std::move(text);
  return tree;
}

Tree integer_tree(std::int64_t number) {
  Tree tree;
  tree.kind = Kind::kInteger;
  tree.integer = number;
  return tree;
}

void add(Tree& object, std::string key, Tree value) {
  object.keys.push_back(std::move(key));
  object.items.push_back(std::move(value));
}

struct ToTree {
  Tree operator()(bool value) const {
    Tree tree;
    tree.kind = Kind::kBoolean;
    tree.boolean = value;
    return tree;
  }
  Tree operator()(std::int64_t value) const { return integer_tree(value); }
  Tree operator()(const std::string& value) const { return text_tree(value); }
  Tree operator()(const std::vector<std::string>& values) const {
    Tree tree;
    tree.kind = Kind::kList;
    for (const std::string& value : values) tree.items.push_back(text_tree(value));
    return tree;
  }
  Tree operator()(const std::vector<ListedProduct>& products) const {
    Tree tree;
    tree.kind = Kind::kList;
    for (const ListedProduct& product : products) {
      Tree line;
      line.kind = Kind::kObject;
      add(line, "product", text_tree(product.product));
      if (!product.district.empty()) add(line, "district", text_tree(product.district));
      if (product.quantity != 0) add(line, "quantity", integer_tree(product.quantity));
      if (!product.unit.empty()) add(line, "unit", text_tree(product.unit));
      tree.items.push_back(std::move(line));
    }
    return tree;
  }
};

std::optional<ListedProduct> read_product(const Tree& tree) {
  if (!tree.is(Kind::kObject)) return std::nullopt;
  ListedProduct out;
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    const std::string& key = tree.keys[i];
    const Tree& item = tree.items[i];
    const bool number = key == "quantity";
    if (!item.is(number ? Kind::kInteger : Kind::kText)) return std::nullopt;
    if (number) {
      out.quantity = item.integer;
    } else if (key == "product") {
      out.product = item.text;
    } else if (key == "district") {
      out.district = item.text;
    } else if (key == "unit") {
      out.unit = item.text;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

std::optional<Value> read_value(AnswerType type, const Tree& tree) {
  switch (type) {
    case AnswerType::kBoolean:
      return tree.is(Kind::kBoolean) ? std::optional<Value>(tree.boolean) : std::nullopt;
    case AnswerType::kWhole:
      return tree.is(Kind::kInteger) ? std::optional<Value>(tree.integer) : std::nullopt;
    case AnswerType::kText:
      return tree.is(Kind::kText) ? std::optional<Value>(tree.text) : std::nullopt;
    case AnswerType::kTexts: {
      if (!tree.is(Kind::kList)) return std::nullopt;
      std::vector<std::string> out;
      for (const Tree& item : tree.items) {
        if (!item.is(Kind::kText)) return std::nullopt;
        out.push_back(item.text);
      }
      return out;
    }
    case AnswerType::kProducts: {
      if (!tree.is(Kind::kList) || tree.items.size() > kMaxListedProducts) return std::nullopt;
      std::vector<ListedProduct> out;
      for (const Tree& item : tree.items) {
        auto product = read_product(item);
        if (!product) return std::nullopt;
        out.push_back(std::move(*product));
      }
      return out;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_empty(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  const auto* texts = std::get_if<std::vector<std::string>>(&value);
  const auto* products = std::get_if<std::vector<ListedProduct>>(&value);
  return (text != nullptr && text->empty()) || (texts != nullptr && texts->empty()) ||
         (products != nullptr && products->empty());
}

std::string to_json(const Answers& answers) {
  Tree object;
  object.kind = Kind::kObject;
  for (const auto& [field, value] : answers) {
    if (!is_empty(value)) add(object, field, std::visit(ToTree{}, value));
  }
  return to_json(object);
}

Result<Answers> answers_from_json(const Form& form, std::string_view json) {
  const auto tree = parse_tree(json, kLimits);
  if (!tree.has_value()) return fail(tree.error());
  if (!tree->is(Kind::kObject)) return fail(ErrorCode::kMalformed, "answers are no object");
  Answers out;
  for (std::size_t i = 0; i < tree->items.size(); ++i) {
    if (tree->keys[i] == kHelperMember) {
      const Tree& helper = tree->items[i];
      if (!helper.is(Kind::kText) || helper.text.size() > kMaxHelperBytes) {
        return fail(ErrorCode::kMalformed, "the helper is no name");
      }
      continue;
    }
    const Question* question = form.find(tree->keys[i]);
    if (question == nullptr) return fail(ErrorCode::kMalformed, "a field that the form has not");
    auto value = read_value(question->type, tree->items[i]);
    if (!value) return fail(ErrorCode::kMalformed, question->field + " is of another type");
    out[question->field] = std::move(*value);
  }
  return out;
}

}  // namespace odop::forms

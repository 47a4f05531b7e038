#include "tests/shared/forms/form_files.h"

#include "shared/forms/tree.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace odop::test {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  CAPTURE(file.string());
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string text_of(const forms::Tree& object, const char* key) {
  const forms::Tree* found = object.find(key);
  return found == nullptr ? "" : found->text;
}

forms::Value value_of(const forms::Tree& tree) {
  using Kind = forms::Tree::Kind;
  if (tree.is(Kind::kBoolean)) return tree.boolean;
  if (tree.is(Kind::kInteger)) return tree.integer;
  if (tree.is(Kind::kText)) return tree.text;
  if (!tree.items.empty() && tree.items.front().is(Kind::kObject)) {
    std::vector<forms::ListedProduct> products;
    for (const auto& item : tree.items) {
      const forms::Tree* quantity = item.find("quantity");
      products.push_back({.product = text_of(item, "product"),
                          .district = text_of(item, "district"),
                          .quantity = quantity == nullptr ? 0 : quantity->integer,
                          .unit = text_of(item, "unit")});
    }
    return products;
  }
  std::vector<std::string> texts;
  for (const auto& item : tree.items) texts.push_back(item.text);
  return texts;
}

}  // namespace

std::vector<std::string> shipped_forms() {
  std::vector<std::string> ids;
  const auto folder = std::filesystem::path(ODOP_SOURCE_DIR) / "assets/catalogue/forms";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") ids.push_back(entry.path().stem().string());
  }
  std::ranges::sort(ids);
  return ids;
}

std::string shipped_form_text(const std::string& id) {
  return read_file(std::filesystem::path(ODOP_SOURCE_DIR) / "assets/catalogue/forms" /
                   (id + ".json"));
}

std::string read_form_data(const std::string& name) {
  return read_file(std::filesystem::path(ODOP_SOURCE_DIR) / "tests/data/forms" / name);
}

forms::Form shipped_form(const std::string& id) {
  auto form = forms::parse_form(shipped_form_text(id));
  CAPTURE(id);
  if (!form.has_value()) FAIL(form.error().context);
  return std::move(form.value());
}

forms::Answers good_answers(const std::string& id) {
  const auto tree =
      forms::parse_tree(read_form_data("good/" + id + ".json"),
                        {.bytes = 100'000, .depth = 4, .values = 1000, .members = 200});
  CAPTURE(id);
  if (!tree.has_value()) FAIL(tree.error().context);
  forms::Answers answers;
  for (std::size_t i = 0; i < tree->items.size(); ++i) {
    answers[tree->keys[i]] = value_of(tree->items[i]);
  }
  return answers;
}

}  // namespace odop::test

#include "shared/forms/tree.h"

#include "shared/text/normalise.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace odop::forms {
namespace {

// Builds the tree as the parser goes. A false return stops the parser.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(const TreeLimits& limits) : limits_(limits) {}

  bool null() override { return put(Tree::Kind::kNull) != nullptr; }
  bool boolean(bool value) override {
    Tree* tree = put(Tree::Kind::kBoolean);
    if (tree != nullptr) tree->boolean = value;
    return tree != nullptr;
  }
  bool number_integer(number_integer_t value) override { return put_integer(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX)) return refuse("a number is too large");
    return put_integer(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
    return refuse("a number is no whole number");
  }
  bool string(string_t& value) override {
    Tree* tree = put(Tree::Kind::kText);
    if (tree != nullptr) tree->text = std::move(value);
    return tree != nullptr;
  }
  bool binary(binary_t& /*value*/) override { return refuse("binary"); }
  bool start_object(std::size_t /*elements*/) override { return open(Tree::Kind::kObject); }
  bool start_array(std::size_t /*elements*/) override { return open(Tree::Kind::kList); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    Tree& object = *open_.back();
    if (std::ranges::find(object.keys, name) != object.keys.end()) {
      return refuse("a key stands twice in one object");
    }
    object.keys.push_back(std::move(name));
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*last*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return refuse("no JSON at byte " + std::to_string(position));
  }

  Result<Tree> result(bool parsed) && {
    if (parsed) return std::move(root_);
    return fail(code_, reason_.empty() ? "no JSON" : reason_);
  }

 private:
  // Where the next value belongs. Containers never move while something inside them is open.
  Tree* put(Tree::Kind kind) {
    if (++values_ > limits_.values) return too_large("values");
    Tree* place = &root_;
    if (!open_.empty()) {
      if (open_.back()->items.size() >= limits_.members) return too_large("members");
      place = &open_.back()->items.emplace_back();
    }
    place->kind = kind;
    return place;
  }

  bool put_integer(std::int64_t value) {
    Tree* tree = put(Tree::Kind::kInteger);
    if (tree != nullptr) tree->integer = value;
    return tree != nullptr;
  }

  bool open(Tree::Kind kind) {
    if (open_.size() >= limits_.depth) return too_large("levels") != nullptr;
    Tree* tree = put(kind);
    if (tree != nullptr) open_.push_back(tree);
    return tree != nullptr;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool refuse(std::string reason) {
    if (reason_.empty()) reason_ = std::move(reason);
    return false;
  }

  Tree* too_large(const char* what) {
    code_ = ErrorCode::kTooLarge;
    refuse(std::string("too many ") + what);
    return nullptr;
  }

  const TreeLimits& limits_;
  Tree root_;
  std::vector<Tree*> open_;
  std::size_t values_ = 0;
  ErrorCode code_ = ErrorCode::kMalformed;
  std::string reason_;
};

void append_text(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append(std::string& out, const Tree& tree) {
  switch (tree.kind) {
    case Tree::Kind::kNull:
      out += "null";
      return;
    case Tree::Kind::kBoolean:
      out += tree.boolean ? "true" : "false";
      return;
    case Tree::Kind::kInteger:
      out += std::to_string(tree.integer);
      return;
    case Tree::Kind::kText:
      append_text(out, tree.text);
      return;
    case Tree::Kind::kList:
    case Tree::Kind::kObject:
      break;
  }
  const bool object = tree.is(Tree::Kind::kObject);
  out += object ? '{' : '[';
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    if (i > 0) out += ',';
    if (object) {
      append_text(out, tree.keys[i]);
      out += ':';
    }
    append(out, tree.items[i]);
  }
  out += object ? '}' : ']';
}

}  // namespace

const Tree* Tree::find(std::string_view key) const {
  const auto found = std::ranges::find(keys, key);
  if (found == keys.end()) return nullptr;
  return &items[static_cast<std::size_t>(found - keys.begin())];
}

Result<Tree> parse_tree(std::string_view json, const TreeLimits& limits) {
  if (json.size() > limits.bytes) {
    return fail(ErrorCode::kTooLarge, "more than " + std::to_string(limits.bytes) + " bytes");
  }
  if (!is_utf8(json)) return fail(ErrorCode::kMalformed, "not UTF-8");
  try {
    Builder builder(limits);
    const bool parsed = nlohmann::json::sax_parse(json.begin(), json.end(), &builder);
    return std::move(builder).result(parsed);
  } catch (const std::exception& error) {
    return fail(ErrorCode::kMalformed, error.what());
  }
}

std::string to_json(const Tree& tree) {
  std::string out;
  append(out, tree);
  return out;
}

}  // namespace odop::forms

#include "shared/forms/reader.h"

#include <algorithm>

namespace odop::forms {
namespace {

using Kind = Tree::Kind;

class ConditionReader {
 public:
  ConditionReader(const std::vector<Question>& before, Faults& faults)
      : before_(before), faults_(faults) {}

  Condition read(const Tree& tree, const std::string& place, std::size_t depth) {
    Condition out;
    if (depth > kMaxConditionDepth) faults_.say(place, "is nested too deep");
    if (++parts_ > kMaxConditionParts) faults_.say(place, "has too many parts");
    if (faults_.any()) return out;
    if (!read_keys(tree, {"field", "is", "has", "answered", "at_least", "all", "any", "not"}, place,
                   faults_)) {
      return out;
    }
    if (tree.find("field") != nullptr) return about_field(tree, place);
    if (tree.keys.size() != 1) {
      faults_.say(place, "must be one of field ..., all, any, not");
      return out;
    }
    const bool negation = tree.keys[0] == "not";
    out.kind = negation                ? Condition::Kind::kNot
               : tree.keys[0] == "all" ? Condition::Kind::kAll
                                       : Condition::Kind::kAny;
    const std::string here = place + "." + tree.keys[0];
    if (negation) {
      out.parts.push_back(read(tree.items[0], here, depth + 1));
      return out;
    }
    if (!tree.items[0].is(Kind::kList) || tree.items[0].items.empty()) {
      faults_.say(here, "must be a list of conditions");
      return out;
    }
    for (const Tree& part : tree.items[0].items) out.parts.push_back(read(part, here, depth + 1));
    return out;
  }

 private:
  Condition about_field(const Tree& tree, const std::string& place) {
    Condition out;
    out.field = read_id(tree, "field", place, faults_);
    const auto question = std::ranges::find(before_, out.field, &Question::field);
    if (question == before_.end()) {
      faults_.say(place, "looks at \"" + out.field + "\", which is no question before this one");
      return out;
    }
    if (tree.keys.size() != 2) {
      faults_.say(place, "must say field and one of is, has, answered, at_least");
      return out;
    }
    const std::string& verb = tree.keys[0] == "field" ? tree.keys[1] : tree.keys[0];
    const Tree& operand = *tree.find(verb);
    if (verb == "answered") {
      out.kind = Condition::Kind::kAnswered;
      if (!operand.is(Kind::kBoolean) || !operand.boolean) {
        faults_.say(place + ".answered", "must be true; say \"not\" for the contrary");
      }
    } else if (verb == "at_least") {
      out.kind = Condition::Kind::kAtLeast;
      out.number = operand.integer;
      if (!operand.is(Kind::kInteger) || question->type != AnswerType::kWhole) {
        faults_.say(place + ".at_least", "needs a whole number, and a question for one");
      }
    } else if (verb == "is" || verb == "has") {
      out.kind = verb == "is" ? Condition::Kind::kIs : Condition::Kind::kHas;
      read_values(operand, *question, place + "." + verb, out);
    } else {
      faults_.say(place, "must say field and one of is, has, answered, at_least");
    }
    return out;
  }

  // One value or a list; each must be an option of the question, so that a renamed option is found.
  void read_values(const Tree& operand, const Question& question, const std::string& place,
                   Condition& out) {
    const bool many = out.kind == Condition::Kind::kHas;
    const bool fits =
        many ? question.type == AnswerType::kTexts
             : question.type == AnswerType::kText || question.type == AnswerType::kBoolean;
    if (!fits)
      faults_.say(place, many ? "needs a question with several choices" : "needs one choice");
    const std::vector<Tree> single{operand};
    for (const Tree& value : operand.is(Kind::kList) ? operand.items : single) {
      std::string text = value.text;
      if (value.is(Kind::kBoolean)) text = value.boolean ? "true" : "false";
      const bool boolean = question.type == AnswerType::kBoolean;
      const bool known = boolean ? value.is(Kind::kBoolean)
                                 : value.is(Kind::kText) &&
                                       (question.options.empty() ||
                                        std::ranges::find(question.options, text, &Option::value) !=
                                            question.options.end());
      if (!known)
        faults_.say(place, "\"" + text.substr(0, 40) + "\" is no option of " + question.field);
      out.values.push_back(std::move(text));
    }
    if (out.values.empty()) faults_.say(place, "is empty");
  }

  const std::vector<Question>& before_;
  Faults& faults_;
  std::size_t parts_ = 0;
};

}  // namespace

Condition read_condition(const Tree& object, const std::vector<Question>& before,
                         const std::string& place, Faults& faults) {
  const Tree* tree = object.find("show_if");
  if (tree == nullptr) return {};
  return ConditionReader(before, faults).read(*tree, place + ".show_if", 1);
}

}  // namespace odop::forms

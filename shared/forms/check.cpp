#include "shared/forms/check.h"

#include "shared/forms/characters.h"
#include "shared/forms/formats.h"
#include "shared/forms/problems.h"
#include "shared/forms/schema.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace odop::forms {
namespace {

// The stored value, or the problem.
using Spelled = tl::expected<Value, std::string_view>;

tl::unexpected<std::string_view> wrong(std::string_view text_key) {
  return tl::make_unexpected(text_key);
}

constexpr std::int64_t kMaxListedQuantity = 999'999'999;  // kMaxQuantityDigits
constexpr std::size_t kMaxBytesOfCharacter = 4;

bool is_blank(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return is_empty(value) || (text != nullptr && trimmed(*text).empty());
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    static_cast<void>(next_code_point(text, at));
  }
  return count;
}

FormatContext context_of(const Question& question, Date today) {
  return {.today = today,
          .ages = question.ages,
          .currency = question.currency,
          .max_bytes = question.max_length * kMaxBytesOfCharacter};
}

// A whole number out of what was typed or stored; money in minor units.
tl::expected<std::int64_t, std::string_view> number_of(const Question& question,
                                                       const Value& value) {
  if (const auto* stored = std::get_if<std::int64_t>(&value)) return *stored;
  const auto* typed = std::get_if<std::string>(&value);
  if (typed == nullptr) return tl::make_unexpected(kNumber);
  const bool is_money = question.format == Format::kMoneyAmount;
  if (holds_aadhaar(*typed)) return tl::make_unexpected(kAadhaar);
  const Checked digits = is_money ? money(*typed, question.currency) : whole_number(*typed);
  if (!digits.has_value()) return tl::make_unexpected(digits.error().text_key);
  std::int64_t number = 0;
  const std::string& text = digits.value();
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{}) return tl::make_unexpected(is_money ? kMoney : kNumber);
  return number;
}

bool is_option(const Question& question, std::string_view value) {
  return std::ranges::find(question.options, value, &Option::value) != question.options.end();
}

Spelled spell_text(const Question& question, const std::string& typed, Date today) {
  if (!question.format) {
    if (is_option(question, typed)) return typed;
    return wrong(holds_aadhaar(typed) ? kAadhaar : kChoice);
  }
  Checked checked = check_format(*question.format, typed, context_of(question, today));
  if (!checked.has_value()) return wrong(checked.error().text_key);
  const std::size_t length = characters(checked.value());
  if (length > question.max_length) return wrong(kTooLong);
  if (length < question.min_length) return wrong(kTooShort);
  if (question.pattern && !question.pattern->matches(checked.value())) return wrong(kNotFitting);
  return std::move(checked.value());
}

Spelled spell_texts(const Question& question, const std::vector<std::string>& chosen) {
  for (const std::string& value : chosen) {
    if (!is_option(question, value)) return wrong(holds_aadhaar(value) ? kAadhaar : kChoice);
  }
  // In the order of the options, each once.
  std::vector<std::string> out;
  for (const Option& option : question.options) {
    if (std::ranges::find(chosen, option.value) != chosen.end()) out.push_back(option.value);
  }
  if (out.size() < question.min_items) return wrong(kTooFew);
  if (out.size() > question.max_items) return wrong(kTooMany);
  return out;
}

Spelled spell_products(const Question& question, const std::vector<ListedProduct>& products) {
  if (products.size() < question.min_items) return wrong(kTooFew);
  if (products.size() > question.max_items) return wrong(kTooMany);
  const FormatContext none;
  for (const ListedProduct& product : products) {
    for (const std::string& id : {product.product, product.district, product.unit}) {
      const Checked checked = check_format(Format::kItemId, id, none);
      if (!checked.has_value() && !id.empty()) return wrong(checked.error().text_key);
    }
    if (product.product.empty()) return wrong(kChoice);
    if (product.quantity < 0 || product.quantity > kMaxListedQuantity) return wrong(kQuantity);
  }
  return products;
}

Spelled spell(const Question& question, const Value& value, Date today) {
  switch (question.type) {
    case AnswerType::kBoolean: {
      const auto* said = std::get_if<bool>(&value);
      if (said == nullptr) return wrong(kChoice);
      if (question.must_be_yes && !*said) return wrong(kMustBeYes);
      return *said;
    }
    case AnswerType::kWhole: {
      const auto number = number_of(question, value);
      if (!number.has_value()) return wrong(number.error());
      if (*number < question.minimum) return wrong(kTooSmall);
      if (*number > question.maximum) return wrong(kTooLarge);
      return *number;
    }
    case AnswerType::kText: {
      const auto* typed = std::get_if<std::string>(&value);
      return typed == nullptr ? wrong(kChoice) : spell_text(question, *typed, today);
    }
    case AnswerType::kTexts: {
      const auto* chosen = std::get_if<std::vector<std::string>>(&value);
      return chosen == nullptr ? wrong(kChoice) : spell_texts(question, *chosen);
    }
    case AnswerType::kProducts: {
      const auto* products = std::get_if<std::vector<ListedProduct>>(&value);
      return products == nullptr ? wrong(kChoice) : spell_products(question, *products);
    }
  }
  return wrong(kNotFitting);
}

// Walks the form in order and knows which answers count: those of questions that are asked.
class Walk {
 public:
  Walk(const Form& form, const Answers& answers, const Spoken& spoken)
      : answers_(answers), spoken_(spoken) {
    for (const Section& section : form.sections) {
      const bool open = holds(section.show_if);
      for (std::size_t i = section.first; i < section.first + section.count; ++i) {
        const Question& question = form.questions[i];
        if (open && holds(question.show_if)) asked_.push_back(&question);
      }
    }
  }

  [[nodiscard]] const std::vector<const Question*>& asked() const { return asked_; }

  // The answer to a question that is asked; null when nothing was said.
  [[nodiscard]] const Value* answer(const Question& question) const {
    const auto found = answers_.find(question.field);
    return found == answers_.end() || is_blank(found->second) ? nullptr : &found->second;
  }

  // Answered by voice, and may be.
  [[nodiscard]] bool spoken(const Question& question) const {
    return question.voice && spoken_.contains(question.field);
  }

 private:
  [[nodiscard]] const Question* asked(std::string_view field) const {
    const auto found = std::ranges::find(asked_, field, &Question::field);
    return found == asked_.end() ? nullptr : *found;
  }

  [[nodiscard]] bool holds(const Condition& condition) const {
    const auto part = [this](const Condition& inner) { return holds(inner); };
    switch (condition.kind) {
      case Condition::Kind::kAlways:
        return true;
      case Condition::Kind::kAll:
        return std::ranges::all_of(condition.parts, part);
      case Condition::Kind::kAny:
        return std::ranges::any_of(condition.parts, part);
      case Condition::Kind::kNot:
        return std::ranges::none_of(condition.parts, part);
      default:
        break;
    }
    const Question* question = asked(condition.field);
    if (question == nullptr) return false;
    if (condition.kind == Condition::Kind::kAnswered && spoken(*question)) return true;
    const Value* value = answer(*question);
    return value != nullptr && holds_for(condition, *question, *value);
  }

  [[nodiscard]] static bool holds_for(const Condition& condition, const Question& question,
                                      const Value& value) {
    const auto wanted = [&](const std::string& text) {
      return std::ranges::find(condition.values, text) != condition.values.end();
    };
    if (condition.kind == Condition::Kind::kAnswered) return true;
    if (condition.kind == Condition::Kind::kAtLeast) {
      const auto number = number_of(question, value);
      return number.has_value() && *number >= condition.number;
    }
    if (const auto* chosen = std::get_if<std::vector<std::string>>(&value)) {
      return std::ranges::any_of(*chosen, wanted);
    }
    if (const auto* said = std::get_if<bool>(&value)) return wanted(*said ? "true" : "false");
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr && wanted(*text);
  }

  const Answers& answers_;
  const Spoken& spoken_;
  std::vector<const Question*> asked_;
};

// The stored value of a question that is asked; nothing when it may be left out.
tl::expected<std::optional<Value>, std::string_view> spell_asked(const Form& form,
                                                                 const Question& question,
                                                                 const Walk& walk, Date today,
                                                                 Extent extent) {
  const Value* value = walk.answer(question);
  const auto missing = [&]() -> tl::expected<std::optional<Value>, std::string_view> {
    const bool needed = question.required && extent == Extent::kWhole && !walk.spoken(question);
    if (needed) return tl::make_unexpected(kMissing);
    return std::nullopt;
  };
  if (value == nullptr) return missing();
  Spelled spelled = spell(question, *value, today);
  if (!spelled.has_value()) {
    if (spelled.error() == kMissing) return missing();
    return tl::make_unexpected(spelled.error());
  }
  if (is_empty(spelled.value())) return missing();
  if (!form.schema->fits(question.field, spelled.value())) return tl::make_unexpected(kNotFitting);
  return std::optional<Value>(std::move(spelled.value()));
}

// The answers as the whole schema is to see them: a spoken one stands there as a text of the least
// length, so that it is not missed. Its pattern and format are no part of what valijson sees.
Answers with_spoken(const Form& form, const Settled& settled) {
  Answers all = settled.answers;
  for (const std::string& field : settled.spoken) {
    const std::size_t length = std::max<std::size_t>(form.find(field)->min_length, 1);
    all.try_emplace(field, std::string(length, 'x'));
  }
  return all;
}

}  // namespace

const LocalText* own_words(const Form& form, const FieldProblem& problem) {
  const Question* question = form.find(problem.field);
  if (question == nullptr) return nullptr;
  const auto found = question->errors.find(problem.text_key);
  return found == question->errors.end() ? nullptr : &found->second;
}

std::vector<const Question*> visible_questions(const Form& form, const Answers& answers,
                                               const Spoken& spoken) {
  return Walk(form, answers, spoken).asked();
}

std::optional<FieldProblem> check_answer(const Form& form, std::string_view field,
                                         const Answers& answers, Date today, const Spoken& spoken) {
  const Walk walk(form, answers, spoken);
  const auto found = std::ranges::find(walk.asked(), field, &Question::field);
  if (found == walk.asked().end()) return std::nullopt;
  const auto spelled = spell_asked(form, **found, walk, today, Extent::kWhole);
  if (spelled.has_value()) return std::nullopt;
  return FieldProblem{.field = (*found)->field, .text_key = spelled.error()};
}

Settled settle(const Form& form, const Answers& answers, Date today, Extent extent,
               const Spoken& spoken) {
  const Walk walk(form, answers, spoken);
  Settled out;
  for (const std::string& field : spoken) {
    const Question* question = form.find(field);
    if (question == nullptr || !question->voice) {
      out.problems.push_back({.field = field, .text_key = kNotFitting});
    }
  }
  for (const Question* question : walk.asked()) {
    if (walk.spoken(*question)) out.spoken.insert(question->field);
    auto spelled = spell_asked(form, *question, walk, today, extent);
    if (!spelled.has_value()) {
      out.problems.push_back({.field = question->field, .text_key = spelled.error()});
    } else if (spelled.value().has_value()) {
      out.answers[question->field] = std::move(*spelled.value());
    }
  }
  if (!out.problems.empty() || extent == Extent::kUnfinished) return out;
  if (to_json(out.answers).size() > kMaxAnswersBytes) {
    out.problems.push_back({.field = {}, .text_key = kTooLong});
    return out;
  }
  for (const std::string& field : form.schema->misfits(with_spoken(form, out))) {
    const bool asked =
        std::ranges::find(walk.asked(), field, &Question::field) != walk.asked().end();
    out.problems.push_back({.field = asked ? field : "", .text_key = kNotFitting});
  }
  std::ranges::stable_sort(out.problems, {},
                           [](const FieldProblem& problem) { return problem.field.empty(); });
  return out;
}

std::vector<FieldProblem> check_all(const Form& form, const Answers& answers, Date today,
                                    Extent extent, const Spoken& spoken) {
  return settle(form, answers, today, extent, spoken).problems;
}

}  // namespace odop::forms

// Answers of a form as the read-back says them.
#include "kiosk/model/filling.h"
#include "kiosk/model/view_parts.h"
#include "shared/core/reference_number.h"
#include "shared/forms/amounts.h"
#include "shared/text/dates.h"
#include "shared/text/isolate.h"
#include "shared/text/numbers.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

namespace {

using forms::Format;
using forms::Question;
using forms::Widget;

template <typename Items>
std::string name_in(const Maker& maker, const Items& items, std::string_view id) {
  const auto found = std::ranges::find_if(items, [&](const auto& one) { return one.id == id; });
  return found == items.end() ? std::string(id) : maker.in(found->name);
}

std::string option_text(const Maker& maker, const Question& question, std::string_view value) {
  const auto found = std::ranges::find(question.options, value, &forms::Option::value);
  return found == question.options.end() ? std::string{} : maker.in(found->label);
}

std::string scheme_name(const Maker& maker, std::string_view id) {
  if (const Scheme* scheme = maker.catalogue.scheme(id)) return maker.in(scheme->name);
  for (const auto& form : maker.catalogue.forms) {
    if (form->scheme.has_value() && form->scheme->scheme == id) return maker.in(form->title);
  }
  return std::string(id);
}

std::string record_name(const Maker& maker, const Question& question, const std::string& id) {
  const Catalogue& catalogue = maker.catalogue;
  if (question.source == "districts") return maker.district_name(id);
  if (question.source == "products") return name_in(maker, catalogue.products, id);
  if (question.source == "families") return name_in(maker, catalogue.families, id);
  if (question.source == "countries") return name_in(maker, catalogue.countries, id);
  if (question.source == "units") return name_in(maker, catalogue.units, id);
  if (question.source == "offices") return name_in(maker, catalogue.offices, id);
  if (question.source == "institutions") return name_in(maker, catalogue.institutions, id);
  if (question.source == "currencies") return currency_name(maker, id);
  if (question.source == "schemes") return scheme_name(maker, id);
  if (question.source == "events") {
    const Event* found = catalogue.event(id);
    return found == nullptr ? id : maker.in(found->title);
  }
  if (question.source == "stalls") {
    const auto found = std::ranges::find(catalogue.stalls, id, &Stall::id);
    return found == catalogue.stalls.end() ? id : found->number;
  }
  return id;
}

std::string day_text(const Maker& maker, const std::string& typed) {
  const auto date = parse_date(typed);
  return date.has_value() ? long_date(date.value(), maker.visit().language) : typed;
}

std::string money_text(const Question& question, const std::string& typed) {
  const auto minor = forms::money(typed, question.currency);
  if (!minor.has_value() || question.currency != "INR") return isolate_left_to_right(typed);
  constexpr std::int64_t kPaise = 100;
  return isolate_left_to_right(rupees(std::stoll(minor.value()) / kPaise));
}

std::string number_text(const Question& question, const std::string& typed) {
  if (question.format == Format::kIndianMobile) return isolate_left_to_right("+91 " + typed);
  if (question.format == Format::kReferenceNumber) {
    return isolate_left_to_right(group_reference(typed));
  }
  return isolate_left_to_right(typed);
}

std::string text_text(const Maker& maker, const Question& question, const std::string& typed) {
  switch (question.widget) {
    case Widget::kOneChoice:
      return option_text(maker, question, typed);
    case Widget::kDay:
    case Widget::kBirth:
      return day_text(maker, typed);
    case Widget::kAmount:
      return money_text(question, typed);
    case Widget::kNumberPad:
      return number_text(question, typed);
    case Widget::kPicker:
      return record_name(maker, question, typed);
    case Widget::kMeasure: {
      const std::string unit(unit_part(typed));
      return isolate_left_to_right(group_decimal(amount_part(typed))) +
             (unit.empty() ? unit : " " + name_in(maker, maker.catalogue.units, unit));
    }
    default:
      return typed;
  }
}

std::string between(const Maker& maker) {
  return maker.visit().language == Language::kUrdu ? "، " : ", ";
}

// "Attar (500 pieces), Petha": each with its quantity when it was said.
std::string listed_text(const Maker& maker, const std::vector<forms::ListedProduct>& listed) {
  std::string out;
  for (const auto& line : listed) {
    if (!out.empty()) out += between(maker);
    out += isolate(name_in(maker, maker.catalogue.products, line.product));
    if (line.quantity <= 0) continue;
    out += " (" + isolate_left_to_right(group_indian(line.quantity)) + " " +
           name_in(maker, maker.catalogue.units, line.unit) + ")";
  }
  return out;
}

}  // namespace

std::string currency_name(const Maker& maker, std::string_view code) {
  std::string key = "currency.";
  for (const char c : code) key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  if (!maker.words.has(key)) return std::string(code);
  return maker.say(key) + " " + isolate_left_to_right("(" + std::string(code) + ")");
}

std::string answer_text(const Maker& maker, const Question& question) {
  const Filling& filling = maker.visit().filling;
  if (!has_answer(filling, question)) return {};
  const forms::Value& value = filling.answers.find(question.field)->second;
  if (const auto* said = std::get_if<bool>(&value)) {
    return maker.say(*said ? "form.yes" : "form.no");
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return text_text(maker, question, *text);
  }
  if (const auto* chosen = std::get_if<std::vector<std::string>>(&value)) {
    std::string out;
    // In the order of the options, as they are stored.
    for (const auto& option : question.options) {
      if (std::ranges::find(*chosen, option.value) == chosen->end()) continue;
      if (!out.empty()) out += between(maker);
      out += maker.in(option.label);
    }
    return out;
  }
  if (const auto* listed = std::get_if<std::vector<forms::ListedProduct>>(&value)) {
    return listed_text(maker, *listed);
  }
  return group_indian(std::get<std::int64_t>(value));
}

}  // namespace odop::kiosk

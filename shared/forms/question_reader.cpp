#include "shared/forms/format.h"
#include "shared/forms/problems.h"
#include "shared/forms/reader.h"

#include <algorithm>
#include <array>
#include <utility>

namespace odop::forms {
namespace {

using Kind = Tree::Kind;

constexpr std::array<std::pair<std::string_view, Widget>, 12> kWidgets{{
    {"choice", Widget::kOneChoice},
    {"choices", Widget::kChoices},
    {"yes-no", Widget::kYesNo},
    {"text", Widget::kText},
    {"long-text", Widget::kLongText},
    {"number-pad", Widget::kNumberPad},
    {"date", Widget::kDay},
    {"birth", Widget::kBirth},
    {"amount", Widget::kAmount},
    {"quantity", Widget::kMeasure},
    {"picker", Widget::kPicker},
    {"product-list", Widget::kProductList},
}};

// Record types of the catalogue that a picker can offer.
constexpr std::array<std::string_view, 11> kSources{
    "districts", "products", "families", "events",       "schemes",   "countries",
    "units",     "stalls",   "offices",  "institutions", "currencies"};

constexpr std::int64_t kMaxWhole = 999'999'999;               // kMaxCountDigits
constexpr std::int64_t kMaxMinorUnits = 100'000'000'000'000;  // kMaxMoneyDigits and three decimals

bool widget_takes(Widget widget, AnswerType type, std::optional<Format> format) {
  switch (widget) {
    case Widget::kOneChoice:
      return type == AnswerType::kText && !format;
    case Widget::kChoices:
      return type == AnswerType::kTexts;
    case Widget::kYesNo:
      return type == AnswerType::kBoolean;
    case Widget::kPicker:
      return type == AnswerType::kText && format == Format::kItemId;
    case Widget::kProductList:
      return type == AnswerType::kProducts;
    case Widget::kAmount:
      return type == AnswerType::kWhole && format == Format::kMoneyAmount;
    case Widget::kMeasure:
      return format == Format::kMeasured;
    case Widget::kBirth:
      return format == Format::kBirth;
    case Widget::kDay:
      return format == Format::kAnyDate || format == Format::kDateToCome ||
             format == Format::kDateGoneBy;
    case Widget::kLongText:
      return format == Format::kFreeText;
    case Widget::kNumberPad:
      return (type == AnswerType::kWhole && !format) || format == Format::kIndianMobile ||
             format == Format::kPhoneNumber || format == Format::kPinCode ||
             format == Format::kReferenceNumber || format == Format::kStatusCodeNumber;
    case Widget::kText:
      return type == AnswerType::kText && format && *format != Format::kFreeText &&
             *format != Format::kItemId && *format != Format::kMeasured;
  }
  return false;
}

AnswerType type_of(const Tree& schema) {
  const Tree* type = schema.find("type");
  if (type == nullptr) return AnswerType::kText;
  if (type->text == "boolean") return AnswerType::kBoolean;
  if (type->text == "integer") return AnswerType::kWhole;
  if (type->text != "array") return AnswerType::kText;
  const Tree* items = schema.find("items");
  const Tree* inner = items == nullptr ? nullptr : items->find("type");
  return inner != nullptr && inner->text == "object" ? AnswerType::kProducts : AnswerType::kTexts;
}

// The values of enum, of the field or of its items.
std::vector<std::string> allowed_values(const Tree& schema, AnswerType type) {
  std::vector<std::string> out;
  const Tree* holder = type == AnswerType::kTexts ? schema.find("items") : &schema;
  const Tree* list = holder == nullptr ? nullptr : holder->find("enum");
  if (list == nullptr) return out;
  for (const Tree& value : list->items) out.push_back(value.text);
  return out;
}

void read_format(const Tree& schema, const std::string& place, Faults& faults, Question& out) {
  if (const Tree* format = schema.find("format"); format != nullptr) {
    out.format = format_of(format->text);
  }
  const bool money = out.format == Format::kMoneyAmount;
  if (out.format && money != (out.type == AnswerType::kWhole)) {
    faults.say(place, "format money belongs to an integer, every other to a string");
  }
  if (const Tree* pattern = schema.find("pattern"); pattern != nullptr) {
    auto parsed = Pattern::parse(pattern->text);
    if (parsed.has_value()) out.pattern = std::move(parsed.value());
    if (out.type != AnswerType::kText) faults.say(place + ".pattern", "belongs to a string");
  }
}

// Lengths and sizes, all bounded: what the schema leaves open gets the largest that is allowed,
// except texts, whose length the admin must state.
void read_bounds(const Tree& schema, const std::string& place, Faults& faults, Question& out) {
  const bool free_length = out.format == Format::kText || out.format == Format::kFreeText;
  if (free_length && schema.find("maxLength") == nullptr) {
    faults.say(place + ".maxLength", "is missing: texts need one");
  }
  out.min_length = static_cast<std::size_t>(
      read_whole(schema, "minLength", 0, kMaxTextCharacters, 0, place, faults));
  out.max_length = static_cast<std::size_t>(
      read_whole(schema, "maxLength", 1, kMaxTextCharacters, kMaxTextCharacters, place, faults));
  const bool money = out.format == Format::kMoneyAmount;
  const std::int64_t most = money ? kMaxMinorUnits : kMaxWhole;
  out.minimum = read_whole(schema, "minimum", 0, most, 0, place, faults);
  out.maximum = read_whole(schema, "maximum", 0, most, most, place, faults);
  const std::int64_t most_items = out.type == AnswerType::kProducts ? 200 : kMaxOptions;
  out.min_items =
      static_cast<std::size_t>(read_whole(schema, "minItems", 0, most_items, 0, place, faults));
  out.max_items = static_cast<std::size_t>(
      read_whole(schema, "maxItems", 1, most_items, most_items, place, faults));
  if (out.min_length > out.max_length || out.minimum > out.maximum ||
      out.min_items > out.max_items) {
    faults.say(place, "a least value is above the largest");
  }
  out.must_be_yes = schema.find("const") != nullptr;
}

void read_options(const Tree& object, const Tree& schema, const std::string& place, Faults& faults,
                  Question& out) {
  const std::vector<Tree>& options =
      read_list(object, "options", false, kMaxOptions, place, faults);
  for (std::size_t i = 0; i < options.size(); ++i) {
    const std::string here = place + ".options[" + std::to_string(i) + "]";
    if (!read_keys(options[i], {"value", "label", "picture", "audio"}, here, faults)) return;
    out.options.push_back(
        Option{.value = read_id(options[i], "value", here, faults),
               .label = read_text(options[i], "label", kMaxShortTextBytes, here, faults),
               .picture = read_optional_id(options[i], "picture", here, faults),
               .audio = read_audio(options[i], here, faults)});
  }
  const std::vector<std::string> allowed = allowed_values(schema, out.type);
  for (const std::string& value : allowed) {
    if (std::ranges::find(out.options, value, &Option::value) == out.options.end()) {
      faults.say(place + ".options", "has no words for \"" + value.substr(0, 40) + "\"");
    }
  }
  if (out.options.size() != allowed.size()) {
    faults.say(place + ".options", "must name each value of the schema's enum once");
  }
  out.source = read_optional_id(object, "source", place, faults);
  if (!out.source.empty() && std::ranges::find(kSources, out.source) == kSources.end()) {
    faults.say(place + ".source", "\"" + out.source + "\" is nothing that the catalogue offers");
  }
  const bool picks = out.widget == Widget::kPicker;
  const bool chooses = out.widget == Widget::kOneChoice || out.widget == Widget::kChoices;
  if (picks && out.source.empty()) faults.say(place + ".source", "is missing");
  if (chooses && out.options.empty()) faults.say(place + ".options", "is missing");
  if (!picks && !out.source.empty()) faults.say(place + ".source", "belongs to a picker");
  if (!chooses && !out.options.empty()) faults.say(place + ".options", "belong to choices");
}

void read_errors(const Tree& object, const std::string& place, Faults& faults, Question& out) {
  const Tree* errors = object.find("errors");
  if (errors == nullptr) return;
  const std::string here = place + ".errors";
  if (!errors->is(Kind::kObject)) return faults.say(here, "must be an object");
  for (const std::string& name : errors->keys) {
    const std::string key = "form.error." + name;
    if (std::ranges::find(kEveryProblem, key) == kEveryProblem.end()) {
      faults.say(here, "\"" + name.substr(0, 40) + "\" is no problem that a check can find");
    }
    out.errors[key] = read_text(*errors, name, kMaxShortTextBytes, here, faults);
  }
}

void read_way(const Tree& object, const std::string& place, Faults& faults, Question& out) {
  out.later = read_flag(object, "later", place, faults);
  const Tree* preset = object.find("preset");
  if (preset == nullptr) return;
  const std::string here = place + ".preset";
  if (!preset->is(Kind::kText) || preset->text.empty()) return faults.say(here, "must be a text");
  out.preset = preset->text;
  if (out.later) faults.say(here, "and \"later\" cannot both be said of a question");
  if (out.widget == Widget::kOneChoice) {
    if (std::ranges::find(out.options, out.preset, &Option::value) == out.options.end()) {
      faults.say(here, "must be one of the options");
    }
  } else if (out.widget == Widget::kPicker) {
    if (!check_format(Format::kItemId, out.preset, {}).has_value()) {
      faults.say(here, "must be the id of a record");
    }
  } else {
    faults.say(here, "belongs to a choice or a picker");
  }
}

void read_special(const Tree& object, const std::string& place, Faults& faults, Question& out) {
  if (const Tree* ages = object.find("ages"); ages != nullptr) {
    if (out.format != Format::kBirth) faults.say(place + ".ages", "belongs to a birth");
    if (!read_keys(*ages, {"least", "most"}, place + ".ages", faults)) return;
    out.ages.least =
        static_cast<int>(read_whole(*ages, "least", 0, kMaxAge, 0, place + ".ages", faults));
    out.ages.most = static_cast<int>(
        read_whole(*ages, "most", out.ages.least, kMaxAge, kMaxAge, place + ".ages", faults));
  }
  const Tree* currency = object.find("currency");
  const bool money = out.format == Format::kMoneyAmount;
  if (money != (currency != nullptr)) {
    faults.say(place + ".currency", "belongs to an amount, and an amount needs it");
  }
  if (currency != nullptr) {
    out.currency = currency->text;
    const bool iso = out.currency.size() == 3 &&
                     std::ranges::all_of(out.currency, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!iso) faults.say(place + ".currency", "must be three capitals, such as INR");
  }
  out.voice = read_flag(object, "voice", place, faults);
  const bool speakable = out.format == Format::kPersonName || out.format == Format::kText ||
                         out.format == Format::kFreeText;
  if (out.voice && !speakable) faults.say(place + ".voice", "belongs to a name or a text");
}

}  // namespace

std::string_view name_of(Widget widget) {
  for (const auto& [name, known] : kWidgets) {
    if (known == widget) return name;
  }
  return {};
}

Question read_question(const Tree& object, const Tree& schema, const std::vector<Question>& before,
                       const std::string& place, Faults& faults) {
  Question out;
  const bool readable =
      read_keys(object,
                {"field", "widget", "label", "help", "picture", "audio", "options", "source",
                 "show_if", "required", "preset", "later", "ages", "currency", "voice", "errors"},
                place, faults);
  if (!readable) return out;
  out.field = read_id(object, "field", place, faults);
  const std::string widget = read_id(object, "widget", place, faults);
  const auto known =
      std::ranges::find(kWidgets, widget, &std::pair<std::string_view, Widget>::first);
  if (known == kWidgets.end()) {
    faults.say(place + ".widget", "\"" + widget + "\" is no widget of this program");
    return out;
  }
  out.widget = known->second;
  out.label = read_text(object, "label", kMaxShortTextBytes, place, faults);
  out.help = read_optional_text(object, "help", kMaxLongTextBytes, place, faults);
  out.picture = read_optional_id(object, "picture", place, faults);
  out.audio = read_audio(object, place, faults);
  out.show_if = read_condition(object, before, place, faults);
  out.required = read_flag(object, "required", place, faults);
  const std::string schema_place = "schema.properties." + out.field;
  out.type = type_of(schema);
  read_format(schema, schema_place, faults, out);
  read_bounds(schema, schema_place, faults, out);
  read_options(object, schema, place, faults, out);
  if (!widget_takes(out.widget, out.type, out.format)) {
    faults.say(place + ".widget",
               "\"" + widget + "\" cannot give what " + schema_place + " stores");
  }
  read_errors(object, place, faults, out);
  read_way(object, place, faults, out);
  read_special(object, place, faults, out);
  return out;
}

}  // namespace odop::forms

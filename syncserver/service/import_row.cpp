#include "syncserver/service/import_row.h"

#include "shared/text/normalise.h"
#include "shared/text/slug.h"
#include "shared/text/utf8.h"
#include "syncserver/service/cell_formats.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> kSuffixes = {"en", "hi", "ur"};

bool is_local(ColumnKind kind) { return kind == ColumnKind::kLocal || kind == ColumnKind::kName; }

json& at_key(json& record, std::string_view key) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) return record[std::string(key)];
  return record[std::string(key.substr(0, dot))][std::string(key.substr(dot + 1))];
}

void erase_key(json& record, std::string_view key) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) {
    record.erase(std::string(key));
    return;
  }
  const auto outer = record.find(std::string(key.substr(0, dot)));
  if (outer == record.end() || !outer->is_object()) return;
  outer->erase(std::string(key.substr(dot + 1)));
  if (outer->empty()) record.erase(outer);
}

}  // namespace

bool knows_column(const Table& table, const CsvHeader& header, std::string_view name) {
  if (name == table.id_column || name == table.id_prefix_column) return true;
  for (const Column& column : table.columns) {
    if (!is_local(column.kind)) {
      if (name == column.name) return true;
      continue;
    }
    if (name == column.name) return !header.contains(fmt::format("{}_en", name));
    for (const std::string_view suffix : kSuffixes) {
      if (name == fmt::format("{}_{}", column.name, suffix)) return true;
    }
  }
  return false;
}

std::string record_id(const Table& table, const CsvHeader& header, const CsvRow& row) {
  std::string id = trimmed(row.cells.at(header.find(table.id_column)->second));
  if (table.id_is_slug_of_name) return slug(id);
  if (table.id_prefix_column.empty()) return id;
  return trimmed(row.cells.at(header.find(table.id_prefix_column)->second)) + "." + id;
}

void RowReader::error(std::string_view column, std::string code, std::string message) {
  errors_.push_back(
      {in_.file, in_.row.number, std::string(column), std::move(code), std::move(message)});
}

bool RowReader::whole() {
  if (in_.row.cells.size() == in_.header.size()) return true;
  error("", "wrong_cell_count",
        fmt::format("the row has {} cells, the header {}; look for a comma or quote too many or "
                    "too few",
                    in_.row.cells.size(), in_.header.size()));
  return false;
}

bool RowReader::read_id(std::string& id) {
  id = record_id(in_.table, in_.header, in_.row);
  if (is_id(id)) return true;
  if (const auto text = cell(in_.table.id_column); text.has_value() && text->empty()) {
    error(in_.table.id_column, "missing_id", "the row has no id; fill this cell");
  } else if (errors_.empty()) {
    error(in_.table.id_column, "bad_id",
          "an id has Latin letters, digits, hyphens, dots and underscores only; correct it");
  }
  return false;
}

std::string RowReader::uniqueness_key(const std::string& id) {
  if (in_.table.type != "product") return id;
  const auto column = in_.header.find("district_en");
  if (column == in_.header.end()) return id;
  return id + "\n" + slug(in_.row.cells.at(column->second));
}

std::optional<std::string> RowReader::cell(std::string_view column) {
  const auto found = in_.header.find(column);
  if (found == in_.header.end()) return std::nullopt;
  const std::string text = trimmed(in_.row.cells.at(found->second));
  if (!check_text(column, text)) return std::nullopt;
  return text;
}

bool RowReader::check_text(std::string_view column, const std::string& text) {
  if (!is_utf8(text)) {
    error(column, "not_utf8", "the text is not UTF-8; save the sheet as CSV UTF-8 and try again");
    return false;
  }
  if (text.size() > kMaxCellBytes) {
    error(column, "too_long", "the text is longer than 32 KiB; shorten it");
    return false;
  }
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c == 0xFFFD || (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F) {
      error(column, "bad_character",
            "the text holds a replacement or control character: some of it was lost; type it anew");
      return false;
    }
  }
  if (column.ends_with("_hi") && has_legacy_font_letters(text)) {
    error(column, "legacy_font",
          "this Hindi was typed in a legacy font (Kruti Dev or alike) and is not Unicode; convert "
          "or retype it");
    return false;
  }
  if (column.ends_with("_hi") && misses_script(text, 0x0900, 0x097F)) {
    error(column, "wrong_script",
          "no Devanagari letter in a Hindi text: legacy font or another language; retype it");
    return false;
  }
  if (column.ends_with("_ur") && misses_script(text, 0x0600, 0x06FF)) {
    error(column, "wrong_script", "no Arabic letter in an Urdu text; retype it in Urdu script");
    return false;
  }
  if (!is_nfc(text)) {
    error(column, "not_nfc",
          "letters are composed in an unusual way (not Unicode NFC), so that searching would miss "
          "them; retype the text, or run the file through `uconv -x any-nfc`");
    return false;
  }
  return true;
}

std::string RowReader::column_of(const Column& column, std::string_view language) const {
  std::string name = fmt::format("{}_{}", column.name, language);
  if (language == "en" && !in_.header.contains(name) && in_.header.contains(column.name)) {
    return std::string(column.name);
  }
  return name;
}

void RowReader::merge_local(const Column& column, json& texts) {
  if (!texts.is_object()) texts = json::object();
  bool touched = false;
  for (const std::string_view language : kSuffixes) {
    const std::string name = column_of(column, language);
    if (!in_.header.contains(name)) continue;
    touched = true;
    const std::size_t before = errors_.size();
    const std::optional<std::string> text = cell(name);
    if (errors_.size() != before) {
      texts[std::string(language)] = "?";  // reported; not missing as well
    } else if (text.has_value() && !text->empty()) {
      texts[std::string(language)] = *text;
    } else {
      texts.erase(std::string(language));
    }
  }
  const bool is_name = column.kind == ColumnKind::kName;
  if (!is_name && (!touched || texts.empty())) return;
  for (const std::string_view language : kSuffixes) {
    if (texts.contains(language) || (!is_name && language == "ur")) continue;
    const std::string name = column_of(column, language);
    error(name, "missing_language",
          in_.header.contains(name)
              ? "the text is missing in this language; fill the cell"
              : "a new record needs this text, and the file has no such column; add it");
  }
}

void RowReader::merge_facts(json& record) {
  json facts = record.value("facts", json::array());
  if (!facts.is_array()) facts = json::array();
  while (facts.size() < 3) facts.push_back(json::object());
  constexpr std::array kSources{std::pair{"fact_source", "source"},
                                std::pair{"fact_source_hi", "source_hi"},
                                std::pair{"fact_source_ur", "source_ur"}};
  bool touched = std::ranges::any_of(
      kSources, [&](const auto& one) { return in_.header.contains(one.first); });
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string name = fmt::format("fact{}", i + 1);
    const Column column{name, {}, ColumnKind::kLocal};
    const auto there = [&](std::string_view suffix) {
      return in_.header.contains(fmt::format("{}_{}", name, suffix));
    };
    if (!std::ranges::any_of(kSuffixes, there)) continue;
    touched = true;
    merge_local(column, facts[i]["text"]);
  }
  if (!touched) return;
  json kept = json::array();
  for (json& fact : facts) {
    if (!fact.contains("text") || fact["text"].empty()) continue;
    const std::string before = fact.value("source", "");
    for (const auto& [column, key] : kSources) {
      if (const auto text = cell(column)) fact[key] = *text;
    }
    forget_old_source(fact, before, "fact_source");
    if (fact.value("source", "").empty()) {
      error("fact_source", "missing_value", "a fact needs its source; fill this cell");
      return;
    }
    kept.push_back(std::move(fact));
  }
  if (kept.empty()) {
    record.erase("facts");
  } else {
    record["facts"] = std::move(kept);
  }
}

void RowReader::forget_old_source(json& object, const std::string& before,
                                  std::string_view column) const {
  const bool changed = object.value("source", "") != before;
  for (const std::string_view language : {"hi", "ur"}) {
    const std::string key = fmt::format("source_{}", language);
    const bool given = in_.header.contains(fmt::format("{}_{}", column, language));
    if ((changed && !given) || object.value(key, "").empty()) object.erase(key);
  }
}

std::optional<std::string> RowReader::district(std::string_view column, const std::string& name) {
  std::string id = slug(name);
  const auto named = in_.known.named.find("district");
  if (named == in_.known.named.end() || !named->second.contains(id)) {
    error(column, "unknown_district",
          fmt::format("\"{}\" is no district; write the name as in the column name_en of "
                      "districts.csv",
                      name));
    return std::nullopt;
  }
  if (!refer(column, "district", id)) return std::nullopt;
  return id;
}

bool RowReader::refer(std::string_view column, std::string_view type, const std::string& id) {
  const auto named = in_.known.named.find(type);
  if (named == in_.known.named.end() || !named->second.contains(id)) {
    error(column, "unknown_reference",
          fmt::format("there is no {} \"{}\"; correct it, or import that first", type, id));
    return false;
  }
  const auto valid = in_.known.valid.find(type);
  const bool self = type == in_.table.type;  // rows of one table may name each other in any order
  if (self || (valid != in_.known.valid.end() && valid->second.contains(id))) return true;
  blocked_ = true;
  if (in_.valid_only) {
    error(column, "refers_to_bad_row",
          fmt::format("the {} \"{}\" was left out because of its own errors; repair those", type,
                      id));
  }
  return false;
}

bool RowReader::in_range(const Column& column, double value) {
  if (value >= column.least && value <= column.most) return true;
  const bool bounded = column.most < std::numeric_limits<double>::max();
  error(column.name, "out_of_range",
        bounded ? fmt::format("write a number from {} to {}", column.least, column.most)
                : fmt::format("write a number of at least {}", column.least));
  return false;
}

void RowReader::merge_plain(const Column& column, const std::string& text, json& record,
                            bool again) {
  const auto put = [&](json value) { at_key(record, column.key) = std::move(value); };
  switch (column.kind) {
    case ColumnKind::kInteger: {
      std::int64_t value = 0;
      if (!read_number(text, value)) {
        return error(column.name, "bad_number",
                     "write a whole number without separators, such as 2500");
      }
      if (in_range(column, static_cast<double>(value))) put(value);
      return;
    }
    case ColumnKind::kNumber: {
      double value = 0;
      if (!read_number(text, value)) {
        return error(column.name, "bad_number",
                     "write a number with a decimal point, such as 27.5");
      }
      if (in_range(column, value)) put(value);
      return;
    }
    case ColumnKind::kQuantity:
      if (is_quantity(text)) return put(text);
      return error(column.name, "out_of_range", "write a quantity above 0, such as 10 or 10 ml");
    case ColumnKind::kHsCode:
      if (is_hs_code(text)) return put(text);
      return error(column.name, "bad_hs_code",
                   "write the code's 4, 6 or 8 digits without dots or spaces, such as 3301");
    case ColumnKind::kPhones:
      if (are_phones(text)) return put(text);
      return error(column.name, "bad_phone",
                   "write digits 0-9, such as 0522-1234567 or +91 98765 43210, several separated "
                   "by commas");
    case ColumnKind::kDate:
      if (is_date(text)) return put(text);
      return error(column.name, "bad_date", "write the date as YYYY-MM-DD, such as 2026-11-24");
    case ColumnKind::kTime:
      if (is_time(text)) return put(text);
      return error(column.name, "bad_time", "write the time as HH:MM of 24 hours, such as 14:30");
    case ColumnKind::kChoice:
      if (has_choice(column.argument, text)) return put(text);
      return error(
          column.name, "bad_choice",
          fmt::format("\"{}\" is not possible here; write one of {}", text, column.argument));
    case ColumnKind::kList:
      return put(split(text));
    case ColumnKind::kReference:
      if (!refer(column.name, column.argument, text)) return;
      if (column.key == "products") return put(json::array({text}));
      return put(text);
    case ColumnKind::kDistrict: {
      const std::optional<std::string> id = district(column.name, text);
      if (!id.has_value()) return;
      if (column.key != "districts") return put(*id);
      json& all = record["districts"];
      if (!again || !all.is_array()) all = json::array();
      if (std::ranges::find(all, json(*id)) == all.end()) all.push_back(*id);
      return;
    }
    case ColumnKind::kDistricts: {
      json ids = json::array();
      for (const std::string& name : split(text)) {
        if (const auto id = district(column.name, name)) ids.push_back(*id);
      }
      return put(std::move(ids));
    }
    default:
      return put(text);
  }
}

void RowReader::merge_into(json& record, bool again) {
  const std::string source_before = record.value("source", "");
  for (const Column& column : in_.table.columns) {
    if (column.key == "facts" || column.key == "fact_source") continue;
    if (is_local(column.kind)) {
      json texts = record.value(std::string(column.key), json::object());
      merge_local(column, texts);
      if (texts.empty()) {
        record.erase(std::string(column.key));
      } else {
        record[std::string(column.key)] = std::move(texts);
      }
      continue;
    }
    const bool is_id = column.name == in_.table.id_prefix_column;
    const std::size_t before = errors_.size();
    const std::optional<std::string> text = cell(column.name);
    if (errors_.size() != before) continue;
    if (text.has_value() && !text->empty()) {
      merge_plain(column, *text, record, again);
    } else if (text.has_value() && !column.required) {
      erase_key(record, column.key);
    } else if (column.required && !is_id &&
               (text.has_value() || !record.contains(std::string(column.key)))) {
      error(column.name, "missing_value", "this cell may not be empty; fill it");
    }
  }
  if (in_.table.type == "product") merge_facts(record);
  forget_old_source(record, source_before, "source");
  check_order(record, "start_date", "end_date", "end_date");
  check_order(record, "moved_to_start", "moved_to_end", "moved_to_end");
  check_order(record, "valid_from", "valid_to", "valid_to");
  check_order(record, "start_time", "end_time", "end_time");
  check_order(record, "cost_from_inr", "cost_to_inr", "cost_to_inr");
  if (record.contains("trade")) {
    const json& trade = record["trade"];
    if (trade.contains("price_min_inr") && trade.contains("price_max_inr") &&
        trade["price_max_inr"] < trade["price_min_inr"]) {
      error("price_max_inr", "wrong_order", "the highest price is below the lowest; correct one");
    }
  }
}

void RowReader::check_order(const json& record, std::string_view first, std::string_view last,
                            std::string_view column) {
  const auto from = record.find(std::string(first));
  const auto to = record.find(std::string(last));
  if (from == record.end() || to == record.end() || *from <= *to) return;
  error(column, "wrong_order", fmt::format("{} lies before {}; correct one of them", last, first));
}

}  // namespace odop::syncserver

// Which CSV columns make which record: the whole shape of the catalogue, as data.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace odop::syncserver {

inline constexpr std::string_view kAudioType = "audio";

enum class ColumnKind {
  kText,       // one text
  kLocal,      // three columns NAME_en, NAME_hi, NAME_ur (NAME alone counts as NAME_en)
  kName,       // kLocal whose three languages must all be there
  kInteger,    // whole number from `least` to `most`
  kNumber,     // decimal number from `least` to `most`
  kQuantity,   // as kText; when it begins with a number ("10 ml"), that is above 0
  kHsCode,     // 4, 6 or 8 digits: heading, subheading, tariff item of the Harmonized System
  kPhones,     // numbers of 3 (helplines) to 15 digits (E.164), separated by ',', ';' or '/'
  kDate,       // YYYY-MM-DD
  kTime,       // HH:MM, 24 hours
  kChoice,     // one of `argument`, separated by '|'
  kList,       // separated by ';'
  kReference,  // id of a record of type `argument`
  kDistrict,   // name_en of a district; becomes its id
  kDistricts,  // list of those
};

struct Column {
  std::string_view name;  // in the CSV; without language suffix for kLocal and kName
  std::string_view key;   // in the record; "trade.unit" lies inside the object "trade"
  ColumnKind kind = ColumnKind::kText;
  std::string_view argument{};
  bool required = false;  // may not be empty
  double least = 0;
  double most = std::numeric_limits<double>::max();
};

struct Table {
  std::string_view file;  // "products.csv"
  std::string_view type;  // of its records
  std::span<const Column> columns;
  std::string_view id_column;         // the record's id ...
  std::string_view id_prefix_column;  // ... with this one and a dot in front, if not empty
  bool id_is_slug_of_name = false;    // the id is the slug of the id column (districts)
};

// Ascending by dependence: what others refer to comes first.
[[nodiscard]] std::span<const Table> catalogue_tables();

// Null for a file that is no table.
[[nodiscard]] const Table* table_of(std::string_view file);

}  // namespace odop::syncserver

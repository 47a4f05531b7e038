// One row of an imported table: checks each cell and merges it into a record. Pure.
#pragma once

#include "syncserver/service/catalogue_tables.h"
#include "syncserver/service/csv.h"
#include "syncserver/service/import_plan.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

using CsvHeader = std::map<std::string, std::size_t, std::less<>>;

// Ids by record type.
struct KnownIds {
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> named;  // somewhere here
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> valid;  // and right
};

// Whether `name` is a column of the table; `header` tells whether NAME stands for NAME_en.
[[nodiscard]] bool knows_column(const Table& table, const CsvHeader& header, std::string_view name);

// The id as the row spells it, unchecked.
[[nodiscard]] std::string record_id(const Table& table, const CsvHeader& header, const CsvRow& row);

class RowReader {
 public:
  struct Input {
    const std::string& file;
    const Table& table;
    const CsvHeader& header;
    const CsvRow& row;
    const KnownIds& known;
    bool valid_only;
  };

  RowReader(Input input, std::vector<ImportError>& errors) : in_(input), errors_(errors) {}

  // Whether the row has as many cells as the header.
  [[nodiscard]] bool whole();
  [[nodiscard]] bool read_id(std::string& id);
  // Two rows with the same key are one too many. Products may repeat with another district.
  [[nodiscard]] std::string uniqueness_key(const std::string& id);
  // `again`: an earlier row of this file made the record; this one adds a district.
  void merge_into(nlohmann::json& record, bool again);
  // Right in itself, but refers to a row that is wrong.
  [[nodiscard]] bool blocked() const { return blocked_; }

 private:
  void error(std::string_view column, std::string code, std::string message);
  // The cell without outer space; checked for encoding. Nothing when the column is not there.
  [[nodiscard]] std::optional<std::string> cell(std::string_view column);
  [[nodiscard]] bool check_text(std::string_view column, const std::string& text);
  [[nodiscard]] std::string column_of(const Column& column, std::string_view language) const;
  void merge_local(const Column& column, nlohmann::json& texts);
  // A source is in English, its words in Hindi and Urdu come with it: when it changed and they did
  // not come along, they were of the old one and go.
  void forget_old_source(nlohmann::json& object, const std::string& before,
                         std::string_view column) const;
  void merge_facts(nlohmann::json& record);
  void merge_plain(const Column& column, const std::string& text, nlohmann::json& record,
                   bool again);
  // Whether a number lies where the column's may; says so when it does not.
  [[nodiscard]] bool in_range(const Column& column, double value);
  [[nodiscard]] std::optional<std::string> district(std::string_view column,
                                                    const std::string& name);
  [[nodiscard]] bool refer(std::string_view column, std::string_view type, const std::string& id);
  void check_order(const nlohmann::json& record, std::string_view first, std::string_view last,
                   std::string_view column);

  Input in_;
  std::vector<ImportError>& errors_;
  bool blocked_ = false;
};

}  // namespace odop::syncserver

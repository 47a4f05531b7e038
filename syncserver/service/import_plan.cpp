#include "syncserver/service/import_plan.h"

#include "shared/core/bytes.h"
#include "shared/crypto/digest.h"
#include "shared/text/normalise.h"
#include "shared/text/slug.h"
#include "syncserver/service/case_paths.h"
#include "syncserver/service/catalogue_tables.h"
#include "syncserver/service/csv.h"
#include "syncserver/service/import_row.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;

constexpr std::string_view kFigureType = "scheme_figure";

struct ParsedFile {
  std::string name;
  const Table* table = nullptr;
  std::map<std::string, std::size_t, std::less<>> header;
  std::vector<CsvRow> rows;  // without the header
};

bool has_ids(const Table& table, const std::map<std::string, std::size_t, std::less<>>& header) {
  return header.contains(table.id_column) &&
         (table.id_prefix_column.empty() || header.contains(table.id_prefix_column));
}

class Planner {
 public:
  Planner(std::span<const CatalogueRecord> draft, bool valid_only) : valid_only_(valid_only) {
    for (const CatalogueRecord& record : draft) {
      draft_.emplace(record.type + "/" + record.id, &record);
      known_.named[record.type].insert(record.id);
      known_.valid[record.type].insert(record.id);
    }
  }

  ImportPlan run(std::span<const ImportFile> files) {
    std::vector<ParsedFile> parsed;
    for (const ImportFile& file : files) {
      if (std::optional<ParsedFile> one = parse(file)) parsed.push_back(std::move(*one));
    }
    const auto order = [](const ParsedFile& a, const ParsedFile& b) { return a.table < b.table; };
    std::ranges::stable_sort(parsed, order);
    for (const ParsedFile& file : parsed) name_ids(file);
    for (const ParsedFile& file : parsed) read_rows(file);
    check_paths();
    check_slabs();
    finish();
    return std::move(plan_);
  }

 private:
  void report(ImportError error) {
    if (plan_.errors.size() < kMaxImportErrors) {
      plan_.errors.push_back(std::move(error));
    } else if (plan_.errors.size() == kMaxImportErrors) {
      plan_.errors.push_back({error.file, 0, "", "too_many_errors",
                              "there are more errors than are shown; repair these first"});
    }
  }

  std::optional<ParsedFile> parse(const ImportFile& file) {
    auto rows = parse_csv(file.text);
    if (!rows.has_value()) {
      report({file.name, 0, "", "bad_csv",
              rows.error().context + "; save the sheet as CSV (UTF-8, comma separated) again"});
      return std::nullopt;
    }
    if (rows->empty()) {
      report({file.name, 0, "", "empty_file", "the file has no header row; add one"});
      return std::nullopt;
    }
    if (!std::ranges::all_of(rows->front().cells, [](const auto& name) { return is_utf8(name); })) {
      report({file.name, 1, "", "not_utf8",
              "the file is not UTF-8; save the sheet as CSV UTF-8 and try again"});
      return std::nullopt;
    }
    ParsedFile out{file.name, nullptr, {}, {}};
    bool good = true;
    for (std::size_t i = 0; i < rows->front().cells.size(); ++i) {
      const std::string& name = rows->front().cells[i];
      if (!out.header.emplace(name, i).second) {
        report({file.name, 1, name, "duplicate_column", "this column is there twice; remove one"});
        good = false;
      }
    }
    out.table = find_table(file.name, out.header);
    if (out.table == nullptr) {
      report({file.name, 0, "", "unknown_table",
              "neither name nor columns are those of a catalogue table; name it as in "
              "assets/catalogue, for instance products.csv, or move it away"});
      return std::nullopt;
    }
    for (const auto& [name, index] : out.header) {
      if (knows_column(*out.table, out.header, name)) continue;
      report(
          {file.name, 1, name, "unknown_column",
           fmt::format("{} has no such column; correct the name or remove it", out.table->file)});
    }
    for (const std::string_view id : {out.table->id_column, out.table->id_prefix_column}) {
      if (id.empty() || out.header.contains(id)) continue;
      report({file.name, 1, std::string(id), "missing_column",
              "without this column no row can be told from another; add it"});
      good = false;
    }
    if (!good) return std::nullopt;
    out.rows.assign(std::make_move_iterator(rows->begin() + 1),
                    std::make_move_iterator(rows->end()));
    return out;
  }

  static const Table* find_table(const std::string& name,
                                 const std::map<std::string, std::size_t, std::less<>>& header) {
    if (const Table* table = table_of(name)) return table;
    const Table* found = nullptr;
    for (const Table& table : catalogue_tables()) {
      const auto known = [&](const auto& column) {
        return knows_column(table, header, column.first);
      };
      if (!has_ids(table, header) || !std::ranges::all_of(header, known)) continue;
      if (found != nullptr) return nullptr;  // fits two tables
      found = &table;
    }
    return found;
  }

  // What the import itself brings may be referred to, wherever it stands.
  void name_ids(const ParsedFile& file) {
    for (const CsvRow& row : file.rows) {
      if (row.cells.size() != file.header.size()) continue;
      known_.named[std::string(file.table->type)].insert(record_id(*file.table, file.header, row));
    }
  }

  void read_rows(const ParsedFile& file) {
    std::map<std::string, std::size_t> first_row;  // of an id (and district, for products)
    const std::string type(file.table->type);
    for (const CsvRow& row : file.rows) {
      std::vector<ImportError> errors;
      RowReader reader({.file = file.name,
                        .table = *file.table,
                        .header = file.header,
                        .row = row,
                        .known = known_,
                        .valid_only = valid_only_},
                       errors);
      std::string id;
      if (reader.whole() && reader.read_id(id)) {
        const std::string name = type + "/" + id;
        const std::string key = reader.uniqueness_key(id);
        const auto [first, is_new] = first_row.emplace(key, row.number);
        const auto earlier = merged_.find(name);
        if (!is_new) {
          errors.push_back({file.name, row.number, std::string(file.table->id_column),
                            "duplicate_id",
                            fmt::format("\"{}\" stands in row {} already; give this row an id of "
                                        "its own or remove it",
                                        id, first->second)});
        }
        json record = earlier != merged_.end() ? earlier->second : held(name);
        reader.merge_into(record, earlier != merged_.end());
        if (errors.empty() && !reader.blocked()) {
          merged_[name] = std::move(record);
          known_.valid[type].insert(id);
          if (type == kCaseStateType) state_rows_[id] = {file.name, row.number};
          if (type == kFigureType) figure_rows_[id] = {file.name, row.number};
        }
      }
      for (ImportError& error : errors) report(std::move(error));
    }
  }

  [[nodiscard]] json held(const std::string& name) const {
    const auto found = draft_.find(name);
    if (found == draft_.end()) return json::object();
    json record = json::parse(found->second->json, nullptr, false);
    return record.is_object() ? record : json::object();
  }

  // States make sense together only: with what the draft holds of their paths. A path that is wrong
  // stays as it was.
  void check_paths() {
    if (state_rows_.empty()) return;
    std::vector<CatalogueRecord> states;
    for (const auto& [name, record] : draft_) {
      if (record->type == kCaseStateType && !merged_.contains(name)) states.push_back(*record);
    }
    for (const auto& [id, row] : state_rows_) {
      states.push_back({.type = std::string(kCaseStateType),
                        .id = id,
                        .json = merged_.at(state_name(id)).dump()});
    }
    std::set<std::string> wrong_paths;
    for (CasePathProblem& problem : check_case_paths(states)) {
      const std::string path = path_of(problem.record);
      const auto touched = [&](const auto& state) { return path_of(state.first) == path; };
      if (std::ranges::none_of(state_rows_, touched)) continue;
      wrong_paths.insert(path);
      const auto place = state_rows_.find(problem.record);
      const auto& [file, row] =
          place != state_rows_.end() ? place->second : state_rows_.begin()->second;
      report({file, place != state_rows_.end() ? row : 0, std::move(problem.column),
              std::move(problem.code), problem.record + ": " + std::move(problem.message)});
    }
    for (const auto& [id, row] : state_rows_) {
      if (wrong_paths.contains(path_of(id))) merged_.erase(state_name(id));
    }
  }

  // What a project of some cost gets must be one subsidy: those of a scheme may not overlap in cost
  // and time at once, with what the draft holds of it. Costs touch: "to 25 lakh" and "from 25".
  void check_slabs() {
    struct Slab {
      std::string id;
      json record;
    };
    std::vector<Slab> slabs;
    const auto add = [&](const std::string& name, const json& record) {
      if (record.value("use", "") == "subsidy")
        slabs.push_back({name.substr(name.find('/') + 1), record});
    };
    const std::string prefix = std::string(kFigureType) + "/";
    for (const auto& [name, record] : draft_) {
      if (name.starts_with(prefix) && !merged_.contains(name)) add(name, held(name));
    }
    // Those of this import last, in their order: the later row is the one that is wrong.
    std::vector<std::pair<std::size_t, std::string>> rows;
    for (const auto& [id, place] : figure_rows_) rows.emplace_back(place.second, id);
    std::ranges::sort(rows);
    for (const auto& [row, id] : rows) add(prefix + id, merged_.at(prefix + id));
    for (std::size_t i = 0; i < slabs.size(); ++i) {
      const auto place = figure_rows_.find(slabs[i].id);
      if (place == figure_rows_.end()) continue;
      const auto other =
          std::find_if(slabs.begin(), slabs.begin() + static_cast<std::ptrdiff_t>(i),
                       [&](const Slab& one) { return overlap(one.record, slabs[i].record); });
      if (other == slabs.begin() + static_cast<std::ptrdiff_t>(i)) continue;
      report(
          {place->second.first, place->second.second, "cost_from_inr", "overlapping_slabs",
           fmt::format("a project of some cost would get this subsidy and that of \"{}\"; change "
                       "cost_from_inr or cost_to_inr, or the days on which one of them is valid",
                       other->id)});
      merged_.erase(prefix + slabs[i].id);
    }
  }
  static bool overlap(const json& a, const json& b) {
    const auto costs = [](const json& one) {
      return std::pair(one.value("cost_from_inr", std::int64_t{0}),
                       one.value("cost_to_inr", std::numeric_limits<std::int64_t>::max()));
    };
    const auto days = [](const json& one) {
      return std::pair(one.value("valid_from", "0000"), one.value("valid_to", "9999"));
    };
    return a.value("scheme", "") == b.value("scheme", "") && costs(a).first < costs(b).second &&
           costs(b).first < costs(a).second && days(a).first <= days(b).second &&
           days(b).first <= days(a).second;
  }

  static std::string state_name(const std::string& id) {
    return std::string(kCaseStateType) + "/" + id;
  }
  static std::string path_of(const std::string& state) { return state.substr(0, state.rfind('.')); }

  void finish() {
    for (const auto& [name, record] : merged_) {
      const std::size_t slash = name.find('/');
      CatalogueRecord out;
      out.type = name.substr(0, slash);
      out.id = name.substr(slash + 1);
      out.json = record.dump();
      out.hash = to_hex(crypto::sha256(out.json));
      plan_.upserts.push_back(std::move(out));
    }
  }

  bool valid_only_;
  std::map<std::string, const CatalogueRecord*, std::less<>> draft_;
  KnownIds known_;
  std::map<std::string, json> merged_;                                     // by "type/id"
  std::map<std::string, std::pair<std::string, std::size_t>> state_rows_;  // file and row by id
  std::map<std::string, std::pair<std::string, std::size_t>> figure_rows_;
  ImportPlan plan_;
};

}  // namespace

ImportPlan plan_import(std::span<const ImportFile> files, std::span<const CatalogueRecord> draft,
                       bool valid_only) {
  return Planner(draft, valid_only).run(files);
}

}  // namespace odop::syncserver

// Cells that have the right shape and a value that cannot be.
#include "syncserver/service/import_plan.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace odop::syncserver {

namespace {

struct Table {
  const char* file;
  const char* columns;  // of a row that is right as it stands
  const char* cells;
};

const Table kDistrict{"districts.csv", "name_en,name_hi,name_ur", "Kannauj,कन्नौज,قنوج"};
const Table kProduct{"products.csv", "district_en,product_slug,name_en,name_hi,name_ur",
                     "Kannauj,x,X,एक्स,ایکس"};
const Table kScheme{"schemes.csv", "id,name_en,name_hi,name_ur,source,checked_on",
                    "aid,Aid,मदद,مدد,Order 1,2026-11-24"};
const Table kFigure{"scheme_figures.csv",
                    "scheme_id,figure_id,label_en,label_hi,label_ur,source,checked_on",
                    "aid,a,Rate,दर,شرح,Order 1,2026-11-24"};
const Table kOffice{"offices.csv", "id,district_en,name_en,name_hi,name_ur",
                    "diepc,Kannauj,Centre,केंद्र,مرکز"};
const Table kFacility{"facilities.csv",
                      "id,kind,district_en,name_en,name_hi,name_ur,source,checked_on",
                      "lab,laboratory,Kannauj,Laboratory,प्रयोगशाला,تجربہ گاہ,Order 1,2026-11-24"};

ImportFile file_of(const Table& table, const std::string& columns, const std::string& cells) {
  return {table.file, table.columns + columns + "\n" + table.cells + cells + "\n"};
}

std::vector<ImportError> errors_of(const ImportFile& file) {
  std::vector<ImportFile> files;
  for (const Table* one : {&kDistrict, &kScheme}) {
    if (file.name != one->file) files.push_back(file_of(*one, "", ""));
  }
  files.push_back(file);
  return plan_import(files, {}, false).errors;
}

}  // namespace

TEST_CASE("A value out of its bounds is told with row, column and what may stand there",
          "[syncserver][service]") {
  struct Row {
    const Table& table;
    const char* column;
    std::vector<const char*> right;
    std::vector<const char*> wrong;
    const char* code;
  };
  const std::vector<Row> rows = {
      {kFigure, "percent", {"0", "25", "12.5", "100"}, {"-1", "100.5", "2500"}, "out_of_range"},
      {kFigure, "percent", {}, {"inf", "nan", "1e999", "25%"}, "bad_number"},
      {kFigure, "max_inr", {"0", "625000"}, {"-625000"}, "out_of_range"},
      {kProduct,
       "min_order",
       {"1", "10 ml", "0.5 kg", "a set"},
       {"0", "-5", "0 pieces", "-0.5 kg"},
       "out_of_range"},
      {kProduct, "lead_time_days", {"0", "45"}, {"-1"}, "out_of_range"},
      {kProduct,
       "hs_code",
       {"3301", "330129", "33012990"},
       {"33", "33012", "3301.29", "3301 2990", "330129901", "33O1", "-301"},
       "bad_hs_code"},
      {kOffice,
       "phone",
       {"0522-1234567", "+91 98765 43210", "(0522) 123456, 123457", "0522-1234567 / 1234568",
        "112"},
       {"call us", "12", "०५२२-१२३४५६७", "0522-1234567,", "05+22 1234567", "1234567890123456",
        "0522 1234567 ext 3"},
       "bad_phone"},
      {kFacility, "phone", {"0522-1234567"}, {"none"}, "bad_phone"},
      {kDistrict,
       "hq_lat",
       {"27.0514", "23.87", "30.41"},
       {"79.9150", "23.2", "31.1", "-27.0514"},
       "out_of_range"},
      {kDistrict,
       "hq_lon",
       {"79.9150", "77.09", "84.64"},
       {"27.0514", "75.9", "86", "-79.9"},
       "out_of_range"},
  };
  for (const Row& row : rows) {
    const std::string columns = std::string(",") + row.column;
    const auto errors = [&](const std::string& cell) {
      return errors_of(file_of(row.table, columns, ",\"" + cell + "\""));
    };
    for (const char* cell : row.right) {
      CAPTURE(row.column, cell);
      CHECK(errors(cell).empty());
    }
    for (const char* cell : row.wrong) {
      CAPTURE(row.column, cell);
      const auto found = errors(cell);
      REQUIRE(found.size() == 1);
      CHECK(found[0].file == row.table.file);
      CHECK(found[0].row == 2);
      CHECK(found[0].column == row.column);
      CHECK(found[0].code == row.code);
      CHECK(found[0].message.starts_with("write "));
    }
    CHECK(errors("").empty());
  }
}

TEST_CASE("Subsidies of one scheme do not overlap", "[syncserver][service]") {
  struct Row {
    const char* what;
    std::vector<const char*> cells;  // figure, use, from, to, valid from, valid to
    std::size_t wrong_row;           // 0: none
  };
  const std::vector<Row> rows = {
      {"one after the other", {"a,subsidy,0,100,,", "b,subsidy,100,200,,", "c,subsidy,200,,,"}, 0},
      {"the second begins within the first", {"a,subsidy,0,100,,", "b,subsidy,99,200,,"}, 3},
      {"one without an end", {"a,subsidy,0,,,", "b,subsidy,500,900,,"}, 3},
      {"one without any bounds", {"a,subsidy,50,60,,", "b,subsidy,,,,"}, 3},
      {"the same twice", {"a,subsidy,0,100,,", "b,subsidy,100,200,,", "c,subsidy,0,100,,"}, 4},
      {"others than subsidies",
       {"a,own-share,0,100,,", "b,own-share-special,0,100,,", "c,,,,,"},
       0},
      {"each in its own year",
       {"a,subsidy,0,100,2025-04-01,2026-03-31", "b,subsidy,0,100,2026-04-01,"},
       0},
      {"with a day in common",
       {"a,subsidy,0,100,2025-04-01,2026-04-01", "b,subsidy,0,100,2026-04-01,"},
       3},
  };
  const auto figures = [](const std::vector<const char*>& cells) {
    std::string text =
        "scheme_id,label_en,label_hi,label_ur,source,checked_on,figure_id,use,cost_from_inr,"
        "cost_to_inr,valid_from,valid_to\n";
    for (const char* one : cells)
      text += std::string("aid,Rate,दर,شرح,Order 1,2026-11-24,") + one + "\n";
    return ImportFile{"scheme_figures.csv", text};
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto found = errors_of(figures(row.cells));
    REQUIRE(found.size() == (row.wrong_row == 0 ? 0 : 1));
    if (found.empty()) continue;
    CHECK(found[0].row == row.wrong_row);
    CHECK(found[0].column == "cost_from_inr");
    CHECK(found[0].code == "overlapping_slabs");
  }
  // Those of the draft count, unless the import puts others in their place.
  const auto before = plan_import(std::vector{file_of(kDistrict, "", ""), file_of(kScheme, "", ""),
                                              figures({"a,subsidy,0,100,,"})},
                                  {}, false);
  REQUIRE(before.errors.empty());
  const auto after = [&](const char* cells) {
    return plan_import(std::vector{figures({cells})}, before.upserts, false).errors;
  };
  REQUIRE(after("b,subsidy,50,200,,").size() == 1);
  CHECK(after("b,subsidy,50,200,,")[0].message.find("aid.a") != std::string::npos);
  CHECK(after("a,subsidy,50,200,,").empty());
  CHECK(after("b,subsidy,100,200,,").empty());
}

}  // namespace odop::syncserver

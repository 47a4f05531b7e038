#include "syncserver/service/import_plan.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace odop::syncserver {

namespace {

using nlohmann::json;

const ImportFile kFamilies{"families.csv",
                           "id,name_en,name_hi,name_ur,texture,colour\n"
                           "h,Scent,सुगंध,خوشبو,jali,#AA5500\n"};
const ImportFile kDistricts{"districts.csv",
                            "name_en,name_hi,name_ur,family,neighbours\n"
                            "Kannauj,कन्नौज,قنوج,h,Gautam Buddha Nagar\n"
                            "Gautam Buddha Nagar,गौतम बुद्ध नगर,گوتم بدھ نگر,h,Kannauj\n"};
const std::string kProductHeader =
    "district_en,product_slug,name_en,name_hi,name_ur,description_en,description_hi\n";
const std::string kAttar = "Kannauj,kannauj-attar,Attar,इत्र,عطر,A scent,एक सुगंध\n";

ImportFile products(const std::string& rows) { return {"products.csv", kProductHeader + rows}; }

ImportPlan plan(const std::vector<ImportFile>& files,
                const std::vector<CatalogueRecord>& draft = {}, bool valid_only = false) {
  return plan_import(files, draft, valid_only);
}

json record(const ImportPlan& plan, const std::string& type, const std::string& id) {
  for (const auto& one : plan.upserts) {
    if (one.type == type && one.id == id) return json::parse(one.json);
  }
  return nullptr;
}

// The one error that a products.csv with these rows has.
ImportError only_error(const std::string& rows) {
  const auto result = plan({kFamilies, kDistricts, products(rows)});
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].file == "products.csv");
  CHECK_FALSE(result.errors[0].message.empty());
  return result.errors[0];
}

}  // namespace

TEST_CASE("Rows become records with nested languages and district ids", "[syncserver][service]") {
  const auto result = plan({products(kAttar), kDistricts, kFamilies});
  CHECK(result.errors.empty());
  CHECK(result.upserts.size() == 4);
  const json attar = record(result, "product", "kannauj-attar");
  CHECK(attar["name"] == json({{"en", "Attar"}, {"hi", "इत्र"}, {"ur", "عطر"}}));
  CHECK(attar["districts"] == json::array({"kannauj"}));
  CHECK_FALSE(attar.contains("trade"));
  CHECK(record(result, "district", "kannauj")["neighbours"] ==
        json::array({"gautam-buddha-nagar"}));
}

TEST_CASE("Each kind of wrong cell is told with row, column and code", "[syncserver][service]") {
  const auto says = [](const std::string& rows, std::size_t row, const std::string& column,
                       const std::string& code) {
    INFO(rows);
    const ImportError error = only_error(rows);
    CHECK(error.row == row);
    CHECK(error.column == column);
    CHECK(error.code == code);
  };
  says(kAttar + "Atlantis,x,X,एक्स,ایکس,,\n", 3, "district_en", "unknown_district");
  says(kAttar + kAttar, 3, "product_slug", "duplicate_id");
  says("Kannauj,x,X,bµÙkj,ایکس,,\n", 2, "name_hi", "legacy_font");
  says("Kannauj,x,X,b=k,ایکس,,\n", 2, "name_hi", "wrong_script");
  says("Kannauj,x,X,एक्स,,,\n", 2, "name_ur", "missing_language");
  says("Kannauj,x,X,एक्स,ایکس,Only English,\n", 2, "description_hi", "missing_language");
  says("Kannauj,x,X,क\xE0\xA4,ایکس,,\n", 2, "name_hi", "not_utf8");
  says("Kannauj,x,Cafe\u0301,एक्स,ایکس,,\n", 2, "name_en", "not_nfc");
  says("Kannauj,a b,X,एक्स,ایکس,,\n", 2, "product_slug", "bad_id");
  says("Kannauj,,X,एक्स,ایکس,,\n", 2, "product_slug", "missing_id");
  says("Kannauj,x,X,एक्स\n", 2, "", "wrong_cell_count");
}

TEST_CASE("Dates, numbers and choices are checked", "[syncserver][service]") {
  const auto codes = [](const std::string& columns, const std::string& cells) {
    std::vector<std::string> found;
    const auto result = plan({kFamilies,
                              kDistricts,
                              {"events.csv", "event_id,title_en,title_hi,title_ur,district_en," +
                                                 columns + "\ne,E,ई,ای,Kannauj," + cells + "\n"}});
    for (const auto& error : result.errors) found.push_back(error.code);
    return found;
  };
  using Codes = std::vector<std::string>;
  CHECK(codes("start_date,end_date,status", "2024-02-29,2024-03-01,planned").empty());
  CHECK(codes("start_date", "2023-02-29") == Codes{"bad_date"});
  CHECK(codes("start_date", "29-02-2024") == Codes{"bad_date"});
  CHECK(codes("start_date,end_date", "2024-03-02,2024-03-01") == Codes{"wrong_order"});
  CHECK(codes("status", "perhaps") == Codes{"bad_choice"});
  CHECK(codes("remark", "x") == Codes{"unknown_column"});
}

TEST_CASE("A file with some of the columns keeps the rest", "[syncserver][service]") {
  const auto first = plan({kFamilies, kDistricts, products(kAttar)});
  const auto second = plan({{"products.csv",
                             "product_slug,name_en,name_hi,min_order\n"
                             "kannauj-attar,Perfume,इत्र,10 ml\n"}},
                           first.upserts);
  CHECK(second.errors.empty());
  const json attar = record(second, "product", "kannauj-attar");
  CHECK(attar["name"] == json({{"en", "Perfume"}, {"hi", "इत्र"}, {"ur", "عطر"}}));
  CHECK(attar["districts"] == json::array({"kannauj"}));
  CHECK(attar["description"]["hi"] == "एक सुगंध");
  CHECK(attar["trade"]["min_order"] == "10 ml");

  // A new product needs what an old one has already.
  const auto third =
      plan({{"products.csv", "district_en,product_slug,name_en,name_hi\nKannauj,new,N,न\n"}},
           first.upserts);
  REQUIRE(third.errors.size() == 1);
  CHECK(third.errors[0].code == "missing_language");
  CHECK(third.errors[0].column == "name_ur");
}

TEST_CASE("Rows that share a product add their districts", "[syncserver][service]") {
  const std::string second = "Gautam Buddha Nagar,kannauj-attar,Attar,इत्र,عطر,A scent,एक सुगंध\n";
  const auto result = plan({kFamilies, kDistricts, products(kAttar + second)});
  CHECK(result.errors.empty());
  CHECK(record(result, "product", "kannauj-attar")["districts"] ==
        json::array({"kannauj", "gautam-buddha-nagar"}));
}

TEST_CASE("Of a file with errors the right rows can be taken alone", "[syncserver][service]") {
  const ImportFile bad_district{"districts.csv",
                                "name_en,name_hi,name_ur\nKannauj,कन्नौज,قنوج\nMau,,مئو\n"};
  const auto result = plan({bad_district, products(kAttar + "Mau,mau-x,X,एक्स,ایکس,,\n")}, {}, true);
  CHECK(record(result, "product", "kannauj-attar").is_object());
  CHECK(record(result, "product", "mau-x").is_null());
  const auto dependent = [](const ImportError& error) { return error.code == "refers_to_bad_row"; };
  CHECK(std::ranges::count_if(result.errors, dependent) == 1);
}

TEST_CASE("A table under another name is known by its columns", "[syncserver][service]") {
  ImportFile renamed = products(kAttar);
  renamed.name = "new products.csv";
  CHECK(plan({kFamilies, kDistricts, renamed}).errors.empty());
  const auto foreign = plan({{"neighbours.csv", "district_a,district_b\nAgra,Etah\n"}});
  REQUIRE(foreign.errors.size() == 1);
  CHECK(foreign.errors[0].code == "unknown_table");
}

TEST_CASE("A file that is no table is told as a whole", "[syncserver][service]") {
  const auto only = [](const std::string& text) {
    const auto result = plan({{"units.csv", text}});
    INFO(text.substr(0, 60));
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].file == "units.csv");
    return result.errors[0];
  };
  CHECK(only("").code == "empty_file");
  CHECK(only("\xEF\xBB\xBF\r\n\r\n").code == "empty_file");
  CHECK(only("id,name_en,name_hi,name_ur\n\"a,A,अ,ا\n").code == "bad_csv");
  CHECK(only("id,name_en,name_hi,name_ur,id\na,A,अ,ا,b\n").code == "duplicate_column");
  CHECK(only("name_en,name_hi,name_ur\nA,अ,ا\n").code == "missing_column");
  // UTF-16, as "Unicode text" is saved by spreadsheets.
  CHECK(only(std::string("\xFF\xFEi\0d\0,\0", 8)).code == "not_utf8");
  const auto unknown = only("id,name_en,name_hi,name_ur,colour\na,A,अ,ا,red\n");
  CHECK(unknown.code == "unknown_column");
  CHECK(unknown.row == 1);
  CHECK(unknown.column == "colour");
}

TEST_CASE("A sheet's byte order mark, line ends and empty rows do no harm",
          "[syncserver][service]") {
  const auto result = plan({{"units.csv",
                             "\xEF\xBB\xBFid,name_en,name_hi,name_ur\r\n\"box\",\"Box, "
                             "\"\"big\"\"\",डिब्बा,ڈبہ\r\n,,,\r\n"}});
  CHECK(result.errors.empty());
  REQUIRE(result.upserts.size() == 1);
  CHECK(record(result, "unit", "box")["name"]["en"] == "Box, \"big\"");
}

TEST_CASE("Huge cells are refused where they stand", "[syncserver][service]") {
  const auto text = [](std::size_t size) {
    return plan({{"units.csv",
                  "id,name_en,name_hi,name_ur\nbox," + std::string(size, 'x') + ",डिब्बा,ڈبہ\n"}});
  };
  CHECK(text(kMaxCellBytes).errors.empty());
  const auto huge = text(kMaxCellBytes + 1);
  REQUIRE(huge.errors.size() == 1);
  CHECK(huge.errors[0].code == "too_long");
  CHECK(huge.errors[0].row == 2);
  CHECK(huge.errors[0].column == "name_en");
  CHECK(huge.errors[0].message.size() < 200);
  CHECK(text(4 * 1024 * 1024).errors.size() == 1);
}

TEST_CASE("Numbers and references are checked", "[syncserver][service]") {
  const auto codes = [](const std::string& columns, const std::string& cells) {
    std::vector<std::string> found;
    const auto result =
        plan({kFamilies,
              kDistricts,
              {"products.csv", "district_en,product_slug,name_en,name_hi,name_ur," + columns +
                                   "\nKannauj,x,X,एक्स,ایکس," + cells + "\n"}});
    for (const auto& error : result.errors) found.push_back(error.code);
    return found;
  };
  using Codes = std::vector<std::string>;
  CHECK(codes("price_min_inr,price_max_inr", "100,250").empty());
  CHECK(codes("price_min_inr", "\"2,500\"") == Codes{"bad_number"});
  CHECK(codes("price_min_inr", "-1") == Codes{"out_of_range"});
  CHECK(codes("price_min_inr", "99999999999999999999") == Codes{"bad_number"});
  CHECK(codes("price_min_inr,price_max_inr", "250,100") == Codes{"wrong_order"});
  CHECK(codes("family", "z") == Codes{"unknown_reference"});
  CHECK(codes("unit", "barrel") == Codes{"unknown_reference"});
  CHECK(codes("gi_tagged", "maybe") == Codes{"bad_choice"});
  CHECK(codes("fact1_en,fact1_hi", "A fact,एक बात") == Codes{"missing_value"});
  CHECK(codes("fact1_en,fact1_hi,fact_source", "A fact,एक बात,Gazette").empty());
  CHECK(codes("fact1_en,fact1_hi,fact_source,fact_source_hi,fact_source_ur",
              "A fact,एक बात,Gazette,राजपत्र,گزٹ")
            .empty());
}

TEST_CASE("Hindi from a legacy font is told from Hindi", "[syncserver][service]") {
  const auto code = [](const std::string& hindi) {
    const auto result =
        plan({{"units.csv", "id,name_en,name_hi,name_ur\nbox,Box," + hindi + ",ڈبہ\n"}});
    return result.errors.empty() ? std::string("good") : result.errors[0].code;
  };
  CHECK(code("डिब्बा") == "good");
  CHECK(code("डिब्बा (Box)") == "good");
  CHECK(code("डिब्बा 12 × 5") == "good");
  CHECK(code("fMCck") == "wrong_script");
  CHECK(code("¼fMCck½") == "wrong_script");
  CHECK(code("ƒkM+h") == "legacy_font");    // Latin Extended-B
  CHECK(code("µdqyT") == "legacy_font");    // Greek (and the micro sign)
  CHECK(code("डिब्बा µ") == "legacy_font");  // half converted
  CHECK(code("डि\u200Cब्बा") == "good");     // ZWNJ belongs into Hindi
  CHECK(code("डिब्\uFFFDबा") == "bad_character");
  CHECK(code("\u0921\u093C") == "good");
  CHECK(code("\u095C") == "not_nfc");  // a letter that NFC takes apart
}

TEST_CASE("A file that is wrong in every row is cut short", "[syncserver][service]") {
  std::string rows;
  for (int i = 0; i < 3'000; ++i) rows += "Atlantis,p" + std::to_string(i) + ",X,एक्स,ایکس,,\n";
  const auto result = plan({kFamilies, kDistricts, products(rows)});
  CHECK(result.errors.size() == kMaxImportErrors + 1);
  CHECK(result.errors.back().code == "too_many_errors");
}

}  // namespace odop::syncserver

// Import checks of schemes, eligibility, help in a district and sessions.
#include "syncserver/service/import_plan.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace odop::syncserver {

namespace {

using nlohmann::json;
using Codes = std::vector<std::string>;

const ImportFile kFamilies{"families.csv",
                           "id,name_en,name_hi,name_ur,texture,colour\n"
                           "h,Scent,सुगंध,خوشبو,jali,#AA5500\n"};
const ImportFile kDistricts{"districts.csv",
                            "name_en,name_hi,name_ur,family\nKannauj,कन्नौज,قنوج,h\n"};
const ImportFile kSchemes{"schemes.csv",
                          "id,name_en,name_hi,name_ur,source,checked_on\n"
                          "aid,Aid,मदद,مدد,Order 1,2026-11-24\n"};
const ImportFile kEvents{"events.csv",
                         "event_id,title_en,title_hi,title_ur,district_en,start_date,end_date\n"
                         "fair,Fair,मेला,میلہ,Kannauj,2026-12-01,2026-12-03\n"};

ImportPlan plan(const ImportFile& file) {
  const std::vector<ImportFile> files{kFamilies, kDistricts, kSchemes, kEvents, file};
  return plan_import(files, {}, false);
}

Codes codes(const std::string& name, const std::string& columns, const std::string& cells) {
  Codes found;
  for (const auto& error : plan({name, columns + "\n" + cells + "\n"}).errors) {
    found.push_back(error.code);
  }
  return found;
}

}  // namespace

TEST_CASE("A figure of a scheme needs its source and the day of its check",
          "[syncserver][service]") {
  const auto of = [](const std::string& columns, const std::string& cells) {
    return codes("scheme_figures.csv",
                 "scheme_id,figure_id,label_en,label_hi,label_ur,source,checked_on" + columns,
                 cells);
  };
  CHECK(of("", "aid,a,Rate,दर,شرح,Order 1,2026-11-24").empty());
  CHECK(of("", "aid,a,Rate,दर,شرح,,2026-11-24") == Codes{"missing_value"});
  CHECK(of("", "aid,a,Rate,दर,شرح,Order 1,") == Codes{"missing_value"});
  CHECK(of("", "other,a,Rate,दर,شرح,Order 1,2026-11-24") == Codes{"unknown_reference"});
  CHECK(of(",use", "aid,a,Rate,दर,شرح,Order 1,2026-11-24,gift") == Codes{"bad_choice"});
  CHECK(of(",percent", "aid,a,Rate,दर,شرح,Order 1,2026-11-24,ten") == Codes{"bad_number"});
  CHECK(of(",cost_from_inr,cost_to_inr", "aid,a,Rate,दर,شرح,Order 1,2026-11-24,500,400") ==
        Codes{"wrong_order"});
}

TEST_CASE("A source's other languages come with it, and go when it changes without them",
          "[syncserver][service]") {
  const auto scheme = [](const ImportPlan& plan) {
    for (const auto& one : plan.upserts) {
      if (one.type == "scheme") return json::parse(one.json);
    }
    return json();
  };
  const std::string head = "id,name_en,name_hi,name_ur,checked_on,source";
  const std::string row = "aid,Aid,मदद,مدد,2026-11-24,";
  const auto import = [](const std::string& csv, const std::vector<CatalogueRecord>& draft) {
    const std::vector<ImportFile> files{{"schemes.csv", csv}};
    return plan_import(files, draft, false);
  };
  const auto first = import(head + ",source_hi,source_ur\n" + row + "Order 1,आदेश 1,حکم 1\n", {});
  REQUIRE(first.errors.empty());
  CHECK(scheme(first).at("source") == "Order 1");
  CHECK(scheme(first).at("source_hi") == "आदेश 1");
  CHECK(scheme(first).at("source_ur") == "حکم 1");

  const auto again = [&](const std::string& file) {
    auto next = import(file, first.upserts);
    REQUIRE(next.errors.empty());
    return next;
  };
  // An unchanged source keeps them, even when the file knows nothing of them.
  CHECK(scheme(again(head + ",confidence\n" + row + "Order 1,high\n")).at("source_hi") == "आदेश 1");
  const json changed = scheme(again(head + "\n" + row + "Order 2\n"));
  CHECK(changed.at("source") == "Order 2");
  CHECK_FALSE(changed.contains("source_hi"));
  CHECK_FALSE(changed.contains("source_ur"));
  const json told = scheme(again(head + ",source_hi,source_ur\n" + row + "Order 2,आदेश 2,\n"));
  CHECK(told.at("source_hi") == "आदेश 2");
  CHECK_FALSE(told.contains("source_ur"));
}

TEST_CASE("A card of eligibility says what it needs, in three languages", "[syncserver][service]") {
  const std::string columns =
      "scheme_id,rule_id,place,question_en,question_hi,question_ur,needs,met_en,met_hi,met_ur,"
      "unmet_en,unmet_hi,unmet_ur,source,checked_on";
  const std::string row = "aid,age,1,Adult?,बालिग?,بالغ؟,yes,Yes,हां,ہاں,No,नहीं,نہیں,Order 1,";
  const auto good = plan({"eligibility.csv", columns + "\n" + row + "2026-11-24\n"});
  CHECK(good.errors.empty());
  const auto made = std::ranges::find(good.upserts, "aid.age", &CatalogueRecord::id);
  REQUIRE(made != good.upserts.end());
  const json record = json::parse(made->json);
  CHECK(record["scheme"] == "aid");
  CHECK(record["place"] == 1);
  CHECK(record["unmet"]["hi"] == "नहीं");
  CHECK(codes("eligibility.csv", columns, row) == Codes{"missing_value"});
  CHECK(codes("eligibility.csv", columns,
              "aid,age,1,Adult?,बालिग?,بالغ؟,perhaps,Yes,हां,ہاں,No,नहीं,نہیں,Order 1,2026-11-24") ==
        Codes{"bad_choice"});
  CHECK(codes("eligibility.csv", columns,
              "aid,age,1,Adult?,बालिग?,بالغ؟,yes,Yes,हां,ہاں,No,,نہیں,Order 1,2026-11-24") ==
        Codes{"missing_language"});
}

TEST_CASE("Help in a district is told with its source", "[syncserver][service]") {
  const std::string columns = "id,kind,district_en,name_en,name_hi,name_ur,source,checked_on";
  CHECK(codes("facilities.csv", columns, "l,laboratory,Kannauj,Lab,लैब,لیب,Gazette,2026-11-24")
            .empty());
  CHECK(codes("facilities.csv", columns, "l,garage,Kannauj,Lab,लैब,لیب,Gazette,2026-11-24") ==
        Codes{"bad_choice"});
  CHECK(codes("facilities.csv", columns, "l,laboratory,Atlantis,Lab,लैब,لیب,Gazette,2026-11-24") ==
        Codes{"unknown_district"});
  CHECK(codes("facilities.csv", columns, "l,laboratory,Kannauj,Lab,लैब,لیب,,2026-11-24") ==
        Codes{"missing_value"});
  const std::string batch =
      "id,district_en,title_en,title_hi,title_ur,start_date,end_date,status,source,checked_on";
  CHECK(codes("training_batches.csv", batch,
              "b,Kannauj,Ten days,दस दिन,دس دن,2026-12-01,2026-12-10,open,Notice,2026-11-24")
            .empty());
  CHECK(codes("training_batches.csv", batch,
              "b,Kannauj,Ten days,दस दिन,دس دن,2026-12-10,2026-12-01,open,Notice,2026-11-24") ==
        Codes{"wrong_order"});
  const std::string question =
      "id,question_en,question_hi,question_ur,answer_en,answer_hi,answer_ur,source,checked_on";
  CHECK(codes("questions.csv", question, "q,Where?,कहां?,کہاں؟,There,वहां,وہاں,Order,2026-11-24")
            .empty());
  CHECK(codes("questions.csv", question, "q,Where?,कहां?,کہاں؟,There,,وہاں,Order,2026-11-24") ==
        Codes{"missing_language"});
}

TEST_CASE("A session belongs to an event and has an hour of the day", "[syncserver][service]") {
  const auto of = [](const std::string& hours) {
    return codes("sessions.csv",
                 "event_id,session_id,title_en,title_hi,title_ur,date,status,start_time,end_time",
                 "fair,talk,Talk,वार्ता,گفتگو,2026-12-01,planned," + hours);
  };
  CHECK(of("10:30,11:45").empty());
  CHECK(of("10:30,").empty());
  CHECK(of(",").empty());
  CHECK(of("24:00,") == Codes{"bad_time"});
  CHECK(of("10:60,") == Codes{"bad_time"});
  CHECK(of("9:30,") == Codes{"bad_time"});
  CHECK(of("10.30,") == Codes{"bad_time"});
  CHECK(of("11:45,10:30") == Codes{"wrong_order"});
  CHECK(codes("sessions.csv", "event_id,session_id,title_en,title_hi,title_ur,date,status",
              "none,talk,Talk,वार्ता,گفتگو,2026-12-01,planned") == Codes{"unknown_reference"});
}

}  // namespace odop::syncserver

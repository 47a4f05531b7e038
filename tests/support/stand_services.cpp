#include "tests/support/stand_services.h"

#include "shared/text/slug.h"
#include "tests/support/catalogue_values.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace odop::test {

namespace {

const std::filesystem::path kCatalogue =
    std::filesystem::path(ODOP_SOURCE_DIR) / "assets/catalogue";

kiosk::LocalText local(CsvRow& row, const std::string& column) {
  return {{row[column + "_hi"], row[column + "_en"], row[column + "_ur"]}};
}

std::optional<std::int64_t> whole(CsvRow& row, const std::string& column) {
  if (row[column].empty()) return std::nullopt;
  return std::stoll(row[column]);
}

kiosk::Dated dated(CsvRow& row) {
  return {row["valid_from"],
          row["valid_to"],
          {{row["source_hi"], row["source"], row["source_ur"]}},
          row["checked_on"]};
}

void add_schemes(kiosk::Catalogue& catalogue) {
  for (auto& row : read_csv(kCatalogue / "schemes.csv")) {
    catalogue.schemes.push_back({row["id"], local(row, "name"), local(row, "summary"),
                                 row["apply_by"], row["apply_where"], dated(row)});
  }
  for (auto& row : read_csv(kCatalogue / "scheme_figures.csv")) {
    kiosk::SchemeFigure figure;
    figure.scheme = row["scheme_id"];
    figure.id = figure.scheme + "." + row["figure_id"];
    figure.label = local(row, "label");
    figure.use = row["use"];
    if (!row["percent"].empty()) figure.percent = std::stod(row["percent"]);
    figure.max_inr = whole(row, "max_inr");
    figure.cost_from_inr = whole(row, "cost_from_inr");
    figure.cost_to_inr = whole(row, "cost_to_inr");
    figure.whichever_is = row["whichever_is"];
    figure.confidence = row["confidence"];
    figure.dated = dated(row);
    catalogue.scheme_figures.push_back(std::move(figure));
  }
  for (auto& row : read_csv(kCatalogue / "eligibility.csv")) {
    catalogue.eligibility.push_back({row["scheme_id"] + "." + row["rule_id"], row["scheme_id"],
                                     std::stoll(row["place"]), local(row, "question"),
                                     row["needs"] == "yes", local(row, "met"), local(row, "unmet"),
                                     row["icon"], dated(row)});
  }
}

void add_case_states(kiosk::Catalogue& catalogue) {
  for (auto& row : read_csv(kCatalogue / "case_states.csv")) {
    catalogue.case_states.push_back({row["path"] + "." + row["state"], row["path"], row["state"],
                                     std::stoll(row["order"]), row["station"] == "yes",
                                     row["final"] == "yes", local(row, "name"),
                                     local(row, "sentence"), row["icon"]});
  }
}

void add_help(kiosk::Catalogue& catalogue) {
  for (auto& row : read_csv(kCatalogue / "institutions.csv")) {
    catalogue.institutions.push_back(
        {row["id"], slug(row["district_en"]), row["statewide"] == "yes", local(row, "name"),
         local(row, "address"), local(row, "hours"), local(row, "note"), row["phone"], dated(row)});
  }
  for (auto& row : read_csv(kCatalogue / "questions.csv")) {
    catalogue.questions.push_back({row["id"], slug(row["district_en"]), row["scheme_id"],
                                   local(row, "question"), local(row, "answer"), dated(row)});
  }
  const kiosk::Dated made{
      "", "", {{"जांच के लिए", "made up for tests", "جانچ کے لیے"}}, "2026-11-20"};
  catalogue.facilities.push_back(
      {"kannauj-centre",
       "common-facility-centre",
       "kannauj",
       {{"इत्र सामान्य सुविधा केंद्र", "Perfume common facility centre", "عطر مشترکہ سہولت مرکز"}},
       {{"मकरंद नगर, कन्नौज", "Makrand Nagar, Kannauj", "مکرند نگر، قنوج"}},
       {{"सुबह 10 से शाम 5, रविवार बंद", "10 am to 5 pm, closed on Sundays",
         "صبح 10 سے شام 5، اتوار بند"}},
       {{"आसवन और बोतल भरने की मशीनें", "Stills and bottling machines",
         "کشید اور بوتل بھرنے کی مشینیں"}},
       "+915694200000",
       made});
  catalogue.facilities.push_back(
      {"kannauj-laboratory",
       "laboratory",
       "kannauj",
       {{"सुगंध जांच प्रयोगशाला", "Fragrance testing laboratory", "خوشبو جانچ لیبارٹری"}},
       {},
       {},
       {},
       "",
       made});
  catalogue.batches.push_back({"kannauj-batch-3",
                               "odop-skill-toolkit",
                               "kannauj",
                               {{"इत्र बनाने का प्रशिक्षण, बैच 3", "Training in attar making, batch 3",
                                 "عطر سازی کی تربیت، بیچ 3"}},
                               {{"आईटीआई, कन्नौज", "ITI, Kannauj", "آئی ٹی آئی، قنوج"}},
                               "2026-12-07",
                               "2026-12-16",
                               "2026-11-30",
                               25,
                               "open",
                               made});
}

kiosk::Event event(const std::string& id, kiosk::LocalText title, const std::string& district,
                   const std::string& start, const std::string& end, const std::string& status) {
  kiosk::Event out{id, std::move(title), district, {}, start, end, status};
  return out;
}

// The stand's day is 21 November 2026, at Awadh Shilp Gram in Lucknow.
void add_events(kiosk::Catalogue& catalogue) {
  auto today = event("asg-winter", {{"शीत शिल्प मेला", "Winter craft fair", "سرمائی دستکاری میلہ"}},
                     "lucknow", "2026-11-19", "2026-11-23", "planned");
  today.venue_id = "awadh-shilp-gram";
  today.venue = {{"अवध शिल्प ग्राम", "Awadh Shilp Gram", "اودھ شلپ گرام"}};
  catalogue.events.push_back(today);
  auto moved =
      event("lucknow-buyers",
            {{"क्रेता-विक्रेता सम्मेलन", "Buyers' and sellers' meet", "خریدار و فروخت کنندہ اجلاس"}},
            "lucknow", "2026-12-12", "2026-12-13", "moved");
  moved.first_start = "2026-12-05";
  moved.about = true;
  catalogue.events.push_back(moved);
  catalogue.events.push_back(event(
      "kannauj-attar-fair", {{"कन्नौज इत्र महोत्सव", "Kannauj attar festival", "قنوج عطر مہوتسو"}},
      "kannauj", "2026-12-20", "2026-12-22", "cancelled"));
  const auto session = [&](const std::string& id, kiosk::LocalText title, const std::string& day,
                           const std::string& from, const std::string& to,
                           const std::string& status) {
    catalogue.sessions.push_back({"asg-winter." + id,
                                  "asg-winter",
                                  std::move(title),
                                  day,
                                  from,
                                  to,
                                  {{"हॉल 2", "Hall 2", "ہال 2"}},
                                  status});
  };
  session("gem", {{"जीईएम पर बिक्री कैसे करें", "How to sell on GeM", "جی ای ایم پر فروخت کیسے کریں"}},
          "2026-11-21", "11:00", "12:30", "planned");
  session("packing", {{"पैकेजिंग कार्यशाला", "Packaging workshop", "پیکیجنگ ورکشاپ"}}, "2026-11-21",
          "15:00", "16:00", "moved");
  session("loans", {{"बैंक ऋण शिविर", "Bank loan camp", "بینک قرض کیمپ"}}, "2026-11-22", "10:30", "",
          "cancelled");
}

}  // namespace

void add_stand_services(kiosk::Catalogue& catalogue) {
  add_schemes(catalogue);
  add_case_states(catalogue);
  add_help(catalogue);
  add_events(catalogue);
}

}  // namespace odop::test

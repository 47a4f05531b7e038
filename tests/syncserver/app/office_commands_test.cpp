// Sheets, duplicates, figures, take-downs and erasure by commands, with bad arguments too.
#include "tests/syncserver/app/office.h"

#include <fstream>
#include <iterator>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string read_all(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("A district's cases go out as a sheet and come back", "[syncserver][app]") {
  const SmallOffice office;
  const fs::path file = office.folder / "agra.csv";
  CHECK(office.server.json({"cases", "export", "--district", "agra", "--out", file}).at("cases") ==
        1);
  std::string sheet = read_all(file);
  CHECK(sheet.starts_with("\xEF\xBB\xBFreference,kind,form,district,"));
  CHECK(sheet.find("'+919876543210") != std::string::npos);
  CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(office.server.json({"cases", "import", file}).at("untouched") == 1);

  // new_state and remark are the two empty cells before portal_reference and `seen`, which is 1.
  const auto at = sheet.find(",,,,1,");
  REQUIRE(at != std::string::npos);
  sheet.replace(at, 6, ",answered,450,,1,");
  std::ofstream(file, std::ios::binary) << sheet;
  const auto preview = office.server.json({"cases", "import", file, "--preview"});
  CHECK(preview.at("applied") == false);
  CHECK(preview.at("changes").at(0).at("to") == "answered");
  CHECK(preview.at("changes").at(0).at("remark") == "450");
  CHECK(
      office.server.refused({"cases", "import", file, "--district", "kannauj"}, 1).find("row 2") !=
      std::string::npos);
  CHECK(office.server.json({"cases", "import", file}).at("applied") == true);
  CHECK(office.server.refused({"cases", "import", file}, 1).find("nothing was changed") !=
        std::string::npos);  // it went on since the export
  const auto shown = office.server.json({"submissions", "show", office.reference});
  CHECK(shown.dump().find("450") != std::string::npos);

  (void)office.server.refused({"cases", "export", "--district", "atlantis"}, 1);
  (void)office.server.refused({"cases", "export"}, 2);
  (void)office.server.refused({"cases", "import", office.folder / "none.csv"}, 1);
}

TEST_CASE("Figures are told as JSON and as a table", "[syncserver][app]") {
  const SmallOffice office;
  const std::chrono::year_month_day today{
      std::chrono::floor<std::chrono::days>(office.clock.wall() + std::chrono::minutes{330})};
  const std::string month = std::to_string(static_cast<int>(today.year())) +
                            (static_cast<unsigned>(today.month()) < 10 ? "-0" : "-") +
                            std::to_string(static_cast<unsigned>(today.month()));
  const auto figures = office.server.json({"report", "--month", month, "--district", "agra"});
  CHECK(figures.at("period") == month);
  CHECK(figures.at("kinds").at("enquiry").at("received") == 1);
  CHECK(figures.at("kinds").at("enquiry").at("overdue") == 0);
  const auto whole = office.server.json({"report", "--state-months", month, "--public"});
  CHECK(whole.at("districts").size() == 2);
  CHECK(whole.at("kinds").at("enquiry").at("received") == "<5");
  const auto csv = office.server.text({"report", "--month", month, "--csv"});
  CHECK(csv.starts_with("\xEF\xBB\xBFperiod,district,measure,kind,scheme,state,count\r\n"));
  CHECK(csv.find(month + ",agra,received,enquiry,,,1\r\n") != std::string::npos);
  CHECK(csv.find(month + ",all,received,enquiry,,,2\r\n") != std::string::npos);

  (void)office.server.refused({"report"}, 2);
  (void)office.server.refused({"report", "--month", "November"}, 2);
  (void)office.server.refused({"report", "--month", month, "--state-months", month}, 2);
  (void)office.server.refused({"report", "--month", month, "--district", "atlantis"}, 1);
}

TEST_CASE("Duplicates, drafts, take-downs and erasure refuse what makes no sense",
          "[syncserver][app]") {
  const SmallOffice office;
  CHECK(office.server.json({"duplicates", "list"}).empty());
  (void)office.server.refused(
      {"duplicates", "settle", office.reference, office.reference, "--same"}, 2);
  (void)office.server.refused({"duplicates", "settle", office.reference, office.reference}, 2);
  (void)office.server.refused({"duplicates", "settle", "12", "13", "--different"}, 2);
  CHECK(office.server.json({"drafts", "list"}).empty());
  (void)office.server.refused({"drafts", "accept", office.reference}, 1);
  (void)office.server.refused({"drafts", "accept", "x"}, 2);
  CHECK(office.server.json({"erase", "due"}) == json({{"references", json::array()},
                                                      {"done", true},
                                                      {"backups_cleaned", json::array()},
                                                      {"backups_left", json::array()}}));
  CHECK(office.server.json({"erase", "due", "--preview"}).at("done") == false);
  (void)office.server.refused({"erase"}, 2);

  (void)office.server.refused({"catalogue", "take-down", "nonsense"}, 2);
  (void)office.server.json({"catalogue", "publish"});
  CHECK(office.server.json({"catalogue", "take-down", "district/agra"}).at("taken_down") ==
        json::array({"district/agra"}));
  CHECK(office.server.json({"catalogue", "lift", "district/agra"}).at("taken_down").empty());
  (void)office.server.refused({"submissions", "list", "--escalation", "0"}, 2);
  CHECK(office.server.json({"submissions", "list", "--escalation", "1"}).empty());
}

}  // namespace odop::syncserver

// The catalogue from files to releases, and the fleet, as an admin types it.
#include "tests/support/temp_folder.h"
#include "tests/syncserver/app/commands.h"
#include "tests/syncserver/service/photographs.h"

#include <fstream>
#include <set>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::Commands;

const std::string kCatalogue = ODOP_SOURCE_DIR "/assets/catalogue";

std::string put(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

}  // namespace

TEST_CASE("The catalogue goes from files to releases by commands", "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  (void)server.json({"init"});
  CHECK(server.refused({"catalogue", "publish"}, 1).find("empty") != std::string::npos);
  const auto imported = server.json({"catalogue", "import", kCatalogue});
  CHECK(imported.at("errors") == json::array());
  CHECK(imported.at("imported") > 75 + 122);
  const auto first = server.json({"catalogue", "publish"});
  CHECK(first.at("release") == 1);
  CHECK(first.at("records") == imported.at("imported"));
  CHECK(first.at("media") == 0);

  const std::string units =
      put(temp / "units.csv", "id,name_en,name_hi,name_ur\nbox,Box,डिब्बा,ڈبہ\n");
  CHECK(server.json({"catalogue", "import", units}).at("imported") == 1);
  put(temp / "pictures" / "media" / "kannauj-attar.jpg", test::photograph(600, 400));
  CHECK(server.json({"catalogue", "import", temp / "pictures"}).at("pictures") == 1);
  const auto difference = server.json({"catalogue", "diff"});
  CHECK(difference.at("from") == 1);
  CHECK(difference.at("added") == json::array({"unit/box"}));
  CHECK(difference.at("changed") == json::array({"product/kannauj-attar"}));
  CHECK(difference.at("removed").empty());
  CHECK(server.text({"catalogue", "diff"}).find("+ unit/box\n~ product/kannauj-attar\n") == 0);
  const auto second = server.json({"catalogue", "publish"});
  CHECK(second.at("release") == 2);
  CHECK(second.at("media") == 2);
  CHECK(second.at("changed") == true);
  CHECK(server.json({"catalogue", "publish"}).at("changed") == false);

  CHECK(server.json({"catalogue", "remove", "unit/box", "unit/box"}).at("removed") == 1);
  CHECK(server.json({"catalogue", "diff"}).at("removed") == json::array({"unit/box"}));
  CHECK(server.refused({"catalogue", "remove", "unit/box"}, 1).find("unit/box") !=
        std::string::npos);
  CHECK(server.refused({"catalogue", "remove", "district/kannauj"}, 1).find("refers to") !=
        std::string::npos);

  const auto back = server.json({"catalogue", "rollback", "1"});
  CHECK(back.at("release") == 3);
  CHECK(back.at("records") == first.at("records"));
  CHECK(back.at("media") == 0);
  CHECK(server.refused({"catalogue", "rollback", "9"}, 1).find("no release 9") !=
        std::string::npos);
  (void)server.refused({"catalogue", "diff", "--from", "9"}, 1);
  const auto whole = server.json({"verify"});
  CHECK(whole.at("ok") == true);
  CHECK(whole.at("releases") == 3);
}

TEST_CASE("Which program a release wants is set, shown and kept", "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  (void)server.json({"init"});
  (void)server.json({"catalogue", "import", kCatalogue});
  // Its forms want more than the first program, and say so by themselves.
  CHECK(server.json({"catalogue", "publish"}).at("minimum_app") == 2);
  CHECK(server.refused({"catalogue", "publish", "--minimum-app", "1"}, 1)
            .find("form/enquiry wants program 2") != std::string::npos);
  (void)server.refused({"catalogue", "publish", "--minimum-app", "0"}, 2);
  (void)server.refused({"catalogue", "publish", "--minimum-app", "-1"}, 2);

  const auto raised = server({"catalogue", "publish", "--minimum-app", "7", "--json"});
  CHECK(raised.exit_code == 0);
  CHECK(raised.err.find("newer than what came with this server") != std::string::npos);
  CHECK(json::parse(raised.out).at("release") == 2);
  const auto lowered = server({"catalogue", "publish", "--minimum-app", "2", "--json"});
  CHECK(lowered.exit_code == 0);
  CHECK(lowered.err.find("the release before was for program 7") != std::string::npos);

  const auto all = server.json({"catalogue", "releases"});
  REQUIRE(all.size() == 3);
  CHECK(all.at(0).at("release") == 3);
  CHECK(all.at(0).at("previous") == 2);
  CHECK(all.at(0).at("minimum_app") == 2);
  CHECK(all.at(1).at("minimum_app") == 7);
  CHECK(server.json({"catalogue", "releases", "--last", "1"}).size() == 1);
  CHECK(server.text({"catalogue", "releases"}).find("from program 7 on") != std::string::npos);
  (void)server.json({"kiosk", "add", "--name", "gate"});
  const auto fleet = server.json({"kiosk", "list"});
  CHECK(fleet.at(0).at("app_number") == 0);
  CHECK(fleet.at(0).at("waiting_program") == 0);
}

TEST_CASE("An import reports file, row, column, code and what to do", "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  (void)server.json({"init"});
  const std::string bad = temp / "bad";
  put(temp / "bad" / "units.csv",
      "\xEF\xBB\xBFid,name_en,name_hi,name_ur\r\n"
      "box,Box,डिब्बा,ڈبہ\r\nbox,Case,बक्सा,بکس\r\ntin,Tin,ƒkM+h,ٹین\r\nbag,Bag,,تھیلا\r\n");
  put(temp / "bad" / "events.csv",
      "event_id,title_en,title_hi,title_ur,district_en,start_date\n"
      "fair,Fair,मेला,میلہ,Atlantis,2026-02-30\n");
  const auto failed = server({"catalogue", "import", bad, "--json"});
  CHECK(Commands::refusal(failed, 1).find("nothing was imported: 5 errors") != std::string::npos);
  const auto report = json::parse(failed.out);
  CHECK(report.at("imported") == 0);
  std::set<std::string> seen;
  for (const auto& error : report.at("errors")) {
    CHECK(error.at("message").get<std::string>().size() > 10);
    seen.insert(error.at("file").get<std::string>() + ":" + error.at("row").dump() + ":" +
                error.at("column").get<std::string>() + ":" + error.at("code").get<std::string>());
  }
  CHECK(seen == std::set<std::string>{"units.csv:3:id:duplicate_id",
                                      "units.csv:4:name_hi:legacy_font",
                                      "units.csv:5:name_hi:missing_language",
                                      "events.csv:2:district_en:unknown_district",
                                      "events.csv:2:start_date:bad_date"});
  CHECK(server.json({"catalogue", "diff", "--from", "0"}).at("added").empty());
  const auto told = server({"catalogue", "import", bad});
  CHECK(told.exit_code == 1);
  CHECK(told.out.find("units.csv, row 4, column name_hi: ") != std::string::npos);

  const auto part = server.json({"catalogue", "import", bad, "--valid-only"});
  CHECK(part.at("imported") == 1);
  CHECK(part.at("errors").size() == 5);
  CHECK(server.json({"catalogue", "diff", "--from", "0"}).at("added") == json::array({"unit/box"}));
  (void)server.refused({"catalogue", "import", temp / "none"}, 1);
}

TEST_CASE("A hostile file name or header cannot break the report", "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  (void)server.json({"init"});
  put(temp / "in" / "units.csv",
      "id,name_en,name_hi,name_ur,\"evil\nodop-syncserver: all is well\x1B[2J" +
          std::string(9'000, 'x') + "\"\nbox,Box,डिब्बा,ڈبہ,1\n");
  const auto failed = server({"catalogue", "import", temp / "in", "--json"});
  (void)Commands::refusal(failed, 1);
  CHECK(json::parse(failed.out).at("errors").size() == 1);
  put(temp / "media" / "media" / "a\nb\xFF.jpg", "x");
  const auto picture = server({"catalogue", "import", temp / "media", "--json"});
  (void)Commands::refusal(picture, 1);
  CHECK(json::parse(picture.out).at("errors").at(0).at("code") == "unknown_product");
}

TEST_CASE("The fleet is added to, listed and revoked by commands", "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  (void)server.json({"init"});
  (void)server.json({"catalogue", "import", kCatalogue});
  const auto gate =
      server.json({"kiosk", "add", "--name", "Gate 2", "--venue", "awadh-shilp-gram"});
  CHECK(gate.at("kiosk") == 1);
  CHECK(gate.at("code").get<std::string>().size() >= 12);
  CHECK(gate.at("district") == "lucknow");
  const auto odd = server({"kiosk", "add", "--name", "Odd", "--venue", "nowhere-hall", "--json"});
  CHECK(Commands::refusal(odd, 0).find("no venue nowhere-hall") != std::string::npos);
  CHECK(json::parse(odd.out).at("kiosk") == 2);
  for (const test::Words& words : std::vector<test::Words>{
           {"kiosk", "add", "--name", "", "--venue", "awadh-shilp-gram"},
           {"kiosk", "add", "--name", "A", "--venue", "Awadh Shilp Gram"},
           {"kiosk", "add", "--name", "A", "--district", "nosuch"},
           {"kiosk", "add", "--name", "\xC3(", "--venue", "awadh-shilp-gram"}}) {
    (void)server.refused(words, 2);
  }
  CHECK(server.text({"kiosk", "revoke", "1"}).find("revoked") != std::string::npos);
  const auto fleet = server.json({"kiosk", "list"});
  REQUIRE(fleet.size() == 2);
  CHECK(fleet[0].at("state") == "revoked");
  CHECK(fleet[0].at("name") == "Gate 2");
  CHECK(fleet[1].at("state") == "waiting");
  CHECK(server.text({"kiosk", "list"}).find("Gate 2 (awadh-shilp-gram)") != std::string::npos);
  CHECK(server.refused({"kiosk", "revoke", "7"}, 1).find("no such kiosk") != std::string::npos);
  // The code is shown once; the data folder does not hold it.
  CHECK(test::files_holding(server.data(), gate.at("code").get<std::string>()).empty());
}

}  // namespace odop::syncserver

// Forms on their way from a file to a release.
#include "syncserver/service/import_forms.h"

#include "shared/wire/pack.h"
#include "tests/syncserver/service/site.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <iterator>

namespace odop::syncserver {

namespace {

using nlohmann::json;

json question_form() {
  std::ifstream in(kRealCatalogue / "forms/question.json");
  return json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

// A folder that holds one form, imported.
ImportReport import_form(Site& site, const json& form, const std::string& name = "question.json") {
  return site.import_table("forms/" + name, form.dump(2));
}

ImportError only_error(const ImportReport& report) {
  CHECK(report.imported == 0);
  REQUIRE(report.errors.size() == 1);
  const ImportError& error = report.errors[0];
  CHECK(error.row == 0);
  CHECK(error.column.empty());
  CHECK(error.file.starts_with("forms/"));
  CHECK(error.message.find('\n') == std::string::npos);
  return error;
}

}  // namespace

TEST_CASE("A wrong form is told with its file and place, and nothing is imported",
          "[syncserver][service]") {
  Site site;
  json form = question_form();
  SECTION("a language is missing") {
    form["ui"]["sections"][0]["questions"][0]["label"].erase("ur");
    const auto error = only_error(import_form(site, form));
    CHECK(error.code == "bad_form");
    CHECK(error.message.starts_with("ui.sections[0].questions[0].label"));
  }
  SECTION("a keyword that no form may use") {
    form["schema"]["$ref"] = "http://example.org";
    const auto error = only_error(import_form(site, form));
    CHECK(error.code == "bad_form");
    CHECK(error.message.find("$ref") != std::string::npos);
  }
  SECTION("no JSON") {
    CHECK(only_error(site.import_table("forms/question.json", "{\"form\": 1,")).code == "bad_form");
  }
  SECTION("named after another form") {
    CHECK(only_error(import_form(site, form, "poem.json")).code == "wrong_form_name");
  }
  SECTION("no form at all") {
    CHECK(only_error(site.import_table("forms/notes.txt", "hello")).code == "unknown_file");
  }
  SECTION("larger than a form may be") {
    const std::string huge(300'000, ' ');
    CHECK(only_error(site.import_table("forms/question.json", huge)).code == "unreadable_file");
  }
  CHECK(site.store->draft().value().empty());
}

TEST_CASE("A wrong form keeps the right tables of its folder out unless they are asked for",
          "[syncserver][service]") {
  Site site;
  const auto place = site.temp / "mixed";
  put_file(place / "units.csv", "id,name_en,name_hi,name_ur\nbox,Box,डिब्बा,ڈبہ\n");
  put_file(place / "forms/bad.json", "{}");
  CHECK(site.import(place).imported == 0);
  CHECK_FALSE(site.has("unit", "box"));
  CHECK(site.import(place, true).imported == 1);
  CHECK(site.has("unit", "box"));
}

TEST_CASE("One form is imported by its file alone, once its notices are here",
          "[syncserver][service]") {
  Site site;
  const auto early = only_error(site.import(kRealCatalogue / "forms/question.json"));
  CHECK(early.code == "unknown_notice");
  CHECK(early.message.find("question-contact") != std::string::npos);
  CHECK_FALSE(site.has("form", "question"));
  for (const char* table : {"kinds.csv", "notices.csv"}) {
    REQUIRE(site.import(kRealCatalogue / table).errors.empty());
  }
  CHECK(site.import(kRealCatalogue / "forms/question.json").imported == 1);
  CHECK(site.has("form", "question"));
}

TEST_CASE("What a published version asks does not change any more", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  json form = question_form();
  form["title"]["en"] = "Ask the office";
  // Not published yet: the draft may change.
  CHECK(import_form(site, form).errors.empty());
  REQUIRE(site.publisher().publish(kSiteTime).has_value());

  CHECK(import_form(site, form).errors.empty());  // the same again
  form["title"]["en"] = "Ask us";
  const auto error = only_error(import_form(site, form));
  CHECK(error.code == "old_form_version");
  CHECK(error.message.find("version 2") != std::string::npos);

  form["version"] = 2;
  CHECK(import_form(site, form).imported == 1);
  const auto difference = site.publisher().diff({}).value();
  CHECK(difference.changed == std::vector<std::string>{"form/question"});
  REQUIRE(site.publisher().publish(kSiteTime).has_value());
  std::size_t versions = 0;
  const auto published = site.store->published("form").value();
  for (const CatalogueRecord& record : published) versions += record.id == "question";
  CHECK(versions == 2);
  CHECK(published.size() == 14);

  // Back to the first version by publishing the old content: its file is welcome again.
  REQUIRE(site.publisher().rollback(ReleaseNumber{1}, kSiteTime).has_value());
  CHECK(site.store->published("form").value().size() == 14);
  form["version"] = 1;
  CHECK(only_error(import_form(site, form)).message.find("version 3") != std::string::npos);
}

TEST_CASE("A form may be removed from the draft", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  REQUIRE(site.remove({"form/feedback"}).has_value());
  CHECK_FALSE(site.has("form", "feedback"));
}

TEST_CASE("A notice stays as long as a form names it", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  const auto refused = site.remove({"notice/enquiry-exhibitions"});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kConflict);
  CHECK(refused.error().context.find("form/enquiry") != std::string::npos);
  CHECK(site.remove({"form/enquiry", "notice/enquiry-exhibitions"}).has_value());
}

}  // namespace odop::syncserver

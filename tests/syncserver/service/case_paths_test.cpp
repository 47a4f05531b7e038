// The states of cases as data: what the table allows, and what is wrong with a table.
#include "syncserver/service/case_paths.h"

#include "syncserver/service/import_plan.h"
#include "tests/syncserver/service/site.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <set>

namespace odop::syncserver {

namespace {

constexpr const char* kHeader =
    "path,state,order,next,final,due_days,station,name_en,name_hi,name_ur,"
    "sentence_en,sentence_hi,sentence_ur\n";

std::string row(const std::string& state, const std::string& next, bool final = false,
                const std::string& path = "question") {
  return path + "," + state + ",1," + next + "," + (final ? "yes" : "no") + ",,yes,A,अ,ا,A,अ,ا\n";
}

ImportPlan plan(const std::string& rows, std::span<const CatalogueRecord> draft = {},
                bool valid_only = false) {
  const ImportFile file{"case_states.csv", kHeader + rows};
  return plan_import(std::span(&file, 1), draft, valid_only);
}

}  // namespace

TEST_CASE("The shipped states lead somewhere from everywhere", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  const auto records = site.store->draft_of("case_state").value();
  CHECK(records.size() > 90);
  CHECK(check_case_paths(records).empty());
  const CasePaths paths(records);
  // Each kind has a path of its own, and so has each scheme's form.
  const auto kinds = site.store->draft_of("kind").value();
  for (const auto& kind : kinds) {
    CAPTURE(kind.id);
    const std::string path = paths.path_of("a-new-form", kind.id);
    CHECK(path == kind.id);
    // An office can always answer at once, and is done then.
    CHECK(paths.step(path, kFirstState, "answered").has_value());
    REQUIRE(paths.find(path, "answered") != nullptr);
    CHECK(paths.find(path, "answered")->final);
    CHECK(paths.states(path).front().id == kFirstState);
  }
  for (const auto* form :
       {"margin-money", "skill-toolkit", "marketing-assistance", "common-facility-centre"}) {
    CHECK(paths.path_of(form, "application") == form);
  }
  CHECK(paths.path_of("gem-help", "question") == "question");
  for (const auto& record : records) {
    const auto fields = nlohmann::json::parse(record.json);
    CAPTURE(record.id);
    CHECK(fields.at("name").size() == 3);
    CHECK(fields.at("sentence").size() == 3);
    CHECK(std::filesystem::exists(std::filesystem::path(ODOP_SOURCE_DIR) / "assets/drawings/icons" /
                                  (fields.at("icon").get<std::string>() + ".svg")));
  }
}

TEST_CASE("A case takes the steps of its path and no others", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  const auto records = site.store->draft_of("case_state").value();
  const CasePaths paths(records);
  const auto step = [&](const char* from, const char* to) {
    return paths.step("margin-money", from, to);
  };
  CHECK(step("received", "handed_to_portal").has_value());
  CHECK(step("scrutiny", "query").has_value());
  CHECK(step("query", "scrutiny").has_value());
  CHECK(step("scrutiny", "scrutiny").has_value());  // another message
  CHECK(step("a-state-of-yesterday", "scrutiny").has_value());

  const auto leap = step("received", "disbursed");
  REQUIRE_FALSE(leap.has_value());
  CHECK(leap.error().code == ErrorCode::kConflict);
  CHECK(leap.error().context ==
        "\"disbursed\" may not follow \"received\"; allowed: handed_to_portal, scrutiny, query, "
        "rejected, answered, closed");
  const auto unknown = step("received", "perhaps");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().code == ErrorCode::kInvalidArgument);
  CHECK(unknown.error().context.find("scrutiny, query") != std::string::npos);
}

TEST_CASE("Without states in the catalogue every case goes the built-in path",
          "[syncserver][service]") {
  const CasePaths none;
  CHECK(none.path_of("margin-money", "application").empty());
  for (const auto* from : {"received", "assigned", "contacted", "quoted", "answered", "closed"}) {
    for (const auto* to : {"received", "assigned", "contacted", "quoted", "answered", "closed"}) {
      CHECK(none.step("", from, to).has_value());
    }
  }
  CHECK(none.step("", "received", "disbursed").error().code == ErrorCode::kInvalidArgument);
  CHECK(none.find("", "closed")->final);
  CHECK_FALSE(none.find("", "quoted")->final);
}

TEST_CASE("A table of states that leads nowhere is refused where it is wrong",
          "[syncserver][service]") {
  const std::string good = row("received", "done") + row("done", "", true);
  CHECK(plan(good).errors.empty());
  CHECK(plan(good).upserts.size() == 2);

  const auto only = [](const ImportPlan& result) {
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].file == "case_states.csv");
    return result.errors[0];
  };
  const auto unknown = only(plan(row("received", "done;dine") + row("done", "", true)));
  CHECK(unknown.code == "unknown_state");
  CHECK(unknown.row == 2);
  CHECK(unknown.column == "next");
  CHECK(unknown.message.find("\"question\" has no state \"dine\"; there are ") !=
        std::string::npos);
  CHECK(plan(row("received", "dine") + row("done", "", true)).upserts.empty());
  CHECK(only(plan(row("begun", "done") + row("done", "", true))).code == "no_first_state");
  const auto dead = only(plan(row("received", "done") + row("done", "")));
  CHECK(dead.code == "dead_end");
  CHECK(dead.row == 3);
  const auto lost = only(plan(good + row("island", "done")));
  CHECK(lost.code == "unreachable_state");
  CHECK(lost.row == 4);
  CHECK(only(plan(good + row("done", "", true))).code == "duplicate_id");
  CHECK(only(plan(good + row("", "", true))).code == "missing_id");
}

TEST_CASE("A wrong path keeps its states; a right one beside it is taken if asked for",
          "[syncserver][service]") {
  const auto held = plan(row("received", "done") + row("done", "", true)).upserts;
  REQUIRE(held.size() == 2);
  // One row alone, fitting what is there.
  CHECK(plan(row("received", "done;closed") + row("closed", "", true), held).errors.empty());
  const auto broken = plan(row("received", "closed"), held);  // nothing leads to "done" any more
  CHECK(broken.errors.size() >= 1);
  CHECK(broken.upserts.empty());
  const auto half = plan(row("received", "gone") + row("received", "done", false, "problem") +
                             row("done", "", true, "problem"),
                         held, true);
  CHECK_FALSE(half.errors.empty());
  std::set<std::string> taken;
  for (const auto& record : half.upserts) taken.insert(record.id);
  CHECK(taken == std::set<std::string>{"problem.done", "problem.received"});
}

}  // namespace odop::syncserver

// Both programs, no window and no network: what goes between them lies on a stick.
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/syncserver/app/commands.h"

#include <filesystem>
#include <fstream>

namespace odop::test {
namespace {

using nlohmann::json;

Finished run_kiosk(Words words) {
  words.insert(words.begin(), {program("odop-kiosk"), "bundle"});
  return run(words);
}

json report(const Finished& done) {
  INFO(done.err);
  CHECK(done.exit_code == 0);
  CHECK(done.err.empty());
  return json::parse(done.out);
}

// One clear line and this exit code.
std::string refused(const Finished& done, int exit_code) {
  INFO(done.err);
  CHECK(done.exit_code == exit_code);
  CHECK(done.err.starts_with("odop-kiosk: "));
  CHECK(done.err.find('\n') == done.err.size() - 1);
  return done.err;
}

}  // namespace

TEST_CASE("The real programs enrol a kiosk and bring it a release by stick", "[e2e][bundle]") {
  TempFolder folder;
  const Commands server{folder / "server"};
  const std::string kiosk = folder / "kiosk";
  const std::string stick = folder / "stick";
  std::filesystem::create_directories(stick);
  static_cast<void>(server.json({"init"}));
  static_cast<void>(
      server.json({"catalogue", "import", std::string(ODOP_SOURCE_DIR) + "/assets/catalogue"}));
  const json published = server.json({"catalogue", "publish"});
  const json added = server.json({"kiosk", "add", "--name", "Gate", "--venue", "awadh-shilp-gram"});

  CHECK_THAT(refused(run_kiosk({"export", stick, "--data", kiosk}), 2),
             Catch::Contains("--enrol CODE"));
  CHECK_THAT(refused(run_kiosk({"import", stick, "--data", kiosk}), 1),
             Catch::Contains("no .odop"));
  // A mistyped code is not carried.
  CHECK_THAT(refused(run_kiosk({"export", stick, "--data", kiosk, "--enrol", "7K3M-9QXR-2T4"}), 2),
             Catch::Contains("one-time code"));
  const json asked =
      report(run_kiosk({"export", stick, "--data", kiosk, "--enrol",
                        added.at("code").get<std::string>(), "--name", "Gate 1", "--json"}));
  CHECK(asked.at("enrolment") == true);

  const json taken = server.json({"bundle", "import", stick});
  CHECK(taken.at("enrolled") == 1);
  CHECK(taken.at("bundles").at(0).at("fingerprint") == asked.at("fingerprint"));
  CHECK(taken.at("bundles").at(0).at("name") == "Gate 1");
  // Both sides show the same, before and after the kiosk knows its server.
  const auto shown = [&](const char* name) {
    return server.json({"kiosk", "list"}).at(0).at(name);
  };
  CHECK(shown("request_fingerprint") == asked.at("fingerprint"));
  const json given = server.json({"bundle", "export", stick});
  CHECK(given.at("bundles").size() == 2);  // the kiosk's, and the release for all

  const json came = report(run_kiosk({"import", stick, "--data", kiosk, "--json"}));
  CHECK(came.at("enrolled") == true);
  CHECK(came.at("kiosk") == added.at("kiosk"));
  CHECK(came.at("release") == published.at("release"));
  CHECK(came.at("new_release") == true);
  CHECK(came.at("trouble") == "");
  CHECK(report(run_kiosk({"export", stick, "--data", kiosk, "--json"})).at("fingerprint") ==
        shown("fingerprint"));

  SECTION("everything once more changes nothing") {
    CHECK(report(run_kiosk({"export", stick, "--data", kiosk, "--json"})).at("submissions") == 0);
    CHECK(server.json({"bundle", "import", stick}).at("stored") == 0);
    static_cast<void>(server.json({"bundle", "export", stick}));
    const json again = report(run_kiosk({"import", stick, "--data", kiosk, "--json"}));
    CHECK(again.at("enrolled") == false);
    CHECK(again.at("new_release") == false);
    // The server knows from the stick what the kiosk holds.
    CHECK(server.json({"kiosk", "list"}).at(0).at("release") == published.at("release"));
  }
  SECTION("the release for a package goes to a kiosk that was never enrolled") {
    const std::string file = folder / "factory.odop";
    const std::string fresh = folder / "fresh";
    static_cast<void>(server.json({"bundle", "export", file, "--factory"}));
    CHECK_THAT(refused(run_kiosk({"import", file, "--data", fresh}), 2),
               Catch::Contains("--factory"));
    const json factory =
        report(run_kiosk({"import", file, "--data", fresh, "--factory", "--json"}));
    CHECK(factory.at("release") == published.at("release"));
    CHECK(factory.at("enrolled") == false);
  }
  SECTION("what is wrong is said in one line") {
    std::ofstream(stick + "/broken.odop") << "no bundle";
    CHECK_THAT(server.refused({"bundle", "import", stick}, 1), Catch::Contains("broken.odop"));
    CHECK_THAT(server.refused({"bundle", "import", folder / "nowhere"}, 1),
               Catch::Contains("no such file"));
    CHECK_THAT(server.refused({"bundle", "export", stick, "--kiosk", "77"}, 1),
               Catch::Contains("no such kiosk"));
    static_cast<void>(server.json({"kiosk", "add", "--name", "Two"}));
    CHECK_THAT(server.refused({"bundle", "export", stick, "--kiosk", "2"}, 2),
               Catch::Contains("import its enrolment request first"));
    CHECK_THAT(refused(run_kiosk({"import", stick + "/broken.odop", "--data", kiosk}), 1),
               Catch::Contains("no .odop bundle"));
    CHECK_THAT(refused(run_kiosk({"import", stick}), 2), Catch::Contains("--data"));
    // For a program, by its name, beside the line for people.
    const Finished told =
        run_kiosk({"import", stick + "/broken.odop", "--data", kiosk, "--json", "--progress"});
    CHECK(told.exit_code == 1);
    CHECK(json::parse(told.out).at("error") == "malformed");
    CHECK(run_kiosk({"--help"}).exit_code == 0);
  }
}

}  // namespace odop::test

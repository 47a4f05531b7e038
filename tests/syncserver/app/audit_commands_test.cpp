// What the commands enter into the audit log, and what `verify` says of it.
#include "syncserver/service/audit.h"
#include "syncserver/service/media_folder.h"
#include "tests/syncserver/app/office.h"

namespace odop::syncserver {

namespace {

using nlohmann::json;

}  // namespace

TEST_CASE("Each act of a command is in the audit log, with who, what and on which ids",
          "[syncserver][app]") {
  const SmallOffice office;
  const auto added =
      office.server.json({"kiosk", "add", "--name", "Gate 2", "--as", "meera"}).at("kiosk");
  CHECK(added == 2);
  (void)office.server.json({"submissions", "answer", office.reference, "--state", "answered",
                            "--text", "Ask Asha Canary", "--as", "ravi"});
  (void)office.server.text({"submissions", "show", office.reference});
  (void)office.server.text({"submissions", "export", "--district", "agra"});
  (void)office.server.refused({"kiosk", "revoke", "99"}, 1);
  (void)office.server.json({"catalogue", "publish"});

  const json log = office.server.json({"audit", "list"});
  std::vector<std::string> lines;
  for (const json& one : log) {
    lines.push_back(one.at("act").get<std::string>() + "|" + one.at("subject").get<std::string>() +
                    "|" + one.at("outcome").get<std::string>());
  }
  const std::vector<std::string> expected = {
      "kiosk add|Gate 2, venue |ordered",
      "kiosk add|Gate 2, venue |done: kiosk 2",
      "submissions answer|reference " + office.reference + ", state answered|ordered",
      "submissions answer|reference " + office.reference + ", state answered|done",
      "submissions show|reference " + office.reference + "|looked at",
      "submissions export|district agra|ordered",
      "submissions export|district agra|done: 1 rows",
      "kiosk revoke|kiosk 99|ordered",
      "kiosk revoke|kiosk 99|failed",
      "catalogue publish||ordered",
      "catalogue publish||done: release 1, 7 records, 0 media, for program 1"};
  CHECK(lines == expected);
  CHECK(log.at(0).at("actor").get<std::string>().starts_with("meera ("));
  CHECK_FALSE(log.at(4).at("actor").get<std::string>().empty());
  CHECK(log.at(1).at("ends") == 1);
  // Ids alone: nothing that the asker or the officer wrote.
  CHECK(log.dump().find("Canary") == std::string::npos);
  CHECK(log.dump().find("9876543210") == std::string::npos);
  CHECK(office.server.json({"audit", "list", "--after", "10"}).size() == 1);
  CHECK(office.server.text({"audit", "list"}).find("kiosk 2 (of 1)") != std::string::npos);

  CHECK(office.server.json({"verify"}).at("audit") == 11);
  (void)office.server.refused({"kiosk", "add", "--name", "x", "--as", ""}, 2);
}

TEST_CASE("A shortened audit log fails verification", "[syncserver][app]") {
  const SmallOffice office;
  (void)office.server.json({"kiosk", "add", "--name", "Gate 2"});
  const Bytes before = read_file(audit_anchor(office.data), 4096).value();
  (void)office.server.json({"kiosk", "revoke", "2"});
  CHECK(office.server.text({"verify"}).find("4 audit entries: 0 problems") != std::string::npos);
  // The head of an older day is fine: the log only grew. A newer one than the log is not.
  const Bytes after = read_file(audit_anchor(office.data), 4096).value();
  must(write_durably(audit_anchor(office.data), before));
  CHECK(office.server.json({"verify"}).at("ok") == true);
  std::filesystem::remove(audit_anchor(office.data));
  const auto done = office.server({"verify"});
  CHECK(done.exit_code == 1);
  CHECK(done.err.find("audit.head is missing") != std::string::npos);
  must(write_durably(audit_anchor(office.data), after));
  CHECK(office.server.json({"verify"}).at("ok") == true);
}

}  // namespace odop::syncserver

// The office's work by commands, on a server to which a kiosk brought submissions.
#include "tests/syncserver/app/commands.h"
#include "tests/syncserver/service/desk.h"

#include <fstream>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::Commands;

// An enquiry of 30 days ago, overdue in Kannauj and Agra; one of today for the kiosk's own Lucknow.
class Office : public Desk {
 public:
  Office() {
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    clock.set_wall(now - std::chrono::days{30});
    TestKiosk kiosk(*this, "shilp-gram", "lucknow");
    const auto first = kiosk.enquiry();
    kiosk.push({first.envelope});
    open_all();
    clock.set_wall(now);
    const auto second = kiosk.make(wire::Kind::kEnquiry, "enquiry",
                                   R"json({"name":"@SUM(A1)","mobile":"+916001112223",)json"
                                   R"json("message":"-2+3\nनमस्ते, \"क्या\" भाव?"})json");
    kiosk.push({second.envelope});
    open_all();
    old = first.reference;
    fresh = second.reference;
  }

  Commands server{data.root};
  std::string old;
  std::string fresh;
};

json only(const json& list) {
  REQUIRE(list.size() == 1);
  return list[0];
}

}  // namespace

TEST_CASE("Submissions are listed with fields, cases and due dates", "[syncserver][app]") {
  const Office office;
  const auto all = office.server.json({"submissions", "list"});
  REQUIRE(all.size() == 2);
  const json& first = all[0];
  CHECK(first.at("reference") == office.old);
  CHECK(first.at("kind") == "enquiry");
  CHECK(first.at("kiosk") == 1);
  CHECK(first.at("sequence") == 1);
  CHECK(first.at("state") == "opened");
  CHECK(first.at("fields").at("mobile") == "+919876543210");
  CHECK(first.at("received_at").get<std::string>().ends_with("Z"));
  REQUIRE(first.at("cases").size() == 2);
  for (const json& one : first.at("cases")) {
    CHECK(one.at("overdue") == true);
    CHECK(one.at("office") == "diepc-" + one.at("district").get<std::string>());
  }
  CHECK(all[1].at("cases").at(0).at("district") == "lucknow");
  CHECK(all[1].at("cases").at(0).at("overdue") == false);

  const auto one_of = [&](const test::Words& filter) {
    test::Words words{"submissions", "list"};
    words.insert(words.end(), filter.begin(), filter.end());
    return only(office.server.json(words)).at("reference").get<std::string>();
  };
  CHECK(one_of({"--overdue"}) == office.old);
  CHECK(one_of({"--mobile", "+916001112223"}) == office.fresh);
  CHECK(one_of({"--district", "lucknow"}) == office.fresh);
  CHECK(one_of({"--reference", group_reference(office.old)}) == office.old);
  CHECK(one_of({"--limit", "1"}) == office.old);
  CHECK(office.server.json({"submissions", "list", "--state", "closed"}).empty());
  CHECK(office.server.json({"submissions", "list", "--district", "lucknow", "--overdue"}).empty());
  CHECK(office.server.text({"submissions", "list"}).find("OVERDUE") != std::string::npos);
}

TEST_CASE("What was spoken is listed, and written to a file for its owner alone",
          "[syncserver][app]") {
  Office office;
  TestKiosk kiosk(office, "shilp-gram", "lucknow");
  kiosk.spoken = {{"message", "OggS canary of a voice"}};
  const auto sent = kiosk.enquiry();
  kiosk.push({sent.envelope});
  office.open_all();
  const fs::path file = office.folder.path() / "voice.ogg";
  const test::Words words{"submissions", "recording", sent.reference, "--field",
                          "message",     "--out",     file.string()};
  CHECK(office.server.text({"submissions", "show", sent.reference})
            .find("message: spoken, 4 s, recording still on its way") != std::string::npos);
  CHECK(office.server.refused(words, 1).find("still on its way") != std::string::npos);
  CHECK_FALSE(fs::exists(file));

  kiosk.attach_all(sent);
  REQUIRE(office.opener.open_next().value().recordings == 1);
  const auto shown = only(office.server.json({"submissions", "show", sent.reference}));
  REQUIRE(shown.at("recordings").size() == 1);
  CHECK(shown.at("recordings")[0] ==
        json({{"field", "message"}, {"duration_ms", 4'000}, {"state", "here"}}));
  CHECK(office.server.json(words).at("bytes") == 22);
  std::ifstream in(file, std::ios::binary);
  CHECK(std::string{std::istreambuf_iterator<char>(in), {}} == "OggS canary of a voice");
  CHECK((fs::status(file).permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
        fs::perms::none);
  CHECK(office.server.refused(words, 1).find("exists already") != std::string::npos);
  test::Words other = words;
  other[4] = "name";
  other.back() += "2";
  CHECK(office.server.refused(other, 1).find("nothing was spoken") != std::string::npos);
}

TEST_CASE("An officer sees the own district's case and products alone", "[syncserver][app]") {
  const Office office;
  const auto agra =
      only(office.server.json({"submissions", "show", office.old, "--district", "agra"}));
  REQUIRE(agra.at("cases").size() == 1);
  CHECK(agra.at("cases").at(0).at("district") == "agra");
  CHECK(agra.at("fields").dump().find("agra-marble") != std::string::npos);
  CHECK(agra.at("fields").dump().find("kannauj-attar") == std::string::npos);
  CHECK(agra.dump().find(kCode) == std::string::npos);  // nobody's status code is shown
  (void)office.server.refused({"submissions", "show", office.old, "--district", "lucknow"}, 1);
  (void)office.server.refused(
      {"submissions", "answer", office.old, "--state", "closed", "--district", "lucknow"}, 1);
}

TEST_CASE("An answer moves the cases and keeps their history", "[syncserver][app]") {
  const Office office;
  CHECK(office.server.json({"submissions", "answer", office.old, "--state", "quoted", "--text",
                            "450 रुपये", "--district", "kannauj"}) ==
        json({{"reference", office.old}, {"state", "quoted"}}));
  CHECK(office.server
            .text({"submissions", "answer", group_reference(office.old), "--state", "answered"})
            .find("answered") == 0);
  const auto shown = only(office.server.json({"submissions", "show", office.old}));
  for (const json& one : shown.at("cases")) {
    CHECK(one.at("state") == "answered");
    CHECK(one.at("overdue") == false);
    CHECK_FALSE(one.at("closed_at").get<std::string>().empty());
  }
  const auto history = shown.dump();
  CHECK(history.find("450 रुपये") != std::string::npos);
  CHECK(office.server.json({"submissions", "list", "--overdue"}).empty());
  // Nothing that an officer wrote lies readable on the server's disk.
  CHECK(test::files_holding(office.server.data(), "450 रुपये").empty());
}

TEST_CASE("An answer that cannot be given changes nothing", "[syncserver][app]") {
  const Office office;
  const auto refused = [&](const std::string& reference, const std::string& state,
                           const std::string& text, int code) {
    return office.server.refused(
        {"submissions", "answer", reference, "--state", state, "--text", text}, code);
  };
  CHECK(refused(office.old, "perhaps", "", 2).find("quoted, answered, closed") !=
        std::string::npos);
  CHECK(refused(office.old + "1", "answered", "", 2).find("reference") != std::string::npos);
  CHECK(refused("12ab", "answered", "", 2).find("reference") != std::string::npos);
  CHECK(refused(office.old, "answered", std::string(2'001, 'x'), 2).find("2,000") !=
        std::string::npos);
  (void)refused(office.old, "answered", "\xC3(", 2);
  (void)office.server.refused({"submissions", "answer", office.old}, 2);
  SeededRandom random{7};
  const auto nobodys = make_reference(KioskNumber{9}, Sequence{9}, random);
  CHECK(refused(nobodys, "answered", "", 1).find("no such submission") != std::string::npos);
  (void)office.server.refused({"submissions", "show", nobodys}, 1);
  (void)office.server.refused({"submissions", "show", "0000"}, 2);
  (void)office.server.refused({"submissions", "list", "--reference", "x"}, 2);
  CHECK(office.server.json({"submissions", "list", "--state", "answered"}).empty());
  CHECK(office.server.json({"submissions", "list", "--state", "quarantined"}).empty());
  CHECK(office.server.json({"submissions", "list", "--state", "withdrawn"}).empty());
  CHECK(office.server.refused({"submissions", "list", "--state", "nosuch"}, 2)
            .find("there is no state \"nosuch\"; there are answered, assigned, ") !=
        std::string::npos);
  CHECK(refused(office.old, "destroyed", "", 2).find("erase due") != std::string::npos);
}

TEST_CASE("What a person agreed to is shown, listed and exported", "[syncserver][app]") {
  Office office;
  TestKiosk kiosk(office, "shilp-gram", "lucknow");
  kiosk.purposes = {"contact", "exhibitions"};
  const auto sent = kiosk.enquiry();
  kiosk.push({sent.envelope});
  office.open_all();
  const json agreed = {{"purpose", "exhibitions"},
                       {"notice", "enquiry"},
                       {"notice_version", 1},
                       {"language", "hi"},
                       {"given", true}};
  const auto shown = only(office.server.json({"submissions", "show", sent.reference}));
  REQUIRE(shown.at("consents").size() == 2);
  CHECK(shown.at("consents")[1] == agreed);
  const auto listed =
      only(office.server.json({"submissions", "list", "--reference", sent.reference}));
  CHECK(listed.at("consents") == shown.at("consents"));
  CHECK(only(office.server.json({"submissions", "show", office.old})).at("consents").empty());
  CHECK(office.server.text({"submissions", "show", sent.reference})
            .find("consent exhibitions: yes, notice enquiry version 1 (hi)") != std::string::npos);
  const auto csv = office.server.text({"submissions", "export"});
  CHECK(csv.find(",language,consents,name,") != std::string::npos);
  CHECK(csv.find(",hi,contact exhibitions,Asha Canary,") != std::string::npos);
  const auto sheet = office.server.text({"cases", "export", "--district", "agra"});
  CHECK(sheet.find(",answers,consents\r\n") != std::string::npos);
  CHECK(sheet.find(",contact exhibitions\r\n") != std::string::npos);
}

TEST_CASE("An export opens in spreadsheets and runs nothing there", "[syncserver][app]") {
  const Office office;
  const auto csv = office.server.text({"submissions", "export"});
  CHECK(csv.starts_with("\xEF\xBB\xBFreference,kind,received,district,"));
  CHECK(csv.ends_with("\r\n"));
  CHECK(csv.find(",'@SUM(A1),'+916001112223,") != std::string::npos);
  CHECK(csv.find("\"'-2+3\nनमस्ते, \"\"क्या\"\" भाव?\"") != std::string::npos);
  CHECK(csv.find(",'=1+1\r\n") != std::string::npos);
  for (const char* formula : {",=", ",+", ",-", ",@", "\n=", "\n+", "\n@"}) {
    CHECK(csv.find(formula) == std::string::npos);
  }
  CHECK(csv.find(kCode) == std::string::npos);

  const fs::path file = office.folder / "agra.csv";
  const auto done =
      office.server.json({"submissions", "export", "--district", "agra", "--out", file});
  CHECK(done.at("rows") == 1);
  const auto own = test::read_file(file);
  CHECK(own.find("agra-marble 3 piece") != std::string::npos);
  CHECK(own.find("kannauj") == std::string::npos);
  CHECK(own.find("lucknow") == std::string::npos);
  CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  (void)office.server.refused({"submissions", "export", "--out", office.folder / "no" / "x.csv"},
                              1);
}

TEST_CASE("A backup with submissions is restored and verified by commands", "[syncserver][app]") {
  Office office;
  const test::TempFolder temp;
  const std::string backup = temp / "backup";
  const std::string keys = temp / "keys";
  const auto made = office.server.json({"backup", backup, "--keys-to", keys});
  (void)office.server.refused({"backup", backup, "--keys-to", keys}, 1);
  CHECK_FALSE(fs::exists(fs::path(backup) / "keys"));

  const Commands second(temp / "second");
  (void)second.refused({"restore", backup}, 1);  // its keys stand apart
  const auto done = second({"restore", backup, "--keys-from", keys, "--json"});
  REQUIRE(done.exit_code == 0);
  CHECK(done.err.find("revoke again") != std::string::npos);
  const auto restored = nlohmann::json::parse(done.out);
  CHECK(restored.at("generation") != made.at("generation"));
  CHECK(restored.at("files") == made.at("files"));
  (void)second.refused({"restore", backup, "--keys-from", keys}, 1);
  const auto whole = second.json({"verify"});
  CHECK(whole.at("ok") == true);
  CHECK(whole.at("submissions") == 2);
  CHECK(second.json({"submissions", "list"}).at(0).at("fields").at("name") == "Asha Canary");

  const fs::path hurt = fs::path(backup) / "odop.db";
  {
    std::fstream stream(hurt, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(5'000);
    stream.put('\x7F');
  }
  CHECK(Commands(temp / "third")
            .refused({"restore", backup, "--keys-from", keys}, 1)
            .find("odop.db") != std::string::npos);
  CHECK_FALSE(fs::exists(temp / "third"));

  fs::remove(second.data() / "keys" / "records.db");
  const auto damaged = second({"verify", "--json"});
  CHECK(Commands::refusal(damaged, 1).find("2 problems") != std::string::npos);
  CHECK(json::parse(damaged.out).at("ok") == false);
  CHECK(json::parse(damaged.out).at("problems").size() == 2);
}

}  // namespace odop::syncserver

// What every command has in common: --help, exit codes, one clear line.
#include "tests/support/temp_folder.h"
#include "tests/syncserver/app/commands.h"

#include <filesystem>
#include <fstream>
#include <string_view>

namespace odop::syncserver {

namespace {

using test::Commands;
using test::run_syncserver;
using test::Words;

const std::vector<Words> kAll = {{"init"},
                                 {"serve"},
                                 {"catalogue", "import"},
                                 {"catalogue", "remove"},
                                 {"catalogue", "publish"},
                                 {"catalogue", "rollback"},
                                 {"catalogue", "diff"},
                                 {"kiosk", "add"},
                                 {"kiosk", "list"},
                                 {"kiosk", "alarms"},
                                 {"keys", "rotate", "publisher"},
                                 {"keys", "rotate", "roots"},
                                 {"audit", "list"},
                                 {"kiosk", "revoke"},
                                 {"submissions", "list"},
                                 {"submissions", "show"},
                                 {"submissions", "answer"},
                                 {"submissions", "export"},
                                 {"bundle", "import"},
                                 {"bundle", "export"},
                                 {"backup"},
                                 {"restore"},
                                 {"verify"}};

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("Every command explains itself", "[syncserver][app]") {
  for (const Words& command : kAll) {
    const auto help = run_syncserver(with(command, {"--help"}));
    INFO(command.back());
    CHECK(help.exit_code == 0);
    CHECK(help.err.empty());
    CHECK(help.out.find("--data DIR") != std::string::npos);
    CHECK((command.back() == "serve") == (help.out.find("--json") == std::string::npos));
  }
  for (const Words& group : {Words{}, Words{"catalogue"}, Words{"kiosk"}, Words{"submissions"}}) {
    CHECK(run_syncserver(with(group, {"--help"})).out.find("Subcommands:") != std::string::npos);
  }
}

TEST_CASE("Wrong words give exit code 2 and one clear line", "[syncserver][app]") {
  const test::TempFolder temp;
  const std::string data = temp / "data";
  for (const Words& words :
       std::vector<Words>{{},
                          {"no-such-command"},
                          {"catalogue"},
                          {"catalogue", "export", "--data", data},
                          {"init", "--data", data, "--colour", "red"},
                          {"init", "--data", ""},
                          {"init", "--data", data, "line\nbreak\x1B[31m"},
                          {"init", "--data", data, std::string(5'000, 'x')},
                          {"catalogue", "publish", "--data", data, "--expires-days", "0"},
                          {"catalogue", "publish", "--data", data, "--expires-days", "soon"},
                          {"catalogue", "rollback", "one", "--data", data},
                          {"catalogue", "rollback", "-1", "--data", data},
                          {"catalogue", "diff", "--from", "x", "--data", data},
                          {"kiosk", "revoke", "gate", "--data", data},
                          {"submissions", "list", "--limit", "0", "--data", data},
                          {"serve", "--rate-limit", "-5", "--data", data}}) {
    (void)Commands::refusal(run_syncserver(words), 2);
  }
  for (const Words& command : kAll) {  // without --data
    (void)Commands::refusal(run_syncserver(command), 2);
  }
  CHECK_FALSE(std::filesystem::exists(data));
}

TEST_CASE("Before init every other command says what to do", "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  for (const Words& words :
       {Words{"serve"}, Words{"catalogue", "import", "x"}, Words{"catalogue", "remove", "unit/x"},
        Words{"catalogue", "publish"}, Words{"catalogue", "rollback", "1"},
        Words{"catalogue", "diff"}, Words{"kiosk", "add", "--name", "A", "--venue", "v"},
        Words{"kiosk", "list"}, Words{"kiosk", "revoke", "1"}, Words{"submissions", "list"},
        Words{"submissions", "show", "0170042836"}, Words{"submissions", "export"},
        Words{"submissions", "answer", "0170042836", "--state", "answered"},
        Words{"backup", temp / "b"}, Words{"verify"}}) {
    CHECK(server.refused(words, 1).find("odop-syncserver init") != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(temp / "data"));
}

TEST_CASE("init works once and leaves what is there alone", "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  const auto made = server.json({"init"});
  CHECK(made.at("generation").get<std::string>().size() == 36);
  const auto key = test::read_file(server.data() / "keys" / "root.key");
  CHECK_FALSE(key.empty());
  CHECK(server.refused({"init"}, 1).find("exists already") != std::string::npos);
  CHECK(test::read_file(server.data() / "keys" / "root.key") == key);
  CHECK(server.json({"verify"}).at("ok") == true);
  const auto rights = std::filesystem::status(server.data() / "keys").permissions();
  CHECK((rights & std::filesystem::perms::others_all) == std::filesystem::perms::none);
}

TEST_CASE("Several roots: no key is changed before enough of them are together",
          "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  (void)server.refused({"init", "--roots", "9"}, 2);
  CHECK(server.refused({"init", "--roots", "2", "--threshold", "3"}, 2).find("must agree") !=
        std::string::npos);
  (void)server.json({"init", "--roots", "3", "--threshold", "2"});
  std::filesystem::create_directory(temp / "stick");
  const auto away = [&](const char* name) {
    std::filesystem::rename(server.data() / "keys" / name, temp / "stick" / name);
    return (temp / "stick" / name).string();
  };
  const std::string first = away("root-1.1.key");
  const std::string second = away("root-1.2.key");
  CHECK(server.refused({"keys", "rotate", "roots"}, 1).find("2 of 3 root keys must agree") !=
        std::string::npos);
  (void)server.json({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"});
  (void)server.json({"catalogue", "publish"});
  const auto rotated = server.json({"keys", "rotate", "roots", "--root", first, "--root", second});
  CHECK(rotated.at("roots") == 2);
  CHECK(rotated.at("release") == 1);
  CHECK(server.json({"keys", "rotate", "publisher", "--revoke"}).at("roots") == 2);
  CHECK(server.json({"verify"}).at("ok") == true);
}

TEST_CASE("A database that was lost from beside its keys is not begun anew",
          "[syncserver][app][fault]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  (void)server.json({"init"});
  (void)server.text({"kiosk", "add", "--name", "Gate"});
  for (const char* loss : {"emptied", "gone"}) {
    INFO(loss);
    for (const auto& file : std::filesystem::directory_iterator(server.data())) {
      if (file.path().filename().string().starts_with("odop.db")) std::filesystem::remove(file);
    }
    if (std::string_view(loss) == "emptied") std::ofstream(server.data() / "odop.db").flush();
    // Numbers and references would be given a second time.
    for (const Words& words : {Words{"kiosk", "add", "--name", "B"}, Words{"submissions", "list"},
                               Words{"catalogue", "publish"}, Words{"verify"}, Words{"serve"}}) {
      CHECK(server.refused(words, 1).find("restore") != std::string::npos);
    }
  }
}

TEST_CASE("What is mistyped is not taken for an order", "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  (void)server.json({"init"});
  (void)server.refused({"kiosk", "add", "--name", "Gate\nKiosk 2"}, 2);
  (void)server.refused({"kiosk", "add", "--name", "\x1B[31mGate"}, 2);
  (void)server.json({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"});
  CHECK(server.refused({"submissions", "list", "--district", "kanauj"}, 1).find("no district") !=
        std::string::npos);
  (void)server.refused({"submissions", "export", "--district", "kanauj"}, 1);
  (void)server.refused({"duplicates", "list", "--district", "kanauj"}, 1);
  (void)server.refused({"cases", "export", "--district", "kanauj"}, 1);
  CHECK(server.json({"submissions", "list", "--district", "kannauj"}).empty());

  // Nothing of an order is done when one name of it is wrong.
  (void)server.refused({"catalogue", "take-down", "product/kannauj-attar", "product/kanauj-attar"},
                       1);
  (void)server.refused({"catalogue", "take-down", "kannauj-attar"}, 2);
  (void)server.refused({"catalogue", "lift", "product/kannauj-attar"}, 1);
  CHECK(server.json({"catalogue", "take-down", "product/kannauj-attar"}).at("taken_down").size() ==
        1);
  CHECK(server.json({"catalogue", "lift", "product/kannauj-attar"}).at("taken_down").empty());
  // What is in the draft no more may be on show all the same.
  (void)server.json({"catalogue", "publish"});
  (void)server.json({"catalogue", "remove", "product/kannauj-attar"});
  (void)server.json({"catalogue", "publish"});
  CHECK(server.json({"catalogue", "take-down", "product/kannauj-attar"}).at("taken_down").size() ==
        1);

  // A backup in the folder that it copies.
  for (const char* place : {"", "inside", "releases/inside", "media/../inside"}) {
    CHECK(server.refused({"backup", server.data() / place}, 2).find("elsewhere") !=
          std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(server.data() / "inside"));
  CHECK(server.json({"verify"}).at("ok") == true);
}

TEST_CASE("serve refuses addresses that it must not listen on", "[syncserver][app]") {
  const test::TempFolder temp;
  const Commands server(temp / "data");
  (void)server.json({"init"});
  for (const char* address : {"nonsense", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:x"}) {
    (void)server.refused({"serve", "--listen", address}, 2);
  }
  (void)server.refused({"serve", "--listen", "0.0.0.0:0"}, 1);
}

}  // namespace odop::syncserver

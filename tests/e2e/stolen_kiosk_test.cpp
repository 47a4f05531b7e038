// A stolen kiosk tells nothing (promise P2): after ten enquiries with names and numbers of their
// own no byte of what the kiosks keep, journal and write-ahead log included, holds one of them in
// any of the ways in which text is written.
#include "tests/e2e/buyer.h"
#include "tests/support/needles.h"
#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <iostream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace odop;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int kEnquiries = 10;
constexpr const char* kReply = "Canaryreply: forty bottles in three weeks";

// Everything that a kiosk wrote: its data folder, and what it said on its outputs.
class Disk {
 public:
  explicit Disk(const test::Stand& stand) {
    for (const auto& entry : fs::recursive_directory_iterator{stand.data().parent_path()}) {
      if (entry.is_regular_file()) files_.emplace(entry.path(), test::read_file(entry.path()));
    }
  }
  // Which of the texts stand in which file.
  [[nodiscard]] std::map<std::string, fs::path> holding(
      const std::vector<std::string>& texts) const {
    const test::Needles needles(texts);
    std::map<std::string, fs::path> found;
    for (const auto& [path, bytes] : files_) {
      for (const auto& text : needles.in(bytes)) found.emplace(text, path);
    }
    return found;
  }
  [[nodiscard]] std::size_t size_of(const std::string& name) const {
    for (const auto& [path, bytes] : files_) {
      if (path.filename() == name) return bytes.size();
    }
    return 0;
  }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& [path, bytes] : files_) sum += bytes.size();
    return sum;
  }

 private:
  std::map<fs::path, std::string> files_;
};

struct Told {
  std::vector<std::string> secrets;  // names, numbers, status codes
  std::vector<std::string> references;
};

test::Buyer buyer(int number) {
  const std::string letter(1, static_cast<char>('a' + number));
  return {.name = "Canary" + letter + letter + letter + " Devi",
          .mobile = std::to_string(9'811'000'000 + number * 7'654'321),
          .by_touch = false};
}

// The next visitor, from the first touch to "done".
void enquire(test::Stand& stand, const test::Buyer& who, Told& told) {
  auto& hand = stand.hand();
  hand.tap("attract.start");
  hand.tap("district.kannauj");
  hand.tap("product.kannauj-attar");
  hand.tap("product.enquire");
  test::answer_enquiry(stand, who);
  const std::string code = test::digits_of(hand.value("receipt.code"));
  REQUIRE(code.size() == 8);
  told.secrets.insert(told.secrets.end(), {who.name, who.name.substr(0, 9), who.mobile, code});
  told.references.push_back(test::digits_of(hand.value("receipt.reference")));
}

void check_silence(const Disk& disk, const std::vector<std::string>& secrets) {
  const auto found = disk.holding(secrets);
  for (const auto& [secret, path] : found) UNSCOPED_INFO(secret << " in " << path);
  CHECK(found.empty());
  std::cout << "  canaries=" << secrets.size() << " found=" << found.size()
            << " bytes=" << disk.bytes() << std::endl;
}

}  // namespace

TEST_CASE("a canary is found however it is written", "[e2e][p2]") {
  const test::Needles needles({"Canary", "9811000000"});
  using Found = std::set<std::string>;
  CHECK(needles.in("xxCanary") == Found{"Canary"});
  CHECK(needles.in(std::string(4'096, '9') + "9811000000") == Found{"9811000000"});
  CHECK(needles.in("+91 98110 00000,") == Found{"9811000000"});
  CHECK(needles.in("x" + test::wide("Canary", 2, true)) == Found{"Canary"});
  CHECK(needles.in(test::wide("x9811000000", 2, false)) == Found{"9811000000"});
  CHECK(needles.in(test::wide("Canary", 4, true)) == Found{"Canary"});
  CHECK(needles.in(test::wide("981100 0000", 4, false)).empty());
  CHECK(needles.in(test::wide("98110 00000", 4, false)) == Found{"9811000000"});
  CHECK(needles.in("Canar 981100000 C").empty());
}

TEST_CASE("ten enquiries leave nothing readable on a kiosk", "[e2e][p2]") {
  const test::TempFolder folder;
  test::ServerHand server{folder.path() / "server"};
  server.command({"init"});
  server.command({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"});
  server.command({"catalogue", "publish"});
  std::vector<std::string> codes;
  for (const char* name : {"gate", "hall"}) {
    const auto added = server.json({"kiosk", "add", "--name", name, "--venue", "awadh-shilp-gram"});
    codes.push_back(added.at("code").get<std::string>());
  }
  server.start();
  // Small pictures: what is drawn does not matter here, and drawing is most of the time.
  const auto settings = [&](const std::string& name, const std::string& code) {
    return test::StandSettings{
        .name = name, .server = server.url(), .code = code, .width = 540, .height = 960};
  };
  test::Stand gate{folder.path(), settings("gate", codes[0])};
  test::Stand hall{folder.path(), settings("hall", codes[1])};
  for (test::Stand* stand : {&gate, &hall}) {
    stand->hand().wait_until(
        "release 1 is shown", [&] { return stand->release() == 1; }, 60s);
  }

  test::say("Ten buyers enquire, the last with the network down.");
  Told told;
  for (int i = 0; i < kEnquiries; ++i) {
    if (i == kEnquiries - 1) server.stop();
    enquire(gate, buyer(i), told);
    if (i + 1 < kEnquiries) gate.hand().tap("receipt.done");
  }

  test::say("The kiosk is stolen while the last receipt stands on its screen.");
  const Disk queued{gate};
  // The search looks where the enquiries are: their references, which are no secret, are found.
  CHECK(queued.holding(told.references).size() == kEnquiries);
  CHECK(queued.size_of("journal.db") > 0);
  CHECK(queued.size_of("journal.db-wal") > 0);
  check_silence(queued, told.secrets);

  test::say("The network comes back, all arrive, and one is answered; both kiosks are stolen.");
  server.start();
  nlohmann::json arrived;
  gate.hand().wait_until(
      "all ten are opened",
      [&] {
        arrived = server.json({"submissions", "list", "--district", "kannauj"});
        return arrived.size() == kEnquiries;
      },
      120s);
  for (int i = 0; i < kEnquiries; ++i) {
    CHECK(arrived.dump().find(buyer(i).mobile) != std::string::npos);
    CHECK(arrived.dump().find(buyer(i).name) != std::string::npos);
  }
  server.command(
      {"submissions", "answer", told.references.front(), "--state", "answered", "--text", kReply});
  told.secrets.emplace_back(kReply);
  told.secrets.emplace_back("Canaryreply");
  for (test::Stand* stand : {&gate, &hall}) {
    stand->hand().wait_until(
        "the answer is here", [&] { return stand->hand().stats().value("answers", 0) >= 1; }, 180s);
    const Disk disk{*stand};
    CHECK(disk.holding({told.references.front()}).size() == 1);
    check_silence(disk, told.secrets);
  }
}

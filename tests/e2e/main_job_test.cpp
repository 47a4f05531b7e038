// The main job, end to end, with the real programs: an admin publishes the real catalogue, two
// kiosks show it, a buyer enquires with the network down, the enquiry arrives exactly once, the
// district answers, the buyer reads the answer at the second kiosk with the network down again, and
// a change appears on both. Tells what it does on standard output; with ODOP_SHOTS=FOLDER in the
// environment it leaves a picture of each step there.
#include "tests/e2e/buyer.h"
#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/stand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace odop;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* kMobile = "9876512340";
constexpr const char* kName = "Canary Kumari Zweitausend";
constexpr const char* kReply =
    "Fifty bottles can be sent within three weeks; the office will call.";

std::size_t place_of(const std::vector<std::string>& ids, const std::string& id) {
  return static_cast<std::size_t>(std::ranges::find(ids, id) - ids.begin());
}

}  // namespace

TEST_CASE("the main job runs from publication to the answer", "[e2e][main-job]") {
  const test::TempFolder folder;
  test::ServerHand server{folder.path() / "server"};

  test::say("An admin publishes the catalogue.");
  server.command({"init"});
  const auto imported = server.json({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"});
  CHECK(imported.at("errors").empty());
  CHECK(imported.at("imported").get<int>() > 122 + 75);
  server.command({"catalogue", "import", ODOP_SOURCE_DIR "/assets/demo"});
  const auto published = server.json({"catalogue", "publish"});
  REQUIRE(published.at("release") == 1);
  std::vector<std::string> codes;
  for (const char* name : {"gate", "hall"}) {
    const auto added = server.json({"kiosk", "add", "--name", name, "--venue", "awadh-shilp-gram"});
    codes.push_back(added.at("code").get<std::string>());
  }
  server.start();

  test::say("Two kiosks enrol and fetch it.");
  test::Stand gate{folder.path(), {.name = "gate", .server = server.url(), .code = codes[0]}};
  test::Stand hall{folder.path(), {.name = "hall", .server = server.url(), .code = codes[1]}};
  for (test::Stand* stand : {&gate, &hall}) {
    INFO(stand->err());
    stand->hand().wait_until(
        "release 1 is shown", [&] { return stand->release() == 1; }, 60s);
  }
  gate.shot("01-attract");

  auto& buyer = gate.hand();
  test::say("A buyer reaches a district's story in three taps.");
  buyer.forget_taps();
  buyer.tap("attract.start");
  buyer.wait_for("home.search");
  gate.shot("02-home");
  buyer.tap("district.kannauj");
  buyer.wait_for("product.kannauj-attar");
  gate.shot("03-district");
  CHECK(buyer.taps() <= 3);
  buyer.tap("product.kannauj-attar");
  buyer.wait_for("product.enquire");
  gate.shot("04-product");

  test::say("The buyer finds it by typing Hindi, too, and puts two crafts on the list.");
  buyer.tap("bar.home");
  buyer.tap("home.search");
  buyer.type_keys({"इ", "त", "्", "र"});
  buyer.wait_for("search.result.kannauj-attar");
  gate.shot("05-search");
  const auto results = buyer.ids_with("search.result.");
  CHECK(place_of(results, "search.result.kannauj-attar") < 3);
  buyer.tap("search.result.kannauj-attar");
  buyer.tap("product.add");
  buyer.tap("bar.home");
  buyer.tap("district.aligarh");
  const auto locks = buyer.ids_with("product.aligarh");
  REQUIRE_FALSE(locks.empty());
  buyer.tap(locks.front());

  test::say("The network fails. The buyer sends the enquiry all the same.");
  server.stop();
  buyer.forget_taps();
  buyer.tap("product.enquire");
  test::answer_enquiry(gate, {.name = kName, .mobile = kMobile});
  const std::string reference = test::digits_of(buyer.value("receipt.reference"));
  const std::string code = test::digits_of(buyer.value("receipt.code"));
  CHECK(reference.size() >= 10);
  CHECK(code.size() == 8);
  CHECK(buyer.value("receipt.state") == "kept");
  gate.shot("09-receipt-kept");

  test::say("The network is back, and the receipt says so. Reference " + reference + ".");
  server.start();
  buyer.wait_until(
      "the receipt says arrived", [&] { return buyer.value("receipt.state") == "arrived"; }, 60s);
  gate.shot("10-receipt-arrived");
  nlohmann::json submissions;
  buyer.wait_until("the server has opened it", [&] {
    submissions = server.json({"submissions", "list"});
    return submissions.size() == 1 && submissions.at(0).at("cases").size() == 2;
  });
  REQUIRE(submissions.size() == 1);
  const auto& submission = submissions.at(0);
  CHECK(submission.at("reference") == reference);
  CHECK(submission.at("kind") == "enquiry");
  CHECK(submission.at("fields").dump().find(kMobile) != std::string::npos);
  CHECK(submission.at("fields").dump().find(kName) != std::string::npos);
  std::cout << "  lost=0 duplicated=" << submissions.size() - 1 << std::endl;

  test::say("The district's officer answers.");
  server.command({"submissions", "answer", reference, "--state", "answered", "--text", kReply});

  test::say("The network fails again. The buyer reads the answer at the other kiosk.");
  hall.hand().wait_until(
      "the answer is at the second kiosk",
      [&] { return hall.hand().stats().value("answers", 0) >= 1; }, 90s);
  server.stop();
  auto& reader = hall.hand();
  reader.tap("attract.start");
  reader.tap("home.door.answer");
  reader.wait_for("status.field.reference");
  reader.type_digits(reference);
  reader.wait_for("form.next");
  reader.tap("form.next");
  reader.wait_for("status.field.code");
  reader.type_digits(code);
  hall.shot("11-status");
  reader.tap("form.next");
  reader.wait_for("status.answer");
  hall.shot("12-answer");
  CHECK(reader.label("status.answer").find(kReply) != std::string::npos);

  test::say("Nothing of the buyer lies readable on either kiosk.");
  for (test::Stand* stand : {&gate, &hall}) {
    for (const std::string& canary : std::vector<std::string>{kName, kMobile, "Canary", code}) {
      const auto found = test::files_holding(stand->data(), canary);
      CAPTURE(canary, found.size());
      CHECK(found.empty());
    }
  }

  test::say("The admin changes a product; both kiosks show it when nobody is standing there.");
  server.start();
  const fs::path change = folder.path() / "products.csv";
  {
    std::ofstream csv{change};
    csv << "district_en,product_slug,name_en,name_hi,name_ur\n"
           "Kannauj,kannauj-attar,Attar of the first monsoon,पहली बारिश का इत्र,پہلی بارش کا عطر\n";
  }
  server.command({"catalogue", "import", change});
  CHECK(server.json({"catalogue", "publish"}).at("release") == 2);
  for (test::Stand* stand : {&gate, &hall}) {
    auto& hand = stand->hand();
    if (hand.find("receipt.done")) hand.tap("receipt.done");
    if (hand.find("status.done")) hand.tap("status.done");
    hand.wait_until(
        "release 2 is shown", [&] { return stand->release() == 2; }, 180s);
    hand.tap("attract.start");
    hand.tap("district.kannauj");
    hand.wait_for("product.kannauj-attar");
    stand->shot("13-changed");
    CHECK(hand.label("product.kannauj-attar").find("पहली बारिश का इत्र") != std::string::npos);
  }
  CHECK(server.json({"submissions", "list"}).size() == 1);
  gate.stop();
  hall.stop();
  server.stop();
}

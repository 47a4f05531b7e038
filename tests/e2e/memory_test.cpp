// The next visitor's kiosk remembers nothing: after a session in which a name was typed and another
// was spoken, no byte of the program's memory holds what was said, in any way in which text is
// written. The test that would fail first when a buffer is freed as it is.
#include "tests/e2e/buyer.h"
#include "tests/e2e/form_walk.h"
#include "tests/e2e/voice_files.h"
#include "tests/support/needles.h"
#include "tests/support/server_hand.h"
#include "tests/support/stand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace odop;
using namespace std::chrono_literals;

constexpr const char* kReply = "Canaryreply: forty bottles in three weeks";
constexpr const char* kSought = "qxzvattar";
// Threads that worked for a session have gone back to sleep; on a busy machine after a while.
constexpr auto kMoment = 1s;
constexpr int kMoments = 5;

void see(test::Stand& stand, const test::Needles& needles, const std::set<std::string>& expected,
         const std::string& when) {
  auto search = test::search_memory(stand.pid(), needles);
  for (int i = 1; i < kMoments && expected.empty() && !search.found.empty(); ++i) {
    std::this_thread::sleep_for(kMoment);
    search = test::search_memory(stand.pid(), needles);
  }
  std::cout << "  memory " << when << ": searched_bytes=" << search.bytes
            << " found=" << search.found.size() << std::endl;
  for (const auto& text : expected) {
    INFO(text << " is looked for where it must be");
    CHECK(search.found.contains(text));
  }
  if (!expected.empty()) return;
  for (const auto& [text, where] : search.found) UNSCOPED_INFO(text << " in " << where);
  CHECK(search.found.empty());
}

void end_visit(test::Stand& stand) {
  auto& hand = stand.hand();
  hand.wait_until(
      "the receipt says arrived", [&] { return hand.value("receipt.state") == "arrived"; }, 60s);
  hand.tap("receipt.done");
  hand.wait_for("attract.start");
  std::this_thread::sleep_for(kMoment);
}

void speak_name(test::Stand& stand, const test::Needles& needles) {
  auto& hand = stand.hand();
  hand.tap("voice.speak");
  hand.tap("voice.button");
  hand.wait_for("voice.left");
  std::this_thread::sleep_for(2s);  // somebody speaks
  see(stand, needles, {"the voice"}, "while somebody speaks");
  hand.tap("voice.button");
  hand.tap("voice.play");
  std::this_thread::sleep_for(1s);
  hand.tap("voice.keep");
  hand.wait_until("the next question", [&] { return !hand.find("voice.keep"); });
}

}  // namespace

TEST_CASE("nothing of a visitor is in the kiosk's memory after the session", "[e2e][p2][memory]") {
  if (test::kSanitized) {
    std::cout << "left out: the sanitizer keeps what was freed" << std::endl;
    return;
  }
  const test::TempFolder folder;
  const test::VoiceFiles sound{folder.path()};
  test::ServerHand server{folder.path() / "server"};
  server.command({"init"});
  server.command({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"});
  server.command({"catalogue", "publish"});
  const auto added = server.json({"kiosk", "add", "--name", "gate", "--venue", "awadh-shilp-gram"});
  server.start();
  test::Stand gate{folder.path(),
                   {.name = "gate",
                    .server = server.url(),
                    .code = added.at("code").get<std::string>(),
                    .width = 540,
                    .height = 960,
                    .environment = {"ALSA_CONFIG_PATH=" + sound.config.string()}}};
  auto& hand = gate.hand();
  INFO(gate.err());
  hand.wait_until(
      "release 1 is shown", [&] { return gate.release() == 1; }, 60s);

  test::say("A buyer types a number and speaks a name.");
  const std::string number = "9811223347";
  test::Needles buyer({number});
  for (const auto& piece : test::canaries_in(sound.said, 100)) buyer.add_bytes(piece, "the voice");
  hand.tap("attract.start");
  hand.tap("district.kannauj");
  hand.tap("product.kannauj-attar");
  hand.tap("product.enquire");
  hand.wait_for("form.field.mobile");
  hand.type_hardware(number);
  hand.wait_until("the number",
                  [&] { return test::digits_of(hand.value("form.field.mobile")) == number; });
  see(gate, buyer, {number}, "while it is typed");
  hand.tap("form.next");
  speak_name(gate, buyer);
  test::send_the_rest(gate);
  const std::string code = test::digits_of(hand.value("receipt.code"));
  const std::string reference = test::digits_of(hand.value("receipt.reference"));
  see(gate, test::Needles({code}), {code}, "at the receipt");
  end_visit(gate);
  see(gate, buyer, {}, "after the enquiry");
  see(gate, test::Needles({code}), {}, "after the enquiry, its code");

  test::say("The office answers; the buyer looks for something and reads the answer.");
  server.command({"submissions", "answer", reference, "--state", "answered", "--text", kReply});
  hand.wait_until(
      "the answer is here", [&] { return hand.stats().value("answers", 0) >= 1; }, 90s);
  const test::Needles read({code, kReply, "Canaryreply", kSought});
  hand.tap("attract.start");
  hand.tap("home.search");
  hand.wait_for("search.field");
  hand.type_hardware(kSought);
  hand.wait_until("what is sought", [&] { return hand.value("search.field") == kSought; });
  hand.tap("bar.home");
  hand.tap("home.door.answer");
  hand.wait_for("status.field.reference");
  hand.type_digits(reference);
  hand.tap("form.next");
  hand.wait_for("status.field.code");
  hand.type_digits(code);
  hand.tap("form.next");
  hand.wait_for("status.answer");
  see(gate, read, {"Canaryreply", kSought, code}, "while the answer is read");
  hand.tap("status.done");
  hand.wait_for("attract.start");
  std::this_thread::sleep_for(kMoment);
  see(gate, read, {}, "after the answer");

  test::say("An artisan registers, in Hindi.");
  test::FormTask task = test::task_of("registration");
  task.bad.clear();
  task.answers["name"] = std::string("Zyxwquonia Devi");
  task.answers["mobile"] = std::string("9822334455");
  task.answers["body_name"] = std::string("Hvyyqta Samiti Kendra");
  task.answers["village"] = std::string("क्षौणीपुर");
  const std::vector<std::string> said{"Zyxwquonia", "xwquonia", "9822334455",
                                      "Hvyyqta",    "क्षौणीपुर",  "क्षौणी"};
  test::open_artisan_page(gate, Language::kHindi);
  hand.tap("artisan.form.registration");
  const auto walked = test::walk_form(gate, task, Language::kHindi);
  see(gate, test::Needles({walked.code}), {walked.code}, "at the receipt");
  end_visit(gate);
  see(gate, test::Needles(said), {}, "after the registration");
  see(gate, test::Needles({walked.code}), {}, "after the registration, its code");
  gate.stop();
  server.stop();
}

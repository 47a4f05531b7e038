// Every form that ships, filled at a real kiosk as people fill it: bad answers first, back and on
// again, read-back, consent; each arrives once, is answered by the office, and the answer is read
// at the second kiosk of the venue. Then a form that an admin has only just published. By default
// one language a form, the three in turn; with ODOP_LONG=1 each form in all three.
#include "tests/e2e/buyer.h"
#include "tests/e2e/form_walk.h"
#include "tests/shared/forms/form_files.h"
#include "tests/support/server_hand.h"
#include "tests/support/stand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace odop;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct Site {
  test::TempFolder folder;
  test::ServerHand server{folder.path() / "server"};
  std::optional<test::Stand> gate, hall;

  Site() {
    server.command({"init"});
    server.command({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"});
    server.command({"catalogue", "publish"});
    server.start();
    gate.emplace(folder.path(), settings("gate"));
    hall.emplace(folder.path(), settings("hall"));
    for (test::Stand* stand : {&*gate, &*hall}) {
      stand->hand().wait_until(
          "release 1 is shown", [&] { return stand->release() == 1; }, 60s);
    }
  }

  test::StandSettings settings(const std::string& name) {
    const auto added = server.json({"kiosk", "add", "--name", name, "--venue", "awadh-shilp-gram"});
    return {.name = name, .server = server.url(), .code = added.at("code").get<std::string>()};
  }
};

struct Count {
  int filled = 0, refused = 0, read = 0;
};

// What a visitor sees of an answer at the other kiosk.
std::string read_answer(test::Stand& stand, const test::Walked& asked) {
  auto& hand = stand.hand();
  hand.tap("attract.start");
  hand.tap("home.door.answer");
  hand.wait_for("status.field.reference");
  hand.type_hardware(asked.reference);
  hand.wait_until("the reference", [&] {
    return test::digits_of(hand.value("status.field.reference")) == asked.reference;
  });
  hand.tap("form.next");
  hand.wait_for("status.field.code");
  hand.type_hardware(asked.code);
  hand.wait_until("the code",
                  [&] { return test::digits_of(hand.value("status.field.code")) == asked.code; });
  hand.tap("form.next");
  hand.wait_for("status.answer", 30s);
  std::string answer = hand.label("status.answer");
  hand.tap("status.done");
  hand.wait_for("attract.start");
  return answer;
}

// The first state that the office may give to a new case of this kind.
std::string next_state(const nlohmann::json& submission) {
  return submission.at("kind") == "feedback" ? "read" : "answered";
}

nlohmann::json submission_of(Site& site, const std::string& reference) {
  nlohmann::json found;
  site.gate->hand().wait_until(
      "the server has opened " + reference,
      [&] {
        for (const auto& one : site.server.json({"submissions", "list"})) {
          if (one.at("reference") == reference && one.at("state") == "opened") found = one;
        }
        return !found.is_null();
      },
      60s);
  return found;
}

std::multiset<std::string> references(const Site& site) {
  std::multiset<std::string> all;
  for (const auto& one : site.server.json({"submissions", "list"})) {
    all.insert(one.at("reference").get<std::string>());
  }
  return all;
}

void leave(test::Stand& stand) {
  stand.hand().tap("receipt.done");
  stand.hand().wait_for("attract.start");
}

// Fills, sends, answers, reads.
test::Walked whole_way(Site& site, const test::FormTask& task, Language language, Count& count) {
  auto& gate = *site.gate;
  INFO(task.form.id << " in " << code(language) << "\n" << gate.err());
  test::open_artisan_page(gate, language);
  gate.hand().tap("artisan.form." + task.form.id);
  test::Walked walked = test::walk_form(gate, task, language);
  gate.shot("form-" + task.form.id + "-receipt");
  gate.hand().wait_until(
      "it has arrived", [&] { return gate.hand().value("receipt.state") == "arrived"; }, 60s);
  leave(gate);
  ++count.filled;
  count.refused += walked.refused;

  const auto submission = submission_of(site, walked.reference);
  const auto& fields = submission.at("fields");
  for (const auto& field : walked.asked) {
    const auto given = task.answers.find(field);
    if (given == task.answers.end() || forms::is_empty(given->second)) continue;
    if (field == "status_code") continue;  // proves who asks; not the office's to see
    CAPTURE(field, fields.dump());
    CHECK(fields.contains(field));
  }
  const std::string words = "The office has read " + walked.reference + ".";
  site.server.command({"submissions", "answer", walked.reference, "--state", next_state(submission),
                       "--text", words});
  CHECK(read_answer(*site.hall, walked).find(words) != std::string::npos);
  ++count.read;
  return walked;
}

void withdraw(Site& site, const test::Walked& earlier, Language language) {
  auto& hand = site.gate->hand();
  hand.tap("attract.start");
  hand.wait_for("home.search");
  hand.tap("bar.language." + std::string(code(language)));
  hand.tap("bar.help");
  hand.wait_for("help.withdraw");
  site.gate->shot("withdraw-help");
  hand.tap("help.withdraw");
  hand.wait_for("status.field.reference");
  hand.type_hardware(earlier.reference);
  hand.tap("form.next");
  hand.wait_for("status.field.code");
  hand.type_hardware(earlier.code);
  hand.tap("form.send");
  hand.wait_for("receipt.reference");
  const std::string reference = test::digits_of(hand.value("receipt.reference"));
  hand.wait_until(
      "it has arrived", [&] { return hand.value("receipt.state") == "arrived"; }, 60s);
  leave(*site.gate);
  CHECK(submission_of(site, reference).at("kind") == "withdrawal");
}

bool wanted_long() { return std::getenv("ODOP_LONG") != nullptr; }

std::vector<Language> languages_of(std::size_t place) {
  if (wanted_long()) return {kLanguages.begin(), kLanguages.end()};
  return {kLanguages.at(place % kLanguages.size())};
}

// Those of the artisan's page, the registration first, because a correction names it.
std::vector<std::string> forms_to_fill() {
  if (!wanted_long()) return {"registration", "correction", "feedback"};
  std::vector<std::string> ids = test::shipped_forms();
  std::erase_if(ids, [](const auto& id) {
    return id == "enquiry" || id == "withdrawal" || id == "registration";
  });
  ids.insert(ids.begin(), "registration");
  return ids;
}

}  // namespace

TEST_CASE("every form is filled, answered and read in the visitor's language", "[e2e][forms]") {
  Site site;
  Count count;
  std::size_t place = 0;
  std::optional<test::Walked> registered;
  std::vector<std::string> sent;         // references
  std::vector<std::string> corrections;  // of them, what names the registration
  const std::vector<std::string> ids = forms_to_fill();
  for (const auto& id : ids) {
    for (const Language language : languages_of(place++)) {
      test::FormTask task = test::task_of(id);
      if (id == "correction") {
        REQUIRE(registered.has_value());
        task.answers["reference"] = registered->reference;
        task.answers["status_code"] = registered->code;
      }
      const auto walked = whole_way(site, task, language, count);
      sent.push_back(walked.reference);
      if (id == "registration") registered = walked;
      if (id == "correction") corrections.push_back(walked.reference);
    }
  }
  // Whatever was sent is there, each once.
  std::multiset<std::string> there = references(site);
  for (const auto& reference : sent) CHECK(there.count(reference) == 1);
  CHECK(count.read == count.filled);
  test::say("forms=" + std::to_string(ids.size()) + " filled=" + std::to_string(count.filled) +
            " bad_refused=" + std::to_string(count.refused) +
            " answers_read=" + std::to_string(count.read) + " lost=" +
            std::to_string(count.filled - static_cast<int>(there.size())) + " duplicated=" +
            std::to_string(there.size() - std::set(there.begin(), there.end()).size()));

  // Who takes consent back is shown no more, nor what corrected it.
  withdraw(site, *registered, Language::kUrdu);
  there = references(site);
  CHECK(there.count(registered->reference) == 0);
  for (const auto& reference : corrections) CHECK(there.count(reference) == 0);
  CHECK(there.size() == sent.size() - corrections.size());  // with the withdrawal

  test::say("An admin publishes a new form; the running kiosk shows it and it is filled.");
  const fs::path forms = site.folder.path() / "new" / "forms";
  fs::create_directories(forms);
  auto text = nlohmann::json::parse(test::shipped_form_text("question"));
  text["id"] = "loom-census";
  text["title"]["en"] = "Census of looms";
  std::ofstream{forms / "loom-census.json"} << text.dump(1);
  site.server.command({"catalogue", "import", forms.parent_path()});
  site.server.command({"catalogue", "publish"});
  site.gate->hand().wait_until(
      "release 2 is shown", [&] { return site.gate->release() == 2; }, 180s);
  auto published = forms::parse_form(text.dump());
  REQUIRE(published.has_value());
  (void)whole_way(site, test::task_of(std::move(published.value()), "question"), Language::kEnglish,
                  count);
  site.gate->stop();
  site.hall->stop();
  site.server.stop();
}

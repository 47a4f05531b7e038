// A withdrawal takes the corrections of what it names, and what was corrected, in whatever order
// they come; see opener_withdrawals.cpp.
#include "syncserver/service/case_sheet.h"
#include "syncserver/service/erasure.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace odop::syncserver {

namespace {

constexpr const char* kOtherCode = "87654321";

class ChainDesk : public Desk {
 public:
  ChainDesk() {
    must(store->edit_draft(std::vector{record("kind", "correction", R"({"due_days":7})")}, {}, {},
                           kDeskStart));
  }
  TestKiosk::Sent correction(const std::string& reference, const char* code = kCode) {
    return kiosk.make(wire::Kind::kCorrection, "correction",
                      R"({"reference":")" + reference + R"(","status_code":")" + code +
                          R"(","what":["name"],"name":"Usha Canary","mobile":"+919415207318"})");
  }
  void arrive(const TestKiosk::Sent& sent) {
    kiosk.push({sent.envelope});
    open_all();
  }
  std::string state_of(const TestKiosk::Sent& sent) {
    return submissions.show(sent.reference).value().at(0).state;
  }
  // In no list, export or sheet, and shown without a word of what it says.
  void check_gone(const TestKiosk::Sent& sent) {
    const auto shown = submissions.show(sent.reference).value();
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].state == "restricted");
    CHECK(shown[0].fields == "{}");
    for (const CaseView& one : shown[0].cases) CHECK(one.state == "withdrawn");
    CHECK(submissions.list({.reference = sent.reference}).value().empty());
    const std::string exported = to_csv(submissions.export_rows("").value());
    CHECK(exported.find(group_reference(sent.reference)) == std::string::npos);
    for (const char* district : {"kannauj", "agra", "lucknow"}) {
      const auto sheet = to_csv(CaseSheet(*store, submissions).rows(district).value());
      CHECK(sheet.find(group_reference(sent.reference)) == std::string::npos);
    }
  }

  TestKiosk kiosk{*this, "shilp-gram", "lucknow"};
};

}  // namespace

TEST_CASE("A withdrawal takes the chain of corrections, whatever comes first and is named",
          "[syncserver][service]") {
  ChainDesk desk;
  const auto enquiry = desk.kiosk.enquiry();
  const auto first = desk.correction(enquiry.reference);
  const auto second = desk.correction(first.reference);
  const auto stranger = desk.kiosk.enquiry();
  const auto of_stranger = desk.correction(stranger.reference);
  for (const auto* one : {&stranger, &of_stranger}) desk.arrive(*one);

  // What the withdrawal names, and in which order all four arrive.
  const std::string named = GENERATE_COPY(enquiry.reference, first.reference, second.reference);
  const auto withdrawal = desk.kiosk.withdrawal(named, kCode);
  const std::vector<const TestKiosk::Sent*> sent = {&enquiry, &first, &second, &withdrawal};
  const std::vector<std::size_t> order =
      GENERATE(as<std::vector<std::size_t>>{}, std::vector<std::size_t>{0, 1, 2, 3},
               std::vector<std::size_t>{0, 1, 3, 2}, std::vector<std::size_t>{0, 3, 1, 2},
               std::vector<std::size_t>{3, 0, 1, 2});
  const bool at_once = GENERATE(false, true);
  for (const std::size_t at : order) {
    desk.kiosk.push({sent[at]->envelope});
    if (!at_once) desk.open_all();
  }
  desk.open_all();
  for (const auto* one : {&enquiry, &first, &second}) desk.check_gone(*one);
  CHECK(desk.state_of(stranger) == "opened");
  CHECK(desk.state_of(of_stranger) == "opened");
  CHECK(desk.store->waiting_withdrawals("").value().empty());

  // Every kiosk forgets the answers to each of them.
  std::vector<std::string> told;
  for (const auto& entry : desk.kiosk.feed()) told.emplace_back(entry.payload);
  for (const auto* one : {&enquiry, &first, &second}) {
    CHECK(std::ranges::count(told, one->reference) == 1);
  }

  // All of it is destroyed when the time of keeping is over, and nothing else.
  desk.clock.advance(kKeepAfterWithdrawal + std::chrono::days{1});
  const auto open = [](const std::filesystem::path& file) { return open_store(file.string()); };
  const auto report =
      erase_due(*desk.store, *desk.record_keys, desk.data, open, desk.clock.wall(), false).value();
  CHECK(report.references.size() == 4);
  for (const auto* one : sent) CHECK(desk.state_of(*one) == "erased");
  CHECK(desk.state_of(of_stranger) == "opened");

  // What still comes of an erased one is not kept readable, though nobody can prove it any more.
  const auto late = desk.correction(enquiry.reference);
  desk.arrive(late);
  CHECK(desk.submissions.show(late.reference).value().at(0).fields == "{}");
}

TEST_CASE("Nobody withdraws a stranger's submission by correcting it", "[syncserver][service]") {
  ChainDesk desk;
  const auto enquiry = desk.kiosk.enquiry();
  // Before its target is here, a correction's code cannot be judged.
  const auto guess = desk.correction(enquiry.reference, kOtherCode);
  desk.arrive(guess);
  CHECK(desk.state_of(guess) == "opened");
  desk.arrive(enquiry);
  desk.arrive(desk.kiosk.withdrawal(guess.reference, kCode));
  CHECK(desk.state_of(guess) == "restricted");
  CHECK(desk.state_of(enquiry) == "opened");

  const auto other = desk.correction(enquiry.reference, kOtherCode);
  desk.arrive(other);
  CHECK(desk.submissions.show(other.reference).value().at(0).reason == "correction_refused");
  desk.arrive(desk.kiosk.withdrawal(enquiry.reference, kCode));
  CHECK(desk.state_of(enquiry) == "restricted");
  CHECK(desk.state_of(other) == "quarantined");
}

TEST_CASE("A correction that does not fit its form goes with what it names",
          "[syncserver][service]") {
  ChainDesk desk;
  const auto enquiry = desk.kiosk.enquiry();
  desk.arrive(enquiry);
  const auto broken =
      desk.kiosk.make(wire::Kind::kCorrection, "poem",
                      R"({"reference":")" + enquiry.reference + R"(","status_code":")" + kCode +
                          R"(","name":"Usha Canary"})");
  desk.arrive(broken);
  CHECK(desk.submissions.show(broken.reference).value().at(0).reason == "form");
  desk.arrive(desk.kiosk.withdrawal(enquiry.reference, kCode));
  CHECK(desk.state_of(broken) == "restricted");
}

}  // namespace odop::syncserver

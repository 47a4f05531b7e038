#include "shared/wire/json.h"

#include "tests/shared/wire/samples.h"

#include <catch2/catch.hpp>

#include <string>

using namespace odop;
using namespace odop::wire;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST_CASE("A lone root is written as its key, several as a set that can be", "[wire]") {
  EnrolAnswer answer = samples::enrol_answer();
  CHECK(to_json(answer).find("root_public_key") != std::string::npos);
  CHECK(to_json(answer).find("certificates") == std::string::npos);
  CHECK(from_json<EnrolAnswer>(to_json(answer)).value().roots == answer.roots);

  answer.roots = samples::root_set();
  answer.certificates = {samples::signed_document()};
  CHECK(to_json(answer).find("root_public_key") == std::string::npos);
  const auto read = from_json<EnrolAnswer>(to_json(answer)).value();
  CHECK(read.roots == answer.roots);
  CHECK(read.certificates.size() == 1);

  const auto refused = [](auto change) {
    EnrolAnswer wrong = samples::enrol_answer();
    wrong.roots = samples::root_set();
    change(wrong.roots);
    const bool alone = !from_json<RootSet>(to_json(wrong.roots)).has_value();
    return alone && !from_json<EnrolAnswer>(to_json(wrong)).has_value();
  };
  CHECK(refused([](RootSet& set) { set.version = 0; }));
  CHECK(refused([](RootSet& set) { set.threshold = 0; }));
  CHECK(refused([](RootSet& set) { set.threshold = 4; }));
  CHECK(refused([](RootSet& set) { set.keys.clear(); }));
  CHECK(refused([](RootSet& set) { set.keys[1] = set.keys[0]; }));
  CHECK(refused([](RootSet& set) { set.keys[1].pop_back(); }));
  CHECK(refused([](RootSet& set) { set.keys.resize(9, samples::hash(115)); }));
}

}  // namespace

TEST_CASE("every field of the JSON messages comes back", "[wire]") {
  const auto p = from_json<Pointer>(to_json(samples::pointer())).value();
  CHECK(p.serial == 9);
  CHECK(p.ring == "pilot");
  CHECK(p.manifest_hash == samples::hash(70));
  CHECK(p.percentage == 25);
  CHECK(p.taken_down == std::vector<std::string>{"product/withdrawn"});
  const auto m = from_json<Manifest>(to_json(samples::manifest())).value();
  REQUIRE(m.packs.size() == 2);
  CHECK(m.packs[1].from.value == 6);
  CHECK(m.packs[1].index_hash == samples::hash(82));
  const auto h = from_json<HeartbeatAnswer>(to_json(samples::heartbeat_answer())).value();
  CHECK(h.pointer->payload == samples::signed_document().payload);
  const auto f = from_json<FeedPage>(to_json(samples::feed_page())).value();
  CHECK(f.more);
  CHECK(f.entries.size() == 1);
}

TEST_CASE("a heartbeat's answer without news is under 600 bytes", "[wire]") {
  HeartbeatAnswer answer = samples::heartbeat_answer();
  answer.pointer.reset();
  answer.manifest.reset();
  CHECK(to_json(answer).size() < 600);
  const auto read = from_json<HeartbeatAnswer>(to_json(answer));
  REQUIRE(read.has_value());
  CHECK_FALSE(read->pointer.has_value());
}

TEST_CASE("a heartbeat says its program's number, and the first one says none", "[wire]") {
  Heartbeat beat = samples::heartbeat();
  CHECK(to_json(beat).find("app_number") == std::string::npos);
  CHECK(from_json<Heartbeat>(to_json(beat))->app_number == 0);
  beat.app_number = 2;
  CHECK(from_json<Heartbeat>(to_json(beat))->app_number == 2);
}

TEST_CASE("a readmission says what its device was before, or nothing of it", "[wire]") {
  Readmission said = samples::readmission();
  for (const char* late : {"last_sequence", "former_device", "former_signature"}) {
    CHECK(to_json(said).find(late) == std::string::npos);
  }
  said.last_sequence = Sequence{7};
  said.former_device = samples::kDevice;
  said.former_signature = samples::hash(9, 64);
  const auto read = from_json<Readmission>(to_json(said)).value();
  CHECK(read.last_sequence == Sequence{7});
  CHECK(read.former_device == samples::kDevice);
  CHECK(read.former_signature == samples::hash(9, 64));
  said.former_signature.clear();
  CHECK_FALSE(from_json<Readmission>(to_json(said)).has_value());
}

TEST_CASE("a manifest with all nine packs stays under 2 kB", "[wire]") {
  Manifest manifest = samples::manifest();
  manifest.packs.assign(9, {{6}, 90'000'000'000, samples::hash(82), 30'000'000});
  CHECK(to_json(manifest).size() < kMaxManifestBytes);
}

TEST_CASE("JSON of a wrong type, range or spelling is refused", "[wire]") {
  const std::string good = to_json(samples::pointer());
  REQUIRE(from_json<Pointer>(good).has_value());
  for (const auto& [from, to] : {std::pair{"\"serial\":9", "\"serial\":\"9\""},
                                 {"\"serial\":9", "\"serial\":9.0"},
                                 {"\"serial\":9", "\"serial\":-9"},
                                 {"\"serial\":9", "\"serial\":0"},
                                 {"\"serial\":9", "\"serial\":1e300"},
                                 {"\"serial\":9", "\"serial\":99999999999999999999"},
                                 {"\"serial\":9", "\"serial\":null"},
                                 {"\"serial\":9", "\"other\":9"},
                                 {"\"percentage\":25", "\"percentage\":4294967321"},
                                 {"\"percentage\":25", "\"percentage\":101"},
                                 {"\"pilot\"", "7"},
                                 {"\"pilot\"", "\"\\u0000\""},
                                 {"[\"product/withdrawn\"]", "\"product/withdrawn\""},
                                 {"[\"product/withdrawn\"]", "[7]"},
                                 {"[\"product/withdrawn\"]", "[\"noslash\"]"},
                                 {"RkdISU", "RkdIS"},
                                 {"RkdISU", "RkdI\\n"},
                                 {"{", "[{"},
                                 {"}", "},"}}) {
    CAPTURE(from, to);
    const auto read = from_json<Pointer>(replaced(good, from, to));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::kMalformed);
  }
}

TEST_CASE("keys of a newer peer are skipped", "[wire]") {
  const std::string newer = replaced(to_json(samples::pointer()), "{", "{\"news\":{\"a\":[1]},");
  CHECK(from_json<Pointer>(newer).has_value());
}

TEST_CASE("deep, long and broken JSON is refused", "[wire]") {
  CHECK_FALSE(from_json<Pointer>("").has_value());
  CHECK_FALSE(from_json<Pointer>("null").has_value());
  CHECK_FALSE(from_json<Pointer>("\xEF\xBB\xBF{").has_value());
  CHECK_FALSE(from_json<Pointer>(std::string(90'000, '[')).has_value());
  const std::string deep = R"({"x":)" + std::string(17, '[') + std::string(17, ']') + ",";
  CHECK(from_json<Pointer>(replaced(to_json(samples::pointer()), "{", deep)).error().context ==
        "JSON nested too deep");
  // Brackets inside of text are no nesting.
  const std::string text = R"({"x":")" + std::string(40, '[') + "\\\"[[[\",";
  CHECK(from_json<Pointer>(replaced(to_json(samples::pointer()), "{", text)).has_value());
  const auto large = from_json<Hello>(std::string(65 * 1024, ' '));
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().code == ErrorCode::kTooLarge);
}

TEST_CASE("an answer has at most 2,000 characters, whatever the script", "[wire]") {
  Answer answer = samples::answer();
  answer.text.clear();
  for (int i = 0; i < 2'000; ++i) answer.text += "क";
  CHECK(from_json<Answer>(to_json(answer)).has_value());
  answer.text += "क";
  CHECK_FALSE(from_json<Answer>(to_json(answer)).has_value());
}

TEST_CASE("an answer tells the case's steps and the portal's reference", "[wire]") {
  Answer answer = samples::answer();
  CHECK(to_json(answer).find("steps") == std::string::npos);  // as an older server writes it
  answer.path = "margin-money";
  answer.portal_reference = "UP/ODOP/२६/77";
  answer.steps = {{"received", 1'795'500'000'000, "agra"}, {"scrutiny", 1'795'600'000'000, ""}};
  const auto read = from_json<Answer>(to_json(answer)).value();
  CHECK(read.path == answer.path);
  CHECK(read.portal_reference == answer.portal_reference);
  REQUIRE(read.steps.size() == 2);
  CHECK(read.steps[0].district == "agra");
  CHECK(read.steps[1].state == "scrutiny");
  CHECK(read.steps[1].at_ms == 1'795'600'000'000);
  CHECK(read.text == answer.text);

  const auto refused = [&](const auto& spoil) {
    Answer wrong = answer;
    spoil(wrong);
    return !from_json<Answer>(to_json(wrong)).has_value();
  };
  CHECK(refused([](Answer& a) { a.steps.assign(kMaxCaseSteps + 1, a.steps[0]); }));
  CHECK(refused([](Answer& a) { a.steps[0].state.clear(); }));
  CHECK(refused([](Answer& a) { a.steps[0].at_ms = -1; }));
  CHECK(refused([](Answer& a) { a.steps[0].district = "two words"; }));
  CHECK(refused([](Answer& a) { a.portal_reference = std::string(41, '7'); }));
  CHECK(refused([](Answer& a) { a.path = std::string(65, 'p'); }));
}

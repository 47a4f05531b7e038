// What staff recorded: kept over a restart, whole or not at all.
#include "kiosk/store/prompt_store.h"

#include "shared/crypto/digest.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace odop;         // NOLINT: a test of this room
using namespace odop::kiosk;  // NOLINT

namespace {

namespace fs = std::filesystem;

StoredPrompt rating(const std::string& tongue, const std::string& text = "कैसा लगा?") {
  return {.key = "form/feedback/rating",
          .tongue = tongue,
          .text = text,
          .medium = {},
          .length_ms = 4'200,
          .made_ms = 1'795'000'000'000};
}

std::size_t recordings(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder / "prompts")) {
    count += entry.path().extension() == ".opus" ? 1 : 0;
  }
  return count;
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

PromptStore opened(const test::TempFolder& folder) {
  auto store = PromptStore::open(folder.path());
  REQUIRE(store.has_value());
  return std::move(*store);
}

}  // namespace

TEST_CASE("Prompts of the staff survive a restart; the newest of each key and tongue stands",
          "[kiosk][store][prompts]") {
  const test::TempFolder folder;
  PromptStore store = opened(folder);
  CHECK(store.all().empty());
  CHECK_FALSE(fs::exists(folder.path() / "prompts"));  // nothing is made for nothing
  REQUIRE(store.keep(rating("awa"), "one").has_value());
  REQUIRE(store.keep(rating("bho"), "two").has_value());
  REQUIRE(store.keep(rating("awa", "नए शब्द"), "three").has_value());
  CHECK(recordings(folder.path()) == 2);

  const PromptStore again = opened(folder);
  CHECK(again.all() == store.all());
  REQUIRE(again.all().size() == 2);
  const auto awadhi = std::ranges::find(again.all(), "awa", &StoredPrompt::tongue);
  REQUIRE(awadhi != again.all().end());
  CHECK(awadhi->text == "नए शब्द");
  CHECK(awadhi->length_ms == 4'200);
  CHECK(awadhi->made_ms == 1'795'000'000'000);
  CHECK(awadhi->medium == to_hex(crypto::sha256("three")));
  CHECK(again.clip(awadhi->medium).value() == "three");

  REQUIRE(store.drop("form/feedback/rating", "awa").has_value());
  REQUIRE(store.drop("form/feedback/rating", "awa").has_value());  // it is gone already
  CHECK(recordings(folder.path()) == 1);
  CHECK(opened(folder).all().size() == 1);
}

TEST_CASE("Two prompts that sound alike share a recording until both are gone",
          "[kiosk][store][prompts]") {
  const test::TempFolder folder;
  PromptStore store = opened(folder);
  REQUIRE(store.keep(rating("awa"), "same").has_value());
  REQUIRE(store.keep(rating("bho"), "same").has_value());
  CHECK(recordings(folder.path()) == 1);
  REQUIRE(store.drop("form/feedback/rating", "bho").has_value());
  CHECK(store.clip(store.all().front().medium).value() == "same");
}

TEST_CASE("A recording that is torn or changed is not given out",
          "[kiosk][store][prompts][fault]") {
  const test::TempFolder folder;
  PromptStore store = opened(folder);
  REQUIRE(store.keep(rating("awa"), "what was said").has_value());
  const std::string medium = store.all().front().medium;
  const fs::path file = folder.path() / "prompts" / (medium + ".opus");
  REQUIRE(fs::exists(file));
  write(file, "what was");
  CHECK(store.clip(medium).error().code == ErrorCode::kCorrupt);
  write(file, "what was sand");
  CHECK(store.clip(medium).error().code == ErrorCode::kCorrupt);
  write(file, std::string(kMostClipBytes + 1, 'x'));
  CHECK(store.clip(medium).error().code == ErrorCode::kCorrupt);
  fs::remove(file);
  CHECK(store.clip(medium).error().code == ErrorCode::kNotFound);
  CHECK(store.clip("../journal").error().code == ErrorCode::kNotFound);
  // Spoken anew it is whole again.
  REQUIRE(store.keep(rating("awa"), "what was said").has_value());
  CHECK(store.clip(medium).value() == "what was said");
}

TEST_CASE("A list that is cut anywhere is set aside with its recordings, and begun anew",
          "[kiosk][store][prompts][fault]") {
  const test::TempFolder folder;
  PromptStore store = opened(folder);
  REQUIRE(store.keep(rating("awa"), "one").has_value());
  const fs::path list = folder.path() / "prompts" / "prompts.json";
  const std::string whole = read(list);
  for (std::size_t at = 0; at + 2 < whole.size(); at += 7) {
    write(list, whole.substr(0, at));
    const auto seen = PromptStore::look(folder.path());
    INFO("cut at " << at);
    REQUIRE_FALSE(seen.has_value());
    CHECK(seen.error().code == ErrorCode::kCorrupt);
  }
  PromptStore anew = opened(folder);
  CHECK(anew.all().empty());
  std::size_t saved = 0;
  for (const auto& entry : fs::directory_iterator(folder.path() / "prompts.damaged")) {
    saved += entry.path().extension() == ".opus" ? 1 : 0;
  }
  CHECK(saved == 1);
  REQUIRE(anew.keep(rating("bho"), "two").has_value());
  CHECK(opened(folder).all().size() == 1);
  // And once more: the first is not overwritten.
  write(list, "{");
  CHECK(opened(folder).all().empty());
  CHECK(fs::exists(folder.path() / "prompts.damaged.2"));
}

TEST_CASE("Lists that this program did not write are damaged, those of a newer one are left alone",
          "[kiosk][store][prompts][fault]") {
  const test::TempFolder folder;
  const fs::path list = folder.path() / "prompts" / "prompts.json";
  fs::create_directories(list.parent_path());
  for (
      const char* text :
      {"[]", "{}", R"({"version":1})", R"({"version":0,"prompts":[]})",
       R"({"version":"1","prompts":[]})", R"({"version":1,"prompts":[{"key":"k"}]})",
       R"({"version":1,"prompts":[{"key":"k","tongue":"hi","text":"","medium":"../x","length_ms":1,"made_ms":1}]})"}) {
    write(list, text);
    INFO(text);
    CHECK(PromptStore::look(folder.path()).error().code == ErrorCode::kCorrupt);
  }
  const std::string newer = R"({"version":2,"voices":[]})";
  write(list, newer);
  CHECK(PromptStore::open(folder.path()).error().code == ErrorCode::kUnsupported);
  CHECK(read(list) == newer);
}

TEST_CASE("What cannot be written changes nothing", "[kiosk][store][prompts][fault]") {
  const test::TempFolder folder;
  PromptStore store = opened(folder);
  CHECK(store.keep(rating("awa"), "").error().code == ErrorCode::kInvalidArgument);
  CHECK(store.keep(rating("awa"), std::string(kMostClipBytes + 1, 'x')).error().code ==
        ErrorCode::kInvalidArgument);
  REQUIRE(store.keep(rating("awa"), "one").has_value());
  // A folder stands where the list's temporary file would be: also root cannot write it.
  fs::create_directories(folder.path() / "prompts" / "prompts.json.new" / "x");
  const auto before = store.all();
  CHECK_FALSE(store.keep(rating("awa"), "two").has_value());
  CHECK_FALSE(store.drop("form/feedback/rating", "awa").has_value());
  CHECK(store.all() == before);
  CHECK(store.clip(before.front().medium).value() == "one");
  CHECK(opened(folder).all() == before);
}

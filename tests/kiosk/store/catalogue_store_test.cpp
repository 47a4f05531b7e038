#include "kiosk/store/catalogue_store.h"

#include "kiosk/store/files.h"
#include "shared/crypto/digest.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <string>

namespace odop::kiosk {
namespace {

using test::TempFolder;

StoredRecord record(std::string type, std::string id, std::string json) {
  StoredRecord stored{{std::move(type), std::move(id), std::move(json)}, {}};
  stored.hash = crypto::sha256(stored.record.json);
  return stored;
}

StoredRecord district() { return record("district", "agra", R"({"name":{"en":"Agra"}})"); }

StoredRecord product(const std::string& id, const std::string& name,
                     const std::string& picture = "") {
  return record("product", id,
                fmt::format(R"({{"name":{{"en":"{}"}},"districts":["agra"],"picture":"{}"}})", name,
                            picture));
}

std::string stage_medium(const CatalogueStore& store, const std::string& bytes) {
  std::string hash = to_hex(crypto::sha256(bytes));
  REQUIRE(write_plainly(store.staged_path(hash), bytes).has_value());
  return hash;
}

void publish(CatalogueStore& store, std::uint64_t base, std::uint64_t release,
             std::vector<StoredRecord> changed, std::vector<std::string> removed = {}) {
  StagedRecords staged;
  staged.base = ReleaseNumber{base};
  staged.release = ReleaseNumber{release};
  staged.created_ms = 1'700'000'000'000;
  staged.changed = std::move(changed);
  staged.removed = std::move(removed);
  const auto items = store.stage_records(staged);
  INFO((items ? "" : items.error().context));
  REQUIRE(items.has_value());
  const auto committed = store.commit_release(staged.release, staged.created_ms);
  INFO((committed ? "" : committed.error().context));
  REQUIRE(committed.has_value());
}

TEST_CASE("A new kiosk shows an empty catalogue", "[kiosk][store]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  REQUIRE(store.has_value());
  const auto catalogue = store->load_newest(0);
  REQUIRE(catalogue.has_value());
  CHECK(catalogue->release == ReleaseNumber{0});
  CHECK(catalogue->products.empty());
}

TEST_CASE("A release goes live whole, and the next one builds on it", "[kiosk][store]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  REQUIRE(store.has_value());
  const std::string first = stage_medium(*store, "picture one");
  publish(*store, 0, 1, {district(), product("a", "First", first), product("b", "Second")});

  auto catalogue = store->load_newest(0);
  REQUIRE(catalogue.has_value());
  CHECK(catalogue->release == ReleaseNumber{1});
  CHECK(catalogue->created_date == "2023-11-15");  // 03:43 of the next day at the stand
  CHECK(catalogue->product("a")->name.in(1) == "First");
  CHECK(store->has_medium(first));
  CHECK(catalogue->products_by_district.at("agra").size() == 2);

  const std::string second = stage_medium(*store, "picture two");
  publish(*store, 1, 2, {product("a", "Changed", second), product("c", "New")}, {"product/b"});
  catalogue = store->load_newest(0);
  REQUIRE(catalogue.has_value());
  CHECK(catalogue->release == ReleaseNumber{2});
  CHECK(catalogue->product("a")->name.in(1) == "Changed");
  CHECK(catalogue->product("b") == nullptr);
  CHECK(catalogue->product("c") != nullptr);

  const auto items = store->items(ReleaseNumber{2});
  REQUIRE(items->size() == 4);  // district, two products, the picture that is still named
  CHECK(items->back().id == second);
  CHECK(store->load(ReleaseNumber{1}, 0)->product("b") != nullptr);
}

TEST_CASE("A release whose media are not all here does not go live", "[kiosk][store]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  StagedRecords staged;
  staged.release = ReleaseNumber{1};
  staged.changed = {district(), product("a", "A", std::string(64, 'b'))};
  REQUIRE(store->stage_records(staged).has_value());
  const auto refused = store->commit_release(staged.release, 0);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kNotFound);
  CHECK(store->newest_ready().value() == ReleaseNumber{0});
}

TEST_CASE("A record that does not read stops the release and names itself", "[kiosk][store]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  StagedRecords staged;
  staged.release = ReleaseNumber{1};
  staged.changed = {district(), record("product", "bad", "{")};
  const auto refused = store->stage_records(staged);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kMalformed);
  CHECK(refused.error().context.find("product/bad") != std::string::npos);
}

TEST_CASE("A damaged release falls back to the one before it", "[kiosk][store][fault]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  publish(*store, 0, 1, {district(), product("a", "Old name")});
  publish(*store, 1, 2, {product("a", "New name of this product")});
  // One flipped letter inside a row: SQLite itself would not notice.
  const auto file = folder / "catalogue-2.db";
  auto bytes = read_whole(file, 1 << 24).value();
  for (auto at = bytes.find("New name of"); at != std::string::npos;
       at = bytes.find("New name of", at + 1)) {
    bytes[at] = 'M';
  }
  std::ofstream(file, std::ios::binary) << bytes;

  auto catalogue = store->load_newest(0);
  REQUIRE(catalogue.has_value());
  CHECK(catalogue->release == ReleaseNumber{1});
  CHECK(catalogue->product("a")->name.in(1) == "Old name");
  // So that the worker fetches it anew.
  CHECK(store->newest_ready().value() == ReleaseNumber{1});
}

// One flipped letter in each place of the file where `text` stands: SQLite itself would not notice.
void damage(const std::filesystem::path& file, const std::string& text) {
  auto bytes = read_whole(file, 1 << 24).value();
  std::size_t places = 0;
  for (auto at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) {
    bytes[at] = '*';
    ++places;
  }
  REQUIRE(places > 0);
  std::ofstream(file, std::ios::binary) << bytes;
}

StoredRecord told(const std::string& id, const std::string& story) {
  return record("product", id,
                fmt::format(R"({{"name":{{"en":"{}"}},"description":{{"en":"{}"}}}})", id, story));
}

TEST_CASE("Stories are read one by one, as they were signed", "[kiosk][store][fault]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  publish(*store, 0, 1, {district(), told("a", "Made of brass"), told("b", "Made of clay")});
  {
    auto stories = store->stories(ReleaseNumber{1});
    REQUIRE(stories.has_value());
    CHECK(stories->read("b")->description.in(1) == "Made of clay");
    CHECK(stories->read("a")->description.in(1) == "Made of brass");
    CHECK(stories->read("c").error().code == ErrorCode::kNotFound);
    CHECK(stories->read("a")->description.in(1) == "Made of brass");
    // Another release of it beside the one that is being read.
    publish(*store, 1, 2, {told("a", "Made of copper")});
    CHECK(stories->read("a")->description.in(1) == "Made of brass");
  }
  CHECK(store->stories(ReleaseNumber{2})->read("a")->description.in(1) == "Made of copper");
  CHECK(store->stories(ReleaseNumber{3}).error().code == ErrorCode::kNotFound);

  damage(folder / "catalogue-2.db", "Made of copper");
  CHECK(store->load_newest(0)->release == ReleaseNumber{2});  // the story is not in the catalogue
  CHECK(store->stories(ReleaseNumber{2})->read("a").error().code == ErrorCode::kCorrupt);
  CHECK(store->stories(ReleaseNumber{2})->read("b")->description.in(1) == "Made of clay");
  REQUIRE(store->reject(ReleaseNumber{2}).has_value());
  CHECK(store->load_newest(0)->release == ReleaseNumber{1});
  CHECK(store->newest_ready().value() == ReleaseNumber{1});
}

TEST_CASE("A base in another lean form is read, and its rows are made anew", "[kiosk][store]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  publish(*store, 0, 1, {district(), product("a", "First"), product("b", "Second")});
  {
    // As an older program would have left it: other bytes under its own version and digest.
    auto old = store::Connection::open(folder / "catalogue-1.db", store::OpenMode::kBuild);
    REQUIRE(old.has_value());
    REQUIRE(old->run("UPDATE lean SET data=x'FFFF'").has_value());
    REQUIRE(old->run("UPDATE meta SET lean_version=1, lean_digest=x'00'").has_value());
  }
  CHECK(store->load_newest(0)->product("b")->name.in(1) == "Second");

  publish(*store, 1, 2, {product("a", "Changed")});
  const auto catalogue = store->load(ReleaseNumber{2}, 0);
  REQUIRE(catalogue.has_value());
  CHECK(catalogue->products.size() == 2);
  CHECK(catalogue->product("a")->name.in(1) == "Changed");
  CHECK(catalogue->product("b")->name.in(1) == "Second");
  CHECK(catalogue->districts.size() == 1);
}

TEST_CASE("Pointer facts: stale and taken down", "[kiosk][store]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  publish(*store, 0, 1,
          {district(), product("a", "A"), product("b", "B"),
           record("stall", "s", R"({"hall":"h","products":["a","b"]})")});
  HeldDocuments documents;
  documents.pointer = {"pointer", "0123456789abcdef", "{}", Bytes(64, 's')};
  documents.manifest = {"manifest", "0123456789abcdef", "{}", Bytes(64, 's')};
  wire::Pointer pointer;
  pointer.serial = 3;
  pointer.expires_ms = 1000;
  pointer.taken_down = {"product/b"};
  REQUIRE(store->adopt_documents(documents, pointer).has_value());

  const auto fresh = store->load_newest(1000);
  CHECK_FALSE(fresh->stale);
  CHECK(fresh->product("b") == nullptr);
  CHECK(fresh->stalls[0].products == std::vector<std::string>{"a"});
  CHECK(store->load_newest(1001)->stale);
  CHECK(store->documents().value()->pointer.payload == "{}");

  pointer.taken_down.clear();
  REQUIRE(store->adopt_documents(documents, pointer).has_value());
  CHECK(store->load_newest(0)->product("b") != nullptr);

  // Somebody who judged by an older memory changes nothing.
  pointer.serial = 2;
  pointer.taken_down = {"product/b"};
  CHECK(store->adopt_documents(documents, pointer).error().code == ErrorCode::kStale);
  CHECK(store->load_newest(0)->product("b") != nullptr);
}

TEST_CASE("Old releases and their media go, the last good one stays", "[kiosk][store]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  std::vector<std::string> pictures;
  for (std::uint64_t release = 1; release <= 4; ++release) {
    pictures.push_back(stage_medium(*store, fmt::format("picture {}", release)));
    publish(*store, release - 1, release,
            {district(), product("a", fmt::format("A{}", release), pictures.back())});
  }
  REQUIRE(store->set_shown(ReleaseNumber{1}).has_value());
  REQUIRE(store->collect_garbage().has_value());
  CHECK(std::filesystem::exists(folder / "catalogue-1.db"));  // shown
  CHECK_FALSE(std::filesystem::exists(folder / "catalogue-2.db"));
  CHECK(std::filesystem::exists(folder / "catalogue-3.db"));
  CHECK(std::filesystem::exists(folder / "catalogue-4.db"));
  CHECK(store->has_medium(pictures[0]));
  CHECK_FALSE(store->has_medium(pictures[1]));
  CHECK(store->has_medium(pictures[3]));
}

TEST_CASE("The list of releases is made anew when it is damaged", "[kiosk][store][fault]") {
  const TempFolder folder;
  {
    auto store = CatalogueStore::open(folder.path());
    publish(*store, 0, 1, {district(), product("a", "A")});
  }
  std::ofstream(folder / "releases.db", std::ios::binary) << std::string(8192, 'x');
  auto store = CatalogueStore::open(folder.path());
  REQUIRE(store.has_value());
  CHECK(store->load_newest(0)->release == ReleaseNumber{1});
}

TEST_CASE("What is no hash never becomes a path", "[kiosk][store]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  CHECK(store->media_path("../../etc/passwd") == folder.path() / "media" / "none");
  CHECK_FALSE(store->has_medium(""));
  CHECK_FALSE(store->has_staged("."));
}

TEST_CASE("Ten thousand products load whole", "[kiosk][store]") {
  const TempFolder folder;
  auto store = CatalogueStore::open(folder.path());
  std::vector<StoredRecord> records{district()};
  const std::string text(240, 'd');
  for (int i = 0; i < 10'000; ++i) {
    records.push_back(
        record("product", fmt::format("product-{:05}", i),
               fmt::format(R"({{"name":{{"hi":"नाम {0}","en":"Name of product {0}","ur":"نام {0}"}},
          "description":{{"hi":"{1}","en":"{1}","ur":"{1}"}},"districts":["agra"],"family":"l",
          "search_terms":["term a {0}","term b {0}","term c {0}"]}})",
                           i, text)));
  }
  publish(*store, 0, 1, std::move(records));
  const auto catalogue = store->load_newest(0);
  REQUIRE(catalogue->products.size() == 10'000);
  CHECK(catalogue->product("product-09999")->name.in(0) == "नाम 9999");
}

}  // namespace
}  // namespace odop::kiosk

#include "kiosk/store/records.h"

#include <catch2/catch.hpp>

#include <string>

namespace odop::kiosk {
namespace {

const std::string kHash(64, 'a');

Catalogue through_lean(const wire::Record& record) {
  const auto lean = lean_of(record);
  INFO((lean ? "" : lean.error().context));
  REQUIRE(lean.has_value());
  REQUIRE(lean->has_value());
  Catalogue catalogue;
  REQUIRE(add_lean(record.type, **lean, catalogue).has_value());
  // Cut short or with bytes left over, it is no row.
  for (std::size_t size = 0; size < (*lean)->size(); ++size) {
    Catalogue other;
    CHECK_FALSE(add_lean(record.type, BytesView(**lean).substr(0, size), other).has_value());
  }
  Catalogue other;
  CHECK_FALSE(add_lean(record.type, **lean + "x", other).has_value());
  return catalogue;
}

TEST_CASE("A product and its story come through with all their fields", "[kiosk][store]") {
  const wire::Record record{
      "product", "kannauj-attar",
      R"({"name":{"hi":"इत्र","en":"Attar","ur":"عطر"},"description":{"en":"Scent"},
           "districts":["kannauj","Gautam Buddha Nagar"],"family":"f","sector":"perfume",
           "drawing":"attar","gi_tagged":true,"gi_name":"Kannauj Perfume",
           "picture":")" +
          kHash + R"(","thumbnail":"","facts":[{"text":{"en":"Old"},"source":"s"}],
           "trade":{"min_order":"12","unit":"piece","price_min_inr":100,"price_max_inr":"250",
                    "lead_time_days":7,"hs_code":"3301","export_ready":"yes",
                    "checked_on":"2026-01-01"},
           "search_terms":["ittar","itr"],"a_newer_field":{"x":[1]}})"};
  const auto catalogue = through_lean(record);
  REQUIRE(catalogue.products.size() == 1);
  const Product& product = catalogue.products[0];
  CHECK(product.id == "kannauj-attar");
  CHECK(product.name.in(0) == "इत्र");
  CHECK(product.name.in(2) == "عطر");
  CHECK(product.districts == std::vector<std::string>{"kannauj", "gautam-buddha-nagar"});
  CHECK(product.family == "f");
  CHECK(product.drawing == "attar");
  CHECK(product.gi_name == "Kannauj Perfume");
  CHECK(product.picture == kHash);
  CHECK(product.thumbnail.empty());
  CHECK(product.unit == "piece");
  CHECK(product.facts == 1);

  const auto story = story_of(record);
  REQUIRE(story.has_value());
  CHECK(story->description.in(0) == "Scent");
  CHECK(story->sector == "perfume");
  REQUIRE(story->facts.size() == 1);
  CHECK(story->facts[0].text.in(1) == "Old");
  CHECK(story->facts[0].source.in(0) == "s");
  CHECK(story->trade.min_order == "12");
  CHECK(story->trade.price_min_inr == 100);
  CHECK(story->trade.price_max_inr == 250);
  CHECK(story->trade.lead_time_days == 7);
  CHECK(story->trade.export_ready == "yes");
  CHECK(story->search_terms == std::vector<std::string>{"ittar", "itr"});
}

TEST_CASE("Unknown trade stays unknown", "[kiosk][store]") {
  const auto story = story_of({"product", "a", R"({"name":{"hi":"क"},"trade":{
      "price_min_inr":"","lead_time_days":null}})"});
  REQUIRE(story.has_value());
  CHECK_FALSE(story->trade.price_min_inr.has_value());
  CHECK_FALSE(story->trade.lead_time_days.has_value());
}

TEST_CASE("Districts, stalls, events and choices come through", "[kiosk][store]") {
  const auto district = through_lean({"district", "agra",
                                      R"({"name":{"en":"Agra"},"division":{"en":"Agra"},
      "hex_row":6,"hex_half_column":"1","family":"l","neighbours":["Etah","mathura"]})"});
  CHECK(district.districts[0].hex_half_column == 1);
  CHECK(district.districts[0].neighbours == std::vector<std::string>{"etah", "mathura"});
  const auto stall = through_lean({"stall", "s1", R"({"hall":"h","number":"11","x_m":1.5,
      "y_m":-2,"w_m":3.4,"d_m":3,"products":["a","b"]})"});
  CHECK(stall.stalls[0].x_m == 1.5);
  CHECK(stall.stalls[0].y_m == -2);
  CHECK(stall.stalls[0].width_m == 3.4);
  CHECK(stall.stalls[0].products.size() == 2);
  const auto moved = through_lean({"event", "e", R"({"title":{"en":"Fair"},"district":"Agra",
      "start_date":"2019-01-01","end_date":"2019-01-02","moved_to_start":"2019-02-01",
      "moved_to_end":"2019-02-03","status":"moved"})"});
  CHECK(moved.events[0].start_date == "2019-02-01");
  CHECK(moved.events[0].end_date == "2019-02-03");
  const auto country = through_lean({"country", "IN", R"({"name":{"en":"India"},
      "dial_code":"+91"})"});
  CHECK(country.countries[0].id == "IN");
  CHECK(country.countries[0].detail == "+91");
  const auto notice = through_lean({"notice", "n", R"({"version":"2","kind":"enquiry",
      "purpose":"contact","required":"yes","title":{"en":"T"},"text":{"en":"X"}})"});
  CHECK(notice.notices[0].version == 2);
  CHECK(notice.notices[0].required);
}

std::string form_json(const std::string& id, int layout) {
  const std::string text = R"({"en":"T","hi":"क","ur":"ک"})";
  return R"({"form":)" + std::to_string(layout) + R"(,"id":")" + id +
         R"(","version":3,"kind":"question","title":)" + text + R"(,"intro":)" + text +
         R"(,"consents":[],"schema":{"$schema":"http://json-schema.org/draft-07/schema#",)"
         R"("type":"object","properties":{"name":{"type":"string","format":"person-name",)"
         R"("maxLength":80}},"required":["name"],"additionalProperties":false},"ui":{"sections":[)"
         R"({"id":"who","title":)" +
         text + R"(,"questions":[{"field":"name","widget":"text","label":)" + text + R"(}]}]}})";
}

TEST_CASE("A form comes through parsed", "[kiosk][store]") {
  const auto catalogue = through_lean({"form", "ask", form_json("ask", 1)});
  REQUIRE(catalogue.forms.size() == 1);
  const auto form = catalogue.form("ask");
  REQUIRE(form != nullptr);
  CHECK(form->version == 3);
  CHECK(form->kind == "question");
  REQUIRE(form->questions.size() == 1);
  CHECK(form->questions[0].field == "name");
}

TEST_CASE("A form that this program does not understand is left out", "[kiosk][store]") {
  const std::string json = GENERATE(form_json("ask", 99), form_json("other", 1), "{", "");
  const auto lean = lean_of({"form", "ask", json});
  REQUIRE(lean.has_value());
  REQUIRE(lean->has_value());
  Catalogue catalogue;
  CHECK(add_lean("form", **lean, catalogue).has_value());
  CHECK(catalogue.forms.empty());
}

TEST_CASE("A type that no screen reads is passed over", "[kiosk][store]") {
  const auto lean = lean_of({"laboratory", "x", "{}"});
  REQUIRE(lean.has_value());
  CHECK_FALSE(lean->has_value());
}

TEST_CASE("A record that does not read is named", "[kiosk][store]") {
  for (const char* json :
       {"", "[]", "{", R"({"name":"plain"})", R"({"name":{}})",
        R"({"name":{"en":"A"},"picture":"../../etc/passwd"})",
        R"({"name":{"en":"A"},"districts":[1]})", R"({"name":{"en":"A"},"facts":7})",
        R"({"name":{"en":"A"},"trade":{"price_min_inr":"cheap"}})",
        R"({"name":{"en":"A"},"trade":{"price_min_inr":1e300}})"}) {
    const auto lean = lean_of({"product", "bad", json});
    INFO(json);
    REQUIRE_FALSE(lean.has_value());
    CHECK(lean.error().code == ErrorCode::kMalformed);
    CHECK(lean.error().context.starts_with("product/bad"));
  }
}

TEST_CASE("A record names its media", "[kiosk][store]") {
  const auto media =
      media_of({"product", "a", R"({"picture":")" + kHash + R"(","thumbnail":")" + kHash + "\"}"});
  REQUIRE(media->size() == 2);
  CHECK(media->front().kind == wire::ItemKind::kThumbnail);
  CHECK(media->back().kind == wire::ItemKind::kPicture);
  CHECK(media_of({"product", "a", R"({"name":{"en":"x"}})"})->empty());
}

}  // namespace
}  // namespace odop::kiosk

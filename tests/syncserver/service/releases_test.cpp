// Publishing, comparing and rolling back, as an admin does and as a kiosk checks.
#include "syncserver/service/releases.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/trust.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "shared/wire/pack.h"
#include "tests/syncserver/service/photographs.h"
#include "tests/syncserver/service/site.h"

#include <catch2/catch.hpp>

namespace odop::syncserver {

namespace {

using std::chrono::hours;
using Names = std::vector<std::string>;

const std::string kUnits = "id,name_en,name_hi,name_ur\n";

// Publishes one unit after the other: release N has the units of `names` up to N.
void publish_each(Site& site, const Names& names) {
  hours at{0};
  for (const std::string& name : names) {
    REQUIRE(site.import_table("units.csv", kUnits + name + ",U,य,ی\n").errors.empty());
    REQUIRE(site.publisher().publish(kSiteTime + at).has_value());
    at += hours{1};
  }
}

std::string digest(const Site& site, std::uint64_t release) {
  return site.store->release(ReleaseNumber{release}).value().value().content_digest;
}

crypto::Trust trust_of(const Site& site) {
  crypto::Trust trust;
  trust.roots = site.keys->roots;
  trust.certificates = {site.keys->publisher_certificate};
  return trust;
}

// What a kiosk that trusts the root key alone makes of the newest release.
wire::Manifest checked(const Site& site, const crypto::Trust& trust, WallTime now) {
  const auto stored = site.store->pointer("all").value();
  const auto pointer = crypto::check_pointer(
      wire::from_json<wire::SignedDocument>(stored->document).value(), trust, now);
  REQUIRE(pointer.has_value());
  const auto release = site.store->newest_release().value();
  const auto manifest =
      crypto::check_manifest(wire::from_json<wire::SignedDocument>(release->manifest).value(),
                             pointer->pointer, trust, now);
  REQUIRE(manifest.has_value());
  return *manifest;
}

}  // namespace

TEST_CASE("A publication can be checked by whoever trusts the root key", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  const Published first = site.publisher().publish(kSiteTime).value();
  CHECK(first.release == ReleaseNumber{1});
  CHECK(first.records == site.store->draft().value().size());
  CHECK(first.media == 0);

  const auto change = site.temp / "change";
  put_file(change / "media" / "kannauj-attar.jpg", test::photograph(640, 480));
  put_file(change / "products.csv",
           "product_slug,name_en,name_hi\nkannauj-attar,Kannauj attar,कन्नौज का इत्र\n");
  const ImportReport changed = site.import(change);
  CHECK(changed.errors.empty());
  CHECK(changed.pictures == 1);
  const Published second = site.publisher().publish(kSiteTime + hours{1}).value();
  CHECK(second.release == ReleaseNumber{2});
  CHECK(second.media == 2);

  const auto manifest = checked(site, trust_of(site), kSiteTime + hours{1});
  CHECK(manifest.release == ReleaseNumber{2});
  CHECK(manifest.previous == ReleaseNumber{1});
  CHECK(manifest.packs.size() == 2);
  // From release 1 only what changed travels: one record, its picture and thumbnail.
  const auto index = wire::decode_index(
      wire::read_encoded_index(pack_path(site.folder.root, second.release, first.release).string())
          .value());
  CHECK(index.value().items.size() == 3);
}

TEST_CASE("Without a change there is no new release, only a younger pointer",
          "[syncserver][service]") {
  Site site;
  publish_each(site, {"box"});
  const auto serial = [&] { return site.store->pointer("all").value()->serial; };
  const auto before = serial();
  const Published same = site.publisher().publish(kSiteTime + hours{1}).value();
  CHECK_FALSE(same.changed);
  CHECK(same.release == ReleaseNumber{1});
  CHECK(serial() == before);
  CHECK_FALSE(site.publisher().publish(kSiteTime + std::chrono::days{20}).value().changed);
  CHECK(serial() == before + 1);
  CHECK(site.store->newest_release().value()->number == ReleaseNumber{1});
}

TEST_CASE("An empty draft and a missing publisher key publish nothing", "[syncserver][service]") {
  Site site;
  CHECK(site.publisher().publish(kSiteTime).error().code == ErrorCode::kInvalidArgument);
  REQUIRE(site.import_table("units.csv", kUnits + "box,U,य,ی\n").errors.empty());
  site.keys->publisher.reset();
  CHECK(site.publisher().publish(kSiteTime).error().code == ErrorCode::kForbidden);
  CHECK_FALSE(site.store->newest_release().value().has_value());
}

TEST_CASE("The draft is compared with any release", "[syncserver][service]") {
  Site site;
  publish_each(site, {"box", "tin"});
  REQUIRE(site.import_table("units.csv", kUnits + "box,Case,बक्सा,بکس\nbag,Bag,थैला,تھیلا\n")
              .errors.empty());
  REQUIRE(site.remove({"unit/tin"}).has_value());

  const Difference newest = site.publisher().diff({}).value();
  CHECK(newest.from == ReleaseNumber{2});
  CHECK(newest.added == Names{"unit/bag"});
  CHECK(newest.changed == Names{"unit/box"});
  CHECK(newest.removed == Names{"unit/tin"});
  const Difference first = site.publisher().diff(ReleaseNumber{1}).value();
  CHECK(first.added == Names{"unit/bag"});
  CHECK(first.changed == Names{"unit/box"});
  CHECK(first.removed.empty());
  const Difference all = site.publisher().diff(ReleaseNumber{0}).value();
  CHECK(all.added == Names{"unit/bag", "unit/box"});
  CHECK(site.publisher().diff(ReleaseNumber{9}).error().code == ErrorCode::kNotFound);
}

TEST_CASE("A rollback shows the old content under a higher number", "[syncserver][service]") {
  Site site;
  publish_each(site, {"box", "tin", "bag"});
  auto trust = trust_of(site);
  const auto last = checked(site, trust, kSiteTime);
  trust.pointer_serial = site.store->pointer("all").value()->serial;

  const Published back = site.publisher().rollback(ReleaseNumber{1}, kSiteTime + hours{9}).value();
  CHECK(back.release == ReleaseNumber{4});
  CHECK(back.records == 1);
  CHECK(digest(site, 4) == digest(site, 1));
  CHECK(digest(site, 4) != digest(site, 3));
  // A kiosk that has seen release 3 takes it: its serial is higher.
  const auto manifest = checked(site, trust, kSiteTime + hours{9});
  CHECK(manifest.release == ReleaseNumber{4});
  CHECK(manifest.previous == last.release);
  const auto index = wire::decode_index(
      wire::read_encoded_index(
          pack_path(site.folder.root, ReleaseNumber{4}, ReleaseNumber{3}).string())
          .value());
  REQUIRE(index.value().items.size() == 2);
  for (const auto& item : index.value().items) CHECK(item.kind == wire::ItemKind::kRemoved);

  // The draft stays as it was, and is the next release when it is published.
  CHECK(site.publisher().diff({}).value().added == Names{"unit/bag", "unit/tin"});
  CHECK(site.publisher().publish(kSiteTime + hours{10}).value().release == ReleaseNumber{5});
  CHECK(digest(site, 5) == digest(site, 3));
}

TEST_CASE("A release says which program it wants, and keeps saying it", "[syncserver][service]") {
  Site site;
  auto publisher = site.publisher();
  const auto unit = [&](const std::string& name) {
    REQUIRE(site.import_table("units.csv", kUnits + name + ",U,य,ی\n").errors.empty());
  };
  const auto wants = [&] {
    auto trust = trust_of(site);
    return checked(site, trust, kSiteTime).minimum_app;
  };
  unit("box");
  CHECK(publisher.publish(kSiteTime)->minimum_app == 1);
  CHECK(wants() == 1);

  // By word: a release of its own, since a manifest never changes.
  const Published raised = publisher.publish(kSiteTime, kPointerLife, 4).value();
  CHECK(raised.release == ReleaseNumber{2});
  CHECK(raised.changed);
  CHECK(raised.before == 1);
  CHECK(wants() == 4);
  CHECK_FALSE(publisher.publish(kSiteTime, kPointerLife, 4)->changed);
  CHECK_FALSE(publisher.publish(kSiteTime)->changed);  // it stays
  unit("tin");
  CHECK(publisher.publish(kSiteTime)->minimum_app == 4);
  CHECK(wants() == 4);

  // Content that goes back brings its own number back, both ways.
  CHECK(publisher.rollback(ReleaseNumber{1}, kSiteTime)->minimum_app == 1);
  CHECK(wants() == 1);
  CHECK(publisher.rollback(ReleaseNumber{3}, kSiteTime)->minimum_app == 4);
  CHECK(wants() == 4);

  // By the content: this form has what the first program cannot read.
  for (const char* file : {"kinds.csv", "notices.csv", "forms/enquiry.json"}) {
    REQUIRE(site.import(kRealCatalogue / file).errors.empty());
  }
  const auto refused = publisher.publish(kSiteTime, kPointerLife, 1);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kInvalidArgument);
  CHECK(refused.error().context.find("form/enquiry wants program 2") != std::string::npos);
  const Published lowered = publisher.publish(kSiteTime, kPointerLife, 2).value();
  CHECK(lowered.minimum_app == 2);
  CHECK(lowered.before == 4);
  REQUIRE(publisher.rollback(ReleaseNumber{1}, kSiteTime).has_value());
  CHECK(publisher.publish(kSiteTime)->minimum_app == 2);  // nobody said so
  CHECK(wants() == 2);
  const auto all = publisher.history(2).value();
  REQUIRE(all.size() == 2);
  CHECK(minimum_app_of(all[0]) == 2);
  CHECK(minimum_app_of(all[1]) == 1);
  CHECK(publisher.history(100)->size() == all[0].number.value);
}

TEST_CASE("A rollback to nothing or to what is shown makes no release", "[syncserver][service]") {
  Site site;
  publish_each(site, {"box"});
  CHECK(site.publisher().rollback(ReleaseNumber{9}, kSiteTime).error().code ==
        ErrorCode::kNotFound);
  CHECK(site.publisher().rollback(ReleaseNumber{0}, kSiteTime).error().code ==
        ErrorCode::kNotFound);
  CHECK_FALSE(site.publisher().rollback(ReleaseNumber{1}, kSiteTime).value().changed);
}

TEST_CASE("A rollback to an edit brings the old text back", "[syncserver][service]") {
  Site site;
  publish_each(site, {"box"});
  REQUIRE(site.import_table("units.csv", kUnits + "box,Wrong,गलत,غلط\n").errors.empty());
  REQUIRE(site.publisher().publish(kSiteTime).has_value());
  const Published back = site.publisher().rollback(ReleaseNumber{1}, kSiteTime).value();
  CHECK(back.release == ReleaseNumber{3});
  const auto items = site.store->release_items(back.release).value();
  REQUIRE(items.size() == 1);
  CHECK(items[0].hash == site.store->release_items(ReleaseNumber{1}).value()[0].hash);
}

}  // namespace odop::syncserver

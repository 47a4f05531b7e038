// Import and removal on a real data folder.
#include "syncserver/service/catalogue.h"

#include "shared/crypto/digest.h"
#include "shared/sound/clip.h"
#include "tests/syncserver/service/photographs.h"
#include "tests/syncserver/service/site.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <vector>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;
using test::photograph;

const std::string kTwoUnits = "id,name_en,name_hi,name_ur\nbox,Box,डिब्बा,ڈبہ\ntin,Tin,,ٹین\n";

nlohmann::json product(const Site& site, const std::string& id) {
  const auto products = site.store->draft_of("product").value();
  for (const auto& record : products) {
    if (record.id == id) return nlohmann::json::parse(record.json);
  }
  return nullptr;
}

// What the import of one picture under media/ says, without the catalogue changing.
ImportError only_error(Site& site, const std::string& name, const Bytes& bytes) {
  const auto place = site.temp / ("bad-" + name);
  put_file(place / "media" / name, bytes);
  const auto before = site.store->draft().value();
  const ImportReport report = site.import(place);
  CHECK(report.imported == 0);
  CHECK(report.pictures == 0);
  CHECK(site.store->draft().value().size() == before.size());
  REQUIRE(report.errors.size() == 1);
  CHECK(report.errors[0].file == "media/" + name);
  CHECK(report.errors[0].row == 0);
  CHECK_FALSE(report.errors[0].message.empty());
  CHECK(report.errors[0].message.find('\n') == std::string::npos);
  return report.errors[0];
}

}  // namespace

TEST_CASE("The product's own catalogue imports without an error", "[syncserver][service]") {
  Site site;
  const ImportReport report = site.import(kRealCatalogue);
  for (const auto& error : report.errors) UNSCOPED_INFO(error.file << " " << error.message);
  REQUIRE(report.errors.empty());
  CHECK(site.store->draft_of("district").value().size() == 75);
  CHECK(site.store->draft_of("product").value().size() == 122);
  CHECK(site.store->draft_of("form").value().size() == 13);
  CHECK(site.import(ODOP_SOURCE_DIR "/assets/demo").errors.empty());
  const auto again = site.import(kRealCatalogue);
  CHECK(again.imported == report.imported);
  CHECK(site.store->draft_of("product").value().size() == 122);
}

TEST_CASE("Nothing of a wrong file is taken unless the right rows are asked for",
          "[syncserver][service]") {
  Site site;
  const ImportReport bad = site.import_table("units.csv", kTwoUnits);
  CHECK(bad.imported == 0);
  REQUIRE(bad.errors.size() == 1);
  CHECK(bad.errors[0].file == "units.csv");
  CHECK(bad.errors[0].row == 3);
  CHECK(bad.errors[0].column == "name_hi");
  CHECK(bad.errors[0].code == "missing_language");
  CHECK(site.store->draft().value().empty());

  const ImportReport part = site.import_table("units.csv", kTwoUnits, true);
  CHECK(part.imported == 1);
  CHECK(part.errors.size() == 1);
  CHECK(site.has("unit", "box"));
  CHECK_FALSE(site.has("unit", "tin"));
}

TEST_CASE("A wrong table keeps the right ones of the same folder out", "[syncserver][service]") {
  Site site;
  put_file(site.temp / "two" / "units.csv", "id,name_en,name_hi,name_ur\nbox,Box,डिब्बा,ڈبہ\n");
  put_file(site.temp / "two" / "divisions.csv", "id,name_en,name_hi,name_ur\nagra,Agra,आगरा\n");
  CHECK(site.import(site.temp / "two").imported == 0);
  CHECK_FALSE(site.has("unit", "box"));
}

TEST_CASE("A path is a folder or one CSV file", "[syncserver][service]") {
  Site site;
  put_file(site.temp / "one.csv",
           "id,name_en,name_hi,name_ur,dial_code\nIN,India,भारत,بھارت,+91\n");
  CHECK(site.import(site.temp / "one.csv").imported == 1);
  CHECK(site.has("country", "IN"));
  const auto refused = [&](const fs::path& path) {
    return import_catalogue(*site.store, site.media, path, false, kSiteTime).error().code;
  };
  CHECK(refused(site.temp / "nowhere") == ErrorCode::kNotFound);
  fs::create_directories(site.temp / "empty");
  CHECK(refused(site.temp / "empty") == ErrorCode::kInvalidArgument);
}

TEST_CASE("Rows are upserted by id and none is removed by its absence", "[syncserver][service]") {
  Site site;
  const std::string header = "id,name_en,name_hi,name_ur\n";
  REQUIRE(site.import_table("units.csv", header + "a,A,अ,ا\nb,B,ब,ب\n").imported == 2);
  REQUIRE(site.import_table("units.csv", header + "b,Better,बेहतर,بہتر\n").imported == 1);
  CHECK(site.has("unit", "a"));
  CHECK(site.store->draft_of("unit").value().size() == 2);
}

TEST_CASE("A picture is named after its product and hangs on it", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  const auto place = site.temp / "pictures";
  put_file(place / "media" / "kannauj-attar.jpg", photograph(1800, 900));
  put_file(place / "media" / "agra-petha.PNG", test::png_photograph(30, 20));
  const std::string locks = site.store->draft_of("product").value().front().id;
  put_file(place / "media" / (locks + ".webp"), test::webp_photograph(30, 20));
  const bool petha = site.has("product", "agra-petha");
  if (!petha) fs::remove(place / "media" / "agra-petha.PNG");
  const ImportReport report = site.import(place);
  for (const auto& error : report.errors) UNSCOPED_INFO(error.file << " " << error.message);
  REQUIRE(report.errors.empty());
  CHECK(report.pictures == (petha ? 3 : 2));

  const auto attar = product(site, "kannauj-attar");
  REQUIRE(attar.contains("picture"));
  for (const char* key : {"picture", "thumbnail"}) {
    const std::string hash = attar.at(key);
    const auto bytes = read_file(site.media.path_of(hash), 1 << 20).value();
    CHECK(to_hex(crypto::sha256(bytes)) == hash);
    CHECK(bytes.starts_with("\xFF\xD8\xFF"));
  }
  // What the record said before stays, and a later table does not take the picture away.
  CHECK(attar.at("name").at("hi").get<std::string>().find("इत्र") != std::string::npos);
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  CHECK(product(site, "kannauj-attar").at("picture") == attar.at("picture"));
}

TEST_CASE("A picture that cannot be used is refused with one clear line", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  CHECK(only_error(site, "nobody.jpg", photograph(9, 9)).code == "unknown_product");
  CHECK(only_error(site, "kannauj-attar.gif", "GIF89a").code == "unknown_file");
  CHECK(only_error(site, "kannauj-attar.jpg", "not a picture").code == "bad_picture");
  CHECK(only_error(site, "kannauj-attar.jpeg", photograph(99, 99).substr(0, 400)).code ==
        "bad_picture");
  Bytes large = photograph(9, 9);
  large.resize(33 * 1024 * 1024);
  CHECK(only_error(site, "kannauj-attar.JPG", large).code == "picture_too_large");
  CHECK_FALSE(product(site, "kannauj-attar").contains("picture"));

  const auto twice = site.temp / "twice";
  put_file(twice / "media" / "kannauj-attar.jpg", photograph(9, 9));
  put_file(twice / "media" / "kannauj-attar.png", test::png_photograph(9, 9));
  const auto report = site.import(twice);
  REQUIRE(report.errors.size() == 1);
  CHECK(report.errors[0].code == "duplicate_picture");
  CHECK(site.import(twice, true).pictures == 1);
}

TEST_CASE("A recorded prompt is checked, kept, and travels with its record",
          "[syncserver][service]") {
  Site site;
  const auto place = site.temp / "prompts";
  const std::string rows =
      "id,key,language,text\nawa-name,form/registration/name,awa,तोहार नाम का है\n";
  put_file(place / "audio.csv", rows);
  put_file(place / "audio" / "awa-name.opus",
           sound::encode(std::vector<std::int16_t>(32'000, 500)).value());
  const ImportReport report = site.import(place);
  for (const auto& error : report.errors) UNSCOPED_INFO(error.file << " " << error.message);
  REQUIRE(report.errors.empty());
  CHECK(report.recordings == 1);
  const auto record = nlohmann::json::parse(site.store->draft_of("audio").value().front().json);
  CHECK(record.at("key") == "form/registration/name");
  CHECK(record.at("language") == "awa");
  const std::string hash = record.at("medium");
  CHECK(read_file(site.media.path_of(hash), 1 << 20).value().starts_with("OggS"));
  // The table alone does not take the recording away.
  REQUIRE(site.import_table("audio.csv", rows).errors.empty());
  CHECK(nlohmann::json::parse(site.store->draft_of("audio").value().front().json).at("medium") ==
        hash);
  const Published published = site.publisher().publish(kSiteTime).value();
  CHECK(published.media == 1);
}

TEST_CASE("A recording that cannot be played is refused with one clear line",
          "[syncserver][service]") {
  Site site;
  const auto code = [&](const std::string& name, const Bytes& bytes, bool row = true) {
    const auto place = site.temp / ("bad-" + name);
    const std::string id = name.substr(0, name.find('.'));
    if (row) put_file(place / "audio.csv", "id,key,language,text\n" + id + ",,bho,x\n");
    if (!name.empty() && !bytes.empty()) put_file(place / "audio" / name, bytes);
    const ImportReport report = site.import(place);
    CHECK(report.imported == 0);
    REQUIRE_FALSE(report.errors.empty());
    return report.errors.front().code;
  };
  const Bytes clip = sound::encode(std::vector<std::int16_t>(48'000, 500)).value();
  CHECK(code("a.opus", clip.substr(0, 900)) == "bad_audio");
  CHECK(code("b.opus", Bytes("RIFF\0\0\0\0WAVEfmt ", 16)) == "bad_audio");
  CHECK(code("c.opus", Bytes(sound::kMaxPromptBytes + 1, 'x')) == "audio_too_large");
  CHECK(code("d.mp3", clip) == "unknown_file");
  CHECK(code("e.opus", clip, false) == "unknown_audio");
  CHECK(code("f.opus", {}) == "missing_audio");
  CHECK(site.store->draft().value().empty());
}

TEST_CASE("A refused import leaves no picture behind", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  const auto files = [&site] {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(site.media.folder())) {
      if (entry.is_regular_file()) ++count;
    }
    return count;
  };
  const auto place = site.temp / "mixed";
  put_file(place / "media" / "agra-petha.jpg", photograph(60, 40));
  put_file(place / "media" / "kannauj-attar.jpg", photograph(90, 50));
  put_file(place / "media" / "nobody.jpg", photograph(9, 9));
  REQUIRE(site.has("product", "kannauj-attar"));

  const auto refused = site.import(place);
  CHECK_FALSE(refused.errors.empty());
  CHECK(refused.imported == 0);
  CHECK(files() == 0);

  // What is right is taken when it is asked for: a picture and a thumbnail each.
  const auto taken = site.import(place, true);
  CHECK(taken.pictures >= 1);
  CHECK(files() == 2 * taken.pictures);
}

TEST_CASE("A spool gives back what was put in and has no name", "[syncserver][service]") {
  const test::TempFolder temp;
  auto spool = Spool::open(temp.path() / "new");
  REQUIRE(spool.has_value());
  const Bytes large(300'000, 'x');
  CHECK(spool->append("one").value() == 0);
  CHECK(spool->append(large).value() == 3);
  CHECK(spool->append("two").value() == 300'003);
  CHECK(spool->read(0, 3).value() == "one");
  CHECK(spool->read(3, large.size()).value() == large);
  CHECK(spool->read(300'003, 3).value() == "two");
  CHECK(spool->read(300'003, 4).error().code == ErrorCode::kIo);
  CHECK(fs::is_empty(temp.path() / "new"));
}

TEST_CASE("A record that others refer to is not removed", "[syncserver][service]") {
  Site site;
  REQUIRE(site.import(kRealCatalogue).errors.empty());
  REQUIRE(site.import_table("units.csv", kTwoUnits, true).imported == 1);
  const auto code = [&](const std::vector<std::string>& names) {
    return site.remove(names).error().code;
  };
  CHECK(code({"district/kannauj"}) == ErrorCode::kConflict);
  CHECK(site.remove({"district/kannauj"}).error().context.find("district/kannauj") !=
        std::string::npos);
  CHECK(code({"unit/none"}) == ErrorCode::kNotFound);
  CHECK(code({"unit"}) == ErrorCode::kNotFound);
  CHECK(code({""}) == ErrorCode::kNotFound);
  CHECK(code({"unit/box", "unit/none"}) == ErrorCode::kNotFound);
  CHECK(site.has("unit", "box"));  // all or none
  CHECK(site.remove({"unit/box"}).has_value());
  CHECK_FALSE(site.has("unit", "box"));
}

TEST_CASE("Records that refer to each other leave together", "[syncserver][service]") {
  Site site;
  put_file(site.temp / "c" / "districts.csv",
           "name_en,name_hi,name_ur,neighbours\nAgra,आगरा,آگرہ,Etah\nEtah,एटा,ایٹہ,Agra\n");
  REQUIRE(site.import(site.temp / "c").imported == 2);
  CHECK(site.remove({"district/agra"}).error().code == ErrorCode::kConflict);
  CHECK(site.remove({"district/agra", "district/etah"}).has_value());
  CHECK(site.store->draft().value().empty());
}

}  // namespace odop::syncserver

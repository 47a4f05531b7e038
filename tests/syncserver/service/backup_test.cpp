// Backup, restore and verification of a server that holds submissions, opened and not.
#include "syncserver/service/backup.h"

#include "syncserver/service/catalogue.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/new_life.h"
#include "syncserver/service/releases.h"
#include "syncserver/service/verify.h"
#include "tests/syncserver/service/damage.h"
#include "tests/syncserver/service/desk.h"
#include "tests/syncserver/service/photographs.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <string>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;

Result<std::unique_ptr<Store>> open_file(const fs::path& file) { return open_store(file.string()); }

// The Desk's server with a picture and a release, two opened submissions and one that waits.
class FullDesk : public Desk {
 public:
  FullDesk() {
    must(store->edit_draft(std::vector{record("product", "kannauj-attar", R"({"name":{}})")}, {},
                           {}, kDeskStart));
    const auto place = temp / "import" / "media";
    fs::create_directories(place);
    std::ofstream(place / "kannauj-attar.jpg", std::ios::binary) << test::photograph(64, 48);
    const auto report =
        import_catalogue(*store, media, temp / "import", false, clock.wall()).value();
    if (report.pictures != 1) throw std::runtime_error("no picture");
    if (!publisher().publish(clock.wall()).has_value()) throw std::runtime_error("no release");
    sent = {kiosk.enquiry(), kiosk.enquiry()};
    kiosk.push({sent[0].envelope, sent[1].envelope});
    open_all();
    sent.push_back(kiosk.enquiry());
    kiosk.push({sent[2].envelope});
  }
  Publisher publisher() { return {*store, keys, media, data.root}; }
  Result<BackupSummary> back_up(const BackupPlaces& places) {
    return make_backup(*store, *record_keys, data, places, clock.wall());
  }
  Result<BackupSummary> restore(const BackupPlaces& places, const fs::path& to) {
    return restore_backup(places, DataFolder{to}, open_file, random, clock.wall());
  }
  Verification verify() { return verify_all(*store, *record_keys, keys, data).value(); }

  test::TempFolder temp;
  MediaFolder media{data.media()};
  TestKiosk kiosk{*this, "shilp-gram", "lucknow"};
  std::vector<TestKiosk::Sent> sent;
};

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

}  // namespace

TEST_CASE("A backup is restored with every submission, and begins a new life",
          "[syncserver][backup]") {
  FullDesk desk;
  const BackupPlaces places{desk.temp / "backup", desk.temp / "keys"};
  const auto made = desk.back_up(places);
  REQUIRE(made.has_value());
  CHECK(made->generation == desk.store->generation().value());
  // What comes after it is not in it.
  desk.kiosk.push({desk.kiosk.enquiry().envelope});

  const DataFolder folder{desk.temp / "restored"};
  const auto restored = desk.restore(places, folder.root);
  REQUIRE(restored.has_value());
  CHECK(restored->files == made->files);
  CHECK(restored->generation != made->generation);

  const auto store = open_store(folder.database().string()).value();
  const auto record_keys = open_key_store(folder.record_keys()).value();
  const auto keys = load_server_keys(folder.keys()).value();
  CHECK(store->generation().value() == restored->generation);
  const auto report = verify_all(*store, *record_keys, keys, folder).value();
  for (const auto& problem : report.problems) UNSCOPED_INFO(problem);
  CHECK(report.problems.empty());
  CHECK(report.submissions == 3);
  CHECK(report.media == 2);
  CHECK(report.releases == 1);

  Submissions office(*store, *record_keys, lookup_key(keys), desk.clock);
  const auto shown = office.show(desk.sent[0].reference).value();
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].fields.find("Asha Canary") != std::string::npos);
  Opener opener(*store, *record_keys, keys, desk.clock);
  CHECK(opener.open_next().value().opened == 1);

  // Nothing that was given out after the backup can be given out again.
  const MediaFolder media(folder.media());
  must(
      remove_records(*store, std::vector<std::string>{"product/kannauj-attar"}, desk.clock.wall()));
  Publisher publisher(*store, keys, media, folder.root);
  CHECK(publisher.publish(desk.clock.wall()).value().release.value > 1'000);
  CHECK(store->pointer("all").value()->serial > 1'000);
}

TEST_CASE("No two lives of one backup give a kiosk number twice, or a release",
          "[syncserver][backup]") {
  FullDesk desk;
  const BackupPlaces places{desk.temp / "backup", {}};
  REQUIRE(desk.back_up(places).has_value());
  // The server's own life goes on for a while, then it is lost; so is each of the others.
  std::multiset<std::uint64_t> kiosks;
  std::uint64_t release = 0;
  const auto live = [&](Store& store, const ServerKeys& keys, const fs::path& root,
                        const std::string& life) {
    for (int i = 0; i < 60; ++i) {
      kiosks.insert(store.add_kiosk({.code_hash = life + std::to_string(i)})->value);
    }
    const MediaFolder media(root / "media");
    Publisher publisher(store, keys, media, root);
    for (int i = 0; i < 3; ++i) {
      must(store.edit_draft(std::vector{record("product", "kannauj-attar",
                                               "{\"life\":\"" + life + std::to_string(i) + "\"}")},
                            {}, {}, kDeskStart));
      const std::uint64_t next = publisher.publish(desk.clock.wall())->release.value;
      CHECK(next > release);  // else kiosks that saw the last one would not take it
      release = next;
    }
  };
  live(*desk.store, desk.keys, desk.data.root, "first");
  // All within one moment.
  for (const std::string life : {"second", "third", "fourth", "fifth", "sixth"}) {
    INFO(life);
    const DataFolder folder{desk.temp / life};
    const auto restored = desk.restore(places, folder.root);
    REQUIRE(restored.has_value());
    CHECK(restored->noted);
    const auto store = open_store(folder.database().string()).value();
    live(*store, load_server_keys(folder.keys()).value(), folder.root, life);
  }
  CHECK(kiosks.size() == 360);
  CHECK(std::set<std::uint64_t>(kiosks.begin(), kiosks.end()).size() == 360);
  CHECK(*kiosks.rbegin() <= 9'999);  // a reference of 11 digits
  CHECK(release < 10'000'000);
  CHECK(read_lives(places.to)->size() == 5);

  // A place where nothing can be noted keeps nobody from the data, and is told.
  fs::remove(places.to / "lives.list");
  fs::create_directories(places.to / "lives.list");
  const auto untold = desk.restore(places, desk.temp / "untold");
  REQUIRE(untold.has_value());
  CHECK_FALSE(untold->noted);
}

TEST_CASE("An answer after a restore replaces one that the server lost", "[syncserver][backup]") {
  FullDesk desk;
  const BackupPlaces places{desk.temp / "backup", {}};
  REQUIRE(desk.back_up(places).has_value());
  const std::string& reference = desk.sent[0].reference;
  const AnswerOrder order{.reference = reference, .state = "answered", .text = "450"};
  REQUIRE(desk.submissions.answer(order).has_value());
  std::uint32_t held = desk.store->submissions({.reference = reference})->at(0).answer;
  CHECK(held == 1);
  // The same backup may be restored again, and what was answered in between be lost, too.
  for (const char* life : {"second", "third"}) {
    INFO(life);
    desk.clock.advance(std::chrono::hours(1));
    const DataFolder folder{desk.temp / life};
    REQUIRE(desk.restore(places, folder.root).has_value());
    const auto store = open_store(folder.database().string()).value();
    const auto record_keys = open_key_store(folder.record_keys()).value();
    const auto keys = load_server_keys(folder.keys()).value();
    Submissions office(*store, *record_keys, lookup_key(keys), desk.clock);
    REQUIRE(office.answer(order).has_value());
    const std::uint32_t revision = store->submissions({.reference = reference})->at(0).answer;
    CHECK(revision > held);
    held = revision;
    // From here on they are counted one by one.
    REQUIRE(office.answer(order).has_value());
    CHECK(store->submissions({.reference = reference})->at(0).answer == held + 1);
    ++held;
  }
}

TEST_CASE("A kiosk pushes again what a restored server lost, and only that is new",
          "[syncserver][backup]") {
  FullDesk desk;
  const BackupPlaces places{desk.temp / "backup", {}};
  REQUIRE(desk.back_up(places).has_value());
  const auto lost = desk.kiosk.enquiry();
  desk.kiosk.push({lost.envelope});

  const DataFolder folder{desk.temp / "restored"};
  REQUIRE(desk.restore(places, folder.root).has_value());
  const auto store = open_store(folder.database().string()).value();
  KioskApi api(*store, desk.keys, desk.clock, desk.random, folder.root);
  CHECK(api.hello().value().database_generation != desk.api.hello().value().database_generation);
  const Caller caller = api.authenticate(desk.kiosk.identity.token).value();
  std::vector<Bytes> all;
  for (const auto& one : desk.sent) all.push_back(one.envelope);
  all.push_back(lost.envelope);
  const auto receipt = wire::decode<wire::BatchReceipt>(
                           api.push(caller, {wire::kProtocolVersion, all}).value().payload)
                           .value();
  REQUIRE(receipt.verdicts.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(receipt.verdicts[i].code == wire::VerdictCode::kDuplicate);
  }
  CHECK(receipt.verdicts[3].code == wire::VerdictCode::kStored);
}

TEST_CASE("A backup holds what was spoken, opened and not, and covers only what is whole",
          "[syncserver][backup]") {
  FullDesk desk;
  desk.kiosk.spoken = {{"message", "OggS canary of a voice"}};
  const auto heard = desk.kiosk.enquiry();
  const auto sealed = desk.kiosk.enquiry();
  const auto lacking = desk.kiosk.enquiry();
  desk.kiosk.spoken.clear();
  const auto after = desk.kiosk.enquiry();
  desk.kiosk.push({heard.envelope});
  desk.kiosk.attach_all(heard);
  desk.open_all();
  REQUIRE(desk.opener.open_next().value().recordings == 1);
  desk.kiosk.push({sealed.envelope, lacking.envelope, after.envelope});
  desk.kiosk.attach_all(sealed);
  const BackupPlaces places{desk.temp / "backup", desk.temp / "keys"};
  REQUIRE(desk.back_up(places).has_value());
  // Three enquiries, then two whole ones; not the one without its recording, nor what follows.
  CHECK(desk.store->fleet().value().at(0).device.covered_sequence == Sequence{5});

  const DataFolder folder{desk.temp / "restored"};
  REQUIRE(desk.restore(places, folder.root).has_value());
  const auto store = open_store(folder.database().string()).value();
  const auto record_keys = open_key_store(folder.record_keys()).value();
  const auto keys = load_server_keys(folder.keys()).value();
  CHECK(verify_all(*store, *record_keys, keys, folder).value().problems.empty());
  Submissions office(*store, *record_keys, lookup_key(keys), desk.clock);
  CHECK(office.recording(heard.reference, "message").value() == "OggS canary of a voice");
  Opener opener(*store, *record_keys, keys, desk.clock);
  while (opener.open_next().value().opened > 0) {
  }
  CHECK(office.recording(sealed.reference, "message").value() == "OggS canary of a voice");
  CHECK(office.recording(lacking.reference, "message").error().code == ErrorCode::kConflict);
}

TEST_CASE("Verification finds a recording that was changed or swapped away",
          "[syncserver][backup]") {
  FullDesk desk;
  desk.kiosk.spoken = {{"message", "OggS canary of a voice"}};
  const auto opened = desk.kiosk.enquiry();
  desk.kiosk.push({opened.envelope});
  desk.kiosk.attach_all(opened);
  desk.open_all();
  REQUIRE(desk.opener.open_next().value().recordings == 1);
  const auto sealed = desk.kiosk.enquiry();
  desk.kiosk.push({sealed.envelope});
  desk.kiosk.attach_all(sealed);
  REQUIRE(desk.verify().problems.empty());
  const auto finds = [&](const std::string& sql) {
    change_database(desk.data.database(), sql);
    return desk.verify().problems.size();
  };
  const std::string open_one = " WHERE state = 3";
  const std::string sealed_one = " WHERE state = 2";
  SECTION("a byte of an opened one") {
    CHECK(finds("UPDATE attachments SET body = CAST(substr(body, 1, 60) || x'0000000000' || "
                "substr(body, 66) AS BLOB)" +
                open_one) == 1);
  }
  SECTION("a byte of a sealed one") {
    CHECK(finds("UPDATE attachments SET body = CAST(x'0000000000' || substr(body, 6) AS BLOB)" +
                sealed_one) == 1);
  }
  SECTION("it is gone") { CHECK(finds("DELETE FROM attachments" + open_one) == 1); }
  SECTION("it is said to be awaited") {
    CHECK(finds("UPDATE attachments SET state = 1" + open_one) == 1);
  }
  SECTION("another hash") {
    CHECK(finds("UPDATE attachments SET hash = substr(hash, 2) || substr(hash, 1, 1)" +
                sealed_one) == 1);
  }
}

TEST_CASE("The keys of a backup can stand apart", "[syncserver][backup]") {
  FullDesk desk;
  const BackupPlaces apart{desk.temp / "backup", desk.temp / "safe"};
  REQUIRE(desk.back_up(apart).has_value());
  CHECK_FALSE(fs::exists(apart.to / "keys"));
  for (const char* file : {"records.db", "sealing.key", "server.key", "backup.json"}) {
    CHECK(fs::exists(apart.keys_to / file));
  }
  CHECK((fs::status(apart.keys_to).permissions() &
         (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  // Whoever has the backup alone reads nobody's words, and cannot restore.
  for (const auto& file : files_below(apart.to)) {
    const auto bytes = read_file(file, 1U << 26U).value();
    CHECK(bytes.find("Canary") == Bytes::npos);
    CHECK(bytes.find("9876543210") == Bytes::npos);
  }
  CHECK(desk.restore({apart.to, {}}, desk.temp / "a").error().code == ErrorCode::kNotFound);
  CHECK_FALSE(fs::exists(desk.temp / "a"));
  CHECK(desk.restore(apart, desk.temp / "b").has_value());

  const BackupPlaces together{desk.temp / "whole", {}};
  REQUIRE(desk.back_up(together).has_value());
  CHECK(fs::exists(together.to / "keys" / "records.db"));
  CHECK(desk.restore(together, desk.temp / "c").has_value());
}

TEST_CASE("A backup takes no place that is taken", "[syncserver][backup]") {
  FullDesk desk;
  const BackupPlaces places{desk.temp / "backup", desk.temp / "keys"};
  fs::create_directories(places.keys_to);
  CHECK(desk.back_up(places).error().code == ErrorCode::kConflict);
  CHECK_FALSE(fs::exists(places.to));
  fs::remove(places.keys_to);
  REQUIRE(desk.back_up(places).has_value());
  CHECK(desk.back_up(places).error().code == ErrorCode::kConflict);
  CHECK(fs::exists(places.to / "backup.json"));
  CHECK(desk.restore(places, desk.data.root).error().code == ErrorCode::kConflict);
  CHECK(desk.restore({desk.temp / "nowhere", {}}, desk.temp / "x").error().code ==
        ErrorCode::kNotFound);
}

TEST_CASE("A backup's two folders lie apart, and only those that belong together are restored",
          "[syncserver][backup]") {
  FullDesk desk;
  const fs::path place = desk.temp / "backup";
  for (const fs::path& keys :
       {place, place / "inner", place / "keys", fs::path(desk.temp.path())}) {
    INFO(keys);
    CHECK(desk.back_up({place, keys}).error().code == ErrorCode::kInvalidArgument);
    CHECK_FALSE(fs::exists(place));
  }
  CHECK(desk.store->fleet().value().at(0).device.covered_sequence == Sequence{0});

  const BackupPlaces monday{desk.temp / "monday", desk.temp / "monday-keys"};
  REQUIRE(desk.back_up(monday).has_value());
  desk.clock.advance(std::chrono::hours{24});
  const BackupPlaces tuesday{desk.temp / "tuesday", desk.temp / "tuesday-keys"};
  REQUIRE(desk.back_up(tuesday).has_value());
  const auto refused = [&](const BackupPlaces& from) {
    const auto done = desk.restore(from, desk.temp / "other");
    CHECK_FALSE(fs::exists(desk.temp / "other"));
    return done.has_value() ? std::string() : done.error().context;
  };
  CHECK_THAT(refused({monday.to, tuesday.keys_to}), Catch::Contains("keys of another backup"));
  CHECK_THAT(refused({monday.keys_to, monday.to}), Catch::Contains("holds no database"));
  CHECK_THAT(refused({monday.keys_to, monday.keys_to}), Catch::Contains("holds no database"));
  CHECK_THAT(refused({monday.to, monday.to}), Catch::Contains("holds no keys"));
  CHECK(desk.restore(monday, desk.temp / "other").has_value());
}

TEST_CASE("What is damaged at the server is covered by no backup", "[syncserver][backup]") {
  FullDesk desk;
  const auto covered = [&] { return desk.store->fleet().value().at(0).device.covered_sequence; };
  change_database(desk.data.database(),
                  "UPDATE submissions SET body = CAST(x'000000' || substr(body, 4) AS BLOB) WHERE "
                  "sequence = 2");
  const BackupPlaces places{desk.temp / "backup", {}};
  const auto made = desk.back_up(places);
  REQUIRE(made.has_value());
  CHECK(made->damaged.size() == 1);
  CHECK(covered() == Sequence{1});
  // Nor is it after a restore: the kiosk pushes its own once more.
  const auto back = desk.restore(places, desk.temp / "other");
  REQUIRE(back.has_value());
  CHECK(back->damaged.size() == 1);
  const auto restored = open_store((desk.temp / "other" / "odop.db").string()).value();
  CHECK(restored->fleet().value().at(0).device.covered_sequence == Sequence{1});
}

TEST_CASE("A restore that was interrupted is no server, and is done again",
          "[syncserver][backup]") {
  FullDesk desk;
  const BackupPlaces places{desk.temp / "backup", {}};
  REQUIRE(desk.back_up(places).has_value());
  const DataFolder folder{desk.temp / "other"};
  const auto fails = [](const fs::path&) -> Result<std::unique_ptr<Store>> {
    return fail(ErrorCode::kIo, "the power is gone");
  };
  CHECK(restore_backup(places, folder, fails, desk.random, desk.clock.wall()).error().code ==
        ErrorCode::kIo);
  REQUIRE(fs::exists(folder.unfinished()));
  REQUIRE(fs::exists(folder.database()));
  std::ofstream(folder.media() / "half.jpg") << "half";
  REQUIRE(desk.restore(places, folder.root).has_value());
  CHECK_FALSE(fs::exists(folder.unfinished()));
  CHECK_FALSE(fs::exists(folder.media() / "half.jpg"));
  CHECK(desk.restore(places, folder.root).error().code == ErrorCode::kConflict);
}

TEST_CASE("A backup with one changed byte in any file restores nothing", "[syncserver][backup]") {
  FullDesk desk;
  const BackupPlaces places{desk.temp / "backup", {}};
  REQUIRE(desk.back_up(places).has_value());
  const auto files = files_below(places.to);
  REQUIRE(files.size() > 8);
  for (const auto& file : files) {
    if (file.filename() == "backup.json") continue;
    INFO(file);
    const auto middle = fs::file_size(file) / 2;
    flip_byte(file, middle);
    CHECK(desk.restore(places, desk.temp / "other").error().code == ErrorCode::kCorrupt);
    CHECK_FALSE(fs::exists(desk.temp / "other"));
    flip_byte(file, middle);
  }
  CHECK(desk.restore(places, desk.temp / "other").has_value());
}

TEST_CASE("Verification finds a flipped byte wherever it lies", "[syncserver][backup]") {
  FullDesk desk;
  REQUIRE(desk.verify().problems.empty());
  CHECK(desk.verify().submissions == 3);
  std::size_t looked_at = 0;
  for (const auto& folder : {desk.data.media(), desk.data.releases()}) {
    for (const auto& file : files_below(folder)) {
      for (const auto part : {0, 1, 2, 3}) {
        const auto at = (fs::file_size(file) - 1) * static_cast<std::uintmax_t>(part) / 3;
        INFO(file << " at " << at);
        flip_byte(file, at);
        CHECK(desk.verify().problems.size() == 1);
        flip_byte(file, at);
        ++looked_at;
      }
    }
  }
  CHECK(looked_at == 12);  // picture, thumbnail, pack
  fs::remove(pack_path(desk.data.root, ReleaseNumber{1}, ReleaseNumber{0}));
  CHECK(desk.verify().problems.size() == 1);
}

TEST_CASE("Verification finds changed submissions and records", "[syncserver][backup]") {
  FullDesk desk;
  const auto problems_after = [&](const std::string& sql) {
    change_database(desk.data.database(), sql);
    std::string all;
    for (const auto& problem : desk.verify().problems) all += problem + "\n";
    return all;
  };
  CHECK(problems_after("UPDATE submissions SET envelope = CAST(x'000000' || substr(envelope, 4) AS "
                       "BLOB) WHERE id = (SELECT MIN(id) FROM submissions)")
            .find("damaged envelope") != std::string::npos);
  CHECK(problems_after("UPDATE submissions SET body = CAST(x'000000' || substr(body, 4) AS BLOB) "
                       "WHERE id = (SELECT MIN(id) FROM submissions WHERE length(body) > 0)")
            .find("damaged body") != std::string::npos);
  CHECK(problems_after("UPDATE submissions SET envelope = CAST(substr(envelope, 1, "
                       "length(envelope) - 5) || x'0000000000' AS BLOB) WHERE id = (SELECT MAX(id) "
                       "FROM submissions)")
            .find("hash does not fit") != std::string::npos);
  CHECK(problems_after(
            "UPDATE contents SET json = replace(json, 'Agra', 'Agro') WHERE json LIKE '%Agra%'")
            .find("record district/agra") != std::string::npos);
}

TEST_CASE("Verification finds a record key that is gone", "[syncserver][backup]") {
  FullDesk desk;
  desk.record_keys.reset();
  fs::remove(desk.data.record_keys());
  desk.record_keys = open_key_store(desk.data.record_keys()).value();
  const auto problems = desk.verify().problems;
  REQUIRE(problems.size() == 2);  // of the two that were opened
  CHECK(problems[0].find("its key is gone") != std::string::npos);
  CHECK(problems[0].find("Canary") == std::string::npos);
}

TEST_CASE("Keys are made once, for their owner alone", "[syncserver][service]") {
  const test::TempFolder temp;
  REQUIRE(create_server_keys(temp / "keys", WallTime{}).has_value());
  CHECK(create_server_keys(temp / "keys", WallTime{}).error().code == ErrorCode::kConflict);
  // `serve` needs neither root nor publisher key.
  fs::remove(temp / "keys" / "root.key");
  fs::remove(temp / "keys" / "publisher.key");
  CHECK_FALSE(load_server_keys(temp / "keys").value().publisher.has_value());
  fs::permissions(temp / "keys" / "server.key", fs::perms::group_read, fs::perm_options::add);
  CHECK(load_server_keys(temp / "keys").error().code == ErrorCode::kForbidden);
}

}  // namespace odop::syncserver

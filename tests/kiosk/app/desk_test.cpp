
#include "kiosk/model/update.h"
#include "shared/crypto/digest.h"
#include "tests/kiosk/app/kiosk_parts.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

using namespace odop;              // NOLINT: a test of this room
using namespace odop::kiosk;       // NOLINT
using namespace odop::kiosk::app;  // NOLINT

namespace {

constexpr const char* kMobile = "9415207123";

// A kiosk at Awadh Shilp Gram with the real catalogue, enrolled unless said otherwise.
struct Site : KioskParts {
  explicit Site(bool enrolled = true) {
    if (enrolled) enrol();
    desk.emplace(desk_parts(), Language::kHindi, test::stand_catalogue());
    desk->after_first_frame();
    settle();
  }

  void settle() {
    for (int i = 0; i < 3; ++i) {
      errands.settle();
      desk->receive();
    }
  }
  // A release with one district and one product, as the worker leaves it on the disk.
  void publish(std::uint64_t release, const std::string& name, const std::string& story = "") {
    const auto record = [](std::string type, std::string id, std::string json) {
      Bytes hash = crypto::sha256(json);
      return StoredRecord{{std::move(type), std::move(id), std::move(json)}, std::move(hash)};
    };
    StagedRecords staged;
    staged.release = ReleaseNumber{release};
    staged.changed = {record("district", "kannauj", R"({"name":{"en":"Kannauj"}})"),
                      record("product", "new-attar",
                             R"({"name":{"en":")" + name + R"("},"description":{"en":")" + story +
                                 R"("},"districts":["kannauj"]})")};
    REQUIRE(catalogues.stage_records(staged).has_value());
    REQUIRE(catalogues.commit_release(staged.release, 1'795'000'000'000).has_value());
  }

  template <typename T>
  void ask(T intent) {
    desk->act({std::move(intent)});
  }
  [[nodiscard]] const Visit& visit() const { return desk->state().visit; }
  [[nodiscard]] ScreenId screen() const { return desk->state().screen().id; }

  // From the product to the receipt, with as little as is asked for.
  void send_enquiry() {
    fill_enquiry();
    ask(intent::Send{});
  }
  void fill_enquiry() {
    ask(intent::Start{});
    ask(intent::OpenProduct{"kannauj-attar"});
    ask(intent::StartEnquiry{"kannauj-attar"});
    REQUIRE(screen() == ScreenId::kForm);
    ask(intent::Edit{"form.field.mobile", kMobile});
    for (int i = 0; i < 10 && visit().filling.stage != FormStage::kConsent; ++i) {
      ask(intent::Next{});
    }
    REQUIRE(visit().filling.stage == FormStage::kConsent);
    for (const auto& consent : visit().filling.form->consents) {
      ask(intent::ToggleConsent{consent.purpose});
    }
  }

  std::optional<Desk> desk;
};

}  // namespace

TEST_CASE("An enquiry is kept, then arrives, then is forgotten", "[kiosk][app]") {
  Site site;
  site.send_enquiry();
  REQUIRE(site.screen() == ScreenId::kReceipt);
  REQUIRE(site.visit().receipt.has_value());
  const Receipt receipt = *site.visit().receipt;
  CHECK(receipt.state == ReceiptState::kKept);
  CHECK(receipt.status_code.size() == 8);
  CHECK(receipt.qr.starts_with("odop:" + receipt.reference + ":" + receipt.status_code + ":"));
  CHECK(must(site.journal.queue()).pending == 1);
  CHECK(site.desk->sync().queue == 1);

  // The worker was told.
  const auto sent = site.mailbox.take();
  REQUIRE(sent.size() == 1);
  CHECK(std::holds_alternative<SubmissionKept>(sent.front()));

  site.mailbox.post(Arrived{{receipt.reference}});
  CHECK(site.desk->receive());
  CHECK(site.visit().receipt->state == ReceiptState::kArrived);
  CHECK_FALSE(site.desk->receive());

  CHECK_FALSE(site.desk->take_wipe());
  site.ask(intent::End{});
  CHECK(site.desk->take_wipe());
  CHECK_FALSE(site.desk->take_wipe());
  CHECK(site.visit() == initial_state(site.desk->state().kiosk).visit);
}

TEST_CASE("Nothing of a visitor lies in the data folder in clear", "[kiosk][app]") {
  Site site;
  site.send_enquiry();
  REQUIRE(site.screen() == ScreenId::kReceipt);
  std::size_t files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(site.folder.path())) {
    if (!file.is_regular_file() || file.path().filename() == "reserve") continue;
    ++files;
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    INFO(file.path());
    CHECK(bytes.find(kMobile) == std::string::npos);
    CHECK(bytes.find(site.visit().receipt->status_code) == std::string::npos);
  }
  CHECK(files >= 2);
}

TEST_CASE("A kiosk that is not enrolled says so before anything is typed", "[kiosk][app]") {
  Site site(false);
  site.ask(intent::Start{});
  site.ask(intent::OpenProduct{"kannauj-attar"});
  site.ask(intent::StartEnquiry{"kannauj-attar"});
  CHECK(site.screen() == ScreenId::kProduct);
  CHECK(site.visit().sheet == Sheet::kClosed);
}

TEST_CASE("A disk that fails in the middle of a form is told in words", "[kiosk][app][fault]") {
  Site site;
  bool read_only = false;
  site.journal = must(Journal::open(site.folder.path(), [&](const std::filesystem::path&) {
    return Space{4ULL << 30, 8ULL << 30, read_only};
  }));
  site.fill_enquiry();
  read_only = true;
  site.ask(intent::Send{});
  CHECK(site.screen() == ScreenId::kForm);
  CHECK(site.visit().error == "error.read_only");
  CHECK_FALSE(site.visit().filling.sending);
  // Nothing is lost when it passes.
  read_only = false;
  site.ask(intent::Send{});
  CHECK(site.screen() == ScreenId::kReceipt);
}

TEST_CASE("A search typed before the index is there is answered when it is", "[kiosk][app]") {
  Site site;
  Desk early({site.folder.path(), site.journal, site.catalogues, site.mailbox, site.errands,
              site.clock, site.random, site.words},
             Language::kHindi, test::stand_catalogue());
  early.act({intent::Start{}, intent::OpenSearch{}, intent::Edit{"search.field", "itra"}});
  CHECK(early.state().visit.search.hits.empty());
  early.after_first_frame();
  site.errands.settle();
  const auto& hits = early.state().visit.search.hits;
  REQUIRE_FALSE(hits.empty());
  const auto last =
      hits.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, hits.size()));
  CHECK(std::any_of(hits.begin(), last,
                    [](const SearchHit& hit) { return hit.id == "kannauj-attar"; }));
}

TEST_CASE("A reference of this kiosk without an answer waits, an unknown one is unknown",
          "[kiosk][app]") {
  Site site;
  site.send_enquiry();
  const Receipt receipt = *site.visit().receipt;
  site.ask(intent::End{});
  const auto look = [&](const std::string& reference, const std::string& code) {
    site.ask(intent::Start{});
    site.ask(intent::OpenStatus{});
    site.ask(intent::Edit{"status.field.reference", reference});
    site.ask(intent::Next{});
    site.ask(intent::Edit{"status.field.code", code});
    site.ask(intent::ShowAnswer{});
    site.settle();
    const LookupOutcome outcome = site.visit().lookup.outcome;
    site.ask(intent::End{});
    return outcome;
  };
  CHECK(look(receipt.reference, receipt.status_code) == LookupOutcome::kWaiting);

  SECTION("what a restored server has not confirmed is not said to be with the office") {
    REQUIRE(site.journal.note_generation("one").has_value());
    const auto sent = site.journal.pending(1, 1 << 20, 0).value().at(0);
    wire::BatchReceipt stored;
    stored.device_id = site.journal.identity().value()->device_id;
    stored.database_generation = "one";
    stored.verdicts = {{sent.epoch, sent.sequence, sent.hash, wire::VerdictCode::kStored, "", 0}};
    stored.covered_epoch = sent.epoch;
    stored.covered_sequence = sent.sequence;
    REQUIRE(site.journal.record_receipt(stored, 0).value().size() == 1);
    CHECK(look(receipt.reference, receipt.status_code) == LookupOutcome::kWaiting);
    REQUIRE(site.journal.note_generation("two").has_value());
    CHECK(look(receipt.reference, receipt.status_code) == LookupOutcome::kUnconfirmed);
  }
  SECTION("the worker is asked when there is one, and a silent one is not waited for") {
    SyncState sync;
    sync.enrolled = true;
    site.mailbox.post(sync);
    site.desk->receive();
    (void)site.mailbox.take();
    site.ask(intent::Start{});
    site.ask(intent::OpenStatus{});
    site.ask(intent::Edit{"status.field.reference", receipt.reference});
    site.ask(intent::Next{});
    site.ask(intent::Edit{"status.field.code", receipt.status_code});
    site.ask(intent::ShowAnswer{});
    site.settle();
    CHECK(site.visit().lookup.outcome == LookupOutcome::kLooking);
    const auto sent = site.mailbox.take();
    REQUIRE(sent.size() == 1);
    CHECK(std::get<AskAnswer>(sent.front()).reference == receipt.reference);
    SECTION("it says that there is none") {
      site.mailbox.post(AnswerAsked{receipt.reference, false, true});
      site.desk->receive();
    }
    SECTION("it says nothing") {
      site.clock.advance(std::chrono::seconds(30));
      CHECK(site.desk->next_tick_ms() <= site.clock.mono().count());
      site.desk->tick();
    }
    CHECK(site.visit().lookup.outcome == LookupOutcome::kWaiting);
  }
}

TEST_CASE("A release is read beside the frames, and never shown while somebody is here",
          "[kiosk][app]") {
  Site site;
  site.publish(200, "Attar of the new release");
  const auto shown = [&site] { return site.desk->catalogue().release.value; };
  REQUIRE(shown() == 118);

  SECTION("nobody is here: it is shown as soon as it is read, and can be searched") {
    site.mailbox.post(CatalogueReady{});
    site.desk->receive();
    CHECK(shown() == 118);  // the frame did not wait for it
    site.settle();
    CHECK(shown() == 200);
    CHECK(site.desk->take_new_catalogue());
    CHECK(site.catalogues.shown().value() == ReleaseNumber{200});
    site.ask(intent::Start{});
    site.ask(intent::OpenSearch{});
    site.ask(intent::Edit{"search.field", "release"});
    site.settle();
    REQUIRE(site.visit().search.hits.size() == 1);
    CHECK(site.visit().search.hits.front().id == "new-attar");
  }
  SECTION("somebody is here: it is read when they have gone") {
    site.ask(intent::Start{});
    site.mailbox.post(CatalogueReady{});
    site.settle();
    CHECK(shown() == 118);
    site.ask(intent::End{});
    site.settle();
    CHECK(shown() == 200);
  }
  SECTION("somebody comes while it is read: it is shown the moment they have gone") {
    site.mailbox.post(CatalogueReady{});
    site.desk->receive();
    site.ask(intent::Start{});
    site.settle();
    CHECK(shown() == 118);
    site.ask(intent::End{});
    CHECK(shown() == 200);
  }
  SECTION("a newer one replaces one that was read and not shown") {
    site.mailbox.post(CatalogueReady{});
    site.desk->receive();
    site.ask(intent::Start{});
    site.settle();
    site.publish(201, "Attar of the newest release");
    site.mailbox.post(CatalogueReady{});
    site.settle();
    site.ask(intent::End{});
    site.settle();
    CHECK(shown() == 201);
  }
}

TEST_CASE("A release that cannot be read is read again, ever later", "[kiosk][app][fault]") {
  Site site;
  site.publish(200, "Attar of the new release");
  const auto shown = [&site] { return site.desk->catalogue().release.value; };
  // Something else lies where its file should be, as on a disk that fails.
  const auto file = site.folder.path() / "catalogue-200.db";
  REQUIRE(std::filesystem::exists(file));
  const auto aside = site.folder.path() / "aside";
  std::filesystem::rename(file, aside);
  std::filesystem::create_directory(file);
  site.mailbox.post(CatalogueReady{});
  site.settle();
  CHECK(shown() == 118);

  const auto next = [&site] { return site.desk->next_tick_ms() - site.clock.mono().count(); };
  std::int64_t before = 0;
  for (int i = 0; i < 3; ++i) {
    const std::int64_t wait = next();
    CHECK(wait > before);
    CHECK(wait <= 300'000);
    before = wait;
    site.clock.advance(std::chrono::milliseconds(wait));
    site.desk->tick();
    site.settle();
    CHECK(shown() == 118);
  }
  std::filesystem::remove(file);
  std::filesystem::rename(aside, file);
  site.clock.advance(std::chrono::milliseconds(next()));
  site.desk->tick();
  site.settle();
  CHECK(shown() == 200);
}

TEST_CASE("Stories are there when their page opens, and gone when it closes", "[kiosk][app]") {
  Site site;
  site.publish(200, "New", "Distilled in copper. It keeps for years.");
  site.mailbox.post(CatalogueReady{ReleaseNumber{200}});
  site.desk->receive();
  site.settle();
  REQUIRE(site.desk->catalogue().release == ReleaseNumber{200});

  site.ask(intent::Start{});
  site.ask(intent::OpenDistrict{"kannauj"});
  CHECK(std::get<DistrictView>(site.desk->view().body).story == "Distilled in copper.");
  site.ask(intent::OpenProduct{"new-attar"});
  CHECK(std::get<ProductView>(site.desk->view().body).story ==
        "Distilled in copper. It keeps for years.");
  site.ask(intent::Back{});
  CHECK(std::get<DistrictView>(site.desk->view().body).story == "Distilled in copper.");
  // Search knows them too.
  site.ask(intent::OpenSearch{});
  site.ask(intent::Edit{"search.field", "distilled"});
  REQUIRE(site.visit().search.hits.size() == 1);
  CHECK(site.visit().search.hits.front().id == "new-attar");
}

TEST_CASE("A release with a damaged story gives way to the one before it", "[kiosk][app][fault]") {
  Site site;
  const auto show = [&site](std::uint64_t release) {
    site.mailbox.post(CatalogueReady{ReleaseNumber{release}});
    site.desk->receive();
    site.settle();
    site.settle();
    return site.desk->catalogue().release.value;
  };
  site.publish(200, "Old", "A whole story");
  REQUIRE(show(200) == 200);
  site.publish(201, "New", "A story to be damaged");
  const auto file = site.folder / "catalogue-201.db";
  std::string bytes;
  {
    std::ifstream in(file, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  const auto at = bytes.find("to be damaged");
  REQUIRE(at != std::string::npos);
  bytes[at] = 'T';
  std::ofstream(file, std::ios::binary) << bytes;

  CHECK(show(201) == 200);
  CHECK(site.catalogues.newest_ready().value() == ReleaseNumber{200});  // the worker fetches it
  site.ask(intent::Start{});
  site.ask(intent::OpenProduct{"new-attar"});
  CHECK(std::get<ProductView>(site.desk->view().body).story == "A whole story");
}

TEST_CASE("The day is told again after midnight in India", "[kiosk][app]") {
  Site site;
  const std::string today = site.desk->state().kiosk.today;
  CHECK(today == "2026-11-18");
  site.clock.advance(
      std::chrono::milliseconds(site.desk->next_tick_ms() - site.clock.mono().count()));
  while (site.clock.mono() < std::chrono::hours(24)) {
    site.desk->tick();
    if (site.desk->state().kiosk.today != today) break;
    site.clock.advance(std::chrono::minutes(1));
  }
  CHECK(site.desk->state().kiosk.today == "2026-11-19");
}

TEST_CASE("A session ends by itself, with a warning first", "[kiosk][app]") {
  Site site;
  site.ask(intent::Start{});
  site.ask(intent::OpenProduct{"kannauj-attar"});
  bool warned = false;
  for (int i = 0; i < 400 && site.screen() != ScreenId::kAttract; ++i) {
    site.clock.advance(std::chrono::seconds(1));
    site.desk->tick();
    warned |= site.visit().sheet == Sheet::kIdle;
  }
  CHECK(warned);
  CHECK(site.screen() == ScreenId::kAttract);
  CHECK(site.desk->take_wipe());
}

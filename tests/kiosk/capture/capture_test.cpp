#include "kiosk/capture/capture.h"

#include "kiosk/capture/answers.h"
#include "shared/core/reference_number.h"
#include "shared/crypto/answer.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/crypto/seal.h"
#include "shared/wire/body.h"
#include "shared/wire/codec.h"
#include "tests/support/identity.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

namespace odop::kiosk {
namespace {

using test::TempFolder;

constexpr const char* kBoot = "018f0000-0000-4000-8000-00000000b007";
constexpr const char* kCanary = "CANARY-9876543210";

struct Stand {
  TempFolder folder;
  crypto::SigningKey device = crypto::SigningKey::generate();
  crypto::SealingKey server = crypto::SealingKey::generate();
  ManualClock clock{WallTime{std::chrono::milliseconds(1'800'000'000'000)}};
  SeededRandom random{11};
  Space space{500ULL << 20, 1000ULL << 20, false};
  Journal journal = open();
  Capture capture{journal, clock, random, kBoot};

  Journal open() {
    auto journal_or =
        Journal::open(folder.path(), [this](const std::filesystem::path&) { return space; });
    REQUIRE(journal_or.has_value());
    return std::move(*journal_or);
  }

  void enrol() {
    const auto seed = device.seed();
    REQUIRE(journal.save_device_seed(std::span(seed.data(), seed.size())).has_value());
    const auto adopted = journal.adopt_identity(test::identity_of(server));
    INFO((adopted ? "" : adopted.error().context));
    REQUIRE(adopted.has_value());
  }
};

Draft draft_of(const std::string& name = kCanary) {
  Draft draft;
  draft.form_id = "enquiry";
  draft.answers = R"({"name":")" + name + R"(","mobile":"+919876543210"})";
  draft.language = "hi";
  draft.release_seen = ReleaseNumber{3};
  return draft;
}

TEST_CASE("A draft becomes an envelope that only the server opens", "[kiosk][capture]") {
  Stand stand;
  stand.enrol();
  Draft draft = draft_of();
  const auto kept = stand.capture.submit(draft);
  INFO((kept ? "" : kept.error().context));
  REQUIRE(kept.has_value());
  CHECK(draft.answers.empty());
  CHECK(kept->sequence == Sequence{1});
  CHECK(parse_reference(kept->reference).value() == kept->reference);
  CHECK(kept->status_code.size() == 8);
  CHECK(kept->status_secret.size() == 16);

  const auto page = stand.journal.pending(10, 1 << 20, 0).value();
  REQUIRE(page.size() == 1);
  const auto envelope = wire::decode<wire::Envelope>(page[0].envelope);
  REQUIRE(envelope.has_value());
  CHECK(crypto::verify_envelope(*envelope, stand.device.public_key()).has_value());
  CHECK(crypto::envelope_hash(page[0].envelope) == page[0].hash);
  const auto header = wire::decode<wire::EnvelopeHeader>(envelope->header);
  REQUIRE(header.has_value());
  CHECK(header->reference == kept->reference);
  CHECK(header->boot_id == kBoot);
  CHECK(header->previous.empty());
  const auto body = crypto::open_envelope(*envelope, stand.server);
  REQUIRE(body.has_value());
  CHECK(body->answers == draft_of().answers);
  CHECK(body->status_code == kept->status_code);
  CHECK(body->status_secret == kept->status_secret);
}

TEST_CASE("The next submission names the one before it", "[kiosk][capture]") {
  Stand stand;
  stand.enrol();
  for (int i = 0; i < 2; ++i) {
    Draft draft = draft_of();
    REQUIRE(stand.capture.submit(draft).has_value());
  }
  const auto page = stand.journal.pending(10, 1 << 20, 0).value();
  REQUIRE(page.size() == 2);
  const auto envelope = wire::decode<wire::Envelope>(page[1].envelope);
  CHECK(wire::decode<wire::EnvelopeHeader>(envelope->header)->previous == page[0].hash);
}

TEST_CASE("No byte of the data folder tells what a visitor wrote", "[kiosk][capture]") {
  Stand stand;
  stand.enrol();
  std::vector<std::string> secrets{kCanary, "9876543210"};
  for (int i = 0; i < 10; ++i) {
    Draft draft = draft_of();
    const auto kept = stand.capture.submit(draft);
    REQUIRE(kept.has_value());
    secrets.push_back(kept->status_code);
    secrets.push_back(kept->status_secret);
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(stand.folder.path())) {
    if (!entry.is_regular_file() || entry.path().filename() == "reserve") continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    for (const std::string& secret : secrets) {
      INFO(entry.path().filename().string());
      CHECK(bytes.find(secret) == std::string::npos);
    }
  }
  CHECK(files >= 3);
}

Bytes ogg(const std::string& sound) { return "OggS" + sound; }

TEST_CASE("Recordings are sealed in the commit of their envelope", "[kiosk][capture]") {
  Stand stand;
  stand.enrol();
  Draft draft = draft_of();
  draft.spoken = {{"name", ogg(kCanary), 2'000}, {"note", ogg(std::string(5'000, 'n')), 30'000}};
  const auto kept = stand.capture.submit(draft);
  INFO((kept ? "" : kept.error().context));
  REQUIRE(kept.has_value());
  CHECK(draft.spoken.empty());

  const auto page = stand.journal.pending(10, 1 << 20, 0).value();
  REQUIRE(page.size() == 1);
  const auto envelope = wire::decode<wire::Envelope>(page[0].envelope);
  const auto header = wire::decode<wire::EnvelopeHeader>(envelope->header);
  const auto body = crypto::open_envelope(*envelope, stand.server);
  REQUIRE(body.has_value());
  REQUIRE(header->attachments.size() == 2);
  REQUIRE(body->spoken.size() == 2);
  CHECK(body->spoken[1].field == "note");
  CHECK(body->spoken[1].attachment == 1);
  CHECK(body->spoken[1].duration_ms == 30'000);

  // They are sent after the server has the envelope, in their order.
  CHECK_FALSE(stand.journal.pending_attachment(0).value().has_value());
  wire::BatchReceipt receipt;
  receipt.device_id = header->device_id;
  receipt.verdicts = {
      {header->epoch, header->sequence, page[0].hash, wire::VerdictCode::kStored, "", 0}};
  REQUIRE(stand.journal.record_receipt(receipt, 0)->empty());
  const auto first = stand.journal.pending_attachment(0).value();
  REQUIRE(first.has_value());
  CHECK(first->hash == header->attachments[0].hash);
  CHECK(first->hash == crypto::sha256(first->sealed));
  CHECK(first->sealed.size() == header->attachments[0].size);
  const auto opened = crypto::open(stand.server, first->sealed);
  REQUIRE(opened.has_value());
  CHECK(wire::unpad_recording(*opened).value() == ogg(kCanary));
}

TEST_CASE("No byte of the data folder tells what a visitor said", "[kiosk][capture]") {
  Stand stand;
  stand.enrol();
  for (int i = 0; i < 10; ++i) {
    Draft draft = draft_of();
    draft.spoken = {{"name", ogg(std::string(20'000, 'x') + kCanary), 9'000}};
    REQUIRE(stand.capture.submit(draft).has_value());
  }
  std::size_t bytes_seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(stand.folder.path())) {
    if (!entry.is_regular_file() || entry.path().filename() == "reserve") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    bytes_seen += bytes.size();
    INFO(entry.path().filename().string());
    CHECK(bytes.find(kCanary) == std::string::npos);
    CHECK(bytes.find("OggS") == std::string::npos);
    CHECK(bytes.find(std::string(64, 'x')) == std::string::npos);
  }
  CHECK(bytes_seen > 200'000);  // they are there, sealed
}

TEST_CASE("A recording that cannot be sent is refused whole", "[kiosk][capture][fault]") {
  Stand stand;
  stand.enrol();
  const auto refused = [&](std::vector<Recording> spoken) {
    Draft draft = draft_of();
    draft.spoken = std::move(spoken);
    const auto kept = stand.capture.submit(draft);
    REQUIRE_FALSE(kept.has_value());
    CHECK(draft.spoken.empty());
    return kept.error().code;
  };
  CHECK(refused({{"name", ogg(std::string(wire::kMaxRecordingBytes, 'x')), 9}}) ==
        ErrorCode::kTooLarge);
  CHECK(refused({{"a", ogg("x"), 9},
                 {"b", ogg("x"), 9},
                 {"c", ogg("x"), 9},
                 {"d", ogg("x"), 9},
                 {"e", ogg("x"), 9}}) == ErrorCode::kTooLarge);
  CHECK(refused({{"name", "RIFF", 9}}) == ErrorCode::kMalformed);
  CHECK(refused({{"name", ogg("x"), 0}}) == ErrorCode::kMalformed);
  CHECK(refused({{"name", ogg("x"), wire::kMaxSpokenMs + 1}}) == ErrorCode::kMalformed);
  CHECK(refused({{"name", ogg("x"), 9}, {"name", ogg("y"), 9}}) == ErrorCode::kMalformed);
  CHECK(stand.journal.queue()->pending == 0);

  // A full disk is no reason to speak again.
  stand.space.free_bytes = 1 << 20;
  stand.journal.release_reserve();
  Draft draft = draft_of();
  draft.spoken = {{"name", ogg("x"), 9}};
  CHECK(stand.capture.submit(draft).error().code == ErrorCode::kDiskFull);
  CHECK(draft.spoken.size() == 1);
}

TEST_CASE("What cannot be kept is said before anything is lost", "[kiosk][capture][fault]") {
  Stand stand;
  Draft draft = draft_of();
  CHECK(stand.capture.submit(draft).error().code == ErrorCode::kNotFound);
  stand.enrol();

  draft = draft_of();
  stand.space.free_bytes = 1 << 20;
  stand.journal.release_reserve();
  CHECK(stand.capture.submit(draft).error().code == ErrorCode::kDiskFull);
  CHECK(draft.answers == draft_of().answers);  // the visitor may try again
  stand.space.free_bytes = 500ULL << 20;
  CHECK(stand.capture.submit(draft).has_value());

  draft = draft_of(std::string(40'000, 'x'));
  CHECK(stand.capture.submit(draft).error().code == ErrorCode::kTooLarge);
  draft.answers = "[1]";
  CHECK(stand.capture.submit(draft).error().code == ErrorCode::kMalformed);
  draft.answers = "{";
  CHECK(stand.capture.submit(draft).error().code == ErrorCode::kMalformed);
  CHECK(stand.journal.queue()->pending == 1);
}

TEST_CASE("An answer opens with reference and code, and with nothing less", "[kiosk][capture]") {
  Stand stand;
  const wire::Answer answer{"answered", 5, "kannauj", "Forty bottles by March."};
  const auto sealed = crypto::seal_answer(answer, "0170042836", 1, "12345678");
  REQUIRE(sealed.has_value());
  const Answers answers(stand.journal);
  CHECK(answers.lookup("0170042836", "12345678").error().code == ErrorCode::kNotFound);
  REQUIRE(stand.journal.keep_answer(*sealed).value());
  CHECK(answers.lookup("0170042836", "12345678")->text == answer.text);
  CHECK(answers.lookup("0170042836", "12345679").error().code == ErrorCode::kUnauthorized);
  CHECK(answers.lookup("0170042836", "1234567").error().code == ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace odop::kiosk

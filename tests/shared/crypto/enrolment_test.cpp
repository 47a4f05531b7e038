#include "shared/crypto/enrolment.h"

#include "tests/support/identity.h"

#include <catch2/catch.hpp>

using namespace odop;
using namespace odop::crypto;

namespace {

struct Enrolment {
  SigningKey device = SigningKey::generate();
  std::string code = enrolment_code_hash("7K3M-Q9XT-B2RD");
  wire::EnrolAnswer identity = test::identity_of();
};

}  // namespace

TEST_CASE("a code has one spelling", "[crypto]") {
  CHECK(enrolment_code_hash("7K3M-Q9XT-B2RD") == enrolment_code_hash(" 7k3m q9xt b2rd "));
  CHECK(enrolment_code_hash("0111-0000-0000") == enrolment_code_hash("oIlL-oooo-0000"));
  CHECK(enrolment_code_hash("7K3M-Q9XT-B2RD") != enrolment_code_hash("7K3M-Q9XT-B2RE"));
}

TEST_CASE("a request proves that the kiosk knows the code, and tells it to nobody", "[crypto]") {
  const Enrolment e;
  const auto request = make_enrol_request(e.device.public_key(), "Hall 2", e.code);
  CHECK(knows_code(request, e.code));
  CHECK_FALSE(knows_code(request, enrolment_code_hash("7K3M-Q9XT-B2RE")));
  CHECK_FALSE(knows_code(request, ""));
  CHECK(request.mac.find(e.code) == Bytes::npos);

  SECTION("a courier cannot put another key or name into it") {
    auto other = request;
    other.device_public_key = SigningKey::generate().public_key();
    CHECK_FALSE(knows_code(other, e.code));
    other = request;
    other.name = "Hall 3";
    CHECK_FALSE(knows_code(other, e.code));
  }
}

TEST_CASE("only the kiosk that asked reads the answer, and it knows who answers", "[crypto]") {
  const Enrolment e;
  const auto answer = seal_enrol_answer(e.identity, e.device.public_key(), e.code);
  REQUIRE(answer.has_value());
  CHECK(answer->box.find(e.identity.token) == Bytes::npos);
  const auto opened = open_enrol_answer(*answer, e.device, e.code);
  REQUIRE(opened.has_value());
  CHECK(opened->token == e.identity.token);
  CHECK(opened->roots == e.identity.roots);

  const auto refused = [&](const wire::CarriedEnrolAnswer& carried, const SigningKey& device,
                           std::string_view code) {
    const auto result = open_enrol_answer(carried, device, code);
    return !result && result.error().code == ErrorCode::kBadSignature;
  };
  SECTION("another kiosk") { CHECK(refused(*answer, SigningKey::generate(), e.code)); }
  SECTION("a server that does not know the code") {
    const auto forged =
        seal_enrol_answer(e.identity, e.device.public_key(), enrolment_code_hash("guess"));
    CHECK(refused(*forged, e.device, e.code));
  }
  SECTION("changed on the way") {
    auto changed = *answer;
    changed.box.back() = static_cast<char>(changed.box.back() ^ 1);
    CHECK(refused(changed, e.device, e.code));
  }
  SECTION("a request sent back as an answer") {
    auto mixed = *answer;
    mixed.mac = make_enrol_request(e.device.public_key(), "", e.code).mac;
    CHECK(refused(mixed, e.device, e.code));
  }
  CHECK_FALSE(seal_enrol_answer(e.identity, "short", e.code).has_value());
}

TEST_CASE("a former device is let in by its token and key, whatever came to the message later",
          "[crypto]") {
  const Enrolment e;
  auto said = readmission_of(e.identity, e.device.public_key());
  const auto plain = carried_readmission(e.identity, e.device);
  said.last_sequence = Sequence{8};
  said.former_device = "018f0000-0000-7000-8000-00000000000f";
  said.former_signature = Bytes(64, 's');
  const auto document = carried_readmission(said, e.identity.token, e.device);
  const auto read = read_readmission(document, e.device.public_key());
  REQUIRE(read.has_value());
  CHECK(knows_token(*read, e.identity.token));
  CHECK_FALSE(knows_token(*read, "guessed"));
  CHECK(read->last_sequence == Sequence{8});
  CHECK(read->former_device == said.former_device);
  CHECK(read->former_signature == said.former_signature);
  // An older server reads nothing of these, and finds the same proof.
  CHECK(read->proof == read_readmission(plain, e.device.public_key())->proof);
  CHECK_FALSE(read_readmission(document, SigningKey::generate().public_key()).has_value());
}

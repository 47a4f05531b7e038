#include "shared/crypto/trust.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/sign.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "tests/shared/wire/samples.h"

#include <catch2/catch.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

using namespace odop;
using namespace odop::crypto;
namespace samples = odop::wire::samples;

namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kToday = samples::kNow;

WallTime at(std::int64_t ms) { return WallTime{std::chrono::milliseconds{ms}}; }

SigningKey key(char seed) { return SigningKey::from_seed(Bytes(kSeedBytes, seed)).value(); }

wire::SignedDocument certify(std::string_view role, const SigningKey& holder,
                             const SigningKey& root, std::int64_t from = kToday - 100 * kDay,
                             std::int64_t to = kToday + 100 * kDay) {
  const wire::Certificate certificate{std::string{role}, holder.public_key(), from, to};
  return sign_document("certificate", wire::to_json(certificate), root);
}

// A world in which everything is right. Each row of the table below spoils one thing.
struct World {
  SigningKey root = key('r');
  SigningKey publisher = key('p');
  SigningKey server = key('s');
  SigningKey stranger = key('x');
  Trust trust;
  wire::Manifest manifest = samples::manifest();
  wire::SignedDocument manifest_document;
  wire::Pointer pointer = samples::pointer();
  wire::SignedDocument pointer_document;
  std::int64_t now = kToday;

  World() {
    trust.roots = {1, 1, {root.public_key()}};
    trust.certificates = {certify(kServerRole, server, root),
                          certify(kPublisherRole, publisher, root)};
    trust.ring = "pilot";
    trust.pointer_serial = 8;
    trust.pointer_hash = sha256("the pointer with serial 8");
    trust.release = {6};
    trust.time_floor_ms = kToday - 30 * kDay;
    sign_all();
  }
  void sign_manifest(const SigningKey& signer) {
    manifest_document = sign_document("manifest", wire::to_json(manifest), signer);
  }
  void sign_pointer(const SigningKey& signer) {
    pointer_document = sign_document("pointer", wire::to_json(pointer), signer);
  }
  void sign_all() {
    sign_manifest(publisher);
    pointer.manifest_hash = sha256(manifest_document.payload);
    sign_pointer(publisher);
  }
  void change_pointer(const std::function<void(wire::Pointer&)>& change) {
    change(pointer);
    sign_pointer(publisher);
  }
  void change_manifest_behind_the_pointer(const std::function<void(wire::Manifest&)>& change) {
    change(manifest);
    sign_manifest(publisher);
  }
};

struct Row {
  const char* what;
  std::function<void(World&)> spoil;
  std::optional<ErrorCode> pointer_error;   // none = accepted
  std::optional<ErrorCode> manifest_error;  // asked when the pointer was accepted
  bool expired = false;
};

const std::optional<ErrorCode> kFine;

const std::vector<Row>& rows() {
  using enum ErrorCode;
  static const std::vector<Row> table = {
      {"everything right", [](World&) {}, kFine, kFine},
      // signatures
      {"pointer with a flipped payload", [](World& w) { w.pointer_document.payload.back() = ' '; },
       kBadSignature, kFine},
      {"pointer with a flipped signature", [](World& w) { w.pointer_document.signature[3] ^= 1; },
       kBadSignature, kFine},
      {"pointer with an empty signature", [](World& w) { w.pointer_document.signature.clear(); },
       kBadSignature, kFine},
      {"pointer signed by a stranger", [](World& w) { w.sign_pointer(w.stranger); }, kBadSignature,
       kFine},
      {"pointer signed by a stranger under the publisher's key id",
       [](World& w) {
         w.sign_pointer(w.stranger);
         w.pointer_document.key_id = w.publisher.id();
       },
       kBadSignature, kFine},
      {"pointer signed by the server's key", [](World& w) { w.sign_pointer(w.server); },
       kBadSignature, kFine},
      {"pointer signed by the root key itself", [](World& w) { w.sign_pointer(w.root); },
       kBadSignature, kFine},
      {"manifest offered as pointer", [](World& w) { w.pointer_document = w.manifest_document; },
       kBadSignature, kFine},
      {"manifest offered as pointer, purpose renamed",
       [](World& w) {
         w.pointer_document = w.manifest_document;
         w.pointer_document.purpose = "pointer";
       },
       kBadSignature, kFine},
      // certificates
      {"no certificates", [](World& w) { w.trust.certificates.clear(); }, kBadSignature, kFine},
      {"certificate signed by a stranger",
       [](World& w) { w.trust.certificates = {certify(kPublisherRole, w.publisher, w.stranger)}; },
       kBadSignature, kFine},
      {"certificate signed by its own key",
       [](World& w) { w.trust.certificates = {certify(kPublisherRole, w.publisher, w.publisher)}; },
       kBadSignature, kFine},
      {"publisher certified as server",
       [](World& w) { w.trust.certificates = {certify(kServerRole, w.publisher, w.root)}; },
       kBadSignature, kFine},
      {"another root is pinned", [](World& w) { w.trust.roots.keys = {w.stranger.public_key()}; },
       kBadSignature, kFine},
      {"no root is pinned", [](World& w) { w.trust.roots = {}; }, kBadSignature, kFine},
      {"pointer dated before its certificate",
       [](World& w) {
         w.trust.certificates = {
             certify(kPublisherRole, w.publisher, w.root, kToday + 1, kToday + kDay)};
       },
       kBadSignature, kFine},
      {"pointer dated after its certificate",
       [](World& w) {
         w.trust.certificates = {
             certify(kPublisherRole, w.publisher, w.root, kToday - kDay, kToday - 1)};
       },
       kBadSignature, kFine},
      {"certificate ran out since: shown, marked as stale",
       [](World& w) {
         w.trust.certificates = {
             certify(kPublisherRole, w.publisher, w.root, kToday - kDay, kToday + 5)};
         w.now = kToday + 6;
       },
       kFine, kFine, true},
      {"key certified again for longer",
       [](World& w) {
         w.trust.certificates.push_back(
             certify(kPublisherRole, w.publisher, w.root, kToday - kDay, kToday + 5));
         w.now = kToday + 6;
       },
       kFine, kFine},
      {"a broken certificate beside a good one",
       [](World& w) {
         w.trust.certificates.insert(w.trust.certificates.begin(),
                                     sign_document("certificate", "{}", w.root));
       },
       kFine, kFine},
      // rollback
      {"lower serial", [](World& w) { w.change_pointer([](wire::Pointer& p) { p.serial = 7; }); },
       kStale, kFine},
      {"same serial, same content",
       [](World& w) {
         w.trust.pointer_serial = w.pointer.serial;
         w.trust.pointer_hash = sha256(w.pointer_document.payload);
       },
       kFine, kFine},
      {"same serial, other content",
       [](World& w) { w.change_pointer([](wire::Pointer& p) { p.serial = 8; }); }, kStale, kFine},
      {"higher serial, lower release", [](World& w) { w.trust.release = {8}; }, kStale, kFine},
      {"higher serial, same release", [](World& w) { w.trust.release = {7}; }, kFine, kFine},
      {"first pointer of a new kiosk",
       [](World& w) {
         w.trust.pointer_serial = 0;
         w.trust.pointer_hash.clear();
         w.trust.release = {0};
       },
       kFine, kFine},
      // ring
      {"pointer of another ring",
       [](World& w) { w.change_pointer([](wire::Pointer& p) { p.ring = "staff"; }); },
       kBadSignature, kFine},
      {"pointer for all rings",
       [](World& w) { w.change_pointer([](wire::Pointer& p) { p.ring = "all"; }); }, kFine, kFine},
      // form
      {"payload that is no pointer",
       [](World& w) { w.pointer_document = sign_document("pointer", "{}", w.publisher); },
       kMalformed, kFine},
      {"payload that is no JSON",
       [](World& w) { w.pointer_document = sign_document("pointer", "\xFF", w.publisher); },
       kMalformed, kFine},
      {"percentage above 100",
       [](World& w) { w.change_pointer([](wire::Pointer& p) { p.percentage = 101; }); }, kMalformed,
       kFine},
      // time
      {"expired pointer: shown, marked as stale",
       [](World& w) { w.now = w.pointer.expires_ms + 1; }, kFine, kFine, true},
      {"clock ten years back", [](World& w) { w.now = kToday - 3650 * kDay; }, kFine, kFine},
      {"clock at 1970, floor past the expiry",
       [](World& w) {
         w.now = 0;
         w.trust.time_floor_ms = w.pointer.expires_ms + 1;
       },
       kFine, kFine, true},
      {"clock ten years ahead", [](World& w) { w.now = kToday + 3650 * kDay; }, kFine, kFine, true},
      {"program built after the pointer was issued",
       [](World& w) { w.trust.time_floor_ms = w.pointer.issued_ms + 1; }, kFine, kFine},
      // mix and match
      {"manifest of another publication of the same release",
       [](World& w) {
         w.change_manifest_behind_the_pointer([](wire::Manifest& m) { m.created_ms += 1; });
       },
       kFine, kBadSignature},
      {"manifest of the previous release",
       [](World& w) {
         w.change_manifest_behind_the_pointer([](wire::Manifest& m) {
           m.release = {6};
           m.previous = {5};
           m.packs.clear();
         });
       },
       kFine, kBadSignature},
      {"pointer whose release is not its manifest's",
       [](World& w) { w.change_pointer([](wire::Pointer& p) { p.release = {9}; }); }, kFine,
       kBadSignature},
      {"manifest signed by the server's key", [](World& w) { w.sign_manifest(w.server); }, kFine,
       kBadSignature},
      {"manifest signed by a stranger", [](World& w) { w.sign_manifest(w.stranger); }, kFine,
       kBadSignature},
      {"pointer offered as manifest",
       [](World& w) {
         w.manifest_document = w.pointer_document;
         w.manifest_document.purpose = "manifest";
       },
       kFine, kBadSignature},
      {"endless manifest",
       [](World& w) {
         w.manifest_document =
             sign_document("manifest", Bytes(wire::kMaxManifestBytes + 1, ' '), w.publisher);
       },
       kFine, kTooLarge},
  };
  return table;
}

}  // namespace

TEST_CASE("pointers and manifests are accepted for good reasons only", "[crypto]") {
  REQUIRE(rows().size() >= 25);
  for (const Row& row : rows()) {
    CAPTURE(row.what);
    World world;
    row.spoil(world);
    const auto pointer = check_pointer(world.pointer_document, world.trust, at(world.now));
    CHECK(pointer.has_value() == !row.pointer_error.has_value());
    if (!pointer) {
      if (row.pointer_error) CHECK(pointer.error().code == *row.pointer_error);
      continue;
    }
    CHECK(pointer->expired == row.expired);
    const auto manifest =
        check_manifest(world.manifest_document, pointer->pointer, world.trust, at(world.now));
    CHECK(manifest.has_value() == !row.manifest_error.has_value());
    if (!manifest && row.manifest_error) CHECK(manifest.error().code == *row.manifest_error);
  }
}

TEST_CASE("what was accepted raises the bar", "[crypto]") {
  const World world;
  const Trust after = accept(world.trust, world.pointer_document, world.pointer);
  CHECK(after.pointer_serial == 9);
  CHECK(after.release.value == 7);
  CHECK(after.time_floor_ms == world.pointer.issued_ms);
  const auto again = check_pointer(world.pointer_document, after, at(kToday));
  REQUIRE(again.has_value());
  CHECK(again->known);
  CHECK_FALSE(check_pointer(world.pointer_document, world.trust, at(kToday))->known);

  World other;
  other.change_pointer([](wire::Pointer& p) { p.percentage = 100; });
  CHECK(check_pointer(other.pointer_document, after, at(kToday)).error().code == ErrorCode::kStale);
}

TEST_CASE("receipts and feed entries are the server's, receipts for one device", "[crypto]") {
  const World world;
  const auto receipt =
      sign_document("receipt", wire::encode(samples::batch_receipt()), world.server);
  CHECK(check_receipt(receipt, samples::kDevice, world.trust, at(kToday)).has_value());
  CHECK(check_receipt(receipt, "another device", world.trust, at(kToday)).error().code ==
        ErrorCode::kBadSignature);
  const auto forged =
      sign_document("receipt", wire::encode(samples::batch_receipt()), world.publisher);
  CHECK(check_receipt(forged, samples::kDevice, world.trust, at(kToday)).error().code ==
        ErrorCode::kBadSignature);
  const auto broken = sign_document("receipt", "not a receipt", world.server);
  CHECK(check_receipt(broken, samples::kDevice, world.trust, at(kToday)).error().code ==
        ErrorCode::kMalformed);

  const auto entry = sign_document("feed", wire::encode(samples::feed_entry()), world.server);
  CHECK(check_feed_entry(entry, world.trust, at(kToday)).value().position.value == 12);
  CHECK_FALSE(check_feed_entry(receipt, world.trust, at(kToday)).has_value());
}

TEST_CASE("a rollout grows and never shrinks, and reaches about its share", "[crypto]") {
  wire::Pointer pointer = samples::pointer();
  int reached = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::string device = "device-" + std::to_string(i);
    pointer.percentage = 25;
    const bool early = in_rollout(pointer, device);
    reached += early ? 1 : 0;
    pointer.percentage = 60;
    CHECK((in_rollout(pointer, device) || !early));
    pointer.percentage = 100;
    CHECK(in_rollout(pointer, device));
    pointer.percentage = 0;
    CHECK_FALSE(in_rollout(pointer, device));
  }
  CHECK(reached > 400);
  CHECK(reached < 600);
}

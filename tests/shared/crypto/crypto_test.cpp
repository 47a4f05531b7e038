#include "shared/crypto/digest.h"
#include "shared/crypto/release.h"
#include "shared/crypto/seal.h"
#include "shared/crypto/secret.h"
#include "shared/crypto/sign.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "shared/wire/pack.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <utility>

using namespace odop;
using namespace odop::crypto;

namespace {

Bytes hex(std::string_view text) {
  Bytes bytes;
  REQUIRE(from_hex(text, bytes));
  return bytes;
}

Bytes flipped(Bytes bytes, std::size_t at) {
  bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
  return bytes;
}

}  // namespace

TEST_CASE("SHA-256 fits the vectors of FIPS 180-4", "[crypto]") {
  CHECK(to_hex(sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 digest;
  digest.update("a");
  digest.update("bc");
  CHECK(digest.finish() == sha256("abc"));
  CHECK(digest.finish() == sha256(""));  // begins anew
}

TEST_CASE("a file hashes as its bytes do", "[crypto]") {
  const test::TempFolder folder;
  const Bytes content(200'000, 'x');
  std::ofstream{folder / "file", std::ios::binary} << content;
  CHECK(sha256_file((folder / "file").string()).value() == sha256(content));
  CHECK(sha256_file((folder / "none").string()).error().code == ErrorCode::kNotFound);
  CHECK(sha256_file(folder.path().string()).error().code == ErrorCode::kIo);
}

TEST_CASE("a secret moves and has one owner", "[crypto]") {
  SecretBytes secret{BytesView{"key"}};
  SecretBytes other = std::move(secret);
  CHECK(other.view() == "key");
  CHECK(secret.empty());  // NOLINT(bugprone-use-after-move): that is what is asked
  secret = SecretBytes{2};
  CHECK(secret.view() == BytesView("\0\0", 2));
  CHECK(equal_constant_time("same", "same"));
  CHECK_FALSE(equal_constant_time("same", "sama"));
  CHECK_FALSE(equal_constant_time("same", "sam"));
  CHECK(random_bytes(32) != random_bytes(32));
}

TEST_CASE("Ed25519 fits RFC 8032, test 2", "[crypto]") {
  const SigningKey key =
      SigningKey::from_seed(hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
          .value();
  CHECK(to_hex(key.public_key()) ==
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  CHECK(to_hex(key.sign("\x72")) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  CHECK(SigningKey::from_seed(key.seed().view()).value().public_key() == key.public_key());
  CHECK(SigningKey::from_seed("short").error().code == ErrorCode::kInvalidArgument);
  CHECK(SigningKey::generate().public_key() != SigningKey::generate().public_key());
}

TEST_CASE("a signature holds for one key, message and purpose", "[crypto]") {
  const SigningKey key = SigningKey::generate();
  const Bytes signature = key.sign("message");
  CHECK(verify(key.public_key(), "message", signature));
  CHECK_FALSE(verify(key.public_key(), "massage", signature));
  CHECK_FALSE(verify(key.public_key(), "message", flipped(signature, 40)));
  CHECK_FALSE(verify(key.public_key(), "message", ""));
  CHECK_FALSE(verify("", "message", signature));
  CHECK_FALSE(verify(SigningKey::generate().public_key(), "message", signature));

  const wire::SignedDocument document = sign_document("pointer", "payload", key);
  CHECK(document.key_id == key_id(key.public_key()));
  CHECK(document.key_id.size() == 16);
  CHECK(verify_document(document, "pointer", key.public_key()).has_value());
  CHECK_FALSE(verify_document(document, "manifest", key.public_key()).has_value());
  wire::SignedDocument renamed = document;
  renamed.purpose = "manifest";
  CHECK_FALSE(verify_document(renamed, "manifest", key.public_key()).has_value());
  wire::SignedDocument changed = document;
  changed.payload += ' ';
  CHECK_FALSE(verify_document(changed, "pointer", key.public_key()).has_value());
  const SigningKey other = SigningKey::generate();
  CHECK_FALSE(verify_document(document, "pointer", other.public_key()).has_value());
}

TEST_CASE("a sealed box opens with its key only", "[crypto]") {
  const SealingKey key = SealingKey::generate();
  const Bytes sealed = seal(key.public_key(), "body").value();
  CHECK(sealed.size() == 4 + kSealBytes);
  CHECK(sealed.find("body") == Bytes::npos);
  CHECK(open(key, sealed).value() == "body");
  CHECK(seal(key.public_key(), "body").value() != sealed);
  CHECK(open(SealingKey::generate(), sealed).error().code == ErrorCode::kBadSignature);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    CHECK_FALSE(open(key, flipped(sealed, i)).has_value());
    CHECK_FALSE(open(key, sealed.substr(0, i)).has_value());
  }
  CHECK(seal("short", "body").error().code == ErrorCode::kInvalidArgument);
  CHECK(seal(Bytes(32, '\0'), "body").error().code == ErrorCode::kInvalidArgument);
  const SealingKey again = SealingKey::from_seed(key.seed().view()).value();
  CHECK(again.public_key() == key.public_key());
  CHECK(open(again, sealed).value() == "body");
}

TEST_CASE("a content digest depends on each entry and on nothing else", "[crypto]") {
  using wire::ItemKind;
  const ContentEntry a{ItemKind::kRecord, "product/a", sha256("a")};
  const ContentEntry b{ItemKind::kRecord, "product/b", sha256("b")};
  const ContentEntry c{ItemKind::kPicture, to_hex(sha256("c")), sha256("c")};
  const Bytes digest = content_digest({a, b, c});
  CHECK(content_digest({c, b, a}) == digest);
  CHECK(content_digest({a, b}) != digest);
  CHECK(content_digest({a, b, {ItemKind::kThumbnail, c.id, c.hash}}) != digest);
  CHECK(content_digest({a, {b.kind, b.id, sha256("x")}, c}) != digest);
  CHECK(content_digest({a, {b.kind, "product/c", b.hash}, c}) != digest);
}

TEST_CASE("an index and its items are those that the manifest names", "[crypto]") {
  wire::PackIndex index;
  index.from = {1};
  index.to = {2};
  index.frame_size = 20;
  index.frame_plain_size = 2;
  const Bytes frame(20, 'f');
  index.frame_hash = sha256(frame);
  index.items = {{"product/a", wire::ItemKind::kRecord, 2, {}},
                 {to_hex(sha256("{}")), wire::ItemKind::kPicture, 2, sha256("{}")}};
  const Bytes encoded = wire::encode_index(index).value();
  wire::Manifest manifest;
  manifest.release = {2};
  manifest.previous = {1};
  manifest.packs = {{{0}, 500, sha256("other"), 5}, {{1}, 500, sha256(encoded), encoded.size()}};

  const wire::PackOffer* offer = find_offer(manifest, {1});
  REQUIRE(offer == &manifest.packs[1]);
  CHECK(find_offer(manifest, {7}) == nullptr);
  CHECK(check_index(encoded, *offer, manifest).has_value());
  CHECK(check_index(encoded + ' ', *offer, manifest).error().code == ErrorCode::kBadSignature);
  CHECK(check_index(flipped(encoded, 20), *offer, manifest).error().code ==
        ErrorCode::kBadSignature);
  wire::PackOffer swapped = *offer;
  swapped.from = {0};
  CHECK(check_index(encoded, swapped, manifest).error().code == ErrorCode::kMalformed);

  CHECK(check_frame(index, frame).has_value());
  CHECK(check_frame(index, flipped(frame, 7)).error().code == ErrorCode::kBadSignature);
  CHECK(check_frame(index, frame + 'f').error().code == ErrorCode::kBadSignature);
  CHECK(check_item(index.items[1], "{}").has_value());
  CHECK_FALSE(check_item(index.items[1], "{ }").has_value());
  CHECK_FALSE(check_item(index.items[1], "[]").has_value());
}

// A bundle with an item of each kind, and what tests do with bundles.
#pragma once

#include "shared/bundle/reader.h"
#include "shared/bundle/signature.h"
#include "shared/bundle/writer.h"
#include "shared/core/bytes.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/sign.h"
#include "shared/wire/bundle.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "tests/shared/wire/samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/whole_files.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace odop::test {

inline crypto::SigningKey key_of(unsigned seed) {
  return crypto::SigningKey::from_seed(wire::samples::hash(seed)).value();
}

// The pack is any file: nothing here looks into it.
inline bundle::NewBundle sample_bundle(const std::filesystem::path& pack) {
  namespace samples = wire::samples;
  using Kind = wire::BundleItemKind;
  wire::Envelope envelope = samples::envelope();
  envelope.header = wire::encode(samples::envelope_header());
  bundle::NewBundle bundle;
  bundle.direction = wire::BundleDirection::kDown;
  bundle.facts = samples::bundle_index();
  bundle.facts.items.clear();
  const auto add = [&](Kind kind, std::string name, Bytes bytes) {
    bundle.items.push_back({kind, std::move(name), std::move(bytes), {}});
  };
  const Bytes document = wire::to_json(samples::signed_document());
  add(Kind::kEnrolRequest, "", wire::encode(samples::carried_enrol_request()));
  add(Kind::kEnrolAnswer, "", wire::encode(samples::carried_enrol_answer()));
  add(Kind::kHeartbeat, "", wire::to_json(samples::heartbeat()));
  add(Kind::kEnvelope, "", wire::encode(envelope));
  add(Kind::kAttachment, to_hex(crypto::sha256("sealed")), "sealed");
  add(Kind::kReceipt, "", document);
  add(Kind::kFeedPage, "700", wire::to_json(samples::feed_page()));
  add(Kind::kPointer, "", document);
  add(Kind::kManifest, "18", document);
  add(Kind::kCertificate, "server", document);
  add(Kind::kRootPublicKey, "", samples::hash(60));
  bundle.items.push_back({Kind::kPack, "18/17", {}, pack});
  return bundle;
}

struct Read {
  bundle::Visited visited;
  std::vector<bundle::CarriedItem> items;
};

// Believes `signer` alone.
inline Result<Read> read_bundle(const std::filesystem::path& file, BytesView signer) {
  auto reader = bundle::BundleReader::open(file);
  if (!reader) return fail(reader.error());
  Read read;
  auto visited = reader->visit({.believe = [&](wire::BundleDirection, BytesView key) -> Status {
                                  if (key != signer)
                                    return fail(ErrorCode::kForbidden, "a stranger's bundle");
                                  return {};
                                },
                                .begin = {},
                                .item = [&](bundle::CarriedItem item) -> Status {
                                  read.items.push_back(std::move(item));
                                  return {};
                                }});
  if (!visited) return fail(visited.error());
  read.visited = std::move(*visited);
  return read;
}

}  // namespace odop::test

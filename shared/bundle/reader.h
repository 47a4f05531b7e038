// Reads a bundle from a medium that nobody trusts. Everything but raw bytes is taken apart in a
// confined child (confined.h), in this order: head, signature over head and index, whether the
// caller believes the signer, index, sizes against the file, hash and form of each item. What the
// caller gets has passed all of it; who may say what is still the caller's to judge, as if it had
// come by the network.
//
// Packs are not handed over: the caller reads their ranges, as bytes, and checks them against the
// publisher's signature.
#pragma once

#include "shared/bundle/bundle_files.h"
#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"
#include "shared/wire/bundle.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace odop::bundle {

// The index without its items.
struct BundleFacts {
  wire::BundleDirection direction = wire::BundleDirection::kUp;
  Bytes signer;  // 32 bytes
  std::string device_id;
  KioskNumber kiosk;
  std::string database_generation;
  std::int64_t made_ms = 0;
  FeedPosition feed_head;
};

struct CarriedItem {
  wire::BundleItemKind kind = wire::BundleItemKind::kEnvelope;
  std::string name;
  Bytes bytes;  // hash and form are checked
};

struct CarriedPack {
  std::string name;  // RELEASE/FROM
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct BundleVisitor {
  // Whether to go on with a bundle of this direction and signer; asked when the signature fits the
  // key, and before anything else is looked at. An error is what `visit` returns.
  std::function<Status(wire::BundleDirection direction, BytesView signer)> believe;
  std::function<Status(const BundleFacts& facts)> begin;
  // In the order of the bundle. An error stops the reading.
  std::function<Status(CarriedItem item)> item;
};

struct Visited {
  BundleFacts facts;
  std::vector<CarriedPack> packs;
  std::size_t items = 0;
  std::size_t damaged = 0;  // items whose bytes are not those that were signed; left out
};

class BundleReader {
 public:
  // Errors: those of open_bundle_file.
  [[nodiscard]] static Result<BundleReader> open(const std::filesystem::path& file);

  // Errors: kMalformed (no bundle, cut short, or what crashes its reader), kBadSignature,
  // kUnsupported (newer), kTooLarge, kTimeout, kInternal (this system cannot confine), and what the
  // visitor said.
  [[nodiscard]] Result<Visited> visit(const BundleVisitor& visitor) const;

  // A range of a pack. Errors: kIo (the stick is gone), kInvalidArgument (outside the pack).
  [[nodiscard]] Result<Bytes> read(const CarriedPack& pack, std::uint64_t first,
                                   std::size_t count) const;

 private:
  explicit BundleReader(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace odop::bundle

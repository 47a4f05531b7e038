// Packs: all that a kiosk holding release `from` needs for release `to`. Layout (see PackIndex):
//
//   u32le length of the index | index | zstd frame of the records | media as they are
//
// Everything after the index can be fetched by range, because the index gives every size. The index
// is itself a zstd frame. Records carry no hash of their own in it (one hash covers their frame):
// in a change of words alone they would outweigh the rest of the index. A reader checks index,
// frame and media by shared/crypto/release.h before it uses them; nothing here hashes by itself.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::wire {

inline constexpr std::uint64_t kMaxFramePlainBytes = 256ULL * 1024 * 1024;  // records of one pack
inline constexpr std::size_t kMaxPackItems = 200'000;
inline constexpr std::size_t kMaxPackIndexBytes = 32 * 1024 * 1024;
inline constexpr std::size_t kMaxRecordBytes = 1024 * 1024;  // one record's JSON
inline constexpr std::uint64_t kMaxMediumBytes = 64ULL * 1024 * 1024;

struct PackMedium {
  std::string id;  // hex SHA-256 of the file; not computed again here
  ItemKind kind = ItemKind::kPicture;
  std::string path;
};

struct WrittenPack {
  PackIndex index;
  Bytes encoded_index;     // see encode_index; PackOffer::index_hash and index_size are of these
  std::uint64_t size = 0;  // of the whole file
};

// SHA-256; shared/crypto, which has it, stands above this room.
using Sha256Function = Bytes (*)(BytesView);

// An index as a pack carries it. Errors: kInternal (no memory).
[[nodiscard]] Result<Bytes> encode_index(const PackIndex& index);
// Check the hash first. Errors: kMalformed, kTooLarge, kUnsupported.
[[nodiscard]] Result<PackIndex> decode_index(BytesView encoded);

// Writes the pack to `path`, which must not exist, streams the media, and syncs the file (not its
// folder; rename it into place afterwards). Records keep their order; media are ordered by kind,
// else keep theirs. On error the file is removed.
// Errors: kNotFound (a medium), kTooLarge, kInvalidArgument (hash or id of a wrong form), kConflict
// (`path` exists), kDiskFull, kIo.
[[nodiscard]] Result<WrittenPack> write_pack(ReleaseNumber from, ReleaseNumber to,
                                             std::span<const Record> records,
                                             std::span<const std::string> removed,
                                             std::span<const PackMedium> media,
                                             const std::string& path, Sha256Function sha256);

// Where the parts of a pack file lie. `item_offset[i]` belongs to `index.items[i]`; it is 0 for
// records and removals, which have no bytes of their own.
struct PackLayout {
  std::uint64_t frame_offset = 0;
  std::uint64_t media_offset = 0;
  std::uint64_t size = 0;
  std::vector<std::uint64_t> item_offset;
};

[[nodiscard]] PackLayout layout_of(const PackIndex& index, std::uint64_t encoded_index_size);

// The length prefix at the start of a pack file. Errors: kMalformed (fewer than 4 bytes), kTooLarge
// (above kMaxPackIndexBytes).
[[nodiscard]] Result<std::uint32_t> read_index_length(BytesView first_bytes);

// The encoded index of a pack file on disk. Errors: kNotFound, kMalformed, kTooLarge, kIo.
[[nodiscard]] Result<Bytes> read_encoded_index(const std::string& path);

// "product/kannauj-attar" -> type "product", id "kannauj-attar". False when it is no such pair.
[[nodiscard]] bool split_record_id(std::string_view id, std::string& type, std::string& name);

// The records of a pack in the order of its index; its frame was checked against frame_hash.
// Errors: kMalformed (frame and index do not fit), kTooLarge.
[[nodiscard]] Result<std::vector<Record>> split_frame(const PackIndex& index, BytesView frame);

}  // namespace odop::wire

// Writes a bundle so that pulling the stick at any byte leaves either the old file of that name or
// the new one: temporary file beside it, sync, rename, sync of the folder, and the whole read back
// from the medium.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/crypto/sign.h"
#include "shared/wire/bundle.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace odop::bundle {

struct NewItem {
  wire::BundleItemKind kind = wire::BundleItemKind::kEnvelope;
  std::string name;
  Bytes bytes;                 // unless `file` is set
  std::filesystem::path file;  // of a pack; read twice
};

struct NewBundle {
  wire::BundleDirection direction = wire::BundleDirection::kUp;
  wire::BundleIndex facts;  // without items
  std::vector<NewItem> items;
};

struct WrittenBundle {
  std::uint64_t bytes = 0;
  std::size_t items = 0;
};

// Replaces `file`. Errors: kInvalidArgument (an item beyond the caps), kNotFound (the folder, or a
// pack), kDiskFull, kReadOnly, kIo (also: the medium did not keep what was written). On error the
// file of before is still there, except when reading back failed: then there is none.
[[nodiscard]] Result<WrittenBundle> write_bundle(const std::filesystem::path& file,
                                                 const NewBundle& bundle,
                                                 const crypto::SigningKey& key);

}  // namespace odop::bundle

// The root keys: a set of which so many must sign the same, each in a file of mode 0600 that its
// holder takes away. One alone is root.key; of several the N-th of version V is root-V.N.key.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/crypto/secret.h"
#include "shared/crypto/sign.h"
#include "shared/wire/messages.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace odop::syncserver {

struct RootPlan {
  std::size_t keys = 1;         // 1 to wire::kMaxRootKeys
  std::uint32_t threshold = 1;  // 1 to `keys`
};

struct NewRoots {
  wire::RootSet set;
  std::vector<crypto::SigningKey> keys;
};

// Errors: kInvalidArgument (no such set can be).
[[nodiscard]] Result<NewRoots> make_roots(RootPlan plan, std::uint64_t version);
// Errors: kConflict (a file is there), kIo, kDiskFull.
[[nodiscard]] Status write_roots(const std::filesystem::path& folder, const NewRoots& roots);

// As many keys of `set` as must agree: of `files`, or of the root key files in `folder` when none
// are named. Errors: kNotFound (too few), kForbidden (a file can be read by others), kCorrupt (a
// named file holds no key of this set).
[[nodiscard]] Result<std::vector<crypto::SigningKey>> roots_at_hand(
    const std::filesystem::path& folder, const wire::RootSet& set,
    const std::vector<std::filesystem::path>& files);

// One document of each key.
[[nodiscard]] std::vector<wire::SignedDocument> sign_by_all(
    std::string_view purpose, const Bytes& payload, std::span<const crypto::SigningKey> keys);

// A seed as base64 and a line end, so that it can be copied by hand if it must; durably, mode 0600.
// Errors: kIo, kDiskFull.
[[nodiscard]] Status write_seed(const std::filesystem::path& file, const crypto::SecretBytes& seed);
// Errors: kNotFound, kForbidden (others can read the file), kCorrupt, kIo.
[[nodiscard]] Result<Bytes> read_seed(const std::filesystem::path& file);

}  // namespace odop::syncserver

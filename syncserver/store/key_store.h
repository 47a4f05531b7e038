// Keys of opened records, one for each, in a database of their own: destroying a key erases what it
// sealed, in every backup of the main database too. Back it up apart from the main database, and
// never keep a backup longer than the key store itself.
//
// Threads: every member may be called from any thread.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace odop::syncserver {

struct RecordKey {
  std::string hash;  // hex hash of the submission's envelope
  Bytes secret;      // 32 bytes: seed of a sealing key
};

class KeyStore {
 public:
  virtual ~KeyStore() = default;
  // Durable when it returns. A key that is there already stays as it is.
  [[nodiscard]] virtual Status put(std::span<const RecordKey> keys) = 0;
  [[nodiscard]] virtual Result<std::optional<Bytes>> get(const std::string& hash) = 0;
  // A consistent copy in a new file, durable. Errors: kConflict (the file exists), kDiskFull, kIo.
  [[nodiscard]] virtual Status copy_to(const std::filesystem::path& target) = 0;
  // Overwrites and deletes; a key that is not there is no error.
  [[nodiscard]] virtual Status destroy(const std::string& hash) = 0;
};

// `file` is created with mode 0600. Errors: kIo, kCorrupt, kUnsupported (newer than the program).
[[nodiscard]] Result<std::unique_ptr<KeyStore>> open_key_store(const std::filesystem::path& file);

}  // namespace odop::syncserver

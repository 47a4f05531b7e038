// Prompts that staff recorded on this kiosk: DATA/prompts/prompts.json says what they are,
// DATA/prompts/HASH.opus is what they sound like. They lie plain: the staff's own voice reading
// what stands on the screen for everybody to hear, nothing of a visitor. Threads: one. Processes:
// one that keeps and drops; others may `look` meanwhile.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk {

// A guard against what nobody records: some 20 forms of 30 places in six tongues are 3,600.
inline constexpr std::size_t kMostPrompts = 4'000;
// sound::kMaxPromptBytes
inline constexpr std::size_t kMostClipBytes = 512 * 1024;

struct StoredPrompt {
  std::string key;     // what it is said for, as kiosk/model/prompts.h has it
  std::string tongue;  // hi en ur awa bho bns
  std::string text;    // that was read
  std::string medium;  // hex SHA-256 of an Ogg Opus file
  std::int64_t length_ms = 0;
  std::int64_t made_ms = 0;  // Unix
  friend bool operator==(const StoredPrompt&, const StoredPrompt&) = default;
};

class PromptStore {
 public:
  // `folder` is the kiosk's --data; nothing is made in it before something is kept. A list that is
  // damaged is set aside with its recordings, as prompts.damaged (or prompts.damaged.2 ...), and
  // begun anew. Errors: kUnsupported (a newer program wrote it), kReadOnly, kIo.
  [[nodiscard]] static Result<PromptStore> open(const std::filesystem::path& folder);
  // To read only: changes nothing. Errors: kUnsupported, kCorrupt, kReadOnly, kIo.
  [[nodiscard]] static Result<PromptStore> look(const std::filesystem::path& folder);

  // Each key and tongue once; in the order in which they were kept.
  [[nodiscard]] const std::vector<StoredPrompt>& all() const { return all_; }
  // In the place of the one with this key and tongue; `medium` is computed. Recording, then list,
  // both on the disk when it returns. Errors: kInvalidArgument (nothing, or more than
  // kMostClipBytes), kTooLarge (kMostPrompts), kDiskFull, kReadOnly, kIo; then nothing has changed.
  [[nodiscard]] Status keep(StoredPrompt prompt, BytesView clip);
  // That there is none is no error. Errors: kDiskFull, kReadOnly, kIo; then nothing has changed.
  [[nodiscard]] Status drop(std::string_view key, std::string_view tongue);
  // The recording, proven by its hash. Errors: kNotFound, kCorrupt (it is not what was kept), kIo.
  [[nodiscard]] Result<Bytes> clip(std::string_view medium) const;

 private:
  explicit PromptStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // Errors: as `look`.
  [[nodiscard]] Status load();
  [[nodiscard]] Status write(std::vector<StoredPrompt> all);
  [[nodiscard]] std::filesystem::path file(std::string_view medium) const;
  // Recordings that the list names no more.
  void remove_unnamed() const;

  std::filesystem::path folder_;
  std::vector<StoredPrompt> all_;
};

}  // namespace odop::kiosk

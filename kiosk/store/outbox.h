// What was promised to visitors, a second time: an append-only file of framed, sealed submissions
// beside journal.db, from which a damaged database is built anew. It also holds who this kiosk is
// and how it was set up, since without them nothing could be sent.
//
// FOLDER/outbox.log: frames, each at a multiple of 4,096 bytes, so that a power cut which spoils
// the sector that is being written spoils no older frame:
//
//   "ODPF"  kind u32le  length u32le  SHA-256 of kind, length, payload (32)  payload
//   zeros to the block's end but 4  blocks of the frame u32le
//
// Payloads are in the lean form (lean_archive.h). The last frame of every append tells where the
// chain stands, so that one read of the file's end says whether it agrees with the database.
//
// Threads: those of a Journal, one at a time by the database's write lock.
#pragma once

#include "kiosk/store/file_system.h"
#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace odop::kiosk {

inline constexpr std::size_t kOutboxBlock = 4096;
// A payload is never larger: an envelope of 64 KiB, four attachments of 100 KiB, and some names.
inline constexpr std::size_t kMaxOutboxPayload = 1024UL * 1024;

struct OutboxAttachment {
  Bytes hash;
  Bytes sealed;
};

// A submission as the database has it (journal.h), without what became of it.
struct OutboxSubmission {
  std::string device;
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  std::string id;
  std::string reference;
  std::int64_t wall_ms = 0;
  Bytes hash;
  Bytes envelope;
  std::vector<OutboxAttachment> attachments;
};

// How far a chain has come.
struct OutboxChain {
  std::string device;
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;  // highest given out
  Bytes head;                  // hash of that envelope; empty for none

  friend bool operator==(const OutboxChain&, const OutboxChain&) = default;
};

struct OutboxIdentity {
  std::string answer;  // wire::EnrolAnswer as JSON
};

struct OutboxSetting {
  std::string name;
  std::string value;
};

using OutboxRecord = std::variant<OutboxIdentity, OutboxSetting, OutboxChain, OutboxSubmission>;

// One frame.
[[nodiscard]] Bytes frame_of(const OutboxRecord& record);

struct OutboxScan {
  std::size_t frames = 0;
  std::size_t damaged_blocks = 0;  // before the last whole frame
  std::uint64_t whole_bytes = 0;   // the end of the last whole frame
  std::uint64_t bytes = 0;         // of the file: more than whole_bytes when its end is torn
  bool lacking = false;            // by the journal: something that it retains was in no frame
};

class Outbox {
 public:
  // `files` must outlive it.
  Outbox(const std::filesystem::path& folder, const FileSystem& files);

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  // 0 when there is none.
  [[nodiscard]] std::uint64_t bytes() const;
  // Whether frames can be appended: it is there and ends with a block.
  [[nodiscard]] bool ready() const;
  // Where the last frame says that the chain stands; nullopt when it is missing, torn or damaged.
  [[nodiscard]] std::optional<OutboxChain> stands_at() const;
  // Every whole frame in order, from the file's beginning. What does not fit its hash is passed
  // over, block by block. Errors: kNotFound, kIo; those of `take`.
  [[nodiscard]] Result<OutboxScan> scan(const std::function<Status(OutboxRecord)>& take) const;

  // In one write, synced when it returns a value. On error what was written is cut off again.
  // `frames` begin and end with a block. Errors: kDiskFull, kReadOnly, kIo.
  [[nodiscard]] Status append(BytesView frames);
  // Cuts off what the last append wrote: its commit failed. When that fails too, what stands there
  // is taken for kept at the next start, unless its slot was used meanwhile.
  void take_back();
  // A torn end, after a scan.
  [[nodiscard]] Status cut(const OutboxScan& scan);
  // Out of the way, as FILE.damaged-N.
  void set_aside();

  // A new file in the place of this one: add every frame, then finish. Whatever happens before
  // `finish` returns a value, the old one stays whole.
  class Rewriting {
   public:
    [[nodiscard]] Status add(BytesView frame);
    [[nodiscard]] Status finish();

   private:
    friend class Outbox;
    Rewriting(const Outbox& outbox, std::filesystem::path temporary,
              std::unique_ptr<FileSystem::Output> output);
    const Outbox& outbox_;
    std::filesystem::path temporary_;
    std::unique_ptr<FileSystem::Output> output_;
  };
  [[nodiscard]] Result<Rewriting> rewrite();

 private:
  std::filesystem::path file_;
  const FileSystem* files_;
  std::uint64_t before_ = 0;  // bytes before the last append; 0: nothing to take back
};

}  // namespace odop::kiosk

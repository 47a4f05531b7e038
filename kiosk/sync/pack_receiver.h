// Takes a pack's bytes as they come, cuts them into items, checks each item's hash and keeps what
// is whole: media as files in the staging folder, the frame of records beside them. So an
// interrupted transfer keeps what it brought, also over a restart of the kiosk.
//
// One item at a time is held in memory: at most wire::kMaxMediumBytes, in practice a picture.
//
// Threads: the worker's.
#pragma once

#include "kiosk/store/catalogue_store.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/sync/pack_plan.h"
#include "kiosk/sync/transport.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"
#include "shared/wire/pack.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace odop::kiosk {

class PackReceiver final : public BodySink {
 public:
  // `index` is verified. What lies in the staging folder is checked before it counts; what is in
  // the media folder was checked when it came. Both references outlive the object.
  PackReceiver(wire::PackIndex index, std::uint64_t index_size, const CatalogueStore& store,
               const Mailbox& mailbox);

  // What still lacks; begins in the middle of an item when the last transfer ended there.
  [[nodiscard]] PackPlan rest() const;
  // A range of `rest()` follows.
  void begin(std::uint64_t first);
  // False when an item is wrong, the disk refuses, or the UI waits for the worker.
  bool write(BytesView bytes) override;
  // Why `write` refused. Errors: kBadSignature (an item's hash), kDiskFull, kReadOnly, kIo.
  [[nodiscard]] const Status& status() const { return status_; }

  // The records, each checked. Errors: kNotFound (the frame is not whole yet), kMalformed,
  // kBadSignature; the frame is dropped then and lacks again.
  [[nodiscard]] Result<StagedRecords> records();
  [[nodiscard]] const wire::PackIndex& index() const { return index_; }

 private:
  struct Place {
    std::uint64_t first = 0;
    std::uint64_t size = 0;
    std::size_t item = 0;  // kFrame = the frame
  };
  static constexpr std::size_t kFrame = static_cast<std::size_t>(-1);

  [[nodiscard]] std::filesystem::path frame_file() const;
  [[nodiscard]] bool keep(const Place& place);
  [[nodiscard]] bool has(const Place& place) const;

  wire::PackIndex index_;
  wire::PackLayout layout_;
  const CatalogueStore& store_;
  const Mailbox& mailbox_;
  std::vector<Place> places_;  // by offset
  bool have_frame_ = false;
  std::vector<bool> have_;    // by item
  std::size_t at_ = 0;        // place that is being received
  std::uint64_t offset_ = 0;  // inside the pack
  Bytes part_;                // of the place at_, from its beginning
  Status status_;
};

}  // namespace odop::kiosk

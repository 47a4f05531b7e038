// Taking sealed attachments in, piece by piece. An envelope that is here names each by hash and
// size, and the device signed that; so the bytes need no signature, and nothing is taken that no
// envelope named.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <cstdint>

namespace odop::syncserver {

// A piece that is not the last holds at least this much, so that nobody makes a hundred thousand
// rows of one recording. Kiosks send 2 KiB at least.
inline constexpr std::size_t kSmallestPiece = 1024;

// What became of a piece: the code, and how much is here now.
struct TakenPiece {
  wire::AttachmentCode code = wire::AttachmentCode::kPartial;
  std::uint32_t held = 0;
};

// The piece at `offset` of the attachment with this hash; empty = only asks. What does not begin
// where the server's part ends is not taken, and the answer says where that is. When the last one
// came the hash of the whole is checked; if it does not fit, everything is dropped and `held` is 0.
// kStored after the commit. What was erased meanwhile counts as stored: nobody wants it any more.
// Errors: kTooLarge (beyond the size that the envelope names), kInvalidArgument (too small a
// piece), those of the store.
[[nodiscard]] Result<TakenPiece> take_piece(Store& store, const Device& caller, const Bytes& hash,
                                            std::uint64_t offset, BytesView piece);

}  // namespace odop::syncserver

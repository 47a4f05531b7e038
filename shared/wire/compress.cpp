#include "shared/wire/compress.h"

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <string>

namespace odop::wire {
namespace {

struct FreeDecoder {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

constexpr std::size_t kPiece = 128 * 1024;
// The decoder keeps one window: 16 MiB at most. Level 9 uses 4 MiB.
constexpr int kMaxWindowLog = 24;

}  // namespace

Result<Bytes> compress(BytesView plain, int level) {
  Bytes out(ZSTD_compressBound(plain.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), level);
  if (ZSTD_isError(size) != 0) {
    return fail(ErrorCode::kInternal, std::string{"zstd: "} + ZSTD_getErrorName(size));
  }
  out.resize(size);
  return out;
}

Result<Bytes> decompress(BytesView frame, std::size_t max_plain) {
  // A frame may say how long its content is. The claim is capped here, and the decoder checks it.
  const unsigned long long claimed = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (claimed == ZSTD_CONTENTSIZE_ERROR) return fail(ErrorCode::kMalformed, "no zstd frame");
  const bool unknown = claimed == ZSTD_CONTENTSIZE_UNKNOWN;
  if (!unknown && claimed > max_plain) {
    return fail(ErrorCode::kTooLarge, "zstd frame claims more than its cap");
  }
  const std::unique_ptr<ZSTD_DCtx, FreeDecoder> decoder{ZSTD_createDCtx()};
  if (!decoder) return fail(ErrorCode::kInternal, "zstd: no memory");
  ZSTD_DCtx_setParameter(decoder.get(), ZSTD_d_windowLogMax, kMaxWindowLog);

  // One byte more than may come out tells "exactly full" from "too much". Memory grows with what
  // really comes out, so that a false claim takes none.
  const std::size_t limit = (unknown ? max_plain : static_cast<std::size_t>(claimed)) + 1;
  Bytes out;
  ZSTD_inBuffer in{frame.data(), frame.size(), 0};
  for (;;) {
    const std::size_t used = out.size();
    const std::size_t room = std::min(limit - used, std::max(kPiece, used));
    out.resize(used + room);
    ZSTD_outBuffer piece{out.data() + used, room, 0};
    const std::size_t left = ZSTD_decompressStream(decoder.get(), &piece, &in);
    out.resize(used + piece.pos);
    if (ZSTD_isError(left) != 0) {
      wipe(out);
      return fail(ErrorCode::kMalformed, std::string{"zstd: "} + ZSTD_getErrorName(left));
    }
    if (out.size() == limit) return fail(ErrorCode::kTooLarge, "zstd frame holds too much");
    if (left == 0) break;
    if (piece.pos < room) return fail(ErrorCode::kMalformed, "zstd: cut short");
  }
  if (in.pos != frame.size()) return fail(ErrorCode::kMalformed, "zstd: bytes left over");
  return out;
}

}  // namespace odop::wire

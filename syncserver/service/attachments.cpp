#include "syncserver/service/attachments.h"

#include "shared/crypto/digest.h"

#include <utility>

namespace odop::syncserver {

namespace {

bool awaited(const Attachment& attachment) {
  return attachment.state == AttachmentState::kAwaited ||
         attachment.state == AttachmentState::kMissing;
}

Result<TakenPiece> judge_whole(Store& store, const Attachment& attachment, BytesView sealed) {
  if (crypto::sha256(sealed) != attachment.hash) {
    if (Status dropped = store.drop_pieces(attachment); !dropped.has_value()) {
      return fail(std::move(dropped.error()));
    }
    return TakenPiece{wire::AttachmentCode::kPartial, 0};
  }
  Status stored = store.store_attachment(attachment, sealed);
  if (!stored.has_value()) return fail(std::move(stored.error()));
  return TakenPiece{wire::AttachmentCode::kStored, attachment.size};
}

}  // namespace

Result<TakenPiece> take_piece(Store& store, const Device& caller, const Bytes& hash,
                              std::uint64_t offset, BytesView piece) {
  const auto named = store.attachment_named(caller, hash);
  if (!named.has_value()) return fail(named.error());
  if (!named->has_value()) return TakenPiece{wire::AttachmentCode::kUnnamed, 0};
  const Attachment& attachment = **named;
  if (!awaited(attachment)) return TakenPiece{wire::AttachmentCode::kStored, attachment.size};
  if (attachment.size > wire::kMaxAttachmentBytes || offset > attachment.size ||
      piece.size() > attachment.size - offset) {
    return fail(ErrorCode::kTooLarge, "beyond the size that the envelope names");
  }
  if (piece.empty() || offset != attachment.held) {
    return TakenPiece{wire::AttachmentCode::kPartial, attachment.held};
  }
  const bool last = offset + piece.size() == attachment.size;
  if (!last && piece.size() < kSmallestPiece) {
    return fail(ErrorCode::kInvalidArgument, "too small a piece");
  }
  if (last && offset == 0) return judge_whole(store, attachment, piece);
  const auto held = store.add_piece(attachment, static_cast<std::uint32_t>(offset), piece);
  if (!held.has_value()) return fail(held.error());
  if (*held != attachment.size) return TakenPiece{wire::AttachmentCode::kPartial, *held};
  const auto whole = store.pieces(attachment);
  if (!whole.has_value()) return fail(whole.error());
  return judge_whole(store, attachment, *whole);
}

}  // namespace odop::syncserver

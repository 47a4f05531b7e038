// Attachments: sealed recordings, piece by piece, after the server has their envelope.
#include "kiosk/sync/engine.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/trust.h"
#include "shared/wire/json.h"

#include <fmt/format.h>

namespace odop::kiosk::sync {
namespace {

constexpr int kBadRequest = 400;
constexpr int kTooLarge = 413;
constexpr std::int64_t kHourMs = 60LL * 60 * 1000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr MonoTime kNothingDueWait{std::chrono::minutes(1)};
// At 2 kB/s, a bad line of EDGE, a second of it: even that gets through before the deadline.
constexpr std::size_t kSmallestPiece = 2 * 1024;

}  // namespace

// The caller has looked at the back-off. What a slow line takes for them must keep neither
// submissions nor heartbeats waiting, so they are asked for last, one piece at a time.
bool Engine::decide_attachments(Now now) {
  if (memory_.local.queue.incomplete == 0 || settings_.carried) return false;
  if (now.mono < attach_at_) {
    wait_until(attach_at_);
    return false;
  }
  then(Doing::kLoadAttachment, LoadAttachment{});
  return true;
}

void Engine::on_attachment(Now now, const AttachmentLoaded& loaded) {
  const std::int64_t wall_ms = now.wall.time_since_epoch().count();
  if (!loaded.attachment) {
    state_.trouble = name_of(loaded.attachment.error().code);
    attach_at_ = now.mono + kNothingDueWait;
    return;
  }
  if (!*loaded.attachment) {
    attach_at_ = now.mono + kNothingDueWait;
    if (loaded.next_due_wall_ms) {
      attach_at_ = now.mono + MonoTime(std::clamp<std::int64_t>(*loaded.next_due_wall_ms - wall_ms,
                                                                1, kDayMs));
    }
    return;
  }
  const PendingAttachment& attachment = **loaded.attachment;
  if (crypto::sha256(attachment.sealed) != attachment.hash) {
    // Rotten on the disk. It is tried again, in case it was a reading error, and blocks nothing.
    state_.trouble = name_of(ErrorCode::kCorrupt);
    then(Doing::kStore, HoldBackAttachment{attachment.hash, wall_ms + kDayMs / 2});
    return;
  }
  piece_.hash = attachment.hash;
  piece_.offset = std::min<std::size_t>(attachment.held, attachment.sealed.size());
  piece_.size = std::min(piece_bytes_, attachment.sealed.size() - piece_.offset);
  HttpRequest put =
      call("PUT", fmt::format("/v1/attachments/{}?offset={}", to_hex(piece_.hash), piece_.offset),
           attachment.sealed.substr(piece_.offset, piece_.size));
  put.content_type = "application/octet-stream";
  then(Doing::kAttach, Send{std::move(put)});
}

void Engine::on_attached(Now now, const Result<HttpAnswer>& answer) {
  const bool timed_out = !answer && answer.error().code == ErrorCode::kTimeout;
  const bool unwanted = answer && (answer->status == kTooLarge || answer->status == kBadRequest);
  if (timed_out || unwanted) {
    piece_bytes_ = std::max(kSmallestPiece, piece_.size / 2);
    if (unwanted) {
      piece_limit_ = piece_bytes_;
      if (piece_.size > kSmallestPiece) return;  // at once again, smaller
      state_.trouble = name_of(ErrorCode::kTooLarge);
      then(Doing::kStore,
           HoldBackAttachment{piece_.hash, now.wall.time_since_epoch().count() + kHourMs});
      return;
    }
  }
  if (!accepted(now, answer)) return;
  const auto document = wire::from_json<wire::SignedDocument>(answer->body);
  // 200 with anything else: a login page.
  if (!document) return failed(now, Link::kCaptive, document.error());
  auto receipt =
      crypto::check_attachment_receipt(*document, memory_.identity->device_id, trust_, now.wall);
  if (!receipt) return failed(now, Link::kCaptive, receipt.error());
  if (receipt->hash != piece_.hash) {
    return failed(now, Link::kOnline, {ErrorCode::kMalformed, "a receipt for another attachment"});
  }
  const bool further =
      receipt->code != wire::AttachmentCode::kPartial || receipt->held > piece_.offset;
  if (further) {
    succeeded(now);
    piece_bytes_ = std::min(piece_limit_, piece_bytes_ + piece_bytes_ / 4);
  } else {
    // The server has lost what it had, or it did not come out right: from there again, in a while.
    failed(now, Link::kOnline, {ErrorCode::kConflict, "an attachment did not get further"});
  }
  note_generation(receipt->database_generation, receipt->server_ms);
  then(Doing::kStore, RecordAttachment{std::move(*receipt)});
}

}  // namespace odop::kiosk::sync

// Spoken answers: opened when they are here and their submission is open, stored under its key.
// What nobody can open stays as it came and is alarmed; what never comes is alarmed after a week.
#include "shared/crypto/seal.h"
#include "shared/wire/body.h"
#include "syncserver/service/opener.h"

#include <utility>

namespace odop::syncserver {

Status Opener::open_attachments(OpenStep& step) {
  const auto page = store_.unopened_attachments(kOpenBatch);
  if (!page.has_value()) return fail(page.error());
  for (const Attachment& attachment : *page) {
    Status done = open_attachment(attachment, step);
    if (!done.has_value()) return done;
  }
  if (page->size() == kOpenBatch) step.pause = std::chrono::milliseconds{0};
  const MonoTime now = clock_.mono();
  if (gave_up_.has_value() && now - *gave_up_ < kGiveUpInterval) return {};
  const std::int64_t before_ms = now_ms() - std::chrono::milliseconds(kAttachmentPatience).count();
  const auto missing = store_.give_up_attachments(before_ms, now_ms());
  if (!missing.has_value()) return fail(missing.error());
  gave_up_ = now;
  return {};
}

Status Opener::open_attachment(const Attachment& attachment, OpenStep& step) {
  const auto submission = store_.submission(attachment.submission);
  if (!submission.has_value()) return fail(submission.error());
  if (!submission->has_value()) return {};
  const auto sealed = store_.attachment_body(attachment);
  if (!sealed.has_value()) return fail(sealed.error());
  const auto box = RecordBox::find(record_keys_, (*submission)->hash);
  if (!box.has_value()) {
    if (box.error().code != ErrorCode::kNotFound) return fail(box.error());
    return {};  // erased this moment
  }
  auto padded = crypto::open(keys_.sealing, *sealed);
  auto recording = padded.has_value() ? wire::unpad_recording(*padded)
                                      : Result<Bytes>(fail(ErrorCode::kBadSignature, "sealed"));
  if (padded.has_value()) wipe(*padded);
  if (!recording.has_value()) {
    ++step.quarantined;
    // Before the state changes: a repeated alarm is better than none.
    Status raised =
        store_.raise_alarm(alarm("unreadable", **submission, "a recording that cannot be opened"));
    if (!raised.has_value()) return raised;
    return store_.record_attachment_opened(attachment, AttachmentState::kUnreadable, {});
  }
  const Bytes own = box->seal(*recording);
  wipe(*recording);
  ++step.recordings;
  return store_.record_attachment_opened(attachment, AttachmentState::kOpened, own);
}

}  // namespace odop::syncserver

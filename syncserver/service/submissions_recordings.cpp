// What was spoken, for the office.
#include "syncserver/service/record_box.h"
#include "syncserver/service/submissions.h"

#include <algorithm>
#include <utility>

namespace odop::syncserver {

namespace {

const char* words_of(AttachmentState state) {
  switch (state) {
    case AttachmentState::kAwaited:
      return "on its way";
    case AttachmentState::kHere:
      return "not opened yet";
    case AttachmentState::kOpened:
      return "here";
    case AttachmentState::kUnreadable:
      return "unreadable";
    case AttachmentState::kMissing:
      return "missing";
    case AttachmentState::kErased:
      return "erased";
  }
  return "unknown";
}

}  // namespace

Status Submissions::add_recordings(SubmissionView& view, const Submission& submission,
                                   const wire::SubmissionBody& body) {
  if (body.spoken.empty()) return {};
  const auto attachments = store_.attachments_of(submission.id);
  if (!attachments.has_value()) return fail(attachments.error());
  for (const wire::SpokenAnswer& spoken : body.spoken) {
    const auto found = std::ranges::find(*attachments, spoken.attachment, &Attachment::place);
    view.recordings.push_back(
        {.field = spoken.field,
         .duration_ms = spoken.duration_ms,
         .state =
             words_of(found == attachments->end() ? AttachmentState::kMissing : found->state)});
  }
  return {};
}

Result<Bytes> Submissions::opened_recording(const Submission& submission,
                                            const Attachment& attachment) {
  switch (attachment.state) {
    case AttachmentState::kOpened:
      break;
    case AttachmentState::kUnreadable:
      return fail(ErrorCode::kCorrupt, "this recording cannot be opened; its bytes are kept");
    case AttachmentState::kMissing:
      return fail(ErrorCode::kConflict,
                  "this recording never came; it is taken when its kiosk still sends it");
    case AttachmentState::kErased:
      return fail(ErrorCode::kForbidden, "withdrawn by the asker");
    default:
      return fail(ErrorCode::kConflict, "the recording is still on its way; try again later");
  }
  const auto body = store_.attachment_body(attachment);
  if (!body.has_value()) return fail(body.error());
  const auto box = RecordBox::find(record_keys_, submission.hash);
  if (!box.has_value()) return fail(box.error());
  return box->open(*body);
}

Result<Bytes> Submissions::recording(std::string_view reference, std::string_view field,
                                     const std::string& district) {
  const auto found = find(reference);
  if (!found.has_value()) return fail(found.error());
  for (const Submission& submission : *found) {
    if (submission.state == SubmissionState::kRestricted ||
        submission.state == SubmissionState::kErased) {
      return fail(ErrorCode::kForbidden, "withdrawn by the asker");
    }
    if (submission.body.empty()) continue;
    if (!district.empty()) {
      const auto cases = store_.cases_of(submission.id);
      if (!cases.has_value()) return fail(cases.error());
      if (std::ranges::find(*cases, district, &Case::district) == cases->end()) continue;
    }
    auto body = stored_body(record_keys_, submission);
    if (!body.has_value()) return fail(std::move(body.error()));
    const auto spoken = std::ranges::find(body->spoken, field, &wire::SpokenAnswer::field);
    const bool said = spoken != body->spoken.end();
    const std::uint32_t place = said ? spoken->attachment : 0;
    wipe_body(*body);
    if (!said) continue;
    const auto attachments = store_.attachments_of(submission.id);
    if (!attachments.has_value()) return fail(attachments.error());
    const auto attachment = std::ranges::find(*attachments, place, &Attachment::place);
    if (attachment == attachments->end()) continue;
    return opened_recording(submission, *attachment);
  }
  return fail(ErrorCode::kNotFound,
              "nothing was spoken for this field; `submissions show` lists what was");
}

}  // namespace odop::syncserver

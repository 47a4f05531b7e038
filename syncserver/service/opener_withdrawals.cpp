// Withdrawals of consent: whoever has reference and status code may withdraw. It takes effect in
// whatever order the two arrive: a withdrawal that comes first is remembered before it counts as
// opened, and each opening looks for those that wait. Of two openers, one which opens the target
// and one which handles the withdrawal, the later one sees what the other stored.
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/wire/codec.h"
#include "syncserver/service/opener.h"
#include "syncserver/service/opener_read.h"
#include "syncserver/service/producers.h"

#include <utility>

namespace odop::syncserver {

namespace {

// The withdrawal's own words, once opened.
Result<ReadAnswers> stored_answers(KeyStore& keys, const Submission& withdrawal) {
  auto body = stored_body(keys, withdrawal);
  if (!body.has_value()) return fail(std::move(body.error()));
  auto answers = read_answers(withdrawal.kind, body->answers);
  wipe_body(*body);
  return answers;
}

}  // namespace

Result<bool> Opener::fits(const Submission& target, const std::string& status_code) {
  // A fork's or a revoked kiosk's lies in quarantine as it came.
  auto body = target.body.empty() ? Result<wire::SubmissionBody>(fail(ErrorCode::kNotFound, ""))
                                  : stored_body(record_keys_, target);
  if (target.body.empty()) {
    const auto envelope = wire::decode<wire::Envelope>(target.envelope);
    if (envelope.has_value()) body = crypto::open_envelope(*envelope, keys_.sealing);
    if (!body.has_value()) return false;  // nobody can read it, nobody can prove it theirs
  }
  if (!body.has_value()) {
    if (body.error().code == ErrorCode::kNotFound) return false;  // erased
    return fail(std::move(body.error()));
  }
  const bool same = crypto::equal_constant_time(body->status_code, status_code);
  wipe_body(*body);
  return same;
}

Result<Opener::Judgement> Opener::judge_targets(const std::string& reference,
                                                const std::string& status_code) {
  const auto targets = store_.submissions({.reference = reference, .with_restricted = true});
  if (!targets.has_value()) return fail(targets.error());
  Judgement judgement;
  judgement.waits = targets->empty();
  for (const Submission& target : *targets) {
    if (target.state == SubmissionState::kReceived) {
      judgement.waits = true;
      continue;
    }
    const auto fit = fits(target, status_code);
    if (!fit.has_value()) return fail(fit.error());
    if (!*fit) continue;
    judgement.fits = true;
    const auto cases = store_.cases_of(target.id);
    if (!cases.has_value()) return fail(cases.error());
    for (const Case& one : *cases) judgement.districts.push_back(one.district);
    if (target.state != SubmissionState::kRestricted && target.state != SubmissionState::kErased) {
      judgement.targets.push_back(target.id);
    }
  }
  return judgement;
}

Status Opener::restrict_all(const Judgement& judgement, const Withdrawal& withdrawal,
                            OpenStep& step) {
  for (const std::int64_t target : judgement.targets) {
    Status done = store_.restrict(target, withdrawal, now_ms());
    if (!done.has_value()) return done;
    ++step.withdrawn;
  }
  return {};
}

Status Opener::unpublish_all(const Judgement& judgement, const Withdrawal& withdrawal,
                             OpenStep& step) {
  for (const std::int64_t id : judgement.targets) {
    const auto target = store_.submission(id);
    if (!target.has_value()) return fail(target.error());
    if (!target->has_value()) continue;
    Status done = store_.unpublish(id, producer_name(**target), withdrawal.submission, now_ms());
    if (!done.has_value()) return done;
    ++step.unpublished;
  }
  return {};
}

Status Opener::withdraw(Read& read, OpenStep& step) {
  const Withdrawal withdrawal{
      .submission = read.submission.id, .reference = read.answers.reference, .done_ms = 0};
  const std::string& code = read.answers.status_code;
  auto judgement = judge_targets(withdrawal.reference, code);
  if (!judgement.has_value()) return fail(std::move(judgement.error()));
  // One purpose alone takes nothing from the offices: the target's districts see it as a case.
  const bool everything = read.answers.scope.empty();
  const bool publication = read.answers.scope == kPublishPurpose;
  if ((everything || publication) && !judgement->fits && judgement->waits) {
    if (Status kept = store_.await_target(withdrawal); !kept.has_value()) return kept;
    // The target may have been opened while this was stored.
    judgement = judge_targets(withdrawal.reference, code);
    if (!judgement.has_value()) return fail(std::move(judgement.error()));
  }
  if (everything) {
    if (Status done = restrict_all(*judgement, withdrawal, step); !done.has_value()) return done;
  } else if (publication) {
    if (Status done = unpublish_all(*judgement, withdrawal, step); !done.has_value()) return done;
  }
  if (!judgement->fits && !judgement->waits) {
    read.reason = "withdrawal_refused";
    Status raised =
        store_.raise_alarm(alarm("withdrawal_refused", read.submission, "code does not fit"));
    if (!raised.has_value()) return raised;
  }

  // Last: were this cut off before, the withdrawal would be handled again, with the same outcome.
  const Bytes hash = read.submission.hash;
  const auto boxes = RecordBox::make(record_keys_, std::span(&hash, 1));
  if (!boxes.has_value()) return fail(boxes.error());
  const Opened opened = opened_from(read, boxes->front(), judgement->districts);
  ++(read.reason.empty() ? step.opened : step.quarantined);
  return store_.record_opened(std::span(&opened, 1), now_ms());
}

Status Opener::settle_waiting(const std::string& reference, OpenStep& step) {
  const auto waiting = store_.waiting_withdrawals(reference);
  if (!waiting.has_value()) return fail(waiting.error());
  for (const Withdrawal& withdrawal : *waiting) {
    const auto own = store_.submission(withdrawal.submission);
    if (!own.has_value()) return fail(own.error());
    // Not opened itself yet: it will be, and judged then.
    if (!own->has_value() || (*own)->state != SubmissionState::kOpened) continue;
    auto answers = stored_answers(record_keys_, **own);
    if (!answers.has_value()) return fail(std::move(answers.error()));
    const auto judgement = judge_targets(withdrawal.reference, answers->status_code);
    wipe(answers->status_code);
    if (!judgement.has_value()) return fail(judgement.error());
    if (judgement->fits) {
      Status done = answers->scope.empty() ? restrict_all(*judgement, withdrawal, step)
                                           : unpublish_all(*judgement, withdrawal, step);
      if (!done.has_value()) return done;
    } else if (!judgement->waits) {
      Status refused = store_.refuse_withdrawal(
          withdrawal.submission, alarm("withdrawal_refused", **own, "code does not fit"), now_ms());
      if (!refused.has_value()) return refused;
    }
  }
  return {};
}

}  // namespace odop::syncserver

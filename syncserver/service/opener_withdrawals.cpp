// Withdrawals of consent: whoever has reference and status code may withdraw. It takes effect in
// whatever order the two arrive: a withdrawal that comes first is remembered before it counts as
// opened, and each opening looks for those that wait. Of two openers, one which opens the target
// and one which handles the withdrawal, the later one sees what the other stored.
//
// It takes the whole chain: what corrects its target (and what corrects that), and what its target
// corrects, whichever of them was named and whenever they come. Each link is proven by the code
// that the correction gives: nobody withdraws a stranger's submission by correcting it.
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/wire/codec.h"
#include "syncserver/service/lookup.h"
#include "syncserver/service/opener.h"
#include "syncserver/service/opener_read.h"
#include "syncserver/service/producers.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace odop::syncserver {

namespace {

// The withdrawal's own words, once opened.
Result<ReadAnswers> stored_answers(KeyStore& keys, const Submission& withdrawal) {
  auto body = stored_body(keys, withdrawal);
  if (!body.has_value()) return fail(std::move(body.error()));
  auto answers = read_answers(withdrawal.kind, body->answers);
  wipe_body(*body);
  if (answers.has_value()) {
    wipe(answers->mobile);
    wipe(answers->email);
    wipe(answers->name);
  }
  return answers;
}

// What a correction names; empty when nobody can read it (any more).
Result<std::optional<ReadAnswers>> named_by(KeyStore& keys, const Submission& correction) {
  auto answers = stored_answers(keys, correction);
  if (answers.has_value()) return std::optional(std::move(*answers));
  const ErrorCode code = answers.error().code;
  if (code == ErrorCode::kNotFound || code == ErrorCode::kMalformed) {
    return std::optional<ReadAnswers>{};
  }
  return fail(std::move(answers.error()));
}

bool is_kind(const Submission& submission, wire::Kind kind) {
  return static_cast<wire::Kind>(submission.kind) == kind;
}

bool is_hidden(const Submission& submission) {
  return submission.state == SubmissionState::kRestricted ||
         submission.state == SubmissionState::kErased;
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
    // Nobody can prove anything of an erased one, and there is nothing to correct in it.
    const bool erased = target.state == SubmissionState::kErased;
    if (erased || (*fit && is_hidden(target))) judgement.withdrawn = target.id;
    if (!*fit) continue;
    judgement.fits = true;
    judgement.fitting.push_back(target.id);
    const auto cases = store_.cases_of(target.id);
    if (!cases.has_value()) return fail(cases.error());
    for (const Case& one : *cases) judgement.districts.push_back(one.district);
  }
  return judgement;
}

Result<std::vector<std::int64_t>> Opener::neighbours(const Submission& member) {
  std::vector<std::int64_t> out;
  SubmissionFilter filter;
  filter.lookup_field = kCorrectsLookup;
  filter.lookup_mac = lookup_mac(lookup_key_, kCorrectsLookup, member.reference);
  filter.with_restricted = true;
  for (;;) {
    const auto page = store_.submissions(filter);
    if (!page.has_value()) return fail(page.error());
    for (const Submission& correction : *page) {
      auto named = named_by(record_keys_, correction);
      if (!named.has_value()) return fail(std::move(named.error()));
      if (!named->has_value()) continue;
      const auto fit = fits(member, (*named)->status_code);
      wipe((*named)->status_code);
      if (!fit.has_value()) return fail(fit.error());
      if (*fit) out.push_back(correction.id);
    }
    if (page->size() < filter.limit) break;
    filter.after = page->back().id;
  }
  if (!is_kind(member, wire::Kind::kCorrection)) return out;
  auto named = named_by(record_keys_, member);
  if (!named.has_value()) return fail(std::move(named.error()));
  if (!named->has_value()) return out;
  const auto corrected = judge_targets((*named)->reference, (*named)->status_code);
  wipe((*named)->status_code);
  if (!corrected.has_value()) return fail(corrected.error());
  out.insert(out.end(), corrected->fitting.begin(), corrected->fitting.end());
  return out;
}

Result<std::vector<Submission>> Opener::chain_of(const std::vector<std::int64_t>& members) {
  std::vector<Submission> chain;
  std::set<std::int64_t> seen(members.begin(), members.end());
  std::vector<std::int64_t> open = members;
  while (!open.empty()) {
    auto member = store_.submission(open.back());
    open.pop_back();
    if (!member.has_value()) return fail(std::move(member.error()));
    if (!member->has_value()) continue;
    const auto near = neighbours(**member);
    if (!near.has_value()) return fail(near.error());
    for (const std::int64_t one : *near) {
      if (seen.insert(one).second) open.push_back(one);
    }
    chain.push_back(std::move(**member));
  }
  return chain;
}

Status Opener::restrict_chain(const std::vector<std::int64_t>& members,
                              const Withdrawal& withdrawal, OpenStep& step) {
  for (bool first = true;; first = false) {
    const auto chain = chain_of(members);
    if (!chain.has_value()) return fail(chain.error());
    std::vector<std::int64_t> open;
    for (const Submission& one : *chain) {
      if (!is_hidden(one)) open.push_back(one.id);
    }
    if (open.empty() && !first) return {};
    Status done = store_.restrict(open, withdrawal, now_ms());
    if (!done.has_value()) return done;
    step.withdrawn += open.size();
    // Once more: another opener may have stored a correction before these were restricted, and
    // looked at them before that.
  }
}

Status Opener::follow_withdrawn(const Read& read, OpenStep& step) {
  if (read.answers.reference.empty()) return {};
  const auto judgement = judge_targets(read.answers.reference, read.answers.status_code);
  if (!judgement.has_value()) return fail(judgement.error());
  if (!judgement->withdrawn.has_value()) return {};
  const auto withdrawal = store_.withdrawal_of(*judgement->withdrawn);
  if (!withdrawal.has_value()) return fail(withdrawal.error());
  if (!withdrawal->has_value()) return {};
  return restrict_chain({read.submission.id}, **withdrawal, step);
}

Status Opener::unpublish_all(const Judgement& judgement, const Withdrawal& withdrawal,
                             OpenStep& step) {
  const auto chain = chain_of(judgement.fitting);
  if (!chain.has_value()) return fail(chain.error());
  for (const Submission& one : *chain) {
    const bool named = std::ranges::find(judgement.fitting, one.id) != judgement.fitting.end();
    if (is_hidden(one) || (!named && !is_kind(one, wire::Kind::kRegistration))) continue;
    Status done = store_.unpublish(one.id, producer_name(one), withdrawal.submission, now_ms());
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
    if (judgement->fits) {
      Status done = restrict_chain(judgement->fitting, withdrawal, step);
      if (!done.has_value()) return done;
    }
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
      Status done = answers->scope.empty() ? restrict_chain(judgement->fitting, withdrawal, step)
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

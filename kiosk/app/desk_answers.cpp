// What became of somebody's matter: looked up here, then asked of the server.
#include "kiosk/app/desk.h"
#include "kiosk/capture/answers.h"
#include "kiosk/model/lookup.h"
#include "shared/core/reference_number.h"
#include "shared/wire/messages.h"

#include <string>
#include <utility>
#include <vector>

namespace odop::kiosk::app {

using kiosk::burn;

namespace {

// So long a visitor waits for the network when this kiosk has no answer of its own.
constexpr std::int64_t kAskMs = 8'000;

FoundAnswer found(const wire::Answer& answer) {
  FoundAnswer out{answer.state, answer.at_ms, answer.district, answer.text};
  out.path = answer.path;
  out.portal_reference = answer.portal_reference;
  out.reached.reserve(answer.steps.size());
  for (const auto& step : answer.steps) {
    out.reached.push_back({step.state, step.at_ms, step.district});
  }
  return out;
}

}  // namespace

void Desk::perform(const effect::LookUp& wanted) {
  Question question;
  question.reference = wanted.reference;
  question.code = wanted.status_code;
  question.number = ++questions_;
  const auto digits = parse_reference(wanted.reference);
  if (!digits) {
    question_ = std::move(question);
    finish_look_up(LookupOutcome::kUnknown, {}, false);
    return;
  }
  question.digits = *digits;
  question_ = std::move(question);
  look_up(false);
}

void Desk::look_up(bool asked_online) {
  // Deriving the key takes a tenth of a second on purpose, so it is an errand with a journal of its
  // own.
  parts_.errands.run([this, folder = parts_.folder, reference = question_->digits,
                      code = question_->code, number = question_->number,
                      asked_online]() -> Errands::Finish {
    Result<wire::Answer> answer = fail(ErrorCode::kNotFound, "no journal");
    auto otherwise = LookupOutcome::kUnknown;
    bool arrived = false;
    auto journal = Journal::open(folder);
    if (!journal) journal = Journal::open_reading(folder, Error(journal.error()));
    if (journal) {
      answer = Answers(*journal).lookup(reference, code);
      if (const auto state = journal->state_of(reference); state && *state) {
        otherwise = **state == SubmissionState::kUnconfirmed ? LookupOutcome::kUnconfirmed
                                                             : LookupOutcome::kWaiting;
        arrived = **state == SubmissionState::kArrived || **state == SubmissionState::kQuarantined;
      }
    }
    return [this, answer = std::move(answer), otherwise, arrived, number, asked_online] {
      if (!question_ || question_->number != number) return;  // the visitor went on
      if (answer) {
        finish_look_up(LookupOutcome::kAnswered, {found(*answer)}, arrived);
        return;
      }
      question_->otherwise = otherwise;
      question_->arrived = arrived;
      if (answer.error().code != ErrorCode::kNotFound) {
        finish_look_up(LookupOutcome::kUnknown, {}, false);
      } else if (!asked_online && sync_.enrolled) {
        question_->give_up_ms = parts_.clock.mono().count() + kAskMs;
        parts_.mailbox.send(AskAnswer{question_->digits});
      } else {
        finish_look_up(otherwise, {}, arrived);
      }
    };
  });
}

void Desk::finish_look_up(LookupOutcome outcome, std::vector<FoundAnswer> answers, bool arrived) {
  news::LookupDone done{question_->reference, outcome, std::move(answers), arrived};
  burn(question_->code);
  question_.reset();
  tell(done);
}

void Desk::take(const AnswerAsked& asked) {
  if (!question_ || question_->give_up_ms == 0 || question_->digits != asked.reference) return;
  if (asked.found) {
    question_->give_up_ms = 0;
    look_up(true);
    return;
  }
  finish_look_up(question_->otherwise, {}, question_->arrived);
}

}  // namespace odop::kiosk::app

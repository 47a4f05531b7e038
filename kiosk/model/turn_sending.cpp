#include "kiosk/model/filling.h"
#include "kiosk/model/lookup.h"
#include "kiosk/model/turn.h"
#include "shared/text/dates.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace odop::kiosk {

namespace {

std::string due_date(const Kiosk& kiosk, const Catalogue& catalogue, std::string_view kind) {
  const auto found = std::ranges::find(catalogue.kinds, kind, &SubmissionKind::id);
  const auto today = parse_date(kiosk.today);
  if (found == catalogue.kinds.end() || found->due_days <= 0 || !today.has_value()) return {};
  return iso_date(add_days(today.value(), found->due_days));
}

}  // namespace

void Turn::next() {
  if (in_form()) {
    form_next();
    return;
  }
  if (state.screen().id == ScreenId::kEligibility) {
    check_next();
    return;
  }
  if (!visit().lookup.at_code) {
    visit().error = fault_of_reference(visit().lookup.reference);
    if (!visit().error.empty()) return;
    visit().lookup.at_code = true;
    visit().focus = "status.field.code";
    return;
  }
  if (state.screen().id == ScreenId::kStatus) show_answer();
  if (state.screen().id == ScreenId::kWithdraw) send();
}

bool Turn::receipt_numbers() {
  visit().error = fault_of_reference(visit().lookup.reference);
  if (!visit().error.empty()) {
    visit().lookup.at_code = false;
    visit().focus = "status.field.reference";
    return false;
  }
  visit().error = fault_of_code(visit().lookup.code);
  if (!visit().error.empty()) {
    visit().lookup.at_code = true;
    visit().focus = "status.field.code";
    return false;
  }
  return true;
}

void Turn::show_answer() {
  if (!receipt_numbers()) return;
  visit().lookup.outcome = LookupOutcome::kLooking;
  visit().lookup.answers.clear();
  effects.emplace_back(effect::LookUp{visit().lookup.reference, visit().lookup.code});
  show(ScreenId::kAnswer);
}

void Turn::send() {
  if (in_form()) {
    // On the read-back it is the step that leads to the consents, where there are any.
    form_next();
    return;
  }
  if (state.screen().id != ScreenId::kWithdraw) return;
  if (visit().lookup.sending_withdrawal || !receipt_numbers()) return;
  visit().lookup.sending_withdrawal = true;
  effects.emplace_back(withdrawal_submission(visit()));
}

void Turn::kept(const news::SubmissionKept& submission) {
  const bool form = visit().filling.sending;
  if (!form && !visit().lookup.sending_withdrawal) return;  // its session is over
  const std::string kind = form ? visit().filling.form->kind : "withdrawal";
  std::vector<std::string> districts;
  if (form) districts = districts_of(visit());
  visit().receipt = Receipt{.kind = kind,
                            .form = form ? visit().filling.form->id : std::string{},
                            .reference = submission.reference,
                            .status_code = submission.status_code,
                            .qr = submission.qr,
                            .districts = std::move(districts),
                            .due = due_date(state.kiosk, catalogue, kind),
                            .state = ReceiptState::kKept};
  if (form) burn(visit().filling);
  if (kind == kEnquiryKind) visit().list.clear();
  visit().lookup = Lookup{};
  home();
  show(ScreenId::kReceipt);
}

void Turn::open_lookup(ScreenId id) {
  const bool complete = fault_of_reference(visit().lookup.reference).empty() &&
                        fault_of_code(visit().lookup.code).empty();
  show(id);
  visit().lookup.at_code = complete;
  visit().lookup.scope.clear();
  visit().focus = complete ? "status.field.code" : "status.field.reference";
}

}  // namespace odop::kiosk

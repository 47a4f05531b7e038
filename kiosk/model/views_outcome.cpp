// What a visitor is told after sending: receipt and answer; and what staff see of the kiosk.
#include "kiosk/model/lookup.h"
#include "kiosk/model/view_parts.h"
#include "shared/core/reference_number.h"
#include "shared/text/dates.h"
#include "shared/text/isolate.h"
#include "shared/text/numbers.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace odop::kiosk {

namespace {

// "4827 1956": four and four.
std::string group_code(const std::string& code) {
  return code.size() == kStatusCodeDigits ? code.substr(0, 4) + " " + code.substr(4) : code;
}

}  // namespace

ReceiptView receipt_view(const Maker& maker) {
  ReceiptView view;
  if (!maker.visit().receipt.has_value()) return view;
  const Receipt& receipt = *maker.visit().receipt;
  view.has_arrived = receipt.state == ReceiptState::kArrived;
  const bool withdrawal = receipt.kind == "withdrawal";
  const auto form = maker.catalogue.form(receipt.form);
  const bool named = form != nullptr && receipt.kind != "enquiry";  // that has words of its own
  if (named) {
    view.title =
        maker.say(view.has_arrived ? "receipt.title_form_arrived" : "receipt.title_form_kept",
                  {{"form", maker.in(form->title)}});
    if (form->scheme.has_value()) {
      const std::string_view last_day = coming_deadline(maker, *form->scheme);
      view.not_filed = last_day.empty()
                           ? maker.say("form.not_filed")
                           : maker.say("receipt.not_filed_by", {{"date", maker.day(last_day)}});
      view.not_filed_note = maker.in(form->scheme->not_filed);
    }
  } else {
    view.title = maker.say(withdrawal         ? "receipt.title_withdrawal"
                           : view.has_arrived ? "receipt.title_arrived"
                                              : "receipt.title_kept");
  }
  view.kept = maker.say("receipt.kept");
  view.arrived = maker.say(view.has_arrived ? "receipt.arrived" : "receipt.not_arrived");
  if (named) {
    view.spoken_state =
        maker.say(view.has_arrived ? "receipt.spoken_form_arrived" : "receipt.spoken_form_kept");
  } else {
    view.spoken_state =
        maker.say(view.has_arrived ? "receipt.spoken_arrived" : "receipt.spoken_kept");
  }
  view.reference_label = maker.say("receipt.reference");
  view.reference = group_reference(receipt.reference);
  view.code_label = maker.say("receipt.code");
  view.code = group_code(receipt.status_code);
  view.qr = receipt.qr;
  view.qr_label = maker.say("receipt.qr");
  if (!receipt.due.empty()) {
    view.due = maker.say(withdrawal ? "receipt.due_withdrawal" : "receipt.due",
                         {{"date", maker.day(receipt.due)}});
  } else {
    view.due = maker.say("receipt.next");
  }
  const auto kind = std::ranges::find(maker.catalogue.kinds, receipt.kind, &SubmissionKind::id);
  view.due_note =
      kind == maker.catalogue.kinds.end() ? maker.say("receipt.where") : maker.in(kind->next_step);
  const std::string first =
      receipt.districts.empty() ? maker.state.kiosk.district : receipt.districts.front();
  const OfficeView office = office_of(maker, first);
  view.office = first.empty() ? maker.say("receipt.office_unknown") : office.name;
  if (receipt.districts.size() > 1) {
    view.office_note = maker.say(
        "receipt.other_offices",
        {{"districts", maker.names_of({receipt.districts.begin() + 1, receipt.districts.end()})}});
  } else {
    view.office_note = maker.say("receipt.office");
  }
  view.phone = office.phone;
  view.phone_note = office.phone.empty() ? office.note : office.hours;
  view.photo_hint = maker.say("receipt.photo");
  if (maker.state.kiosk.can_print) {
    view.printing = receipt.print == PrintState::kPrinting;
    view.print = maker.say(receipt.print == PrintState::kPrinting  ? "receipt.printing"
                           : receipt.print == PrintState::kPrinted ? "receipt.printed"
                           : receipt.print == PrintState::kFailed  ? "receipt.print_failed"
                                                                   : "receipt.print");
  }
  view.more = maker.say("receipt.more");
  view.done = maker.say("receipt.done");
  return view;
}

AnswerView answer_view(const Maker& maker) {
  const Lookup& lookup = maker.visit().lookup;
  AnswerView view;
  view.reference =
      maker.say("answer.reference",
                {{"reference", isolate_left_to_right(group_reference(lookup.reference))}});
  view.unknown =
      lookup.outcome == LookupOutcome::kUnknown || lookup.outcome == LookupOutcome::kUnconfirmed;
  switch (lookup.outcome) {
    case LookupOutcome::kNone:
    case LookupOutcome::kLooking:
      view.title = maker.say("answer.title_looking");
      view.note = maker.say("answer.note_looking");
      break;
    case LookupOutcome::kAnswered:
      view.title = maker.say("answer.title");
      break;
    case LookupOutcome::kWaiting:
      view.title = maker.say("answer.title_waiting");
      view.note = maker.say(lookup.arrived ? "answer.note_arrived" : "answer.note_kept");
      break;
    case LookupOutcome::kUnconfirmed:
      view.title = maker.say("answer.title_unconfirmed");
      view.note = maker.say("answer.note_unconfirmed");
      break;
    case LookupOutcome::kUnknown:
      view.title = maker.say("answer.title_unknown");
      view.note =
          maker.say(maker.state.kiosk.sync.online ? "answer.note_unknown" : "answer.note_offline");
      break;
  }

  const bool known =
      lookup.outcome == LookupOutcome::kAnswered || lookup.outcome == LookupOutcome::kWaiting;
  if (known) add_path(maker, view);

  for (auto answer = lookup.answers.rbegin(); answer != lookup.answers.rend(); ++answer) {
    // Where the case stands is said once; a letter is what an officer wrote.
    if (answer->text.empty() && !view.now.empty()) continue;
    LetterView letter;
    const OfficeView office = office_of(maker, answer->district);
    letter.from = answer->district.empty() ? maker.say("answer.from_cell") : office.name;
    letter.date = maker.say("answer.written", {{"date", maker.day_of(answer->at_ms)}});
    letter.text = answer->text.empty() ? state_text(maker, *answer) : answer->text;
    if (!answer->district.empty() && !office.phone.empty()) {
      letter.phone_label = maker.say("answer.call");
      letter.phone = office.phone;
    }
    view.letters.push_back(std::move(letter));
  }

  const auto& sync = maker.state.kiosk.sync;
  view.age = sync.last_contact_ms == 0
                 ? maker.say("answer.age_never")
                 : maker.say("answer.age", {{"date", maker.day_of(sync.last_contact_ms)},
                                            {"time", Maker::time_of(sync.last_contact_ms)}});
  view.withdraw = maker.say("answer.withdraw");
  view.again = maker.say("answer.again");
  view.done = maker.say("receipt.done");
  return view;
}

}  // namespace odop::kiosk

#include "kiosk/model/filling.h"
#include "kiosk/model/lookup.h"
#include "kiosk/model/view_parts.h"
#include "shared/text/numbers.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace odop::kiosk {

namespace {

// The error of the field that has the focus.
std::string fault_text(const Maker& maker) {
  const std::string& error = maker.visit().error;
  return error.empty() ? std::string{} : maker.say(error);
}

}  // namespace

std::string digits_progress(const Maker& maker, std::size_t have, std::size_t want) {
  const auto left = static_cast<std::int64_t>(want - std::min(have, want));
  if (left == 0) return maker.say("form.digits_done");
  return maker.words.plural("form.digits", left,
                            {{"have", group_indian(static_cast<std::int64_t>(have))},
                             {"want", group_indian(static_cast<std::int64_t>(want))}});
}

void add_row_labels(const Maker& maker, QuestionView& view) {
  view.remove_label = maker.say("list.remove");
  view.less_label = maker.say("list.less");
  view.more_label = maker.say("list.more");
  view.unit_label = maker.say("list.unit");
}

ConsentView consent_row(const Maker& maker, const Notice& notice, bool required, bool ticked) {
  const Filling& filling = maker.visit().filling;
  const bool enquiry = filling.form != nullptr && filling.form->kind == kEnquiryKind;
  return {.purpose = notice.purpose,
          .label = required ? maker.say(enquiry ? "form.consent.yes" : "form.consent.yes_form")
                            : maker.in(notice.title),
          .note = maker.say(required ? "form.consent.adult" : "form.consent.optional"),
          .ticked = ticked,
          .required = required};
}

ListView list_view(const Maker& maker) {
  const auto& list = maker.visit().list;
  ListView view;
  view.title = maker.say("list.title");
  const auto districts = districts_of(list);
  if (list.empty()) {
    view.empty = maker.say("list.empty");
  } else {
    view.summary = maker.words.plural(
        "list.summary", static_cast<std::int64_t>(list.size()),
        {{"districts",
          maker.words.plural("list.districts", static_cast<std::int64_t>(districts.size()))}});
    view.note = maker.say(districts.size() > 1 ? "list.note_many" : "list.note_one",
                          {{"districts", maker.names_of(districts)}});
    if (!accepts(maker.state.kiosk)) view.note = maker.say("list.closed");
  }
  for (const auto& item : list) view.rows.push_back(list_row_of(maker, item));
  view.add_more = maker.say("list.add_more");
  view.send = maker.say("product.enquire");
  view.remove_label = maker.say("list.remove");
  view.less_label = maker.say("list.less");
  view.more_label = maker.say("list.more");
  view.unit_label = maker.say("list.unit");
  view.can_send = !list.empty() && enquiry_form(maker.catalogue) != nullptr;
  return view;
}

namespace {

// What may be taken back, as the catalogue's form of a withdrawal says.
std::vector<ChoiceView> scopes(const Maker& maker) {
  std::vector<ChoiceView> out;
  const auto form = std::ranges::find_if(maker.catalogue.forms,
                                         [](const auto& one) { return one->id == "withdrawal"; });
  if (form == maker.catalogue.forms.end()) return out;
  const std::string& chosen = maker.visit().lookup.scope;
  for (const auto& question : (*form)->questions) {
    if (question.field != kScopeField) continue;
    for (const auto& option : question.options) {
      const bool whole = option.value == kWholeScope;
      out.push_back({question.field, option.value, maker.in(option.label),
                     whole ? chosen.empty() : chosen == option.value});
    }
  }
  return out;
}

}  // namespace

QuestionView lookup_view(const Maker& maker, bool withdrawal) {
  const Lookup& lookup = maker.visit().lookup;
  QuestionView view;
  const std::string prefix = withdrawal ? "withdraw." : "status.";
  view.question = maker.say(prefix + "question");
  view.hint = maker.say(prefix + (lookup.at_code ? "hint_code" : "hint_reference"));
  view.fields.push_back({.id = "status.field.reference",
                         .label = maker.say("status.reference"),
                         .value = lookup.reference,
                         .hint = {},
                         .prefix = {},
                         .error = lookup.at_code ? std::string{} : fault_text(maker),
                         .progress = {},
                         .digits = 0,
                         .focused = !lookup.at_code});
  view.fields.push_back(
      {.id = "status.field.code",
       .label = maker.say("status.code"),
       .value = lookup.code,
       .hint = {},
       .prefix = {},
       .error = lookup.at_code ? fault_text(maker) : std::string{},
       .progress = lookup.at_code ? digits_progress(maker, lookup.code.size(), kStatusCodeDigits)
                                  : std::string{},
       .digits = static_cast<int>(kStatusCodeDigits),
       .focused = lookup.at_code});
  view.keys = Keys::kNumbers;
  view.back = maker.say("form.back");
  view.working = lookup.sending_withdrawal;
  if (!lookup.at_code) {
    view.next = maker.say("form.next");
    view.next_enabled = !lookup.reference.empty();
  } else {
    view.next = maker.say(view.working ? "form.keeping" : prefix + "action");
    view.next_enabled = lookup.code.size() == kStatusCodeDigits && !view.working;
    view.is_send = withdrawal;
    if (withdrawal) view.channels = scopes(maker);
  }
  view.assurance = maker.say(prefix + "assurance");
  return view;
}

}  // namespace odop::kiosk

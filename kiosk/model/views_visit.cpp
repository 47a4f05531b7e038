#include "kiosk/model/enquiry.h"
#include "kiosk/model/view_parts.h"
#include "shared/core/reference_number.h"
#include "shared/text/dates.h"
#include "shared/text/isolate.h"
#include "shared/text/numbers.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace odop::kiosk {

namespace {

// The error of the field that has the focus.
std::string fault_text(const Maker& maker) {
  const std::string& error = maker.visit().error;
  return error.empty() ? std::string{} : maker.say(error);
}

std::string country_name(const Maker& maker, const std::string& id) {
  const auto found = std::ranges::find(maker.catalogue.countries, id, &Choice::id);
  return found == maker.catalogue.countries.end() ? std::string{} : maker.in(found->name);
}

void reach_step(const Maker& maker, QuestionView& view) {
  const Enquiry& enquiry = maker.visit().enquiry;
  const auto channel = [&](Channel which, std::string value) {
    std::string label = maker.say("form.channel." + value);
    view.channels.push_back(
        {"channel", std::move(value), std::move(label), enquiry.channel == which});
  };
  channel(Channel::kMobile, "mobile");
  channel(Channel::kEmail, "email");
  channel(Channel::kAbroad, "abroad");

  FieldView field;
  field.focused = true;
  field.error = fault_text(maker);
  switch (enquiry.channel) {
    case Channel::kMobile:
      view.question = maker.say("form.mobile.question");
      view.hint = maker.say("form.mobile.hint");
      field.id = "form.field.mobile";
      field.label = view.question;
      field.value = enquiry.mobile;
      field.prefix = "+91";
      field.digits = static_cast<int>(kMobileDigits);
      field.progress = digits_progress(maker, enquiry.mobile.size(), kMobileDigits);
      view.keys = Keys::kNumbers;
      break;
    case Channel::kEmail:
      view.question = maker.say("form.email.question");
      view.hint = maker.say("form.email.hint");
      field.id = "form.field.email";
      field.label = view.question;
      field.value = enquiry.email;
      field.hint = "name@example.com";
      view.keys = Keys::kEmail;
      break;
    case Channel::kAbroad: {
      view.question = maker.say("form.abroad.question");
      view.hint = maker.say("form.abroad.hint");
      const std::string name = country_name(maker, enquiry.country);
      view.country_title = maker.say("form.country.label");
      view.country_label = name.empty() ? maker.say("form.country.choose") : name;
      field.id = "form.field.phone";
      field.label = view.question;
      field.value = enquiry.phone;
      field.prefix = dialling_code(maker.catalogue, enquiry.country);
      view.keys = Keys::kNumbers;
      break;
    }
  }
  view.next_enabled = fault_of(enquiry, EnquiryStep::kReach, maker.catalogue).empty();
  if (!view.next_enabled) {
    view.next_reason = maker.say(fault_of(enquiry, EnquiryStep::kReach, maker.catalogue));
  }
  view.fields.push_back(std::move(field));
  view.assurance = maker.say("form.sealed");
}

void who_step(const Maker& maker, QuestionView& view) {
  const Enquiry& enquiry = maker.visit().enquiry;
  view.question = maker.say("form.who.question");
  view.hint = maker.say("form.who.hint");
  view.channels_title = maker.say("form.buyer.label");
  for (const auto* value : {"own", "shop", "export"}) {
    view.channels.push_back({"buyer_type", value, maker.say(std::string("form.buyer.") + value),
                             enquiry.buyer_type == value});
  }
  view.fields.push_back({.id = "form.field.name",
                         .label = maker.say("form.who.label"),
                         .value = enquiry.name,
                         .hint = maker.say("form.who.placeholder"),
                         .prefix = {},
                         .error = fault_text(maker),
                         .progress = {},
                         .digits = 0,
                         .focused = true});
  view.keys = Keys::kLetters;
  if (enquiry.name.empty()) view.next = maker.say("form.skip");
}

void quantity_step(const Maker& maker, QuestionView& view) {
  view.question = maker.say("form.quantity.question");
  view.hint = maker.say("form.quantity.hint");
  for (const auto& item : maker.visit().list) view.rows.push_back(list_row_of(maker, item));
  add_row_labels(maker, view);
}

void when_step(const Maker& maker, QuestionView& view) {
  view.question = maker.say("form.when.question");
  view.hint = maker.say("form.when.hint");
  for (const auto* value : {"month", "quarter", "year", "information"}) {
    view.choices.push_back({"needed_by", value, maker.say(std::string("form.when.") + value),
                            maker.visit().enquiry.needed_by == value});
  }
}

void message_step(const Maker& maker, QuestionView& view) {
  view.question = maker.say("form.message.question");
  view.hint = maker.say("form.message.hint");
  view.fields.push_back({.id = "form.field.message",
                         .label = maker.say("form.message.label"),
                         .value = maker.visit().enquiry.message,
                         .hint = maker.say("form.message.placeholder"),
                         .prefix = {},
                         .error = fault_text(maker),
                         .progress = {},
                         .digits = 0,
                         .focused = true});
  view.keys = Keys::kLetters;
  if (maker.visit().enquiry.message.empty()) view.next = maker.say("form.skip");
}

void consent_step(const Maker& maker, QuestionView& view) {
  const Enquiry& enquiry = maker.visit().enquiry;
  view.question = maker.say("form.consent.question");
  view.hint = maker.say("form.consent.hint");
  view.consent_title = maker.say("form.consent.title");
  for (const Notice* notice : notices_of(maker.catalogue, "enquiry")) {
    const bool ticked =
        std::ranges::find(enquiry.consents, notice->purpose) != enquiry.consents.end();
    if (notice->required) view.notice = sections_of(maker.in(notice->text));
    view.consents.push_back(consent_row(maker, *notice, notice->required, ticked));
  }
  view.back = maker.say("form.dont_send");
  view.next = maker.say(enquiry.sending ? "form.keeping" : "form.send");
  view.next_enabled = consented(enquiry, maker.catalogue) && !enquiry.sending;
  if (!consented(enquiry, maker.catalogue)) view.next_reason = maker.say("form.error.consent");
  view.is_send = true;
  view.working = enquiry.sending;
  if (!maker.visit().error.empty()) view.next_reason = fault_text(maker);
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
  const bool enquiry = maker.state.screen().id == ScreenId::kEnquiry;
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
  }
  for (const auto& item : list) view.rows.push_back(list_row_of(maker, item));
  view.add_more = maker.say("list.add_more");
  view.send = maker.say("product.enquire");
  view.remove_label = maker.say("list.remove");
  view.less_label = maker.say("list.less");
  view.more_label = maker.say("list.more");
  view.unit_label = maker.say("list.unit");
  view.can_send = !list.empty();
  return view;
}

QuestionView question_view(const Maker& maker) {
  QuestionView view;
  view.steps = static_cast<int>(kEnquirySteps);
  view.step = static_cast<int>(maker.visit().enquiry.step) + 1;
  view.step_text = maker.say(
      "form.step", {{"step", group_indian(view.step)}, {"steps", group_indian(view.steps)}});
  view.back = maker.say("form.back");
  view.next = maker.say("form.next");
  switch (maker.visit().enquiry.step) {
    case EnquiryStep::kReach:
      reach_step(maker, view);
      break;
    case EnquiryStep::kWho:
      who_step(maker, view);
      break;
    case EnquiryStep::kQuantity:
      quantity_step(maker, view);
      break;
    case EnquiryStep::kWhen:
      when_step(maker, view);
      break;
    case EnquiryStep::kMessage:
      message_step(maker, view);
      break;
    case EnquiryStep::kConsent:
      consent_step(maker, view);
      break;
  }
  return view;
}

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
  }
  view.assurance = maker.say(prefix + "assurance");
  return view;
}

}  // namespace odop::kiosk

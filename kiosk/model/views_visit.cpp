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

// "4827 1956": four and four.
std::string group_code(const std::string& code) {
  return code.size() == kStatusCodeDigits ? code.substr(0, 4) + " " + code.substr(4) : code;
}

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

ReceiptView receipt_view(const Maker& maker) {
  ReceiptView view;
  if (!maker.visit().receipt.has_value()) return view;
  const Receipt& receipt = *maker.visit().receipt;
  view.has_arrived = receipt.state == ReceiptState::kArrived;
  const bool withdrawal = receipt.kind == "withdrawal";
  const auto form = maker.catalogue.form(receipt.form);
  if (form != nullptr) {
    view.title =
        maker.say(view.has_arrived ? "receipt.title_form_arrived" : "receipt.title_form_kept",
                  {{"form", maker.in(form->title)}});
    if (form->scheme.has_value()) {
      view.not_filed = maker.say("form.not_filed");
      view.not_filed_note = maker.in(form->scheme->not_filed);
    }
  } else {
    view.title = maker.say(withdrawal         ? "receipt.title_withdrawal"
                           : view.has_arrived ? "receipt.title_arrived"
                                              : "receipt.title_kept");
  }
  view.kept = maker.say("receipt.kept");
  view.arrived = maker.say(view.has_arrived ? "receipt.arrived" : "receipt.not_arrived");
  if (form != nullptr) {
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
  view.unknown = lookup.outcome == LookupOutcome::kUnknown;
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
    case LookupOutcome::kUnknown:
      view.title = maker.say("answer.title_unknown");
      view.note =
          maker.say(maker.state.kiosk.sync.online ? "answer.note_unknown" : "answer.note_offline");
      break;
  }

  // Four stations; the furthest that any answer names is where it stands.
  static constexpr std::array<std::string_view, 4> kStations{"kept", "arrived", "passed",
                                                             "answered"};
  static constexpr std::array<std::string_view, 4> kIcons{"kiosk", "office", "people", "letter"};
  const auto station_of = [](std::string_view state) -> std::size_t {
    if (state == "answered" || state == "closed" || state == "quoted") return 3;
    if (state == "assigned" || state == "contacted") return 2;
    return 1;
  };
  const bool known =
      lookup.outcome == LookupOutcome::kAnswered || lookup.outcome == LookupOutcome::kWaiting;
  if (known) {
    std::size_t reached = lookup.arrived || !lookup.answers.empty() ? 1 : 0;
    std::array<std::int64_t, 4> times{};
    for (const auto& answer : lookup.answers) {
      const std::size_t station = answer.text.empty() ? station_of(answer.state) : 3;
      reached = std::max(reached, station);
      times.at(station) = answer.at_ms;
    }
    for (std::size_t i = 0; i < kStations.size(); ++i) {
      view.path.push_back({maker.say("answer.path." + std::string(kStations.at(i))),
                           times.at(i) > 0 ? maker.day_of(times.at(i)) : std::string{},
                           std::string(kIcons.at(i)), i <= reached, i == reached});
    }
  }

  for (auto answer = lookup.answers.rbegin(); answer != lookup.answers.rend(); ++answer) {
    LetterView letter;
    const OfficeView office = office_of(maker, answer->district);
    letter.from = answer->district.empty() ? maker.say("answer.from_cell") : office.name;
    letter.date = maker.say("answer.written", {{"date", maker.day_of(answer->at_ms)}});
    letter.text = answer->text.empty() ? maker.say("answer.state." + answer->state) : answer->text;
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

MaintenanceView maintenance_view(const Maker& maker) {
  const Kiosk& kiosk = maker.state.kiosk;
  const SyncFacts& sync = kiosk.sync;
  const Language language = maker.visit().language;
  MaintenanceView view;
  view.title = maker.say("staff.title");
  view.kiosk = kiosk.number.value == 0
                   ? maker.say("staff.not_enrolled")
                   : maker.say("staff.kiosk", {{"number", std::to_string(kiosk.number.value)},
                                               {"name", kiosk.name}});
  const auto queue = static_cast<std::int64_t>(sync.queue);
  const std::string waiting = maker.words.plural("staff.queue", queue);
  const std::string contact =
      sync.last_contact_ms == 0
          ? maker.say("staff.never")
          : day_and_month(india_date(WallTime{std::chrono::milliseconds{sync.last_contact_ms}}),
                          language) +
                ", " + isolate_left_to_right(Maker::time_of(sync.last_contact_ms));
  constexpr std::uint64_t kLowSpace = 1'000'000'000;  // bytes: a full picture set and a release
  const bool space_low = kiosk.free_bytes > 0 && kiosk.free_bytes < kLowSpace;

  // The worst news first, in a sentence.
  if (kiosk.number.value == 0) {
    view.good = false;
    view.headline = maker.say("staff.headline_not_enrolled");
    view.detail = maker.say("staff.detail_not_enrolled");
  } else if (space_low) {
    view.good = false;
    view.headline = maker.say("staff.headline_space");
    view.detail = maker.say("staff.detail_space");
  } else if (!sync.online) {
    view.good = false;
    view.headline = maker.say("staff.headline_offline");
    view.detail = waiting;
  } else if (maker.catalogue.stale) {
    view.good = false;
    view.headline = maker.say("staff.headline_stale");
    view.detail = maker.say("staff.detail_stale");
  } else if (queue > 0) {
    view.headline = maker.say("staff.headline_sending");
    view.detail = waiting;
  } else {
    view.headline = maker.say("staff.headline_good");
    view.detail = maker.say("staff.detail_good");
  }

  const std::string good = maker.say("staff.good");
  const auto row = [&](std::string icon, std::string_view label, std::string value, bool fine,
                       std::string_view bad) {
    view.rows.push_back(
        {std::move(icon), maker.say(label), std::move(value), fine ? good : maker.say(bad), fine});
  };
  row("box", "staff.row.queue", waiting, queue == 0, "staff.waiting");
  row("sync", "staff.row.contact", contact, sync.online, "staff.offline");
  const std::string release =
      maker.catalogue.release.value == 0
          ? maker.say("staff.no_release")
          : maker.say(
                "staff.release",
                {{"n", group_indian(static_cast<std::int64_t>(maker.catalogue.release.value))},
                 {"date", maker.day(maker.catalogue.created_date)}});
  row("calendar", "staff.row.catalogue",
      sync.fetching
          ? maker.say("staff.fetching", {{"percent", group_indian(sync.progress_percent)}})
          : release,
      maker.catalogue.release.value > 0 && !maker.catalogue.stale, "staff.old");
  constexpr std::uint64_t kGigabyte = 1'000'000'000;
  row("disk", "staff.row.space",
      kiosk.free_bytes == 0
          ? maker.say("staff.unknown")
          : maker.say(
                "staff.space",
                {{"gb", group_indian(static_cast<std::int64_t>(kiosk.free_bytes / kGigabyte))}}),
      !space_low, "staff.low");
  row("kiosk", "staff.row.program", kiosk.app_version, true, "staff.old");
  view.close = maker.say("staff.close");
  return view;
}

}  // namespace odop::kiosk

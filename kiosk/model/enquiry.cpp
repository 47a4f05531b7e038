#include "kiosk/model/enquiry.h"

#include "shared/core/reference_number.h"
#include "shared/forms/formats.h"
#include "shared/text/digits.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace odop::kiosk {

namespace {

constexpr std::size_t kMaxEmailBytes = 254;      // RFC 5321
constexpr std::size_t kMaxPhoneDigits = 14;      // E.164: 15 with the shortest dialling code
constexpr std::size_t kMaxReferenceDigits = 18;  // 5 of the kiosk, 8 of the sequence, 3, spare
constexpr std::size_t kMaxSearchBytes = 120;
constexpr std::size_t kMaxQuantityDigits = 7;  // kMaxQuantity

// The first `bytes` of the text, never through the middle of a character.
std::string cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return std::string(text.substr(0, bytes));
}

std::string without_spaces(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c != ' ' && c != '\t'; });
  return out;
}

// Ten digits of an Indian mobile number out of what was typed or pasted with a prefix.
std::string mobile_digits(std::string_view typed) {
  std::string digits = digits_of(typed);
  if (digits.size() > kMobileDigits && digits.starts_with("91")) digits.erase(0, 2);
  if (digits.size() > kMobileDigits && digits.starts_with("0")) digits.erase(0, 1);
  return cut(digits, kMobileDigits);
}

void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (out.size() > 1) out += ',';
  append_json(out, name);
  out += ':';
  append_json(out, value);
}

std::string products_json(const std::vector<ListItem>& list) {
  std::string out = "[";
  for (const auto& item : list) {
    if (out.size() > 1) out += ',';
    std::string object = "{";
    append_field(object, "product", item.product);
    append_field(object, "district", item.district);
    if (item.quantity > 0) {
      object += ",\"quantity\":" + std::to_string(item.quantity);
      append_field(object, "unit", item.unit);
    }
    out += object + "}";
  }
  return out + "]";
}

std::string mobile_of(const Enquiry& enquiry, const Catalogue& catalogue) {
  if (enquiry.channel == Channel::kMobile) {
    return forms::indian_mobile(enquiry.mobile).value_or(std::string{});
  }
  if (enquiry.channel == Channel::kAbroad) {
    return forms::foreign_phone(enquiry.phone, dialling_code(catalogue, enquiry.country))
        .value_or(std::string{});
  }
  return {};
}

std::string key_of(const forms::Checked& checked) {
  return checked.has_value() ? std::string{} : std::string(checked.error().text_key);
}

std::string fault_of_reach(const Enquiry& enquiry, const Catalogue& catalogue) {
  switch (enquiry.channel) {
    case Channel::kMobile:
      return enquiry.mobile.empty() ? std::string(forms::kMobileShort)
                                    : key_of(forms::indian_mobile(enquiry.mobile));
    case Channel::kEmail:
      return enquiry.email.empty() ? std::string(forms::kEmail)
                                   : key_of(forms::email(enquiry.email));
    case Channel::kAbroad: {
      const std::string dial = dialling_code(catalogue, enquiry.country);
      if (dial.empty()) return std::string(forms::kCountry);
      return enquiry.phone.empty() ? std::string(forms::kPhone)
                                   : key_of(forms::foreign_phone(enquiry.phone, dial));
    }
  }
  return {};
}

// The one spelling of what was checked; what does not pass stays as it is (it is never sent).
std::string spelled(const forms::Checked& checked, const std::string& typed) {
  return checked.has_value() ? checked.value() : typed;
}

}  // namespace

std::string accept(std::string_view field, std::string_view typed) {
  if (field == "search.field") return cut(typed, kMaxSearchBytes);
  if (field == "form.field.mobile") return mobile_digits(typed);
  if (field == "form.field.phone") return cut(digits_of(typed), kMaxPhoneDigits);
  if (field == "form.field.email") return cut(without_spaces(typed), kMaxEmailBytes);
  if (field == "form.field.name") return cut(typed, kMaxNameBytes);
  if (field == "form.field.message") return cut(typed, kMaxMessageBytes);
  if (field == "status.field.reference") return cut(digits_of(typed), kMaxReferenceDigits);
  if (field == "status.field.code") return cut(digits_of(typed), kStatusCodeDigits);
  if (field.starts_with("form.field.quantity.")) return cut(digits_of(typed), kMaxQuantityDigits);
  return {};
}

std::string fault_of(const Enquiry& enquiry, EnquiryStep step, const Catalogue& catalogue) {
  switch (step) {
    case EnquiryStep::kReach:
      return fault_of_reach(enquiry, catalogue);
    case EnquiryStep::kConsent:
      return consented(enquiry, catalogue) ? "" : "form.error.consent";
    case EnquiryStep::kWho:
      return enquiry.name.empty() ? std::string{} : key_of(forms::person_name(enquiry.name));
    case EnquiryStep::kMessage:
      return key_of(forms::free_text(enquiry.message, kMaxMessageBytes));
    case EnquiryStep::kQuantity:
    case EnquiryStep::kWhen:
      return {};
  }
  return {};
}

std::string fault_of_reference(std::string_view typed) {
  if (typed.empty()) return "form.error.reference_missing";
  return parse_reference(typed).has_value() ? "" : "form.error.reference_wrong";
}

std::string fault_of_code(std::string_view typed) {
  return typed.size() == kStatusCodeDigits ? "" : "form.error.code_short";
}

std::string first_field(const Enquiry& enquiry) {
  switch (enquiry.step) {
    case EnquiryStep::kReach:
      switch (enquiry.channel) {
        case Channel::kMobile:
          return "form.field.mobile";
        case Channel::kEmail:
          return "form.field.email";
        case Channel::kAbroad:
          return "form.field.phone";
      }
      return {};
    case EnquiryStep::kWho:
      return "form.field.name";
    case EnquiryStep::kMessage:
      return "form.field.message";
    case EnquiryStep::kQuantity:
    case EnquiryStep::kWhen:
    case EnquiryStep::kConsent:
      return {};
  }
  return {};
}

std::vector<const Notice*> notices_of(const Catalogue& catalogue, std::string_view kind) {
  std::vector<const Notice*> out;
  for (const auto& notice : catalogue.notices) {
    if (notice.kind == kind || (notice.kind.empty() && notice.id.starts_with(kind))) {
      out.push_back(&notice);
    }
  }
  // Clang 14 cannot read the subrange that std::ranges::stable_partition returns.
  std::stable_partition(out.begin(), out.end(),
                        [](const Notice* notice) { return notice->required; });
  return out;
}

bool consented(const Enquiry& enquiry, const Catalogue& catalogue) {
  return std::ranges::all_of(notices_of(catalogue, "enquiry"), [&](const Notice* notice) {
    return !notice->required ||
           std::ranges::find(enquiry.consents, notice->purpose) != enquiry.consents.end();
  });
}

std::int64_t step_quantity(std::int64_t quantity, int steps) {
  static constexpr std::array<std::int64_t, 20> kLadder{
      0,    1,    2,    5,     10,    20,    50,     100,    200,    500,
      1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, kMaxQuantity};
  while (steps > 0) {
    const auto next = std::ranges::upper_bound(kLadder, quantity);
    quantity = next == kLadder.end() ? kMaxQuantity : *next;
    --steps;
  }
  while (steps < 0) {
    const auto here = std::ranges::lower_bound(kLadder, quantity);
    quantity = here == kLadder.begin() ? 0 : *std::prev(here);
    ++steps;
  }
  return quantity;
}

std::vector<std::string> districts_of(const std::vector<ListItem>& list) {
  std::vector<std::string> out;
  for (const auto& item : list) {
    if (std::ranges::find(out, item.district) == out.end()) out.push_back(item.district);
  }
  return out;
}

std::string dialling_code(const Catalogue& catalogue, std::string_view country) {
  const auto found = std::ranges::find(catalogue.countries, country, &Choice::id);
  if (found == catalogue.countries.end()) return {};
  const std::string digits = digits_of(found->detail);
  return digits.empty() ? "" : "+" + digits;
}

effect::Consent consent_to(const Notice& notice, bool given, Language language) {
  effect::Consent consent{.notice_id = notice.id,
                          .notice_version = notice.version,
                          .language = std::string(code(language)),
                          .text = notice.text.in(index(language)),
                          .given = {},
                          .refused = {}};
  (given ? consent.given : consent.refused).push_back(notice.purpose);
  return consent;
}

effect::Submit enquiry_submission(const Visit& visit, const Catalogue& catalogue) {
  const Enquiry& enquiry = visit.enquiry;
  std::string answers = "{";
  append_field(answers, "name", spelled(forms::person_name(enquiry.name), enquiry.name));
  append_field(answers, "mobile", mobile_of(enquiry, catalogue));
  if (enquiry.channel == Channel::kEmail) {
    append_field(answers, "email", spelled(forms::email(enquiry.email), enquiry.email));
  }
  append_field(answers, "country", enquiry.country.empty() ? "IN" : enquiry.country);
  append_field(answers, "buyer_type", enquiry.buyer_type);
  append_field(answers, "needed_by", enquiry.needed_by);
  append_field(answers, "message",
               spelled(forms::free_text(enquiry.message, kMaxMessageBytes), enquiry.message));
  answers += ",\"products\":" + products_json(visit.list) + "}";

  effect::Submit submit{.kind = "enquiry",
                        .form_id = "enquiry",
                        .form_version = 1,
                        .answers = std::move(answers),
                        .consents = {},
                        .language = std::string(code(visit.language)),
                        .incomplete = false};
  for (const Notice* notice : notices_of(catalogue, "enquiry")) {
    const bool given =
        std::ranges::find(enquiry.consents, notice->purpose) != enquiry.consents.end();
    submit.consents.push_back(consent_to(*notice, given, visit.language));
  }
  return submit;
}

effect::Submit withdrawal_submission(const Visit& visit) {
  std::string answers = "{";
  append_field(answers, "reference", visit.lookup.reference);
  append_field(answers, "status_code", visit.lookup.code);
  answers += '}';
  return {.kind = "withdrawal",
          .form_id = "withdrawal",
          .form_version = 1,
          .answers = std::move(answers),
          .consents = {},
          .language = std::string(code(visit.language)),
          .incomplete = false};
}

void burn(std::string& text) {
  text.resize(text.capacity());  // what an earlier, longer value left behind goes too
  volatile char* bytes = text.data();
  for (std::size_t i = 0; i < text.size(); ++i) bytes[i] = '\0';
  text.clear();
}

}  // namespace odop::kiosk

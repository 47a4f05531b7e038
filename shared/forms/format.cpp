#include "shared/forms/format.h"

#include "shared/forms/formats.h"
#include "shared/forms/identifiers.h"

#include <algorithm>
#include <array>
#include <utility>

namespace odop::forms {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 22> kNames{{
    {"text", Format::kText},
    {"free-text", Format::kFreeText},
    {"person-name", Format::kPersonName},
    {"indian-mobile", Format::kIndianMobile},
    {"phone", Format::kPhoneNumber},
    {"email", Format::kEmailAddress},
    {"pin", Format::kPinCode},
    {"udyam", Format::kUdyamNumber},
    {"pan", Format::kPanNumber},
    {"gstin", Format::kGstinNumber},
    {"ifsc", Format::kIfscNumber},
    {"iec", Format::kIecNumber},
    {"pehchan", Format::kPehchanNumber},
    {"date", Format::kAnyDate},
    {"date-to-come", Format::kDateToCome},
    {"date-gone-by", Format::kDateGoneBy},
    {"birth", Format::kBirth},
    {"quantity", Format::kMeasured},
    {"money", Format::kMoneyAmount},
    {"reference", Format::kReferenceNumber},
    {"status-code", Format::kStatusCodeNumber},
    {"item-id", Format::kItemId},
}};

constexpr std::size_t kMaxItemIdBytes = 128;  // as the server reads ids

Checked item_id(std::string_view id) {
  const bool fits = id.size() <= kMaxItemIdBytes && std::all_of(id.begin(), id.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                    });
  if (id.empty()) return tl::make_unexpected(Problem{kMissing});
  if (!fits) return tl::make_unexpected(Problem{kChoice});
  return std::string(id);
}

// One line: a line end becomes a space.
Checked one_line(std::string_view typed, std::size_t max_bytes) {
  auto text = free_text(typed, max_bytes);
  if (text.has_value()) std::replace(text.value().begin(), text.value().end(), '\n', ' ');
  return text;
}

}  // namespace

std::optional<Format> format_of(std::string_view name) {
  for (const auto& [known, format] : kNames) {
    if (known == name) return format;
  }
  return std::nullopt;
}

std::string_view name_of(Format format) {
  for (const auto& [name, known] : kNames) {
    if (known == format) return name;
  }
  return {};
}

bool judges_aadhaar_itself(Format format) {
  switch (format) {
    case Format::kIndianMobile:
    case Format::kPhoneNumber:
    case Format::kReferenceNumber:
    case Format::kStatusCodeNumber:
      return true;
    default:
      return false;
  }
}

Checked check_format(Format format, std::string_view typed, const FormatContext& context) {
  if (!judges_aadhaar_itself(format) && holds_aadhaar(typed)) {
    return tl::make_unexpected(Problem{kAadhaar});
  }
  switch (format) {
    case Format::kText:
      return one_line(typed, context.max_bytes);
    case Format::kFreeText:
      return free_text(typed, context.max_bytes);
    case Format::kPersonName:
      return person_name(typed);
    case Format::kIndianMobile:
      return indian_mobile(typed);
    case Format::kPhoneNumber:
      return any_phone(typed);
    case Format::kEmailAddress:
      return email(typed);
    case Format::kPinCode:
      return postal_pin(typed);
    case Format::kUdyamNumber:
      return udyam(typed);
    case Format::kPanNumber:
      return pan(typed);
    case Format::kGstinNumber:
      return gstin(typed);
    case Format::kIfscNumber:
      return ifsc(typed);
    case Format::kIecNumber:
      return iec(typed);
    case Format::kPehchanNumber:
      return pehchan(typed);
    case Format::kAnyDate:
      return date(typed);
    case Format::kDateToCome:
      return date_to_come(typed, context.today);
    case Format::kDateGoneBy:
      return date_gone_by(typed, context.today);
    case Format::kBirth:
      return birth(typed, context.today, context.ages);
    case Format::kMeasured:
      return measured(typed);
    case Format::kMoneyAmount:
      return money(typed, context.currency);
    case Format::kReferenceNumber:
      return reference(typed);
    case Format::kStatusCodeNumber:
      return status_code(typed);
    case Format::kItemId:
      return item_id(typed);
  }
  return tl::make_unexpected(Problem{kNotFitting});
}

}  // namespace odop::forms

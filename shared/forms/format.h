// The custom formats by the names that a form's schema uses ("format": "indian-mobile"). Pure, any
// thread.
#pragma once

#include "shared/forms/amounts.h"
#include "shared/forms/problems.h"
#include "shared/text/dates.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace odop::forms {

enum class Format : std::uint8_t {
  kText,              // "text": one line
  kFreeText,          // "free-text": several lines
  kPersonName,        // "person-name"
  kIndianMobile,      // "indian-mobile"
  kPhoneNumber,       // "phone": E.164 of any country
  kEmailAddress,      // "email"
  kPinCode,           // "pin"
  kUdyamNumber,       // "udyam"
  kPanNumber,         // "pan"
  kGstinNumber,       // "gstin"
  kIfscNumber,        // "ifsc"
  kIecNumber,         // "iec"
  kPehchanNumber,     // "pehchan"
  kAnyDate,           // "date"
  kDateToCome,        // "date-to-come": today or later
  kDateGoneBy,        // "date-gone-by": today or earlier
  kBirth,             // "birth": day or year of birth, with an age
  kMeasured,          // "quantity": amount and unit
  kMoneyAmount,       // "money": minor units; the schema's type is integer
  kReferenceNumber,   // "reference" of a receipt
  kStatusCodeNumber,  // "status-code" of a receipt
  kItemId,            // "item-id": id of a catalogue record, a slug
};

[[nodiscard]] std::optional<Format> format_of(std::string_view name);
[[nodiscard]] std::string_view name_of(Format format);

// Phones and receipts' numbers: 91 before a mobile number makes 12 digits, and their own checks
// know what an Aadhaar number is there. Every other field refuses one first.
[[nodiscard]] bool judges_aadhaar_itself(Format format);

// What a check needs beside the typed text.
struct FormatContext {
  Date today{};               // the day of submission, in India
  AgeRange ages;              // kBirth
  std::string currency;       // kMoneyAmount: ISO 4217
  std::size_t max_bytes = 0;  // kText, kFreeText
};

// The stored spelling, or the problem. Idempotent: what is stored is accepted and stays, except
// money, whose stored form is a number of minor units and is judged as such (check.h).
[[nodiscard]] Checked check_format(Format format, std::string_view typed,
                                   const FormatContext& context);

}  // namespace odop::forms

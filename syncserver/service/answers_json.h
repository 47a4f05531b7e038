// The answers of a submission: a JSON object made by a kiosk's form. Hostile until checked.
#pragma once

#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

inline constexpr std::size_t kMaxListedProducts = 200;  // more than the catalogue has
inline constexpr std::size_t kMaxAnswerDepth = 8;       // forms of ours need 3
inline constexpr std::uint32_t kNewestFormVersion = 1;

// "enquiry" ...: id of the kind's record in the catalogue and of its form. Empty for a number that
// is no kind.
[[nodiscard]] std::string_view kind_name(std::uint8_t kind);

// Whether this program reads that form although no release holds it: the first version of each
// kind's own form, as kiosks without forms in their catalogue fill it.
[[nodiscard]] bool known_form(std::uint8_t kind, std::string_view form_id, std::uint32_t version);

struct ReadAnswers {
  std::vector<std::string> districts;  // asked about, in order, repetitions kept
  std::string mobile;                  // or a phone abroad; empty = not given
  std::string email;                   // lower case
  std::string name;                    // of a registration
  std::string reference;               // of a withdrawal or correction: plain digits
  std::string status_code;             // of a withdrawal or correction
  std::string scope;                   // of a withdrawal: the one purpose; empty = everything
};

// What routing, look-ups and withdrawals need. Errors: kMalformed (no JSON object, nested too deep,
// a field of another type than its form says, more than kMaxListedProducts, or a withdrawal or
// correction without a possible reference and code); the context names the field, never its
// content.
[[nodiscard]] Result<ReadAnswers> read_answers(std::uint8_t kind, std::string_view json);

// What an officer may see: the object again, for a district's officer without other districts'
// products, and without the status code of a withdrawal. "{}" when it is no object.
[[nodiscard]] std::string shown_answers(std::string_view json, std::string_view district);

// One field as text, for a table: strings as they are, numbers as digits, products as
// "product 12 piece; product"; empty when it is not there.
[[nodiscard]] std::string field_text(std::string_view json, std::string_view field);

// The mobile number, else the phone abroad.
[[nodiscard]] std::string number_to_call(std::string_view json);

// Every field that has an answer, as "field: text", except those that a table shows in columns of
// their own (name, mobile, phone) and what is nobody's to read (the receipt's code).
[[nodiscard]] std::vector<std::string> other_fields(std::string_view json);

}  // namespace odop::syncserver

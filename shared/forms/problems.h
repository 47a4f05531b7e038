// What can be wrong with an answer, as keys of texts that a person reads beside the field
// (assets/i18n). A problem never carries what was typed: that must not reach a log.
#pragma once

#include "shared/core/result.h"

#include <array>
#include <string>
#include <string_view>

namespace odop::forms {

// The view is static: one of the keys below.
struct Problem {
  std::string_view text_key;
};

// The one spelling that is stored, or what is wrong.
using Checked = tl::expected<std::string, Problem>;

// Any answer.
inline constexpr std::string_view kMissing = "form.error.missing";  // nothing typed
inline constexpr std::string_view kTooLong = "form.error.too_long";
inline constexpr std::string_view kTooShort = "form.error.too_short";
inline constexpr std::string_view kUnreadable = "form.error.unreadable";  // not UTF-8
inline constexpr std::string_view kAadhaar = "form.error.aadhaar";
inline constexpr std::string_view kChoice = "form.error.choice";     // not one of the options
inline constexpr std::string_view kTooMany = "form.error.too_many";  // more options than may be
inline constexpr std::string_view kTooFew = "form.error.too_few";    // fewer options than must be
inline constexpr std::string_view kMustBeYes = "form.error.must_be_yes";
inline constexpr std::string_view kNotFitting = "form.error.not_fitting";  // the schema says no

// Phones, addresses, names.
inline constexpr std::string_view kMobileStart = "form.error.mobile_start";  // begins with 0-5
inline constexpr std::string_view kMobileShort = "form.error.mobile_short";  // not ten digits yet
inline constexpr std::string_view kMobileLong = "form.error.mobile_long";
inline constexpr std::string_view kPhone = "form.error.phone";
inline constexpr std::string_view kCountry = "form.error.country";  // no usable dialling code
inline constexpr std::string_view kEmail = "form.error.email";
inline constexpr std::string_view kName = "form.error.name";  // characters no name has
inline constexpr std::string_view kPin = "form.error.pin";

// Numbers on cards and papers.
inline constexpr std::string_view kUdyam = "form.error.udyam";
inline constexpr std::string_view kPan = "form.error.pan";
inline constexpr std::string_view kGstin = "form.error.gstin";
inline constexpr std::string_view kGstinCheck = "form.error.gstin_check";  // check character
inline constexpr std::string_view kIfsc = "form.error.ifsc";
inline constexpr std::string_view kIec = "form.error.iec";
inline constexpr std::string_view kPehchan = "form.error.pehchan";
inline constexpr std::string_view kReference = "form.error.reference_wrong";
inline constexpr std::string_view kStatusCode = "form.error.code_short";

// Amounts and days.
inline constexpr std::string_view kQuantity = "form.error.quantity";
inline constexpr std::string_view kUnit = "form.error.unit";      // no unit, or none that is known
inline constexpr std::string_view kNumber = "form.error.number";  // not a whole number
inline constexpr std::string_view kTooSmall = "form.error.too_small";
inline constexpr std::string_view kTooLarge = "form.error.too_large";
inline constexpr std::string_view kMoney = "form.error.money";
inline constexpr std::string_view kDate = "form.error.date";               // no real day
inline constexpr std::string_view kDatePast = "form.error.date_past";      // must not have gone by
inline constexpr std::string_view kDateFuture = "form.error.date_future";  // must not be to come
inline constexpr std::string_view kTooYoung = "form.error.too_young";
inline constexpr std::string_view kTooOld = "form.error.too_old";
inline constexpr std::string_view kBirthDay = "form.error.birth_day";  // the year alone cannot tell

// Every key above, for the test of the translations.
inline constexpr std::array kEveryProblem{
    kMissing,    kTooLong,   kTooShort,   kUnreadable,  kAadhaar,     kChoice,     kTooMany,
    kTooFew,     kMustBeYes, kNotFitting, kMobileStart, kMobileShort, kMobileLong, kPhone,
    kCountry,    kEmail,     kName,       kPin,         kUdyam,       kPan,        kGstin,
    kGstinCheck, kIfsc,      kIec,        kPehchan,     kReference,   kStatusCode, kQuantity,
    kUnit,       kNumber,    kTooSmall,   kTooLarge,    kMoney,       kDate,       kDatePast,
    kDateFuture, kTooYoung,  kTooOld,     kBirthDay};

}  // namespace odop::forms

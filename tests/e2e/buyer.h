// What a buyer does at a kiosk, for the tests of this folder.
#pragma once

#include "tests/support/stand.h"

#include <functional>
#include <string>

namespace odop::test {

struct Buyer {
  std::string name;      // as a hardware keyboard can type it
  std::string mobile;    // ten digits
  bool by_touch = true;  // the mobile number on the screen's keys; else on the keyboard, faster
};

// From the first question of the enquiry to its receipt, as a person would who says no more than
// asked: a mobile number, a name, the required consent.
void answer_enquiry(Stand& stand, const Buyer& buyer);

// The rest of an enquiry, from any of its questions: each is passed over, after `at_page` has seen
// it; then the required consent, and sent. Ends with the receipt.
void send_the_rest(Stand& stand, const std::function<void()>& at_page = {},
                   const std::function<void()>& at_consent = {});

[[nodiscard]] std::string digits_of(const std::string& text);

// What the test is doing, on standard output.
void say(const std::string& sentence);

}  // namespace odop::test

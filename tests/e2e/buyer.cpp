#include "tests/e2e/buyer.h"

#include <algorithm>
#include <iostream>
#include <iterator>

namespace odop::test {

void answer_enquiry(Stand& stand, const Buyer& buyer) {
  auto& hand = stand.hand();
  hand.wait_for("form.field.mobile");
  const auto type = [&](const std::string& field, const std::string& text) {
    hand.type_hardware(text);
    hand.wait_until(field + " holds what was typed (" + hand.value(field) + ")", [&] {
      const std::string held = hand.value(field);
      return held == text || digits_of(held) == text;
    });
  };
  if (buyer.by_touch) {
    hand.type_digits(buyer.mobile);
  } else {
    type("form.field.mobile", buyer.mobile);
  }
  stand.shot("06-enquiry-mobile");
  hand.tap("form.next");
  // The remaining questions are passed over or answered by one touch, until the consent.
  bool named = false;
  const auto give_name = [&] {
    if (named || !hand.find("form.field.name")) return;
    named = true;
    hand.tap("form.field.name");
    type("form.field.name", buyer.name);
    stand.shot("07-enquiry-name");
  };
  send_the_rest(stand, give_name, [&] { stand.shot("08-enquiry-consent"); });
}

void send_the_rest(Stand& stand, const std::function<void()>& at_page,
                   const std::function<void()>& at_consent) {
  auto& hand = stand.hand();
  while (!hand.find("form.send")) {
    if (at_page) at_page();
    const auto before = hand.tree();
    hand.tap("form.next");
    hand.wait_until("the next question", [&] { return hand.tree() != before; });
  }
  hand.tap("form.consent.contact");
  if (at_consent) at_consent();
  hand.tap("form.send");
  hand.wait_for("receipt.reference");
}

std::string digits_of(const std::string& text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits),
                       [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

void say(const std::string& sentence) { std::cout << "  " << sentence << std::endl; }

}  // namespace odop::test

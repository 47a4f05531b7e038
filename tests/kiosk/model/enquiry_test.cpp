#include "kiosk/model/enquiry.h"

#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <string>

using namespace odop;         // NOLINT: a test
using namespace odop::kiosk;  // NOLINT

TEST_CASE("Fields take what belongs in them", "[kiosk][model]") {
  CHECK(accept("form.field.mobile", "94152 07318") == "9415207318");
  CHECK(accept("form.field.mobile", "+91 94152-07318") == "9415207318");
  CHECK(accept("form.field.mobile", "०९४१५२०७३१८") == "9415207318");
  CHECK(accept("form.field.mobile", "94152073189") == "9415207318");
  CHECK(accept("form.field.email", " a b@c.in ") == "ab@c.in");
  CHECK(accept("status.field.code", "482719561") == "48271956");
  CHECK(accept("form.field.quantity.x", "12,500") == "12500");
  CHECK(accept("no.such.field", "secret").empty());
  // Cut between characters, never inside one.
  std::string name;
  for (int i = 0; i < 100; ++i) name += "म";
  const std::string cut = accept("form.field.name", name);
  CHECK(cut.size() <= kMaxNameBytes);
  CHECK(cut.size() % 3 == 0);
}

TEST_CASE("What is wrong is said by name", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  Enquiry enquiry;
  const auto reach = [&] { return fault_of(enquiry, EnquiryStep::kReach, catalogue); };
  CHECK(reach() == "form.error.mobile_short");
  enquiry.mobile = "5415207318";
  CHECK(reach() == "form.error.mobile_start");
  enquiry.mobile = "9415207318";
  CHECK(reach().empty());

  enquiry.channel = Channel::kEmail;
  CHECK(reach() == "form.error.email");
  enquiry.email = "buyer@example.com";
  CHECK(reach().empty());

  enquiry.channel = Channel::kAbroad;
  CHECK(reach() == "form.error.country");
  enquiry.country = "AE";
  CHECK(reach() == "form.error.phone");
  enquiry.phone = "501234567";
  CHECK(reach().empty());
  CHECK(dialling_code(catalogue, "AE") == "+971");

  enquiry.name = "2345 6789 0124";
  CHECK(fault_of(enquiry, EnquiryStep::kWho, catalogue) == "form.error.aadhaar");
  enquiry.name.clear();
  CHECK(fault_of(enquiry, EnquiryStep::kWho, catalogue).empty());  // nobody must give a name
  CHECK(fault_of_code("1234567") == "form.error.code_short");
  CHECK(fault_of_reference("") == "form.error.reference_missing");
}

TEST_CASE("Quantities climb a ladder and keep what was typed", "[kiosk][model]") {
  CHECK(step_quantity(0, 1) == 1);
  CHECK(step_quantity(0, 8) == 200);
  CHECK(step_quantity(200, -1) == 100);
  CHECK(step_quantity(137, 1) == 200);
  CHECK(step_quantity(137, -1) == 100);
  CHECK(step_quantity(1, -3) == 0);
  CHECK(step_quantity(kMaxQuantity, 1) == kMaxQuantity);
}

TEST_CASE("A text that is given up is overwritten", "[kiosk][model]") {
  std::string secret = "9415207318 Meera Devi, House 12, Lucknow";
  const char* memory = secret.data();
  const std::size_t length = secret.size();
  burn(secret);
  CHECK(secret.empty());
  // The buffer still belongs to the string, which keeps its capacity.
  REQUIRE(secret.data() == memory);
  secret.resize(length);
  CHECK(secret == std::string(length, '\0'));
}

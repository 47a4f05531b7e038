#include "kiosk/model/lookup.h"

#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <string>

using namespace odop;         // NOLINT: a test
using namespace odop::kiosk;  // NOLINT

TEST_CASE("Fields take what belongs in them", "[kiosk][model]") {
  CHECK(mobile_digits("94152 07318") == "9415207318");
  CHECK(mobile_digits("+91 94152-07318") == "9415207318");
  CHECK(mobile_digits("०९४१५२०७३१८") == "9415207318");
  CHECK(mobile_digits("94152073189") == "9415207318");
  CHECK(accept("status.field.code", "482719561") == "48271956");
  CHECK(accept("form.field.quantity.x", "12,500") == "12500");
  CHECK(accept("no.such.field", "secret").empty());
  // Cut between characters, never inside one.
  std::string words;
  for (int i = 0; i < 100; ++i) words += "म";
  const std::string cut = accept("search.field", words);
  CHECK(cut.size() == 120);
  CHECK(kiosk::cut(words, 100).size() == 99);
}

TEST_CASE("What is wrong with a receipt's numbers is said by name", "[kiosk][model]") {
  CHECK(fault_of_code("1234567") == "form.error.code_short");
  CHECK(fault_of_code("12345678").empty());
  CHECK(fault_of_reference("") == "form.error.reference_missing");
  CHECK(fault_of_reference("12345") == "form.error.reference_wrong");
  CHECK(dialling_code(test::stand_catalogue(), "AE") == "+971");
  CHECK(dialling_code(test::stand_catalogue(), "XX").empty());
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

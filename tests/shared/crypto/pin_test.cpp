#include "shared/crypto/pin.h"

#include <catch2/catch.hpp>

#include <string>

using namespace odop;  // NOLINT: a test

TEST_CASE("A PIN is kept as a hash that fits it alone", "[shared][crypto]") {
  const auto hash = crypto::hash_pin("482719");
  REQUIRE(hash.has_value());
  CHECK(hash->find("482719") == std::string::npos);
  CHECK(hash->size() < crypto::kMaxPinHashBytes);
  CHECK(crypto::pin_fits("482719", *hash));
  CHECK_FALSE(crypto::pin_fits("482718", *hash));
  CHECK_FALSE(crypto::pin_fits("", *hash));
  CHECK(crypto::hash_pin("482719").value() != *hash);  // salted
  for (const char* wrong : {"", "12345", "1234567", "12345a", "12 456"}) {
    CHECK(crypto::hash_pin(wrong).error().code == ErrorCode::kInvalidArgument);
  }
  CHECK_FALSE(crypto::pin_fits("482719", "rubbish"));
  CHECK_FALSE(crypto::pin_fits("482719", std::string(500, '$')));
}

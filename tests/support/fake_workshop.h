// What the sources of the fake server share: its keys, and the releases that it made already.
// Internal to it.
#pragma once

#include "shared/core/result.h"
#include "shared/crypto/seal.h"
#include "shared/crypto/sign.h"
#include "tests/support/fake_server.h"

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace odop::test {

inline constexpr std::int64_t kYearMs = 365LL * 24 * 3600 * 1000;

inline kiosk::HttpAnswer json(std::string body) {
  return {200, "application/json", std::move(body), {}};
}
inline kiosk::HttpAnswer no_answer(int code) { return {code, "text/plain", "no", {}}; }

template <typename T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error("fake server: " + result.error().context);
  return std::move(*result);
}

struct FakeServer::Workshop {
  crypto::SigningKey root = crypto::SigningKey::generate();
  crypto::SigningKey publisher = crypto::SigningKey::generate();
  crypto::SigningKey next_publisher = crypto::SigningKey::generate();
  crypto::SigningKey server = crypto::SigningKey::generate();
  crypto::SigningKey stranger = crypto::SigningKey::generate();
  crypto::SealingKey sealing = crypto::SealingKey::generate();
  // Those of each number, and all that they were made from.
  struct Made {
    std::map<std::string, std::string> records;
    std::vector<Medium> media;
    std::shared_ptr<const Release> previous;
    std::int64_t now_ms = 0;
    bool rotated = false;
    std::uint32_t minimum_app = 1;
    std::shared_ptr<const Release> release;
  };
  std::map<std::uint64_t, std::vector<Made>> made;
};

}  // namespace odop::test

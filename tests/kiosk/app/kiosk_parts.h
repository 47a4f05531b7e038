// What a desk stands on in tests: a kiosk's folder with its stores, words and clock.
#pragma once

#include "kiosk/app/desk.h"
#include "shared/crypto/seal.h"
#include "shared/crypto/sign.h"
#include "tests/support/identity.h"
#include "tests/support/stand_catalogue.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>

namespace odop::kiosk::app {

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().context);
  return std::move(*result);
}

struct KioskParts {
  void enrol() {
    const auto device = crypto::SigningKey::generate();
    const auto seed = device.seed();
    REQUIRE(journal.save_device_seed(std::span(seed.data(), seed.size())).has_value());
    REQUIRE(journal.adopt_identity(test::identity_of(server)).has_value());
  }
  [[nodiscard]] DeskParts desk_parts() {
    return {folder.path(), journal, catalogues, mailbox, errands, clock, random, words};
  }

  test::TempFolder folder;
  crypto::SealingKey server = crypto::SealingKey::generate();
  ManualClock clock{WallTime{std::chrono::milliseconds(1'795'000'000'000)}};
  SeededRandom random{7};
  Translations words{test::stand_words(Language::kHindi), test::stand_words(Language::kEnglish),
                     test::stand_words(Language::kUrdu)};
  Journal journal = must(Journal::open(folder.path()));
  CatalogueStore catalogues = must(CatalogueStore::open(folder.path()));
  Mailbox mailbox;
  Errands errands{{}};
};

// Whether `enough` came true while the desk took in what its threads had to tell.
template <typename Enough>
bool heard_until(Desk& desk, const Enough& enough) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  while (!enough() && std::chrono::steady_clock::now() < deadline) {
    desk.receive();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return enough();
}

}  // namespace odop::kiosk::app

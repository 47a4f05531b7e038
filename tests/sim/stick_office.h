// The server to which kiosks speak by stick.
#pragma once

#include "shared/crypto/enrolment.h"
#include "syncserver/service/bundles.h"
#include "syncserver/service/releases.h"
#include "tests/sim/stick_kiosk.h"
#include "tests/support/whole_files.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace odop::test {

// The server's side: the real service, with one product to show.
struct Office {
  syncserver::Desk desk;
  syncserver::MediaFolder media{desk.data.media()};
  syncserver::Publisher publisher{*desk.store, desk.keys, media, desk.data.root};
  syncserver::Bundles bundles{*desk.store, desk.api, desk.keys, desk.clock};

  void publish(int version) {
    const std::vector<syncserver::CatalogueRecord> records{syncserver::record(
        "product", "kannauj-attar",
        fmt::format(R"({{"districts":["kannauj"],"name":{{"en":"Attar {}"}}}})", version))};
    syncserver::must(desk.store->edit_draft(records, {}, {}, syncserver::kDeskStart));
    if (!publisher.publish(desk.clock.wall())) throw std::runtime_error("publish");
  }
  std::string add_kiosk(KioskNumber* number = nullptr) {
    std::string code = syncserver::make_enrolment_code();
    syncserver::Kiosk kiosk;
    kiosk.name = "Gate";
    kiosk.venue = "shilp-gram";
    kiosk.district = "lucknow";
    kiosk.code_hash = syncserver::enrolment_code_hash(code);
    kiosk.code_expires_ms = syncserver::kDeskStart + 1'000'000'000;
    const auto added = desk.store->add_kiosk(kiosk).value();
    if (number != nullptr) *number = added;
    return code;
  }
  void answer(const std::string& reference) {
    syncserver::AnswerOrder order;
    order.reference = reference;
    order.state = "answered";
    order.text = "We will call you.";
    syncserver::must(desk.submissions.answer(order));
  }
  // Reference -> times it is stored.
  std::map<std::string, std::size_t> stored() {
    syncserver::SubmissionFilter filter;
    filter.with_restricted = true;
    filter.limit = 100'000;
    std::map<std::string, std::size_t> stored;
    const auto all = desk.store->submissions(filter).value();
    for (const auto& one : all) ++stored[one.reference];
    return stored;
  }
};

// The courier's whole round for one kiosk.
inline void enrol(Office& office, StickKiosk& kiosk, const std::filesystem::path& stick) {
  REQUIRE(kiosk.give(stick, office.add_kiosk()).has_value());
  REQUIRE(office.bundles.take(stick).has_value());
  REQUIRE(office.bundles.give(stick, {}).has_value());
  const auto taken = kiosk.take(stick);
  INFO((taken ? std::string() : taken.error().context));
  REQUIRE(taken.has_value());
  REQUIRE(taken->enrolled);
}

}  // namespace odop::test

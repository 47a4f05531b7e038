#include "tests/syncserver/store/store_samples.h"

#include <catch2/catch.hpp>

namespace odop::syncserver {

Device enrolled(Store& store, const std::string& id, const std::string& venue,
                const std::string& district) {
  Kiosk kiosk;
  kiosk.name = "Kiosk of " + id;
  kiosk.venue = venue;
  kiosk.district = district;
  kiosk.code_hash = "code-" + id;
  kiosk.code_expires_ms = 1'000;
  REQUIRE(store.add_kiosk(kiosk).has_value());
  Device device;
  device.id = id;
  device.public_key = Bytes(32, '\x07');
  device.token_hash = "token-" + id;
  device.epoch = Epoch{1};
  const auto result = store.enrol(kiosk.code_hash, device, 500);
  REQUIRE(result.has_value());
  return result.value();
}

Arrival arrival(const Device& device, std::uint64_t sequence, char content) {
  Arrival one;
  one.device = device.id;
  one.epoch = Epoch{1};
  one.sequence = Sequence{sequence};
  one.hash = Bytes(31, content) + static_cast<char>(sequence);
  one.previous = sequence == 1 ? Bytes{} : Bytes(31, content) + static_cast<char>(sequence - 1);
  one.uuid = "0190aaaa-0000-7000-8000-00000000000" + std::to_string(sequence % 10);
  one.kind = 1;
  one.reference = "00100" + std::to_string(sequence);
  one.form_id = "enquiry";
  one.form_version = 1;
  one.envelope = Bytes("envelope \xff\0 bytes ", 18) + content;
  return one;
}

std::vector<ArrivalVerdict> appended(Store& store, const std::vector<Arrival>& arrivals) {
  const auto verdicts = store.append(arrivals, 2'000);
  REQUIRE(verdicts.has_value());
  return verdicts.value().verdicts;
}

Submission only(const Result<std::vector<Submission>>& found) {
  REQUIRE(found.has_value());
  REQUIRE(found.value().size() == 1);
  return found.value().front();
}

Submission opened(Store& store, const Device& device, std::uint64_t sequence,
                  const std::vector<std::string>& districts, char mobile) {
  REQUIRE(appended(store, {arrival(device, sequence)}).front() == ArrivalVerdict::kStored);
  SubmissionFilter filter;
  filter.reference = arrival(device, sequence).reference;
  const Submission submission = only(store.submissions(filter));
  Opened result;
  result.submission = submission.id;
  result.body = "sealed body";
  result.lookups.push_back(
      {.field = "mobile", .mac = Bytes(32, mobile != 0 ? mobile : static_cast<char>(sequence))});
  for (const auto& district : districts) {
    result.cases.push_back({.district = district,
                            .office = "diepc-" + district,
                            .state = "received",
                            .due_ms = 9'000});
  }
  REQUIRE(store.record_opened(std::vector{result}, 3'000).has_value());
  return only(store.submissions(filter));
}

}  // namespace odop::syncserver

// What the checks of the contract put into a store. Each fails the running test when it cannot.
#pragma once

#include "syncserver/store/store.h"

#include <cstdint>
#include <string>
#include <vector>

namespace odop::syncserver {

// A device that was enrolled for a new kiosk.
[[nodiscard]] Device enrolled(Store& store, const std::string& id,
                              const std::string& venue = "shilp-gram",
                              const std::string& district = "lucknow");
[[nodiscard]] Arrival arrival(const Device& device, std::uint64_t sequence, char content = 'a');
std::vector<ArrivalVerdict> appended(Store& store, const std::vector<Arrival>& arrivals);
[[nodiscard]] Submission only(const Result<std::vector<Submission>>& found);
// A submission with one case a district, opened.
Submission opened(Store& store, const Device& device, std::uint64_t sequence,
                  const std::vector<std::string>& districts, char mobile = 0);

}  // namespace odop::syncserver

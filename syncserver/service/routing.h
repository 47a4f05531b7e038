// Which office owes an answer to what, and by when. Pure: the catalogue's records in, cases out.
#pragma once

#include "shared/core/result.h"
#include "syncserver/store/store.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

// Only when the catalogue has no record of the kind (nothing was imported yet): the programme's
// rule for enquiries.
inline constexpr int kUnknownKindDueDays = 14;

// What routing needs of the catalogue.
class Routing {
 public:
  Routing() = default;
  // Records of types kind, office and district; others are skipped, and so is what lacks a field.
  explicit Routing(std::span<const CatalogueRecord> records);

  // A case for each district, once each, in the order given; districts that the catalogue does not
  // know become one case without a district (the state's cell). None given: that one case as well.
  // Due in the kind's days after `received_ms`.
  [[nodiscard]] std::vector<Case> cases(const std::string& kind,
                                        std::span<const std::string> districts,
                                        std::int64_t received_ms) const;

 private:
  struct Kind {
    int due_days = kUnknownKindDueDays;
    std::string owner;
  };
  [[nodiscard]] std::string office(const std::string& district, const std::string& owner) const;

  std::map<std::string, Kind> kinds_;
  // District id -> ids of its offices, sorted; a district without an office has an empty list.
  std::map<std::string, std::vector<std::string>> districts_;
};

}  // namespace odop::syncserver

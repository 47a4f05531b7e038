// From an approved registration to a producer in the catalogue: only whoever agreed to be shown,
// only what the notice names (the name of the person or body, craft, district), only after a person
// took it over; and out again at once when the consent is withdrawn.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

inline constexpr std::string_view kProducerType = "producer";
inline constexpr std::string_view kPublishPurpose = "publish";  // of the registration's notices
inline constexpr std::string_view kApprovedState = "approved";  // of its path

// "producer/p-..." of a registration: the same each time, and nobody's reference.
[[nodiscard]] std::string producer_name(const Submission& registration);

// Nothing when it is no registration, or nobody agreed to be shown, or it has no name.
[[nodiscard]] std::optional<CatalogueRecord> producer_record(const Submission& registration,
                                                             const wire::SubmissionBody& body);

struct ProducerView {
  std::string reference{};
  std::string record{};
  std::string district{};
  std::string json{};  // the record's fields
  bool accepted = false;
  std::int64_t made_ms = 0;
};

// Threads: any; all state is in the stores.
class Producers {
 public:
  // References outlive the object.
  Producers(Store& store, KeyStore& record_keys, const Clock& clock)
      : store_(store), record_keys_(record_keys), clock_(clock) {}

  // Oldest registration first.
  [[nodiscard]] Result<std::vector<ProducerView>> list();
  // Puts the record into the catalogue's draft; its name. Errors: kInvalidArgument (reference),
  // kNotFound (no draft of it: not approved, no consent, or withdrawn).
  [[nodiscard]] Result<std::string> accept(std::string_view reference);

 private:
  Store& store_;
  KeyStore& record_keys_;
  const Clock& clock_;
};

}  // namespace odop::syncserver

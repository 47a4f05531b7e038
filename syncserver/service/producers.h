// From an approved registration to a producer in the catalogue, and to the stall where the producer
// is found: only whoever agreed to be shown, only what the notice names (the name of the person or
// body, craft, district, and from its second version on the stall), only after a person took it
// over; and out again at once when the consent is withdrawn.
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
inline constexpr std::string_view kStallType = "stall";
// Who agreed to an older notice was not told of a stall.
inline constexpr std::uint32_t kNoticeWithStall = 2;

// "producer/p-..." of a registration: the same each time, and nobody's reference.
[[nodiscard]] std::string producer_name(const Submission& registration);

// Nothing when it is no registration, or nobody agreed to be shown, or it has no name.
[[nodiscard]] std::optional<CatalogueRecord> producer_record(const Submission& registration,
                                                             const wire::SubmissionBody& body);

// What an approval keeps of it, sealed, until a person takes it over: the record's fields, and what
// is known of a stall. Nothing where producer_record gives nothing.
[[nodiscard]] std::optional<std::string> draft_json(const Submission& registration,
                                                    const wire::SubmissionBody& body);

// The record of a producer's stall at a place, itself a stall of the catalogue: its hall, number
// and outline, with the producer's name and products. Errors: kMalformed (the place is no record of
// a stall).
[[nodiscard]] Result<CatalogueRecord> stall_record(const CatalogueRecord& producer,
                                                   const CatalogueRecord& place);

struct ProducerView {
  std::string reference{};
  std::string record{};
  std::string district{};
  std::string json{};           // the record's fields
  bool may_have_stall = false;  // the consent covers one
  std::string place{};          // id of the stall that the registration names; may be empty
  bool accepted = false;
  std::string stall{};  // "stall/ID" in the catalogue's draft; empty = none
  std::int64_t made_ms = 0;
};

struct Accepted {
  std::string producer{};
  std::string stall{};  // empty: none, because no place is known
};

// Threads: any; all state is in the stores.
class Producers {
 public:
  // References outlive the object.
  Producers(Store& store, KeyStore& record_keys, const Clock& clock)
      : store_(store), record_keys_(record_keys), clock_(clock) {}

  // Oldest registration first.
  [[nodiscard]] Result<std::vector<ProducerView>> list();
  // Puts the record into the catalogue's draft, and one of the stall where the office (or else the
  // registration) names a place. Errors: kInvalidArgument (reference), kNotFound (no draft of it:
  // not approved, no consent, or withdrawn; no such place), kForbidden (the consent covers no
  // stall, and the office names one).
  [[nodiscard]] Result<Accepted> accept(std::string_view reference, std::string_view place = {});

 private:
  struct Draft {
    ProducerDraft stored;
    std::string reference;
    std::string json;  // the producer's fields
    bool may_have_stall = false;
    std::string place;
  };
  [[nodiscard]] Result<std::vector<Draft>> drafts();
  [[nodiscard]] Result<std::optional<CatalogueRecord>> stall_of(const Draft& draft,
                                                                const CatalogueRecord& producer,
                                                                std::string_view place);

  Store& store_;
  KeyStore& record_keys_;
  const Clock& clock_;
};

}  // namespace odop::syncserver

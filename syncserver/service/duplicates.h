// Registrations that may be the same person's: proposed with reasons, settled by a person, never
// merged by themselves. One telephone may serve a family, and one person may register at three
// fairs.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

// Of a registration, for comparing.
struct Registrant {
  std::string reference{};
  std::string name{};
  std::string mobile{};
  std::string district{};
  std::string village{};
  std::string pin{};
  std::string craft{};  // product id
};

struct Likeness {
  int score = 0;                       // 0 to 100
  std::vector<std::string> reasons{};  // same_mobile, same_name, similar_name, same_village, ...
};

// A mobile number weighs 50, a name that is written alike 35, one that sounds alike 30, the village
// 20, the PIN and the craft 10 each. Decisions of this project. Pure.
[[nodiscard]] Likeness compare(const Registrant& a, const Registrant& b);
// From here on a pair is proposed: a mobile number alone, or a name with its village.
inline constexpr int kProposedScore = 50;
// Pairs looked at, of each look-up.
inline constexpr std::size_t kMaxPairs = 5'000;

struct DuplicatePair {
  Registrant first{};
  Registrant second{};
  Likeness likeness{};
  std::string verdict{};  // same, different; empty: nobody has settled it
};

// Threads: any; all state is in the stores.
class Duplicates {
 public:
  // References outlive the object.
  Duplicates(Store& store, KeyStore& record_keys, const Clock& clock)
      : store_(store), record_keys_(record_keys), clock_(clock) {}

  // The likeliest first; of one district, or of all (then also across districts, by mobile). With
  // `settled` also those that somebody settled. Withdrawn registrations are in no pair.
  [[nodiscard]] Result<std::vector<DuplicatePair>> list(const std::string& district, bool settled);

  // References as typed. Errors: kInvalidArgument (no reference, twice the same, no registration),
  // kNotFound, kConflict (withdrawn, not opened).
  [[nodiscard]] Status settle(std::string_view first, std::string_view second, bool same,
                              const std::string& actor);

 private:
  Result<Registrant> registrant(const Submission& submission);
  Result<std::int64_t> registration(std::string_view reference);

  Store& store_;
  KeyStore& record_keys_;
  const Clock& clock_;
};

}  // namespace odop::syncserver

// The office's own notes on submissions: duplicates, drafts of producers, take-downs, figures.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"

#include <cstdint>
#include <string>

namespace odop::syncserver {

// Two submissions of one kind that share a look-up; first < second.
struct Alike {
  std::int64_t first = 0;
  std::int64_t second = 0;
  std::string field{};  // of the look-up
};

struct DuplicateVerdict {
  std::int64_t first = 0;
  std::int64_t second = 0;  // above `first`
  std::string verdict{};    // same, different
  std::string actor{};
  std::int64_t at_ms = 0;
};

// A producer who may come into the catalogue.
struct ProducerDraft {
  std::int64_t submission = 0;  // the registration
  std::string record{};         // "producer/ID"
  std::string district{};
  Bytes body{};  // the record's JSON, sealed under the submission's key
  std::int64_t made_ms = 0;
  std::int64_t accepted_ms = 0;  // 0 = not in the catalogue's draft yet
  std::string stall{};           // "stall/ID" that was accepted with it; empty = none
};

// One case, as reports count it; nothing that a person wrote.
struct CaseFact {
  std::uint8_t kind = 0;  // number of the wire::Kind
  std::string form_id{};
  std::string district{};
  std::string state{};
  std::int64_t received_ms = 0;
  std::int64_t due_ms = 0;
  std::int64_t closed_ms = 0;  // 0 = open
};

// What is to be destroyed: withdrawn, and the time of keeping is over.
struct Erasable {
  std::int64_t submission = 0;
  Bytes hash{};  // of the envelope, by which its key is found
  std::string reference{};
  std::int64_t withdrawn_ms = 0;
};

// What was destroyed, as it is remembered beside the database.
struct Erased {
  Bytes hash{};  // of the envelope
  std::string device{};
  Epoch epoch{};
  Sequence sequence{};
  std::uint8_t kind = 0;  // number of the wire::Kind
  std::string reference{};
  std::int64_t erased_ms = 0;
};

}  // namespace odop::syncserver

// The audit log, as the store keeps it: what an admin or an officer did, in order, each entry bound
// to the one before it. No personal data: ids, numbers and references only.
#pragma once

#include "shared/core/bytes.h"

#include <cstdint>
#include <functional>
#include <string>

namespace odop::syncserver {

struct AuditEntry {
  std::uint64_t number = 0;  // 1, 2, 3 ...; given by the store. Only a restore leaves a gap
  std::int64_t at_ms = 0;    // by the server's clock
  std::string actor{};       // who: see service/audit.h
  std::string act{};         // "catalogue publish"
  std::string subject{};     // on what: "release 7", "kiosk 3"
  std::string outcome{};     // "ordered", "done ...", "failed ..."
  std::uint64_t order = 0;   // number of the entry "ordered" that this one ends; 0 = none
  Bytes previous{};          // hash of the entry before; empty for the first
  Bytes hash{};              // over all of the above, 32 bytes
  std::string head{};        // signed document (JSON): number and hash
};

// Fills hash and head of an entry whose other fields are set. Runs inside the write transaction,
// perhaps twice.
using AuditSealer = std::function<void(AuditEntry& entry)>;

// What a kiosk says it holds of the log.
struct FleetHead {
  std::uint64_t kiosk = 0;  // number
  std::uint64_t number = 0;
  Bytes hash{};
};

}  // namespace odop::syncserver

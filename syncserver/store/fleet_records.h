// Kiosks, devices and the feed, as the store keeps them. Times are Unix milliseconds by the
// server's clock, 0 = never.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace odop::syncserver {

// A place where a kiosk stands. A kiosk number is given once and never again: a re-enrolment is a
// new row.
struct Kiosk {
  KioskNumber number{};    // given by the store
  std::string name{};      // for people: "Hall 2, east door"
  std::string venue{};     // venue id, may be empty
  std::string district{};  // district id of the venue, may be empty
  std::string ring = "all";
  std::string configuration{};  // payload of a feed entry of that kind; empty = none
  std::string code_hash{};      // hex SHA-256 of the one-time enrolment code
  std::int64_t code_expires_ms = 0;
  std::int64_t code_used_ms = 0;
  std::int64_t created_ms = 0;
};

// What a kiosk said last.
struct FleetState {
  std::int64_t seen_ms = 0;
  ReleaseNumber release_shown{};
  std::uint64_t pointer_serial = 0;
  FeedPosition feed{};
  std::uint64_t queue = 0;
  Sequence last_sequence{};
  std::int64_t oldest_unsent_ms = 0;
  std::uint64_t free_bytes = 0;
  std::int64_t clock_offset_ms = 0;  // kiosk minus server
  std::string app_version{};
  std::uint32_t app_number = 0;    // odop::kProgramNumber; 0 = it names none
  std::uint64_t audit_number = 0;  // head of the audit log that it holds; see audit_records.h
  Bytes audit_hash{};
};

struct Device {
  std::string id{};  // UUID
  KioskNumber kiosk{};
  Bytes public_key{};        // Ed25519, 32 bytes
  std::string token_hash{};  // hex SHA-256 of the bearer token
  Epoch epoch{};
  std::int64_t enrolled_ms = 0;
  std::int64_t revoked_ms = 0;
  std::int64_t forked_ms = 0;    // when a fork of its chain was seen first
  std::int64_t demanded_ms = 0;  // when it was told by the feed to enrol anew
  std::string former{};          // the device that its kiosk was before; empty = none known
  Epoch covered_epoch{};         // a verified backup holds everything up to here
  Sequence covered_sequence{};
  std::string venue{}, district{}, ring{};  // of its kiosk
  std::string name{};
  FleetState state{};
};

// A kiosk with the device that enrolled for it, if any (device.id empty otherwise).
struct FleetRow {
  Kiosk kiosk{};
  Device device{};
};

// Who gets a feed entry: every device that fits any of the fields that are set; `everyone` = all.
struct Audience {
  bool everyone = false;
  std::string device{};
  std::string venue{};
  std::string district{};
};

struct FeedItem {
  FeedPosition position{};  // given by the store
  std::uint8_t kind = 0;    // number of the wire::FeedKind
  Bytes payload{};
  std::int64_t at_ms = 0;
};

// Something that a person must look at.
struct Alarm {
  std::int64_t id = 0;
  std::int64_t at_ms = 0;
  std::string kind{};    // fork, chain_break, withdrawal_refused, unreadable, revoked_push,
                         // audit_cut, readmitted
  std::string device{};  // id
  std::string detail{};  // no personal data
};

}  // namespace odop::syncserver

// Kiosks as an admin sees them: adding, listing, revoking.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

inline constexpr std::size_t kMaxKioskNameBytes = 200;

// How a kiosk runs; it hears of it by the feed. In production it refuses --inspect. A kiosk that
// was never told otherwise is a test kiosk: a stand that is tried out must be looked into, and
// whoever opens a hall says so (`kiosk add --mode production`, or `kiosk configure` later).
enum class KioskMode : std::uint8_t { kTest, kProduction };
[[nodiscard]] std::string_view name_of(KioskMode mode);
// Of a kiosk as the store keeps it.
[[nodiscard]] KioskMode mode_of(const Kiosk& kiosk);

struct NewKiosk {
  std::string name{};      // UTF-8, at most kMaxKioskNameBytes
  std::string venue{};     // id of a venue; empty = none
  std::string district{};  // id; empty: that of the venue in the catalogue
  std::string ring = "all";
  KioskMode mode = KioskMode::kTest;
};

struct AddedKiosk {
  KioskNumber kiosk;
  std::string code;  // shown once; only its hash is kept
  std::int64_t expires_ms = 0;
  std::string district;      // may be empty: then nothing of a district reaches it
  bool venue_known = false;  // whether the catalogue has the venue
};

// Errors: kInvalidArgument (no name or no good one; venue, district or ring is no id), and those of
// Store.
[[nodiscard]] Result<AddedKiosk> add_kiosk(Store& store, const NewKiosk& kiosk, WallTime now);

enum class KioskState : std::uint8_t {
  kWaiting,  // for its code to be used
  kExpired,  // the code was not used in time
  kActive,
  kForked,    // a copy of its disk seems to run as well: enrol anew
  kReplaced,  // it enrolled anew under another number, and was not heard under this one since
  kRevoked,
};
[[nodiscard]] std::string_view name_of(KioskState state);

// Sequences listed as missing at most; a kiosk that lost more is looked at by a person anyway.
inline constexpr std::size_t kMaxMissingListed = 100;

struct KioskView {
  FleetRow row;
  KioskState state = KioskState::kWaiting;
  // Numbers that the kiosk said it gave out and that never arrived. What it gave out after its last
  // contact nobody knows.
  std::vector<Sequence> missing;
  // Numbers under which its kiosk, and copies of it, enrolled anew, as they proved.
  std::vector<KioskNumber> replaced_by{};
  // A release that is on show for its ring and that its program is too old for, and the number of
  // the program that this wants (odop::kProgramNumber); 0 = none.
  ReleaseNumber waiting;
  std::uint32_t waiting_program = 0;
};

[[nodiscard]] Result<std::vector<KioskView>> list_kiosks(Store& store, WallTime now);

// The view after setting the mode; the kiosk hears of it within a heartbeat. Errors: kNotFound.
[[nodiscard]] Result<KioskView> configure_kiosk(Store& store, KioskNumber number, KioskMode mode,
                                                WallTime now);

// Who of the staff may say at a kiosk that a form is filled with help, by a PIN of their own.
struct StaffMember {
  std::string name;  // UTF-8, at most forms::kMaxHelperBytes; stands in each submission
  std::string pin;   // six digits; only its hash is kept
};
inline constexpr std::size_t kMaxStaff = 12;  // each costs a kiosk a fifth of a second

// The view after replacing the staff of a kiosk by these; none: nobody. Errors: kNotFound,
// kInvalidArgument (too many; a name that is empty, too long, twice or holds an Aadhaar number; a
// PIN that is not six digits, or twice).
[[nodiscard]] Result<KioskView> set_staff(Store& store, KioskNumber number,
                                          std::span<const StaffMember> staff, WallTime now);

// The view after revoking. Errors: kNotFound.
[[nodiscard]] Result<KioskView> revoke_kiosk(Store& store, KioskNumber number, WallTime now);

}  // namespace odop::syncserver

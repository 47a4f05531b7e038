// Finding opened submissions by what they say without the database telling it: keyed hashes
// (HMAC-SHA-256) of single fields, under a key that lies with the server's keys.
#pragma once

#include "shared/core/bytes.h"
#include "syncserver/service/server_keys.h"

#include <string>
#include <string_view>

namespace odop::syncserver {

inline constexpr std::string_view kMobileLookup = "mobile";  // E.164
inline constexpr std::string_view kEmailLookup = "email";    // lower case

// How a registration's name sounds, and its district: see name_lookup.
inline constexpr std::string_view kNameLookup = "name";

// The reference that a correction corrects: plain digits. Of corrections in quarantine, too.
inline constexpr std::string_view kCorrectsLookup = "corrects";

// Derived from the sealing key, so that no further file must be kept: whoever has that one can read
// what arrives anyway. 32 bytes.
[[nodiscard]] Bytes lookup_key(const ServerKeys& keys);

// What is looked up by kNameLookup: the same for a name in any script. Empty when it has no sound.
[[nodiscard]] std::string name_lookup(std::string_view name, std::string_view district);

// 32 bytes over field name and value.
[[nodiscard]] Bytes lookup_mac(BytesView key, std::string_view field, std::string_view value);

}  // namespace odop::syncserver

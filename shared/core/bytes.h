// Byte strings. std::string carries them, because SQLite, zstd, libsodium, cpp-httplib and JSON all
// take it without a copy; the alias says that the content is not text.
#pragma once

#include <string>
#include <string_view>

namespace odop {

using Bytes = std::string;
using BytesView = std::string_view;

// Lower-case hexadecimal, two characters a byte.
[[nodiscard]] std::string to_hex(BytesView bytes);

// An odd length or a foreign character gives false and
// leaves `out` untouched.
[[nodiscard]] bool from_hex(std::string_view hex, Bytes& out);

// Standard base64 with padding (RFC 4648 section 4).
[[nodiscard]] std::string to_base64(BytesView bytes);

// Strict: no white space, padding required. False leaves `out` untouched.
[[nodiscard]] bool from_base64(std::string_view text, Bytes& out);

// Overwrites what a person wrote before the memory is freed, in a way that the compiler keeps; then
// empty. Not for what a reallocation left behind: reserve first.
void wipe(Bytes& bytes);

}  // namespace odop

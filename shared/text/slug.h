// Ids made from English names: "Gautam Buddha Nagar" -> "gautam-buddha-nagar".
#pragma once

#include <string>
#include <string_view>

namespace odop {

// Lower-case ASCII letters and digits, joined by single hyphens; Latin diacritics are dropped, any
// other character separates. Empty when nothing is left (a name with no Latin letter). Pure.
[[nodiscard]] std::string slug(std::string_view name);

// Whether the text is its own slug: 1 to 64 characters of [a-z0-9] in groups joined by '-'.
[[nodiscard]] bool is_slug(std::string_view text);

}  // namespace odop

// Catalogue records between three forms: JSON as published, values as the screens read them, and
// `lean` bytes that load without parsing (all but the products' stories). Pure. Record types that
// the screens do not know yet are kept as JSON and skipped here, so that a newer publisher harms no
// older kiosk.
#pragma once

#include "kiosk/model/catalogue.h"
#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// Changes whenever the lean form does; an older file is then read from its JSON.
inline constexpr std::int64_t kLeanVersion = 5;

// Bytes for `lean`; nullopt for a type that no screen reads. Unknown fields are passed over,
// missing ones stay empty. Errors: kMalformed (no JSON object, a field of a wrong shape, an empty
// name).
[[nodiscard]] Result<std::optional<Bytes>> lean_of(const wire::Record& record);

// The story that a product's record tells. Errors: kMalformed, as above.
[[nodiscard]] Result<Story> story_of(const wire::Record& product);

// Appends the record to its list in `catalogue`; a form that this program does not understand is
// left out (form_records.h). Errors: kCorrupt.
[[nodiscard]] Status add_lean(std::string_view type, BytesView lean, Catalogue& catalogue);

// A medium that a record names in its fields "thumbnail" and "picture". The publisher derives a
// release's media in the same way, and the manifest's digest covers them.
struct MediumName {
  std::string hash;  // lower-case hex SHA-256
  wire::ItemKind kind = wire::ItemKind::kPicture;
};
[[nodiscard]] Result<std::vector<MediumName>> media_of(const wire::Record& record);

// "Gautam Buddha Nagar" -> "gautam-buddha-nagar"; a slug stays what it is.
[[nodiscard]] std::string slug_of(std::string_view name);

}  // namespace odop::kiosk

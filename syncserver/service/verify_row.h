// Whether what the database says of a submission or a release is what its device or its publisher
// signed. Pure. Each returns what is wrong in a few words without personal data, empty when nothing
// is.
#pragma once

#include "shared/wire/messages.h"
#include "syncserver/store/catalogue_records.h"
#include "syncserver/store/submission_records.h"

#include <span>
#include <string>

namespace odop::syncserver {

// The columns that are copies of the envelope's signed header.
[[nodiscard]] std::string header_problem(const Submission& row, const wire::EnvelopeHeader& header);

// A state comes with a reason or without, and with a body or without.
[[nodiscard]] std::string state_problem(const Submission& row);

// The columns that are copies of the signed manifest, and the release's items.
[[nodiscard]] std::string manifest_problem(const Release& row, std::span<const ReleaseItem> items,
                                           const wire::Manifest& manifest);

// The columns that are copies of the signed pointer.
[[nodiscard]] std::string pointer_problem(const StoredPointer& row, const wire::Pointer& pointer);

}  // namespace odop::syncserver

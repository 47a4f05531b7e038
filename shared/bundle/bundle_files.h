// Files of bundles: where they lie on a stick, and the system calls that reader and writer share.
#pragma once

#include "shared/core/descriptor.h"
#include "shared/core/result.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace odop::bundle {

inline constexpr std::string_view kExtension = ".odop";
// A stick with more holds something else.
inline constexpr std::size_t kMaxBundlesInFolder = 2'000;

// The error of a system call that just failed, by errno, in words for a person.
[[nodiscard]] Error error_of_system(std::string_view what);

// A bundle for reading: a regular file, never a link, a pipe or a device that a hostile stick may
// hold. Errors: kNotFound, kMalformed (no regular file), kIo.
[[nodiscard]] Result<Descriptor> open_bundle_file(const std::filesystem::path& file);

// `place` itself when it is a file; else every *.odop right in that folder, by name. What is being
// written has another extension. Errors: kNotFound (no such place, or none in it), kTooLarge, kIo.
[[nodiscard]] Result<std::vector<std::filesystem::path>> bundles_at(
    const std::filesystem::path& place);

}  // namespace odop::bundle

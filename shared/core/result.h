// Result<T>: a value, or the reason why there is none. Only what std::expected will also have is
// used: has_value, value, error, and_then, or_else, transform (tl spells the last one `map` as
// well).
#pragma once

#include "shared/core/error.h"

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace odop {

template <typename T>
using Result = tl::expected<T, Error>;

using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string context) {
  return tl::make_unexpected(Error{code, std::move(context)});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::make_unexpected(std::move(error));
}

}  // namespace odop

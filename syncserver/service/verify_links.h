// The part of verification that looks at how rows hang together: what was here and is gone, tokens,
// pointers, the feed. Reads only; may run beside a serving server.
#pragma once

#include "shared/core/result.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/store.h"

#include <functional>
#include <string>

namespace odop::syncserver {

// Takes a problem, one line without personal data.
using ProblemSink = std::function<void(std::string)>;

// Rows that name one that is gone; submissions that were taken in, or that a backup covered, and
// are gone. What never arrived is no problem of the database: the fleet's list tells of it.
[[nodiscard]] Status verify_rows_are_here(Store& store, const ProblemSink& problem);

// Each device's token is the one that follows from the server's key.
[[nodiscard]] Status verify_tokens(Store& store, const ServerKeys& keys,
                                   const ProblemSink& problem);

// Each pointer is signed, says what its row says, and names a release with that manifest.
[[nodiscard]] Status verify_pointers(Store& store, const ServerKeys& keys,
                                     const ProblemSink& problem);

// Each entry of the feed can be read (they are signed when they are handed out, so nothing says
// more of their bytes); the newest answer to each submission is there; what kiosks were told to
// wipe was withdrawn.
[[nodiscard]] Status verify_feed(Store& store, const ProblemSink& problem);

}  // namespace odop::syncserver

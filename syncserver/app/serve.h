// The serving program: HTTP in front, one thread that opens what arrived behind.
// Internal to the room.
#pragma once

#include "syncserver/app/context.h"

#include <string>

namespace odop::syncserver {

struct ServeOptions {
  std::string listen = "127.0.0.1:8080";  // numeric address and port; port 0 = the system chooses
  bool behind_proxy = false;              // allows another address than loopback
  double rate_limit = -1;                 // requests a second and token; 0 = none; below 0: default
};

// Prints "listening on http://HOST:PORT" on stdout, serves until SIGTERM or SIGINT, lets running
// requests end. Call it before any other thread exists. Returns the exit code.
[[nodiscard]] int serve(Context& context, const ServeOptions& options);

}  // namespace odop::syncserver

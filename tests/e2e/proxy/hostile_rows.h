// The hostile HTTP table as data: what was sent to a bare cpp-httplib and brought it down, what
// proxies and servers disagree about, and what each has to be told. Statuses are those of the
// program and of the nginx that packaging/nginx makes ready, measured once and then promised: a
// defence that is gone shows as another status.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace odop::test {

// 0: the connection ended without an HTTP answer.
using Statuses = std::vector<int>;

struct HostileRow {
  const char* what;
  std::string bytes;
  Statuses direct;  // more than one only where the client's own sending races with the answer
  Statuses behind;  // through nginx
  // After `bytes`, this, so many times (or until the connection ends): what would not fit a test's
  // memory.
  std::string endless = {};
  std::size_t times = 0;
  bool carries_request = false;  // what follows the first request looks like another one
};

[[nodiscard]] std::vector<HostileRow> hostile_rows();

}  // namespace odop::test

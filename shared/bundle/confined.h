// A child process that may compute and answer, and nothing else: it reads one file, writes to one
// pipe, and takes memory. It can open, connect, start, signal and execute nothing (seccomp; where
// the kernel has it, landlock as well); whatever else it tries, the kernel kills it. So bytes from
// a stranger's stick are taken apart where they can do no harm; a crash is an error like any other.
//
// The child is a copy of the caller (fork), so it must not touch what other threads may hold
// locked: start it from a process with one thread, or let `work` keep to memory, libsodium and this
// file.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace odop::bundle {

// The longest message that crosses the pipe.
inline constexpr std::size_t kMaxFrameBytes = 8 * 1024 * 1024;

// The child's end. `work` gets it after all rights are gone.
class ConfinedEnd {
 public:
  ConfinedEnd(int file, int pipe) : file_(file), pipe_(pipe) {}

  // False: the file ends or fails before that.
  [[nodiscard]] bool read_at(std::uint64_t offset, char* out, std::size_t size) const;
  // False: the parent is gone.
  [[nodiscard]] bool send(std::uint8_t tag, BytesView bytes) const;
  // A byte from the parent; 0 when it is gone.
  [[nodiscard]] char await() const;

 private:
  int file_;
  int pipe_;
};

class Confined {
 public:
  struct Frame {
    std::uint8_t tag = 0;
    Bytes bytes;
  };

  // `file` stays the caller's. Errors: kInternal (no process, or the kernel takes no filter: then
  // nothing is read at all).
  [[nodiscard]] static Result<Confined> start(int file,
                                              const std::function<void(const ConfinedEnd&)>& work);
  Confined(Confined&& other) noexcept;
  Confined& operator=(Confined&&) = delete;
  Confined(const Confined&) = delete;
  Confined& operator=(const Confined&) = delete;
  ~Confined();  // kills and reaps

  // The next message; empty when the work ended well. Errors: kMalformed (the child was killed or
  // crashed: names the signal), kTimeout (it said nothing for `patience`), kTooLarge.
  [[nodiscard]] Result<std::optional<Frame>> next(std::chrono::milliseconds patience);
  [[nodiscard]] Status tell(char byte);

 private:
  Confined(pid_t child, int pipe) : child_(child), pipe_(pipe) {}
  [[nodiscard]] Result<std::size_t> read_some(char* out, std::size_t size,
                                              std::chrono::milliseconds patience) const;
  [[nodiscard]] Error how_it_ended();

  pid_t child_;
  int pipe_;
};

}  // namespace odop::bundle

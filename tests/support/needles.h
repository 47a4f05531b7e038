// Texts that must lie nowhere (canaries), looked for in everything that a program keeps.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::test {

// Text of the basic plane as UTF-16 or UTF-32 (2 or 4 bytes each), low or high byte first.
[[nodiscard]] std::string wide(const std::string& text, std::size_t bytes_each, bool low_first);

// Texts in all the ways in which they may lie somewhere (UTF-8, UTF-16, UTF-32; numbers also in two
// groups, as they are shown), found in one pass over the bytes.
class Needles {
 public:
  // UTF-8, of the basic plane, two bytes at least.
  explicit Needles(const std::vector<std::string>& texts);
  // Bytes that are no text, such as sound: looked for as they are. Two at least.
  void add_bytes(const std::string& bytes, const std::string& name);

  // Which of the texts (and names of bytes) stand somewhere in `bytes`.
  [[nodiscard]] std::set<std::string> in(std::string_view bytes) const;

 private:
  struct Spelling {
    std::string bytes;
    std::string name;
    std::size_t anchor = 0;  // of the two bytes that it waits under
  };
  // Under two bytes each, the first of which is no zero where there is one: disks and memory are
  // full of zeros.
  std::vector<std::vector<Spelling>> waiting_;
};

// Whether the heap keeps what was freed as it was, so that memory need not be searched.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

struct MemorySearch {
  std::map<std::string, std::string> found;  // text, and the name of a mapping that holds it
  std::size_t bytes = 0;                     // that were read
};

// Every byte that a process has in memory and may write to, swapped out or not. The process must be
// our own child, or we root. Throws std::runtime_error when its memory cannot be read.
[[nodiscard]] MemorySearch search_memory(pid_t process, const Needles& needles);

}  // namespace odop::test

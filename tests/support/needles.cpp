#include "tests/support/needles.h"

#include "shared/text/utf8.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace odop::test {
namespace {

constexpr std::size_t kReadAtOnce = 4 * 1024 * 1024;  // of memory
constexpr std::size_t kOverlap = 4096;                // more than any needle is long

bool is_number(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> spellings(const std::string& text) {
  std::vector<std::string> all{text};
  if (is_number(text)) {
    const auto half = text.size() / 2;
    all.push_back(text.substr(0, half) + " " + text.substr(half));
  }
  const std::size_t plain = all.size();
  for (std::size_t i = 0; i < plain; ++i) {
    for (const std::size_t each : {2U, 4U}) {
      all.push_back(wide(all[i], each, true));
      all.push_back(wide(all[i], each, false));
    }
  }
  return all;
}

std::size_t key(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) << 8U |
         static_cast<unsigned char>(bytes[at + 1]);
}

}  // namespace

std::string wide(const std::string& text, std::size_t bytes_each, bool low_first) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    for (std::size_t i = 0; i < bytes_each; ++i) {
      const std::size_t place = low_first ? i : bytes_each - 1 - i;
      out.push_back(static_cast<char>(static_cast<unsigned char>(c >> (8 * place))));
    }
  }
  return out;
}

Needles::Needles(const std::vector<std::string>& texts) : waiting_(1U << 16U) {
  for (const auto& text : texts) {
    for (const auto& spelling : spellings(text)) add_bytes(spelling, text);
  }
}

void Needles::add_bytes(const std::string& bytes, const std::string& name) {
  const std::size_t anchor = std::min(bytes.find_first_not_of('\0'), bytes.size() - 2);
  waiting_.at(key(bytes, anchor)).push_back({bytes, name, anchor});
}

std::set<std::string> Needles::in(std::string_view bytes) const {
  std::set<std::string> found;
  for (std::size_t at = 0; at + 1 < bytes.size(); ++at) {
    for (const Spelling& one : waiting_[key(bytes, at)]) {
      if (at < one.anchor) continue;
      if (bytes.compare(at - one.anchor, one.bytes.size(), one.bytes) == 0) found.insert(one.name);
    }
  }
  return found;
}

MemorySearch search_memory(pid_t process, const Needles& needles) {
  const std::string folder = "/proc/" + std::to_string(process);
  const int memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) throw std::runtime_error{"the memory of the process cannot be read"};
  MemorySearch search;
  std::ifstream maps(folder + "/maps");
  std::string piece(kReadAtOnce, '\0');
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);
    std::size_t first = 0;
    std::size_t end = 0;
    char dash = 0;
    std::string rights;
    std::string skipped;
    std::string name;
    fields >> std::hex >> first >> dash >> end >> rights >> skipped >> skipped >> skipped >> name;
    // What cannot be written to is a program or a file; devices give no bytes.
    if (!rights.starts_with("rw")) continue;
    for (std::size_t at = first; at < end;) {
      const auto got =
          ::pread(memory, piece.data(), std::min(kReadAtOnce, end - at), static_cast<off_t>(at));
      if (got <= 0) break;
      const auto size = static_cast<std::size_t>(got);
      search.bytes += size;
      for (const auto& text : needles.in(std::string_view(piece).substr(0, size))) {
        search.found.emplace(text, name.empty() ? "a mapping without name" : name);
      }
      at += size <= kOverlap || at + size == end ? size : size - kOverlap;
    }
  }
  ::close(memory);
  if (search.bytes == 0) throw std::runtime_error{"no byte of the process could be read"};
  return search;
}

}  // namespace odop::test

#include "kiosk/app/sticks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace odop::kiosk::app {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Blanks, tabs, line ends and backslashes of a path are written as \ooo.
std::string plain_path(std::string_view text) {
  std::string out;
  const auto octal = [](char c) { return c >= '0' && c <= '7'; };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escaped = text[at] == '\\' && at + 3 < text.size() && octal(text[at + 1]) &&
                         octal(text[at + 2]) && octal(text[at + 3]);
    if (!escaped) {
      out.push_back(text[at]);
      continue;
    }
    const int code = (text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0');
    out.push_back(static_cast<char>(code));
    at += 3;
  }
  return out;
}

bool has(const std::vector<std::string_view>& options, std::string_view wanted) {
  return std::ranges::find(options, wanted) != options.end();
}

// Of one line; nothing when it is not below `folder`. Fields: id, parent, device, root, mount
// point, options, any number of tags, "-", type, source, options of the file system.
std::optional<MountedStick> stick_of(std::string_view line, const std::filesystem::path& folder) {
  const auto fields = split(line, ' ');
  constexpr std::size_t kPoint = 4;
  constexpr std::size_t kOptions = 5;
  const auto dash = std::ranges::find(fields, "-");
  if (dash - fields.begin() <= static_cast<std::ptrdiff_t>(kOptions)) return std::nullopt;
  if (fields.end() - dash < 4) return std::nullopt;
  MountedStick stick{plain_path(fields[kPoint]), StickMount::kUnsafe};
  const std::filesystem::path inside = stick.folder.lexically_relative(folder);
  if (inside.empty() || inside == "." || *inside.begin() == "..") return std::nullopt;
  const auto options = split(fields[kOptions], ',');
  const auto of_file_system = split(dash[3], ',');
  constexpr std::array<std::string_view, 3> kDemanded{"nosuid", "nodev", "noexec"};
  const bool safe =
      std::ranges::all_of(kDemanded, [&](std::string_view one) { return has(options, one); });
  if (!safe) return stick;
  const bool writable = has(options, "rw") && !has(of_file_system, "ro");
  stick.mount = writable ? StickMount::kGood : StickMount::kReadOnly;
  return stick;
}

}  // namespace

std::optional<MountedStick> find_stick(std::string_view mountinfo,
                                       const std::filesystem::path& folder) {
  std::filesystem::path watched = folder.lexically_normal();
  if (!watched.has_filename()) watched = watched.parent_path();
  std::optional<MountedStick> last;
  for (const std::string_view line : split(mountinfo, '\n')) {
    if (auto stick = stick_of(line, watched)) last = std::move(stick);
  }
  return last;
}

}  // namespace odop::kiosk::app

#include "syncserver/service/erasure_list.h"

#include "shared/core/bytes.h"
#include "syncserver/service/media_folder.h"

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxListBytes = 256 * 1024 * 1024;

std::string line_of(const Erased& one) {
  return json{{"hash", to_hex(one.hash)},  {"device", one.device},
              {"epoch", one.epoch.value},  {"sequence", one.sequence.value},
              {"kind", one.kind},          {"reference", one.reference},
              {"erased_ms", one.erased_ms}}
             .dump() +
         "\n";
}

}  // namespace

Status append_erased(const std::filesystem::path& file, std::span<const Erased> erased) {
  std::string lines;
  for (const Erased& one : erased) lines += line_of(one);
  return append_lines_durably(file, std::move(lines));
}

Result<std::vector<Erased>> read_erased(const std::filesystem::path& file) {
  std::vector<Erased> all;
  const auto text = read_file(file, kMaxListBytes);
  if (!text.has_value()) {
    if (text.error().code == ErrorCode::kNotFound) return all;
    return fail(text.error());
  }
  std::set<Bytes> seen;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const bool whole = end != std::string_view::npos;
    rest.remove_prefix(whole ? end + 1 : rest.size());
    if (line.empty()) continue;
    const json one = json::parse(line, nullptr, false);
    Erased erased;
    try {
      const bool good = from_hex(one.at("hash").get<std::string>(), erased.hash);
      erased.device = one.at("device").get<std::string>();
      erased.epoch = Epoch{one.at("epoch").get<std::uint64_t>()};
      erased.sequence = Sequence{one.at("sequence").get<std::uint64_t>()};
      erased.kind = one.at("kind").get<std::uint8_t>();
      erased.reference = one.at("reference").get<std::string>();
      erased.erased_ms = one.at("erased_ms").get<std::int64_t>();
      if (!good) return fail(ErrorCode::kCorrupt, file.string());
    } catch (const json::exception&) {
      // The beginning of a line: it was cut off, by a power cut before its erasure.
      if (one.is_discarded()) continue;
      return fail(ErrorCode::kCorrupt, file.string());
    }
    if (seen.insert(erased.hash).second) all.push_back(std::move(erased));
  }
  return all;
}

Status forget_all(Store& store, KeyStore& record_keys, std::span<const Erased> erased) {
  for (const Erased& one : erased) {
    Status gone = record_keys.destroy(to_hex(one.hash)).and_then([&] { return store.forget(one); });
    if (!gone.has_value()) return gone;
  }
  return erased.empty() ? Status() : store.truncate_log();
}

}  // namespace odop::syncserver

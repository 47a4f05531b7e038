#include "syncserver/app/context.h"

#include "syncserver/store/sql_store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace odop::syncserver {

namespace {

// The login name; of whoever used sudo, if somebody did.
std::string system_user() {
  // Read before any other thread exists.
  if (const char* behind = std::getenv("SUDO_USER");
      behind != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    return one_line(behind);
  }
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> room{};
  const uid_t user = ::getuid();
  if (::getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found != nullptr) {
    return entry.pw_name;
  }
  return fmt::format("user {}", user);
}

std::string actor_of(const CommonOptions& options) {
  const std::string user = system_user();
  return options.as.empty() ? user : fmt::format("{} ({})", options.as, user);
}

}  // namespace

std::string database_address(const CommonOptions& options) {
  if (!options.database.empty()) return options.database;
  return DataFolder{options.data}.database().string();
}

Result<std::unique_ptr<Context>> open_context(const CommonOptions& options) {
  const DataFolder folder{options.data};
  std::error_code ignored;
  if (std::filesystem::exists(folder.unfinished(), ignored)) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("a restore into {} was interrupted; run it again (odop-syncserver "
                            "restore BACKUP --data {})",
                            options.data, options.data));
  }
  if (!std::filesystem::exists(folder.keys(), ignored)) {
    return fail(ErrorCode::kNotFound,
                fmt::format("{} is not initialised; run: odop-syncserver init --data {}",
                            options.data, options.data));
  }
  auto keys = load_server_keys(folder.keys());
  if (!keys.has_value()) return fail(keys.error());
  auto store = open_store(database_address(options));
  if (!store.has_value()) return fail(store.error());
  // Keys, and a database that was made just now: a file was lost, and going on would give kiosk
  // numbers and references a second time.
  if (const auto named = (*store)->generation(); !named.has_value()) {
    if (named.error().code != ErrorCode::kNotFound) return fail(named.error());
    return fail(
        ErrorCode::kCorrupt,
        fmt::format("{} has keys, and a database without anything in it: restore the newest "
                    "backup into another folder (odop-syncserver restore), or remove this one and "
                    "run init again when nothing was ever in it",
                    options.data));
  }
  auto record_keys = open_key_store(folder.record_keys());
  if (!record_keys.has_value()) return fail(record_keys.error());
  return std::unique_ptr<Context>(new Context{folder,
                                              database_address(options),
                                              std::move(*store),
                                              std::move(*record_keys),
                                              std::move(*keys),
                                              MediaFolder(folder.media()),
                                              {},
                                              {},
                                              actor_of(options)});
}

Status audit_look(Context& context, std::string_view act, std::string_view subject) {
  return context.audit().note(act, subject, "looked at");
}

std::string one_line(std::string_view text) {
  constexpr std::size_t kMaxLine = 500;
  const bool cut = text.size() > kMaxLine;
  if (cut) {
    std::size_t end = kMaxLine;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U && end > 0) --end;
    text = text.substr(0, end);
  }
  std::string line(text);
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return cut ? line + "..." : line;
}

Status known_district(Context& context, const std::string& id) {
  if (id.empty()) return {};
  const auto districts = context.store->draft_of("district");
  if (!districts.has_value()) return fail(districts.error());
  if (districts->empty() ||
      std::ranges::find(*districts, id, &CatalogueRecord::id) != districts->end()) {
    return {};
  }
  return fail(ErrorCode::kNotFound, fmt::format("there is no district \"{}\"", id));
}

int fail_with(const Error& error) {
  fmt::print(stderr, "odop-syncserver: {} ({})\n", one_line(error.context), name_of(error.code));
  return kFailed;
}

int fail_with_words(const Error& error) {
  const bool words =
      error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kTooLarge;
  const int failed = fail_with(error);
  return words ? kWrongArguments : failed;
}

int print_json(const nlohmann::json& value) {
  fmt::print("{}\n", value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return kDone;
}

std::string iso_time(std::int64_t unix_ms) {
  if (unix_ms == 0) return {};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(static_cast<std::time_t>(unix_ms / 1000)));
}

std::string local_time(std::int64_t unix_ms) {
  if (unix_ms == 0) return "-";
  constexpr std::int64_t kIndiaSeconds = 5 * 3600 + 1800;
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000 + kIndiaSeconds);
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(seconds));
}

}  // namespace odop::syncserver

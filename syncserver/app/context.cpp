#include "syncserver/app/context.h"

#include "syncserver/store/sql_store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <system_error>
#include <utility>

namespace odop::syncserver {

std::string database_address(const CommonOptions& options) {
  if (!options.database.empty()) return options.database;
  return DataFolder{options.data}.database().string();
}

Result<std::unique_ptr<Context>> open_context(const CommonOptions& options) {
  const DataFolder folder{options.data};
  std::error_code ignored;
  if (!std::filesystem::exists(folder.keys(), ignored)) {
    return fail(ErrorCode::kNotFound,
                fmt::format("{} is not initialised; run: odop-syncserver init --data {}",
                            options.data, options.data));
  }
  auto keys = load_server_keys(folder.keys());
  if (!keys.has_value()) return fail(keys.error());
  auto store = open_store(database_address(options));
  if (!store.has_value()) return fail(store.error());
  auto record_keys = open_key_store(folder.record_keys());
  if (!record_keys.has_value()) return fail(record_keys.error());
  return std::unique_ptr<Context>(new Context{folder,
                                              database_address(options),
                                              std::move(*store),
                                              std::move(*record_keys),
                                              std::move(*keys),
                                              MediaFolder(folder.media()),
                                              {},
                                              {}});
}

int fail_with(const Error& error) {
  std::string line = error.context;
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  fmt::print(stderr, "odop-syncserver: {} ({})\n", line, name_of(error.code));
  return kFailed;
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

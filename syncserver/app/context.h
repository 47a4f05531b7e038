// What every command needs: the opened data folder, and one way to speak to the person.
// Internal to the room.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "syncserver/service/audit.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace odop::syncserver {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongArguments = 2;

// Arguments that all commands share.
struct CommonOptions {
  std::string data;
  std::string database;  // empty: odop.db in the data folder
  bool json = false;
  std::string as;  // who acts, for the audit log; empty: the user of the operating system
};

// An initialised data folder, opened.
struct Context {
  DataFolder folder;
  std::string database;
  std::unique_ptr<Store> store;
  std::unique_ptr<KeyStore> record_keys;
  ServerKeys keys;
  MediaFolder media;
  SystemClock clock;
  SystemRandom random;
  std::string actor;  // "ravi", "meera (ravi)": who acts, as the audit log names them

  // In the name of whoever runs the command; lives as long as the context.
  [[nodiscard]] AuditLog audit() { return {*store, keys.server, clock, folder, actor}; }
};

// Runs `work(text)`, which returns the exit code and puts what came of it into `text` (ids and
// numbers, no personal data), as one act of the audit log: ordered before, its outcome after.
// Nothing is done when the order cannot be entered.
template <typename Work>
int audited(Context& context, std::string_view act, std::string_view subject, const Work& work);
// The same for looking at personal data, which is entered once.
[[nodiscard]] Status audit_look(Context& context, std::string_view act, std::string_view subject);

// Errors: kNotFound (not initialised; the context says what to do), kCorrupt (the database was lost
// from beside its keys), and those of opening.
[[nodiscard]] Result<std::unique_ptr<Context>> open_context(const CommonOptions& options);

// Whether the catalogue's draft has this district, so that a mistyped one does not look like one
// where nothing came in. Empty passes, and any when the draft has no districts. Errors: kNotFound.
[[nodiscard]] Status known_district(Context& context, const std::string& id);

[[nodiscard]] std::string database_address(const CommonOptions& options);

// `text` as one line a terminal can show: control characters become spaces, and what is beyond 500
// bytes is cut off.
[[nodiscard]] std::string one_line(std::string_view text);

// One clear line on stderr; returns kFailed.
int fail_with(const Error& error);

// The same for a command whose words alone can be invalid or too large: then kWrongArguments.
int fail_with_words(const Error& error);

// JSON on one line, or text, on stdout; returns kDone.
int print_json(const nlohmann::json& value);

// "2026-11-24T06:05:00Z", for JSON; empty for 0.
[[nodiscard]] std::string iso_time(std::int64_t unix_ms);

// "2026-11-24 11:35" in Indian time (UTC+5:30), "-" for 0.
[[nodiscard]] std::string local_time(std::int64_t unix_ms);

template <typename Work>
int audited(Context& context, std::string_view act, std::string_view subject, const Work& work) {
  AuditLog log = context.audit();
  const auto order = log.order(act, subject);
  if (!order.has_value()) return fail_with(order.error());
  std::string text;
  const int exit_code = work(text);
  const std::string came = exit_code == kDone ? "done" : "failed";
  text = text.empty() ? came : came + ": " + text;
  const Status entered = log.finish(*order, act, subject, text);
  if (!entered.has_value() && exit_code == kDone) {
    return fail_with({entered.error().code, "it was done, but the audit log could not say so: " +
                                                entered.error().context});
  }
  return exit_code;
}

}  // namespace odop::syncserver

#include "syncserver/store/sql_store.h"

#include "shared/core/bytes.h"
#include "syncserver/store/hot_statements.h"
#include "syncserver/store/sql_store_impl.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace odop::syncserver {

Result<std::unique_ptr<Store>> open_store(const std::string& address) {
  return guarded([&]() -> Result<std::unique_ptr<Store>> {
    DatabaseAddress where{address};
    auto writer = std::make_unique<Connection>(where, kWriterCacheKib);
    writer->settle_log();
    if (Status migrated = writer->migrate(main_schema()); !migrated.has_value()) {
      return fail(std::move(migrated.error()));
    }
    return std::make_unique<SqlStore>(std::move(where), std::move(writer));
  });
}

Result<std::vector<Store::Watermark>> SqlStore::copy_to(const std::filesystem::path& target) {
  const Status copied =
      read([&](Connection& connection) { return copy_sqlite(connection, target); });
  if (!copied.has_value()) return fail(copied.error());
  // Opening it settles its bytes: no log stays beside it when it is closed.
  const auto copy = open_store(target.string());
  if (!copy.has_value()) return fail(copy.error());
  if (Status good = (*copy)->check(); !good.has_value()) return fail(good.error());
  return (*copy)->watermarks();
}

Result<std::string> SqlStore::generation() {
  return read([](Connection& connection) -> Result<std::string> {
    std::string value;
    connection.sql << "SELECT value FROM meta WHERE name = 'generation'", soci::into(value);
    if (value.empty()) return fail(ErrorCode::kNotFound, "the database was never initialised");
    return value;
  });
}

namespace {

void write_generation(soci::session& sql, const std::string& uuid) {
  sql << "INSERT INTO meta (name, value) VALUES ('generation', :v) ON CONFLICT (name) DO UPDATE "
         "SET "
         "value = excluded.value",
      soci::use(uuid);
}

long long floor_of(soci::session& sql, const std::string& counter) {
  long long value = 0;
  sql << "SELECT COALESCE(MAX(value), 0) FROM counters WHERE name = :n", soci::use(counter),
      soci::into(value);
  return value;
}

constexpr std::int64_t k2020Ms = 1'577'836'800'000;
constexpr std::int64_t k2026Ms = 1'767'225'600'000;
constexpr std::int64_t kSecondMs = 1'000;
constexpr std::int64_t kMinuteMs = 60'000;

// Above what this database gave out (`highest`), and above what one that was restored from the same
// backup before may have given out: nobody answers a case once a second for long, or publishes once
// a minute. No fixed step would do, since it leads two restores of one backup to the same number;
// it is for a clock that is wrong.
void raise_floor(soci::session& sql, const std::string& counter, const char* highest,
                 std::span<const long long> times, long long least = 0) {
  long long given = 0;
  sql << highest, soci::into(given);
  const long long known = std::max(given, floor_of(sql, counter));
  long long value = known + 1'000;
  for (const long long time : times) {
    if (time <= known) continue;
    value = time;
    break;
  }
  value = std::max(value, least);
  sql << "INSERT INTO counters (name, value) VALUES (:n, :v) ON CONFLICT (name) DO UPDATE SET "
         "value = excluded.value",
      soci::use(counter), soci::use(value);
}

}  // namespace

Status SqlStore::set_generation(const std::string& uuid) {
  return writer_.run([&](Connection& connection) -> Status {
    write_generation(connection.sql, uuid);
    return {};
  });
}

Status SqlStore::begin_new_life(const NewLife& life) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    write_generation(sql, life.generation);
    sql << "UPDATE counters SET value = value + 1000000 WHERE name = 'feed'";
    if (life.kiosks_after.value != 0) {
      const long long after = i64(life.kiosks_after.value);
      sql << "UPDATE counters SET value = :v WHERE name = 'kiosk'", soci::use(after);
    }
    const long long seconds = (life.now_ms - k2020Ms) / kSecondMs;
    const std::array<long long, 2> short_first{(life.now_ms - k2026Ms) / kMinuteMs, seconds};
    const std::span<const long long> only_seconds = std::span(short_first).last(1);
    raise_floor(sql, "release", "SELECT COALESCE(MAX(number), 0) FROM releases", short_first,
                i64(life.releases_after.value));
    raise_floor(sql, "serial", "SELECT COALESCE(MAX(serial), 0) FROM pointers", only_seconds);
    raise_floor(sql, "answer", "SELECT COALESCE(MAX(answer), 0) FROM submissions", only_seconds);
    return {};
  });
}

Result<Store::Floors> SqlStore::floors() {
  return read([](Connection& connection) -> Result<Floors> {
    soci::session& sql = connection.sql;
    Floors floors;
    floors.kiosk = KioskNumber{u64(floor_of(sql, "kiosk"))};
    floors.release = ReleaseNumber{u64(floor_of(sql, "release"))};
    floors.serial = u64(floor_of(sql, "serial"));
    floors.answer = static_cast<std::uint32_t>(floor_of(sql, "answer"));
    return floors;
  });
}

Status SqlStore::check() {
  return read([](Connection& connection) { return connection.check(); });
}

Status SqlStore::truncate_log() {
  return read([](Connection& connection) -> Status {
    connection.truncate_log();
    return {};
  });
}

long long next_number(soci::session& sql, const char* counter, long long by) {
  long long value = 0;
  const std::string name = counter;
  sql << "UPDATE counters SET value = value + :by WHERE name = :name RETURNING value",
      soci::use(by), soci::use(name), soci::into(value);
  return value;
}

void insert_alarm(soci::session& sql, const Alarm& alarm) {
  const long long id = next_number(sql, "alarm");
  const long long at_ms = alarm.at_ms;
  sql << "INSERT INTO alarms (id, at_ms, kind, device, detail) VALUES (:i, :t, :k, :d, :x)",
      soci::use(id), soci::use(at_ms), soci::use(alarm.kind), soci::use(alarm.device),
      soci::use(alarm.detail);
}

long long insert_feed(soci::session& sql, const Audience& audience, int kind, const Bytes& payload,
                      std::int64_t now_ms) {
  const long long position = next_number(sql, "feed");
  const int everyone = audience.everyone ? 1 : 0;
  const std::string text = to_base64(payload);
  const long long at_ms = now_ms;
  sql << "INSERT INTO feed (position, everyone, device, venue, district, kind, payload, at_ms) "
         "VALUES (:p, :e, :d, :v, :x, :k, :b, :t)",
      soci::use(position), soci::use(everyone), soci::use(audience.device),
      soci::use(audience.venue), soci::use(audience.district), soci::use(kind), soci::use(text),
      soci::use(at_ms);
  return position;
}

void insert_event(soci::session& sql, const CaseEvent& event) {
  const long long id = next_number(sql, "event");
  const long long case_id = event.case_id;
  const long long at_ms = event.at_ms;
  const std::string body = to_base64(event.text);
  sql << "INSERT INTO case_events (id, case_id, at_ms, actor, state, body) VALUES (:i, :c, :t, :a, "
         ":s, :b)",
      soci::use(id), soci::use(case_id), soci::use(at_ms), soci::use(event.actor),
      soci::use(event.state), soci::use(body);
}

Bytes unbase64(const std::string& text) {
  Bytes out;
  if (!from_base64(text, out)) out.clear();
  return out;
}

Bytes unhex(const std::string& text) {
  Bytes out;
  if (!from_hex(text, out)) out.clear();
  return out;
}

}  // namespace odop::syncserver

// Kiosks, devices, heartbeats, alarms and the feed.
#include "shared/core/bytes.h"
#include "syncserver/store/hot_statements.h"
#include "syncserver/store/sql_store_impl.h"

#include <utility>

namespace odop::syncserver {

namespace {

constexpr int kFeedConfiguration = 4;  // number of wire::FeedKind::kConfiguration

Device device_from(const HotStatements& hot) {
  Device device;
  device.id = hot.id;
  device.kiosk = KioskNumber{u64(hot.kiosk)};
  device.public_key = unbase64(hot.public_key);
  device.token_hash = hot.token_hash;
  device.epoch = Epoch{u64(hot.epoch)};
  device.enrolled_ms = hot.enrolled_ms;
  device.revoked_ms = hot.revoked_ms;
  device.forked_ms = hot.forked_ms;
  device.demanded_ms = hot.demanded_ms;
  device.former = hot.former;
  device.covered_epoch = Epoch{u64(hot.covered_epoch)};
  device.covered_sequence = Sequence{u64(hot.covered_sequence)};
  device.venue = hot.venue;
  device.district = hot.district;
  device.ring = hot.ring;
  device.name = hot.name;
  return device;
}

// The answer to an enrolment may be lost on its way, and its code is used up by then. So whoever
// brings code and key once more, in time and before the device was ever heard of, is that device.
// Nothing is written: a request that comes late or twice must not lock out the device that uses the
// first answer already.
Status enrol_again(soci::session& sql, const std::string& code_hash, Device& device,
                   long long now) {
  const std::string key = to_base64(device.public_key);
  long long number = 0;
  long long epoch = 0;
  std::string id;
  std::string token_hash;
  sql << "SELECT d.id, d.epoch, d.token_hash, k.number, k.name, k.venue, k.district, k.ring FROM "
         "kiosks k JOIN devices d ON d.kiosk = k.number JOIN device_states s ON s.device = d.id "
         "WHERE k.code_hash = :h AND k.code_expires_ms > :now AND d.public_key = :p AND "
         "d.revoked_ms = 0 AND s.seen_ms = 0",
      soci::use(code_hash), soci::use(now), soci::use(key), soci::into(id), soci::into(epoch),
      soci::into(token_hash), soci::into(number), soci::into(device.name), soci::into(device.venue),
      soci::into(device.district), soci::into(device.ring);
  if (!sql.got_data()) {
    return fail(ErrorCode::kUnauthorized, "unknown, used or expired enrolment code");
  }
  device.id = id;
  device.token_hash = token_hash;
  device.epoch = Epoch{u64(epoch)};
  device.kiosk = KioskNumber{u64(number)};
  return {};
}

// The row, with what the fleet hears of it from now on.
void insert_device(soci::session& sql, const Device& device, long long now) {
  const std::string key = to_base64(device.public_key);
  const long long number = i64(device.kiosk.value);
  const long long epoch = i64(device.epoch.value);
  sql << "INSERT INTO devices (id, kiosk, public_key, token_hash, epoch, enrolled_ms, revoked_ms, "
         "forked_ms, covered_epoch, covered_sequence) "
         "VALUES (:i, :k, :p, :t, :e, :now, 0, 0, 0, 0)",
      soci::use(device.id), soci::use(number), soci::use(key), soci::use(device.token_hash),
      soci::use(epoch), soci::use(now);
  sql << "INSERT INTO device_states (device, seen_ms, release_shown, pointer_serial, feed, queue, "
         "last_sequence, oldest_unsent_ms, free_bytes, clock_offset_ms, app_version) "
         "VALUES (:d, 0, 0, 0, 0, 0, 0, 0, 0, 0, '')",
      soci::use(device.id);
}

// What it gave out, never lower than it said before.
void raise_last_sequence(soci::session& sql, const Device& device) {
  const long long last = i64(device.state.last_sequence.value);
  if (last == 0) return;
  sql << "UPDATE device_states SET last_sequence = :l WHERE device = :d AND last_sequence < :m",
      soci::use(last), soci::use(device.id), soci::use(last);
}

}  // namespace

Result<KioskNumber> SqlStore::add_kiosk(const Kiosk& kiosk) {
  long long number = 0;
  Status done = writer_.run([&](Connection& connection) -> Status {
    // A life that filled its block of numbers comes upon those of an earlier one.
    for (long long taken = 1; taken != 0;) {
      number = next_number(connection.sql, "kiosk");
      connection.sql << "SELECT COUNT(*) FROM kiosks WHERE number = :n", soci::use(number),
          soci::into(taken);
    }
    const long long expires = kiosk.code_expires_ms;
    const long long created = kiosk.created_ms;
    connection.sql << "INSERT INTO kiosks (number, name, venue, district, ring, code_hash, "
                      "code_expires_ms, code_used_ms, created_ms, configuration) VALUES (:n, "
                      ":name, :v, :d, :r, :h, :e, 0, :c, :f)",
        soci::use(number), soci::use(kiosk.name), soci::use(kiosk.venue), soci::use(kiosk.district),
        soci::use(kiosk.ring), soci::use(kiosk.code_hash), soci::use(expires), soci::use(created),
        soci::use(kiosk.configuration);
    return {};
  });
  if (!done.has_value()) return fail(std::move(done.error()));
  return KioskNumber{u64(number)};
}

Result<Device> SqlStore::enrol(const std::string& code_hash, Device device, std::int64_t now_ms) {
  Status done = writer_.run([&](Connection& connection) -> Status {
    const long long now = now_ms;
    long long number = 0;
    std::string configuration;
    connection.sql << "UPDATE kiosks SET code_used_ms = :now WHERE code_hash = :h AND "
                      "code_used_ms = 0 AND code_expires_ms > :now2 RETURNING number, name, venue, "
                      "district, ring, configuration",
        soci::use(now), soci::use(code_hash), soci::use(now), soci::into(number),
        soci::into(device.name), soci::into(device.venue), soci::into(device.district),
        soci::into(device.ring), soci::into(configuration);
    if (!connection.sql.got_data()) return enrol_again(connection.sql, code_hash, device, now);
    device.kiosk = KioskNumber{u64(number)};
    insert_device(connection.sql, device, now);
    if (!configuration.empty()) {
      const Audience audience{.everyone = false, .device = device.id, .venue = {}, .district = {}};
      (void)insert_feed(connection.sql, audience, kFeedConfiguration, configuration, now_ms);
    }
    return {};
  });
  if (!done.has_value()) return fail(std::move(done.error()));
  device.enrolled_ms = now_ms;
  return device;
}

Result<Device> SqlStore::readmit(const Device& device, std::int64_t now_ms) {
  Status done = writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long now = now_ms;
    const long long number = i64(device.kiosk.value);
    std::string holder;
    sql << "SELECT id FROM devices WHERE kiosk = :k", soci::use(number), soci::into(holder);
    if (sql.got_data()) {
      if (holder != device.id) {
        return fail(ErrorCode::kConflict, "another device has this kiosk number");
      }
      raise_last_sequence(sql, device);
      return {};
    }
    // Its code, if it is here, is used up: nobody else may become this kiosk.
    std::string name;
    sql << "UPDATE kiosks SET code_used_ms = :now WHERE number = :k RETURNING name", soci::use(now),
        soci::use(number), soci::into(name);
    if (!sql.got_data()) {
      const std::string no_code = "readmitted " + device.id;  // no hash is written like this
      sql << "INSERT INTO kiosks (number, name, venue, district, ring, code_hash, code_expires_ms, "
             "code_used_ms, created_ms, configuration) "
             "VALUES (:n, :name, :v, :d, :r, :h, 0, :u, :c, '')",
          soci::use(number), soci::use(device.name), soci::use(device.venue),
          soci::use(device.district), soci::use(device.ring), soci::use(no_code), soci::use(now),
          soci::use(now);
    }
    insert_device(sql, device, now);
    raise_last_sequence(sql, device);
    insert_alarm(sql, {.at_ms = now_ms,
                       .kind = "readmitted",
                       .device = device.id,
                       .detail = "enrolled after the backup that was restored; revoke it if it was "
                                 "revoked since"});
    return {};
  });
  if (!done.has_value()) return fail(std::move(done.error()));
  auto known = this->device(device.id);
  if (!known.has_value()) return fail(std::move(known.error()));
  if (!known->has_value()) return fail(ErrorCode::kConflict, "the device was not added");
  return std::move(**known);
}

Result<std::optional<Device>> SqlStore::device_by_token(const std::string& token_hash) {
  return read([&](Connection& connection) -> Result<std::optional<Device>> {
    HotStatements& hot = connection.hot();
    hot.token_hash = token_hash;
    hot.find_device.execute();
    std::optional<Device> found;
    while (hot.find_device.fetch()) found = device_from(hot);
    return found;
  });
}

Result<std::optional<Device>> SqlStore::device(const std::string& id) {
  if (id.empty()) return std::optional<Device>{};
  auto rows = fleet_rows(id);
  if (!rows.has_value()) return fail(std::move(rows.error()));
  if (rows->empty()) return std::optional<Device>{};
  return std::optional(std::move(rows->front().device));
}

Result<std::vector<FleetRow>> SqlStore::fleet() { return fleet_rows({}); }

Result<std::vector<FleetRow>> SqlStore::fleet_rows(const std::string& device) {
  return read([&](Connection& connection) -> Result<std::vector<FleetRow>> {
    Kiosk k;
    long long number = 0, expires = 0, used = 0, created = 0;
    std::string id, key, token, app, former;
    long long epoch = 0, enrolled = 0, revoked = 0, forked = 0, demanded = 0, covered_epoch = 0,
              covered = 0;
    long long seen = 0, shown = 0, serial = 0, feed = 0, queue = 0, last = 0, oldest = 0, bytes = 0,
              offset = 0, app_number = 0;
    soci::statement query =
        (connection.sql.prepare
             << "SELECT k.number, k.name, k.venue, k.district, k.ring, k.configuration, "
                "k.code_hash, k.code_expires_ms, "
                "k.code_used_ms, k.created_ms, COALESCE(d.id, ''), COALESCE(d.public_key, ''), "
                "COALESCE(d.token_hash, ''), COALESCE(d.epoch, 0), COALESCE(d.enrolled_ms, 0), "
                "COALESCE(d.revoked_ms, 0), "
                "COALESCE(d.forked_ms, 0), COALESCE(d.demanded_ms, 0), COALESCE(d.former, ''), "
                "COALESCE(d.covered_epoch, 0), "
                "COALESCE(d.covered_sequence, 0), COALESCE(s.seen_ms, 0), "
                "COALESCE(s.release_shown, 0), COALESCE(s.pointer_serial, 0), "
                "COALESCE(s.feed, 0), COALESCE(s.queue, 0), COALESCE(s.last_sequence, 0), "
                "COALESCE(s.oldest_unsent_ms, 0), COALESCE(s.free_bytes, 0), "
                "COALESCE(s.clock_offset_ms, 0), COALESCE(s.app_version, ''), "
                "COALESCE(s.app_number, 0) FROM kiosks k LEFT "
                "JOIN devices d ON d.kiosk = k.number LEFT JOIN device_states s ON s.device = d.id "
             << (device.empty() ? "WHERE :d = '' " : "WHERE d.id = :d ") << "ORDER BY k.number",
         soci::use(device), soci::into(number), soci::into(k.name), soci::into(k.venue),
         soci::into(k.district), soci::into(k.ring), soci::into(k.configuration),
         soci::into(k.code_hash), soci::into(expires), soci::into(used), soci::into(created),
         soci::into(id), soci::into(key), soci::into(token), soci::into(epoch),
         soci::into(enrolled), soci::into(revoked), soci::into(forked), soci::into(demanded),
         soci::into(former), soci::into(covered_epoch), soci::into(covered), soci::into(seen),
         soci::into(shown), soci::into(serial), soci::into(feed), soci::into(queue),
         soci::into(last), soci::into(oldest), soci::into(bytes), soci::into(offset),
         soci::into(app), soci::into(app_number));
    query.execute();
    std::vector<FleetRow> rows;
    while (query.fetch()) {
      FleetRow row;
      row.kiosk = k;
      row.kiosk.number = KioskNumber{u64(number)};
      row.kiosk.code_expires_ms = expires;
      row.kiosk.code_used_ms = used;
      row.kiosk.created_ms = created;
      Device& d = row.device;
      d.id = id;
      d.kiosk = row.kiosk.number;
      d.public_key = unbase64(key);
      d.token_hash = token;
      d.epoch = Epoch{u64(epoch)};
      d.enrolled_ms = enrolled;
      d.revoked_ms = revoked;
      d.forked_ms = forked;
      d.demanded_ms = demanded;
      d.former = former;
      d.covered_epoch = Epoch{u64(covered_epoch)};
      d.covered_sequence = Sequence{u64(covered)};
      d.venue = k.venue;
      d.district = k.district;
      d.ring = k.ring;
      d.name = k.name;
      d.state = FleetState{.seen_ms = seen,
                           .release_shown = ReleaseNumber{u64(shown)},
                           .pointer_serial = u64(serial),
                           .feed = FeedPosition{u64(feed)},
                           .queue = u64(queue),
                           .last_sequence = Sequence{u64(last)},
                           .oldest_unsent_ms = oldest,
                           .free_bytes = u64(bytes),
                           .clock_offset_ms = offset,
                           .app_version = app,
                           .app_number = static_cast<std::uint32_t>(app_number)};
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

Status SqlStore::configure(KioskNumber number, const std::string& configuration,
                           std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    const long long kiosk = i64(number.value);
    long long found = 0;
    connection.sql << "UPDATE kiosks SET configuration = :c WHERE number = :n RETURNING number",
        soci::use(configuration), soci::use(kiosk), soci::into(found);
    if (!connection.sql.got_data()) return fail(ErrorCode::kNotFound, "no such kiosk");
    std::string device;
    connection.sql << "SELECT id FROM devices WHERE kiosk = :n", soci::use(kiosk),
        soci::into(device);
    if (!connection.sql.got_data()) return {};  // it gets it when it enrols
    const Audience audience{.everyone = false, .device = device, .venue = {}, .district = {}};
    (void)insert_feed(connection.sql, audience, kFeedConfiguration, configuration, now_ms);
    return {};
  });
}

Status SqlStore::revoke(KioskNumber number, std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    const long long now = now_ms;
    const long long kiosk = i64(number.value);
    long long found = 0;
    connection.sql << "SELECT COUNT(*) FROM kiosks WHERE number = :n", soci::use(kiosk),
        soci::into(found);
    if (found == 0) return fail(ErrorCode::kNotFound, "no such kiosk");
    connection.sql << "UPDATE kiosks SET code_used_ms = :t WHERE number = :n AND code_used_ms = 0",
        soci::use(now), soci::use(kiosk);
    std::string device;  // empty: nobody has used the code
    connection.sql << "SELECT id FROM devices WHERE kiosk = :n", soci::use(kiosk),
        soci::into(device);
    connection.sql << std::string(
                          "UPDATE devices SET revoked_ms = :t WHERE revoked_ms = 0 AND "
                          "(kiosk = :n OR id IN ") +
                          kFormerDevices + ")",
        soci::use(now), soci::use(kiosk), soci::use(device);
    return {};
  });
}

Status SqlStore::record_heartbeat(const std::string& device_id, const FleetState& state) {
  return writer_.run([&](Connection& connection) -> Status {
    const long long seen = state.seen_ms, shown = i64(state.release_shown.value),
                    serial = i64(state.pointer_serial), feed = i64(state.feed.value),
                    queue = i64(state.queue), last = i64(state.last_sequence.value),
                    oldest = state.oldest_unsent_ms, bytes = i64(state.free_bytes),
                    offset = state.clock_offset_ms, head = i64(state.audit_number),
                    app_number = state.app_number;
    const std::string head_hash = to_hex(state.audit_hash);
    connection.sql << "UPDATE device_states SET seen_ms = :a, release_shown = :b, pointer_serial = "
                      ":c, feed = :d, queue = :e, last_sequence = CASE WHEN last_sequence > :p "
                      "THEN last_sequence ELSE :f END, oldest_unsent_ms = :g, "
                      "free_bytes = :h, clock_offset_ms = :i, app_version = :j, app_number = :q, "
                      "audit_hash = CASE WHEN audit_number > :l THEN audit_hash ELSE :m END, "
                      "audit_number = CASE "
                      "WHEN audit_number > :n THEN audit_number ELSE :o END WHERE device = :k",
        soci::use(seen), soci::use(shown), soci::use(serial), soci::use(feed), soci::use(queue),
        soci::use(last), soci::use(last), soci::use(oldest), soci::use(bytes), soci::use(offset),
        soci::use(state.app_version), soci::use(app_number), soci::use(head), soci::use(head_hash),
        soci::use(head), soci::use(head), soci::use(device_id);
    return {};
  });
}

Result<std::vector<Store::Watermark>> SqlStore::watermarks() {
  return read([&](Connection& connection) -> Result<std::vector<Watermark>> {
    std::string device;
    long long epoch = 0, sequence = 0;
    // A run without a gap from 1 is where the row's rank equals its sequence.
    soci::statement query =
        (connection.sql.prepare
             << "SELECT device, epoch, MAX(sequence) FROM (SELECT device, epoch, sequence, "
                "ROW_NUMBER() OVER (PARTITION BY device, epoch ORDER BY sequence) AS place FROM "
                "(SELECT device, epoch, sequence FROM submissions EXCEPT SELECT s.device, s.epoch, "
                "s.sequence FROM attachments a JOIN submissions s ON s.id = a.submission WHERE "
                "a.state IN (1, 5)) AS one) AS ranked "
                "WHERE place = sequence GROUP BY device, epoch ORDER BY device, epoch",
         soci::into(device), soci::into(epoch), soci::into(sequence));
    query.execute();
    std::vector<Watermark> marks;
    while (query.fetch()) {
      marks.push_back({device, Epoch{u64(epoch)}, Sequence{u64(sequence)}});
    }
    return marks;
  });
}

Status SqlStore::set_covered(std::span<const Watermark> marks) {
  return writer_.run([&](Connection& connection) -> Status {
    for (const Watermark& mark : marks) {
      const long long epoch = i64(mark.epoch.value);
      const long long sequence = i64(mark.sequence.value);
      connection.sql << "UPDATE devices SET covered_epoch = :e, covered_sequence = :s WHERE id = "
                        ":d AND epoch = :e2 AND forked_ms = 0",
          soci::use(epoch), soci::use(sequence), soci::use(mark.device), soci::use(epoch);
    }
    return {};
  });
}

Result<std::vector<Sequence>> SqlStore::missing(const std::string& device_id, Epoch epoch,
                                                Sequence upto, std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<Sequence>> {
    const long long e = i64(epoch.value);
    const long long last = i64(upto.value);
    long long sequence = 0;
    soci::statement query =
        (connection.sql.prepare << "SELECT DISTINCT sequence FROM submissions WHERE device = :d "
                                   "AND epoch = :e AND sequence <= :s ORDER BY sequence",
         soci::use(device_id), soci::use(e), soci::use(last), soci::into(sequence));
    query.execute();
    std::vector<Sequence> gaps;
    std::uint64_t expected = 1;
    const auto gap_up_to = [&](std::uint64_t end) {
      for (; expected < end && gaps.size() < limit; ++expected) gaps.push_back({expected});
    };
    while (query.fetch()) {
      gap_up_to(u64(sequence));
      expected = u64(sequence) + 1;
    }
    gap_up_to(upto.value + 1);
    return gaps;
  });
}

Status SqlStore::raise_alarm(const Alarm& alarm) {
  return writer_.run([&](Connection& connection) -> Status {
    insert_alarm(connection.sql, alarm);
    return {};
  });
}

Result<std::vector<Alarm>> SqlStore::alarms(std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<Alarm>> {
    Alarm alarm;
    long long id = 0, at_ms = 0;
    const long long count = i64(limit);
    soci::statement query =
        (connection.sql.prepare << "SELECT id, at_ms, kind, device, detail "
                                   "FROM alarms ORDER BY id DESC LIMIT :n",
         soci::use(count), soci::into(id), soci::into(at_ms), soci::into(alarm.kind),
         soci::into(alarm.device), soci::into(alarm.detail));
    query.execute();
    std::vector<Alarm> alarms;
    while (query.fetch()) {
      alarm.id = id;
      alarm.at_ms = at_ms;
      alarms.push_back(alarm);
    }
    return alarms;
  });
}

}  // namespace odop::syncserver

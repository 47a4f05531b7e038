// The audit log.
#include "syncserver/store/sql_store_impl.h"

#include <optional>
#include <utility>

namespace odop::syncserver {

namespace {

// Only our own spelling: an edited digit is noticed, whatever it means.
Bytes strict_unhex(const std::string& text) {
  Bytes bytes = unhex(text);
  if (to_hex(bytes) != text) bytes.clear();
  return bytes;
}

// Entries as a query gives them, in its order.
std::vector<AuditEntry> entries_of(soci::session& sql, const std::string& rest, long long after,
                                   long long count) {
  long long number = 0, at = 0, ordered = 0;
  std::string previous, hash;
  AuditEntry row;
  soci::statement query =
      (sql.prepare << "SELECT number, at_ms, actor, act, subject, outcome, "
                      "ordered, previous, hash, head FROM audit_log " +
                          rest,
       soci::use(after), soci::use(count), soci::into(number), soci::into(at),
       soci::into(row.actor), soci::into(row.act), soci::into(row.subject), soci::into(row.outcome),
       soci::into(ordered), soci::into(previous), soci::into(hash), soci::into(row.head));
  query.execute();
  std::vector<AuditEntry> entries;
  while (query.fetch()) {
    row.number = u64(number);
    row.at_ms = at;
    row.order = u64(ordered);
    row.previous = strict_unhex(previous);
    row.hash = strict_unhex(hash);
    entries.push_back(row);
  }
  return entries;
}

std::optional<AuditEntry> newest(soci::session& sql) {
  auto entries = entries_of(sql, "WHERE number > :a ORDER BY number DESC LIMIT :n", 0, 1);
  if (entries.empty()) return std::nullopt;
  return std::move(entries.front());
}

}  // namespace

Result<AuditEntry> SqlStore::append_audit(const AuditEntry& entry, const AuditSealer& seal,
                                          std::uint32_t step) {
  AuditEntry made;
  Status done = writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    made = entry;
    // Locks the counter's row, so that on PostgreSQL too one entry follows the other.
    const long long number = next_number(sql, "audit", step);
    const auto last = newest(sql);
    made.number = u64(number);
    made.previous = last ? last->hash : Bytes{};
    seal(made);
    const long long at = made.at_ms;
    const long long ordered = i64(made.order);
    const std::string previous = to_hex(made.previous);
    const std::string hash = to_hex(made.hash);
    sql << "INSERT INTO audit_log (number, at_ms, actor, act, subject, outcome, ordered, previous, "
           "hash, head) VALUES (:n, :t, :a, :c, :s, :o, :d, :p, :h, :e)",
        soci::use(number), soci::use(at), soci::use(made.actor), soci::use(made.act),
        soci::use(made.subject), soci::use(made.outcome), soci::use(ordered), soci::use(previous),
        soci::use(hash), soci::use(made.head);
    return {};
  });
  if (!done.has_value()) return fail(std::move(done.error()));
  return made;
}

Result<std::vector<AuditEntry>> SqlStore::audit_after(std::uint64_t number, std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<AuditEntry>> {
    return entries_of(connection.sql, "WHERE number > :a ORDER BY number LIMIT :n", i64(number),
                      i64(limit));
  });
}

Result<std::optional<AuditEntry>> SqlStore::newest_audit() {
  return read([](Connection& connection) -> Result<std::optional<AuditEntry>> {
    return newest(connection.sql);
  });
}

Result<std::uint64_t> SqlStore::audit_given() {
  return read([](Connection& connection) -> Result<std::uint64_t> {
    long long value = 0;
    connection.sql << "SELECT value FROM counters WHERE name = 'audit'", soci::into(value);
    return u64(value);
  });
}

Result<std::vector<FleetHead>> SqlStore::fleet_heads() {
  return read([](Connection& connection) -> Result<std::vector<FleetHead>> {
    long long kiosk = 0, number = 0;
    std::string hash;
    soci::statement query =
        (connection.sql.prepare
             << "SELECT d.kiosk, s.audit_number, s.audit_hash FROM device_states s JOIN devices d "
                "ON d.id = s.device WHERE s.audit_number > 0 ORDER BY d.kiosk",
         soci::into(kiosk), soci::into(number), soci::into(hash));
    query.execute();
    std::vector<FleetHead> heads;
    while (query.fetch()) heads.push_back({u64(kiosk), u64(number), unhex(hash)});
    return heads;
  });
}

}  // namespace odop::syncserver

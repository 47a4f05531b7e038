// The feed: who hears what, and what a device that became another one hears.
#include "shared/core/bytes.h"
#include "shared/wire/messages.h"
#include "syncserver/store/sql_store_impl.h"

#include <string>
#include <utility>

namespace odop::syncserver {

namespace {

// A kiosk without a venue or district (empty) must not match entries without one. Answers and
// withdrawals (whatever is no configuration, 4) reach it also as the device that it was before.
std::string audience() {
  return std::string(
             "(everyone = 1 OR device = :d OR (venue = :v AND venue <> '') OR (district = :x AND "
             "district <> '') OR (kind <> 4 AND device <> '' AND device IN ") +
         kFormerDevices + "))";
}

constexpr int kConfiguration = 4;  // number of wire::FeedKind::kConfiguration

// What a query of the feed fetches into.
struct FeedRow {
  long long position = 0, at_ms = 0;
  int kind = 0;
  std::string payload;
};

std::vector<FeedItem> fetched(soci::statement& query, const FeedRow& row) {
  query.execute();
  std::vector<FeedItem> items;
  while (query.fetch()) {
    items.push_back({FeedPosition{u64(row.position)}, static_cast<std::uint8_t>(row.kind),
                     unbase64(row.payload), row.at_ms});
  }
  return items;
}

}  // namespace

Result<FeedPosition> SqlStore::feed_head(const Device& device) {
  return read([&](Connection& connection) -> Result<FeedPosition> {
    long long head = 0;
    connection.sql << "SELECT COALESCE(MAX(position), 0) FROM feed WHERE " << audience(),
        soci::use(device.id), soci::use(device.venue), soci::use(device.district),
        soci::use(device.id), soci::into(head);
    return FeedPosition{u64(head)};
  });
}

Result<std::vector<FeedItem>> SqlStore::feed_after(const Device& device, FeedPosition after,
                                                   std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<FeedItem>> {
    const long long start = i64(after.value);
    const long long count = i64(limit);
    FeedRow row;
    soci::statement query =
        (connection.sql.prepare << "SELECT position, kind, payload, at_ms FROM feed WHERE position "
                                   "> :a AND "
                                << audience() << " ORDER BY position LIMIT :n",
         soci::use(start), soci::use(device.id), soci::use(device.venue),
         soci::use(device.district), soci::use(device.id), soci::use(count),
         soci::into(row.position), soci::into(row.kind), soci::into(row.payload),
         soci::into(row.at_ms));
    return fetched(query, row);
  });
}

Result<std::vector<FeedItem>> SqlStore::feed_of_all(FeedPosition after, std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<FeedItem>> {
    const long long start = i64(after.value);
    const long long count = i64(limit);
    FeedRow row;
    soci::statement query =
        (connection.sql.prepare << "SELECT position, kind, payload, at_ms FROM feed WHERE position "
                                   "> :a ORDER BY position LIMIT :n",
         soci::use(start), soci::use(count), soci::into(row.position), soci::into(row.kind),
         soci::into(row.payload), soci::into(row.at_ms));
    return fetched(query, row);
  });
}

// ---- Enrolled anew

void demand_anew(soci::session& sql, const std::string& device, std::int64_t now_ms) {
  const long long now = now_ms;
  std::string told;
  sql << "UPDATE devices SET demanded_ms = :t WHERE id = :d AND demanded_ms = 0 RETURNING id",
      soci::use(now), soci::use(device), soci::into(told);
  if (!sql.got_data()) return;
  const Bytes payload = std::string(R"({")") + wire::kEnrolAnew + R"(":")" + device + R"("})";
  const Audience audience{.everyone = false, .device = device, .venue = {}, .district = {}};
  (void)insert_feed(sql, audience, kConfiguration, payload, now_ms);
}

Status SqlStore::demand_enrolment(const std::string& device_id, std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    demand_anew(connection.sql, device_id, now_ms);
    return {};
  });
}

// What is addressed to `former` later reaches the new one by `audience`; what stands there already
// may lie before the position that the new one has come to.
Status SqlStore::record_former(const std::string& device_id, const std::string& former,
                               std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    std::string noted;
    sql << "UPDATE devices SET former = :f WHERE id = :d AND former = '' RETURNING id",
        soci::use(former), soci::use(device_id), soci::into(noted);
    if (!sql.got_data()) return {};
    std::vector<std::pair<int, Bytes>> entries;
    {
      int kind = 0;
      std::string payload;
      soci::statement query =
          (sql.prepare << "SELECT kind, payload FROM feed WHERE device = :d AND kind <> :k ORDER "
                          "BY position",
           soci::use(former), soci::use(kConfiguration), soci::into(kind), soci::into(payload));
      query.execute();
      while (query.fetch()) entries.emplace_back(kind, unbase64(payload));
    }
    const Audience audience{.everyone = false, .device = device_id, .venue = {}, .district = {}};
    for (const auto& [kind, payload] : entries) {
      (void)insert_feed(sql, audience, kind, payload, now_ms);
    }
    return {};
  });
}

}  // namespace odop::syncserver

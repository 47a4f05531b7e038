// What arrives: append, opening, withdrawals.
#include "shared/core/bytes.h"
#include "shared/wire/messages.h"
#include "syncserver/store/hot_statements.h"
#include "syncserver/store/sql_store_impl.h"

#include <algorithm>
#include <map>
#include <utility>

namespace odop::syncserver {

namespace {

constexpr int kFeedWithdrawal = 3;  // number of wire::FeedKind::kWithdrawal

long long next_submission_id(soci::session& sql, HotStatements& hot) {
  if (hot.next_id > hot.last_id) {
    hot.last_id = next_number(sql, "submission", kSubmissionIdBlock);
    hot.next_id = hot.last_id - kSubmissionIdBlock + 1;
  }
  return hot.next_id++;
}

void quarantine_fork(soci::session& sql, const Arrival& arrival, std::int64_t now_ms) {
  const long long epoch = i64(arrival.epoch.value);
  const long long sequence = i64(arrival.sequence.value);
  const long long now = now_ms;
  const int withdrawal = static_cast<int>(wire::Kind::kWithdrawal);
  // A withdrawal is opened all the same: the code that it names proves it, not who brought it.
  sql << "UPDATE submissions SET state = 3, reason = 'fork' WHERE device = :d AND epoch = :e AND "
         "sequence = :s AND state IN (1, 2) AND kind <> :k",
      soci::use(arrival.device), soci::use(epoch), soci::use(sequence), soci::use(withdrawal);
  // Two disks count under one name: no sequence says what a backup holds of either of them.
  sql << "UPDATE devices SET forked_ms = CASE WHEN forked_ms = 0 THEN :t ELSE forked_ms END, "
         "covered_sequence = 0 WHERE id = :d",
      soci::use(now), soci::use(arrival.device);
  demand_anew(sql, arrival.device, now_ms);
  insert_alarm(sql, {.at_ms = now_ms,
                     .kind = "fork",
                     .device = arrival.device,
                     .detail = "epoch " + std::to_string(epoch) + ", sequence " +
                               std::to_string(sequence) + ": two different envelopes"});
}

// An arrival's hashes as text, made in the caller's thread: the writer's is the one that all wait
// for.
struct Row {
  const Arrival& arrival;
  std::string hash;
  std::string previous;
};

std::vector<Row> rows_of(std::span<const Arrival> arrivals) {
  std::vector<Row> rows;
  rows.reserve(arrivals.size());
  for (const Arrival& one : arrivals) {
    rows.push_back({one, to_hex(one.hash), to_hex(one.previous)});
  }
  return rows;
}

// Hashes that the store holds, by (epoch, sequence).
using Held = std::multimap<std::pair<Epoch, Sequence>, std::string>;

// One query for each run of consecutive sequences, which a batch nearly always is.
Held find_held(HotStatements& hot, std::span<const Row> rows) {
  Held held;
  for (std::size_t begin = 0; begin < rows.size();) {
    const Arrival& first = rows[begin].arrival;
    std::size_t end = begin + 1;
    while (end < rows.size() && rows[end].arrival.epoch == first.epoch &&
           rows[end].arrival.sequence.value == first.sequence.value + (end - begin)) {
      ++end;
    }
    hot.a_epoch = i64(first.epoch.value);
    hot.first = i64(first.sequence.value);
    hot.last = i64(rows[end - 1].arrival.sequence.value);
    hot.find_held.execute();
    while (hot.find_held.fetch()) {
      held.emplace(std::pair(first.epoch, Sequence{u64(hot.found_sequence)}), hot.found_hash);
    }
    begin = end;
  }
  return held;
}

ArrivalVerdict append_one(Connection& connection, const Row& row, Held& held, std::int64_t now_ms) {
  const Arrival& arrival = row.arrival;
  const auto key = std::pair(arrival.epoch, arrival.sequence);
  const auto [from, to] = held.equal_range(key);
  const bool other = from != to;
  if (std::any_of(from, to, [&](const auto& one) { return one.second == row.hash; })) {
    return ArrivalVerdict::kDuplicate;
  }
  HotStatements& hot = connection.hot();
  const bool revoked = hot.revoked_ms != 0;
  hot.s_id = next_submission_id(connection.sql, hot);
  hot.a_epoch = i64(arrival.epoch.value);
  hot.a_sequence = i64(arrival.sequence.value);
  hot.hash = row.hash;
  hot.previous = row.previous;
  hot.uuid = arrival.uuid;
  hot.kind = arrival.kind;
  hot.reference = arrival.reference;
  hot.form_id = arrival.form_id;
  hot.form_version = arrival.form_version;
  hot.wall_ms = arrival.wall_ms;
  hot.received_ms = now_ms;
  hot.state =
      static_cast<long long>(revoked ? SubmissionState::kQuarantined : SubmissionState::kReceived);
  hot.reason = revoked ? "revoked" : "";
  connection.carry(arrival.envelope, hot.envelope);
  hot.insert_submission.execute(true);
  if (!arrival.attachments.empty()) {
    insert_attachments(connection, hot.s_id, arrival.attachments);
  }
  held.emplace(key, row.hash);
  if (other) {
    quarantine_fork(connection.sql, arrival, now_ms);
    return ArrivalVerdict::kFork;
  }
  return revoked ? ArrivalVerdict::kQuarantined : ArrivalVerdict::kStored;
}

}  // namespace

Result<Appended> SqlStore::append(std::span<const Arrival> arrivals, std::int64_t now_ms) {
  Appended appended;
  if (arrivals.empty()) return appended;
  const std::vector<Row> rows = rows_of(arrivals);
  Status done = writer_.run([&](Connection& connection) -> Status {
    HotStatements& hot = connection.hot();
    // Holds the device's row: on PostgreSQL two servers cannot both miss the other's fork, and no
    // revocation comes in between.
    hot.device = arrivals.front().device;
    hot.find_standing.execute();
    if (!hot.find_standing.fetch()) return fail(ErrorCode::kNotFound, "unknown device");
    while (hot.find_standing.fetch()) {
    }
    appended = {.verdicts = {},
                .covered_epoch = Epoch{u64(hot.covered_epoch)},
                .covered_sequence = Sequence{u64(hot.covered_sequence)}};
    Held held = find_held(hot, rows);
    for (const Row& row : rows) {
      appended.verdicts.push_back(append_one(connection, row, held, now_ms));
      if (appended.verdicts.back() == ArrivalVerdict::kFork) appended.covered_sequence = Sequence{};
    }
    return {};
  });
  if (!done.has_value()) return fail(std::move(done.error()));
  return appended;
}

Status SqlStore::record_opened(std::span<const Opened> opened, std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long now = now_ms;
    for (const Opened& one : opened) {
      const long long id = one.submission;
      const int state = static_cast<int>(one.state);
      const int keep = one.envelope.empty() ? 1 : 0;
      std::string envelope;
      std::string body;
      connection.carry(one.envelope, envelope);
      connection.carry(one.body, body);
      soci::statement update =
          (sql.prepare << "UPDATE submissions SET state = :s, reason = :r, envelope = CASE WHEN "
                          ":k = 1 THEN envelope ELSE " +
                              connection.bytes_value(":e") + " END, body = " +
                              connection.bytes_value(":b") + " WHERE id = :i AND state = 1",
           soci::use(state), soci::use(one.reason), soci::use(keep), soci::use(envelope),
           soci::use(body), soci::use(id));
      update.execute(true);
      if (update.get_affected_rows() == 0) continue;
      for (const Lookup& lookup : one.lookups) {
        const std::string mac = to_hex(lookup.mac);
        sql << "INSERT INTO lookups (submission, field, mac) VALUES (:s, :f, :m)", soci::use(id),
            soci::use(lookup.field), soci::use(mac);
      }
      for (const Case& item : one.cases) {
        const long long case_id = next_number(sql, "case");
        const long long due = item.due_ms;
        sql << "INSERT INTO cases (id, submission, district, office, state, due_ms, opened_ms, "
               "closed_ms) VALUES (:i, :s, :d, :o, :st, :due, :t, 0)",
            soci::use(case_id), soci::use(id), soci::use(item.district), soci::use(item.office),
            soci::use(item.state), soci::use(due), soci::use(now);
        insert_event(sql, {.case_id = case_id,
                           .at_ms = now_ms,
                           .actor = "server",
                           .state = item.state,
                           .text = {}});
      }
    }
    return {};
  });
}

namespace {

void restrict_one(soci::session& sql, long long id, long long by, long long done,
                  std::int64_t now_ms) {
  const long long now = now_ms;
  sql << "UPDATE submissions SET state = 4, reason = 'withdrawn' WHERE id = :i AND state <> 5",
      soci::use(id);
  sql << "INSERT INTO restrictions (submission, withdrawal, done_ms) VALUES (:i, :w, :d) ON "
         "CONFLICT (submission) DO NOTHING",
      soci::use(id), soci::use(by), soci::use(done);
  std::vector<long long> open_cases;
  {
    long long case_id = 0;
    soci::statement query =
        (sql.prepare << "SELECT id FROM cases WHERE submission = :s AND state <> 'withdrawn'",
         soci::use(id), soci::into(case_id));
    query.execute();
    while (query.fetch()) open_cases.push_back(case_id);
  }
  for (const long long case_id : open_cases) {
    sql << "UPDATE cases SET state = 'withdrawn', closed_ms = :t WHERE id = :c", soci::use(now),
        soci::use(case_id);
    insert_event(
        sql,
        {.case_id = case_id, .at_ms = now_ms, .actor = "asker", .state = "withdrawn", .text = {}});
  }
  sql << "DELETE FROM answers WHERE submission = :i", soci::use(id);
  withdraw_producer(sql, id, now_ms);
  std::string reference;
  sql << "SELECT reference FROM submissions WHERE id = :i", soci::use(id), soci::into(reference);
  (void)insert_feed(sql, {.everyone = true, .device = {}, .venue = {}, .district = {}},
                    kFeedWithdrawal, reference, now_ms);
}

}  // namespace

Status SqlStore::restrict(std::span<const std::int64_t> targets, const Withdrawal& withdrawal,
                          std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long now = now_ms;
    const long long by = withdrawal.submission;
    sql << "INSERT INTO withdrawals (submission, reference, done_ms) VALUES (:s, :r, :t) ON "
           "CONFLICT (submission) DO UPDATE SET done_ms = CASE WHEN withdrawals.done_ms = 0 THEN "
           "excluded.done_ms ELSE withdrawals.done_ms END",
        soci::use(by), soci::use(withdrawal.reference), soci::use(now);
    long long done = 0;
    sql << "SELECT done_ms FROM withdrawals WHERE submission = :s", soci::use(by), soci::into(done);
    for (const std::int64_t target : targets) restrict_one(sql, target, by, done, now_ms);
    return {};
  });
}

Result<std::optional<Withdrawal>> SqlStore::withdrawal_of(std::int64_t submission) {
  return read([&](Connection& connection) -> Result<std::optional<Withdrawal>> {
    soci::session& sql = connection.sql;
    const long long wanted = submission;
    long long by = 0, done = 0;
    std::string reference;
    sql << "SELECT w.submission, w.reference, w.done_ms FROM restrictions r JOIN withdrawals w ON "
           "w.submission = r.withdrawal WHERE r.submission = :s",
        soci::use(wanted), soci::into(by), soci::into(reference), soci::into(done);
    if (!sql.got_data()) {
      sql << "SELECT w.submission, w.reference, w.done_ms FROM submissions s JOIN withdrawals w ON "
             "w.reference = s.reference JOIN submissions own ON own.id = w.submission WHERE s.id = "
             ":s AND s.state IN (4, 5) AND w.done_ms > 0 AND own.state <> 3 ORDER BY w.done_ms, "
             "w.submission LIMIT 1",
          soci::use(wanted), soci::into(by), soci::into(reference), soci::into(done);
    }
    if (!sql.got_data()) return std::optional<Withdrawal>{};
    return std::optional(Withdrawal{by, reference, done});
  });
}

Status SqlStore::await_target(const Withdrawal& withdrawal) {
  return writer_.run([&](Connection& connection) -> Status {
    const long long by = withdrawal.submission;
    connection.sql << "INSERT INTO withdrawals (submission, reference, done_ms) VALUES (:s, :r, 0) "
                      "ON CONFLICT (submission) DO NOTHING",
        soci::use(by), soci::use(withdrawal.reference);
    return {};
  });
}

Status SqlStore::refuse_withdrawal(std::int64_t withdrawal, const Alarm& alarm,
                                   std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    const long long id = withdrawal;
    const long long now = now_ms;
    connection.sql << "UPDATE withdrawals SET done_ms = :t WHERE submission = :i", soci::use(now),
        soci::use(id);
    connection.sql << "UPDATE submissions SET state = 3, reason = 'withdrawal_refused' WHERE id = "
                      ":i AND state = 2",
        soci::use(id);
    insert_alarm(connection.sql, alarm);
    return {};
  });
}

Result<std::vector<Withdrawal>> SqlStore::waiting_withdrawals(const std::string& reference) {
  return read([&](Connection& connection) -> Result<std::vector<Withdrawal>> {
    long long id = 0;
    std::string target;
    soci::statement query =
        (connection.sql.prepare << "SELECT submission, reference FROM withdrawals WHERE (:r = '' "
                                   "OR reference = :r2) AND done_ms = 0 ORDER BY submission",
         soci::use(reference), soci::use(reference), soci::into(id), soci::into(target));
    query.execute();
    std::vector<Withdrawal> waiting;
    while (query.fetch()) waiting.push_back({id, target, 0});
    return waiting;
  });
}

}  // namespace odop::syncserver

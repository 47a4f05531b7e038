// The office's notes: duplicates, drafts of producers, take-downs, figures, erasure.
#include "shared/wire/messages.h"
#include "syncserver/store/sql_store_impl.h"

#include <utility>

namespace odop::syncserver {

Result<std::vector<Alike>> SqlStore::alike(std::uint8_t kind, const std::string& field,
                                           const std::string& district, std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<Alike>> {
    const int wanted = kind;
    const long long count = i64(limit);
    long long first = 0, second = 0;
    std::string text =
        "SELECT a.submission, b.submission FROM lookups a JOIN lookups b ON b.field = a.field AND "
        "b.mac = a.mac AND b.submission > a.submission JOIN submissions s ON s.id = a.submission "
        "JOIN submissions t ON t.id = b.submission WHERE a.field = :field AND s.kind = :k1 AND "
        "t.kind = :k2 AND s.state = 2 AND t.state = 2";
    soci::statement query(connection.sql);
    query.exchange(soci::into(first));
    query.exchange(soci::into(second));
    query.exchange(soci::use(field));
    query.exchange(soci::use(wanted));
    query.exchange(soci::use(wanted));
    if (!district.empty()) {
      for (const char* side : {"a", "b"}) {
        text += std::string(" AND EXISTS (SELECT 1 FROM cases c WHERE c.submission = ") + side +
                ".submission AND c.district = :d" + side + ")";
        query.exchange(soci::use(district));
      }
    }
    text += " ORDER BY a.submission, b.submission LIMIT :n";
    query.exchange(soci::use(count));
    query.alloc();
    query.prepare(text);
    query.define_and_bind();
    query.execute();
    std::vector<Alike> pairs;
    while (query.fetch()) pairs.push_back({first, second, field});
    return pairs;
  });
}

Status SqlStore::settle_duplicate(const DuplicateVerdict& verdict) {
  return writer_.run([&](Connection& connection) -> Status {
    const long long first = verdict.first;
    const long long second = verdict.second;
    const long long at = verdict.at_ms;
    connection.sql
        << "INSERT INTO duplicate_verdicts (first, second, verdict, actor, at_ms) VALUES "
           "(:f, :s, :v, :a, :t) ON CONFLICT (first, second) DO UPDATE SET verdict = "
           "excluded.verdict, actor = excluded.actor, at_ms = excluded.at_ms",
        soci::use(first), soci::use(second), soci::use(verdict.verdict), soci::use(verdict.actor),
        soci::use(at);
    return {};
  });
}

Result<std::vector<DuplicateVerdict>> SqlStore::duplicate_verdicts() {
  return read([&](Connection& connection) -> Result<std::vector<DuplicateVerdict>> {
    long long first = 0, second = 0, at = 0;
    DuplicateVerdict row;
    soci::statement query =
        (connection.sql.prepare << "SELECT first, second, verdict, actor, at_ms FROM "
                                   "duplicate_verdicts ORDER BY first, second",
         soci::into(first), soci::into(second), soci::into(row.verdict), soci::into(row.actor),
         soci::into(at));
    query.execute();
    std::vector<DuplicateVerdict> verdicts;
    while (query.fetch()) {
      row.first = first;
      row.second = second;
      row.at_ms = at;
      verdicts.push_back(row);
    }
    return verdicts;
  });
}

void insert_producer_draft(soci::session& sql, const ProducerDraft& draft) {
  const long long id = draft.submission;
  const long long made = draft.made_ms;
  const std::string body = to_base64(draft.body);
  int taken_down = 0;
  sql << "SELECT COUNT(*) FROM take_downs WHERE record = :r", soci::use(draft.record),
      soci::into(taken_down);
  if (taken_down != 0) return;
  sql << "INSERT INTO producer_drafts (submission, record, district, body, made_ms, accepted_ms) "
         "VALUES (:s, :r, :d, :b, :t, 0) ON CONFLICT (submission) DO NOTHING",
      soci::use(id), soci::use(draft.record), soci::use(draft.district), soci::use(body),
      soci::use(made);
}

Status SqlStore::unpublish(std::int64_t target, const std::string& record, std::int64_t withdrawal,
                           std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long id = target;
    const long long by = withdrawal;
    withdraw_producer(sql, id, now_ms);
    insert_take_down(sql, record, "withdrawn", now_ms);
    sql << "DELETE FROM withdrawals WHERE submission = :s AND done_ms = 0", soci::use(by);
    return {};
  });
}

Result<std::vector<ProducerDraft>> SqlStore::producer_drafts() {
  return read([&](Connection& connection) -> Result<std::vector<ProducerDraft>> {
    long long id = 0, made = 0, accepted = 0;
    std::string body;
    ProducerDraft row;
    soci::statement query =
        (connection.sql.prepare << "SELECT submission, record, district, body, made_ms, "
                                   "accepted_ms, stall FROM producer_drafts ORDER BY submission",
         soci::into(id), soci::into(row.record), soci::into(row.district), soci::into(body),
         soci::into(made), soci::into(accepted), soci::into(row.stall));
    query.execute();
    std::vector<ProducerDraft> drafts;
    while (query.fetch()) {
      row.submission = id;
      row.body = unbase64(body);
      row.made_ms = made;
      row.accepted_ms = accepted;
      drafts.push_back(row);
    }
    return drafts;
  });
}

namespace {

void put_into_draft(soci::session& sql, const CatalogueRecord& record, long long now) {
  sql << "INSERT INTO contents (hash, json) VALUES (:h, :j) ON CONFLICT (hash) DO NOTHING",
      soci::use(record.hash), soci::use(record.json);
  sql << "INSERT INTO records (type, id, hash, changed_ms) VALUES (:t, :i, :h, :n) ON CONFLICT "
         "(type, id) DO UPDATE SET hash = excluded.hash, changed_ms = excluded.changed_ms",
      soci::use(record.type), soci::use(record.id), soci::use(record.hash), soci::use(now);
}

// Out of the catalogue's draft, and hidden from the next pointer on.
void take_out(soci::session& sql, const std::string& record, std::int64_t now_ms) {
  const std::size_t slash = record.find('/');
  const std::string type = record.substr(0, slash);
  const std::string id = record.substr(slash + 1);
  sql << "DELETE FROM records WHERE type = :t AND id = :i", soci::use(type), soci::use(id);
  insert_take_down(sql, record, "withdrawn", now_ms);
}

}  // namespace

Status SqlStore::accept_producer_draft(std::int64_t submission, const CatalogueRecord& producer,
                                       const std::optional<CatalogueRecord>& stall,
                                       std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long id = submission;
    const long long now = now_ms;
    soci::statement mark =
        (sql.prepare << "UPDATE producer_drafts SET accepted_ms = :t WHERE submission = :i",
         soci::use(now), soci::use(id));
    mark.execute(true);
    if (mark.get_affected_rows() == 0) return fail(ErrorCode::kNotFound, "no such draft");
    put_into_draft(sql, producer, now);
    if (!stall.has_value()) return {};
    const std::string name = stall->type + "/" + stall->id;
    put_into_draft(sql, *stall, now);
    sql << "UPDATE producer_drafts SET stall = :s WHERE submission = :i", soci::use(name),
        soci::use(id);
    return {};
  });
}

Result<std::vector<std::string>> SqlStore::take_downs() {
  return read([&](Connection& connection) -> Result<std::vector<std::string>> {
    std::string record;
    soci::statement query =
        (connection.sql.prepare << "SELECT record FROM take_downs ORDER BY record",
         soci::into(record));
    query.execute();
    std::vector<std::string> records;
    while (query.fetch()) records.push_back(record);
    return records;
  });
}

void insert_take_down(soci::session& sql, const std::string& record, const std::string& reason,
                      std::int64_t now_ms) {
  const long long now = now_ms;
  sql << "INSERT INTO take_downs (record, reason, at_ms) VALUES (:r, :w, :t) ON CONFLICT (record) "
         "DO NOTHING",
      soci::use(record), soci::use(reason), soci::use(now);
}

Status SqlStore::take_down(const std::string& record, const std::string& reason,
                           std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    insert_take_down(connection.sql, record, reason, now_ms);
    return {};
  });
}

Status SqlStore::lift_take_down(const std::string& record) {
  return writer_.run([&](Connection& connection) -> Status {
    connection.sql << "DELETE FROM take_downs WHERE record = :r", soci::use(record);
    return {};
  });
}

void withdraw_producer(soci::session& sql, long long submission, std::int64_t now_ms) {
  std::string record;
  std::string stall;
  long long accepted = 0;
  sql << "SELECT record, accepted_ms, stall FROM producer_drafts WHERE submission = :s",
      soci::use(submission), soci::into(record), soci::into(accepted), soci::into(stall);
  if (record.empty()) return;
  sql << "DELETE FROM producer_drafts WHERE submission = :s", soci::use(submission);
  if (accepted == 0) return;
  take_out(sql, record, now_ms);
  if (!stall.empty()) take_out(sql, stall, now_ms);
}

Result<std::vector<CaseFact>> SqlStore::case_facts(std::int64_t until_ms,
                                                   const std::string& district) {
  return read([&](Connection& connection) -> Result<std::vector<CaseFact>> {
    const long long until = until_ms;
    long long received = 0, due = 0, closed = 0;
    int kind = 0;
    CaseFact row;
    std::string text =
        "SELECT s.kind, s.form_id, c.district, c.state, s.received_ms, c.due_ms, c.closed_ms FROM "
        "cases c JOIN submissions s ON s.id = c.submission WHERE s.received_ms < :until";
    soci::statement query(connection.sql);
    query.exchange(soci::into(kind));
    query.exchange(soci::into(row.form_id));
    query.exchange(soci::into(row.district));
    query.exchange(soci::into(row.state));
    query.exchange(soci::into(received));
    query.exchange(soci::into(due));
    query.exchange(soci::into(closed));
    query.exchange(soci::use(until));
    if (!district.empty()) {
      text += " AND c.district = :district";
      query.exchange(soci::use(district));
    }
    query.alloc();
    query.prepare(text + " ORDER BY c.id");
    query.define_and_bind();
    query.execute();
    std::vector<CaseFact> facts;
    while (query.fetch()) {
      row.kind = static_cast<std::uint8_t>(kind);
      row.received_ms = received;
      row.due_ms = due;
      row.closed_ms = closed;
      facts.push_back(row);
    }
    return facts;
  });
}

Result<std::vector<Erasable>> SqlStore::erasable(std::int64_t before_ms, std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<Erasable>> {
    const long long before = before_ms;
    const long long count = i64(limit);
    long long id = 0, done = 0;
    std::string hash;
    Erasable row;
    // The withdrawn (by a reference, as older programs noted it, and by a row of their own), and
    // the withdrawals themselves, which hold the receipt's code.
    soci::statement query =
        (connection.sql.prepare
             << "SELECT s.id, s.hash, s.reference, w.done_ms FROM submissions s JOIN (SELECT "
                "reference, MIN(done_ms) AS done_ms FROM withdrawals WHERE done_ms > 0 GROUP BY "
                "reference) w ON w.reference = s.reference WHERE s.state = 4 AND w.done_ms < :b1 "
                "AND NOT EXISTS (SELECT 1 FROM restrictions n WHERE n.submission = s.id) UNION "
                "SELECT s.id, s.hash, s.reference, r.done_ms FROM submissions s JOIN restrictions "
                "r ON r.submission = s.id WHERE s.state = 4 AND r.done_ms < :b3 "
                "UNION SELECT s.id, s.hash, s.reference, v.done_ms FROM submissions s JOIN "
                "withdrawals v ON v.submission = s.id WHERE v.done_ms > 0 AND v.done_ms < :b2 AND "
                "s.state <> 5 ORDER BY 4, 1 LIMIT :n",
         soci::use(before), soci::use(before), soci::use(before), soci::use(count), soci::into(id),
         soci::into(hash), soci::into(row.reference), soci::into(done));
    query.execute();
    std::vector<Erasable> all;
    while (query.fetch()) {
      row.submission = id;
      row.hash = unhex(hash);
      row.withdrawn_ms = done;
      all.push_back(row);
    }
    return all;
  });
}

namespace {

// What a withdrawal asked for is done: its cases say so, and are late no more.
void end_withdrawal(soci::session& sql, long long id, std::int64_t now_ms) {
  const long long now = now_ms;
  const int withdrawal = static_cast<int>(wire::Kind::kWithdrawal);
  std::vector<long long> cases;
  {
    long long case_id = 0;
    soci::statement query =
        (sql.prepare << "SELECT c.id FROM cases c JOIN submissions s ON s.id = c.submission WHERE "
                        "s.id = :i AND s.kind = :k AND c.state NOT IN ('destroyed', 'withdrawn')",
         soci::use(id), soci::use(withdrawal), soci::into(case_id));
    query.execute();
    while (query.fetch()) cases.push_back(case_id);
  }
  for (const long long case_id : cases) {
    sql << "UPDATE cases SET state = 'destroyed', closed_ms = :t WHERE id = :c", soci::use(now),
        soci::use(case_id);
    insert_event(
        sql,
        {.case_id = case_id, .at_ms = now_ms, .actor = "server", .state = "destroyed", .text = {}});
  }
}

// Everything of a submission but its row.
void forget_rest(Connection& connection, long long id) {
  soci::session& sql = connection.sql;
  erase_attachments(connection, id);
  sql << "DELETE FROM lookups WHERE submission = :i", soci::use(id);
  sql << "DELETE FROM producer_drafts WHERE submission = :i", soci::use(id);
  sql << "DELETE FROM duplicate_verdicts WHERE first = :f OR second = :s", soci::use(id),
      soci::use(id);
  sql << "DELETE FROM answers WHERE submission = :i", soci::use(id);
  sql << "UPDATE case_events SET body = '' WHERE case_id IN (SELECT id FROM cases WHERE "
         "submission = :i)",
      soci::use(id);
  sql << "UPDATE cases SET portal = '' WHERE submission = :i", soci::use(id);
}

}  // namespace

Status SqlStore::erase(std::int64_t submission, std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long id = submission;
    std::string nothing;
    connection.carry({}, nothing);
    const std::string text =
        "UPDATE submissions SET state = 5, envelope = " + connection.bytes_value(":e") +
        ", body = " + connection.bytes_value(":b") +
        " WHERE id = :i AND (state IN (4, 5) OR EXISTS (SELECT 1 FROM withdrawals w WHERE "
        "w.submission = submissions.id AND w.done_ms > 0))";
    soci::statement update =
        (sql.prepare << text, soci::use(nothing), soci::use(nothing), soci::use(id));
    update.execute(true);
    if (update.get_affected_rows() == 0) {
      return fail(ErrorCode::kConflict, "it is neither withdrawn nor a withdrawal");
    }
    end_withdrawal(sql, id, now_ms);
    forget_rest(connection, id);
    return {};
  });
}

Status SqlStore::forget(const Erased& erased) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    std::string nothing;
    connection.carry({}, nothing);
    const long long epoch = i64(erased.epoch.value);
    const long long sequence = i64(erased.sequence.value);
    const long long at = erased.erased_ms;
    const int kind = erased.kind;
    const std::string hash = to_hex(erased.hash);
    long long id = 0;
    sql << "SELECT id FROM submissions WHERE device = :d AND epoch = :e AND sequence = :s AND hash "
           "= :h",
        soci::use(erased.device), soci::use(epoch), soci::use(sequence), soci::use(hash),
        soci::into(id);
    if (!sql.got_data()) {
      id = next_number(sql, "submission");
      sql << "INSERT INTO submissions (id, device, epoch, sequence, hash, previous, uuid, kind, "
             "reference, form_id, form_version, wall_ms, received_ms, state, reason, answer, "
             "envelope, body) VALUES (:i, :d, :e, :s, :h, '', '', :k, :r, '', 0, 0, :t, 5, "
             "'erased', 0, " +
                 connection.bytes_value(":x") + ", " + connection.bytes_value(":y") + ")",
          soci::use(id), soci::use(erased.device), soci::use(epoch), soci::use(sequence),
          soci::use(hash), soci::use(kind), soci::use(erased.reference), soci::use(at),
          soci::use(nothing), soci::use(nothing);
      return {};
    }
    sql << "UPDATE submissions SET state = 5, reason = 'erased', envelope = " +
               connection.bytes_value(":e") + ", body = " + connection.bytes_value(":b") +
               " WHERE id = :i",
        soci::use(nothing), soci::use(nothing), soci::use(id);
    end_withdrawal(sql, id, erased.erased_ms);
    sql << "UPDATE cases SET state = 'withdrawn', closed_ms = :t WHERE submission = :i AND "
           "state NOT IN ('withdrawn', 'destroyed')",
        soci::use(at), soci::use(id);
    forget_rest(connection, id);
    return {};
  });
}

}  // namespace odop::syncserver

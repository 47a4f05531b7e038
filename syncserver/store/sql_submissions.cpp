// Reading submissions and cases; answering.
#include "shared/core/bytes.h"
#include "syncserver/store/sql_store_impl.h"

#include <utility>

namespace odop::syncserver {

namespace {

constexpr int kFeedAnswer = 1;  // number of wire::FeedKind::kAnswer

// Variables that one row of `select_from` lands in.
struct SubmissionRow {
  Submission s;
  std::string hash, previous, envelope, body;
  long long id = 0, kiosk = 0, epoch = 0, sequence = 0, form_version = 0, wall = 0, received = 0;
  int kind = 0, state = 0, answer = 0;

  [[nodiscard]] Submission value(const Connection& connection) const {
    Submission out = s;
    out.id = id;
    out.kiosk = KioskNumber{u64(kiosk)};
    out.epoch = Epoch{u64(epoch)};
    out.sequence = Sequence{u64(sequence)};
    out.hash = unhex(hash);
    out.previous = unhex(previous);
    out.kind = static_cast<std::uint8_t>(kind);
    out.form_version = static_cast<std::uint32_t>(form_version);
    out.wall_ms = wall;
    out.received_ms = received;
    out.state = static_cast<SubmissionState>(state);
    out.envelope = connection.carried(envelope);
    out.body = connection.carried(body);
    out.answer = static_cast<std::uint32_t>(answer);
    return out;
  }
};

std::string select_from(const Connection& connection) {
  return "SELECT s.id, s.device, k.number, s.epoch, s.sequence, s.hash, s.previous, s.uuid, "
         "s.kind, s.reference, s.form_id, s.form_version, s.wall_ms, s.received_ms, s.state, "
         "s.reason, s.answer, " +
         connection.bytes_column("s.envelope") + ", " + connection.bytes_column("s.body") +
         ", k.venue, k.district FROM submissions s JOIN devices d ON d.id = s.device JOIN kiosks k "
         "ON k.number = d.kiosk ";
}

void bind(soci::statement& query, SubmissionRow& row) {
  query.exchange(soci::into(row.id));
  query.exchange(soci::into(row.s.device));
  query.exchange(soci::into(row.kiosk));
  query.exchange(soci::into(row.epoch));
  query.exchange(soci::into(row.sequence));
  query.exchange(soci::into(row.hash));
  query.exchange(soci::into(row.previous));
  query.exchange(soci::into(row.s.uuid));
  query.exchange(soci::into(row.kind));
  query.exchange(soci::into(row.s.reference));
  query.exchange(soci::into(row.s.form_id));
  query.exchange(soci::into(row.form_version));
  query.exchange(soci::into(row.wall));
  query.exchange(soci::into(row.received));
  query.exchange(soci::into(row.state));
  query.exchange(soci::into(row.s.reason));
  query.exchange(soci::into(row.answer));
  query.exchange(soci::into(row.envelope));
  query.exchange(soci::into(row.body));
  query.exchange(soci::into(row.s.venue));
  query.exchange(soci::into(row.s.district));
}

std::vector<Submission> run(const Connection& connection, soci::statement& query,
                            const std::string& text, SubmissionRow& row) {
  query.alloc();
  query.prepare(text);
  query.define_and_bind();
  query.execute();
  std::vector<Submission> out;
  while (query.fetch()) out.push_back(row.value(connection));
  return out;
}

Status write_answer(Connection& connection, const Store::AnswerWrite& answer, std::int64_t now_ms) {
  soci::session& sql = connection.sql;
  const long long id = answer.submission;
  const long long now = now_ms;
  const long long closed = answer.closes ? now : 0;
  const long long due = answer.due_ms;
  const std::string portal = to_base64(answer.portal);
  const int revision = static_cast<int>(answer.revision);
  const int before = static_cast<int>(answer.before.value_or(answer.revision - 1));
  soci::statement update =
      (sql.prepare << "UPDATE submissions SET answer = :r WHERE id = :i AND answer = :b AND "
                      "state IN (2, 3)",
       soci::use(revision), soci::use(id), soci::use(before));
  update.execute(true);
  if (update.get_affected_rows() == 0) {
    return fail(ErrorCode::kConflict, "answered or withdrawn meanwhile; look again");
  }
  for (const CaseEvent& event : answer.events) {
    const long long case_id = event.case_id;
    sql << "UPDATE cases SET state = :s, closed_ms = :c WHERE id = :i", soci::use(answer.state),
        soci::use(closed), soci::use(case_id);
    if (due != 0) {
      sql << "UPDATE cases SET due_ms = :d WHERE id = :i", soci::use(due), soci::use(case_id);
    }
    if (!portal.empty()) {
      sql << "UPDATE cases SET portal = :p WHERE id = :i", soci::use(portal), soci::use(case_id);
    }
    insert_event(sql, event);
  }
  if (answer.producer.has_value()) insert_producer_draft(sql, *answer.producer);
  const long long position =
      insert_feed(sql, answer.audience, kFeedAnswer, answer.feed_payload, now_ms);
  sql << "INSERT INTO answers (submission, position) VALUES (:s, :p) ON CONFLICT (submission) DO "
         "UPDATE SET position = excluded.position",
      soci::use(id), soci::use(position);
  return {};
}

}  // namespace

std::string_view name_of(SubmissionState state) {
  switch (state) {
    case SubmissionState::kReceived:
      return "received";
    case SubmissionState::kOpened:
      return "opened";
    case SubmissionState::kQuarantined:
      return "quarantined";
    case SubmissionState::kRestricted:
      return "restricted";
    case SubmissionState::kErased:
      return "erased";
  }
  return "unknown";
}

Result<std::vector<Submission>> SqlStore::unopened(std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<Submission>> {
    const long long count = i64(limit);
    SubmissionRow row;
    soci::statement query(connection.sql);
    bind(query, row);
    query.exchange(soci::use(count));
    return run(connection, query,
               select_from(connection) + "WHERE s.state = 1 ORDER BY s.id LIMIT :n", row);
  });
}

namespace {

std::vector<ArrivedOne> arrived_where(Connection& connection, const std::string& device_id,
                                      const std::string& condition, long long only_epoch,
                                      long long only_sequence) {
  long long epoch = 0, sequence = 0, awaited = 0;
  int state = 0;
  std::string hash, reason;
  soci::statement query(connection.sql);
  query.exchange(soci::use(device_id));
  if (!condition.empty()) {
    query.exchange(soci::use(only_epoch));
    query.exchange(soci::use(only_sequence));
  }
  query.exchange(soci::into(epoch));
  query.exchange(soci::into(sequence));
  query.exchange(soci::into(hash));
  query.exchange(soci::into(state));
  query.exchange(soci::into(reason));
  query.exchange(soci::into(awaited));
  query.alloc();
  query.prepare(
      "SELECT s.epoch, s.sequence, s.hash, s.state, s.reason, (SELECT COUNT(*) FROM attachments a "
      "WHERE a.submission = s.id AND a.state IN (1, 5)) FROM submissions s WHERE s.device = "
      ":d" +
      condition + " ORDER BY s.epoch, s.sequence, s.id");
  query.define_and_bind();
  query.execute();
  std::vector<ArrivedOne> all;
  while (query.fetch()) {
    const bool quarantined = static_cast<SubmissionState>(state) == SubmissionState::kQuarantined;
    all.push_back({Epoch{u64(epoch)}, Sequence{u64(sequence)}, unhex(hash), quarantined,
                   quarantined ? reason : std::string(), awaited == 0});
  }
  return all;
}

}  // namespace

Result<std::vector<ArrivedOne>> SqlStore::arrived_of(const std::string& device_id) {
  return read([&](Connection& connection) -> Result<std::vector<ArrivedOne>> {
    return arrived_where(connection, device_id, {}, 0, 0);
  });
}

Result<std::vector<ArrivedOne>> SqlStore::arrived_as(const std::string& device_id, Epoch epoch,
                                                     Sequence sequence) {
  return read([&](Connection& connection) -> Result<std::vector<ArrivedOne>> {
    return arrived_where(connection, device_id, " AND s.epoch = :e AND s.sequence = :s",
                         i64(epoch.value), i64(sequence.value));
  });
}

Result<std::vector<Submission>> SqlStore::submissions(const SubmissionFilter& filter) {
  return read([&](Connection& connection) -> Result<std::vector<Submission>> {
    const long long after = filter.after;
    const long long count = i64(filter.limit);
    const long long overdue = filter.overdue_ms;
    const std::string mac = to_hex(filter.lookup_mac);
    SubmissionRow row;
    soci::statement query(connection.sql);
    bind(query, row);
    std::string text = select_from(connection) + "WHERE s.id > :after";
    query.exchange(soci::use(after));
    if (!filter.reference.empty()) {
      // Two halves, each with an index of its own; see the schema.
      text +=
          " AND s.id IN (SELECT id FROM submissions WHERE state <> 1 AND reference = :reference "
          "UNION ALL SELECT id FROM submissions WHERE state = 1 AND reference = :waiting)";
      query.exchange(soci::use(filter.reference));
      query.exchange(soci::use(filter.reference));
    }
    if (!filter.lookup_field.empty()) {
      text +=
          " AND EXISTS (SELECT 1 FROM lookups l WHERE l.submission = s.id AND l.field = "
          ":field AND l.mac = :mac)";
      query.exchange(soci::use(filter.lookup_field));
      query.exchange(soci::use(mac));
    }
    if (!filter.with_restricted) text += " AND s.state NOT IN (4, 5)";
    if (!filter.district.empty() || overdue != 0) {
      text += " AND EXISTS (SELECT 1 FROM cases c WHERE c.submission = s.id";
      if (!filter.district.empty()) {
        text += " AND c.district = :district";
        query.exchange(soci::use(filter.district));
      }
      if (overdue != 0) {
        text += " AND c.closed_ms = 0 AND c.due_ms < :overdue";
        query.exchange(soci::use(overdue));
      }
      text += ")";
    }
    text += " ORDER BY s.id LIMIT :n";
    query.exchange(soci::use(count));
    return run(connection, query, text, row);
  });
}

Result<std::optional<Submission>> SqlStore::submission(std::int64_t id) {
  return read([&](Connection& connection) -> Result<std::optional<Submission>> {
    const long long wanted = id;
    SubmissionRow row;
    soci::statement query(connection.sql);
    bind(query, row);
    query.exchange(soci::use(wanted));
    std::vector<Submission> found =
        run(connection, query, select_from(connection) + "WHERE s.id = :i", row);
    if (found.empty()) return std::optional<Submission>{};
    return std::optional(std::move(found.front()));
  });
}

Result<std::optional<Bytes>> SqlStore::hash_of(const std::string& device_id, Epoch epoch,
                                               Sequence sequence) {
  return read([&](Connection& connection) -> Result<std::optional<Bytes>> {
    const long long e = i64(epoch.value);
    const long long s = i64(sequence.value);
    std::string hash;
    connection.sql << "SELECT hash FROM submissions WHERE device = :d AND epoch = :e AND sequence "
                      "= :s ORDER BY id LIMIT 1",
        soci::use(device_id), soci::use(e), soci::use(s), soci::into(hash);
    if (hash.empty()) return std::optional<Bytes>{};
    return std::optional(unhex(hash));
  });
}

Result<std::vector<Case>> SqlStore::cases_of(std::int64_t submission) {
  return read([&](Connection& connection) -> Result<std::vector<Case>> {
    const long long wanted = submission;
    long long id = 0, due = 0, opened = 0, closed = 0, changes = 0;
    std::string portal;
    Case one;
    soci::statement query =
        (connection.sql.prepare
             << "SELECT c.id, c.district, c.office, c.state, c.due_ms, c.opened_ms, c.closed_ms, "
                "c.portal, (SELECT COUNT(*) FROM case_events e WHERE e.case_id = c.id) "
                "FROM cases c WHERE c.submission = :s ORDER BY c.id",
         soci::use(wanted), soci::into(id), soci::into(one.district), soci::into(one.office),
         soci::into(one.state), soci::into(due), soci::into(opened), soci::into(closed),
         soci::into(portal), soci::into(changes));
    query.execute();
    std::vector<Case> cases;
    while (query.fetch()) {
      one.id = id;
      one.submission = submission;
      one.due_ms = due;
      one.opened_ms = opened;
      one.closed_ms = closed;
      one.portal = unbase64(portal);
      one.changes = u64(changes);
      cases.push_back(one);
    }
    return cases;
  });
}

Result<std::vector<CaseEvent>> SqlStore::history_of(std::int64_t submission) {
  return read([&](Connection& connection) -> Result<std::vector<CaseEvent>> {
    const long long wanted = submission;
    long long case_id = 0, at_ms = 0;
    CaseEvent event;
    std::string body;
    soci::statement query =
        (connection.sql.prepare << "SELECT e.case_id, e.at_ms, e.actor, e.state, e.body FROM "
                                   "case_events e JOIN cases c ON c.id = e.case_id WHERE "
                                   "c.submission = :s ORDER BY e.id",
         soci::use(wanted), soci::into(case_id), soci::into(at_ms), soci::into(event.actor),
         soci::into(event.state), soci::into(body));
    query.execute();
    std::vector<CaseEvent> events;
    while (query.fetch()) {
      event.case_id = case_id;
      event.at_ms = at_ms;
      event.text = unbase64(body);
      events.push_back(event);
    }
    return events;
  });
}

Status SqlStore::record_answer(const AnswerWrite& answer, std::int64_t now_ms) {
  return record_answers(std::span(&answer, 1), now_ms);
}

Status SqlStore::record_answers(std::span<const AnswerWrite> answers, std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    for (const AnswerWrite& answer : answers) {
      if (Status done = write_answer(connection, answer, now_ms); !done.has_value()) return done;
    }
    return {};
  });
}

Result<std::optional<FeedItem>> SqlStore::newest_answer(const std::string& reference) {
  return read([&](Connection& connection) -> Result<std::optional<FeedItem>> {
    long long position = 0, at_ms = 0;
    int kind = 0;
    std::string payload;
    connection.sql << "SELECT f.position, f.kind, f.payload, f.at_ms FROM answers a JOIN "
                      "submissions s ON s.id = a.submission JOIN feed f ON f.position = a.position "
                      "WHERE s.reference = :r AND s.state <> 1 AND s.state IN (2, 3) ORDER BY s.id "
                      "DESC LIMIT 1",
        soci::use(reference), soci::into(position), soci::into(kind), soci::into(payload),
        soci::into(at_ms);
    if (position == 0) return std::optional<FeedItem>{};
    return std::optional<FeedItem>{
        {FeedPosition{u64(position)}, static_cast<std::uint8_t>(kind), unbase64(payload), at_ms}};
  });
}

}  // namespace odop::syncserver

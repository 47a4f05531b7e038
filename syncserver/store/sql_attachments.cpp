// Sealed attachments: named, awaited, stored, opened.
#include "shared/core/bytes.h"
#include "syncserver/store/sql_store_impl.h"

#include <utility>

namespace odop::syncserver {

namespace {

constexpr const char* kColumns =
    "SELECT a.submission, a.place, a.hash, a.size, a.state, (SELECT COALESCE(SUM(LENGTH(p.bytes)), "
    "0) FROM attachment_pieces p WHERE p.submission = a.submission AND p.place = a.place) FROM "
    "attachments a ";

// Variables that one row of kColumns lands in.
struct AttachmentRow {
  long long submission = 0, size = 0, held = 0;
  int place = 0, state = 0;
  std::string hash;

  void bind(soci::statement& query) {
    query.exchange(soci::into(submission));
    query.exchange(soci::into(place));
    query.exchange(soci::into(hash));
    query.exchange(soci::into(size));
    query.exchange(soci::into(state));
    query.exchange(soci::into(held));
  }

  std::vector<Attachment> run(soci::statement& query, const std::string& text) {
    query.alloc();
    query.prepare(text);
    query.define_and_bind();
    query.execute();
    std::vector<Attachment> out;
    while (query.fetch()) {
      out.push_back({submission, static_cast<std::uint32_t>(place), unhex(hash),
                     static_cast<std::uint32_t>(size), static_cast<AttachmentState>(state),
                     static_cast<std::uint32_t>(held)});
    }
    return out;
  }
};

long long held_now(soci::session& sql, long long submission, int place) {
  long long held = 0;
  sql << "SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM attachment_pieces WHERE submission = :s AND "
         "place = :p",
      soci::use(submission), soci::use(place), soci::into(held);
  return held;
}

void delete_pieces(soci::session& sql, long long submission, int place) {
  sql << "DELETE FROM attachment_pieces WHERE submission = :s AND place = :p",
      soci::use(submission), soci::use(place);
}

}  // namespace

void insert_attachments(Connection& connection, long long submission,
                        const std::vector<NamedAttachment>& attachments) {
  std::string nothing;
  connection.carry({}, nothing);
  const std::string text =
      "INSERT INTO attachments (submission, place, hash, size, state, body) VALUES (:s, :p, :h, "
      ":n, 1, " +
      connection.bytes_value(":b") + ")";
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    const int place = static_cast<int>(i);
    const std::string hash = to_hex(attachments[i].hash);
    const long long size = attachments[i].size;
    connection.sql << text, soci::use(submission), soci::use(place), soci::use(hash),
        soci::use(size), soci::use(nothing);
  }
}

void erase_attachments(Connection& connection, long long submission) {
  std::string nothing;
  connection.carry({}, nothing);
  const std::string text =
      "UPDATE attachments SET state = 6, body = " + connection.bytes_value(":b") +
      " WHERE submission = :s";
  connection.sql << text, soci::use(nothing), soci::use(submission);
  connection.sql << "DELETE FROM attachment_pieces WHERE submission = :s", soci::use(submission);
}

Result<std::optional<Attachment>> SqlStore::attachment_named(const Device& device,
                                                             const Bytes& hash) {
  return read([&](Connection& connection) -> Result<std::optional<Attachment>> {
    const std::string key = to_base64(device.public_key);
    const std::string hex = to_hex(hash);
    AttachmentRow row;
    soci::statement query(connection.sql);
    row.bind(query);
    query.exchange(soci::use(hex));
    query.exchange(soci::use(key));
    query.exchange(soci::use(device.id));
    std::vector<Attachment> found =
        row.run(query, std::string(kColumns) +
                           "JOIN submissions s ON s.id = a.submission JOIN devices d ON d.id = "
                           "s.device WHERE a.hash = :h AND (d.public_key = :k OR d.id IN " +
                           kFormerDevices +
                           ") ORDER BY CASE WHEN "
                           "a.state IN (1, 5) THEN 0 ELSE 1 END, a.submission, a.place LIMIT 1");
    if (found.empty()) return std::optional<Attachment>{};
    return std::optional(std::move(found.front()));
  });
}

Result<std::uint32_t> SqlStore::add_piece(const Attachment& attachment, std::uint32_t start,
                                          BytesView piece) {
  std::uint32_t held = 0;
  Status done = writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long id = attachment.submission;
    const int place = static_cast<int>(attachment.place);
    // Holds the row, so that on PostgreSQL two servers do not both add behind the same end.
    long long size = 0;
    sql << "SELECT size FROM attachments WHERE submission = :s AND place = :p AND state IN (1, 5)" +
               connection.row_lock(),
        soci::use(id), soci::use(place), soci::into(size);
    const long long before = held_now(sql, id, place);
    const auto count = static_cast<long long>(piece.size());
    held = static_cast<std::uint32_t>(before);
    if (before != start || count == 0 || before + count > size) return {};
    const long long at = before;
    std::string bytes;
    connection.carry(piece, bytes);
    const std::string text =
        "INSERT INTO attachment_pieces (submission, place, start, bytes) VALUES (:s, :p, :o, " +
        connection.bytes_value(":b") + ")";
    sql << text, soci::use(id), soci::use(place), soci::use(at), soci::use(bytes);
    held = static_cast<std::uint32_t>(before + count);
    return {};
  });
  if (!done.has_value()) return fail(std::move(done.error()));
  return held;
}

Result<Bytes> SqlStore::pieces(const Attachment& attachment) {
  return read([&](Connection& connection) -> Result<Bytes> {
    const long long id = attachment.submission;
    const int place = static_cast<int>(attachment.place);
    const std::string text = "SELECT " + connection.bytes_column("bytes") +
                             " FROM attachment_pieces WHERE submission = :s AND place = :p ORDER "
                             "BY start";
    std::string piece;
    soci::statement query =
        (connection.sql.prepare << text, soci::use(id), soci::use(place), soci::into(piece));
    query.execute();
    Bytes whole;
    while (query.fetch()) whole += connection.carried(piece);
    return whole;
  });
}

Status SqlStore::drop_pieces(const Attachment& attachment) {
  return writer_.run([&](Connection& connection) -> Status {
    delete_pieces(connection.sql, attachment.submission, static_cast<int>(attachment.place));
    return {};
  });
}

Status SqlStore::store_attachment(const Attachment& attachment, BytesView sealed) {
  return writer_.run([&](Connection& connection) -> Status {
    const long long id = attachment.submission;
    const int place = static_cast<int>(attachment.place);
    std::string bytes;
    connection.carry(sealed, bytes);
    const std::string text =
        "UPDATE attachments SET state = 2, body = " + connection.bytes_value(":b") +
        " WHERE submission = :s AND place = :p AND state IN (1, 5)";
    connection.sql << text, soci::use(bytes), soci::use(id), soci::use(place);
    delete_pieces(connection.sql, id, place);
    return {};
  });
}

Result<std::vector<Bytes>> SqlStore::attachments_here_of(const std::string& device_id) {
  return read([&](Connection& connection) -> Result<std::vector<Bytes>> {
    std::string hash;
    soci::statement query =
        (connection.sql.prepare << "SELECT a.hash FROM attachments a JOIN submissions s ON s.id = "
                                   "a.submission WHERE s.device = :d AND a.state NOT IN (1, 5) "
                                   "ORDER BY a.submission, a.place",
         soci::use(device_id), soci::into(hash));
    query.execute();
    std::vector<Bytes> all;
    while (query.fetch()) all.push_back(unhex(hash));
    return all;
  });
}

Result<std::vector<Attachment>> SqlStore::attachments_of(std::int64_t submission) {
  return read([&](Connection& connection) -> Result<std::vector<Attachment>> {
    const long long id = submission;
    AttachmentRow row;
    soci::statement query(connection.sql);
    row.bind(query);
    query.exchange(soci::use(id));
    return row.run(query, std::string(kColumns) + "WHERE a.submission = :s ORDER BY a.place");
  });
}

Result<Bytes> SqlStore::attachment_body(const Attachment& attachment) {
  return read([&](Connection& connection) -> Result<Bytes> {
    const long long id = attachment.submission;
    const int place = static_cast<int>(attachment.place);
    std::string body;
    const std::string text = "SELECT " + connection.bytes_column("body") +
                             " FROM attachments WHERE submission = :s AND place = :p";
    connection.sql << text, soci::use(id), soci::use(place), soci::into(body);
    return connection.carried(body);
  });
}

Result<std::vector<Attachment>> SqlStore::unopened_attachments(std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<Attachment>> {
    const long long count = i64(limit);
    AttachmentRow row;
    soci::statement query(connection.sql);
    row.bind(query);
    query.exchange(soci::use(count));
    return row.run(query, std::string(kColumns) +
                              "JOIN submissions s ON s.id = a.submission WHERE a.state = 2 AND "
                              "s.state IN (2, 3) AND LENGTH(s.body) > 0 ORDER BY a.submission, "
                              "a.place LIMIT :n");
  });
}

Status SqlStore::record_attachment_opened(const Attachment& attachment, AttachmentState state,
                                          BytesView body) {
  return writer_.run([&](Connection& connection) -> Status {
    const long long id = attachment.submission;
    const int place = static_cast<int>(attachment.place);
    const int becomes = static_cast<int>(state);
    const int keep = body.empty() ? 1 : 0;
    std::string bytes;
    connection.carry(body, bytes);
    const std::string text =
        "UPDATE attachments SET state = :t, body = CASE WHEN :k = 1 THEN body ELSE " +
        connection.bytes_value(":b") + " END WHERE submission = :s AND place = :p AND state = 2";
    connection.sql << text, soci::use(becomes), soci::use(keep), soci::use(bytes), soci::use(id),
        soci::use(place);
    return {};
  });
}

Result<std::size_t> SqlStore::give_up_attachments(std::int64_t before_ms, std::int64_t now_ms) {
  std::size_t count = 0;
  Status done = writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long before = before_ms;
    struct Late {
      long long submission;
      int place;
      std::string device;
    };
    std::vector<Late> late;
    {
      long long id = 0;
      int place = 0;
      std::string device;
      soci::statement query =
          (sql.prepare << "SELECT a.submission, a.place, s.device FROM attachments a JOIN "
                          "submissions s ON s.id = a.submission WHERE a.state = 1 AND "
                          "s.received_ms < :t ORDER BY a.submission, a.place",
           soci::use(before), soci::into(id), soci::into(place), soci::into(device));
      query.execute();
      while (query.fetch()) late.push_back({id, place, device});
    }
    for (const Late& one : late) {
      sql << "UPDATE attachments SET state = 5 WHERE submission = :s AND place = :p AND state = 1",
          soci::use(one.submission), soci::use(one.place);
      insert_alarm(sql, {.at_ms = now_ms,
                         .kind = "recording_missing",
                         .device = one.device,
                         .detail = "submission " + std::to_string(one.submission) +
                                   ": a recording never came"});
    }
    count = late.size();
    return {};
  });
  if (!done.has_value()) return fail(std::move(done.error()));
  return count;
}

}  // namespace odop::syncserver

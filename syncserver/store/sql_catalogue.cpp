// Draft, media and releases.
#include "syncserver/store/sql_store_impl.h"

#include <utility>

namespace odop::syncserver {

namespace {

std::vector<CatalogueRecord> read_records(soci::statement& query, CatalogueRecord& row) {
  query.execute();
  std::vector<CatalogueRecord> records;
  while (query.fetch()) records.push_back(row);
  return records;
}

void insert_pointers(soci::session& sql, std::span<const StoredPointer> pointers) {
  for (const StoredPointer& pointer : pointers) {
    const long long serial = i64(pointer.serial);
    const long long target = i64(pointer.release.value);
    const long long issued = pointer.issued_ms;
    const long long expires = pointer.expires_ms;
    sql << "INSERT INTO pointers (serial, ring, release, issued_ms, expires_ms, document) VALUES "
           "(:s, :g, :r, :i, :e, :d)",
        soci::use(serial), soci::use(pointer.ring), soci::use(target), soci::use(issued),
        soci::use(expires), soci::use(pointer.document);
  }
}

}  // namespace

Result<std::vector<CatalogueRecord>> SqlStore::draft() {
  return read([&](Connection& connection) -> Result<std::vector<CatalogueRecord>> {
    CatalogueRecord row;
    soci::statement query =
        (connection.sql.prepare << "SELECT r.type, r.id, c.json, r.hash FROM records r JOIN "
                                   "contents c ON c.hash = r.hash ORDER BY r.type, r.id",
         soci::into(row.type), soci::into(row.id), soci::into(row.json), soci::into(row.hash));
    return read_records(query, row);
  });
}

Result<std::vector<CatalogueRecord>> SqlStore::draft_of(const std::string& type) {
  return read([&](Connection& connection) -> Result<std::vector<CatalogueRecord>> {
    CatalogueRecord row;
    soci::statement query =
        (connection.sql.prepare << "SELECT r.type, r.id, c.json, r.hash FROM records r JOIN "
                                   "contents c ON c.hash = r.hash WHERE r.type = :t ORDER BY r.id",
         soci::use(type), soci::into(row.type), soci::into(row.id), soci::into(row.json),
         soci::into(row.hash));
    return read_records(query, row);
  });
}

Result<std::vector<CatalogueRecord>> SqlStore::published(const std::string& type) {
  return read([&](Connection& connection) -> Result<std::vector<CatalogueRecord>> {
    CatalogueRecord row;
    row.type = type;
    const std::string prefix = type + "/";
    const long long length = i64(prefix.size());
    const long long after = length + 1;
    soci::statement query =
        (connection.sql.prepare << "SELECT i.name, i.hash, c.json FROM (SELECT DISTINCT substr(id, "
                                   ":from) AS name, hash FROM release_items WHERE kind = 1 AND "
                                   "substr(id, 1, :n) = :p) i JOIN contents c ON c.hash = i.hash "
                                   "ORDER BY i.name, i.hash",
         soci::use(after), soci::use(length), soci::use(prefix), soci::into(row.id),
         soci::into(row.hash), soci::into(row.json));
    return read_records(query, row);
  });
}

Status SqlStore::edit_draft(std::span<const CatalogueRecord> upserts,
                            std::span<const std::string> removals, std::span<const Medium> media,
                            std::int64_t now_ms) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long now = now_ms;
    std::string type, id, json, hash;
    soci::statement content = (sql.prepare << "INSERT INTO contents (hash, json) VALUES (:h, :j) "
                                              "ON CONFLICT (hash) DO NOTHING",
                               soci::use(hash), soci::use(json));
    soci::statement record =
        (sql.prepare << "INSERT INTO records (type, id, hash, changed_ms) VALUES (:t, :i, :h, :n) "
                        "ON CONFLICT (type, id) DO UPDATE SET hash = excluded.hash, changed_ms = "
                        "excluded.changed_ms",
         soci::use(type), soci::use(id), soci::use(hash), soci::use(now));
    for (const CatalogueRecord& one : upserts) {
      type = one.type;
      id = one.id;
      json = one.json;
      hash = one.hash;
      content.execute(true);
      record.execute(true);
    }
    for (const std::string& name : removals) {
      const std::size_t slash = name.find('/');
      if (slash == std::string::npos) return fail(ErrorCode::kInvalidArgument, name);
      type = name.substr(0, slash);
      id = name.substr(slash + 1);
      sql << "DELETE FROM records WHERE type = :t AND id = :i", soci::use(type), soci::use(id);
    }
    for (const Medium& medium : media) {
      const int kind = medium.kind;
      const long long size = i64(medium.size);
      sql << "INSERT INTO media (hash, kind, size, content_type) VALUES (:h, :k, :s, :c) ON "
             "CONFLICT (hash) DO NOTHING",
          soci::use(medium.hash), soci::use(kind), soci::use(size), soci::use(medium.content_type);
    }
    return {};
  });
}

Result<std::optional<Medium>> SqlStore::medium(const std::string& hash) {
  return read([&](Connection& connection) -> Result<std::optional<Medium>> {
    Medium medium;
    int kind = 0;
    long long size = 0;
    connection.sql << "SELECT hash, kind, size, content_type FROM media WHERE hash = :h",
        soci::use(hash), soci::into(medium.hash), soci::into(kind), soci::into(size),
        soci::into(medium.content_type);
    if (!connection.sql.got_data()) return std::optional<Medium>{};
    medium.kind = static_cast<std::uint8_t>(kind);
    medium.size = u64(size);
    return std::optional(std::move(medium));
  });
}

Result<std::vector<Medium>> SqlStore::media() {
  return read([&](Connection& connection) -> Result<std::vector<Medium>> {
    Medium medium;
    int kind = 0;
    long long size = 0;
    soci::statement query = (connection.sql.prepare << "SELECT hash, kind, size, content_type FROM "
                                                       "media ORDER BY hash",
                             soci::into(medium.hash), soci::into(kind), soci::into(size),
                             soci::into(medium.content_type));
    query.execute();
    std::vector<Medium> media;
    while (query.fetch()) {
      medium.kind = static_cast<std::uint8_t>(kind);
      medium.size = u64(size);
      media.push_back(medium);
    }
    return media;
  });
}

Result<std::optional<Release>> SqlStore::release(ReleaseNumber number) {
  return read([&](Connection& connection) -> Result<std::optional<Release>> {
    const long long wanted = i64(number.value);
    Release release;
    long long previous = 0, created = 0, records = 0, media = 0;
    connection.sql << "SELECT previous, created_ms, content_digest, records, media, manifest FROM "
                      "releases WHERE number = :n",
        soci::use(wanted), soci::into(previous), soci::into(created),
        soci::into(release.content_digest), soci::into(records), soci::into(media),
        soci::into(release.manifest);
    if (!connection.sql.got_data()) return std::optional<Release>{};
    release.number = number;
    release.previous = ReleaseNumber{u64(previous)};
    release.created_ms = created;
    release.records = u64(records);
    release.media = u64(media);
    long long from = 0, size = 0;
    soci::statement query =
        (connection.sql.prepare << "SELECT from_release, size FROM packs WHERE release = :n ORDER "
                                   "BY from_release",
         soci::use(wanted), soci::into(from), soci::into(size));
    query.execute();
    while (query.fetch()) release.packs.push_back({ReleaseNumber{u64(from)}, u64(size)});
    return std::optional(std::move(release));
  });
}

Result<std::optional<Release>> SqlStore::newest_release() {
  Result<long long> number = read([&](Connection& connection) -> Result<long long> {
    long long newest = 0;
    connection.sql << "SELECT COALESCE(MAX(number), 0) FROM releases", soci::into(newest);
    return newest;
  });
  if (!number.has_value()) return fail(std::move(number.error()));
  return release(ReleaseNumber{u64(*number)});
}

Result<std::vector<ReleaseItem>> SqlStore::release_items(ReleaseNumber number) {
  return read([&](Connection& connection) -> Result<std::vector<ReleaseItem>> {
    const long long wanted = i64(number.value);
    ReleaseItem item;
    int kind = 0;
    long long size = 0;
    soci::statement query =
        (connection.sql.prepare << "SELECT kind, id, hash, size FROM release_items WHERE release "
                                   "= :n ORDER BY kind, id",
         soci::use(wanted), soci::into(kind), soci::into(item.id), soci::into(item.hash),
         soci::into(size));
    query.execute();
    std::vector<ReleaseItem> items;
    while (query.fetch()) {
      item.kind = static_cast<std::uint8_t>(kind);
      item.size = u64(size);
      items.push_back(item);
    }
    return items;
  });
}

Result<std::string> SqlStore::content(const std::string& hash) {
  return read([&](Connection& connection) -> Result<std::string> {
    std::string json;
    connection.sql << "SELECT json FROM contents WHERE hash = :h", soci::use(hash),
        soci::into(json);
    if (!connection.sql.got_data()) return fail(ErrorCode::kNotFound, "record version " + hash);
    return json;
  });
}

Status SqlStore::publish(const Release& release, std::span<const ReleaseItem> items,
                         std::span<const StoredPointer> pointers) {
  return writer_.run([&](Connection& connection) -> Status {
    soci::session& sql = connection.sql;
    const long long number = i64(release.number.value);
    const long long previous = i64(release.previous.value);
    const long long created = release.created_ms;
    const long long records = i64(release.records);
    const long long media = i64(release.media);
    sql << "INSERT INTO releases (number, previous, created_ms, content_digest, records, media, "
           "manifest) VALUES (:n, :p, :c, :d, :r, :m, :x)",
        soci::use(number), soci::use(previous), soci::use(created),
        soci::use(release.content_digest), soci::use(records), soci::use(media),
        soci::use(release.manifest);
    int kind = 0;
    long long size = 0;
    std::string id, hash;
    soci::statement item =
        (sql.prepare << "INSERT INTO release_items (release, kind, id, hash, size) VALUES (:n, :k, "
                        ":i, :h, :s)",
         soci::use(number), soci::use(kind), soci::use(id), soci::use(hash), soci::use(size));
    for (const ReleaseItem& one : items) {
      kind = one.kind;
      id = one.id;
      hash = one.hash;
      size = i64(one.size);
      item.execute(true);
    }
    for (const PackFile& pack : release.packs) {
      const long long from = i64(pack.from.value);
      size = i64(pack.size);
      sql << "INSERT INTO packs (release, from_release, size) VALUES (:n, :f, :s)",
          soci::use(number), soci::use(from), soci::use(size);
    }
    insert_pointers(sql, pointers);
    return {};
  });
}

Status SqlStore::repoint(std::span<const StoredPointer> pointers) {
  return writer_.run([&](Connection& connection) -> Status {
    insert_pointers(connection.sql, pointers);
    return {};
  });
}

Status SqlStore::sign_anew(ReleaseNumber number, const std::string& manifest,
                           std::span<const StoredPointer> pointers) {
  return writer_.run([&](Connection& connection) -> Status {
    const long long release = i64(number.value);
    connection.sql << "UPDATE releases SET manifest = :m WHERE number = :n", soci::use(manifest),
        soci::use(release);
    insert_pointers(connection.sql, pointers);
    return {};
  });
}

Result<std::optional<StoredPointer>> SqlStore::pointer(const std::string& ring) {
  return read([&](Connection& connection) -> Result<std::optional<StoredPointer>> {
    StoredPointer pointer;
    long long serial = 0, target = 0, issued = 0, expires = 0;
    connection.sql << "SELECT serial, ring, release, issued_ms, expires_ms, document FROM pointers "
                      "WHERE ring = :g ORDER BY serial DESC LIMIT 1",
        soci::use(ring), soci::into(serial), soci::into(pointer.ring), soci::into(target),
        soci::into(issued), soci::into(expires), soci::into(pointer.document);
    if (!connection.sql.got_data()) return std::optional<StoredPointer>{};
    pointer.serial = u64(serial);
    pointer.release = ReleaseNumber{u64(target)};
    pointer.issued_ms = issued;
    pointer.expires_ms = expires;
    return std::optional(std::move(pointer));
  });
}

}  // namespace odop::syncserver

// What verification alone reads: whether rows that name each other are all there.
#include "syncserver/store/sql_store_impl.h"

#include <array>

namespace odop::syncserver {

namespace {

// A column whose value, when it is one, names a row of another table.
struct Link {
  const char* table;
  const char* column;
  const char* target;
  const char* key;
  const char* when;  // the rows that it holds for
};

// SQLite checks foreign keys for whoever asks it to, and other programs do not; some links of the
// schema are none, so that intake has less to look up.
constexpr std::array kLinks{
    Link{"devices", "kiosk", "kiosks", "number", ""},
    Link{"devices", "former", "devices", "id", " AND t.former <> ''"},
    Link{"device_states", "device", "devices", "id", ""},
    // Entered by an erasure of another life (SqlStore::forget), whose devices need not be here.
    Link{"submissions", "device", "devices", "id", " AND NOT (t.state = 5 AND t.uuid = '')"},
    Link{"feed", "device", "devices", "id", " AND t.device <> ''"},
    Link{"cases", "submission", "submissions", "id", ""},
    Link{"case_events", "case_id", "cases", "id", ""},
    Link{"answers", "submission", "submissions", "id", ""},
    Link{"answers", "position", "feed", "position", ""},
    Link{"lookups", "submission", "submissions", "id", ""},
    Link{"withdrawals", "submission", "submissions", "id", ""},
    Link{"attachments", "submission", "submissions", "id", ""},
    Link{"producer_drafts", "submission", "submissions", "id", ""},
    Link{"duplicate_verdicts", "first", "submissions", "id", ""},
    Link{"duplicate_verdicts", "second", "submissions", "id", ""},
    Link{"records", "hash", "contents", "hash", ""},
    Link{"release_items", "release", "releases", "number", ""},
    Link{"release_items", "hash", "contents", "hash", " AND t.kind = 1"},
    Link{"release_items", "hash", "media", "hash", " AND t.kind <> 1"},
    Link{"packs", "release", "releases", "number", ""},
    Link{"pointers", "release", "releases", "number", ""}};

// What an erasure entered for a submission that this database never had took a number for itself
// alone. An envelope that came has a UUID.
constexpr const char* kEnteredErased = "CASE WHEN state = 5 AND uuid = '' THEN 1 ELSE 0 END";

}  // namespace

Result<std::vector<std::string>> SqlStore::broken_links() {
  return read([&](Connection& connection) -> Result<std::vector<std::string>> {
    std::vector<std::string> broken;
    for (const Link& link : kLinks) {
      long long count = 0;
      const std::string text = std::string("SELECT COUNT(*) FROM ") + link.table +
                               " t WHERE NOT EXISTS (SELECT 1 FROM " + link.target + " o WHERE o." +
                               link.key + " = t." + link.column + ")" + link.when;
      connection.sql << text, soci::into(count);
      if (count == 0) continue;
      broken.push_back(std::to_string(count) + " rows of " + link.table + " name in their column " +
                       link.column + " a row of " + link.target + " that is gone");
    }
    return broken;
  });
}

// Ids are given out in blocks (next_submission_id). Whoever takes a block uses its first id in the
// same transaction, and the others one after the other; a rollback or a restart leaves the rest of
// a block unused. So a block without its first id, or with a hole, lost a row.
Result<std::vector<std::int64_t>> SqlStore::gone_submissions(std::size_t limit) {
  return read([&](Connection& connection) -> Result<std::vector<std::int64_t>> {
    soci::session& sql = connection.sql;
    // Before the rows: what is taken in meanwhile is a block of its own.
    long long given = 0;
    sql << "SELECT value FROM counters WHERE name = 'submission'", soci::into(given);
    long long id = 0;
    int single = 0;
    soci::statement query = (sql.prepare << std::string("SELECT id, ") + kEnteredErased +
                                                " FROM submissions ORDER BY id",
                             soci::into(id), soci::into(single));
    query.execute();
    std::vector<std::int64_t> gone;
    long long block = 1;     // where the present block begins
    long long expected = 1;  // the next id of it, when there is one
    const auto lost_up_to = [&](long long end) {
      for (; expected < end && gone.size() < limit; ++expected) gone.push_back(expected);
    };
    while (query.fetch()) {
      while (id >= block + kSubmissionIdBlock) {
        if (expected == block) lost_up_to(block + 1);
        block += kSubmissionIdBlock;
        expected = block;
      }
      lost_up_to(id);
      expected = id + 1;
      if (single == 1 && id == block) block = expected;
    }
    while (block <= given) {
      if (expected == block) lost_up_to(block + 1);
      block += kSubmissionIdBlock;
      expected = block;
    }
    return gone;
  });
}

Result<std::vector<StoredPointer>> SqlStore::pointers() {
  return read([&](Connection& connection) -> Result<std::vector<StoredPointer>> {
    StoredPointer pointer;
    long long serial = 0, target = 0, issued = 0, expires = 0;
    soci::statement query =
        (connection.sql.prepare << "SELECT serial, ring, release, issued_ms, expires_ms, document "
                                   "FROM pointers ORDER BY ring, serial",
         soci::into(serial), soci::into(pointer.ring), soci::into(target), soci::into(issued),
         soci::into(expires), soci::into(pointer.document));
    query.execute();
    std::vector<StoredPointer> pointers;
    while (query.fetch()) {
      pointer.serial = u64(serial);
      pointer.release = ReleaseNumber{u64(target)};
      pointer.issued_ms = issued;
      pointer.expires_ms = expires;
      pointers.push_back(pointer);
    }
    return pointers;
  });
}

}  // namespace odop::syncserver

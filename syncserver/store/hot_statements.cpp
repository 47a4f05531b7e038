#include "syncserver/store/hot_statements.h"

namespace odop::syncserver {

HotStatements::HotStatements(Connection& connection)
    : find_device((connection.sql.prepare
                       << "SELECT d.id, d.kiosk, d.public_key, d.epoch, d.enrolled_ms, "
                          "d.revoked_ms, d.forked_ms, d.demanded_ms, d.former, d.covered_epoch, "
                          "CASE WHEN d.forked_ms = 0 THEN "
                          "d.covered_sequence ELSE 0 END, k.venue, "
                          "k.district, k.ring, k.name FROM devices d JOIN kiosks k ON k.number = "
                          "d.kiosk WHERE d.token_hash = :token",
                   soci::use(token_hash), soci::into(id), soci::into(kiosk), soci::into(public_key),
                   soci::into(epoch), soci::into(enrolled_ms), soci::into(revoked_ms),
                   soci::into(forked_ms), soci::into(demanded_ms), soci::into(former),
                   soci::into(covered_epoch), soci::into(covered_sequence), soci::into(venue),
                   soci::into(district), soci::into(ring), soci::into(name))),
      find_standing(
          (connection.sql.prepare << "SELECT revoked_ms, covered_epoch, "
                                     "CASE WHEN forked_ms = 0 THEN covered_sequence ELSE 0 END "
                                     "FROM devices WHERE id = :d" +
                                         connection.row_lock(),
           soci::use(device), soci::into(revoked_ms), soci::into(covered_epoch),
           soci::into(covered_sequence))),
      find_held((connection.sql.prepare << "SELECT sequence, hash FROM submissions WHERE device = "
                                           ":d AND epoch = :e AND sequence BETWEEN :a AND :b",
                 soci::use(device), soci::use(a_epoch), soci::use(first), soci::use(last),
                 soci::into(found_sequence), soci::into(found_hash))),
      insert_submission(
          (
              connection.sql.prepare
                  << "INSERT INTO submissions (id, device, epoch, sequence, hash, previous, "
                     "uuid, kind, reference, form_id, form_version, wall_ms, received_ms, "
                     "state, reason, answer, envelope, body) VALUES (:id, :d, :e, :s, :h, "
                     ":p, :u, :k, :r, :f, :v, :w, :t, :st, :re, 0, " +
                         connection.bytes_value(":en") + ", '')",
              soci::use(s_id), soci::use(device), soci::use(a_epoch), soci::use(a_sequence),
              soci::use(hash), soci::use(previous), soci::use(uuid), soci::use(kind),
              soci::use(reference), soci::use(form_id), soci::use(form_version), soci::use(wall_ms),
              soci::use(received_ms), soci::use(state), soci::use(reason), soci::use(envelope))) {}

}  // namespace odop::syncserver

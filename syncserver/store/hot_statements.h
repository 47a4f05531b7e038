// Statements of the intake path, prepared once a connection: preparing costs more than running
// them. Set the variables, then execute. Internal to the room.
#pragma once

#include "syncserver/store/database.h"

#include <string>

namespace odop::syncserver {

struct HotStatements {
  explicit HotStatements(Connection& connection);

  // Columns of a device with its kiosk and state, for `find_device`.
  std::string token_hash;
  std::string id, public_key, venue, district, ring, name, app_version, former;
  long long kiosk = 0, epoch = 0, enrolled_ms = 0, revoked_ms = 0, forked_ms = 0, demanded_ms = 0;
  long long covered_epoch = 0, covered_sequence = 0;
  soci::statement find_device;

  // `find_standing` by `device` fills revoked_ms, covered_epoch and covered_sequence, and holds the
  // device's row until the transaction ends.
  std::string device;
  soci::statement find_standing;

  // `find_held` fills found_sequence and found_hash, from first to last.
  long long a_epoch = 0, first = 0, last = 0, found_sequence = 0;
  std::string found_hash;
  soci::statement find_held;

  long long s_id = 0, a_sequence = 0, kind = 0, form_version = 0, wall_ms = 0, received_ms = 0,
            state = 0;
  std::string hash, previous, uuid, reference, form_id, reason, envelope;
  soci::statement insert_submission;

  // Ids of submissions reserved in the running transaction or an earlier one; empty after a
  // rollback.
  long long next_id = 0, last_id = -1;
};

}  // namespace odop::syncserver

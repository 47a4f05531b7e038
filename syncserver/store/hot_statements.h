// Statements of the intake path, prepared once a connection: preparing costs more than running
// them. Set the variables, then execute. Internal to the room.
#pragma once

#include "syncserver/store/soci_session.h"

#include <string>

namespace odop::syncserver {

struct HotStatements {
  explicit HotStatements(soci::session& sql);

  // Columns of a device with its kiosk and state, for `find_device`.
  std::string token_hash;
  std::string id, public_key, venue, district, ring, name, app_version;
  long long kiosk = 0, epoch = 0, enrolled_ms = 0, revoked_ms = 0, forked_ms = 0;
  long long covered_epoch = 0, covered_sequence = 0;
  soci::statement find_device;

  std::string device;
  long long a_epoch = 0, a_sequence = 0, count = 0;
  soci::statement lock_device;
  std::string found_hash;
  soci::statement find_sequence;

  long long s_id = 0, kind = 0, form_version = 0, wall_ms = 0, received_ms = 0, state = 0;
  std::string hash, previous, uuid, reference, form_id, reason, envelope;
  soci::statement insert_submission;

  // Ids of submissions reserved in the running transaction or an earlier one; empty after a
  // rollback.
  long long next_id = 0, last_id = -1;
};

}  // namespace odop::syncserver

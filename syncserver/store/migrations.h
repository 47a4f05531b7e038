// Schema changes, forward only. The text of each is embedded from schema/NNNN_name.sql.
#pragma once

#include <array>
#include <span>

namespace odop::syncserver {

struct Migration {
  int number;        // from 1, without gaps
  const char* name;  // file name without ".sql"
  const char* sql;   // statements, each ended by ";" at the end of a line
};

extern const std::span<const Migration> kMainSchema;
extern const std::span<const Migration> kKeySchema;

}  // namespace odop::syncserver

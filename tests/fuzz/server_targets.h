// Decoders of the server that need its files or its database.
#pragma once

#include "tests/fuzz/targets.h"

#include <vector>

namespace odop::fuzz {

// Answers as the office reads them, the lists beside a backup, an officer's sheet that comes back.
void add_server_files(std::vector<Target>& all);

}  // namespace odop::fuzz

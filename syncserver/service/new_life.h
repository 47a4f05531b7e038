// Which numbers a restored database goes on with, so that none is given out which another life gave
// out: the one that was lost, and those that were restored from the same backup before. These are
// noted beside the backup (FOLDER/lives.list, a line of JSON each), and those that were restored
// from the backups that lie beside it; of those that came from a copy of it nobody knows.
//
// Kiosk numbers are spoken and stand in each reference, so they stay small: up to four digits while
// there are any, and never more than the five that a reference can hold. They come in blocks of a
// hundred, and a life takes one at random among those that no life is known to use. Two lives that
// know nothing of each other meet one time in about a hundred; a fixed step would make them meet
// always.
#pragma once

#include "shared/core/ids.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace odop::syncserver {

inline constexpr std::uint64_t kKioskBlock = 100;
// The highest number of four digits that a block may hold, and of five (see reference_number.h).
inline constexpr std::uint64_t kMostShortKiosks = 9'900;
inline constexpr std::uint64_t kMostKiosks = 99'900;
// A life that was restored from the same backup moments before may have published so many releases;
// more than that take longer than the minutes that count (Store::begin_new_life).
inline constexpr std::uint64_t kReleasesOfALife = 100;

// A life that was begun: its numbers are above these.
struct Life {
  std::string generation{};
  KioskNumber kiosks_after{};
  ReleaseNumber releases_after{};
};

// The kiosk numbers of a new life are those after the one that it returns. `given`: all that the
// backup knows; `last`: the newest of them, after which the lost life went on. Errors: kTooLarge
// (every block is used: nobody has had a thousand lives).
[[nodiscard]] Result<KioskNumber> kiosks_of_new_life(std::span<const KioskNumber> given,
                                                     KioskNumber last, std::span<const Life> lives,
                                                     Random& random);

// Lives that were begun from this backup; none when it holds no note. A line that cannot be read is
// passed over. Errors: kTooLarge, kIo.
[[nodiscard]] Result<std::vector<Life>> read_lives(const std::filesystem::path& backup);
// The same, and those that were begun from backups in neighbouring folders, where they can be read:
// whoever restores an older one must go beyond what the newest led to.
[[nodiscard]] std::vector<Life> lives_around(const std::filesystem::path& backup);
// Errors: kDiskFull, kIo (a medium that cannot be written); nothing is noted then.
[[nodiscard]] Status note_life(const std::filesystem::path& backup, const Life& life);

}  // namespace odop::syncserver

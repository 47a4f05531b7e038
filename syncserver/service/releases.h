// Publishing: the draft becomes an immutable release with its packs, signed by the publisher, and a
// pointer says to the kiosks that it is the one to show.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/program.h"
#include "shared/core/result.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/store.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace odop::syncserver {

// A pointer holds for a month (decision): a stand that hears nothing for longer marks its catalogue
// as possibly out of date, and goes on showing it.
inline constexpr std::chrono::days kPointerLife{30};
// Packs lead from this many releases back, and from nothing (design, section 4).
inline constexpr std::uint64_t kPackHistory = 8;
// Names that a pointer takes down at most (shared/wire). Those of the release come first; what only
// older ones hold goes as far as there is room.
inline constexpr std::size_t kMaxTakeDowns = 400;

struct Published {
  ReleaseNumber release;  // the one that is shown now
  std::uint64_t records = 0;
  std::uint64_t media = 0;
  bool changed = true;  // false: the content was that of the release before; no new one was made
  std::uint32_t minimum_app = 1;  // the program that it wants (odop::kProgramNumber)
  std::uint32_t before = 0;       // what the release before wanted; 0 = there was none
};

// What a stored release wants, as its manifest says; what cannot be read wants nothing that the
// first program is not.
[[nodiscard]] std::uint32_t minimum_app_of(const Release& release);

struct Difference {
  ReleaseNumber from;
  std::vector<std::string> added;  // "type/id", sorted
  std::vector<std::string> changed;
  std::vector<std::string> removed;
};

class Publisher {
 public:
  // References outlive the object. `data` is the server's folder; packs go to data/releases/N.
  Publisher(Store& store, const ServerKeys& keys, const MediaFolder& media,
            std::filesystem::path data)
      : store_(store), keys_(keys), media_(media), data_(std::move(data)) {}

  // The draft as the next release. With unchanged content only the pointer is renewed, when less
  // than half of its time is left or a ring of the fleet has none. `minimum_app` is the lowest
  // program that shall show it; by default what the release before wanted, or more when the content
  // does (forms::minimum_program). Errors: kInvalidArgument (the draft is empty, or its content
  // wants a newer program than `minimum_app`), kForbidden (no publisher key here), kBusy (another
  // publication runs), kCorrupt (a medium is missing), kTooLarge, kDiskFull, kIo.
  [[nodiscard]] Result<Published> publish(WallTime now, std::chrono::days life = kPointerLife,
                                          std::optional<std::uint32_t> minimum_app = {});

  // The content of an earlier release under the next number: numbers never go back. It wants the
  // program that it wanted then. The draft stays as it is. Errors: kNotFound (no such release), and
  // as above.
  [[nodiscard]] Result<Published> rollback(ReleaseNumber to, WallTime now,
                                           std::chrono::days life = kPointerLife);

  // New pointers to the newest release when what is taken down has changed since the last ones;
  // whether there were any. Nothing happens before the first release. Errors: kForbidden (no
  // publisher key here), kBusy, kTooLarge (more take-downs than a pointer holds), those of the
  // store.
  [[nodiscard]] Result<bool> show_take_downs(WallTime now);

  // Signs the newest release and its pointers with the present publisher's key: after a rotation,
  // so that who believes the old one no longer gets them all the same. Its number, 0 = there is no
  // release. Errors: kForbidden (no publisher key here), kBusy, those of the store.
  [[nodiscard]] Result<ReleaseNumber> sign_anew(WallTime now);

  // Newest first, at most so many. Errors: those of the store.
  [[nodiscard]] Result<std::vector<Release>> history(std::size_t most);

  // What the draft would change in `from`, by default in the newest release (0: everything is new).
  // Errors: kNotFound.
  [[nodiscard]] Result<Difference> diff(std::optional<ReleaseNumber> from);

 private:
  Result<std::vector<ReleaseItem>> items_of_draft();
  // The program that this content wants, and the record that wants it ("type/id"; empty = none).
  struct Wanted {
    std::uint32_t program = kFirstProgramNumber;
    std::string record;
  };
  Result<Wanted> wanted_by(const std::vector<ReleaseItem>& items);
  Result<Published> publish_items(std::vector<ReleaseItem> items, std::uint32_t minimum_app,
                                  WallTime now, std::chrono::days life);
  Result<std::vector<wire::PackOffer>> write_packs(const Release& release,
                                                   const std::vector<ReleaseItem>& items);
  Result<wire::PackOffer> write_one_pack(const Release& release, ReleaseNumber from,
                                         const std::vector<ReleaseItem>& items,
                                         const std::filesystem::path& folder);
  Result<std::vector<std::string>> taken_down(ReleaseNumber release);
  Result<std::vector<StoredPointer>> next_pointers(ReleaseNumber release, const Bytes& manifest,
                                                   WallTime now, std::chrono::days life);
  Result<Published> keep(const Release& newest, WallTime now, std::chrono::days life);

  Store& store_;
  const ServerKeys& keys_;
  const MediaFolder& media_;
  std::filesystem::path data_;
};

// Where a pack lies.
[[nodiscard]] std::filesystem::path pack_path(const std::filesystem::path& data,
                                              ReleaseNumber release, ReleaseNumber from);

}  // namespace odop::syncserver

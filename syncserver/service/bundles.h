// Sticks at the server: what kiosks' bundles bring goes the way of a push, and what a kiosk must
// hear goes out as signed as over the network. A stick may hold the bundles of many kiosks, in both
// directions; everything may be taken and given again.
//
// Threads: one, in a process without other threads that work (the reader is forked).
#pragma once

#include "shared/bundle/reader.h"
#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"
#include "syncserver/service/kiosk_api.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace odop::syncserver {

// What one file on the stick came to.
struct TakenBundle {
  std::filesystem::path file{};
  KioskNumber kiosk{};        // 0 = not known
  bool passed_over = false;   // what a server wrote for kiosks
  bool asked = false;         // an enrolment request that is granted, now or before
  std::string name{};         // as the request calls the kiosk
  std::string fingerprint{};  // of the asking key, as the kiosk shows it
  std::size_t stored = 0;
  std::size_t duplicates = 0;
  std::size_t quarantined = 0;
  std::size_t rejected = 0;
  std::size_t attachments = 0;   // that are here now, by this bundle or before
  std::size_t damaged = 0;       // items whose bytes are not those that were signed
  std::optional<Error> problem;  // why it was not taken, or not to its end
};

struct GivenBundle {
  std::filesystem::path file{};
  KioskNumber kiosk{};  // 0: for every kiosk
  bool enrolment = false;
  std::size_t receipts = 0;  // submissions that they tell of
  std::size_t entries = 0;   // of the feed
  ReleaseNumber release{};   // whose pointer is in it; 0 = none
  std::optional<ReleaseNumber> pack_from{};
  std::uint64_t bytes = 0;
};

class Bundles {
 public:
  // References outlive the object.
  Bundles(Store& store, KioskApi& api, const ServerKeys& keys, const Clock& clock)
      : store_(store), api_(api), keys_(keys), clock_(clock) {}

  // Every bundle at `place`, each by itself: a bad one stands in the answer with its problem.
  // Errors: kNotFound (nothing is there), kIo, kTooLarge.
  [[nodiscard]] Result<std::vector<TakenBundle>> take(const std::filesystem::path& place);

  // For every kiosk that has enrolled, or one of them. Into a folder: a file for each kiosk, and
  // one for each pack, which kiosks share; into a file: everything of one kiosk. The pack leads
  // from what the kiosk last said it holds when there is such a pack, else from nothing; none when
  // it holds the newest. Errors: kNotFound (no such kiosk), kInvalidArgument (many kiosks into one
  // file; a kiosk that has not asked yet), those of write_bundle and of the store.
  [[nodiscard]] Result<std::vector<GivenBundle>> give(const std::filesystem::path& place,
                                                      std::optional<KioskNumber> kiosk);

  // The newest release with all that a kiosk which knows no server needs to check it: for the
  // package of the kiosk's program, which brings its readers' trust. Errors: kNotFound (nothing was
  // published for everybody), those of write_bundle.
  [[nodiscard]] Result<GivenBundle> give_factory(const std::filesystem::path& file);

 private:
  struct Upward;  // a kiosk's bundle while it is read
  struct Shown;   // pointer and manifest of a ring

  TakenBundle take_one(const std::filesystem::path& file, std::vector<FleetRow>& fleet);
  Status take_item(Upward& up, bundle::CarriedItem item);
  Status push(Upward& up);
  Status attach(Upward& up, const bundle::CarriedItem& item);
  Status enrol(Upward& up, const Bytes& request);
  Status readmit(Upward& up, const bundle::CarriedItem& item);
  Status readmit_former(const bundle::CarriedItem& item);
  static void recognise(Upward& up);
  Status hear(const Upward& up);
  Result<GivenBundle> give_one(const std::filesystem::path& place, bool folder, const FleetRow& row,
                               std::vector<std::pair<ReleaseNumber, ReleaseNumber>>& packs);
  Result<std::optional<Shown>> shown(const std::string& ring);

  Store& store_;
  KioskApi& api_;
  const ServerKeys& keys_;
  const Clock& clock_;
};

}  // namespace odop::syncserver

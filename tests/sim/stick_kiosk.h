// A kiosk that never sees a network: what visitors leave goes out by stick, and comes back so.
#pragma once

#include "kiosk/capture/capture.h"
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/bundle_exchange.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "tests/support/temp_folder.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace odop::test {

class StickKiosk {
 public:
  StickKiosk(ManualClock& clock, std::uint64_t seed) : clock_(clock), random_(seed) {
    // Of the reserve's size but without its blocks: 64 MB for each kiosk would be slow.
    std::ofstream{folder_.path() / "reserve"}.close();
    std::filesystem::resize_file(folder_.path() / "reserve", kiosk::kReserveBytes);
  }

  [[nodiscard]] Result<kiosk::BundleGiven> give(const std::filesystem::path& place,
                                                const std::string& code = {}) {
    return kiosk::give_bundle({folder_.path(), place, code, "Hall 2", false}, clock_);
  }
  [[nodiscard]] Result<kiosk::BundleTaken> take(const std::filesystem::path& place,
                                                const std::string& code = {}) {
    return kiosk::take_bundles({folder_.path(), place, code, {}, false}, clock_, random_);
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  // The reference.
  std::string submit(const std::string& answers, std::vector<kiosk::Recording> spoken = {}) {
    auto journal = this->journal();
    kiosk::Capture capture(journal, clock_, random_, "018f0000-0000-4000-8000-00000000b007");
    kiosk::Draft draft;
    draft.form_id = "enquiry";
    draft.answers = answers;
    draft.language = "hi";
    draft.spoken = std::move(spoken);
    const auto kept = capture.submit(draft);
    if (!kept) throw std::runtime_error("kiosk: " + kept.error().context);
    return kept->reference;
  }
  [[nodiscard]] kiosk::Journal journal() const {
    auto journal = kiosk::Journal::open(folder_.path());
    if (!journal) throw std::runtime_error("kiosk: " + journal.error().context);
    return std::move(*journal);
  }
  [[nodiscard]] kiosk::CatalogueStore store() const {
    auto store = kiosk::CatalogueStore::open(folder_.path());
    if (!store) throw std::runtime_error("kiosk: " + store.error().context);
    return std::move(*store);
  }
  [[nodiscard]] kiosk::SubmissionState state_of(const std::string& reference) const {
    return journal().state_of(reference).value().value();
  }

 private:
  TempFolder folder_;
  ManualClock& clock_;
  SeededRandom random_;
};

}  // namespace odop::test

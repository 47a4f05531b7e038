// A visitor who walks through the screens and notes where to look. Internal to the tours.
#pragma once

#include "kiosk/model/update.h"
#include "tests/support/screen_tour.h"
#include "tests/support/stand_catalogue.h"

#include <string>
#include <utility>
#include <vector>

namespace odop::test {

class Tour {
 public:
  // Before the attract screen of a stand. `catalogue` outlives it.
  Tour(const kiosk::Catalogue& catalogue, Language language)
      : catalogue_(catalogue), state_(kiosk::initial_state(stand_kiosk())) {
    ask(kiosk::intent::SetLanguage{language});
  }

  void ask(const kiosk::Intent& intent) { (void)kiosk::update(state_, intent, catalogue_, 1000); }
  void tell(const kiosk::News& news) { (void)kiosk::update(state_, news, catalogue_, 1000); }
  void stop(std::string name) { stops_.push_back({std::move(name), state_}); }
  kiosk::State& state() { return state_; }
  [[nodiscard]] const kiosk::Catalogue& catalogue() const { return catalogue_; }
  std::vector<TourStop> stops() && { return std::move(stops_); }

 private:
  const kiosk::Catalogue& catalogue_;
  kiosk::State state_;
  std::vector<TourStop> stops_;
};

}  // namespace odop::test

// The states in which a visitor meets each screen, reached by intents as a visitor reaches them.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/state.h"
#include "shared/text/language.h"

#include <string>
#include <vector>

namespace odop::test {

struct TourStop {
  std::string name;  // attract, home, home-family, district ...
  kiosk::State state;
};

// Somebody has touched the glass and stands before the map.
[[nodiscard]] kiosk::State state_at_home();

[[nodiscard]] std::vector<TourStop> screen_tour(const kiosk::Catalogue& catalogue,
                                                Language language);

// What is met before the first catalogue has come; to be shown with an empty Catalogue.
[[nodiscard]] std::vector<TourStop> empty_tour(Language language);

// The artisan's screens: what can be done, and of every form of the catalogue each page and each
// question with what it offers on the way (questions alike in several forms once).
[[nodiscard]] std::vector<TourStop> form_tour(const kiosk::Catalogue& catalogue, Language language);

// Schemes and their checks, help in a district, events.
[[nodiscard]] std::vector<TourStop> services_tour(const kiosk::Catalogue& catalogue,
                                                  Language language);

}  // namespace odop::test

// What a kiosk at Awadh Shilp Gram shows, as values: the whole real catalogue with the sample hall,
// and the compiled words. For tests of model and screens and for pictures of them.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/state.h"
#include "shared/text/language.h"
#include "shared/text/words.h"

namespace odop::test {

// assets/catalogue and assets/demo. Both throw std::runtime_error when a file cannot be read.
[[nodiscard]] kiosk::Catalogue stand_catalogue();
// Of all its products.
[[nodiscard]] kiosk::Stories stand_stories();

// A kiosk in Lucknow, enrolled, on the 21st of November 2026.
[[nodiscard]] kiosk::Kiosk stand_kiosk();

// Words of the build folder. Throws when they are not compiled (target odop_words).
[[nodiscard]] const Words& stand_words(Language language);

}  // namespace odop::test

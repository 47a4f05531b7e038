// Recorded prompts: which of them are heard on a screen, and the tongues that there are. A tongue
// is what is heard, chosen apart from the script: somebody may read Hindi and listen to Bhojpuri.
// Pure.
//
// A prompt is found by what it is said for:
//   - a form names the records of its questions and options (forms::Audio);
//   - the record's key: "form/FORM/FIELD" a question with its help, "form/FORM/FIELD/VALUE" one of
//     its options, "screen/NAME" what a screen says first (names as the inspector tells them).
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/state.h"
#include "shared/text/language.h"

#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// The tongues that prompts are recorded in, and the screen's language, each once, in the order of
// the screen.
[[nodiscard]] std::vector<std::string> tongues_of(const Catalogue& catalogue, Language language);
// In its own script: "भोजपुरी". Of one that is not known the code itself.
[[nodiscard]] std::string_view tongue_name(std::string_view tongue);
// The visitor's, or the screen's language.
[[nodiscard]] std::string tongue_of(const Visit& visit);

struct HeardPrompt {
  std::string node;          // whose words it takes the place of; empty: heard before all others
  bool covers_hint = false;  // of the question too
  std::string medium;        // hex SHA-256
  friend bool operator==(const HeardPrompt&, const HeardPrompt&) = default;
};

// Those of the screen, in the visitor's tongue. What has none is said by the voice. `name` is the
// screen's (ScreenView::name).
[[nodiscard]] std::vector<HeardPrompt> prompts_on(const State& state, const Catalogue& catalogue,
                                                  std::string_view name);

}  // namespace odop::kiosk

// Recorded prompts: which of them are heard on a screen, the tongues that there are, and what staff
// may record. A tongue
// is what is heard, chosen apart from the script: somebody may read Hindi and listen to Bhojpuri.
// Pure.
//
// A prompt is found by what it is said for:
//   - a form names the records of its questions and options (forms::Audio);
//   - the record's key: "form/FORM/FIELD" a question with its help, "form/FORM/FIELD/VALUE" one of
//     its options, "screen/NAME" what a screen says first (names as the inspector tells them).
// The catalogue's comes first: the office has listened to it and signed it. Where it has none, what
// staff recorded on this kiosk is heard, by key alone, as long as the words are those that were
// read then.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/state.h"
#include "shared/text/language.h"
#include "shared/text/words.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// The tongues that prompts are recorded in, and the screen's language, each once, in the order of
// the screen.
[[nodiscard]] std::vector<std::string> tongues_of(const State& state, const Catalogue& catalogue);
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

// ---- What staff may record -------------------------------------------------------------------

// The six, in the order of the screen.
[[nodiscard]] std::vector<std::string> all_tongues();
// That staff record in.
[[nodiscard]] std::string prompt_tongue_of(const Visit& visit);
// Whether it has words of its own on the screen: Hindi, English, Urdu.
[[nodiscard]] bool is_written(std::string_view tongue);
// What is written for who speaks it: Hindi for Awadhi, Bhojpuri and Bundeli.
[[nodiscard]] Language written_for(std::string_view tongue);
// The screens that may say something first, with what may be said, from the words of the three
// languages in their order.
[[nodiscard]] std::vector<ScreenPrompt> screen_prompts(const std::array<Words, 3>& words);

// What stands there to be read by who records in that tongue; a question with its help on a line of
// its own. Empty: there is no such place.
[[nodiscard]] std::string text_to_read(const State& state, const Catalogue& catalogue,
                                       std::string_view key, std::string_view tongue);

struct PromptPlace {
  std::string key;
  std::string text;                  // to be read
  std::string screen;                // its name; empty: it is of a form
  std::size_t number = 0;            // of the question, from 1; of an option that of its question
  bool inner = false;                // an option
  std::string office;                // medium of the catalogue's; empty: it has none
  const StaffPrompt* own = nullptr;  // what was recorded here, whether it fits or not; in the state
  // Whether what was recorded here was read from these words.
  [[nodiscard]] bool fits() const { return own != nullptr && own->text == text; }
  [[nodiscard]] bool done() const { return !office.empty() || fits(); }
  // What is heard of it on its page: the catalogue's, else what was recorded here. Empty: nothing.
  [[nodiscard]] std::string medium() const {
    return !office.empty() ? office : own != nullptr ? own->medium : std::string();
  }
};
// Of a form its questions and their own options, of kScreensSet the screens. Nothing for what is
// neither. A choice among records of the catalogue (districts, products) has no prompts.
[[nodiscard]] std::vector<PromptPlace> places_in(const State& state, const Catalogue& catalogue,
                                                 std::string_view set, std::string_view tongue);

struct PromptSet {
  std::string id;        // kScreensSet, or of a form
  std::size_t done = 0;  // recorded, by whomever
  std::size_t of = 0;
};
// The screens first, then the forms in the catalogue's order.
[[nodiscard]] std::vector<PromptSet> prompt_sets(const State& state, const Catalogue& catalogue,
                                                 std::string_view tongue);
[[nodiscard]] bool has_set(const Catalogue& catalogue, std::string_view set);

// Somebody gave a PIN, there is a microphone, and what is recorded can be kept.
[[nodiscard]] bool may_record_prompts(const State& state);
// And the place is one of the set on the screen, of which the office has no recording.
[[nodiscard]] bool may_record_prompt(const State& state, const Catalogue& catalogue,
                                     std::string_view key);

}  // namespace odop::kiosk

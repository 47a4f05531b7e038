// A visitor who fills a form by intents, on the stand's catalogue.
#pragma once

#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "tests/support/stand_catalogue.h"

#include <string>
#include <variant>
#include <vector>

namespace odop::kiosk {

struct FormHand {
  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());
  Effects effects;
  int taps = 0;

  void ask(const Intent& intent) {
    auto more = update(state, intent, catalogue, 1000);
    effects.insert(effects.end(), more.begin(), more.end());
  }
  void tap(const Intent& intent) {
    ++taps;
    ask(intent);
  }
  void type(const std::string& field, const std::string& text) {
    ask(intent::Edit{"form.field." + field, text});
  }
  [[nodiscard]] const Filling& filling() const { return state.visit.filling; }
  [[nodiscard]] const std::string& field() const { return filling().field; }
  [[nodiscard]] std::vector<effect::Submit> sent() const {
    std::vector<effect::Submit> out;
    for (const auto& effect : effects) {
      if (const auto* submit = std::get_if<effect::Submit>(&effect)) out.push_back(*submit);
    }
    return out;
  }
  template <typename View>
  [[nodiscard]] View view(Language language = Language::kEnglish) const {
    return std::get<View>(make_view(state, catalogue, {}, test::stand_words(language)).body);
  }
};

}  // namespace odop::kiosk

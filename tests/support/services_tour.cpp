#include "kiosk/model/eligibility.h"
#include "kiosk/model/update.h"
#include "tests/support/screen_tour.h"
#include "tests/support/stand_catalogue.h"

#include <string>
#include <utility>
#include <vector>

namespace odop::test {

namespace {

using namespace kiosk;  // NOLINT: everything here is of that room

class Walk {
 public:
  Walk(const Catalogue& catalogue, Language language)
      : catalogue_(catalogue), state_(initial_state(stand_kiosk())) {
    ask(intent::SetLanguage{language});
    ask(intent::Start{});
  }
  void ask(const Intent& intent) { (void)update(state_, intent, catalogue_, 1000); }
  void stop(std::string name) { stops_.push_back({std::move(name), state_}); }
  // The answer that the card on the screen needs, or the other one.
  void say(bool met) {
    const Checked now = checked(state_.visit.check, catalogue_, state_.kiosk.today);
    if (now.card == nullptr) return;
    ask(intent::Choose{now.card->id, now.card->needs_yes == met ? "yes" : "no"});
  }
  State& state() { return state_; }
  std::vector<TourStop> stops() && { return std::move(stops_); }

 private:
  const Catalogue& catalogue_;
  State state_;
  std::vector<TourStop> stops_;
};

// The longest way that a case has, all of it reached, with an officer's words.
void answers(Walk& walk, const Catalogue& catalogue) {
  Visit& visit = walk.state().visit;
  const std::int64_t day = 86'400'000;
  const std::int64_t first = walk.state().kiosk.wall_ms - 20 * day;
  for (const auto& [path, upto] :
       {std::pair{"margin-money", "scrutiny"}, std::pair{"margin-money", "adjusted"},
        std::pair{"margin-money", "bank_rejected"}, std::pair{"skill-toolkit", "query"},
        std::pair{"question", "assigned"}}) {
    FoundAnswer answer;
    answer.state = upto;
    answer.at_ms = first;
    answer.district = "kannauj";
    answer.path = path;
    answer.portal_reference = "UPODOP2026/004512";
    for (const auto& state : catalogue.case_states) {
      if (state.path != path) continue;
      answer.reached.push_back({state.state, answer.at_ms, "kannauj"});
      answer.at_ms += day;
      if (state.state == upto) break;
    }
    FoundAnswer letter = answer;
    letter.text = "नमस्ते। आपके कागज मिल गए हैं।";
    visit.lookup.outcome = LookupOutcome::kAnswered;
    visit.lookup.reference = "0010001001";
    visit.lookup.answers = {letter, answer};
    visit.screens = {Screen{}, Screen{ScreenId::kHome, {}}, Screen{ScreenId::kAnswer, {}}};
    walk.stop(std::string("answer-") + path + "-" + upto);
  }
}

}  // namespace

std::vector<TourStop> services_tour(const Catalogue& catalogue, Language language) {
  Walk walk(catalogue, language);
  walk.ask(intent::OpenArtisan{});
  walk.ask(intent::OpenSchemes{});
  walk.stop("schemes");
  for (const Scheme* scheme : schemes_on(catalogue, walk.state().kiosk.today)) {
    walk.ask(intent::OpenScheme{scheme->id});
    walk.stop("scheme-" + scheme->id);
    const auto rules = rules_of(catalogue, scheme->id, walk.state().kiosk.today);
    if (!rules.empty()) {
      walk.ask(intent::StartCheck{scheme->id});
      for (std::size_t i = 0; i < rules.size(); ++i) {
        walk.stop("check-" + rules[i]->id);
        walk.say(true);
      }
      if (has_slabs(catalogue, scheme->id, walk.state().kiosk.today)) {
        walk.stop("check-cost-" + scheme->id);
        walk.ask(intent::Edit{"form.field.cost", "7500000"});
        walk.stop("check-cost-typed-" + scheme->id);
        walk.ask(intent::Next{});
      }
      walk.stop("check-fits-" + scheme->id);
      walk.ask(intent::StartCheck{scheme->id});
      for (std::size_t i = 0; i < rules.size(); ++i) walk.say(i % 2 == 0);
      walk.stop("check-fits-not-" + scheme->id);
      walk.ask(intent::StartCheck{scheme->id});
      walk.ask(intent::Back{});
    }
    walk.ask(intent::Back{});
  }
  walk.ask(intent::OpenDistrictHelp{"kannauj"});
  walk.stop("help-kannauj");
  walk.ask(intent::Back{});
  walk.ask(intent::OpenDistrictHelp{"gautam-buddha-nagar"});
  walk.stop("help-nothing");
  walk.ask(intent::Back{});
  walk.ask(intent::OpenDistrictHelp{});
  walk.stop("help-state");
  walk.ask(intent::Back{});
  walk.ask(intent::OpenEvents{});
  walk.stop("events");
  for (const std::string event : {"asg-winter", "lucknow-buyers", "kannauj-attar-fair"}) {
    walk.ask(intent::OpenEvent{event});
    walk.stop("event-" + event);
    walk.ask(intent::Back{});
  }
  answers(walk, catalogue);
  walk.ask(intent::Home{});
  walk.ask(intent::OpenEvents{});
  // A day of which nothing is known to come.
  walk.state().kiosk.today = "2027-06-01";
  walk.stop("events-none");
  return std::move(walk).stops();
}

}  // namespace odop::test

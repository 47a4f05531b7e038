#include "kiosk/model/eligibility.h"
#include "tests/support/tour.h"

#include <string>
#include <utility>
#include <vector>

namespace odop::test {

namespace {

using namespace kiosk;  // NOLINT: everything here is of that room

// The answer that the card on the screen needs, or the other one.
void say(Tour& tour, const Catalogue& catalogue, bool met) {
  const Checked now = checked(tour.state().visit.check, catalogue, tour.state().kiosk.today);
  if (now.card == nullptr) return;
  tour.ask(intent::Choose{now.card->id, now.card->needs_yes == met ? "yes" : "no"});
}

// The longest way that a case has, all of it reached, with an officer's words.
void answers(Tour& tour, const Catalogue& catalogue) {
  Visit& visit = tour.state().visit;
  const std::int64_t day = 86'400'000;
  const std::int64_t first = tour.state().kiosk.wall_ms - 20 * day;
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
    tour.stop(std::string("answer-") + path + "-" + upto);
  }
  // Of three districts one has answered, in the year before.
  FoundAnswer one;
  one.state = "answered";
  one.at_ms = first - 360 * day;
  one.district = "kannauj";
  one.path = "enquiry";
  one.text = "नमस्ते। आपकी पूछताछ कारीगरों तक पहुंचा दी गई है।";
  for (const char* district : {"kannauj", "lucknow", "azamgarh"}) {
    one.reached.push_back({"received", one.at_ms - 2 * day, district});
  }
  one.reached.push_back({one.state, one.at_ms, one.district});
  visit.lookup.answers = {one};
  tour.stop("answer-others");
}

}  // namespace

std::vector<TourStop> services_tour(const Catalogue& catalogue, Language language) {
  Tour tour(catalogue, language);
  tour.ask(intent::Start{});
  tour.ask(intent::OpenArtisan{});
  tour.ask(intent::OpenSchemes{});
  tour.stop("schemes");
  for (const Scheme* scheme : schemes_on(catalogue, tour.state().kiosk.today)) {
    tour.ask(intent::OpenScheme{scheme->id});
    tour.stop("scheme-" + scheme->id);
    const auto rules = rules_of(catalogue, scheme->id, tour.state().kiosk.today);
    if (!rules.empty()) {
      tour.ask(intent::StartCheck{scheme->id});
      for (std::size_t i = 0; i < rules.size(); ++i) {
        tour.stop("check-" + rules[i]->id);
        say(tour, catalogue, true);
      }
      if (has_slabs(catalogue, scheme->id, tour.state().kiosk.today)) {
        tour.stop("check-cost-" + scheme->id);
        tour.ask(intent::Edit{"form.field.cost", "7500000"});
        tour.stop("check-cost-typed-" + scheme->id);
        tour.ask(intent::Next{});
      }
      tour.stop("check-fits-" + scheme->id);
      tour.ask(intent::StartCheck{scheme->id});
      for (std::size_t i = 0; i < rules.size(); ++i) say(tour, catalogue, i % 2 == 0);
      tour.stop("check-fits-not-" + scheme->id);
      tour.ask(intent::StartCheck{scheme->id});
      tour.ask(intent::Back{});
    }
    tour.ask(intent::Back{});
  }
  tour.ask(intent::OpenDistrictHelp{"kannauj"});
  tour.stop("help-kannauj");
  tour.ask(intent::Back{});
  tour.ask(intent::OpenDistrictHelp{"gautam-buddha-nagar"});
  tour.stop("help-nothing");
  tour.ask(intent::Back{});
  tour.ask(intent::OpenDistrictHelp{});
  tour.stop("help-state");
  tour.ask(intent::Back{});
  tour.ask(intent::OpenEvents{});
  tour.stop("events");
  for (const std::string event : {"asg-winter", "lucknow-buyers", "kannauj-attar-fair"}) {
    tour.ask(intent::OpenEvent{event});
    tour.stop("event-" + event);
    tour.ask(intent::Back{});
  }
  answers(tour, catalogue);
  tour.ask(intent::Home{});
  tour.ask(intent::OpenEvents{});
  // A day of which nothing is known to come.
  tour.state().kiosk.today = "2027-06-01";
  tour.stop("events-none");
  return std::move(tour).stops();
}

}  // namespace odop::test

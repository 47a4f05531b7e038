#include "kiosk/model/views.h"

#include "kiosk/model/prompts.h"
#include "kiosk/model/view_parts.h"
#include "shared/text/numbers.h"

#include <algorithm>
#include <string>

namespace odop::kiosk {

namespace {

HeadView head_of(const Maker& maker) {
  HeadView head;
  head.title = maker.say("head.title");
  const auto& venues = maker.catalogue.venues;
  const auto venue = std::ranges::find(venues, maker.state.kiosk.venue, &Venue::id);
  if (venue != venues.end()) {
    const std::string district = maker.district_name(venue->district);
    head.place =
        venue->district.empty()
            ? maker.in(venue->name)
            : maker.say("head.place", {{"venue", maker.in(venue->name)}, {"district", district}});
  }
  const std::string day = maker.day(maker.catalogue.created_date);
  head.stale = maker.catalogue.stale;
  if (!day.empty())
    head.note = maker.say(head.stale ? "head.stale" : "head.as_of", {{"date", day}});
  if (!accepts(maker.state.kiosk)) {
    head.stale = head.closed = true;
    head.note = maker.say("head.closed");
  }
  return head;
}

BarView bar_of(const Maker& maker) {
  const Visit& visit = maker.visit();
  const ScreenId id = maker.state.screen().id;
  const bool inner_step =
      (id == ScreenId::kStatus || id == ScreenId::kWithdraw) && visit.lookup.at_code;
  const bool part_of_map = id == ScreenId::kHome && !visit.map_region.empty();
  return {.can_back =
              visit.screens.size() > 2 || inner_step || part_of_map || visit.sheet != Sheet::kNone,
          .can_home = visit.screens.size() > 2 || part_of_map,
          .can_listen = maker.state.kiosk.can_speak,
          .language = visit.language,
          .back = maker.say("bar.back"),
          .home = maker.say("bar.home"),
          .text_size = maker.say("bar.text"),
          .contrast = maker.say("bar.contrast"),
          .listen = maker.say(visit.speaking ? "bar.stop" : "bar.listen"),
          .help = maker.say("bar.help"),
          .speaking = visit.speaking,
          .high_contrast = visit.high_contrast,
          .text_size_step = visit.text_size};
}

SpeechView speech_of(const Maker& maker) {
  const Visit& visit = maker.visit();
  SpeechView view;
  if (maker.state.kiosk.can_speak) view.listen_question = maker.say("speech.question");
  if (!visit.speaking) return view;
  view.on = true;
  view.reading = visit.reading;
  view.volume = visit.volume;
  view.volumes = kVolumeSteps;
  view.label = maker.say("speech.label");
  view.again = maker.say("speech.again");
  if (tongues_of(maker.state, maker.catalogue).size() > 1) {
    view.tongue = tongue_name(tongue_of(visit));
  }
  view.softer = maker.say("speech.softer");
  view.louder = maker.say("speech.louder");
  view.volume_label = maker.say(
      "speech.volume", {{"n", std::to_string(visit.volume)}, {"of", std::to_string(kVolumeSteps)}});
  return view;
}

std::string name_of(const Maker& maker) {
  const State& state = maker.state;
  switch (state.screen().id) {
    case ScreenId::kAttract:
      return "attract";
    case ScreenId::kHome:
      return "home";
    case ScreenId::kDistrict:
      return "district";
    case ScreenId::kProduct:
      return "product";
    case ScreenId::kSearch:
      return "search";
    case ScreenId::kList:
      return "list";
    case ScreenId::kReceipt:
      return "receipt";
    case ScreenId::kStatus:
      return "status";
    case ScreenId::kAnswer:
      return "answer";
    case ScreenId::kWithdraw:
      return "withdraw";
    case ScreenId::kHall:
      return "hall";
    case ScreenId::kArtisan:
      return "artisan";
    case ScreenId::kForm:
      return "form." + form_place(state.visit);
    case ScreenId::kMaintenance:
      return "maintenance";
    case ScreenId::kPrompts:
      return "prompts";
    case ScreenId::kSchemes:
      return "schemes";
    case ScreenId::kScheme:
      return "scheme";
    case ScreenId::kEligibility:
      return "eligibility." + check_place(maker);
    case ScreenId::kHelp:
      return "help";
    case ScreenId::kEvents:
      return "events";
    case ScreenId::kEvent:
      return "event";
  }
  return {};
}

BodyView body_of(const Maker& maker) {
  const Screen& screen = maker.state.screen();
  switch (screen.id) {
    case ScreenId::kAttract:
      return attract_view(maker);
    case ScreenId::kHome:
      return home_view(maker);
    case ScreenId::kDistrict:
      return district_view(maker, screen.subject);
    case ScreenId::kProduct:
      return product_view(maker, screen.subject);
    case ScreenId::kSearch:
      return search_view(maker);
    case ScreenId::kList:
      return list_view(maker);
    case ScreenId::kReceipt:
      return receipt_view(maker);
    case ScreenId::kStatus:
      return lookup_view(maker, false);
    case ScreenId::kAnswer:
      return answer_view(maker);
    case ScreenId::kWithdraw:
      return lookup_view(maker, true);
    case ScreenId::kHall:
      return hall_view(maker);
    case ScreenId::kArtisan:
      return artisan_view(maker);
    case ScreenId::kForm:
      return form_view(maker);
    case ScreenId::kMaintenance:
      return maintenance_view(maker);
    case ScreenId::kPrompts:
      return prompts_view(maker, screen.subject);
    case ScreenId::kSchemes:
      return schemes_view(maker);
    case ScreenId::kScheme:
      return scheme_view(maker, screen.subject);
    case ScreenId::kEligibility:
      return eligibility_view(maker, screen.subject);
    case ScreenId::kHelp:
      return district_help_view(maker, screen.subject);
    case ScreenId::kEvents:
      return events_view(maker);
    case ScreenId::kEvent:
      return event_view(maker, screen.subject);
  }
  return attract_view(maker);
}

HelpView help_of(const Maker& maker) {
  HelpView help;
  help.title = maker.say("help.title");
  for (const auto& [key, icon] :
       {std::pair{"browse", "hand"}, std::pair{"search", "search"}, std::pair{"enquire", "send"},
        std::pair{"answer", "letter"}, std::pair{"privacy", "lock"}}) {
    help.lines.push_back({maker.say("help." + std::string(key) + ".title"),
                          maker.say("help." + std::string(key) + ".text"), icon});
  }
  if (maker.state.kiosk.can_lower) {
    help.reach = maker.say(maker.visit().low ? "help.raise" : "help.lower");
  }
  help.withdraw = maker.say("help.withdraw");
  if (maker.state.kiosk.has_staff && maker.state.in_session()) {
    help.helped = !maker.visit().helper.empty();
    help.helper = maker.say(help.helped ? "helper.end" : "helper.begin");
  }
  help.close = maker.say("sheet.close");
  return help;
}

ChoicesView units_of(const Maker& maker) {
  ChoicesView sheet;
  sheet.title = maker.say("form.quantity.question");
  const auto item =
      std::ranges::find(maker.visit().list, maker.visit().sheet_subject, &ListItem::product);
  const bool listed = item != maker.visit().list.end();
  const std::string chosen = listed ? item->unit : "";
  sheet.field.id = "form.field.quantity." + maker.visit().sheet_subject;
  sheet.field.label = maker.say("list.type_quantity");
  if (listed && item->quantity > 0) sheet.field.value = std::to_string(item->quantity);
  for (const auto& unit : maker.catalogue.units) {
    sheet.choices.push_back({"unit", unit.id, maker.in(unit.name), unit.id == chosen});
  }
  sheet.close = maker.say("sheet.close");
  return sheet;
}

ChoicesView tongues_view(const Maker& maker) {
  ChoicesView sheet;
  sheet.title = maker.say("speech.tongue_title");
  const std::string now = tongue_of(maker.visit());
  for (const auto& tongue : tongues_of(maker.state, maker.catalogue)) {
    sheet.choices.push_back({"tongue", tongue, std::string(tongue_name(tongue)), tongue == now});
  }
  sheet.close = maker.say("sheet.close");
  return sheet;
}

SheetView sheet_of(const Maker& maker) {
  switch (maker.visit().sheet) {
    case Sheet::kNone:
      return std::monostate{};
    case Sheet::kHelp:
      return help_of(maker);
    case Sheet::kUnits:
      return units_of(maker);
    case Sheet::kLeave:
      return leave_view(maker);
    case Sheet::kVoice:
      if (maker.state.screen().id == ScreenId::kPrompts) return prompt_view(maker);
      return voice_view(maker);
    case Sheet::kHelper:
      return helper_view(maker);
    case Sheet::kTongues:
      return tongues_view(maker);
    case Sheet::kCode:
      return code_view(maker);
    case Sheet::kClosed:
      return closed_view(maker);
    case Sheet::kIdle:
      return IdleView{.title = maker.say("idle.title"),
                      .seconds = group_indian(maker.visit().idle_left_s),
                      .note = maker.say("idle.note"),
                      .stay = maker.say("idle.stay"),
                      .end = maker.say("idle.end")};
  }
  return std::monostate{};
}

}  // namespace

std::vector<std::string> told_products(const State& state, const Catalogue& catalogue) {
  const Screen& screen = state.screen();
  if (screen.id == ScreenId::kProduct) return {screen.subject};
  std::vector<std::string> told;
  if (screen.id != ScreenId::kDistrict) return told;
  const auto listed = catalogue.products_by_district.find(screen.subject);
  if (listed == catalogue.products_by_district.end()) return told;
  for (const std::uint32_t at : listed->second) told.push_back(catalogue.products[at].id);
  return told;
}

ScreenView make_view(const State& state, const Catalogue& catalogue, const Stories& stories,
                     const Words& words) {
  const Maker maker{state, catalogue, stories, words};
  return {.id = state.screen().id,
          .name = name_of(maker),
          .language = state.visit.language,
          .text_size = state.visit.text_size,
          .high_contrast = state.visit.high_contrast,
          .head = head_of(maker),
          .bar = bar_of(maker),
          .previous_page = maker.say("page.previous"),
          .next_page = maker.say("page.next"),
          .keys = {.space = maker.say("keyboard.space"),
                   .other = maker.say("keyboard.other"),
                   .clear = maker.say("keyboard.clear"),
                   .done = maker.say("keyboard.done"),
                   .backspace = maker.say("keyboard.backspace"),
                   .shift = maker.say("keyboard.shift"),
                   .numbers = maker.say("keyboard.numbers"),
                   .letters = maker.say("keyboard.letters")},
          .body = body_of(maker),
          .sheet = sheet_of(maker),
          .speech = speech_of(maker),
          .reading = {.chosen = maker.say("speech.chosen"), .empty = maker.say("speech.empty")}};
}

}  // namespace odop::kiosk

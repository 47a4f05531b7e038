#include "kiosk/model/filling.h"
#include "kiosk/model/regions.h"
#include "kiosk/model/view_parts.h"
#include "shared/text/dates.h"
#include "shared/text/isolate.h"
#include "shared/text/numbers.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace odop::kiosk {

namespace {

std::vector<TileView> all_tiles(const Maker& maker) {
  std::vector<TileView> tiles;
  tiles.reserve(maker.catalogue.districts.size());
  for (const auto& district : maker.catalogue.districts) tiles.push_back(tile_of(maker, district));
  return tiles;
}

// Products whose craft has a drawing of its own, one for each drawing.
std::vector<const Product*> showpieces(const Maker& maker) {
  std::vector<const Product*> out;
  std::set<std::string> seen;
  for (const auto& product : maker.catalogue.products) {
    if (!product.drawing.empty() && seen.insert(product.drawing).second) out.push_back(&product);
  }
  // A product that bears the drawing's name speaks for it: kannauj-attar, not the first of many.
  for (auto& piece : out) {
    const auto named = std::ranges::find_if(maker.catalogue.products, [&](const Product& product) {
      return product.drawing == piece->drawing && product.id.ends_with("-" + piece->drawing);
    });
    if (named != maker.catalogue.products.end()) piece = &*named;
  }
  // Those with a story of their own come first.
  std::ranges::stable_sort(out, std::ranges::greater{}, [](const Product* product) {
    return product->facts * 2 + (product->gi_name.empty() ? 0 : 1);
  });
  return out;
}

TradeRow trade_row(const Maker& maker, std::string_view label, std::string value) {
  const bool known = !value.empty();
  return {maker.say(label), known ? std::move(value) : maker.say("trade.ask"), known};
}

std::vector<TradeRow> trade_of(const Maker& maker, const Trade& trade, std::string_view sold_in) {
  std::string price;
  if (trade.price_min_inr.has_value()) {
    price = isolate_left_to_right(
        rupees_range(*trade.price_min_inr, trade.price_max_inr.value_or(*trade.price_min_inr)));
  } else if (trade.price_max_inr.has_value()) {
    price = maker.say("trade.price_to", {{"price", rupees(*trade.price_max_inr)}});
  }
  const auto unit = std::ranges::find(maker.catalogue.units, sold_in, &Choice::id);
  std::string least = trade.min_order.empty() ? "" : isolate(trade.min_order);
  if (!least.empty() && unit != maker.catalogue.units.end()) least += " " + maker.in(unit->name);
  std::vector<TradeRow> rows;
  rows.push_back(trade_row(maker, "trade.min_order", std::move(least)));
  rows.push_back(trade_row(maker, "trade.price", std::move(price)));
  if (trade.lead_time_days.has_value()) {
    rows.push_back(trade_row(maker, "trade.lead_time",
                             maker.words.plural("trade.days", *trade.lead_time_days)));
  }
  if (trade.export_ready == "yes") {
    rows.push_back(trade_row(maker, "trade.export", maker.say("trade.export_yes")));
  }
  return rows;
}

std::string stall_numbers(const Maker& maker, const std::vector<const Stall*>& stalls) {
  std::string out;
  for (std::size_t i = 0; i < stalls.size(); ++i) {
    if (i > 0 && i + 1 == stalls.size()) {
      out = maker.say("list.and", {{"first", out}, {"last", stalls[i]->number}});
    } else {
      if (i > 0) out += ", ";
      out += stalls[i]->number;
    }
  }
  return out;
}

HitView hit_of(const Maker& maker, const SearchHit& hit) {
  HitView view{.kind = hit.kind, .id = hit.id, .title = {}, .note = {}, .gi = {}, .picture = {}};
  switch (hit.kind) {
    case HitKind::kProduct:
      if (const Product* product = maker.catalogue.product(hit.id)) {
        view.title = maker.in(product->name);
        view.note = maker.names_of(product->districts);
        if (!product->gi_name.empty()) view.gi = maker.say("product.gi");
        view.picture = picture_of(*product, true);
      }
      break;
    case HitKind::kDistrict:
      if (const District* district = maker.catalogue.district(hit.id)) {
        view.title = maker.say("search.district", {{"district", maker.in(district->name)}});
        const auto found = maker.catalogue.products_by_district.find(hit.id);
        const auto count =
            found == maker.catalogue.products_by_district.end() ? 0 : found->second.size();
        view.note = maker.words.plural("search.products", static_cast<std::int64_t>(count));
        view.picture.family = district->family;
      }
      break;
    case HitKind::kFamily:
      if (const Family* family = maker.catalogue.family(hit.id)) {
        view.title = maker.in(family->name);
        const auto count = std::ranges::count(maker.catalogue.products, hit.id, &Product::family);
        view.note = maker.words.plural("search.products", count);
        view.picture.family = family->id;
      }
      break;
  }
  return view;
}

}  // namespace

AttractView attract_view(const Maker& maker) {
  AttractView view;
  view.greetings = {maker.say("attract.greeting.hi"), maker.say("attract.greeting.en"),
                    maker.say("attract.greeting.ur")};
  view.start = maker.say("attract.start");
  view.programme = {maker.say("attract.programme.hi"), maker.say("attract.programme.en"),
                    maker.say("attract.programme.ur")};
  const auto pieces = showpieces(maker);
  if (pieces.empty()) {
    // Nothing to show yet, or nothing that has a drawing: the programme speaks for itself.
    if (maker.catalogue.products.empty()) view.caption = maker.say("attract.waiting");
  } else {
    const std::size_t turn = maker.state.kiosk.attract_picture % pieces.size();
    const Product& hero = *pieces[turn];
    view.picture = picture_of(hero, false);
    view.caption = maker.say(
        "attract.caption",
        {{"product", maker.in(hero.name)},
         {"district", hero.districts.empty() ? "" : maker.district_name(hero.districts.front())}});
    constexpr std::size_t kHexes = 8;
    for (std::size_t i = 1; i < pieces.size() && view.drawings.size() < kHexes; ++i) {
      view.drawings.push_back(pieces[(turn + i) % pieces.size()]->drawing);
    }
  }
  add_closed(maker, view);
  return view;
}

void add_map(const Maker& maker, std::vector<TileView>& tiles, std::vector<RegionView>& regions,
             std::string& region) {
  tiles = all_tiles(maker);
  std::array<std::int64_t, kRegions.size()> counts{};
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const std::string_view part = region_of(maker.catalogue, maker.catalogue.districts[i]);
    tiles[i].region = part;
    ++counts.at(static_cast<std::size_t>(std::ranges::find(kRegions, part) - kRegions.begin()));
  }
  for (std::size_t i = 0; i < kRegions.size(); ++i) {
    if (counts.at(i) == 0) continue;
    const std::string id(kRegions.at(i));
    regions.push_back({id, maker.say("home.region." + id),
                       maker.words.plural("home.region.districts", counts.at(i))});
    if (maker.visit().map_region == id) region = id;
  }
}

HomeView home_view(const Maker& maker) {
  HomeView view;
  const auto count = static_cast<std::int64_t>(maker.catalogue.districts.size());
  view.title = count == 0 ? maker.say("home.empty_title")
                          : maker.say("home.title", {{"n", group_indian(count)}});
  view.hint = maker.say(count == 0 ? "home.empty" : "home.hint");
  add_map(maker, view.tiles, view.regions, view.region);
  view.whole_map = maker.say("home.whole_map");
  for (auto& tile : view.tiles) {
    tile.dimmed = !maker.visit().map_family.empty() && tile.family != maker.visit().map_family;
    if (tile.here) view.here = maker.say("home.here");
  }
  view.families = families_of(maker, maker.visit().map_family);
  const bool open = accepts(maker.state.kiosk);
  const std::string closed = open ? std::string() : maker.say("door.closed");
  // Only doors that lead somewhere.
  if (!maker.catalogue.products.empty()) view.search = maker.say("home.search");
  if (!stalls_here(maker, {}).empty() || !events_here(maker).empty()) {
    view.doors.push_back(
        {"hall", maker.say("door.hall"), maker.say("door.hall.note"), "door-stall"});
  }
  if (!maker.catalogue.products.empty()) {
    view.doors.push_back(
        {"buyer", maker.say("door.buyer"),
         !open ? closed
         : maker.visit().list.empty()
             ? maker.say("door.buyer.note")
             : maker.words.plural("door.buyer.count",
                                  static_cast<std::int64_t>(maker.visit().list.size())),
         "door-buyer"});
  }
  if (!offered_forms(maker.catalogue, maker.state.kiosk.today).empty()) {
    view.doors.push_back({"artisan", maker.say("door.artisan"),
                          open ? maker.say("door.artisan.note") : closed, "door-artisan"});
  }
  view.doors.push_back(
      {"answer", maker.say("door.answer"), maker.say("door.answer.note"), "door-answer"});
  return view;
}

DistrictView district_view(const Maker& maker, const std::string& id) {
  DistrictView view;
  const District* district = maker.catalogue.district(id);
  if (district == nullptr) return view;
  view.district = id;
  view.name = maker.in(district->name);
  view.division = maker.say("district.division", {{"division", maker.in(district->division)}});
  view.family = district->family;
  view.gi_label = maker.say("product.gi");
  view.tiles = all_tiles(maker);
  for (auto& tile : view.tiles) tile.here = tile.district == id;

  std::set<const Stall*> stalls;
  const auto listed = maker.catalogue.products_by_district.find(id);
  if (listed != maker.catalogue.products_by_district.end()) {
    for (const std::size_t at : listed->second) {
      const Product& product = maker.catalogue.products[at];
      view.products.push_back(card_of(maker, product, id));
      for (const Stall* stall : stalls_here(maker, product.id)) stalls.insert(stall);
    }
    const Product& main = maker.catalogue.products[listed->second.front()];
    // The band opens the story, the card goes on with it.
    const Story& story = maker.story_of(main);
    const std::string whole = maker.in(story.description);
    view.story = first_sentence(whole);
    std::string rest = whole.substr(std::min(whole.size(), view.story.size()));
    if (rest.starts_with(" ")) rest.erase(0, 1);
    if (rest.empty()) {
      for (const auto& fact : story.facts) {
        rest += (rest.empty() ? "" : ". ") + maker.in(fact.text);
      }
    }
    view.products.front().note = rest;
    view.products.front().picture = picture_of(main, false);
    view.more = maker.say("district.more", {{"product", maker.in(main.name)}});
  }
  if (!stalls.empty()) {
    const std::vector<const Stall*> ordered(stalls.begin(), stalls.end());
    const auto hall = std::ranges::find(maker.catalogue.halls, ordered.front()->hall, &Hall::id);
    view.stalls_title =
        maker.words.plural("district.stalls", static_cast<std::int64_t>(ordered.size()),
                           {{"hall", maker.in(hall->name)}});
    view.stalls_note =
        maker.say("district.stall_numbers", {{"numbers", stall_numbers(maker, ordered)}});
  }
  view.office = office_of(maker, id);
  view.help = maker.say("district.help");
  view.neighbours_title = maker.say("district.neighbours");
  for (const auto& neighbour : district->neighbours) {
    if (const District* other = maker.catalogue.district(neighbour)) {
      view.neighbours.push_back(tile_of(maker, *other));
    }
  }
  return view;
}

ProductView product_view(const Maker& maker, const std::string& id) {
  ProductView view;
  const Product* product = maker.catalogue.product(id);
  if (product == nullptr) return view;
  std::string district = product->districts.empty() ? "" : product->districts.front();
  for (const auto& screen : maker.visit().screens) {
    const bool makes_it =
        std::ranges::find(product->districts, screen.subject) != product->districts.end();
    if (screen.id == ScreenId::kDistrict && makes_it) district = screen.subject;
  }
  view.card = card_of(maker, *product, district);
  view.card.picture = picture_of(*product, false);
  for (const auto& other : product->districts) {
    if (other != district) view.other_districts.push_back(maker.district_name(other));
  }
  view.gi_label = maker.say("product.gi");
  const Story& story = maker.story_of(*product);
  view.story = maker.in(story.description);
  static constexpr std::array kFactIcons{"leaf", "drop", "people"};
  for (const auto& fact : story.facts) {
    const std::string text = maker.in(fact.text);
    if (text.empty() || view.facts.size() == kFactIcons.size()) continue;
    view.facts.push_back({text, kFactIcons.at(view.facts.size())});
    const std::string source = maker.in(fact.source);
    if (view.source.empty() && !source.empty()) {
      view.source = maker.say("product.source", {{"source", source}});
    }
  }
  const auto stalls = stalls_here(maker, id);
  if (!stalls.empty()) {
    const auto hall = std::ranges::find(maker.catalogue.halls, stalls.front()->hall, &Hall::id);
    view.plan.push_back(plan_of(maker, *hall, stalls.front()));
  }
  view.trade_title = maker.say("trade.title");
  view.trade = trade_of(maker, story.trade, product->unit);
  view.on_list =
      std::ranges::find(maker.visit().list, id, &ListItem::product) != maker.visit().list.end();
  view.add = maker.say(view.on_list ? "product.on_list" : "product.add");
  if (enquiry_form(maker.catalogue) != nullptr) view.enquire = maker.say("product.enquire");
  return view;
}

SearchView search_view(const Maker& maker) {
  constexpr std::size_t kSuggestions = 12;
  const Search& search = maker.visit().search;
  SearchView view;
  view.text = search.text;
  view.hint = maker.say("home.search");
  view.clear = maker.say("search.clear");
  view.families = families_of(maker, search.family);
  for (const auto& hit : search.hits) {
    HitView made = hit_of(maker, hit);
    if (!made.title.empty()) view.hits.push_back(std::move(made));
  }
  if (search.text.empty() && search.family.empty()) {
    view.count = maker.say("search.start");
    for (const Product* piece : showpieces(maker)) {
      view.hits.push_back(hit_of(maker, {HitKind::kProduct, piece->id}));
      if (view.hits.size() == kSuggestions) break;
    }
  } else if (view.hits.empty()) {
    view.count = maker.say("search.none");
  } else {
    view.count = maker.words.plural("search.count", static_cast<std::int64_t>(view.hits.size()));
  }
  view.search_action = maker.say("search.action");
  return view;
}

HallView hall_view(const Maker& maker) {
  HallView view;
  view.title = maker.say("door.hall");
  for (const auto& hall : maker.catalogue.halls) {
    if (hall.venue != maker.state.kiosk.venue) continue;
    PlanView plan = plan_of(maker, hall, nullptr);
    if (!plan.stalls.empty()) view.plans.push_back(std::move(plan));
  }
  std::set<std::string> seen;
  for (const Stall* stall : stalls_here(maker, {})) {
    for (const auto& id : stall->products) {
      const Product* product = maker.catalogue.product(id);
      if (product == nullptr || !seen.insert(id).second) continue;
      ProductCard card =
          card_of(maker, *product, product->districts.empty() ? "" : product->districts.front());
      card.note = maker.say("hall.stall_number", {{"stall", stall->number}});
      view.products.push_back(std::move(card));
    }
  }
  view.events_title = maker.say("hall.events");
  view.all_events = maker.say("hall.all_events");
  for (const Event* event : events_here(maker)) {
    const auto start = parse_date(event->start_date);
    const auto end = parse_date(event->end_date.empty() ? event->start_date : event->end_date);
    if (!start.has_value() || !end.has_value()) continue;
    view.events.push_back({event->id, maker.in(event->title),
                           date_range(start.value(), end.value(), maker.visit().language),
                           maker.in(event->venue)});
  }
  return view;
}

}  // namespace odop::kiosk

#include "kiosk/model/view_parts.h"

#include "kiosk/model/hall_plan.h"
#include "shared/core/clock.h"
#include "shared/text/dates.h"
#include "shared/text/isolate.h"
#include "shared/text/numbers.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>

namespace odop::kiosk {

namespace {

WallTime wall(std::int64_t ms) { return WallTime{std::chrono::milliseconds{ms}}; }

// Length in code points.
std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Where the sentence that starts at `from` ends, past its full stop; the text's end without one.
std::size_t sentence_end(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    for (const std::string_view stop : {"।", "۔", ".", "?", "!", "؟"}) {
      if (!text.substr(i).starts_with(stop)) continue;
      const std::size_t end = i + stop.size();
      if (end == text.size() || text[end] == ' ' || text[end] == '\n') return end;
    }
  }
  return text.size();
}

// Without a date of today nobody knows which year is meant.
std::string near_date(const Maker& maker, Date date) {
  const auto today = parse_date(maker.state.kiosk.today);
  const bool this_year = today.has_value() && today->year() == date.year();
  const Language language = maker.visit().language;
  return this_year ? day_and_month(date, language) : long_date(date, language);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

}  // namespace

const Story& Maker::story_of(const Product& product) const {
  static const Story untold;
  const auto found = stories.find(product.id);
  return found == stories.end() ? untold : found->second;
}

std::string Maker::district_name(const std::string& id) const {
  const District* found = catalogue.district(id);
  return found == nullptr ? id : in(found->name);
}

std::string Maker::names_of(const std::vector<std::string>& districts) const {
  std::string out;
  for (std::size_t i = 0; i < districts.size(); ++i) {
    if (i > 0 && i + 1 == districts.size()) {
      out = say("list.and", {{"first", out}, {"last", district_name(districts[i])}});
    } else {
      if (i > 0) out += visit().language == Language::kUrdu ? "، " : ", ";
      out += district_name(districts[i]);
    }
  }
  return out;
}

std::string Maker::day(std::string_view iso_date) const {
  const auto date = parse_date(iso_date);
  return date.has_value() ? near_date(*this, date.value()) : std::string{};
}

std::string Maker::day_of(std::int64_t wall_ms) const {
  return near_date(*this, india_date(wall(wall_ms)));
}

std::string Maker::time_of(std::int64_t wall_ms) { return india_time(wall(wall_ms)); }

Picture picture_of(const Product& product, bool thumbnail) {
  const bool small = thumbnail && !product.thumbnail.empty();
  return {.photo = small ? product.thumbnail : product.picture,
          .drawing = product.drawing,
          .family = product.family};
}

ProductCard card_of(const Maker& maker, const Product& product, const std::string& district) {
  return {.product = product.id,
          .district = district,
          .name = maker.in(product.name),
          .place = maker.district_name(district),
          .note = first_sentence(maker.in(maker.story_of(product).description)),
          .gi = product.gi_name,
          .picture = picture_of(product, true)};
}

TileView tile_of(const Maker& maker, const District& district) {
  return {.district = district.id,
          .name = maker.in(district.name),
          .family = district.family,
          .row = district.hex_row,
          .half_column = district.hex_half_column,
          .dimmed = false,
          .here = district.id == maker.state.kiosk.district};
}

std::vector<FamilyView> families_of(const Maker& maker, const std::string& selected) {
  std::vector<FamilyView> out;
  for (const auto& family : maker.catalogue.families) {
    out.push_back({family.id, maker.in(family.name), family.id == selected});
  }
  return out;
}

// E.164 of India gets a space after five digits; others stand as published.
std::string phone_text(std::string_view phone) {
  if (phone.size() == 13 && phone.starts_with("+91")) {
    return std::string(phone.substr(0, 3)) + " " + std::string(phone.substr(3, 5)) + " " +
           std::string(phone.substr(8));
  }
  return std::string(phone);
}

OfficeView office_of(const Maker& maker, std::string_view district) {
  const Office* office = maker.catalogue.office_of(district);
  OfficeView view;
  view.name =
      office == nullptr
          ? maker.say("office.of", {{"district", maker.district_name(std::string(district))}})
          : maker.in(office->name);
  if (office != nullptr) {
    view.hours = maker.in(office->hours);
    view.phone = phone_text(office->phone);
  }
  if (view.phone.empty()) view.note = maker.say("office.no_phone");
  return view;
}

ListRow list_row_of(const Maker& maker, const ListItem& item) {
  ListRow row;
  if (const Product* product = maker.catalogue.product(item.product)) {
    row.card = card_of(maker, *product, item.district);
  }
  const auto unit = std::ranges::find(maker.catalogue.units, item.unit, &Choice::id);
  const std::string unit_name =
      unit == maker.catalogue.units.end() ? std::string{} : maker.in(unit->name);
  row.can_less = item.quantity > 0;
  if (item.quantity > 0) {
    row.quantity = group_indian(item.quantity);
    row.unit = unit_name;
    row.spoken = row.quantity + " " + row.unit;
  } else {
    row.quantity = "?";
    row.unit = maker.say("list.later");
    row.spoken = row.unit;
  }
  return row;
}

std::string first_sentence(std::string_view text) {
  return std::string(trimmed(text.substr(0, sentence_end(text, 0))));
}

std::vector<NoticeSection> sections_of(std::string_view text) {
  static constexpr std::array kIcons{"phone", "letter", "office", "clock", "undo"};
  constexpr std::size_t kLongestLabel = 48;
  std::vector<NoticeSection> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = sentence_end(text, from);
    const std::string_view sentence = trimmed(text.substr(from, end - from));
    from = end;
    if (sentence.empty()) continue;
    const std::size_t colon = sentence.find(": ");
    const bool labelled =
        colon != std::string_view::npos && letters(sentence.substr(0, colon)) <= kLongestLabel;
    if (labelled) {
      out.push_back({std::string(sentence.substr(0, colon)),
                     std::string(trimmed(sentence.substr(colon + 1))),
                     kIcons.at(std::min(out.size(), kIcons.size() - 1))});
    } else if (out.empty()) {
      out.push_back({{}, std::string(sentence), kIcons.front()});
    } else {
      out.back().text += " ";
      out.back().text += sentence;
    }
  }
  return out;
}

std::vector<const Stall*> stalls_here(const Maker& maker, std::string_view product) {
  return stalls_of(maker.catalogue, maker.state.kiosk.venue, product);
}

PlanView plan_of(const Maker& maker, const Hall& hall, const Stall* wanted) {
  PlanView plan;
  plan.caption = maker.say("hall.here");
  plan.title =
      wanted == nullptr
          ? maker.in(hall.name)
          : maker.say("hall.stall", {{"hall", maker.in(hall.name)}, {"stall", wanted->number}});
  const auto share = [](double part, double whole) {
    return static_cast<float>(whole > 0 ? part / whole : 0);
  };
  plan.aspect = share(hall.width_m, hall.depth_m);
  for (const auto& stall : maker.catalogue.stalls) {
    if (stall.hall != hall.id) continue;
    // Who stands at a stall may have a record of the same place: it is drawn once.
    const bool is_wanted = wanted != nullptr && stall.number == wanted->number;
    const auto drawn = std::ranges::find(plan.stalls, stall.number, &StallView::number);
    if (drawn != plan.stalls.end()) continue;
    plan.stalls.push_back({stall.number, share(stall.x_m, hall.width_m),
                           share(stall.y_m, hall.depth_m), share(stall.width_m, hall.width_m),
                           share(stall.depth_m, hall.depth_m), is_wanted});
  }
  if (wanted == nullptr) {
    plan.way.push_back({share(hall.kiosk_x_m, hall.width_m), share(hall.kiosk_y_m, hall.depth_m)});
    return plan;
  }
  const auto& kept = maker.visit().way;
  if (!kept.has_value() || kept->stall != wanted->id) return plan;
  const Way& way = kept->way;
  for (const auto& point : way.points) {
    plan.way.push_back({share(point.x_m, hall.width_m), share(point.y_m, hall.depth_m)});
  }
  if (!way.points.empty()) {
    constexpr double kStepLength = 0.7;  // metres, unhurried
    const auto steps =
        std::max<std::int64_t>(5, std::int64_t{std::llround(way.length_m / kStepLength / 5)} * 5);
    plan.hint = maker.say("hall.follow", {{"steps", group_indian(steps)}});
  }
  return plan;
}

bool is_here(const Maker& maker, const Event& event) {
  const auto& kiosk = maker.state.kiosk;
  return (!event.venue_id.empty() && event.venue_id == kiosk.venue) ||
         (!event.district.empty() && event.district == kiosk.district);
}

std::vector<const Event*> events_here(const Maker& maker) {
  std::vector<const Event*> out;
  const auto& kiosk = maker.state.kiosk;
  for (const auto& event : maker.catalogue.events) {
    const bool stands = event.status == "planned" || event.status == "moved";
    const std::string& end = event.end_date.empty() ? event.start_date : event.end_date;
    // ISO dates compare as text. Without a date of today nothing is promised.
    if (stands && !kiosk.today.empty() && end >= kiosk.today && is_here(maker, event)) {
      out.push_back(&event);
    }
  }
  std::ranges::stable_sort(out, {}, [](const Event* event) { return event->start_date; });
  return out;
}

}  // namespace odop::kiosk

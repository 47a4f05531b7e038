#include "kiosk/store/records.h"

#include "kiosk/store/form_records.h"
#include "kiosk/store/lean_archive.h"
#include "kiosk/store/record_json.h"
#include "kiosk/store/record_types.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace odop::kiosk {

// ---- Which fields the lean form has, in order. Shared by writer and reader. -------------------

template <typename A>
void fields(A& a, Family& f) {
  a(f.id, f.name, f.texture, f.colour);
}
template <typename A>
void fields(A& a, District& d) {
  a(d.id, d.name, d.division, d.family, d.hex_row, d.hex_half_column, d.neighbours, d.search_terms);
}
template <typename A>
void fields(A& a, Product& p) {
  a(p.id, p.districts, p.name, p.family, p.drawing, p.gi_name, p.picture, p.thumbnail, p.unit,
    p.facts);
}
template <typename A>
void fields(A& a, Office& o) {
  a(o.id, o.district, o.name, o.phone, o.hours);
}
template <typename A>
void fields(A& a, Venue& v) {
  a(v.id, v.name, v.district);
}
template <typename A>
void fields(A& a, Hall& h) {
  a(h.id, h.venue, h.name, h.width_m, h.depth_m, h.kiosk_x_m, h.kiosk_y_m);
}
template <typename A>
void fields(A& a, Stall& s) {
  a(s.id, s.hall, s.number, s.x_m, s.y_m, s.width_m, s.depth_m, s.products, s.holder);
}
template <typename A>
void fields(A& a, Event& e) {
  a(e.id, e.title, e.district, e.venue, e.start_date, e.end_date, e.status, e.venue_id,
    e.first_start, e.about);
}
template <typename A>
void fields(A& a, Notice& n) {
  a(n.id, n.version, n.kind, n.purpose, n.required, n.title, n.text);
}
template <typename A>
void fields(A& a, SubmissionKind& k) {
  a(k.id, k.name, k.due_days, k.next_step);
}
template <typename A>
void fields(A& a, Choice& c) {
  a(c.id, c.name, c.detail);
}

namespace {

using namespace record_json;  // NOLINT(google-build-using-namespace): made for this file

// ---- JSON to values; `lean_of` catches what they throw. --------------------------------------

Family family_of(const json& r) {
  Family family{"", local(r, "name"), text(r, "texture"), text(r, "colour")};
  need_name(family.name);
  return family;
}

District district_of(const json& r) {
  District district;
  district.name = local(r, "name");
  need_name(district.name);
  district.division = local(r, "division");
  district.family = text(r, "family");
  district.hex_row = whole<int>(r, "hex_row").value_or(0);
  district.hex_half_column = whole<int>(r, "hex_half_column").value_or(0);
  district.neighbours = slugs(r, "neighbours");
  district.search_terms = list(r, "search_terms");
  return district;
}

// Nothing when the record has no such field.
const json* trade_in(const json& r) {
  const json* value = find(r, "trade");
  if (value != nullptr && !value->is_object()) throw std::invalid_argument("trade is no object");
  return value;
}

Trade trade_of(const json& r) {
  const json* value = trade_in(r);
  if (value == nullptr) return {};
  Trade trade;
  trade.min_order = text(*value, "min_order");
  trade.price_min_inr = whole<std::int64_t>(*value, "price_min_inr");
  trade.price_max_inr = whole<std::int64_t>(*value, "price_max_inr");
  trade.lead_time_days = whole<int>(*value, "lead_time_days");
  trade.hs_code = text(*value, "hs_code");
  trade.export_ready = text(*value, "export_ready");
  trade.checked_on = text(*value, "checked_on");
  return trade;
}

Story story_in(const json& r) {
  Story story;
  story.description = local(r, "description");
  if (const json* facts = find(r, "facts"); facts != nullptr) {
    if (!facts->is_array()) throw std::invalid_argument("facts is no list");
    for (const json& fact : *facts) {
      story.facts.push_back({local(fact, "text"), source_in(fact)});
    }
  }
  story.trade = trade_of(r);
  story.sector = text(r, "sector");
  story.search_terms = list(r, "search_terms");
  return story;
}

Product product_of(const json& r) {
  // Read here too, so that a story that does not read stops its release.
  const Story story = story_in(r);
  Product product;
  product.districts = slugs(r, "districts");
  product.name = local(r, "name");
  need_name(product.name);
  product.family = text(r, "family");
  product.drawing = text(r, "drawing");
  product.gi_name = text(r, "gi_name");
  product.picture = hash_text(r, "picture");
  product.thumbnail = hash_text(r, "thumbnail");
  if (const json* trade = trade_in(r); trade != nullptr) product.unit = text(*trade, "unit");
  product.facts = static_cast<int>(story.facts.size());
  return product;
}

Office office_of(const json& r) {
  return {"", slug(r, "district"), local(r, "name"), text(r, "phone"), local(r, "hours")};
}

Venue venue_of(const json& r) { return {"", local(r, "name"), slug(r, "district")}; }

Hall hall_of(const json& r) {
  return {"",
          text(r, "venue"),
          local(r, "name"),
          number(r, "width_m").value_or(0),
          number(r, "depth_m").value_or(0),
          number(r, "kiosk_x_m").value_or(0),
          number(r, "kiosk_y_m").value_or(0)};
}

Stall stall_of(const json& r) {
  Stall stall;
  stall.hall = text(r, "hall");
  stall.number = text(r, "number");
  stall.x_m = number(r, "x_m").value_or(0);
  stall.y_m = number(r, "y_m").value_or(0);
  stall.width_m = number(r, "w_m").value_or(number(r, "width_m").value_or(0));
  stall.depth_m = number(r, "d_m").value_or(number(r, "depth_m").value_or(0));
  stall.products = list(r, "products");
  if (stall.products.empty()) stall.products = list(r, "product");
  if (stall.products.empty()) stall.products = list(r, "product_slug");
  stall.holder = local(r, "holder");
  return stall;
}

// The dates that hold: those it was moved to, once it was moved.
Event event_of(const json& r) {
  const std::string moved = text(r, "moved_to_start");
  return {"",
          local(r, "title"),
          slug(r, "district"),
          local(r, "venue"),
          moved.empty() ? text(r, "start_date") : moved,
          moved.empty() ? text(r, "end_date") : text(r, "moved_to_end"),
          text(r, "status"),
          text(r, "venue_id"),
          moved.empty() ? std::string{} : text(r, "start_date"),
          text(r, "moved_precision") == "about"};
}

Notice notice_of(const json& r) {
  Notice notice;
  notice.version = whole<std::uint32_t>(r, "version").value_or(0);
  notice.kind = text(r, "kind");
  notice.purpose = text(r, "purpose");
  notice.required = yes(r, "required");
  notice.title = local(r, "title");
  notice.text = local(r, "text");
  return notice;
}

SubmissionKind kind_of(const json& r) {
  return {"", local(r, "name"), whole<int>(r, "due_days").value_or(0), local(r, "next_step")};
}

Choice choice_of(const json& r) {
  std::string dial_code = text(r, "dial_code");
  return {"", local(r, "name"), dial_code.empty() ? text(r, "detail") : std::move(dial_code)};
}

constexpr auto kTypes = std::to_array<RecordType>({
    record_type<family_of, &Catalogue::families>("family"),
    record_type<district_of, &Catalogue::districts>("district"),
    record_type<product_of, &Catalogue::products>("product"),
    record_type<office_of, &Catalogue::offices>("office"),
    record_type<venue_of, &Catalogue::venues>("venue"),
    record_type<hall_of, &Catalogue::halls>("hall"),
    record_type<stall_of, &Catalogue::stalls>("stall"),
    record_type<event_of, &Catalogue::events>("event"),
    record_type<notice_of, &Catalogue::notices>("notice"),
    record_type<kind_of, &Catalogue::kinds>("kind"),
    record_type<choice_of, &Catalogue::units>("unit"),
    record_type<choice_of, &Catalogue::countries>("country"),
});

constexpr std::string_view kFormType = "form";

const RecordType* type_of(std::string_view name) {
  for (const RecordType& type : kTypes) {
    if (type.name == name) return &type;
  }
  for (const RecordType& type : service_types()) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

Error malformed(const wire::Record& record, std::string_view what) {
  return {ErrorCode::kMalformed, record.type + "/" + record.id + ": " + std::string(what)};
}

}  // namespace

Result<std::optional<Bytes>> lean_of(const wire::Record& record) {
  if (record.type == kFormType) return std::optional{lean_form(record)};
  const RecordType* type = type_of(record.type);
  if (type == nullptr) return std::optional<Bytes>{};
  try {
    const json parsed = json::parse(record.json);
    if (!parsed.is_object()) return fail(malformed(record, "no JSON object"));
    return std::optional{type->lean(parsed, record.id)};
  } catch (const std::exception& error) {
    return fail(malformed(record, error.what()));
  }
}

Result<Story> story_of(const wire::Record& product) {
  try {
    const json parsed = json::parse(product.json);
    if (!parsed.is_object()) return fail(malformed(product, "no JSON object"));
    return story_in(parsed);
  } catch (const std::exception& error) {
    return fail(malformed(product, error.what()));
  }
}

Status add_lean(std::string_view type, BytesView lean, Catalogue& catalogue) {
  const RecordType* known = type_of(type);
  const bool added = type == kFormType ? add_lean_form(lean, catalogue)
                                       : known != nullptr && known->add(lean, catalogue);
  if (!added) {
    return fail(ErrorCode::kCorrupt, "a lean row of type " + std::string(type));
  }
  return {};
}

Result<std::vector<MediumName>> media_of(const wire::Record& record) {
  std::vector<MediumName> media;
  // Only few records name media; most are decided without parsing.
  if (record.json.find("\"picture\"") == std::string::npos &&
      record.json.find("\"thumbnail\"") == std::string::npos &&
      record.json.find("\"medium\"") == std::string::npos) {
    return media;
  }
  try {
    const json parsed = json::parse(record.json);
    if (!parsed.is_object()) return fail(malformed(record, "no JSON object"));
    constexpr std::array<std::pair<std::string_view, wire::ItemKind>, 3> kNames = {
        {{"thumbnail", wire::ItemKind::kThumbnail},
         {"picture", wire::ItemKind::kPicture},
         {"medium", wire::ItemKind::kAudio}}};
    for (const auto& [key, kind] : kNames) {
      std::string hash = hash_text(parsed, key);
      if (!hash.empty()) media.push_back({std::move(hash), kind});
    }
  } catch (const std::exception& error) {
    return fail(malformed(record, error.what()));
  }
  return media;
}

std::string slug_of(std::string_view name) {
  std::string slug;
  bool gap = false;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!upper && !plain) {
      gap = !slug.empty();
      continue;
    }
    if (std::exchange(gap, false)) slug.push_back('-');
    slug.push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return slug;
}

}  // namespace odop::kiosk

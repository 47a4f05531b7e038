#include "syncserver/service/catalogue_tables.h"

#include "syncserver/service/case_paths.h"
#include "syncserver/service/escalation.h"
#include "syncserver/service/producers.h"

#include <algorithm>
#include <array>

namespace odop::syncserver {

namespace {

using K = ColumnKind;

constexpr std::string_view kConfidence = "high|medium|low";
constexpr std::string_view kYesNo = "yes|no";

// The state reaches from 23.87 to 30.41 degrees north and from 77.09 to 84.64 east (its districts'
// boundaries in OpenStreetMap); half a degree more for towns at the border. Swapped coordinates,
// and those of a town of the same name elsewhere, lie outside.
constexpr double kSouth = 23.4;
constexpr double kNorth = 30.9;
constexpr double kWest = 76.6;
constexpr double kEast = 85.1;

constexpr auto kFamilies = std::to_array<Column>({
    {"name", "name", K::kName},
    {"texture", "texture"},
    {"colour", "colour"},
});
constexpr auto kDivisions = std::to_array<Column>({{"name", "name", K::kName}});
constexpr auto kDistrictColumns = std::to_array<Column>({
    {"lgd_code", "lgd_code"},
    {"census_code", "census_code"},
    {"name", "name", K::kName},
    {"division", "division", K::kLocal},
    {"hq_lat", "hq_lat", K::kNumber, {}, false, kSouth, kNorth},
    {"hq_lon", "hq_lon", K::kNumber, {}, false, kWest, kEast},
    {"hex_row", "hex_row", K::kInteger},
    {"hex_half_column", "hex_half_column", K::kInteger},
    {"family", "family", K::kReference, "family"},
    {"search_terms", "search_terms", K::kList},
    {"neighbours", "neighbours", K::kDistricts},
});
constexpr auto kOffices = std::to_array<Column>({
    {"district_en", "district", K::kDistrict, {}, true},
    {"name", "name", K::kName},
    {"phone", "phone", K::kPhones},
    {"hours", "hours", K::kLocal},
    {"source", "source"},
});
constexpr auto kUnits = std::to_array<Column>({{"name", "name", K::kName}});
constexpr auto kCountries = std::to_array<Column>({
    {"dial_code", "dial_code", K::kText, {}, true},
    {"name", "name", K::kName},
});
constexpr auto kProducts = std::to_array<Column>({
    {"district_en", "districts", K::kDistrict, {}, true},
    {"name", "name", K::kName},
    {"description", "description", K::kLocal},
    {"sector", "sector"},
    {"family", "family", K::kReference, "family"},
    {"programme", "programme"},
    {"list", "list"},
    {"drawing", "drawing"},
    {"gi_tagged", "gi_tagged", K::kChoice, "yes|no|unknown"},
    {"gi_name", "gi_name"},
    {"search_terms", "search_terms", K::kList},
    {"fact1", "facts", K::kLocal},
    {"fact2", "facts", K::kLocal},
    {"fact3", "facts", K::kLocal},
    {"fact_source", "fact_source"},
    {"fact_source_hi", "fact_source"},
    {"fact_source_ur", "fact_source"},
    {"min_order", "trade.min_order", K::kQuantity},
    {"unit", "trade.unit", K::kReference, "unit"},
    {"price_min_inr", "trade.price_min_inr", K::kInteger},
    {"price_max_inr", "trade.price_max_inr", K::kInteger},
    {"lead_time_days", "trade.lead_time_days", K::kInteger},
    {"hs_code", "trade.hs_code", K::kHsCode},
    {"export_ready", "trade.export_ready", K::kChoice, kYesNo},
    {"trade_checked_on", "trade.checked_on", K::kDate},
    {"source", "source"},
    {"confidence", "confidence", K::kChoice, kConfidence},
});
constexpr auto kProducers = std::to_array<Column>({
    {"name", "name", K::kName},
    {"district_en", "district", K::kDistrict, {}, true},
    {"product_slug", "products", K::kReference, "product"},
    {"sort", "sort", K::kChoice, "person|self-help-group|co-operative|producer-company|msme"},
});
constexpr auto kVenues = std::to_array<Column>({
    {"name", "name", K::kName},
    {"district_en", "district", K::kDistrict, {}, true},
    {"address", "address", K::kLocal},
    {"source", "source"},
});
constexpr auto kHalls = std::to_array<Column>({
    {"venue", "venue", K::kReference, "venue", true},
    {"name", "name", K::kName},
    {"width_m", "width_m", K::kNumber},
    {"depth_m", "depth_m", K::kNumber},
    {"kiosk_x_m", "kiosk_x_m", K::kNumber},
    {"kiosk_y_m", "kiosk_y_m", K::kNumber},
});
constexpr auto kStalls = std::to_array<Column>({
    {"hall", "hall", K::kReference, "hall", true},
    {"number", "number", K::kText, {}, true},
    {"x_m", "x_m", K::kNumber},
    {"y_m", "y_m", K::kNumber},
    {"w_m", "w_m", K::kNumber},
    {"d_m", "d_m", K::kNumber},
    {"product_slug", "products", K::kReference, "product"},
    {"holder", "holder", K::kLocal},
});
constexpr auto kEvents = std::to_array<Column>({
    {"title", "title", K::kName},
    {"district_en", "district", K::kDistrict, {}, true},
    {"start_date", "start_date", K::kDate},
    {"end_date", "end_date", K::kDate},
    {"venue", "venue", K::kLocal},
    {"venue_id", "venue_id", K::kReference, "venue"},
    {"status", "status", K::kChoice, "planned|moved|cancelled|held|unknown"},
    {"moved_to_start", "moved_to_start", K::kDate},
    {"moved_to_end", "moved_to_end", K::kDate},
    {"moved_precision", "moved_precision", K::kChoice, "exact|about"},
    {"moved_source", "moved_source"},
    {"source", "source"},
});
constexpr auto kSessions = std::to_array<Column>({
    {"event_id", "event", K::kReference, "event", true},
    {"title", "title", K::kName},
    {"date", "date", K::kDate, {}, true},
    {"start_time", "start_time", K::kTime},
    {"end_time", "end_time", K::kTime},
    {"place", "place", K::kLocal},
    {"status", "status", K::kChoice, "planned|moved|cancelled", true},
    {"source", "source"},
});
constexpr auto kKinds = std::to_array<Column>({
    {"name", "name", K::kName},
    {"due_days", "due_days", K::kInteger, {}, true},
    {"escalate_after_days", "escalate_after_days", K::kInteger},
    {"owner", "owner"},
    {"next_step", "next_step", K::kName},
    {"source", "source"},
});
constexpr auto kCaseStates = std::to_array<Column>({
    {"path", "path", K::kText, {}, true},
    {"state", "state"},
    {"order", "order", K::kInteger, {}, true},
    {"next", "next", K::kList},
    {"final", "final", K::kChoice, kYesNo, true},
    {"due_days", "due_days", K::kInteger},
    {"station", "station", K::kChoice, kYesNo, true},
    {"icon", "icon"},
    {"name", "name", K::kName},
    {"sentence", "sentence", K::kName},
    {"source", "source"},
});
constexpr auto kEscalationLevels = std::to_array<Column>({
    {"level", "level", K::kInteger, {}, true},
    {"counts_from", "counts_from", K::kChoice, "due|escalation", true},
    {"after_days", "after_days", K::kInteger, {}, true},
    {"owner", "owner", K::kText, {}, true},
    {"name", "name", K::kName},
    {"source", "source"},
});
constexpr auto kNotices = std::to_array<Column>({
    {"version", "version", K::kInteger, {}, true},
    {"kind", "kind", K::kReference, "kind"},
    {"purpose", "purpose", K::kText, {}, true},
    {"required", "required", K::kChoice, kYesNo, true},
    {"title", "title", K::kName},
    {"text", "text", K::kName},
    {"source", "source"},
});
constexpr auto kSchemes = std::to_array<Column>({
    {"name", "name", K::kName},
    {"summary", "summary", K::kLocal},
    {"programme", "programme"},
    {"valid_from", "valid_from", K::kDate},
    {"valid_to", "valid_to", K::kDate},
    {"apply_by", "apply_by", K::kDate},
    {"source", "source", K::kText, {}, true},
    {"source_hi", "source_hi"},
    {"source_ur", "source_ur"},
    {"checked_on", "checked_on", K::kDate, {}, true},
    {"confidence", "confidence", K::kChoice, kConfidence},
    {"apply_where", "apply_where", K::kChoice, "portal|diepc|bank"},
});
constexpr auto kSchemeFigures = std::to_array<Column>({
    {"scheme_id", "scheme", K::kReference, "scheme", true},
    {"label", "label", K::kName},
    {"use", "use", K::kChoice, "subsidy|own-share|own-share-special"},
    {"percent", "percent", K::kNumber, {}, false, 0, 100},
    {"max_inr", "max_inr", K::kInteger},
    {"cost_from_inr", "cost_from_inr", K::kInteger},
    {"cost_to_inr", "cost_to_inr", K::kInteger},
    {"whichever_is", "whichever_is", K::kChoice, "less|more"},
    {"valid_from", "valid_from", K::kDate},
    {"valid_to", "valid_to", K::kDate},
    {"source", "source", K::kText, {}, true},
    {"source_hi", "source_hi"},
    {"source_ur", "source_ur"},
    {"checked_on", "checked_on", K::kDate, {}, true},
    {"confidence", "confidence", K::kChoice, kConfidence},
});
constexpr auto kEligibility = std::to_array<Column>({
    {"scheme_id", "scheme", K::kReference, "scheme", true},
    {"place", "place", K::kInteger, {}, true},
    {"question", "question", K::kName},
    {"needs", "needs", K::kChoice, kYesNo, true},
    {"met", "met", K::kName},
    {"unmet", "unmet", K::kName},
    {"icon", "icon"},
    {"valid_from", "valid_from", K::kDate},
    {"valid_to", "valid_to", K::kDate},
    {"source", "source", K::kText, {}, true},
    {"source_hi", "source_hi"},
    {"source_ur", "source_ur"},
    {"checked_on", "checked_on", K::kDate, {}, true},
    {"confidence", "confidence", K::kChoice, kConfidence},
});
constexpr auto kFacilities = std::to_array<Column>({
    {"kind", "kind", K::kChoice, "common-facility-centre|design-studio|laboratory", true},
    {"district_en", "district", K::kDistrict, {}, true},
    {"name", "name", K::kName},
    {"address", "address", K::kLocal},
    {"phone", "phone", K::kPhones},
    {"hours", "hours", K::kLocal},
    {"note", "note", K::kLocal},
    {"valid_from", "valid_from", K::kDate},
    {"valid_to", "valid_to", K::kDate},
    {"source", "source", K::kText, {}, true},
    {"source_hi", "source_hi"},
    {"source_ur", "source_ur"},
    {"checked_on", "checked_on", K::kDate, {}, true},
});
constexpr auto kInstitutions = std::to_array<Column>({
    {"district_en", "district", K::kDistrict, {}, true},
    {"statewide", "statewide", K::kChoice, kYesNo, true},
    {"name", "name", K::kName},
    {"address", "address", K::kLocal},
    {"phone", "phone", K::kPhones},
    {"hours", "hours", K::kLocal},
    {"note", "note", K::kLocal},
    {"valid_from", "valid_from", K::kDate},
    {"valid_to", "valid_to", K::kDate},
    {"source", "source", K::kText, {}, true},
    {"source_hi", "source_hi"},
    {"source_ur", "source_ur"},
    {"checked_on", "checked_on", K::kDate, {}, true},
});
constexpr auto kBatches = std::to_array<Column>({
    {"scheme_id", "scheme", K::kReference, "scheme"},
    {"district_en", "district", K::kDistrict, {}, true},
    {"title", "title", K::kName},
    {"venue", "venue", K::kLocal},
    {"start_date", "start_date", K::kDate, {}, true},
    {"end_date", "end_date", K::kDate, {}, true},
    {"apply_by", "apply_by", K::kDate},
    {"seats", "seats", K::kInteger},
    {"status", "status", K::kChoice, "planned|open|full|held|cancelled", true},
    {"source", "source", K::kText, {}, true},
    {"source_hi", "source_hi"},
    {"source_ur", "source_ur"},
    {"checked_on", "checked_on", K::kDate, {}, true},
});
constexpr auto kQuestions = std::to_array<Column>({
    {"district_en", "district", K::kDistrict},
    {"scheme_id", "scheme", K::kReference, "scheme"},
    {"question", "question", K::kName},
    {"answer", "answer", K::kName},
    {"valid_from", "valid_from", K::kDate},
    {"valid_to", "valid_to", K::kDate},
    {"source", "source", K::kText, {}, true},
    {"source_hi", "source_hi"},
    {"source_ur", "source_ur"},
    {"checked_on", "checked_on", K::kDate, {}, true},
});

// Recorded prompts; the recording itself is audio/ID.opus, and its name in the record "medium".
constexpr auto kAudio = std::to_array<Column>({
    {"key", "key"},  // what it is said for; empty: a form names the record
    {"language", "language", K::kChoice, "hi|en|ur|awa|bho|bns", true},
    {"text", "text", K::kText, {}, true},  // what is said, for those who edit it
    {"source", "source"},
});

constexpr auto kTables = std::to_array<Table>({
    {"families.csv", "family", kFamilies, "id", {}},
    {"divisions.csv", "division", kDivisions, "id", {}},
    {"districts.csv", "district", kDistrictColumns, "name_en", {}, true},
    {"offices.csv", "office", kOffices, "id", {}},
    {"units.csv", "unit", kUnits, "id", {}},
    {"countries.csv", "country", kCountries, "id", {}},
    {"products.csv", "product", kProducts, "product_slug", {}},
    {"producers.csv", kProducerType, kProducers, "id", {}},
    {"venues.csv", "venue", kVenues, "id", {}},
    {"halls.csv", "hall", kHalls, "id", {}},
    {"stalls.csv", "stall", kStalls, "id", {}},
    {"events.csv", "event", kEvents, "event_id", {}},
    {"kinds.csv", "kind", kKinds, "id", {}},
    {"case_states.csv", kCaseStateType, kCaseStates, "state", "path"},
    {"escalation_levels.csv", kEscalationType, kEscalationLevels, "id", {}},
    {"notices.csv", "notice", kNotices, "id", {}},
    {"audio.csv", kAudioType, kAudio, "id", {}},
    {"schemes.csv", "scheme", kSchemes, "id", {}},
    {"scheme_figures.csv", "scheme_figure", kSchemeFigures, "figure_id", "scheme_id"},
    {"sessions.csv", "session", kSessions, "session_id", "event_id"},
    {"eligibility.csv", "eligibility", kEligibility, "rule_id", "scheme_id"},
    {"facilities.csv", "facility", kFacilities, "id", {}},
    {"institutions.csv", "institution", kInstitutions, "id", {}},
    {"training_batches.csv", "training_batch", kBatches, "id", {}},
    {"questions.csv", "question", kQuestions, "id", {}},
});

}  // namespace

std::span<const Table> catalogue_tables() { return kTables; }

const Table* table_of(std::string_view file) {
  const auto found = std::ranges::find(kTables, file, &Table::file);
  return found == kTables.end() ? nullptr : &*found;
}

}  // namespace odop::syncserver

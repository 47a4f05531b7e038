// Pieces that several view-models share. Private to kiosk/model.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/state.h"
#include "kiosk/model/views.h"
#include "shared/text/words.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// What every view is made from; lives for one call of make_view.
struct Maker {
  const State& state;
  const Catalogue& catalogue;
  const Stories& stories;
  const Words& words;

  [[nodiscard]] const Visit& visit() const { return state.visit; }
  [[nodiscard]] std::string say(std::string_view key) const { return std::string(words.get(key)); }
  [[nodiscard]] std::string say(std::string_view key,
                                std::initializer_list<WordArgument> arguments) const {
    return words.format(key, arguments);
  }
  [[nodiscard]] std::string in(const LocalText& text) const {
    return text.in(index(state.visit.language));
  }
  [[nodiscard]] std::string in(const forms::LocalText& text) const {
    return text.in(state.visit.language);
  }
  // An empty one when nobody read it.
  [[nodiscard]] const Story& story_of(const Product& product) const;
  [[nodiscard]] std::string district_name(const std::string& id) const;
  // "kannauj, Lucknow and Azamgarh" of ids.
  [[nodiscard]] std::string names_of(const std::vector<std::string>& districts) const;
  // "21 November" of YYYY-MM-DD, with its year when that is not today's; empty stays empty.
  [[nodiscard]] std::string day(std::string_view iso_date) const;
  // The same and "16:20" of Unix milliseconds, in India.
  [[nodiscard]] std::string day_of(std::int64_t wall_ms) const;
  [[nodiscard]] static std::string time_of(std::int64_t wall_ms);
};

[[nodiscard]] Picture picture_of(const Product& product, bool thumbnail);
// Its note is the story's first sentence, where stories are told.
[[nodiscard]] ProductCard card_of(const Maker& maker, const Product& product,
                                  const std::string& district);
[[nodiscard]] TileView tile_of(const Maker& maker, const District& district);
[[nodiscard]] std::vector<FamilyView> families_of(const Maker& maker, const std::string& selected);
[[nodiscard]] OfficeView office_of(const Maker& maker, std::string_view district);
// A published number as people group it.
[[nodiscard]] std::string phone_text(std::string_view phone);
// "Source: ... Checked on 24 November 2026."
[[nodiscard]] std::string source_line(const Maker& maker, const Dated& dated);
[[nodiscard]] ListRow list_row_of(const Maker& maker, const ListItem& item);
// Up to the first full stop of any script, at most.
[[nodiscard]] std::string first_sentence(std::string_view text);
// A notice's text cut into its labelled parts ("What we take: ..."); nothing is left out.
[[nodiscard]] std::vector<NoticeSection> sections_of(std::string_view text);

// Stalls of the venue's halls; `product` empty: all.
[[nodiscard]] std::vector<const Stall*> stalls_here(const Maker& maker, std::string_view product);
// The way is the one that the visit keeps, when it leads to `wanted`.
[[nodiscard]] PlanView plan_of(const Maker& maker, const Hall& hall, const Stall* wanted);
// Whether it is at this kiosk's venue or in its district.
[[nodiscard]] bool is_here(const Maker& maker, const Event& event);
// Events here that are not over, planned or moved, soonest first.
[[nodiscard]] std::vector<const Event*> events_here(const Maker& maker);

[[nodiscard]] AttractView attract_view(const Maker& maker);
[[nodiscard]] HomeView home_view(const Maker& maker);
[[nodiscard]] DistrictView district_view(const Maker& maker, const std::string& id);
[[nodiscard]] ProductView product_view(const Maker& maker, const std::string& id);
[[nodiscard]] SearchView search_view(const Maker& maker);
[[nodiscard]] HallView hall_view(const Maker& maker);
[[nodiscard]] ListView list_view(const Maker& maker);
[[nodiscard]] QuestionView lookup_view(const Maker& maker, bool withdrawal);
[[nodiscard]] ReceiptView receipt_view(const Maker& maker);
[[nodiscard]] AnswerView answer_view(const Maker& maker);
// The way of the case that was looked up, where it stands, and its number at the portal.
void add_path(const Maker& maker, AnswerView& view);
// What an answer without words of an officer says.
[[nodiscard]] std::string state_text(const Maker& maker, const FoundAnswer& answer);
[[nodiscard]] MaintenanceView maintenance_view(const Maker& maker);
[[nodiscard]] CodeView code_view(const Maker& maker);
[[nodiscard]] PromptsView prompts_view(const Maker& maker, const std::string& set);
// The sheet on which one of them is recorded.
[[nodiscard]] PromptView prompt_view(const Maker& maker);
// ---- What cannot be kept (views_trouble.cpp) ----
[[nodiscard]] ClosedView closed_view(const Maker& maker);
// Whether there is nothing at all to show a visitor, and no hope that something comes by itself.
[[nodiscard]] bool shows_nothing(const Maker& maker);
void add_closed(const Maker& maker, AttractView& view);
// What is wrong with the stores and what to do about it; empty: nothing.
struct TroubleWords {
  std::string what, remedy;
};
[[nodiscard]] TroubleWords trouble_words(const Maker& maker);
// Rows of the staff's page: whether submissions are kept, and what was mended lately.
void add_store_rows(const Maker& maker, std::vector<MaintenanceRow>& rows);

// ---- Schemes (views_schemes.cpp), help and events (views_help.cpp) ----
[[nodiscard]] SchemesView schemes_view(const Maker& maker);
[[nodiscard]] SchemeView scheme_view(const Maker& maker, const std::string& id);
// A card, the cost, or what follows.
[[nodiscard]] BodyView eligibility_view(const Maker& maker, const std::string& id);
// "card", "cost" or "result", for the inspector.
[[nodiscard]] std::string check_place(const Maker& maker);
[[nodiscard]] DistrictHelpView district_help_view(const Maker& maker, const std::string& district);
[[nodiscard]] EventsView events_view(const Maker& maker);
[[nodiscard]] EventView event_view(const Maker& maker, const std::string& id);

// ---- Forms of the catalogue (views_form.cpp, form_picks.cpp) ----
[[nodiscard]] ArtisanView artisan_view(const Maker& maker);
// The opening, a question, the read-back or the consents.
[[nodiscard]] BodyView form_view(const Maker& maker);
[[nodiscard]] LeaveView leave_view(const Maker& maker);
// The sheet on which an answer is spoken, and that of a helper's PIN.
[[nodiscard]] VoiceView voice_view(const Maker& maker);
[[nodiscard]] HelperView helper_view(const Maker& maker);
// The last day of a scheme's form, or its own words while nobody has said one.
[[nodiscard]] std::string deadline_of(const Maker& maker, const forms::SchemeDraft& scheme);
// "Last date: ..." of YYYY-MM-DD, or that it is over; empty when it is no day.
[[nodiscard]] std::string deadline_words(const Maker& maker, std::string_view day);
// The last day of a scheme's form when it is still to come: YYYY-MM-DD; else empty.
[[nodiscard]] std::string_view coming_deadline(const Maker& maker,
                                               const forms::SchemeDraft& scheme);
// "registration.name", "registration.review" ...: where the visitor stands, for the inspector.
[[nodiscard]] std::string form_place(const Visit& visit);
// Rows of the notices with their boxes.
[[nodiscard]] ConsentView consent_row(const Maker& maker, const Notice& notice, bool required,
                                      bool ticked);
// Picks, map or rows of a question that is not typed.
void add_picks(const Maker& maker, const forms::Question& question, QuestionView& view);
// ISO 4217 codes that a form may ask for; decision: India's and those that likely buyers reckon in.
inline constexpr std::array<std::string_view, 9> kCurrencies{"INR", "USD", "EUR", "GBP", "AED",
                                                             "SAR", "JPY", "CAD", "AUD"};
// "Indian rupee (INR)"; a code that is not among them stays itself.
[[nodiscard]] std::string currency_name(const Maker& maker, std::string_view code);
// An answer as the read-back says it; empty when nothing was said.
[[nodiscard]] std::string answer_text(const Maker& maker, const forms::Question& question);
// Tiles of the map with their regions; shared with the home screen.
void add_map(const Maker& maker, std::vector<TileView>& tiles, std::vector<RegionView>& regions,
             std::string& region);
// "7 of 10 digits. 3 to go."
[[nodiscard]] std::string digits_progress(const Maker& maker, std::size_t have, std::size_t want);
void add_row_labels(const Maker& maker, QuestionView& view);

}  // namespace odop::kiosk

#include "kiosk/model/update.h"

#include "kiosk/model/enquiry.h"
#include "shared/text/dates.h"

#include <algorithm>
#include <string>
#include <utility>

namespace odop::kiosk {

namespace {

std::string due_date(const Kiosk& kiosk, const Catalogue& catalogue, std::string_view kind) {
  const auto found = std::ranges::find(catalogue.kinds, kind, &SubmissionKind::id);
  const auto today = parse_date(kiosk.today);
  if (found == catalogue.kinds.end() || found->due_days <= 0 || !today.has_value()) return {};
  return iso_date(add_days(today.value(), found->due_days));
}

std::string default_unit(const Product& product, const Catalogue& catalogue) {
  const auto known = [&](std::string_view id) {
    return std::ranges::find(catalogue.units, id, &Choice::id) != catalogue.units.end();
  };
  if (known(product.trade.unit)) return product.trade.unit;
  if (product.family == "f" && known("kg")) return "kg";
  if (known("piece")) return "piece";
  return catalogue.units.empty() ? "" : catalogue.units.front().id;
}

// One call of update: what it works on, and what it asks for.
struct Turn {
  State& state;
  const Catalogue& catalogue;
  std::int64_t now_ms;
  Effects effects{};

  [[nodiscard]] Visit& visit() const { return state.visit; }

  // ---- Moving about ----

  void settle() {
    visit().focus.clear();
    visit().error.clear();
    visit().sheet = Sheet::kNone;
    visit().sheet_subject.clear();
    if (visit().speaking) {
      visit().speaking = false;
      effects.emplace_back(effect::StopSpeech{});
    }
  }

  void show(ScreenId id, std::string subject = {}) {
    Screen screen{id, std::move(subject)};
    if (state.screen() == screen) return;
    settle();
    visit().screens.push_back(std::move(screen));
  }

  void home() {
    settle();
    visit().screens = {Screen{}, Screen{ScreenId::kHome, {}}};
  }

  void end_session() {
    settle();
    for (auto* text : {&visit().enquiry.mobile, &visit().enquiry.email, &visit().enquiry.phone,
                       &visit().enquiry.name, &visit().enquiry.message, &visit().search.text,
                       &visit().search.answered, &visit().lookup.reference, &visit().lookup.code}) {
      burn(*text);
    }
    for (auto& answer : visit().lookup.answers) burn(answer.text);
    if (visit().receipt.has_value()) {
      burn(visit().receipt->reference);
      burn(visit().receipt->status_code);
      burn(visit().receipt->qr);
    }
    state.visit = Visit{};
    visit().language = state.kiosk.first_language;
    visit().last_touch_ms = now_ms;
    effects.emplace_back(effect::Wipe{});
  }

  void back() {
    if (visit().sheet != Sheet::kNone) {
      close_sheet();
      return;
    }
    if (state.screen().id == ScreenId::kEnquiry && visit().enquiry.step != EnquiryStep::kReach) {
      settle();
      go_to(static_cast<EnquiryStep>(static_cast<int>(visit().enquiry.step) - 1));
      return;
    }
    const bool asks_code =
        state.screen().id == ScreenId::kStatus || state.screen().id == ScreenId::kWithdraw;
    if (asks_code && visit().lookup.at_code) {
      settle();
      visit().lookup.at_code = false;
      visit().focus = "status.field.reference";
      return;
    }
    if (visit().screens.size() <= 2) return;  // home has nothing behind it
    if (state.screen().id == ScreenId::kReceipt) {
      home();  // what was sent is sent
      return;
    }
    settle();
    visit().screens.pop_back();
    if (state.screen().id == ScreenId::kSearch) visit().focus = "search.field";
    if (state.screen().id == ScreenId::kEnquiry) visit().focus = first_field(visit().enquiry);
    if (state.screen().id == ScreenId::kStatus) visit().focus = "status.field.code";
  }

  void close_sheet() {
    visit().sheet = Sheet::kNone;
    visit().sheet_subject.clear();
  }

  void open_sheet(Sheet sheet, std::string subject = {}) {
    visit().sheet = sheet;
    visit().sheet_subject = std::move(subject);
  }

  // ---- List ----

  ListItem* on_list(std::string_view product) {
    const auto found = std::ranges::find(visit().list, product, &ListItem::product);
    return found == visit().list.end() ? nullptr : &*found;
  }

  void add(const std::string& id, const std::string& district) {
    const Product* product = catalogue.product(id);
    if (product == nullptr || on_list(id) != nullptr || visit().list.size() >= kMaxListItems) {
      return;
    }
    const bool fits = std::ranges::find(product->districts, district) != product->districts.end();
    const std::string first = product->districts.empty() ? "" : product->districts.front();
    visit().list.push_back({id, fits ? district : first, 0, default_unit(*product, catalogue)});
  }

  // The district page that the visitor came through, if any.
  [[nodiscard]] std::string district_on_the_way() const {
    for (auto screen = visit().screens.rbegin(); screen != visit().screens.rend(); ++screen) {
      if (screen->id == ScreenId::kDistrict) return screen->subject;
    }
    return {};
  }

  // ---- Enquiry ----

  void go_to(EnquiryStep step) {
    visit().enquiry.step = step;
    visit().focus = first_field(visit().enquiry);
    visit().error.clear();
  }

  void start_enquiry(const std::string& product) {
    if (!product.empty()) add(product, district_on_the_way());
    if (visit().list.empty()) return;
    visit().enquiry.consents.clear();
    visit().enquiry.sending = false;
    show(ScreenId::kEnquiry);
    go_to(EnquiryStep::kReach);
  }

  void next() {
    if (state.screen().id == ScreenId::kEnquiry) {
      visit().error = fault_of(visit().enquiry, visit().enquiry.step, catalogue);
      if (!visit().error.empty()) return;
      if (visit().enquiry.step == EnquiryStep::kConsent) {
        send();
        return;
      }
      settle();
      go_to(static_cast<EnquiryStep>(static_cast<int>(visit().enquiry.step) + 1));
      return;
    }
    if (!visit().lookup.at_code) {
      visit().error = fault_of_reference(visit().lookup.reference);
      if (!visit().error.empty()) return;
      visit().lookup.at_code = true;
      visit().focus = "status.field.code";
      return;
    }
    if (state.screen().id == ScreenId::kStatus) show_answer();
    if (state.screen().id == ScreenId::kWithdraw) send();
  }

  // Both numbers of the receipt are right in form; else the first wrong one gets the focus.
  bool receipt_numbers() {
    visit().error = fault_of_reference(visit().lookup.reference);
    if (!visit().error.empty()) {
      visit().lookup.at_code = false;
      visit().focus = "status.field.reference";
      return false;
    }
    visit().error = fault_of_code(visit().lookup.code);
    if (!visit().error.empty()) {
      visit().lookup.at_code = true;
      visit().focus = "status.field.code";
      return false;
    }
    return true;
  }

  void show_answer() {
    if (!receipt_numbers()) return;
    visit().lookup.outcome = LookupOutcome::kLooking;
    visit().lookup.answers.clear();
    effects.emplace_back(effect::LookUp{visit().lookup.reference, visit().lookup.code});
    show(ScreenId::kAnswer);
  }

  void send() {
    if (state.screen().id == ScreenId::kWithdraw) {
      if (visit().lookup.sending_withdrawal || !receipt_numbers()) return;
      visit().lookup.sending_withdrawal = true;
      effects.emplace_back(withdrawal_submission(visit()));
      return;
    }
    Enquiry& enquiry = visit().enquiry;
    if (state.screen().id != ScreenId::kEnquiry || enquiry.sending || visit().list.empty()) return;
    for (std::size_t i = 0; i < kEnquirySteps; ++i) {
      const auto step = static_cast<EnquiryStep>(i);
      const std::string fault = fault_of(enquiry, step, catalogue);
      if (fault.empty()) continue;
      if (enquiry.step != step) go_to(step);
      visit().error = fault;
      return;
    }
    enquiry.sending = true;
    effects.emplace_back(enquiry_submission(visit(), catalogue));
  }

  void kept(const news::SubmissionKept& submission) {
    const bool withdrawal = visit().lookup.sending_withdrawal;
    if (!withdrawal && !visit().enquiry.sending) return;  // its session is over
    const std::string kind = withdrawal ? "withdrawal" : "enquiry";
    visit().receipt =
        Receipt{.kind = kind,
                .reference = submission.reference,
                .status_code = submission.status_code,
                .qr = submission.qr,
                .districts = withdrawal ? std::vector<std::string>{} : districts_of(visit().list),
                .due = due_date(state.kiosk, catalogue, kind),
                .state = ReceiptState::kKept};
    if (!withdrawal) {
      visit().list.clear();
      visit().enquiry.message.clear();
    }
    visit().enquiry.sending = false;
    visit().enquiry.consents.clear();
    visit().lookup = Lookup{};
    home();
    show(ScreenId::kReceipt);
  }

  // ---- Fields ----

  void edit(const std::string& field, const std::string& typed) {
    constexpr std::string_view kQuantity = "form.field.quantity.";
    std::string text = accept(field, typed);
    visit().error.clear();
    if (field == "search.field") {
      visit().search.text = std::move(text);
      ask_search();
      return;
    }
    if (field == "form.field.mobile") {
      visit().enquiry.mobile = std::move(text);
      // Said at the first digit, not after the tenth.
      if (!visit().enquiry.mobile.empty() && visit().enquiry.mobile.front() < '6') {
        visit().error = "form.error.mobile_start";
      }
    } else if (field == "form.field.email") {
      visit().enquiry.email = std::move(text);
    } else if (field == "form.field.phone") {
      visit().enquiry.phone = std::move(text);
    } else if (field == "form.field.name") {
      visit().enquiry.name = std::move(text);
    } else if (field == "form.field.message") {
      visit().enquiry.message = std::move(text);
    } else if (field == "status.field.reference") {
      visit().lookup.reference = std::move(text);
    } else if (field == "status.field.code") {
      visit().lookup.code = std::move(text);
    } else if (field.starts_with(kQuantity)) {
      if (ListItem* item = on_list(std::string_view(field).substr(kQuantity.size()))) {
        item->quantity = text.empty() ? 0 : std::min<std::int64_t>(std::stoll(text), kMaxQuantity);
      }
    }
  }

  void focus(const std::string& field) {
    visit().focus = field;
    visit().error.clear();
    if (field == "status.field.reference") visit().lookup.at_code = false;
    if (field == "status.field.code") visit().lookup.at_code = true;
  }

  void ask_search() {
    Search& search = visit().search;
    if (!search.text.empty()) {
      effects.emplace_back(effect::Query{search.text, search.family});
      return;
    }
    search.answered.clear();
    search.hits.clear();
    if (search.family.empty()) return;
    for (const auto& product : catalogue.products) {
      if (product.family == search.family) search.hits.push_back({HitKind::kProduct, product.id});
    }
  }

  void choose(const intent::Choose& choice) {
    Enquiry& enquiry = visit().enquiry;
    visit().error.clear();
    if (choice.field == "channel") {
      enquiry.channel = choice.value == "email"    ? Channel::kEmail
                        : choice.value == "abroad" ? Channel::kAbroad
                                                   : Channel::kMobile;
      if (enquiry.channel == Channel::kAbroad && enquiry.country == "IN") enquiry.country.clear();
      if (enquiry.channel == Channel::kMobile) enquiry.country.clear();
      visit().focus = first_field(enquiry);
    } else if (choice.field == "country") {
      enquiry.country = choice.value;
      if (choice.value == "IN" && enquiry.channel == Channel::kAbroad) {
        enquiry.channel = Channel::kMobile;
        enquiry.country.clear();
      }
      close_sheet();
      visit().focus = first_field(enquiry);
    } else if (choice.field == "buyer_type") {
      enquiry.buyer_type = enquiry.buyer_type == choice.value ? "" : choice.value;
    } else if (choice.field == "needed_by") {
      enquiry.needed_by = choice.value;
      if (enquiry.step == EnquiryStep::kWhen) next();
    } else if (choice.field == "unit") {
      if (ListItem* item = on_list(visit().sheet_subject)) item->unit = choice.value;
    }
  }

  // ---- Intents ----

  void operator()(const intent::Start&) {
    if (state.screen().id == ScreenId::kAttract) home();
  }
  void operator()(const intent::Back&) { back(); }
  void operator()(const intent::Home&) {
    if (state.in_session()) home();
  }
  void operator()(const intent::SetLanguage& wish) {
    visit().language = wish.language;
    if (visit().speaking) {
      visit().speaking = false;
      effects.emplace_back(effect::StopSpeech{});
    }
  }
  void operator()(const intent::NextTextSize&) { visit().text_size = (visit().text_size + 1) % 3; }
  void operator()(const intent::ToggleContrast&) { visit().high_contrast = !visit().high_contrast; }
  void operator()(const intent::Listen&) {
    visit().speaking = !visit().speaking;
    if (visit().speaking) {
      effects.emplace_back(effect::SpeakScreen{});
    } else {
      effects.emplace_back(effect::StopSpeech{});
    }
  }
  void operator()(const intent::ShowHelp&) { open_sheet(Sheet::kHelp); }
  void operator()(const intent::ShowCountries&) { open_sheet(Sheet::kCountries); }
  void operator()(const intent::ShowUnits& wish) { open_sheet(Sheet::kUnits, wish.product); }
  void operator()(const intent::CloseSheet&) { close_sheet(); }
  void operator()(const intent::Touched&) {}
  void operator()(const intent::Stay&) { close_sheet(); }
  void operator()(const intent::End&) { end_session(); }
  void operator()(const intent::SelectFamily& wish) {
    std::string& family =
        state.screen().id == ScreenId::kSearch ? visit().search.family : visit().map_family;
    family = family == wish.family ? "" : wish.family;
    if (state.screen().id == ScreenId::kSearch) ask_search();
  }
  void operator()(const intent::OpenDistrict& wish) {
    if (catalogue.district(wish.district) != nullptr) show(ScreenId::kDistrict, wish.district);
  }
  void operator()(const intent::OpenProduct& wish) {
    if (catalogue.product(wish.product) != nullptr) show(ScreenId::kProduct, wish.product);
  }
  void operator()(const intent::OpenSearch& wish) {
    show(ScreenId::kSearch);
    visit().focus = "search.field";
    if (!wish.family.empty()) {
      visit().search.family = wish.family;
      visit().search.text.clear();
      ask_search();
    }
  }
  void operator()(const intent::OpenList&) { show(ScreenId::kList); }
  void operator()(const intent::OpenStatus&) { open_lookup(ScreenId::kStatus); }
  void operator()(const intent::OpenWithdraw&) { open_lookup(ScreenId::kWithdraw); }
  void operator()(const intent::OpenHall&) { show(ScreenId::kHall); }
  void operator()(const intent::OpenMaintenance&) { show(ScreenId::kMaintenance); }
  void operator()(const intent::AddToList& wish) {
    add(wish.product, wish.district.empty() ? district_on_the_way() : wish.district);
  }
  void operator()(const intent::RemoveFromList& wish) {
    std::erase_if(visit().list, [&](const ListItem& item) { return item.product == wish.product; });
    visit().focus.clear();
  }
  void operator()(const intent::ChangeQuantity& wish) {
    if (ListItem* item = on_list(wish.product)) {
      item->quantity = step_quantity(item->quantity, wish.steps);
    }
  }
  void operator()(const intent::StartEnquiry& wish) { start_enquiry(wish.product); }
  void operator()(const intent::Edit& wish) { edit(wish.field, wish.text); }
  void operator()(const intent::Focus& wish) { focus(wish.field); }
  void operator()(const intent::Choose& wish) { choose(wish); }
  void operator()(const intent::ToggleConsent& wish) {
    auto& given = visit().enquiry.consents;
    visit().error.clear();
    if (std::erase(given, wish.purpose) == 0) given.push_back(wish.purpose);
  }
  void operator()(const intent::Next&) { next(); }
  void operator()(const intent::Send&) { send(); }
  void operator()(const intent::ShowAnswer&) { show_answer(); }

  void open_lookup(ScreenId id) {
    const bool complete = fault_of_reference(visit().lookup.reference).empty() &&
                          fault_of_code(visit().lookup.code).empty();
    show(id);
    visit().lookup.at_code = complete;
    visit().focus = complete ? "status.field.code" : "status.field.reference";
  }

  // ---- News ----

  void operator()(const news::Tick&) {
    const std::int64_t still = now_ms - visit().last_touch_ms;
    if (!state.in_session()) {
      Visit fresh;
      fresh.language = state.kiosk.first_language;
      fresh.last_touch_ms = visit().last_touch_ms;
      if (visit() != fresh && still >= kIdleWarningMs) {  // a language chosen, and gone
        end_session();
      } else if (still >= kAttractPictureMs) {
        ++state.kiosk.attract_picture;
        visit().last_touch_ms = now_ms;
      }
      return;
    }
    const std::int64_t left = warning_after(state) + kIdleCountdownMs - still;
    if (left <= 0) {
      end_session();
    } else if (left <= kIdleCountdownMs) {
      if (visit().sheet != Sheet::kIdle) open_sheet(Sheet::kIdle);
      visit().idle_left_s = (left + 999) / 1000;
    }
  }
  void operator()(const news::Enrolled& fact) {
    state.kiosk.number = fact.number;
    state.kiosk.name = fact.name;
    state.kiosk.venue = fact.venue;
    state.kiosk.district = fact.district;
  }
  void operator()(const news::DayTold& fact) {
    state.kiosk.today = fact.today;
    state.kiosk.wall_ms = fact.wall_ms;
  }
  void operator()(const news::SyncChanged& fact) { state.kiosk.sync = fact.sync; }
  void operator()(const news::SpaceChanged& fact) { state.kiosk.free_bytes = fact.free_bytes; }
  void operator()(const news::CatalogueChanged&) {
    std::erase_if(visit().list,
                  [&](const ListItem& item) { return catalogue.product(item.product) == nullptr; });
    std::erase_if(visit().screens, [&](const Screen& screen) {
      return (screen.id == ScreenId::kDistrict && catalogue.district(screen.subject) == nullptr) ||
             (screen.id == ScreenId::kProduct && catalogue.product(screen.subject) == nullptr);
    });
    std::erase_if(visit().search.hits, [&](const SearchHit& hit) {
      return (hit.kind == HitKind::kProduct && catalogue.product(hit.id) == nullptr) ||
             (hit.kind == HitKind::kDistrict && catalogue.district(hit.id) == nullptr);
    });
  }
  void operator()(const news::SearchResults& results) {
    Search& search = visit().search;
    if (results.text != search.text || results.family != search.family) return;  // typed on since
    search.hits = results.hits;
    search.answered = results.text;
  }
  void operator()(const news::SubmissionKept& submission) { kept(submission); }
  void operator()(const news::SubmissionFailed& failure) {
    visit().enquiry.sending = false;
    visit().lookup.sending_withdrawal = false;
    visit().error = failure.error_key;
  }
  void operator()(const news::Arrived& arrived) {
    if (!visit().receipt.has_value()) return;
    if (std::ranges::find(arrived.references, visit().receipt->reference) !=
        arrived.references.end()) {
      visit().receipt->state = ReceiptState::kArrived;
    }
  }
  void operator()(const news::LookupDone& found) {
    Lookup& lookup = visit().lookup;
    if (lookup.outcome != LookupOutcome::kLooking || found.reference != lookup.reference) return;
    lookup.outcome = found.outcome;
    lookup.answers = found.answers;
    lookup.arrived = found.arrived;
  }
  void operator()(const news::SpeechEnded&) { visit().speaking = false; }

  static std::int64_t warning_after(const State& state) {
    return state.screen().id == ScreenId::kReceipt ? kReceiptIdleWarningMs : kIdleWarningMs;
  }
};

}  // namespace

State initial_state(const Kiosk& kiosk) {
  State state;
  state.kiosk = kiosk;
  state.visit.language = kiosk.first_language;
  return state;
}

Effects update(State& state, const Intent& intent, const Catalogue& catalogue,
               std::int64_t now_ms) {
  // Under the warning only its own answers count as a touch.
  const bool asked = state.visit.sheet == Sheet::kIdle;
  if (asked && !std::holds_alternative<intent::Stay>(intent) &&
      !std::holds_alternative<intent::End>(intent)) {
    return {};
  }
  state.visit.last_touch_ms = now_ms;
  Turn turn{state, catalogue, now_ms};
  std::visit(turn, intent);
  return std::move(turn.effects);
}

Effects update(State& state, const News& news, const Catalogue& catalogue, std::int64_t now_ms) {
  Turn turn{state, catalogue, now_ms};
  std::visit(turn, news);
  return std::move(turn.effects);
}

std::int64_t next_wake_ms(const State& state) {
  const std::int64_t touch = state.visit.last_touch_ms;
  if (!state.in_session()) {
    Visit fresh;
    fresh.language = state.kiosk.first_language;
    fresh.last_touch_ms = touch;
    return touch + (state.visit == fresh ? kAttractPictureMs : kIdleWarningMs);
  }
  const std::int64_t warning = touch + Turn::warning_after(state);
  if (state.visit.sheet != Sheet::kIdle) return warning;
  // The countdown shows idle_left_s now and one less when that many seconds are left less one.
  return warning + kIdleCountdownMs - (state.visit.idle_left_s - 1) * 1000;
}

}  // namespace odop::kiosk

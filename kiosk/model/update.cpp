#include "kiosk/model/update.h"

#include "kiosk/model/filling.h"
#include "kiosk/model/lookup.h"
#include "kiosk/model/prompts.h"
#include "kiosk/model/turn.h"

#include <algorithm>
#include <string>
#include <utility>

namespace odop::kiosk {

namespace {

std::int64_t warning_after(const State& state) {
  return state.screen().id == ScreenId::kReceipt ? kReceiptIdleWarningMs : kIdleWarningMs;
}

// What is on the screen, as far as a voice would read something else: speech about one place must
// not go on over another.
std::string place_of(const State& state) {
  const Visit& visit = state.visit;
  const Screen& screen = state.screen();
  return std::to_string(static_cast<int>(screen.id)) + "/" + screen.subject + "/" +
         std::to_string(static_cast<int>(visit.filling.stage)) + "/" + visit.filling.field + "/" +
         visit.filling.part + "/" + std::to_string(static_cast<int>(visit.sheet)) +
         std::to_string(static_cast<int>(visit.voice.stage)) +
         std::to_string(visit.check.said.size()) + (visit.check.costed ? "/costed" : "") +
         (visit.lookup.at_code ? "/code" : "");
}

struct OnIntent : Turn {
  void operator()(const intent::Start&) {
    if (state.screen().id == ScreenId::kAttract) home();
  }
  void operator()(const intent::Back&) { back(); }
  void operator()(const intent::Home&) {
    if (state.in_session() && !warn_of_leaving()) home();
  }
  void operator()(const intent::SetLanguage& wish) {
    visit().language = wish.language;
    fall_silent();
  }
  void operator()(const intent::NextTextSize&) { visit().text_size = (visit().text_size + 1) % 3; }
  void operator()(const intent::ToggleContrast&) { visit().high_contrast = !visit().high_contrast; }
  void operator()(const intent::Listen& wish) {
    // Nobody is spoken to while speaking.
    if (!state.kiosk.can_speak || visit().voice.stage == VoiceStage::kRecording) return;
    // The same again stops it; another part takes its place.
    const bool stops =
        visit().speaking && (wish.part.empty() || wish.part == visit().speaking_part);
    if (stops) {
      fall_silent();
    } else {
      speak(wish.part);
    }
  }
  void operator()(const intent::ToggleReach&) {
    visit().low = !visit().low && state.kiosk.can_lower;
    close_sheet();
  }
  void operator()(const intent::PrintReceipt&) {
    if (!state.kiosk.can_print || !visit().receipt.has_value()) return;
    if (visit().receipt->print == PrintState::kPrinting) return;
    visit().receipt->print = PrintState::kPrinting;
    effects.emplace_back(effect::PrintSlip{});
  }
  void operator()(const intent::ListenAgain&) {
    if (visit().speaking) speak(std::string(visit().speaking_part));
  }
  void operator()(const intent::ChangeVolume& wish) {
    visit().volume = std::clamp(visit().volume + wish.steps, 1, kVolumeSteps);
    effects.emplace_back(effect::SetVolume{visit().volume});
  }
  void operator()(const intent::ShowHelp&) { open_sheet(Sheet::kHelp); }
  void operator()(const intent::ShowUnits& wish) { open_sheet(Sheet::kUnits, wish.product); }
  void operator()(const intent::CloseSheet&) { close_sheet(); }
  void operator()(const intent::Touched&) {}
  void operator()(const intent::Stay&) {
    close_sheet();
    // What was being spoken is there again.
    if (!visit().voice.field.empty()) open_sheet(Sheet::kVoice, visit().voice.field);
  }
  void operator()(const intent::End&) { end_session(); }
  void operator()(const intent::SelectFamily& wish) {
    std::string& family =
        state.screen().id == ScreenId::kSearch ? visit().search.family : visit().map_family;
    family = family == wish.family ? "" : wish.family;
    if (state.screen().id == ScreenId::kSearch) ask_search();
  }
  void operator()(const intent::OpenRegion& wish) {
    if (state.screen().id == ScreenId::kHome || in_form()) visit().map_region = wish.region;
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
  void operator()(const intent::OpenWithdraw&) {
    if (!turned_away()) open_lookup(ScreenId::kWithdraw);
  }
  void operator()(const intent::OpenHall&) { show(ScreenId::kHall); }
  void operator()(const intent::OpenMaintenance&) { open_maintenance(); }
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
  void operator()(const intent::OpenArtisan&) {
    if (!offered_forms(catalogue, state.kiosk.today).empty()) show(ScreenId::kArtisan);
  }
  void operator()(const intent::OpenSchemes&) { show(ScreenId::kSchemes); }
  void operator()(const intent::OpenScheme& wish) { open_scheme(wish.scheme); }
  void operator()(const intent::StartCheck& wish) { start_check(wish.scheme); }
  void operator()(const intent::OpenDistrictHelp& wish) { open_help(wish.district); }
  void operator()(const intent::OpenEvents&) { show(ScreenId::kEvents); }
  void operator()(const intent::OpenEvent& wish) { open_event(wish.event); }
  void operator()(const intent::StartForm& wish) { start_form(wish.form, wish.event); }
  void operator()(const intent::ChangeAnswer& wish) { change_answer(wish.field); }
  void operator()(const intent::SendUnfinished&) { send_unfinished(); }
  void operator()(const intent::LeaveForm&) { leave_form(); }
  void operator()(const intent::Edit& wish) {
    const bool of_list = wish.field.starts_with("form.field.quantity.");
    if (wish.field == kPinField) {
      edit_pin(wish.text);
    } else if (wish.field == kCodeField) {
      edit_code(wish.text);
    } else if (in_form() && !of_list) {
      form_edit(wish.field, wish.text);
    } else if (wish.field == kCostField) {
      edit_cost(wish.text);
    } else {
      edit(wish.field, wish.text);
    }
  }
  void operator()(const intent::Focus& wish) { focus(wish.field); }
  void operator()(const intent::Choose& wish) {
    if (visit().sheet == Sheet::kTongues) {
      choose_tongue(wish.value);
    } else if (at_prompts()) {
      choose_prompt_tongue(wish.value);
    } else if (in_form()) {
      form_choose(wish);
    } else if (state.screen().id == ScreenId::kEligibility) {
      say_card(wish);
    } else {
      choose(wish);
    }
  }
  void operator()(const intent::ToggleConsent& wish) {
    if (!in_form()) return;
    auto& given = visit().filling.given;
    visit().error.clear();
    if (std::erase(given, wish.purpose) == 0) given.push_back(wish.purpose);
  }
  void operator()(const intent::OpenVoice& wish) { open_voice(wish.field); }
  void operator()(const intent::StartSpeaking&) { start_speaking(); }
  void operator()(const intent::StopSpeaking&) { stop_speaking(); }
  void operator()(const intent::PlaySpoken& wish) { play_spoken(wish.field); }
  void operator()(const intent::KeepSpoken&) { keep_spoken(); }
  void operator()(const intent::ForgetSpoken& wish) { forget_spoken(wish.field); }
  void operator()(const intent::OpenHelper&) { open_helper(); }
  void operator()(const intent::GivePin&) { give_pin(); }
  void operator()(const intent::EndHelp&) {
    visit().helper.clear();
    close_sheet();
  }
  void operator()(const intent::OpenPrompts& wish) { open_prompts(wish.set); }
  void operator()(const intent::BringFromStick&) { bring_from_stick(); }
  void operator()(const intent::TakeToStick&) { take_to_stick(); }
  void operator()(const intent::OpenCode&) { open_code(); }
  void operator()(const intent::GiveCode&) { give_code(); }
  void operator()(const intent::ShowTongues&) {
    // What was read goes on in the tongue that is chosen, also when it has ended by then.
    if (visit().speaking) open_sheet(Sheet::kTongues, std::string(visit().speaking_part));
  }
  void operator()(const intent::Next&) { next(); }
  void operator()(const intent::Send&) { send(); }
  void operator()(const intent::ShowAnswer&) { show_answer(); }
};

struct OnNews : Turn {
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
             (screen.id == ScreenId::kProduct && catalogue.product(screen.subject) == nullptr) ||
             (screen.id == ScreenId::kPrompts && !has_set(catalogue, screen.subject));
    });
    drop_lost_services();
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
    visit().filling.sending = false;
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
  void operator()(const news::SpeechEnded&) {
    if (visit().playing != 0 || visit().prompt_sounds) visit().last_touch_ms = now_ms;
    fall_silent();
  }
  void operator()(const news::SpeechAt& at) {
    if (!visit().speaking) return;
    burn(visit().reading.text);
    visit().reading = at.reading;
    // Who listens is there: no warning interrupts what is being read.
    visit().last_touch_ms = now_ms;
  }
  void operator()(const news::Printed& printed) {
    if (!visit().receipt.has_value() || visit().receipt->print != PrintState::kPrinting) return;
    visit().receipt->print = printed.done ? PrintState::kPrinted : PrintState::kFailed;
  }
  void operator()(const news::SoundFound& found) {
    state.kiosk.sound_told = true;
    state.kiosk.can_speak = found.can_speak;
    state.kiosk.can_play = found.can_play;
    if (!found.can_speak) fall_silent();
  }
  void operator()(const news::MicrophoneFound& found) {
    state.kiosk.microphone_told = true;
    state.kiosk.can_record = found.can_record;
  }
  void operator()(const news::VoiceHeard& heard) { voice_heard(heard); }
  void operator()(const news::VoiceTaken& taken) { voice_taken(taken); }
  void operator()(const news::VoiceFailed&) { voice_failed(); }
  void operator()(const news::StaffTold& fact) { state.kiosk.has_staff = fact.has_staff; }
  void operator()(const news::FingerprintTold& fact) {
    state.kiosk.fingerprint = fact.fingerprint;
    state.kiosk.asks_to_enrol = fact.asks_to_enrol;
  }
  void operator()(const news::StickChanged& fact) { stick_changed(fact.stick); }
  void operator()(const news::PromptsTold& fact) {
    state.kiosk.prompts = fact.prompts;
    state.kiosk.prompts_problem = fact.problem;
  }
  void operator()(const news::PromptKept& fact) { prompt_kept(fact.key); }
  void operator()(const news::PromptFailed& failure) { prompt_failed(failure.error_key); }
  void operator()(const news::StoresTold& fact) {
    state.kiosk.stores = fact.stores;
    if (visit().sheet == Sheet::kClosed && accepts(state.kiosk)) close_sheet();
  }
  void operator()(const news::PinChecked& checked) { pin_checked(checked.helper); }
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
  const std::string place = place_of(state);
  OnIntent turn{{state, catalogue, now_ms}};
  std::visit(turn, intent);
  turn.keep_way(false);
  turn.settle_maintenance();
  turn.settle_voice();
  // What this very turn asked to be heard belongs to the place that it led to.
  const bool begins = std::ranges::any_of(turn.effects, [](const Effect& effect) {
    return std::holds_alternative<effect::SpeakScreen>(effect) ||
           std::holds_alternative<effect::PlayTake>(effect) ||
           std::holds_alternative<effect::PlayPrompt>(effect);
  });
  if (place_of(state) != place && !begins) turn.fall_silent();
  return std::move(turn.effects);
}

Effects update(State& state, const News& news, const Catalogue& catalogue, std::int64_t now_ms) {
  OnNews turn{{state, catalogue, now_ms}};
  std::visit(turn, news);
  turn.keep_way(std::holds_alternative<news::CatalogueChanged>(news) ||
                std::holds_alternative<news::Enrolled>(news));
  turn.settle_maintenance();
  turn.settle_voice();
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
  const std::int64_t warning = touch + warning_after(state);
  if (state.visit.sheet != Sheet::kIdle) return warning;
  // The countdown shows idle_left_s now and one less when that many seconds are left less one.
  return warning + kIdleCountdownMs - (state.visit.idle_left_s - 1) * 1000;
}

}  // namespace odop::kiosk

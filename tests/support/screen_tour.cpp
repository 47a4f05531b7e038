#include "tests/support/screen_tour.h"

#include "kiosk/model/prompts.h"
#include "kiosk/model/update.h"
#include "shared/core/program.h"
#include "tests/support/stand_catalogue.h"
#include "tests/support/tour.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::test {

namespace {

using namespace kiosk;  // NOLINT: everything here is of that room

void browse(Tour& tour, Language language) {
  tour.stop("attract");
  tour.ask(intent::Start{});
  tour.stop("home");
  tour.ask(intent::SelectFamily{"h"});
  tour.stop("home-family");
  tour.ask(intent::SelectFamily{"h"});
  tour.ask(intent::OpenRegion{"purvanchal"});
  tour.stop("home-region");
  tour.ask(intent::OpenDistrict{"kannauj"});
  tour.stop("district");
  tour.ask(intent::OpenProduct{"kannauj-attar"});
  tour.stop("product");
  tour.ask(intent::AddToList{"kannauj-attar", "kannauj"});
  tour.ask(intent::Home{});
  tour.ask(intent::OpenSearch{});
  tour.stop("search-empty");
  const std::string word = language == Language::kEnglish ? "attar"
                           : language == Language::kUrdu  ? "عطر"
                                                          : "इत्र";
  tour.ask(intent::Edit{"search.field", word});
  tour.tell(news::SearchResults{word,
                                "",
                                {{HitKind::kProduct, "kannauj-attar"},
                                 {HitKind::kProduct, "kannauj-incense"},
                                 {HitKind::kDistrict, "kannauj"},
                                 {HitKind::kFamily, "h"}}});
  tour.stop("search");
  tour.ask(intent::Home{});
  tour.ask(intent::OpenHall{});
  tour.stop("hall");
  tour.ask(intent::Home{});
}

void enquire(Tour& tour, Language language) {
  tour.ask(intent::RemoveFromList{"kannauj-attar"});
  tour.ask(intent::OpenList{});
  tour.stop("list-empty");
  tour.ask(intent::AddToList{"kannauj-attar", "kannauj"});
  tour.ask(intent::AddToList{"lucknow-chikankari", "lucknow"});
  tour.ask(intent::AddToList{"azamgarh-black-pottery", "azamgarh"});
  tour.ask(intent::ChangeQuantity{"kannauj-attar", 4});
  tour.ask(intent::ChangeQuantity{"lucknow-chikankari", 8});
  tour.stop("list");
  tour.ask(intent::ShowUnits{"kannauj-attar"});
  tour.stop("quantity-sheet");
  tour.ask(intent::CloseSheet{});
  tour.ask(intent::StartEnquiry{});
  tour.ask(intent::Edit{"form.field.mobile", "9415207"});
  tour.stop("enquiry-reach");
  tour.ask(intent::Edit{"form.field.mobile", "2415"});
  tour.stop("enquiry-reach-error");
  tour.ask(intent::Choose{"reach", "email"});
  tour.ask(intent::Edit{"form.field.email", "buyer@example.com"});
  tour.stop("enquiry-email");
  tour.ask(intent::Choose{"reach", "phone"});
  tour.ask(intent::ChangeAnswer{"country"});
  tour.stop("enquiry-country");
  tour.ask(intent::Choose{"country", "AE"});
  tour.ask(intent::Edit{"form.field.phone", "971501234567"});
  tour.stop("enquiry-abroad");
  tour.ask(intent::ChangeAnswer{"country"});
  tour.ask(intent::Choose{"country", "IN"});
  tour.ask(intent::Edit{"form.field.mobile", "9415207318"});
  tour.ask(intent::Next{});
  tour.ask(intent::Edit{"form.field.name", language == Language::kEnglish ? "Meera Devi"
                                           : language == Language::kUrdu  ? "میرا دیوی"
                                                                         : "मीरा देवी"});
  tour.stop("enquiry-name");
  tour.ask(intent::Next{});
  tour.stop("enquiry-buyer");
  tour.ask(intent::Choose{"buyer_type", "export"});
  tour.stop("enquiry-quantity");
  tour.ask(intent::Next{});
  tour.stop("enquiry-when");
  tour.ask(intent::Choose{"needed_by", "quarter"});
  tour.stop("enquiry-review");
  tour.ask(intent::ChangeAnswer{"message"});
  tour.stop("enquiry-message");
  tour.ask(intent::Next{});
  tour.ask(intent::Next{});
  tour.stop("enquiry-consent");
  tour.ask(intent::ToggleConsent{"contact"});
  tour.stop("enquiry-consent-given");
  tour.ask(intent::Send{});
  tour.tell(news::SubmissionKept{"0140032758", "48271956",
                                 "ODOP:0140032758:48271956:"
                                 "00112233445566778899aabbccddeeff"});
  tour.stop("receipt-kept");
  tour.tell(news::Arrived{{"0140032758"}});
  tour.stop("receipt-arrived");
}

// Sticks on the staff's page: what may be done, what goes on, and what came of it.
void carry_by_stick(Tour& tour) {
  const Kiosk before = tour.state().kiosk;
  StickFacts stick;
  stick.name = "KINGSTON";
  stick.mount = StickMount::kGood;
  const auto told = [&](const char* name) {
    tour.tell(news::StickChanged{stick});
    tour.stop(std::string("stick-") + name);
  };
  told("ready");
  stick.doing = StickTask::kBring;
  stick.progress_percent = 43;
  told("bringing");
  stick.doing = StickTask::kNone;
  stick.last = {.task = StickTask::kBring, .arrived = 27, .answers = 4, .new_release = true};
  told("brought");
  stick.last = {.task = StickTask::kTake, .submissions = 27, .left = 3};
  told("took");
  stick.last = {.task = StickTask::kBring, .problem = "stick.old_program", .arrived = 27};
  told("old-program");
  stick.mount = StickMount::kNone;
  stick.name.clear();
  stick.last = {.task = StickTask::kBring, .problem = "stick.pulled"};
  told("pulled");
  stick = {.name = "KINGSTON", .mount = StickMount::kUnsafe, .last = {}};
  told("unsafe");
  tour.state().kiosk.number = KioskNumber{0};
  tour.tell(news::FingerprintTold{});
  stick.mount = StickMount::kGood;
  told("new");
  tour.ask(intent::TakeToStick{});
  tour.ask(intent::Edit{std::string(kCodeField), "4827-K9Z"});
  tour.stop("stick-code");
  tour.ask(intent::CloseSheet{});
  tour.tell(news::FingerprintTold{"4827 1956 0031 7764", true});
  stick.last = {.task = StickTask::kTake, .request = true};
  told("asked");
  tour.state().kiosk = before;
}

// The prompt with the most to read of all forms, in the language of the screen.
void read_longest(Tour& tour) {
  const std::string tongue(code(tour.state().visit.language));
  std::string set;
  PromptPlace longest;
  for (const auto& form : tour.catalogue().forms) {
    for (PromptPlace& place : places_in(tour.state(), tour.catalogue(), form->id, tongue)) {
      if (place.text.size() <= longest.text.size()) continue;
      set = form->id;
      longest = std::move(place);
    }
  }
  tour.ask(intent::Back{});
  tour.ask(intent::Choose{"tongue", tongue});
  tour.ask(intent::OpenPrompts{set});
  tour.stop("prompts-longest");
  tour.ask(intent::OpenVoice{longest.key});
  tour.stop("prompt-longest");
  tour.ask(intent::StartSpeaking{});
  tour.tell(news::VoiceHeard{12'300, 8});
  tour.stop("prompt-longest-recording");
  tour.tell(news::VoiceTaken{4, 12'300, false});
  tour.stop("prompt-longest-taken");
  tour.ask(intent::CloseSheet{});
  tour.ask(intent::Back{});
  tour.ask(intent::Choose{"tongue", "bho"});
  tour.ask(intent::OpenPrompts{"feedback"});
}

// A member of the staff chooses a tongue and what to read, and records it.
void record_prompts(Tour& tour) {
  tour.ask(intent::OpenPrompts{});
  tour.stop("prompts");
  tour.ask(intent::OpenPrompts{std::string(kScreensSet)});
  tour.stop("prompts-screens");
  tour.ask(intent::Choose{"tongue", "bho"});
  tour.ask(intent::Back{});
  tour.ask(intent::OpenPrompts{"feedback"});
  const auto places = places_in(tour.state(), tour.catalogue(), "feedback", "bho");
  const auto made = [&](std::size_t i, const std::string& text) {
    return StaffPrompt{places[i].key, "bho", text, std::string(64, 'a'), 4'200};
  };
  tour.tell(
      news::PromptsTold{{made(0, places[0].text), made(1, "old words"), made(2, places[2].text)}});
  tour.stop("prompts-form");
  tour.ask(intent::OpenVoice{places[0].key});
  tour.stop("prompt-kept");
  tour.ask(intent::PlaySpoken{});
  tour.stop("prompt-playing");
  tour.ask(intent::CloseSheet{});
  tour.ask(intent::OpenVoice{places[1].key});
  tour.stop("prompt-old");
  tour.ask(intent::CloseSheet{});
  tour.ask(intent::OpenVoice{places.back().key});
  tour.stop("prompt-ready");
  tour.ask(intent::StartSpeaking{});
  tour.tell(news::VoiceHeard{9'400, 5});
  tour.stop("prompt-recording");
  tour.ask(intent::StopSpeaking{});
  tour.stop("prompt-ending");
  tour.tell(news::VoiceTaken{3, 200, true});
  tour.stop("prompt-quiet");
  tour.ask(intent::StartSpeaking{});
  tour.tell(news::VoiceTaken{3, 6'300, false});
  tour.stop("prompt-taken");
  tour.ask(intent::KeepSpoken{});
  tour.tell(news::PromptFailed{"error.disk_full"});
  tour.stop("prompt-failed");
  tour.ask(intent::CloseSheet{});
  read_longest(tour);
  tour.tell(news::MicrophoneFound{false});
  tour.stop("prompts-no-microphone");
  tour.ask(intent::OpenVoice{places.back().key});
  tour.stop("prompt-no-microphone");
  tour.ask(intent::CloseSheet{});
  tour.tell(news::MicrophoneFound{true});
  tour.tell(news::PromptsTold{});
  tour.ask(intent::Back{});
  tour.ask(intent::Back{});
}

// What cannot be kept is said before anything is typed; the staff are told what to do.
void turn_away(Tour& tour) {
  const State before = tour.state();
  const auto told = [&](const StoreFacts& stores) { tour.tell(news::StoresTold{stores}); };
  told({.trouble = Trouble::kReadOnly, .mended = {}});
  tour.ask(intent::Home{});
  tour.stop("closed-home");
  tour.ask(intent::OpenArtisan{});
  tour.stop("closed-artisan");
  tour.ask(intent::StartForm{"feedback"});
  tour.stop("closed-sheet");
  tour.ask(intent::CloseSheet{});
  tour.ask(intent::OpenProduct{"kannauj-attar"});
  tour.stop("closed-product");
  tour.ask(intent::AddToList{"kannauj-attar", "kannauj"});
  tour.ask(intent::OpenList{});
  tour.stop("closed-list");
  tour.tell(news::StaffTold{false});
  tour.ask(intent::OpenMaintenance{});
  for (const auto& [name, trouble] :
       {std::pair{"full", Trouble::kFull}, std::pair{"read-only", Trouble::kReadOnly},
        std::pair{"not-ours", Trouble::kNotOurs}, std::pair{"no-folder", Trouble::kNoFolder},
        std::pair{"newer", Trouble::kNewer}, std::pair{"damaged", Trouble::kDamaged},
        std::pair{"disk", Trouble::kDisk}}) {
    told({.trouble = trouble, .mended = {}});
    tour.stop(std::string("trouble-") + name);
  }
  MendingFacts mended{.wall_ms = tour.state().kiosk.wall_ms - 86'400'000,
                      .set_aside = true,
                      .from_backup = true,
                      .enrolled = true,
                      .submissions = 12};
  told({.reserve_used = true, .mended = mended});
  tour.stop("trouble-reserve-mended");
  mended.enrolled = false;
  told({.catalogue_damaged = true, .mended = mended});
  tour.stop("trouble-catalogue-lost");
  tour.state() = before;
}

void answer(Tour& tour, Language language) {
  tour.ask(intent::Home{});
  tour.ask(intent::OpenStatus{});
  tour.ask(intent::Edit{"status.field.reference", "0010001001"});
  tour.stop("status-reference");
  tour.state().visit.lookup.at_code = true;
  tour.state().visit.focus = "status.field.code";
  tour.ask(intent::Edit{"status.field.code", "482719"});
  tour.stop("status-code");
  tour.state().visit.lookup.code = "48271956";
  tour.state().visit.lookup.outcome = LookupOutcome::kLooking;
  tour.state().visit.screens.push_back({ScreenId::kAnswer, {}});
  const std::int64_t at = tour.state().kiosk.wall_ms - 86'400'000;
  const std::string text =
      language == Language::kEnglish
          ? "Namaste. Your enquiry has been given to three perfumers. Two of them have 10 litres "
            "of rose attar ready. They will call you this week."
      : language == Language::kUrdu
          ? "آداب۔ آپ کا استفسار تین عطر سازوں کو دے دیا گیا ہے۔ دو کے پاس 10 لیٹر گلاب کا عطر "
            "تیار ہے۔ وہ اس ہفتے آپ کو فون کریں گے۔"
          : "नमस्ते। आपकी पूछताछ तीन इत्रसाजों को दे दी गई है। दो के पास 10 लीटर गुलाब का इत्र "
            "तैयार है। वे इस हफ्ते आपको फोन करेंगे।";
  tour.tell(news::LookupDone{
      "0010001001",
      LookupOutcome::kAnswered,
      {{"contacted", at - 86'400'000, "kannauj", ""}, {"answered", at, "kannauj", text}},
      true});
  tour.stop("answer");
  tour.state().visit.lookup.outcome = LookupOutcome::kUnknown;
  tour.state().visit.lookup.answers.clear();
  tour.stop("answer-unknown");
  tour.state().visit.lookup.outcome = LookupOutcome::kUnconfirmed;
  tour.stop("answer-unconfirmed");
  tour.ask(intent::OpenWithdraw{});
  tour.stop("withdraw");
  tour.state().visit.lookup.at_code = true;
  tour.state().visit.focus = "status.field.code";
  tour.ask(intent::Choose{"scope", "share_with_producers"});
  tour.stop("withdraw-code");
  tour.ask(intent::Home{});
  tour.ask(intent::ShowHelp{});
  tour.stop("help");
  tour.ask(intent::CloseSheet{});
  tour.tell(news::StaffTold{false});
  tour.ask(intent::OpenMaintenance{});
  tour.stop("maintenance");
  tour.ask(intent::OpenPrompts{});
  tour.stop("prompts-no-pin");
  tour.ask(intent::Back{});
  SyncFacts offline = tour.state().kiosk.sync;
  offline.online = false;
  offline.queue = 27;
  tour.tell(news::SyncChanged{offline});
  tour.tell(news::FingerprintTold{"4827 1956 0031 7764", true});
  tour.stop("maintenance-offline");
  carry_by_stick(tour);
  tour.tell(news::StaffTold{true});
  tour.ask(intent::OpenMaintenance{});
  tour.ask(intent::Edit{"helper.pin", "4827"});
  tour.stop("maintenance-pin");
  for (int i = 0; i < kPinTries; ++i) {
    tour.ask(intent::Edit{"helper.pin", "482719"});
    tour.tell(news::PinChecked{""});
  }
  tour.stop("maintenance-pin-wait");
  tour.state().kiosk.pins_from_ms = 0;
  tour.ask(intent::Edit{"helper.pin", "482719"});
  tour.tell(news::PinChecked{"Sunita Verma"});
  tour.tell(news::FingerprintTold{"4827 1956 0031 7764", false});
  tour.stop("maintenance-staff");
  SyncFacts old = tour.state().kiosk.sync;
  old.online = true;
  old.waiting = ReleaseNumber{1'204};
  old.waiting_program = kProgramNumber + 1;
  const SyncFacts before = std::exchange(tour.state().kiosk.sync, old);
  tour.stop("maintenance-program");
  tour.state().kiosk.sync = before;
  tour.state().kiosk.sync.online = true;
  tour.state().kiosk.sync.unconfirmed = 12;
  tour.stop("maintenance-unconfirmed");
  tour.state().kiosk.sync = before;
  tour.state().kiosk.sync.enrol_anew = true;
  tour.stop("maintenance-anew");
  tour.state().kiosk.sync = before;
  record_prompts(tour);
  turn_away(tour);
  tour.ask(intent::Home{});
}

}  // namespace

State state_at_home() {
  State state = initial_state(stand_kiosk());
  (void)update(state, Intent{intent::Start{}}, Catalogue{}, 1000);
  return state;
}

std::vector<TourStop> empty_tour(Language language) {
  const Catalogue nothing;
  Tour tour(nothing, language);
  tour.stop("empty-attract");
  tour.ask(intent::Start{});
  tour.stop("empty-home");
  tour.state().visit.screens = {Screen{}};
  tour.tell(news::StoresTold{{.trouble = Trouble::kNotOurs, .mended = {}}});
  tour.stop("empty-closed");
  return std::move(tour).stops();
}

std::vector<TourStop> screen_tour(const Catalogue& catalogue, Language language) {
  Tour tour(catalogue, language);
  browse(tour, language);
  enquire(tour, language);
  answer(tour, language);
  (void)update(tour.state(), News{news::Tick{}}, catalogue, 1000 + kIdleWarningMs + 2000);
  tour.stop("idle");
  return std::move(tour).stops();
}

}  // namespace odop::test

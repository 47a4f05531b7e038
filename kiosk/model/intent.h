// What a visitor asks for (Intent), what the rest of the program tells (News), and what the model
// asks of the rest (Effect). Plain values.
#pragma once

#include "kiosk/model/state.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace odop::kiosk {

// ---- Intents: made by the screens ------------------------------------------------------------

// A part of the screen that can be read alone: the question of a form.
inline constexpr std::string_view kQuestionPart = "question";

namespace intent {

struct Start {};  // attract: the first touch
struct Back {};   // one screen, or one question, back
struct Home {};
struct SetLanguage {
  Language language = Language::kHindi;
};
struct NextTextSize {};  // 1.0, 1.2, 1.4, and again 1.0
struct ToggleContrast {};
struct Listen {
  std::string part{};
};                      // read the screen aloud, or a part of it (kQuestionPart); or stop
struct ToggleReach {};  // everything within a seated person's reach, or the whole glass
struct PrintReceipt {};
struct ListenAgain {};  // the same from its beginning
struct ChangeVolume {
  int steps = 1;
};  // louder or softer
struct ShowHelp {};
struct ShowUnits {
  std::string product;
};
struct CloseSheet {};
struct Touched {};  // any touch: keeps the session awake
struct Stay {};     // idle warning: more time
struct End {};      // finished: wipe everything of the visitor
struct SelectFamily {
  std::string family;
};  // home and search; the same again clears it

struct OpenRegion {
  std::string region;
};  // home, or the map of a form, on a small panel: a part of it large; empty: the whole again
struct OpenDistrict {
  std::string district;
};
struct OpenProduct {
  std::string product;
};
struct OpenSearch {
  std::string family;  // empty: as it was
};
struct OpenList {};
struct OpenStatus {};
struct OpenWithdraw {};
struct OpenHall {};
struct OpenMaintenance {};

struct AddToList {
  std::string product;
  std::string district;
};
struct RemoveFromList {
  std::string product;
};
struct ChangeQuantity {
  std::string product;
  int steps = 1;
};  // up or down along 1 2 5 10 20 50
struct StartEnquiry {
  std::string product;
};  // empty: from the list as it stands

// A field has new contents (what the text field holds after the key). Field ids as in the semantic
// tree: search.field, form.field.quantity.PRODUCT, status.field.reference|code; of a scheme's check
// form.field.cost; in a form form.field.FIELD.
struct Edit {
  std::string field;
  std::string text;
};
struct Focus {
  std::string field;
};

// form.choice.FIELD.VALUE: unit; in a form its fields, with values as in filling.h; on a card of a
// scheme its id, yes or no.
struct Choose {
  std::string field;
  std::string value;
};
struct ToggleConsent {
  std::string purpose;
};
struct OpenArtisan {};
struct StartForm {
  std::string form;
  std::string event{};  // already answered: the one that it is about; may be empty
};                      // a form of the catalogue, empty
struct OpenSchemes {};
struct OpenScheme {
  std::string scheme;
};
struct StartCheck {
  std::string scheme;
};  // its cards, anew
struct OpenDistrictHelp {
  std::string district;  // empty: what helps everywhere
};
struct OpenEvents {};
struct OpenEvent {
  std::string event;
};
struct ChangeAnswer {
  std::string field;
};  // from the read-back to its question; from a question to one that stands beside it
struct SendUnfinished {};  // on the warning before a form is left: its consents, then sending
struct LeaveForm {};       // on the same warning: the answers are wiped
struct OpenVoice {
  std::string field;
};                        // the question on the screen is to be answered by voice
struct StartSpeaking {};  // also anew: what was said before is forgotten
struct StopSpeaking {};
struct PlaySpoken {
  std::string field;
};                     // hear it, or stop; empty: what was spoken on the sheet
struct KeepSpoken {};  // the sheet's take becomes the answer
struct ForgetSpoken {
  std::string field;
};                     // the answer; its field is typed again
struct OpenHelper {};  // a member of the staff will say the PIN
struct GivePin {};
struct EndHelp {};  // the visitor goes on alone
struct OpenPrompts {
  std::string set{};  // form id or kScreensSet; empty: all sets
};  // that staff record; on their sheet OpenVoice and what follows it are of a prompt
struct BringFromStick {};
struct TakeToStick {};
struct OpenCode {};     // the one-time code is typed, anew
struct GiveCode {};     // and a request with it goes out
struct ShowTongues {};  // what recorded prompts may be spoken in
struct Next {};         // the question is answered or passed over
struct Send {};         // enquiry, withdrawal, or form
struct ShowAnswer {};   // look up reference and code

}  // namespace intent

using Intent = std::variant<
    intent::Start, intent::Back, intent::Home, intent::SetLanguage, intent::NextTextSize,
    intent::ToggleContrast, intent::ToggleReach, intent::PrintReceipt, intent::Listen,
    intent::ListenAgain, intent::ChangeVolume, intent::ShowHelp, intent::ShowUnits,
    intent::CloseSheet, intent::Touched, intent::Stay, intent::End, intent::SelectFamily,
    intent::OpenRegion, intent::OpenDistrict, intent::OpenProduct, intent::OpenSearch,
    intent::OpenList, intent::OpenStatus, intent::OpenWithdraw, intent::OpenHall,
    intent::OpenMaintenance, intent::AddToList, intent::RemoveFromList, intent::ChangeQuantity,
    intent::StartEnquiry, intent::Edit, intent::Focus, intent::Choose, intent::ToggleConsent,
    intent::OpenArtisan, intent::StartForm, intent::ChangeAnswer, intent::SendUnfinished,
    intent::LeaveForm, intent::Next, intent::Send, intent::ShowAnswer, intent::OpenSchemes,
    intent::OpenScheme, intent::StartCheck, intent::OpenDistrictHelp, intent::OpenEvents,
    intent::OpenEvent, intent::OpenVoice, intent::StartSpeaking, intent::StopSpeaking,
    intent::PlaySpoken, intent::KeepSpoken, intent::ForgetSpoken, intent::OpenHelper,
    intent::GivePin, intent::EndHelp, intent::ShowTongues, intent::BringFromStick,
    intent::TakeToStick, intent::OpenCode, intent::GiveCode, intent::OpenPrompts>;
using Intents = std::vector<Intent>;

// ---- News: told by the app -----------------------------------------------------------------

namespace news {

struct Tick {};  // time has passed: send one when `next_wake_ms` is reached
struct Enrolled {
  KioskNumber number;
  std::string name;
  std::string venue;
  std::string district;
};
struct DayTold {
  std::string today;
  std::int64_t wall_ms = 0;
};
struct SyncChanged {
  SyncFacts sync;
};
struct SpaceChanged {
  std::uint64_t free_bytes = 0;
};
struct CatalogueChanged {};  // another release is in force
struct SearchResults {
  std::string text;
  std::string family;
  std::vector<SearchHit> hits;
};
struct SubmissionKept {
  std::string reference;
  std::string status_code;
  std::string qr;
};
struct SubmissionFailed {
  std::string error_key;
};  // text key of odop::Error
struct Arrived {
  std::vector<std::string> references;
};
struct LookupDone {
  std::string reference;
  LookupOutcome outcome = LookupOutcome::kUnknown;
  std::vector<FoundAnswer> answers;
  bool arrived = false;
};
struct SpeechEnded {};
struct SpeechAt {
  VoiceAt reading;
};
struct Printed {
  bool done = false;  // the printer took the slip, or did not
};
struct SoundFound {
  bool can_speak = false;  // a voice and a loudspeaker
  bool can_play = false;   // a loudspeaker
};
struct MicrophoneFound {
  bool can_record = false;
};
struct VoiceHeard {
  std::int64_t elapsed_ms = 0;
  int level = 0;
};  // while somebody speaks into the microphone
struct VoiceTaken {
  std::uint64_t take = 0;
  std::int64_t length_ms = 0;
  bool quiet = false;  // nobody seems to have spoken
};
struct VoiceFailed {};  // the microphone is gone
struct StaffTold {
  bool has_staff = false;
};
struct PinChecked {
  std::string helper;  // whose it is; empty: nobody's
};
struct FingerprintTold {
  std::string fingerprint;  // as Kiosk has it
  bool asks_to_enrol = false;
};

struct StickChanged {
  StickFacts stick;
};
struct PromptsTold {
  std::vector<StaffPrompt> prompts;
  std::string problem{};  // text key: nothing can be recorded
};
struct PromptKept {
  std::string key;
};  // follows PromptsTold
struct PromptFailed {
  std::string error_key;
};  // text key: it was not kept, removed or played
struct StoresTold {
  StoreFacts stores;
};

}  // namespace news

using News =
    std::variant<news::Tick, news::Enrolled, news::DayTold, news::SyncChanged, news::SpaceChanged,
                 news::CatalogueChanged, news::SearchResults, news::SubmissionKept,
                 news::SubmissionFailed, news::Arrived, news::LookupDone, news::SpeechEnded,
                 news::SpeechAt, news::SoundFound, news::Printed, news::MicrophoneFound,
                 news::VoiceHeard, news::VoiceTaken, news::VoiceFailed, news::StaffTold,
                 news::PinChecked, news::FingerprintTold, news::StickChanged, news::PromptsTold,
                 news::PromptKept, news::PromptFailed, news::StoresTold>;

// ---- Effects: done by the app ----------------------------------------------------------------

namespace effect {

// What was shown and agreed to; capture hashes the text.
struct Consent {
  std::string notice_id;
  std::uint32_t notice_version = 0;
  std::string language;  // hi, en, ur
  std::string text;      // exactly as shown
  std::vector<std::string> given;
  std::vector<std::string> refused;
};
struct Submit {
  std::string kind;  // enquiry, withdrawal, registration ...
  std::string form_id;
  std::uint32_t form_version = 1;
  std::string answers;  // JSON object
  std::vector<Consent> consents;
  std::string language;
  bool incomplete = false;
  std::vector<SpokenAnswer> spoken{};
};
struct LookUp {
  std::string reference;
  std::string status_code;
};
struct Query {
  std::string text;
  std::string family;
};  // answered by SearchResults
struct SpeakScreen {
  std::string part;  // empty: all of it
  int volume = kFirstVolume;
  std::string tongue{};  // of recorded prompts
};                       // the spoken texts of the semantic tree, in order
struct PrintSlip {};     // the receipt on the screen
struct SetVolume {
  int step = kFirstVolume;
};
struct StopSpeech {};  // nothing sounds any more, neither words nor a take
struct Record {};      // from now on
struct EndRecording {};
struct PlayTake {
  std::uint64_t take = 0;
  int volume = kFirstVolume;
};
struct CheckPin {
  std::string pin;
};
struct CarryStick {
  StickTask task = StickTask::kNone;
  std::string code{};  // one-time code for a request; empty: the one of last time
};
struct KeepPrompt {
  std::uint64_t take = 0;
  std::string key;
  std::string tongue;
  std::string text;  // that was to be read
  std::int64_t length_ms = 0;
};  // in the place of the one with this key and tongue; answered by PromptKept or PromptFailed
struct DropPrompt {
  std::string key;
  std::string tongue;
};  // answered by PromptsTold or PromptFailed
struct PlayPrompt {
  std::string medium;
  int volume = kFirstVolume;
};
struct Wipe {};  // the visitor is gone: drop whatever holds their words

}  // namespace effect

using Effect =
    std::variant<effect::Submit, effect::LookUp, effect::Query, effect::SpeakScreen,
                 effect::SetVolume, effect::PrintSlip, effect::StopSpeech, effect::Wipe,
                 effect::Record, effect::EndRecording, effect::PlayTake, effect::CheckPin,
                 effect::CarryStick, effect::KeepPrompt, effect::DropPrompt, effect::PlayPrompt>;
using Effects = std::vector<Effect>;

}  // namespace odop::kiosk

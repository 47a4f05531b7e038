// What the kiosk knows and shows, as plain values: no clock, disk, network or ImGui. `update` makes
// the next state from an intent or a piece of news; `views` turns it into strings and positions.
//
// The state has two halves. `Kiosk` outlives visitors: who this kiosk is, what the sync worker
// said. `Visit` is one person's and is replaced by a fresh one when the session ends, so that
// nothing of a visitor can be left over: whatever belongs to a person must live in `Visit`.
#pragma once

#include "kiosk/model/hall_plan.h"
#include "shared/core/ids.h"
#include "shared/forms/answers.h"
#include "shared/forms/form.h"
#include "shared/text/language.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// ---- Kiosk -----------------------------------------------------------------------------------

// The worker's last word on sync; times are Unix milliseconds, 0 = never.
struct SyncFacts {
  bool online = false;
  std::uint64_t queue = 0;        // submissions kept here without a verdict
  std::uint64_t unconfirmed = 0;  // arrived once; a restored server has not confirmed them
  std::int64_t oldest_unsent_ms = 0;
  std::int64_t last_contact_ms = 0;
  bool fetching = false;     // a catalogue is on its way
  int progress_percent = 0;  // 0-100 of that
  // A release that wants a newer program than this one, and which; 0 = none.
  ReleaseNumber waiting;
  std::uint32_t waiting_program = 0;
  bool enrol_anew = false;    // the disk was copied or put back: the office wants another enrolment
  bool code_refused = false;  // the code that was given for it
  friend bool operator==(const SyncFacts&, const SyncFacts&) = default;
};

// What a USB stick may be used for, by how the system mounted it.
enum class StickMount : std::uint8_t {
  kNone,      // none is plugged in
  kGood,      // both ways
  kReadOnly,  // it may bring
  kUnsafe,    // mounted in a way in which it is not touched
};

enum class StickTask : std::uint8_t {
  kNone,
  kBring,  // what the office wrote comes in
  kTake,   // what waits here, or a request to be enrolled, goes out
};

// What came of a task.
struct StickResult {
  StickTask task = StickTask::kNone;  // none: nothing was done yet
  std::string problem{};              // text key; empty: all went well
  bool request = false;               // kTake: it was one to be enrolled
  std::uint64_t submissions = 0;      // kTake: on the stick
  std::uint64_t left = 0;             // kTake: for the next time
  bool enrolled = false;              // kBring, and so on below
  std::uint64_t arrived = 0;          // receipts
  std::uint64_t answers = 0;
  std::uint64_t damaged = 0;  // parts that were left out
  bool new_release = false;
  bool older = false;  // than what is here
  friend bool operator==(const StickResult&, const StickResult&) = default;
};

struct StickFacts {
  std::string name;  // of the folder that the system gave it
  StickMount mount = StickMount::kNone;
  StickTask doing = StickTask::kNone;
  int progress_percent = 0;  // of a catalogue that comes in; 0: not known
  StickResult last;
  friend bool operator==(const StickFacts&, const StickFacts&) = default;
};

// What staff recorded on this kiosk, to be heard in the place of the voice. Its sound is with the
// app.
struct StaffPrompt {
  std::string key;     // what it is said for: see prompts.h
  std::string tongue;  // hi en ur awa bho bns
  std::string text;    // that stood there to be read; where it is another one now, it is not heard
  std::string medium;  // hex SHA-256 of its Ogg Opus file
  std::int64_t length_ms = 0;
  friend bool operator==(const StaffPrompt&, const StaffPrompt&) = default;
};

// What may be recorded to be heard when a screen begins to be read.
struct ScreenPrompt {
  std::string screen;               // its name, as the inspector tells it
  std::array<std::string, 3> text;  // in the order of odop::Language
  friend bool operator==(const ScreenPrompt&, const ScreenPrompt&) = default;
};

// Why nothing that a visitor leaves can be kept on this kiosk.
enum class Trouble : std::uint8_t {
  kNone,
  kFull,      // the disk, and the reserve is used up
  kReadOnly,  // the file system can be read and not written
  kNotOurs,   // another user's folder
  kNoFolder,  // something else stands in the folder's place
  kNewer,     // what lies there is a newer program's
  kDamaged,   // and nothing could be mended
  kDisk,      // any other error of the disk
};

// What was mended of the journal, last; 0 ms: nothing ever.
struct MendingFacts {
  std::int64_t wall_ms = 0;
  bool set_aside = false;
  bool from_backup = false;
  bool enrolled = false;  // the kiosk still knew who it is
  std::uint64_t submissions = 0;
  std::uint64_t damaged_blocks = 0;
  friend bool operator==(const MendingFacts&, const MendingFacts&) = default;
};

struct StoreFacts {
  Trouble trouble = Trouble::kNone;
  bool reserve_used = false;       // what is reserved for submissions has been given up for them
  bool catalogue_damaged = false;  // the newest; the one before it is shown, if there is one
  MendingFacts mended;
  friend bool operator==(const StoreFacts&, const StoreFacts&) = default;
};

struct Kiosk {
  KioskNumber number;    // 0 = not enrolled yet
  std::string name;      // as the admin named it
  std::string venue;     // venue id, may be empty
  std::string district;  // district id of the venue, may be empty
  std::string app_version;
  bool can_speak = false;   // a voice and a loudspeaker: "listen" leads somewhere
  bool can_print = false;   // a printer for slips is configured
  bool can_lower = false;   // the glass hangs so high that reach mode helps
  bool can_play = false;    // a loudspeaker
  bool sound_told = false;  // whether anybody has looked for them
  bool can_record = false;  // a microphone: a name or a text may be spoken
  bool microphone_told = false;
  bool has_staff = false;         // somebody's PIN is known here: a helper may say so
  int wrong_pins = 0;             // in a row, whoever typed them
  std::int64_t pins_from_ms = 0;  // steady clock: no PIN is taken before
  // What the office must see too: sixteen digits in groups; empty: no key yet.
  std::string fingerprint;
  bool asks_to_enrol = false;  // a request went out by stick, and no answer has come
  StickFacts stick;
  std::vector<StaffPrompt> prompts;  // each tongue and key once
  std::string prompts_problem;       // text key: nothing can be recorded; empty: all is well
  std::vector<ScreenPrompt> screen_prompts;
  StoreFacts stores;
  std::uint64_t free_bytes = 0;
  std::int64_t wall_ms = 0;                    // Unix time when the day was told last
  std::string today;                           // YYYY-MM-DD in India; empty until told
  Language first_language = Language::kHindi;  // a session starts with it
  SyncFacts sync;
  std::size_t attract_picture = 0;  // counts up; modulo the craft drawings on show
  friend bool operator==(const Kiosk&, const Kiosk&) = default;
};

// ---- Visit -----------------------------------------------------------------------------------

enum class ScreenId : std::uint8_t {
  kAttract,
  kHome,
  kDistrict,  // subject: district id
  kProduct,   // subject: product id
  kSearch,
  kList,
  kReceipt,
  kStatus,    // reference and code are asked
  kAnswer,    // what was found for them
  kWithdraw,  // the same two, to take consent back
  kHall,      // today in this hall
  kArtisan,   // what can be done here: the forms of the catalogue
  kForm,      // subject: form id
  kMaintenance,
  kPrompts,      // that staff record; subject: form id or kScreensSet. Empty: of which of them
  kSchemes,      // those that are in force today
  kScheme,       // subject: scheme id
  kEligibility,  // subject: scheme id; cards, a cost, and what follows from them
  kHelp,         // subject: district id; who helps there. Empty: in the whole state
  kEvents,       // today and to come
  kEvent,        // subject: event id
};

struct Screen {
  ScreenId id = ScreenId::kAttract;
  std::string subject;
  friend bool operator==(const Screen&, const Screen&) = default;
};

// A product that the visitor put on the list.
struct ListItem {
  std::string product;
  std::string district;       // the one it was chosen under
  std::int64_t quantity = 0;  // 0 = to be said later
  std::string unit;           // unit id, for instance piece
  friend bool operator==(const ListItem&, const ListItem&) = default;
};

// Where a visitor stands in a form of the catalogue.
enum class FormStage : std::uint8_t {
  kOpening,   // what a scheme's form is and is not, the deadline, the papers to bring
  kQuestion,  // one of them
  kReview,    // all answers read back
  kConsent,
};

// An answer that was spoken. What was said is with the app, which keeps a take as long as the visit
// names it, and no longer.
struct SpokenAnswer {
  std::string field;
  std::uint64_t take = 0;
  std::int64_t length_ms = 0;
  friend bool operator==(const SpokenAnswer&, const SpokenAnswer&) = default;
};

// The sheet on which an answer is spoken.
enum class VoiceStage : std::uint8_t {
  kReady,      // nobody speaks yet
  kRecording,  // somebody does
  kEnding,     // what was said is being put together
  kTaken,      // it can be heard, kept, spoken again
};
struct VoiceWork {
  std::string field;  // empty: the sheet is closed
  VoiceStage stage = VoiceStage::kReady;
  std::int64_t elapsed_ms = 0;
  int level = 0;           // 0 to kVoiceLevels
  std::uint64_t take = 0;  // 0: none
  std::int64_t length_ms = 0;
  std::string problem;  // text key: nothing was heard, the microphone failed; empty: all is well
  friend bool operator==(const VoiceWork&, const VoiceWork&) = default;
};

// A form being filled. It is the form that the visitor began with, whatever release comes later.
struct Filling {
  std::shared_ptr<const forms::Form> form;  // null: none
  forms::Answers answers;                   // as typed
  FormStage stage = FormStage::kOpening;
  std::string field;                   // of the question on the screen
  std::string part;                    // how far a choice in steps has come: see filling.h
  std::vector<std::string> seen;       // fields that were on the screen
  bool reviewing = false;              // came back from the read-back, and goes there again
  bool incomplete = false;             // is to be sent unfinished
  std::vector<std::string> given;      // purposes ticked; none at the start
  bool sending = false;                // given to the capture room, no answer yet
  std::vector<SpokenAnswer> spoken{};  // each field once, at most kMostSpoken
  friend bool operator==(const Filling&, const Filling&) = default;
};

// What a visitor said on the cards of a scheme. Kept nowhere else, and sent nowhere.
struct Check {
  std::string scheme;
  std::vector<bool> said;  // yes or no, card by card
  std::string cost;        // of the project, whole rupees as typed
  bool costed = false;     // the cost was given or passed over
  friend bool operator==(const Check&, const Check&) = default;
};

enum class ReceiptState : std::uint8_t { kKept, kArrived };

// Of the slip on paper.
enum class PrintState : std::uint8_t { kNone, kPrinting, kPrinted, kFailed };

struct Receipt {
  std::string kind;                    // of the submission: enquiry, withdrawal, application ...
  std::string form;                    // id of the form that was filled; empty: none
  std::string reference;               // digits
  std::string status_code;             // 8 digits
  std::string qr;                      // what the code picture says
  std::vector<std::string> districts;  // who is responsible, first of the list first
  std::string due;                     // YYYY-MM-DD
  ReceiptState state = ReceiptState::kKept;
  PrintState print = PrintState::kNone;
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

enum class LookupOutcome : std::uint8_t {
  kNone,      // not asked yet
  kLooking,   // the answer is being opened
  kAnswered,  // at least one answer
  kWaiting,   // this kiosk knows the reference; no answer yet
  // The same, and the server was restored since and has not said that it still has it.
  kUnconfirmed,
  kUnknown,  // nothing here fits reference and code
};

// wire::CaseStep
struct CaseReached {
  std::string state;
  std::int64_t at_ms = 0;
  std::string district;
  friend bool operator==(const CaseReached&, const CaseReached&) = default;
};

struct FoundAnswer {
  std::string state;  // wire::Answer::state
  std::int64_t at_ms = 0;
  std::string district;  // empty = for all
  std::string text;
  std::string path{};              // wire::Answer::path
  std::string portal_reference{};  // empty: none
  std::vector<CaseReached> reached{};
  friend bool operator==(const FoundAnswer&, const FoundAnswer&) = default;
};

// Reference and code as typed on the number pad, and what came of them. Shared by "my answer" and
// withdrawal: who has looked up an answer need not type again.
struct Lookup {
  std::string reference;  // digits
  std::string code;       // digits, 8 at most
  bool at_code = false;   // which of the two is being typed
  LookupOutcome outcome = LookupOutcome::kNone;
  std::vector<FoundAnswer> answers;  // oldest first
  bool arrived = false;              // for kWaiting: the office has it
  std::string scope;  // of a withdrawal: the one purpose that is taken back; empty: all
  bool sending_withdrawal = false;
  friend bool operator==(const Lookup&, const Lookup&) = default;
};

enum class HitKind : std::uint8_t { kProduct, kDistrict, kFamily };

struct SearchHit {
  HitKind kind = HitKind::kProduct;
  std::string id;
  friend bool operator==(const SearchHit&, const SearchHit&) = default;
};

struct Search {
  std::string text;
  std::string family;  // id, or empty for all
  std::vector<SearchHit> hits;
  std::string answered;  // the text that `hits` belong to
  friend bool operator==(const Search&, const Search&) = default;
};

// What the voice says at this moment.
struct VoiceAt {
  std::string node;       // in the semantic tree
  std::string text;       // the clause that sounds
  std::size_t begin = 0;  // its word, in bytes of `text`
  std::size_t end = 0;
  friend bool operator==(const VoiceAt&, const VoiceAt&) = default;
};

// Steps of the volume, and the one that each visitor begins with.
inline constexpr int kVolumeSteps = 5;
inline constexpr int kFirstVolume = 3;

enum class Sheet : std::uint8_t {
  kNone,
  kHelp,
  kUnits,
  kLeave,
  kIdle,
  kVoice,    // an answer is spoken
  kHelper,   // a helper's PIN; subject kOpensMaintenance: of who opens maintenance
  kTongues,  // what recorded prompts are spoken in
  kCode,     // the one-time code of a kiosk that is not enrolled
  kClosed,   // nothing can be sent from here at present
};

struct Visit {
  std::vector<Screen> screens{Screen{}};  // the last is shown; never empty
  Language language = Language::kHindi;
  int text_size = 0;  // 0, 1, 2: theme steps
  bool high_contrast = false;
  bool low = false;  // reach mode: everything is drawn where a seated person reaches it
  bool speaking = false;
  std::string speaking_part;  // what was asked for: empty: the screen, else a part of it
  VoiceAt reading;            // while speaking
  int volume = kFirstVolume;  // 1 to kVolumeSteps
  std::string tongue;         // that recorded prompts are spoken in; empty: the screen's language
  std::string prompt_tongue;  // that staff record in; empty: the screen's language
  VoiceWork voice;
  std::uint64_t playing = 0;   // the take that sounds; 0: none
  bool prompt_sounds = false;  // the recorded prompt on the sheet does
  // Who of the staff fills forms for this visitor; empty: nobody does. And how that is said.
  std::string helper;
  std::string staff;         // who opened maintenance; empty: nobody, or no PINs are known
  std::string pin;           // digits, as typed
  bool pin_checked = false;  // it is being looked at
  std::string code;          // one-time code, as typed
  std::string map_family;    // home: the family that is not dimmed; empty = none dimmed
  std::string focus;         // field that has the keyboard, by node id; empty = none
  std::string error;         // text key of what is wrong with the focused field; empty = nothing
  std::vector<ListItem> list;
  Filling filling;
  Check check;
  Search search;
  Lookup lookup;
  std::optional<Receipt> receipt;
  std::optional<StallWay> way;  // of the product that was opened last; searched for once
  std::string map_region;       // home on a small panel: the part that is shown large; empty = all
  Sheet sheet = Sheet::kNone;
  std::string sheet_subject;       // kUnits: product id
  std::int64_t last_touch_ms = 0;  // steady clock
  std::int64_t idle_left_s = 0;    // seconds on the warning, while sheet == kIdle
  friend bool operator==(const Visit&, const Visit&) = default;
};

struct State {
  Kiosk kiosk;
  Visit visit;

  [[nodiscard]] const Screen& screen() const { return visit.screens.back(); }
  // Whether somebody is (or may be) standing there: a catalogue switch waits until nobody is.
  [[nodiscard]] bool in_session() const { return screen().id != ScreenId::kAttract; }
  friend bool operator==(const State&, const State&) = default;
};

// Whether what a visitor leaves can be kept and sent. Asked before the first question.
[[nodiscard]] inline bool accepts(const Kiosk& kiosk) {
  return kiosk.stores.trouble == Trouble::kNone && kiosk.number.value != 0;
}

// Whether the staff's pages are open, or behind the one on the screen.
[[nodiscard]] inline bool in_maintenance(const State& state) {
  return std::ranges::find(state.visit.screens, ScreenId::kMaintenance, &Screen::id) !=
         state.visit.screens.end();
}

// Without a touch for this long the warning shows (long enough to read the longest screen), and
// the countdown of the warning takes another 20 s (WCAG 2.2.1: at least 20 s).
inline constexpr std::int64_t kIdleWarningMs = 90'000;
inline constexpr std::int64_t kIdleCountdownMs = 20'000;
// On a receipt people copy numbers or take a photograph: longer.
inline constexpr std::int64_t kReceiptIdleWarningMs = 180'000;
// The attract picture changes this rarely, so that an idle kiosk stays under 0.1 % of a core even
// when a frame costs 60 ms in software.
inline constexpr std::int64_t kAttractPictureMs = 120'000;

// An answer may be spoken for so long, by the owner's rule.
inline constexpr std::int64_t kLongestVoiceMs = 30'000;
inline constexpr std::int64_t kShortestVoiceMs = 500;  // less is a slip of the finger
inline constexpr int kVoiceLevels = 8;                 // media::kLevels
inline constexpr std::size_t kMostSpoken = 4;          // of a submission: wire::kMaxAttachments
inline constexpr std::size_t kHelperPinDigits = 6;
// Of an enrolment code, without its hyphens.
inline constexpr std::size_t kCodeSigns = 12;
inline constexpr std::string_view kCodeField = "stick.code";
inline constexpr std::string_view kOpensMaintenance = "maintenance";
// The prompts of the screens, beside those of the forms; no form is called so.
inline constexpr std::string_view kScreensSet = "screens.all";
// Decision: after so many wrong PINs in a row nobody is asked for a minute, and after each so many
// again: 10^6 PINs take months.
inline constexpr int kPinTries = 5;
inline constexpr std::int64_t kPinPauseMs = 60'000;

inline constexpr std::size_t kMaxListItems = 12;
inline constexpr std::int64_t kMaxQuantity = 1'000'000;
inline constexpr std::size_t kMobileDigits = 10;
inline constexpr std::size_t kStatusCodeDigits = 8;
inline constexpr std::size_t kCostDigits = 10;  // of a project: below 1,000 crore rupees

}  // namespace odop::kiosk

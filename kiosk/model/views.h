// What each screen shows, ready-made: translated strings, formatted dates and numbers, pictures by
// name, and what may be touched. `make_view` is pure; the screens read nothing else.
//
// Strings are in the visitor's language unless a field says otherwise; they may hold bidi isolates
// round inserted values. Ids are catalogue ids, as intents carry them.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/crafts_view.h"
#include "kiosk/model/services_view.h"
#include "kiosk/model/staff_view.h"
#include "kiosk/model/state.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace odop {
class Words;
}

namespace odop::kiosk {

struct HeadView {
  std::string title;
  std::string place;  // venue, may be empty
  std::string note;   // "catalogue as of ..."
  bool stale = false;
  bool closed = false;  // the note says that nothing can be sent from here
};

struct BarView {
  bool can_back = false;
  bool can_home = false;
  bool can_listen = false;
  Language language = Language::kHindi;
  std::string back, home, text_size, contrast, listen, help;
  bool speaking = false;
  bool high_contrast = false;
  int text_size_step = 0;
};

struct AttractView {
  Picture picture;
  std::string caption;                   // "attar of Kannauj"
  std::array<std::string, 3> greetings;  // in hi, en, ur, each in its own language
  // The programme's name in the same three; stands under the arch while there is no picture. Then
  // the caption says that the catalogue is on its way.
  std::array<std::string, 3> programme;
  std::string start;
  std::vector<std::string> drawings;  // craft file stems, eight at most
  // There is nothing to show and nothing can be kept: said in hi, en, ur, each in its own language;
  // `title` is empty otherwise. Then nobody is asked in.
  struct Closed {
    std::string title, text;
  };
  std::array<Closed, 3> closed;
  std::string closed_staff;  // what the staff do about it, in the kiosk's first language
};

struct ChoiceView {
  std::string field;
  std::string value;
  std::string label;
  bool selected = false;
};

// What a question takes for granted: "form.field.FIELD" leads to where it is changed.
struct BesideView {
  std::string field;
  std::string label;  // its question
  std::string value;
};

// Something to pick: a tile, a row or a cell, "form.choice.FIELD.VALUE".
struct PickView {
  std::string value;
  std::string label;
  std::string note{};  // second line; empty: none
  std::string icon{};  // bare name; empty: none
  Picture picture{};   // of a product; without drawing and photo: none
  bool selected = false;
};

enum class PickStyle : std::uint8_t {
  kRows,   // words
  kCards,  // a picture or icon, and words
  kCells,  // years, months, days
};

struct NoticeSection {
  std::string title;
  std::string text;
  std::string icon;
};

struct ConsentView {
  std::string purpose;
  std::string label;
  std::string note;  // what refusing costs (nothing), or empty
  bool ticked = false;
  bool required = false;
};

enum class Keys : std::uint8_t { kNone, kNumbers, kLetters, kEmail };

struct FieldView {
  std::string id;  // node id: form.field.mobile
  std::string label;
  std::string value;
  std::string hint;
  std::string prefix;    // +91
  std::string error;     // in words, beside the field
  std::string progress;  // "7 of 10 digits. 3 to go."
  int digits = 0;        // > 0: drawn as that many places
  bool focused = false;
  // Of a question of a form; left alone, the id decides.
  int most_digits = 0;        // > 0: digits only, at most so many
  std::size_t max_bytes = 0;  // > 0: of a text
  bool latin = false;         // written from left to right, on Latin keys
};

// An answer that was spoken, in the place of its field.
struct SpokenView {
  std::string field;
  std::string words;  // "spoken, 12 seconds"
  std::string note;   // what becomes of it
  std::string play;   // or stop; empty: no loudspeaker
  bool playing = false;
  std::string again, remove;
};

// One question. What is empty is not drawn.
struct QuestionView {
  std::string step_text;  // "step 1 of 6"
  int step = 0;           // 1-based
  int steps = 0;
  std::string question;
  std::string hint;
  std::vector<ChoiceView> channels;  // small switches under the question
  std::vector<BesideView> besides;   // answered beside it, each opens its own question
  std::vector<FieldView> fields;     // at most two
  Keys keys = Keys::kNone;           // for the focused field
  std::string pick_field;            // whose answer is picked
  std::vector<PickView> picks;
  PickStyle pick_style = PickStyle::kRows;
  bool several = false;  // of the picks any number
  std::string no_picks;  // said where there is nothing to pick
  // The map to pick a district from; regions as on the home screen.
  std::vector<TileView> map;
  std::vector<RegionView> regions;
  std::string region, whole_map, here;
  std::string problem;  // in words, of a question without a field
  std::string speak;    // the button with the microphone; empty: it is typed
  std::string speak_field;
  std::vector<SpokenView> spoken;  // none or one
  std::vector<ListRow> rows;       // quantities
  std::string remove_label, less_label, more_label, unit_label;
  std::vector<NoticeSection> notice;
  std::string consent_title;
  std::vector<ConsentView> consents;
  std::string assurance;  // the sealed envelope
  std::string back, next;
  bool next_enabled = true;
  std::string next_reason;  // why it is not
  bool is_send = false;     // `next` sends
  bool working = false;     // being kept or looked up
};

// Before the first question of a scheme's form: what it is and is not.
struct OpeningView {
  std::string title, intro;
  std::string not_filed;
  std::string deadline;
  std::string documents_title;
  std::vector<std::string> documents;
  std::string back, next;
};

struct ReviewRow {
  std::string field;
  std::string label;
  std::string value;
  std::string change{};  // what a touch does: change it, or add it
  std::string play{};    // of a spoken answer: hear it, or stop
  bool playing = false;
};

// All answers read back, each a way to its question.
struct ReviewView {
  std::string step_text;
  int step = 0, steps = 0;
  std::string title, hint;
  std::vector<ReviewRow> rows;
  std::string not_filed;  // empty: no scheme
  std::string problem;    // of answers that do not fit each other
  std::string back, next;
  bool is_send = false;
  bool working = false;
};

struct FormTile {
  std::string form;  // id
  std::string title;
  std::string note;
  std::string icon;
};

// What an artisan can do here.
struct ArtisanView {
  std::string title, hint;
  std::vector<WayTile> ways;  // schemes, help, events
  std::vector<FormTile> tiles;
};

struct ReceiptView {
  std::string title;
  std::string kept, arrived;  // labels of the two pictures
  bool has_arrived = false;
  std::string spoken_state;
  std::string reference_label, reference;
  std::string code_label, code;
  std::string qr, qr_label;
  std::string due, due_note;
  std::string not_filed, not_filed_note;  // of a scheme's form: title and the form's own words
  std::string office, office_note;
  std::string phone, phone_note;
  std::string photo_hint;
  std::string print;  // the button, or what became of it; empty: no printer
  bool printing = false;
  std::string more, done;
};

struct PathStep {
  std::string label;
  std::string date;
  std::string icon;
  bool done = false;
  bool current = false;
};

struct LetterView {
  std::string from;
  std::string date;
  std::string text;
  std::string phone_label, phone;
};

struct AnswerView {
  std::string title;
  std::string reference;
  std::string portal;  // the number at the scheme's portal; empty: none
  std::vector<PathStep> path;
  std::string now;                  // where it stands, in a sentence; empty: the letters say it
  std::vector<LetterView> letters;  // newest first
  std::string note;                 // waiting or unknown: what to do; else who has not answered
  bool unknown = false;
  std::string age;  // of the news
  std::string withdraw, done, again;
};

struct HallEventView {
  std::string event;  // id
  std::string title, date, place;
};

struct HallView {
  std::string title;
  std::vector<PlanView> plans;
  std::vector<ProductCard> products;
  std::vector<HallEventView> events;
  std::string events_title;
  std::string all_events;  // label: other places too
};

struct HelpView {
  std::string title;
  std::string reach;  // brings everything lower, or back up; empty: the glass hangs low enough
  std::vector<NoticeSection> lines;
  std::string withdraw;
  std::string helper;  // of the staff: fill forms for the visitor, or no more; empty: no staff
  bool helped = false;
  std::string close;
};

// A quantity and its unit, or the tongues of prompts.
struct ChoicesView {
  std::string title;
  FieldView field;  // the quantity; without an id: none
  std::vector<ChoiceView> choices;
  std::string close;
};

// An answer is spoken.
struct VoiceView {
  std::string title;  // the question
  VoiceStage stage = VoiceStage::kReady;
  std::string state;  // what is going on, in words
  std::string note;   // what to do, or what is wrong
  bool problem = false;
  std::string left;    // "20 seconds left"
  double elapsed = 0;  // of the longest: 0 to 1
  int level = 0;       // 0 to `levels`
  int levels = 0;
  std::string speak;  // the large button: speak, or stop
  std::string play;   // empty: no loudspeaker
  bool playing = false;
  std::string again, keep;
  std::string close;  // what was said is deleted
};

// A prompt that staff record: its words, and the microphone.
struct PromptView {
  VoiceView voice;                     // its title says which of how many
  std::string place;                   // what it is said for; empty: its words say it
  std::string text;                    // to be read
  Language script = Language::kHindi;  // that the text is written in
  bool recorded = false;  // something can be heard here, and the microphone waits behind a button
  std::string remove;     // of what staff recorded; empty: nothing
};

// Before a form with answers is left.
struct LeaveView {
  std::string title, note;
  std::string stay, send, erase;
};

// Nothing can be sent from here at present: what one can do instead.
struct ClosedView {
  std::string title;
  std::vector<NoticeSection> lines;
  std::string close;
};

struct IdleView {
  std::string title;
  std::string seconds;
  std::string note;
  std::string stay, end;
};

using BodyView =
    std::variant<AttractView, HomeView, DistrictView, ProductView, SearchView, ListView,
                 QuestionView, ReceiptView, AnswerView, HallView, MaintenanceView, OpeningView,
                 ReviewView, ArtisanView, SchemesView, SchemeView, ResultView, DistrictHelpView,
                 EventsView, EventView, PromptsView>;
using SheetView = std::variant<std::monostate, HelpView, ChoicesView, LeaveView, IdleView,
                               VoiceView, HelperView, CodeView, PromptView, ClosedView>;

// What is being read aloud; shown as long as it is.
struct SpeechView {
  bool on = false;
  VoiceAt reading;
  int volume = 0, volumes = 0;
  std::string label;  // "reading aloud"
  std::string again, softer, louder;
  std::string volume_label;     // "volume 3 of 5"
  std::string tongue;           // what prompts are spoken in, opens the choice; empty: no choice
  std::string listen_question;  // button beside a question; empty: nothing to listen with
};

// What a voice adds to the words on the screen.
struct ReadingWords {
  std::string chosen;  // of a choice that is taken
  std::string empty;   // of a field without contents
};

// Words on the keyboards.
struct KeyWords {
  std::string space, other, clear, done;
  std::string backspace, shift, numbers, letters;  // spoken
};

struct ScreenView {
  ScreenId id = ScreenId::kAttract;
  std::string name;  // for the inspector: home, district, enquiry.reach ...
  Language language = Language::kHindi;
  int text_size = 0;
  bool high_contrast = false;
  HeadView head;
  BarView bar;
  std::string previous_page, next_page;  // labels of paging keys
  KeyWords keys;
  BodyView body;
  SheetView sheet;
  SpeechView speech;
  ReadingWords reading;
};

// The products whose stories the screen of this state tells. The screen, its subject and the
// catalogue alone decide it.
[[nodiscard]] std::vector<std::string> told_products(const State& state,
                                                     const Catalogue& catalogue);

// `stories` are those of `told_products`, or more. What is missing is not told.
[[nodiscard]] ScreenView make_view(const State& state, const Catalogue& catalogue,
                                   const Stories& stories, const Words& words);

}  // namespace odop::kiosk

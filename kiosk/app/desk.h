// Where the parts of the kiosk meet: it feeds the model with intents and news, and carries out its
// effects on journal, capture, search and sync worker. No window and no GL, so that tests and the
// program run the same wiring.
// Threads: the UI thread.
#pragma once

#include "kiosk/app/courier.h"
#include "kiosk/app/errands.h"
#include "kiosk/app/translations.h"
#include "kiosk/capture/capture.h"
#include "kiosk/media/recorder.h"
#include "kiosk/media/speaker.h"
#include "kiosk/model/catalogue.h"
#include "kiosk/model/intent.h"
#include "kiosk/model/state.h"
#include "kiosk/model/views.h"
#include "kiosk/print/printer.h"
#include "kiosk/search/search_index.h"
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "kiosk/store/prompt_store.h"
#include "kiosk/store/story_reader.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/ui/semantics.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/text/words.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace odop::kiosk::app {

// What the desk borrows; all outlive it.
struct DeskParts {
  std::filesystem::path folder;  // of the journal, for errands
  Journal& journal;
  CatalogueStore& catalogues;
  Mailbox& mailbox;
  Errands& errands;
  const Clock& clock;
  Random& random;
  const Translations& words;
  media::Speaker* speaker = nullptr;        // null: this kiosk stays silent
  bool can_lower = false;                   // reach mode brings something nearer on this glass
  const print::Printer* printer = nullptr;  // null: none is configured
  media::Recorder* recorder = nullptr;      // null: nobody can speak to this kiosk
  Courier* courier = nullptr;               // null: no sticks
  // A journal that could not be opened is open now: sync may begin. May be empty.
  std::function<void()> reopened{};
};

class Desk {
 public:
  // `catalogue` is what is shown first, indexed (release 0: none yet).
  Desk(const DeskParts& parts, Language first_language, Catalogue catalogue);

  [[nodiscard]] ScreenView view() const;
  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const Catalogue& catalogue() const { return *catalogue_; }
  [[nodiscard]] const SyncState& sync() const { return sync_; }

  void act(const Intents& intents);
  // Takes what worker and errands brought; true when anything changed.
  bool receive();
  // Does what is due by the clock; true when anything changed.
  bool tick();
  // Monotonic ms of the next tick that would do something.
  [[nodiscard]] std::int64_t next_tick_ms() const;

  // Reads the screen aloud when that was asked for: `tree` is the one that is on it.
  void read_aloud(const ui::SemanticTree& tree);

  // Begins what may wait until something is on the screen: the search index, a look for a voice.
  void after_first_frame();

  // True once after a visitor has gone: the drawing layer must forget too.
  [[nodiscard]] bool take_wipe();
  // True once after another catalogue came into force: pictures may have come.
  [[nodiscard]] bool take_new_catalogue();

 private:
  void perform(const Effects& effects);
  void perform(const effect::Submit& submit);
  void perform(const effect::LookUp& look_up);
  void perform(const effect::Query& query);
  void tell(const News& news);
  void take(const SyncState& sync);
  void take(const AnswerAsked& asked);
  void look_up(bool asked_online);
  void finish_look_up(LookupOutcome outcome, std::vector<FoundAnswer> answers, bool arrived);
  void between_sessions();
  void load_failed();
  void fetch_catalogue();
  void adopt(std::shared_ptr<const Catalogue> catalogue);
  void build_index(std::shared_ptr<const Catalogue> old = nullptr);
  void read_stories();
  void tell_day();
  bool listen_to_speaker();
  bool listen_to_recorder();
  void play(const effect::PlayTake& wanted);
  void play_clip(Bytes clip, int volume);
  // The bytes of a recorded prompt, of the catalogue or of the staff; empty: it is not there, or is
  // not what it was.
  [[nodiscard]] Bytes prompt_bytes(const std::string& medium) const;
  // Argon2id takes a fifth of a second for each member of the staff, so it is an errand.
  void check_pin(const effect::CheckPin& wanted);
  void tell_staff();
  void tell_fingerprint();
  void carry(const effect::CarryStick& wanted);
  bool listen_to_courier();
  // What staff recorded, read once something is on the screen.
  void open_prompts();
  void tell_prompts();
  void keep(const effect::KeepPrompt& wanted);
  void drop(const effect::DropPrompt& wanted);
  void play(const effect::PlayPrompt& wanted);
  // Another process wrote into this kiosk's folder: what it brought is shown from now on.
  void take_up();
  // ---- What the stores say of themselves (desk_stores.cpp) ----
  // Before anything is asked of a visitor: a look at the disk costs microseconds.
  void look_at_disk();
  void tell_stores();
  // What is due between visitors: the reserve made again, a backup of the journal.
  void keep_house();
  // A journal that could not be opened is tried again, by an errand.
  void try_reopening();
  void take_journal(Journal fresh);
  // Takes that the visit names no more are wiped.
  void keep_named_takes();
  void print_slip();

  DeskParts parts_;
  Capture capture_;
  State state_;
  // Shared with the errand that builds the index of it; immutable.
  std::shared_ptr<const Catalogue> catalogue_;
  std::shared_ptr<const SearchIndex> index_;
  // What the screen tells of its products, and which screen that is.
  Stories stories_;
  Screen told_screen_;
  bool another_catalogue_ = true;            // than the one that they are from
  std::optional<StoryReader> story_reader_;  // of the catalogue; none when its file is not there
  std::optional<effect::Query> waiting_query_;
  SyncState sync_;
  bool catalogue_waits_ = false;                     // to be read once nobody is here
  std::int64_t load_again_ms_ = 0;                   // monotonic: reading failed; 0: it did not
  std::int64_t load_wait_ms_ = 0;                    // before the last attempt after a failure
  std::shared_ptr<const Catalogue> next_catalogue_;  // read, and somebody came meanwhile
  bool shown_something_ = false;
  bool wiped_ = false;
  bool new_catalogue_ = false;
  std::int64_t next_day_ms_ = 0;  // monotonic: midnight in India
  std::int64_t house_ms_ = 0;     // monotonic: keep_house is due
  std::int64_t backup_ms_ = 0;    // monotonic: so is a backup, then
  std::int64_t reopen_ms_ = 0;    // monotonic; 0: the journal is open

  struct Question {
    std::string reference;  // as the visitor typed it
    std::string digits;     // as the journal knows it
    std::string code;
    LookupOutcome otherwise = LookupOutcome::kUnknown;  // without an answer
    bool arrived = false;
    std::int64_t give_up_ms = 0;  // monotonic; 0: not waiting for the network
    std::uint64_t number = 0;
  };
  std::optional<Question> question_;
  std::optional<effect::SpeakScreen> to_read_;
  std::map<std::uint64_t, media::Take> takes_;  // what was spoken, by the visit's number for it
  std::uint64_t last_take_ = 0;
  std::optional<PromptStore> prompts_;  // none: not read yet, or it cannot be
  std::uint64_t questions_ = 0;
};

}  // namespace odop::kiosk::app

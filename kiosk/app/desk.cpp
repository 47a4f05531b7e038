#include "kiosk/app/desk.h"

#include "kiosk/app/slips.h"
#include "kiosk/model/lookup.h"
#include "kiosk/model/prompts.h"
#include "kiosk/model/update.h"
#include "kiosk/sync/bundle_exchange.h"
#include "shared/core/bytes.h"
#include "shared/crypto/digest.h"
#include "shared/text/dates.h"
#include "shared/wire/messages.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace odop::kiosk::app {

using kiosk::burn;

namespace {

// A list of results longer than this is not read standing up.
constexpr std::size_t kMostHits = 40;

// Waits before a release is read again that could not be read: from the first to the longest,
// doubled each time. A lock or a full memory is over in a second, a bad disk is not.
constexpr std::int64_t kFirstLoadWaitMs = 1'000;
constexpr std::int64_t kLongestLoadWaitMs = 300'000;

std::int64_t wall_ms(const Clock& clock) { return clock.wall().time_since_epoch().count(); }

wire::Kind kind_of(std::string_view name) {
  if (name == "registration") return wire::Kind::kRegistration;
  if (name == "application") return wire::Kind::kApplication;
  if (name == "question") return wire::Kind::kQuestion;
  if (name == "problem") return wire::Kind::kProblem;
  if (name == "feedback") return wire::Kind::kFeedback;
  if (name == "withdrawal") return wire::Kind::kWithdrawal;
  if (name == "attendance") return wire::Kind::kAttendance;
  if (name == "correction") return wire::Kind::kCorrection;
  return wire::Kind::kEnquiry;
}

// Reads every story: `damaged` when one is not what was signed.
SearchIndex index_of(const Catalogue& catalogue, const std::filesystem::path& folder,
                     bool& damaged) {
  const auto store = CatalogueStore::open(folder);
  auto reader = store ? store->stories(catalogue.release) : fail(store.error());
  return SearchIndex::build(catalogue, [&](const Product& product) -> Story {
    if (!reader) return {};
    auto story = reader->read(product.id);
    if (story) return std::move(*story);
    damaged = damaged || story.error().code == ErrorCode::kCorrupt;
    return {};
  });
}

}  // namespace

Desk::Desk(const DeskParts& parts, Language first_language, Catalogue catalogue)
    : parts_(parts),
      capture_(parts.journal, parts.clock, parts.random, read_boot_id(parts.clock, parts.random)) {
  catalogue_ = std::make_shared<const Catalogue>(std::move(catalogue));
  Kiosk kiosk;
  kiosk.first_language = first_language;
  kiosk.app_version = "0.1.0";
  kiosk.can_lower = parts_.can_lower;
  kiosk.can_print = parts_.printer != nullptr;
  kiosk.free_bytes = parts_.journal.disk().free_bytes;
  if (const auto identity = parts_.journal.identity(); identity && *identity) {
    kiosk.number = (*identity)->kiosk;
    kiosk.name = (*identity)->name;
    kiosk.venue = (*identity)->venue;
    kiosk.district = (*identity)->district;
  }
  if (const auto queue = parts_.journal.queue()) {
    kiosk.sync.queue = queue->unsent();
    kiosk.sync.oldest_unsent_ms = queue->oldest_wall_ms;
    kiosk.sync.unconfirmed = queue->unconfirmed;
  }
  kiosk.sync.enrol_anew = parts_.journal.must_enrol_anew().value_or(false);
  kiosk.screen_prompts = screen_prompts(parts_.words);
  sync_.queue = kiosk.sync.queue;
  sync_.unconfirmed = kiosk.sync.unconfirmed;
  sync_.enrol_anew = kiosk.sync.enrol_anew;
  sync_.release = catalogue_->release;
  state_ = initial_state(kiosk);
  tell_day();
  tell_staff();
  tell_fingerprint();
  tell_stores();
}

ScreenView Desk::view() const {
  return make_view(state_, *catalogue_, stories_, parts_.words.at(index(state_.visit.language)));
}

void Desk::act(const Intents& intents) {
  look_at_disk();
  for (const Intent& intent : intents) {
    perform(update(state_, intent, *catalogue_, parts_.clock.mono().count()));
  }
}

void Desk::tell(const News& news) {
  perform(update(state_, news, *catalogue_, parts_.clock.mono().count()));
}

void Desk::perform(const Effects& effects) {
  for (const Effect& effect : effects) {
    if (const auto* submit = std::get_if<effect::Submit>(&effect)) perform(*submit);
    if (const auto* look_up = std::get_if<effect::LookUp>(&effect)) perform(*look_up);
    if (const auto* query = std::get_if<effect::Query>(&effect)) perform(*query);
    if (const auto* speak = std::get_if<effect::SpeakScreen>(&effect)) to_read_ = *speak;
    if (std::holds_alternative<effect::StopSpeech>(effect)) {
      to_read_.reset();
      if (parts_.speaker != nullptr) parts_.speaker->stop();
    }
    if (const auto* volume = std::get_if<effect::SetVolume>(&effect)) {
      if (parts_.speaker != nullptr) parts_.speaker->set_volume(volume->step);
    }
    if (std::holds_alternative<effect::PrintSlip>(effect)) print_slip();
    if (std::holds_alternative<effect::Record>(effect)) {
      if (parts_.recorder != nullptr) parts_.recorder->start();
    }
    if (std::holds_alternative<effect::EndRecording>(effect)) {
      if (parts_.recorder != nullptr) parts_.recorder->stop();
    }
    if (const auto* wanted = std::get_if<effect::PlayTake>(&effect)) play(*wanted);
    if (const auto* wanted = std::get_if<effect::CheckPin>(&effect)) check_pin(*wanted);
    if (const auto* wanted = std::get_if<effect::CarryStick>(&effect)) carry(*wanted);
    if (const auto* wanted = std::get_if<effect::KeepPrompt>(&effect)) keep(*wanted);
    if (const auto* wanted = std::get_if<effect::DropPrompt>(&effect)) drop(*wanted);
    if (const auto* wanted = std::get_if<effect::PlayPrompt>(&effect)) play(*wanted);
    if (std::holds_alternative<effect::Wipe>(effect)) {
      wiped_ = true;
      if (parts_.recorder != nullptr) parts_.recorder->forget();
      if (parts_.speaker != nullptr) parts_.speaker->stop();
      waiting_query_.reset();
      if (question_) {
        burn(question_->reference);
        burn(question_->digits);
        burn(question_->code);
        question_.reset();
      }
    }
  }
  keep_named_takes();
  // A release that came while somebody was here.
  between_sessions();
  read_stories();
}

// ---- Submissions ---------------------------------------------------------------------------

void Desk::perform(const effect::Submit& submit) {
  Draft draft;
  draft.kind = kind_of(submit.kind);
  draft.form_id = submit.form_id;
  draft.form_version = submit.form_version;
  draft.answers = submit.answers;
  draft.release_seen = catalogue_->release;
  draft.language = submit.language;
  draft.incomplete = submit.incomplete;
  for (const effect::Consent& consent : submit.consents) {
    wire::ConsentRecord record;
    record.notice_id = consent.notice_id;
    record.notice_version = consent.notice_version;
    record.language = consent.language;
    record.text_hash = crypto::sha256(consent.text);
    record.given = consent.given;
    record.refused = consent.refused;
    record.wall_ms = wall_ms(parts_.clock);
    draft.consents.push_back(std::move(record));
  }
  for (const SpokenAnswer& answer : submit.spoken) {
    const auto take = takes_.find(answer.take);
    if (take == takes_.end()) continue;
    draft.spoken.push_back({.field = answer.field,
                            .ogg_opus = take->second.ogg_opus,
                            .duration_ms = static_cast<std::uint32_t>(answer.length_ms)});
  }
  Result<Kept> kept = capture_.submit(draft);
  burn(draft.answers);
  for (Recording& recording : draft.spoken) wipe(recording.ogg_opus);
  if (!kept) {
    tell(news::SubmissionFailed{text_key(kept.error().code)});
    look_at_disk();
    return;
  }
  parts_.mailbox.send(SubmissionKept{});
  if (const auto queue = parts_.journal.queue()) {
    sync_.queue = queue->unsent();
    state_.kiosk.sync.queue = queue->unsent();
  }
  // The same three that the status screen asks for, and 128 bits that nobody can guess.
  std::string code_picture =
      "odop:" + kept->reference + ":" + kept->status_code + ":" + to_hex(kept->status_secret);
  tell(news::SubmissionKept{kept->reference, kept->status_code, code_picture});
  burn(code_picture);
}

// An errand: a printer may take seconds to answer.
void Desk::print_slip() {
  const ScreenView shown = view();
  const auto* receipt = std::get_if<ReceiptView>(&shown.body);
  if (receipt == nullptr || parts_.printer == nullptr) return;
  parts_.errands.run([this, printer = *parts_.printer,
                      slip = slip_of(*receipt, shown.language)]() mutable -> Errands::Finish {
    const Status printed = printer.print(slip);
    app::burn(slip);
    if (!printed) spdlog::warn("printer: {}", printed.error().context);
    return [this, done = printed.has_value()] { tell(news::Printed{done}); };
  });
}

// ---- Search and catalogue ------------------------------------------------------------------

void Desk::perform(const effect::Query& query) {
  if (!index_) {
    waiting_query_ = query;
    return;
  }
  tell(news::SearchResults{query.text, query.family,
                           to_search_hits(index_->search(query.text, kMostHits, query.family))});
}

void Desk::after_first_frame() {
  if (shown_something_) return;
  shown_something_ = true;
  build_index();
  open_prompts();
  if (parts_.speaker != nullptr) parts_.speaker->probe();
  if (parts_.recorder != nullptr) parts_.recorder->probe();
}

// Before the screen that tells them is drawn: some 50 microseconds each.
void Desk::read_stories() {
  if (told_screen_ == state_.screen() && !another_catalogue_) return;
  if (std::exchange(another_catalogue_, false)) {
    story_reader_.reset();
    if (auto reader = parts_.catalogues.stories(catalogue_->release)) {
      story_reader_.emplace(std::move(*reader));
    }
  }
  told_screen_ = state_.screen();
  stories_.clear();
  if (!story_reader_) return;
  for (const std::string& product : told_products(state_, *catalogue_)) {
    // What is damaged is not told; building the index has found it, or will.
    if (auto story = story_reader_->read(product)) stories_.emplace(product, std::move(*story));
  }
}

// `old` and the index of it are freed on the errand's thread: thousands of records take a while.
void Desk::build_index(std::shared_ptr<const Catalogue> old) {
  if (!shown_something_) return;
  parts_.errands.run([this, folder = parts_.folder, catalogue = catalogue_, old = std::move(old),
                      old_index = std::exchange(index_, nullptr)]() mutable -> Errands::Finish {
    old.reset();
    old_index.reset();
    bool damaged = false;
    auto index = std::make_shared<const SearchIndex>(index_of(*catalogue, folder, damaged));
    // Building takes several times what stays.
    malloc_trim(0);
    return [this, index = std::move(index), catalogue, damaged] {
      if (catalogue != catalogue_) return;  // another one came meanwhile
      index_ = index;
      // What can be read of it is shown until the release before it, or it anew, is there.
      if (damaged && parts_.catalogues.reject(catalogue->release)) {
        catalogue_waits_ = true;
        between_sessions();
      }
      if (const auto query = std::exchange(waiting_query_, std::nullopt)) perform(*query);
    };
  });
}

// What waited for the visitor to go.
void Desk::between_sessions() {
  if (state_.in_session()) return;
  if (std::exchange(catalogue_waits_, false)) {
    next_catalogue_.reset();
    fetch_catalogue();
  } else if (next_catalogue_) {
    adopt(std::exchange(next_catalogue_, nullptr));
  }
}

// Reading thousands of records would hold up a frame, so it is an errand with a store of its own.
void Desk::fetch_catalogue() {
  parts_.catalogues.reopen();
  parts_.errands.run(
      [this, folder = parts_.folder, now = wall_ms(parts_.clock)]() -> Errands::Finish {
        Result<CatalogueStore> store = CatalogueStore::open(folder);
        Result<Catalogue> loaded = store ? store->load_newest(now) : fail(store.error());
        // What is shown stays: a stand never goes blank.
        if (!loaded) return [this] { load_failed(); };
        return [this, catalogue = std::make_shared<const Catalogue>(std::move(*loaded))] {
          load_wait_ms_ = load_again_ms_ = 0;
          adopt(catalogue);
        };
      });
}

void Desk::load_failed() {
  load_wait_ms_ = std::clamp(2 * load_wait_ms_, kFirstLoadWaitMs, kLongestLoadWaitMs);
  load_again_ms_ = parts_.clock.mono().count() + load_wait_ms_;
}

void Desk::adopt(std::shared_ptr<const Catalogue> catalogue) {
  if (catalogue->release.value == 0 && catalogue_->release.value != 0) return;
  if (state_.in_session()) {
    next_catalogue_ = std::move(catalogue);
    return;
  }
  catalogue_.swap(catalogue);
  new_catalogue_ = true;
  another_catalogue_ = true;
  if (const Status noted = parts_.catalogues.set_shown(catalogue_->release); !noted) {
    sync_.trouble = std::string(name_of(noted.error().code));
  }
  build_index(std::move(catalogue));
  tell(news::CatalogueChanged{});
  tell_stores();
}

bool Desk::take_wipe() { return std::exchange(wiped_, false); }
bool Desk::take_new_catalogue() { return std::exchange(new_catalogue_, false); }

// ---- News ----------------------------------------------------------------------------------

void Desk::take(const SyncState& sync) {
  const bool identity_changed =
      sync.enrolled &&
      (!sync_.enrolled || sync.kiosk_number != sync_.kiosk_number || sync.venue != sync_.venue);
  const bool space_changed = sync.free_bytes != sync_.free_bytes;
  const SyncState before = std::exchange(sync_, sync);
  if (identity_changed) {
    tell(
        news::Enrolled{KioskNumber{sync.kiosk_number}, sync.kiosk_name, sync.venue, sync.district});
  }
  if (identity_changed) {
    // A code that was typed for a stick is used up, whichever way it went.
    const auto code = parts_.journal.setting(kCodeSetting);
    if (code && *code && !(*code)->empty()) (void)parts_.journal.set_setting(kCodeSetting, "");
  }
  const bool demand_changed = sync.enrol_anew != before.enrol_anew;
  if (identity_changed || demand_changed || state_.kiosk.fingerprint.empty()) tell_fingerprint();
  if (space_changed) tell(news::SpaceChanged{sync.free_bytes});
  look_at_disk();
  tell_staff();
  SyncFacts facts;
  facts.online = sync.link == Link::kOnline;
  facts.queue = sync.queue;
  facts.unconfirmed = sync.unconfirmed;
  facts.oldest_unsent_ms = sync.oldest_unsent_ms;
  facts.last_contact_ms = sync.last_contact_ms;
  facts.fetching = sync.arriving.value != 0;
  facts.progress_percent = static_cast<int>(sync.progress_permille / 10);
  facts.waiting = sync.waiting;
  facts.waiting_program = sync.waiting_program;
  facts.enrol_anew = sync.enrol_anew;
  facts.code_refused = sync.code_refused;
  tell(news::SyncChanged{facts});
}

bool Desk::receive() {
  bool changed = parts_.errands.collect();
  changed |= listen_to_speaker();
  changed |= listen_to_recorder();
  changed |= listen_to_courier();
  for (const FromWorker& value : parts_.mailbox.drain()) {
    changed = true;
    if (const auto* sync = std::get_if<SyncState>(&value)) take(*sync);
    if (const auto* arrived = std::get_if<Arrived>(&value)) {
      tell(news::Arrived{arrived->references});
    }
    if (const auto* asked = std::get_if<AnswerAsked>(&value)) take(*asked);
    if (std::holds_alternative<CatalogueReady>(value)) {
      catalogue_waits_ = true;
      between_sessions();
    }
  }
  return changed;
}

void Desk::tell_day() {
  const WallTime now = parts_.clock.wall();
  tell(news::DayTold{iso_date(india_date(now)), now.time_since_epoch().count()});
  // India is UTC+05:30, without summer time.
  constexpr std::int64_t kDayMs = 86'400'000;
  constexpr std::int64_t kIndiaMs = 19'800'000;
  const std::int64_t into_day = (now.time_since_epoch().count() + kIndiaMs) % kDayMs;
  next_day_ms_ = parts_.clock.mono().count() + kDayMs - into_day;
}

std::int64_t Desk::next_tick_ms() const {
  std::int64_t next = std::min(next_wake_ms(state_), next_day_ms_);
  if (question_ && question_->give_up_ms > 0) next = std::min(next, question_->give_up_ms);
  if (load_again_ms_ > 0) next = std::min(next, load_again_ms_);
  if (reopen_ms_ > 0) next = std::min(next, reopen_ms_);
  if (house_ms_ > 0 && !state_.in_session()) next = std::min(next, house_ms_);
  return next;
}

bool Desk::tick() {
  const std::int64_t now = parts_.clock.mono().count();
  bool changed = false;
  if (now >= next_day_ms_) {
    tell_day();
    catalogue_waits_ = true;  // whether it is stale may have changed
    between_sessions();
    changed = true;
  }
  if (load_again_ms_ > 0 && now >= load_again_ms_) {
    load_again_ms_ = 0;
    catalogue_waits_ = true;
    between_sessions();
  }
  if (reopen_ms_ > 0 && now >= reopen_ms_) try_reopening();
  if (house_ms_ > 0 && now >= house_ms_ && !state_.in_session()) {
    keep_house();
    changed = true;
  }
  if (now >= next_wake_ms(state_)) {
    tell(news::Tick{});
    changed = true;
  }
  if (question_ && question_->give_up_ms > 0 && now >= question_->give_up_ms) {
    finish_look_up(question_->otherwise, {}, question_->arrived);
    changed = true;
  }
  return changed;
}

}  // namespace odop::kiosk::app

// Carrying out what the engine decides.
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/bundle_exchange.h"
#include "kiosk/sync/bundle_parts.h"
#include "kiosk/sync/engine.h"
#include "kiosk/sync/pack_receiver.h"
#include "kiosk/sync/session_settings.h"
#include "kiosk/sync/worker.h"
#include "shared/crypto/release.h"
#include "shared/crypto/secret.h"
#include "shared/crypto/succession.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <iterator>
#include <span>
#include <utility>

namespace odop::kiosk {
namespace {

using namespace std::chrono_literals;

// A setting of the kiosk's own, in seconds; for stands that want answers faster.
constexpr std::string_view kHeartbeatSetting = "sync.heartbeat_s";
constexpr std::string_view kAuditSetting = "sync.audit_head";
constexpr std::string_view kTrustSetting = "sync.certificates";
constexpr std::string_view kTrustMarkSetting = "sync.certificates_mark";

// "1" from when a generation of the server's database is noted until it was asked whether it knows
// the devices that this kiosk was.
constexpr std::string_view kFormersDueSetting = "sync.formers_due";

std::optional<Former> former_of(const Journal& journal) {
  auto former = journal.former();
  return former ? std::move(*former) : std::nullopt;
}

bool was_another(const Journal& journal) {
  const auto formers = journal.formers();
  return formers && std::ranges::any_of(*formers, &FormerDevice::waits);
}

// What was named at the start, or typed at this kiosk before it; none that was used already: a unit
// that names its code at every start names no new one.
std::string code_to_use(const Journal& journal, const WorkerConfig& config, bool enrolled) {
  std::string code = config.enrol_code;
  if (enrolled && used_before(journal, code)) code.clear();
  if (!code.empty() || config.settings.carried) return code;
  const auto typed = journal.setting(kCodeSetting);
  return typed ? typed->value_or("") : "";
}

class Session final : public SyncSession {
 public:
  Session(Journal journal, CatalogueStore store, sync::EngineSettings settings,
          sync::EngineMemory memory, Transport& transport, const Clock& clock, Random& random,
          Mailbox& mailbox)
      : journal_(std::move(journal)),
        store_(std::move(store)),
        keep_free_bytes_(settings.keep_free_bytes),
        engine_(std::move(settings), std::move(memory), random),
        transport_(transport),
        clock_(clock),
        mailbox_(mailbox),
        former_(former_of(journal_)),
        was_another_(was_another(journal_)),
        enrol_anew_(journal_.must_enrol_anew().value_or(false)) {}

  std::chrono::milliseconds turn() override {
    // On this thread, and after the first frame: it reads everything.
    if (!std::exchange(mended_, true)) static_cast<void>(journal_.mend());
    // A disk that failed once when the program started keeps nothing from coming.
    constexpr std::chrono::minutes kBetweenTries{1};
    if (store_.read_only() && clock_.mono() >= reopen_at_) {
      store_.reopen();
      reopen_at_ = clock_.mono() + kBetweenTries;
    }
    return turn_with(sync::Refreshed{local()});
  }
  std::chrono::milliseconds take(std::vector<wire::SignedDocument> receipts) override {
    return turn_with(sync::Carried{std::move(receipts)});
  }

 private:
  std::chrono::milliseconds turn_with(std::optional<sync::Event> event) {
    while (!mailbox_.closed()) {
      for (ToWorker& value : mailbox_.take()) inbox_.push_back(std::move(value));
      if (engine_.awaiting()) {
        // In the middle of something the engine only takes notes.
        for (; !inbox_.empty(); inbox_.pop_front()) {
          static_cast<void>(perform(engine_.step(now(), sync::Event{inbox_.front()})));
        }
      }
      if (!event && !inbox_.empty()) {
        event = sync::Event{inbox_.front()};
        inbox_.pop_front();
      }
      if (!event && clock_.mono() < engine_.wake_at()) break;
      event = perform(engine_.step(now(), std::exchange(event, std::nullopt)));
    }
    return std::max(engine_.wake_at() - clock_.mono(), 0ms);
  }

  [[nodiscard]] sync::Now now() const { return {clock_.mono(), clock_.wall()}; }
  [[nodiscard]] std::int64_t wall_ms() const { return clock_.wall().time_since_epoch().count(); }

  // Carries out; returns the event of the awaited action, if there is one among them.
  std::optional<sync::Event> perform(std::vector<sync::Action> actions);
  [[nodiscard]] sync::LocalState local() const;

  std::optional<sync::Event> run(sync::Tell& tell);
  [[nodiscard]] sync::Event stored(Status status, std::vector<std::string> arrived = {},
                                   std::vector<std::string> answers = {});
  sync::Event run(const sync::Send& send);
  sync::Event run(const sync::LoadPending& load);
  sync::Event run(const sync::MakeNextKey& make);
  sync::Event run(const sync::AdoptIdentity& adopt);
  [[nodiscard]] Status adopt_anew(const sync::AdoptIdentity& adopt,
                                  std::vector<Journal::Setting> settings);
  sync::Event run(const sync::RecordReceipt& record);
  sync::Event run(const sync::NoteGeneration& note);
  sync::Event run(const sync::NoteAuditHead& note);
  sync::Event run(const sync::KeepCertificates& keep);
  sync::Event run(const sync::HoldBack& hold);
  sync::Event run(const sync::LoadFormers& load);
  sync::Event run(const sync::FreeHeld& free);
  sync::Event run(const sync::FormersAsked& asked);
  sync::Event run(const sync::LoadUnconfirmed& load);
  sync::Event run(const sync::LoadAttachment& load);
  sync::Event run(const sync::RecordAttachment& record);
  sync::Event run(const sync::HoldBackAttachment& hold);
  sync::Event run(const sync::ApplyFeed& apply);
  sync::Event run(const sync::KeepAnswer& keep);
  sync::Event run(const sync::AdoptDocuments& adopt);
  sync::Event run(sync::PlanPack& plan);
  sync::Event run(const sync::Fetch& fetch);
  sync::Event run(const sync::FinishRelease& finish);
  [[nodiscard]] Status finish_release(const wire::Manifest& manifest);

  // Tries again without the reserve: what is here already must be sent and recorded on a full disk
  // too.
  template <typename Call>
  auto on_full_disk_again(Call call) {
    auto result = call();
    if (result || result.error().code != ErrorCode::kDiskFull) return result;
    journal_.release_reserve();
    return call();
  }

  Journal journal_;
  CatalogueStore store_;
  std::uint64_t keep_free_bytes_;
  sync::Engine engine_;
  Transport& transport_;
  const Clock& clock_;
  Mailbox& mailbox_;
  std::unique_ptr<PackReceiver> receiver_;
  std::deque<ToWorker> inbox_;
  // As the journal has them: they change by what this session stores, and are asked for every turn.
  std::optional<Former> former_;
  bool was_another_ = false;
  bool enrol_anew_ = false;
  bool mended_ = false;
  MonoTime reopen_at_{0};  // the list of releases, when it lies in memory
};

std::optional<sync::Event> Session::perform(std::vector<sync::Action> actions) {
  std::optional<sync::Event> event;
  for (sync::Action& action : actions) {
    std::visit(
        [&](auto& value) {
          if (std::optional<sync::Event> done = run(value); done) event = std::move(done);
        },
        action);
  }
  return event;
}

sync::LocalState Session::local() const {
  sync::LocalState state;
  if (const auto queue = journal_.queue(); queue) state.queue = *queue;
  if (const auto feed = journal_.feed_position(); feed) state.feed = *feed;
  if (const auto shown = store_.shown(); shown) state.shown = *shown;
  if (const auto ready = store_.newest_ready(); ready) state.ready = *ready;
  state.production = journal_.run_mode() != RunMode::kTest;
  state.disk = journal_.disk();
  state.enrol_anew = enrol_anew_;
  state.former = former_;
  state.was_another = was_another_;
  return state;
}

sync::Event Session::stored(Status status, std::vector<std::string> arrived,
                            std::vector<std::string> answers) {
  enrol_anew_ = journal_.must_enrol_anew().value_or(false);
  return sync::Stored{std::move(status), local(), std::move(arrived), std::move(answers)};
}

std::optional<sync::Event> Session::run(sync::Tell& tell) {
  mailbox_.post(std::move(tell.value));
  return std::nullopt;
}

sync::Event Session::run(const sync::Send& send) {
  return sync::Answered{transport_.send(send.request, nullptr)};
}

sync::Event Session::run(const sync::LoadPending& load) {
  sync::PendingLoaded loaded{journal_.pending(load.max_count, load.max_bytes, wall_ms()), {}};
  if (loaded.page && loaded.page->empty()) {
    if (const auto due = journal_.next_due_wall_ms(wall_ms()); due) loaded.next_due_wall_ms = *due;
  }
  return loaded;
}

sync::Event Session::run(const sync::MakeNextKey& make) {
  if (used_before(journal_, make.code)) {
    return sync::NextKeyMade{make.code, fail(ErrorCode::kConflict, "the code was used here")};
  }
  const auto key = next_device_key(journal_, make.code);
  if (!key) return sync::NextKeyMade{make.code, fail(key.error())};
  return sync::NextKeyMade{make.code, key->public_key()};
}

sync::Event Session::run(const sync::AdoptIdentity& adopt) {
  // What another server may have said of its log and its keys counts no more.
  const std::string used = used_codes_with(journal_, adopt.code);
  std::vector<Journal::Setting> settings{{kAuditSetting, ""},
                                         {kTrustSetting, ""},
                                         {kTrustMarkSetting, ""},
                                         {kCodeSetting, ""},
                                         {kUsedCodesSetting, used}};
  Status adopted = on_full_disk_again([&] {
    return adopt.anew ? adopt_anew(adopt, settings)
                      : journal_.adopt_identity(adopt.identity, settings);
  });
  if (adopted) {
    former_ = former_of(journal_);
    was_another_ = was_another(journal_);
  }
  return stored(std::move(adopted));
}

Status Session::adopt_anew(const sync::AdoptIdentity& adopt,
                           std::vector<Journal::Setting> settings) {
  const auto before = journal_.identity();
  if (!before) return fail(before.error());
  if (!*before) return fail(ErrorCode::kNotFound, "this kiosk is not enrolled");
  const auto former = device_key(journal_);
  if (!former) return fail(former.error());
  const auto next = next_device_key(journal_, adopt.code);
  if (!next) return fail(next.error());
  const crypto::SecretBytes seed = next->seed();
  return journal_.adopt_anew(
      adopt.identity, std::span(seed.data(), seed.size()),
      crypto::sign_succession((*before)->device_id, adopt.identity.device_id, *former),
      std::move(settings));
}

sync::Event Session::run(const sync::RecordReceipt& record) {
  auto arrived =
      on_full_disk_again([&] { return journal_.record_receipt(record.receipt, wall_ms()); });
  if (!arrived) return stored(fail(arrived.error()));
  return stored({}, std::move(*arrived));
}

sync::Event Session::run(const sync::NoteGeneration& note) {
  // Before it, so that no kill comes between.
  if (const auto formers = journal_.formers(); formers && !formers->empty()) {
    auto due = on_full_disk_again([&] { return journal_.set_setting(kFormersDueSetting, "1"); });
    if (!due) return stored(std::move(due));
  }
  const auto noted = on_full_disk_again([&] { return journal_.note_generation(note.generation); });
  if (!noted) return stored(fail(noted.error()));
  was_another_ = was_another(journal_);
  return stored(journal_.set_setting(kGenerationTimeSetting, std::to_string(note.server_ms)));
}

sync::Event Session::run(const sync::NoteAuditHead& note) {
  const std::string text = wire::to_json(note.head);
  return stored(on_full_disk_again([&] { return journal_.set_setting(kAuditSetting, text); }));
}

// One page of the feed's shape: a list of signed documents.
sync::Event Session::run(const sync::KeepCertificates& keep) {
  const std::string text = wire::to_json(wire::FeedPage{keep.all, {}, false});
  const std::string mark = std::to_string(keep.mark);
  // The mark last: without it the list comes once more.
  return stored(on_full_disk_again([&] {
    return journal_.set_setting(kTrustSetting, text).and_then([&] {
      return journal_.set_setting(kTrustMarkSetting, mark);
    });
  }));
}

sync::Event Session::run(const sync::HoldBack& hold) {
  Status status;
  for (const Bytes& hash : hold.hashes) {
    if (auto held = journal_.hold_back(hash, hold.until_wall_ms); !held) status = held;
  }
  return stored(std::move(status));
}

sync::Event Session::run(const sync::LoadFormers& /*load*/) {
  auto selves = former_selves(journal_);
  if (!selves) return sync::FormersLoaded{fail(selves.error())};
  std::vector<sync::FormerAsk> formers;
  for (FormerSelf& self : *selves) formers.push_back(std::move(self.ask));
  return sync::FormersLoaded{std::move(formers)};
}

sync::Event Session::run(const sync::FreeHeld& free) {
  return stored(on_full_disk_again([&] { return journal_.free_held(free.device_id); }));
}

sync::Event Session::run(const sync::FormersAsked& /*asked*/) {
  was_another_ = was_another(journal_);
  return stored(on_full_disk_again([&] { return journal_.set_setting(kFormersDueSetting, ""); }));
}

sync::Event Session::run(const sync::LoadUnconfirmed& load) {
  return sync::UnconfirmedLoaded{journal_.unconfirmed(load.after, load.max_count)};
}

sync::Event Session::run(const sync::LoadAttachment& /*load*/) {
  sync::AttachmentLoaded loaded{journal_.pending_attachment(wall_ms()), {}};
  if (loaded.attachment && !*loaded.attachment) {
    const auto due = journal_.next_attachment_due_wall_ms(wall_ms());
    if (due) loaded.next_due_wall_ms = *due;
  }
  return loaded;
}

sync::Event Session::run(const sync::RecordAttachment& record) {
  auto arrived =
      on_full_disk_again([&] { return journal_.record_attachment(record.receipt, wall_ms()); });
  if (!arrived) return stored(fail(arrived.error()));
  return stored({}, std::move(*arrived));
}

sync::Event Session::run(const sync::HoldBackAttachment& hold) {
  return stored(journal_.hold_back_attachment(hold.hash, hold.until_wall_ms));
}

sync::Event Session::run(const sync::ApplyFeed& apply) {
  std::vector<std::string> arrived;
  for (const wire::BatchReceipt& receipt : apply.receipts) {
    auto now_arrived =
        on_full_disk_again([&] { return journal_.record_receipt(receipt, wall_ms()); });
    if (!now_arrived) return stored(fail(now_arrived.error()));
    std::ranges::move(*now_arrived, std::back_inserter(arrived));
  }
  auto answers = on_full_disk_again([&] { return journal_.apply_feed(apply.entries, apply.next); });
  if (!answers) return stored(fail(answers.error()), std::move(arrived));
  return stored({}, std::move(arrived), std::move(*answers));
}

sync::Event Session::run(const sync::KeepAnswer& keep) {
  const auto kept = journal_.keep_answer(keep.answer);
  if (!kept) return stored(fail(kept.error()));
  // Also when it was here already: somebody waits for it.
  return stored({}, {}, {keep.answer.reference});
}

sync::Event Session::run(const sync::AdoptDocuments& adopt) {
  return stored(store_.adopt_documents(adopt.documents, adopt.pointer));
}

sync::Event Session::run(sync::PlanPack& plan) {
  if (store_.read_only()) {
    return sync::PackPlanned{fail(ErrorCode::kReadOnly, "the list of releases cannot be written")};
  }
  receiver_ =
      std::make_unique<PackReceiver>(std::move(plan.index), plan.index_size, store_, mailbox_);
  return sync::PackPlanned{receiver_->rest()};
}

sync::Event Session::run(const sync::Fetch& fetch) {
  if (!receiver_ || !fetch.request.range) {
    return sync::Fetched{fail(ErrorCode::kInternal, "no pack is planned"), {}};
  }
  // Others may have filled the disk since the plan was made: what is left is for submissions.
  if (journal_.disk().free_bytes < fetch.request.range->count + keep_free_bytes_) {
    return sync::Fetched{fail(ErrorCode::kDiskFull, "no room for the release"), receiver_->rest()};
  }
  receiver_->begin(fetch.request.range->first);
  auto answer = transport_.send(fetch.request, receiver_.get());
  if (!receiver_->status()) answer = fail(receiver_->status().error());
  return sync::Fetched{std::move(answer), receiver_->rest()};
}

sync::Event Session::run(const sync::FinishRelease& finish) {
  Status status = finish_release(finish.manifest);
  receiver_.reset();
  return sync::Finished{std::move(status), local()};
}

Status Session::finish_release(const wire::Manifest& manifest) {
  if (!receiver_) return fail(ErrorCode::kInternal, "no pack is planned");
  auto staged = receiver_->records();
  if (!staged) return fail(staged.error());
  staged->created_ms = manifest.created_ms;
  auto items = store_.stage_records(*staged);
  if (!items) return fail(items.error());
  std::vector<crypto::ContentEntry> entries;
  entries.reserve(items->size());
  for (StoredItem& item : *items) {
    entries.push_back({item.kind, std::move(item.id), std::move(item.hash)});
  }
  // What was signed is exactly what would be shown: no two releases mixed, nothing left out.
  if (crypto::content_digest(std::move(entries)) != manifest.content_digest) {
    return fail(ErrorCode::kBadSignature, "the release is not what the manifest says");
  }
  if (auto live = store_.commit_release(staged->release, staged->created_ms); !live) return live;
  static_cast<void>(store_.collect_garbage());
  return store_.clear_staging();
}

}  // namespace

std::vector<wire::SignedDocument> certificates_heard(const Journal& journal) {
  const auto text = journal.setting(kTrustSetting);
  if (!text || !*text) return {};
  auto held = wire::from_json<wire::FeedPage>(**text);
  return held ? std::move(held->entries) : std::vector<wire::SignedDocument>();
}

Result<std::unique_ptr<SyncSession>> SyncSession::open(WorkerConfig config, Transport& transport,
                                                       const Clock& clock, Random& random,
                                                       Mailbox& mailbox) {
  auto journal = Journal::open(config.folder, probe_space, *config.files);
  if (!journal) return fail(journal.error());
  if (const Status noted = journal->note_recovery(clock.wall().time_since_epoch().count());
      !noted) {
    return fail(noted.error());
  }
  auto store = CatalogueStore::open(config.folder, *config.files);
  if (!store) return fail(store.error());
  const auto device = device_key(*journal);
  if (!device) return fail(device.error());

  sync::EngineMemory memory;
  auto identity = journal->identity();
  if (!identity) return fail(identity.error());
  const bool enrolled = identity->has_value();
  memory.identity = enrolled ? std::move(*identity) : std::move(config.factory);
  memory.device_public_key = device->public_key();
  memory.boot_id = std::move(config.boot_id);
  memory.enrol_code = code_to_use(*journal, config, enrolled);
  if (auto generation = journal->setting(kGenerationSetting); generation) {
    memory.generation = generation->value_or("");
  }
  if (auto due = journal->setting(kFormersDueSetting); due) {
    memory.formers_due = due->value_or("") == "1";
  }
  if (const auto text = journal->setting(kAuditSetting); text && *text) {
    if (auto head = wire::from_json<wire::AuditHead>(**text)) memory.audit = std::move(*head);
  }
  memory.certificates = certificates_heard(*journal);
  if (const auto text = journal->setting(kTrustMarkSetting); text && *text) {
    const std::string& digits = **text;
    std::from_chars(digits.data(), digits.data() + digits.size(), memory.certificates_mark);
  }
  if (auto documents = store->documents(); documents) memory.documents = std::move(*documents);
  if (const auto text = journal->setting(kHeartbeatSetting); text && *text) {
    std::uint32_t seconds = 0;
    const std::string& digits = **text;
    std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (seconds > 0) config.settings.heartbeat = std::chrono::seconds(seconds);
  }
  return std::make_unique<Session>(std::move(*journal), std::move(*store),
                                   std::move(config.settings), std::move(memory), transport, clock,
                                   random, mailbox);
}

}  // namespace odop::kiosk

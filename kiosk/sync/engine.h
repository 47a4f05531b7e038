// The sync engine, sans-IO: values in, values out. It decides what to ask the server and when,
// judges what came back (signatures included), and says what to store. It knows no clock, disk,
// network or thread, so that the simulator drives the very code that ships.
//
// At most one action is awaited at any time; its event must come before anything else is awaited.
//
// Numbers: full jitter between 1 s and 5 min, growing by half with each failure (design section 5;
// half rather than double, so that a kiosk finds a server that was away for a short while within
// seconds); a heartbeat a minute when nothing else is to say; batches of at most 100 envelopes and
// 512 KiB, halved on 413 and time-outs, doubled on success. Attachments go after their envelopes,
// from where the server says it has them, in pieces that are halved the same way (2 KiB at least)
// and grow by a quarter, because one that is too much for the line is sent in vain.
#pragma once

#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/sync/pack_plan.h"
#include "kiosk/sync/transport.h"
#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/program.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/crypto/trust.h"
#include "shared/wire/messages.h"
#include "shared/wire/readmission.h"
#include "shared/wire/reconciliation.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace odop::kiosk::sync {

struct EngineSettings {
  std::chrono::milliseconds heartbeat{60'000};  // jittered by a tenth
  std::chrono::milliseconds first_retry{1'000};
  std::chrono::milliseconds longest_retry{300'000};
  std::uint64_t keep_free_bytes = 256ULL * 1024 * 1024;  // a download leaves this much
  std::string app_version = "0.1.0";
  // Manifest::minimum_app above it: the release is not taken, and waits.
  std::uint32_t app_number = kProgramNumber;
  // The other side is a stick (bundle_transport.h): nothing goes up, and receipts come by Carried.
  bool carried = false;
};

struct Now {
  MonoTime mono{0};
  WallTime wall{};
};

// What the disk says; comes anew with every turn and every stored event.
struct LocalState {
  QueueState queue;
  DiskState disk;
  FeedPosition feed;
  ReleaseNumber shown;
  ReleaseNumber ready;
  bool production = false;  // or not known not to be: nobody may look inside
  bool enrol_anew = false;  // the server wants another enrolment (Journal::must_enrol_anew)
  std::optional<Former> former;
  bool was_another = false;  // something of a device that this kiosk was waits here
};

// What a server must hear of a device that this kiosk was, if it has forgotten it.
struct FormerAsk {
  std::string token;
  wire::Readmission readmission;
};

// What is known when the engine starts.
struct EngineMemory {
  std::optional<wire::EnrolAnswer> identity;
  Bytes device_public_key;  // Ed25519, made before enrolment
  std::string boot_id;
  std::string enrol_code;                          // empty = none; see LocalState::enrol_anew
  std::string generation;                          // of the server's database, as last heard
  bool formers_due = false;                        // see NoteGeneration
  wire::AuditHead audit;                           // highest that was seen; number 0 = none
  std::vector<wire::SignedDocument> certificates;  // beyond those of the identity
  std::uint32_t certificates_mark = 0;             // of the list from which they were taken
  LocalState local;
  std::optional<HeldDocuments> documents;
};

// ---- Actions: what the worker does ----

// Send it; answer with Answered.
struct Send {
  HttpRequest request;
};
// Read a page of the outbox; answer with PendingLoaded.
struct LoadPending {
  std::size_t max_count = 0;
  std::size_t max_bytes = 0;
};
// Make the key of the device that this kiosk becomes by the code, or load the one that was made
// for this code before; answer with NextKeyMade (kConflict: the code was used by this kiosk).
struct MakeNextKey {
  std::string code;
};
// All of these are answered with Stored.
struct AdoptIdentity {
  wire::EnrolAnswer identity;
  std::string code;   // that it is for
  bool anew = false;  // with the key of MakeNextKey in one commit
};
struct RecordReceipt {
  wire::BatchReceipt receipt;  // verified
};
// A restored server may have forgotten what this kiosk was before: until FormersAsked that is due,
// after a restart, too.
struct NoteGeneration {
  std::string generation;
  std::int64_t server_ms = 0;  // by the server's clock, when it named this generation
};
// The head of the server's audit log went up.
struct NoteAuditHead {
  wire::AuditHead head;
};
// The roots said more about who is to be believed.
struct KeepCertificates {
  std::vector<wire::SignedDocument> all;  // verified; replaces what was kept
  std::uint32_t mark = 0;                 // of the list from which they were taken
};
struct HoldBack {
  std::vector<Bytes> hashes;  // of envelopes
  std::int64_t until_wall_ms = 0;
};
// See which devices this kiosk was, of which something waits; answer with FormersLoaded.
struct LoadFormers {};
// What the server put off of that device is due now.
struct FreeHeld {
  std::string device_id;
};
// Of all of them the server knows, or said that it will not.
struct FormersAsked {};
// Read what a restored server must be asked for; answer with UnconfirmedLoaded.
struct LoadUnconfirmed {
  std::int64_t after = 0;  // position
  std::size_t max_count = 0;
};
// Read the next attachment; answer with AttachmentLoaded.
struct LoadAttachment {};
struct RecordAttachment {
  wire::AttachmentReceipt receipt;  // verified
};
struct HoldBackAttachment {
  Bytes hash;
  std::int64_t until_wall_ms = 0;
};
struct ApplyFeed {
  std::vector<wire::FeedEntry> entries;      // verified, in order
  std::vector<wire::BatchReceipt> receipts;  // late verdicts among them, verified
  FeedPosition next;
};
struct KeepAnswer {
  wire::SealedAnswer answer;
};
struct AdoptDocuments {
  HeldDocuments documents;  // verified
  wire::Pointer pointer;
};
// See what of this pack is here already; answer with PackPlanned.
struct PlanPack {
  wire::Manifest manifest;
  wire::PackIndex index;
  std::uint64_t index_size = 0;  // encoded
};
// Stream this range into the pack receiver, which checks each item's hash; answer with Fetched.
struct Fetch {
  HttpRequest request;
};
// Everything is here: build, check the digest, go live; answer with Finished.
struct FinishRelease {
  wire::Manifest manifest;
};
// Not awaited.
struct Tell {
  FromWorker value;
};

using Action =
    std::variant<Send, LoadPending, MakeNextKey, AdoptIdentity, RecordReceipt, NoteGeneration,
                 NoteAuditHead, KeepCertificates, HoldBack, LoadFormers, FreeHeld, FormersAsked,
                 LoadUnconfirmed, LoadAttachment, RecordAttachment, HoldBackAttachment, ApplyFeed,
                 KeepAnswer, AdoptDocuments, PlanPack, Fetch, FinishRelease, Tell>;

// ---- Events: what came of it ----

struct Answered {
  Result<HttpAnswer> answer;
};
// What a stick brings beside what the engine asks it for. Only while nothing is awaited.
struct Carried {
  std::vector<wire::SignedDocument> receipts;  // of submissions and attachments
};
// A turn begins.
struct Refreshed {
  LocalState local;
};
struct PendingLoaded {
  Result<std::vector<PendingSubmission>> page;
  std::optional<std::int64_t> next_due_wall_ms;  // when an empty page will not be empty any more
};
struct FormersLoaded {
  Result<std::vector<FormerAsk>> formers;  // oldest first
};
struct UnconfirmedLoaded {
  Result<std::vector<UnconfirmedSubmission>> page;
};
struct NextKeyMade {
  std::string code;
  Result<Bytes> public_key;
};
struct AttachmentLoaded {
  Result<std::optional<PendingAttachment>> attachment;
  std::optional<std::int64_t> next_due_wall_ms;  // when there is none now, and one is held back
};
struct Stored {
  Status status;
  LocalState local;
  std::vector<std::string> arrived;  // references
  std::vector<std::string> answers;  // references
};
struct PackPlanned {
  Result<PackPlan> plan;
};
struct Fetched {
  Result<HttpAnswer> answer;  // an error of the disk or a wrong hash stands here too
  PackPlan rest;              // what still lacks
};
struct Finished {
  Status status;
  LocalState local;
};

using Event = std::variant<Answered, Carried, Refreshed, PendingLoaded, NextKeyMade, FormersLoaded,
                           UnconfirmedLoaded, AttachmentLoaded, Stored, PackPlanned, Fetched,
                           Finished, ToWorker>;

// Threads: one.
class Engine {
 public:
  // `random` must outlive it.
  Engine(EngineSettings settings, EngineMemory memory, Random& random);

  // Judges `event`, if any, and returns what to do now: at most one action that is awaited, and any
  // number of Tell. ToWorker and Refreshed may come at any time; the others only in answer to the
  // awaited action.
  [[nodiscard]] std::vector<Action> step(Now now, std::optional<Event> event);

  // Whether an action is out whose event has not come.
  [[nodiscard]] bool awaiting() const { return doing_ != Doing::kNothing; }
  // When to call `step` without an event; nothing is due before.
  [[nodiscard]] MonoTime wake_at() const { return wake_at_; }
  [[nodiscard]] const SyncState& state() const { return state_; }

 private:
  enum class Doing : std::uint8_t {
    kNothing,
    kHello,
    kEnrol,
    kReadmit,
    kLoadFormers,
    kReadmitFormer,
    kMakeKey,
    kLoad,
    kPush,
    kLoadUnconfirmed,
    kReconcile,
    kLoadAttachment,
    kAttach,
    kHeartbeat,
    kFeed,
    kManifest,
    kIndex,
    kAsk,
    kStore,
    kAdoptIdentity,
    kAdoptDocuments,
    kKeepAnswer,
    kPlan,
    kFetch,
    kFinish,
  };

  // Deciding (engine.cpp).
  void decide(Now now);
  bool decide_upward(Now now);
  bool decide_release(Now now);
  void then(Doing doing, Action action) { next_.emplace_back(doing, std::move(action)); }
  void wait_until(MonoTime when) { wake_at_ = std::min(wake_at_, when); }
  [[nodiscard]] HttpRequest call(std::string method, std::string path, Bytes body) const;

  // What went well and what did not (engine.cpp).
  void succeeded(Now now);
  void failed(Now now, Link link, const Error& error);
  [[nodiscard]] bool accepted(Now now, const Result<HttpAnswer>& answer);
  void postpone_release(Now now, const Error& error);
  void trouble_with_release(const Error& error);
  void trust_identity();
  void trust_documents(const HeldDocuments& documents);

  // Judging (engine_answers.cpp).
  // 200 with a body that is none of ours: a login page that answers for everybody.
  [[nodiscard]] static Error not_ours(const Error& error);
  void judge(Now now, const Event& event);
  void on_call(Now now, Doing doing, const Result<HttpAnswer>& answer);
  void on_told(Now now, const ToWorker& value);
  void on_carried(Now now, const Carried& carried);
  void take_receipt(wire::BatchReceipt receipt);
  void note_generation(const std::string& generation, std::int64_t server_ms);
  void on_pending(Now now, const PendingLoaded& loaded);
  void on_push(Now now, const Result<HttpAnswer>& answer);
  void on_heartbeat(Now now, const HttpAnswer& answer);
  void learn(Now now, const wire::HeartbeatAnswer& heartbeat);
  void on_feed(Now now, const HttpAnswer& answer);
  void on_asked(Now now, const Result<HttpAnswer>& answer);
  void on_stored(Now now, Doing doing, const Stored& stored);
  void on_local(const LocalState& local);

  // What a restored server may have lost (engine_reconcile.cpp).
  bool decide_reconciliation(Now now);
  void on_unconfirmed(Now now, const UnconfirmedLoaded& loaded);
  void on_reconciled(Now now, const Result<HttpAnswer>& answer);

  // Enrolment, and enrolment anew (engine_enrolment.cpp).
  bool decide_enrolment(Now now);
  bool decide_enrolling_anew(Now now);
  void ask_to_enrol(const Bytes& public_key);
  void on_hello(Now now, const HttpAnswer& answer);
  void on_enrol(Now now, const Result<HttpAnswer>& answer);
  void on_next_key(Now now, const NextKeyMade& made);
  void become(Now now);
  void on_readmitted(Now now, const Result<HttpAnswer>& answer);
  // The same for the devices that this kiosk was.
  bool decide_formers(Now now);
  void on_formers(const FormersLoaded& loaded);
  void on_former_readmitted(Now now, const Result<HttpAnswer>& answer);
  void formers_done();

  // Attachments (engine_attachments.cpp).
  bool decide_attachments(Now now);
  void on_attachment(Now now, const AttachmentLoaded& loaded);
  void on_attached(Now now, const Result<HttpAnswer>& answer);

  // Releases (engine_release.cpp).
  void judge_documents(Now now, const wire::SignedDocument& pointer,
                       const std::optional<wire::SignedDocument>& manifest);
  void adopt(Now now, const wire::SignedDocument& pointer, const wire::SignedDocument& manifest,
             const wire::Pointer& checked);
  void on_manifest(Now now, const HttpAnswer& answer);
  void on_documents_stored(Now now);
  void on_index(Now now, const Result<HttpAnswer>& answer);
  void on_planned(Now now, const PackPlanned& planned);
  void on_fetched(Now now, const Fetched& fetched);
  void on_finished(Now now, const Finished& finished);
  // Whether a newer release is on show that has come to this kiosk.
  [[nodiscard]] bool offered_release() const;
  [[nodiscard]] bool wants_release() const;
  [[nodiscard]] std::string pack_path() const;

  EngineSettings settings_;
  EngineMemory memory_;
  Random& random_;
  crypto::Trust trust_;
  SyncState state_;
  std::optional<SyncState> told_;
  std::vector<FromWorker> tell_;

  Doing doing_ = Doing::kNothing;
  std::deque<std::pair<Doing, Action>> next_;  // awaited actions that follow
  MonoTime wake_at_{0};
  MonoTime retry_at_{0};       // back-off; a fresh submission may try once before
  MonoTime not_before_{0};     // the server said so (Retry-After); nothing goes before
  MonoTime refused_until_{0};  // 401 or 403: only pushes go before
  bool readmission_due_ = false;
  MonoTime readmit_from_{0};  // not before: the last one was granted and may have helped nothing
  bool formers_due_ = false;
  MonoTime formers_from_{0};       // not before: they were asked for
  std::deque<FormerAsk> formers_;  // that are left to ask for, oldest first
  MonoTime heartbeat_at_{0};
  MonoTime push_at_{0};               // everything in the outbox is held back until then
  MonoTime attach_at_{0};             // every attachment is held back until then
  MonoTime reconcile_at_{0};          // the server was asked for all that is unconfirmed
  std::int64_t reconciled_upto_ = 0;  // position; so far in this round
  std::int64_t asking_upto_ = 0;      // the same, when what is out is answered
  MonoTime release_at_{0};     // the release on offer cannot be had before (disk full, bad pack)
  double retry_bound_ms_ = 0;  // grows with each failure
  bool push_now_ = false;
  bool greeted_ = false;  // hello was answered
  std::size_t batch_count_ = wire::kMaxBatchEnvelopes;
  std::vector<Bytes> sent_hashes_;              // of the batch that is out
  std::optional<wire::EnrolAnswer> enrolling_;  // until it is stored
  // A one-time code and the public key that goes with it: another one may be typed at any moment.
  struct CodeAndKey {
    std::string code;
    Bytes public_key;
  };
  std::optional<CodeAndKey> next_key_;
  CodeAndKey asked_with_;  // of the request that is out
  // The piece of an attachment that is out.
  struct Piece {
    Bytes hash;
    std::size_t offset = 0;
    std::size_t size = 0;
  };
  Piece piece_;
  std::size_t piece_bytes_ = wire::kMaxAttachmentBytes;  // most bytes of the next one
  std::size_t piece_limit_ = wire::kMaxAttachmentBytes;  // what the server takes, as it seems
  FeedPosition feed_head_;
  std::deque<std::string> asked_;  // references to ask for online

  std::optional<wire::Pointer> pointer_;
  std::optional<wire::Manifest> manifest_;
  std::optional<HeldDocuments> adopting_;                // until they are stored
  std::optional<wire::SignedDocument> pointer_waiting_;  // for its manifest
  bool complete_only_ = false;                           // the pack from our release was no good
  ReleaseNumber pack_from_;
  std::optional<PackPlan> plan_;
  std::uint64_t plan_bytes_ = 0;
  std::string release_trouble_;  // stays told while the line is fine
};

// Full jitter's next bound. Pure.
[[nodiscard]] double next_retry_bound_ms(double bound_ms, const EngineSettings& settings);

}  // namespace odop::kiosk::sync

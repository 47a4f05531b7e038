// The server's protocol over memory, for tests of the kiosk: keys, enrolment, push, feed, releases.
// It keeps the rules of the design and can be told to break one, so that a test can prove itself.
#pragma once

#include "kiosk/sync/transport.h"
#include "shared/core/bytes.h"
#include "shared/crypto/seal.h"
#include "shared/crypto/sign.h"
#include "shared/wire/messages.h"
#include "tests/support/temp_folder.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace odop::test {

struct Medium {
  wire::ItemKind kind = wire::ItemKind::kPicture;
  Bytes bytes;

  [[nodiscard]] bool operator==(const Medium&) const = default;
};

class FakeServer {
 public:
  // Keys and releases that were signed with them. Servers that come one after the other may share a
  // workshop, so that thousands of histories need not make and sign the same things again.
  struct Workshop;
  [[nodiscard]] static std::shared_ptr<Workshop> new_workshop();

  // Rules to break.
  struct Mutation {
    bool forgets_duplicates = false;     // no unique key: a repeated envelope is stored again
    bool answers_before_commit = false;  // says "stored"; each fifth is lost before the commit
    bool covers_without_backup = false;  // claims a verified backup of everything it has
    bool foreign_key = false;            // signs receipts with a key that nobody vouched for
    bool stores_first_piece = false;     // says that an attachment is stored after its first piece
    bool ignores_offset = false;         // appends each piece of one, and never checks its hash
    bool forgets_withdrawals = false;    // one that comes before what it withdraws is lost
    bool restarts_revisions = false;     // a restored server numbers answers as the backup did
    bool bad_item_blocks = false;        // takes nothing of a kiosk behind one that it refused
    bool forgets_reports = false;        // keeps no account of what kiosks say they gave out
    bool rejects_versions = false;       // rejects for good what speaks another protocol
    bool confirms_unseen = false;        // says that it has whatever a kiosk gave up
    bool drops_forks = false;            // keeps the first of two that share a sequence alone
    bool operator==(const Mutation&) const = default;
  };

  explicit FakeServer(std::shared_ptr<Workshop> workshop = new_workshop());

  // A one-time code; enrolling twice with the same code and the same key gives the same identity.
  [[nodiscard]] std::string add_kiosk();
  void revoke(const std::string& device_id) { revoked_.insert(device_id); }
  // What a restore of the last backup does: another generation, without what came after it.
  void restore();
  // A verified backup of everything that is stored now.
  void back_up();
  // The last backup is no more, and the one before it is restored. False: there is none.
  bool restore_older();

  // The program dies at the `operations`-th thing that it stores from now on, before or after; it
  // answers nobody until it is revived.
  void die_after(std::uint64_t operations) { dies_after_ = operations; }
  [[nodiscard]] bool dead() const { return dead_; }
  [[nodiscard]] std::size_t deaths() const { return deaths_; }
  void revive() {
    dead_ = false;
    dies_after_ = 0;
  }
  // Number and sequence of what kiosks said they gave out and that is not here.
  [[nodiscard]] std::set<std::pair<std::uint64_t, std::uint64_t>> never_came() const;

  // Everything that was not backed up, without a new generation: what a server must never do.
  void forget_rows();

  [[nodiscard]] kiosk::HttpAnswer handle(const kiosk::HttpRequest& request);

  // Records "type/id" -> JSON and media; gives the release's number.
  std::uint64_t publish(const std::map<std::string, std::string>& records,
                        const std::vector<Medium>& media);
  // A pointer of a higher serial for the newest release.
  void repoint(std::vector<std::string> taken_down, std::int64_t expires_ms);
  // Answers a submission that arrived: seals under its reference and code, puts it into all feeds.
  // Puts a configuration into all feeds.
  void configure(const std::string& json);
  // Another publisher signs from now on, for whom the root vouches; its word for the old one is
  // taken back. The fleet learns it by heartbeats. At most once.
  void rotate_publisher();
  // What an enemy would say to a push: everything is stored. `believed`: signed as the server does.
  [[nodiscard]] kiosk::HttpAnswer forge_receipt(const kiosk::HttpRequest& push,
                                                bool believed) const;
  void answer(const std::string& reference, const std::string& text, bool into_feed = true);

  // As an opener does: looks for withdrawals whose target is here, of whichever came first, and
  // tells all kiosks.
  void open_withdrawals();
  [[nodiscard]] bool withdrawn(const std::string& reference) const {
    return restricted_.contains(reference);
  }
  // Puts words that no kiosk can open into all feeds, as an answer to what arrived; without the
  // cost of sealing one. Empty when it is not here, or withdrawn.
  std::optional<wire::SealedAnswer> answer_sealed(const std::string& reference);

  struct Row {
    std::string device;
    std::uint64_t epoch = 0;
    std::uint64_t sequence = 0;
    Bytes hash;
    Bytes envelope;
    std::string reference;
    std::vector<wire::SealedAttachment> attachments;
    wire::Kind kind = wire::Kind::kEnquiry;
  };
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  // The body of a stored row, opened with the server's key.
  [[nodiscard]] wire::SubmissionBody open(const Row& row) const;

  // Whether a submission is here with all of its attachments.
  [[nodiscard]] bool whole(const std::string& reference) const;
  // What was said for a field; empty while it is not here.
  [[nodiscard]] Bytes recording(const Row& row, const std::string& field) const;
  // For tests that sign what no honest server would.
  [[nodiscard]] const crypto::SigningKey& root_key() const;
  [[nodiscard]] const crypto::SigningKey& publisher_key() const;
  [[nodiscard]] const crypto::SigningKey& server_key() const;

  Mutation mutation;
  std::int64_t now_ms = 1'800'000'000'000;
  std::uint32_t minimum_app = 1;                      // what the next releases want
  std::size_t max_batch = wire::kMaxBatchEnvelopes;   // above it: 413
  std::size_t max_piece = wire::kMaxAttachmentBytes;  // of an attachment; above it: 413
  std::optional<std::uint32_t> busy_s;                // 503 with Retry-After
  std::set<std::string> hold_back;                    // references that get retry_after 30 s
  std::set<std::string> refuse;                       // references that are rejected for good
  bool knows_reconciliation = true;
  // What is restored knows whom its backup knew, and lets the others in again by their tokens.
  bool forgets_kiosks = false;
  std::string broken_media;                  // hex hash: its bytes come damaged
  std::map<std::string, std::size_t> calls;  // by path without query
  std::optional<wire::HeartbeatAnswer> last_heartbeat_answer;
  std::optional<wire::Heartbeat> last_heartbeat;

 private:
  struct Device {
    std::string id;
    std::uint64_t number = 0;
    std::string token;
    Bytes public_key;
    std::vector<wire::FeedEntry> feed;
    Sequence given_out;      // as it said
    std::string former{};    // code of the device that its kiosk was before
    bool forgotten = false;  // by a restored server

    [[nodiscard]] bool known() const { return !public_key.empty() && !forgotten; }
  };
  // What stood there of a device.
  struct DeviceThen {
    std::size_t feed = 0;  // entries
    Sequence given_out;
    std::string former;
    bool known = false;
  };
  struct Backup {
    std::size_t rows = 0;
    std::map<Bytes, Bytes> attachments;
    std::map<std::string, wire::SealedAnswer> answers;
    std::map<std::string, DeviceThen> devices;  // by code
  };
  struct Release {
    std::map<std::string, std::string> records;
    std::map<std::pair<wire::ItemKind, std::string>, Bytes> media;  // hex -> bytes
    std::map<std::uint64_t, Bytes> packs;                           // by from
    wire::SignedDocument manifest;
  };

  [[nodiscard]] kiosk::HttpAnswer answer_to(const kiosk::HttpRequest& request);
  // Counts one step of storing. Throws Died when the program dies at it.
  void live();
  kiosk::HttpAnswer hello() const;
  kiosk::HttpAnswer enrol(const Bytes& body);
  kiosk::HttpAnswer readmit(const kiosk::HttpRequest& request);
  [[nodiscard]] kiosk::HttpAnswer enrolment_of(const Device& device) const;
  kiosk::HttpAnswer push(const Device& device, const Bytes& body);
  kiosk::HttpAnswer heartbeat(Device& device, const Bytes& body);
  kiosk::HttpAnswer feed(const Device& device, std::uint64_t after) const;
  kiosk::HttpAnswer asked(const std::string& reference) const;
  kiosk::HttpAnswer pack(const kiosk::HttpRequest& request, std::uint64_t number,
                         std::uint64_t from) const;
  kiosk::HttpAnswer attach(const Device& device, const std::string& hex, std::uint64_t offset,
                           const Bytes& piece);
  kiosk::HttpAnswer reconcile(const Device& device, const Bytes& body);
  [[nodiscard]] bool all_here(const Row& row) const;  // its recordings
  [[nodiscard]] Sequence covered(const Device& device) const;
  void into_all_feeds(wire::FeedKind kind, const Bytes& payload);
  void into_feed(Device& device, wire::FeedKind kind, const Bytes& payload) const;
  void demand_enrolment(Device& device) const;
  void note_former(Device& device, const std::string& id, const Bytes& signature);
  // Whether `id` is this device or one that its kiosk was before.
  [[nodiscard]] bool is_or_was(const Device& device, const std::string& id) const;
  wire::Verdict judge(const Bytes& envelope);
  wire::SignedDocument certificate(const std::string& role, const Bytes& key) const;
  [[nodiscard]] const crypto::SigningKey& publisher() const;
  [[nodiscard]] Release make_release(const std::map<std::string, std::string>& records,
                                     const std::vector<Medium>& media) const;
  wire::PackOffer write_pack(Release& release, std::uint64_t number, std::uint64_t from) const;

  struct Died {};

  TempFolder folder_;
  std::uint64_t dies_after_ = 0;  // 0: it does not
  bool dead_ = false;
  std::size_t deaths_ = 0;
  std::shared_ptr<Workshop> workshop_;
  std::string generation_ = "018f0000-0000-7000-8000-0000000000a1";
  std::uint64_t generations_ = 1;
  Backup backup_;
  bool backed_up_ = false;
  std::optional<Backup> older_backup_;
  std::size_t taken_ = 0;                  // envelopes that were judged as new
  std::map<std::string, Device> devices_;  // by code
  std::set<std::string> revoked_;          // device ids
  std::vector<Row> rows_;
  std::map<Bytes, Bytes> attachments_;  // by hash
  std::map<Bytes, Bytes> pieces_;       // of those that are not whole
  std::uint64_t feed_floor_ = 0;        // no new entry at or below this position
  std::uint32_t answer_floor_ = 0;      // no new answer's revision either
  std::map<std::tuple<std::string, std::uint64_t, std::uint64_t>, std::set<Bytes>> seen_;
  std::map<std::string, std::uint64_t> refused_from_;  // device -> first sequence (bad_item_blocks)
  bool rotated_ = false;
  std::vector<wire::SignedDocument> certificates_;  // beyond the two of the enrolment
  std::map<std::string, wire::SealedAnswer> answers_;
  std::set<std::string> restricted_;  // references
  std::set<Bytes> looked_at_;         // withdrawals, by hash, that will not be looked at again
  std::vector<std::shared_ptr<const Release>> releases_;  // number - 1
  // What was verified, opened and signed already, by hash or by device and position.
  std::set<std::pair<std::string, Bytes>> verified_;  // device id, envelope
  mutable std::map<Bytes, wire::SubmissionBody> opened_;
  mutable std::map<std::pair<std::string, std::uint64_t>, wire::SignedDocument> signed_entries_;
  std::optional<wire::Pointer> pointer_;
  wire::SignedDocument pointer_document_;
};

}  // namespace odop::test

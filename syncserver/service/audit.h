// The audit log: who did what on which ids, and when. Every act of an admin or officer is entered
// twice, "ordered" before it begins and with its outcome after: an order without an outcome is a
// command that was cut off. Looking at personal data is entered once. No personal data is entered.
//
// Three things bind the log. Each entry names the hash of the one before, so that none can be
// changed, taken out or moved. The server's key signs each entry's number and hash, so that nobody
// with the database alone can write the chain anew. The newest head is kept outside of the database
// (keys/audit.head) and by the kiosks (they get it with a heartbeat and name it in the next), so
// that a log cut shorter shows.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/crypto/sign.h"
#include "shared/wire/messages.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::syncserver {

// The one act whose entry leaves a gap of numbers before it: what was entered after the backup is
// gone, and none of its numbers may be given out again.
inline constexpr std::string_view kRestoreAct = "restore";
inline constexpr std::uint32_t kRestoreStep = 1'000;
// Longer subjects and outcomes are cut; control characters become spaces.
inline constexpr std::size_t kMaxAuditText = 1'000;
inline constexpr std::size_t kMaxActorBytes = 64;

// Where the newest head lies beside the database.
[[nodiscard]] std::filesystem::path audit_anchor(const DataFolder& folder);

// Writes entries in one person's name. References outlive it; threads: one.
class AuditLog {
 public:
  AuditLog(Store& store, const crypto::SigningKey& server, const Clock& clock, DataFolder folder,
           std::string actor)
      : store_(store),
        server_(server),
        clock_(clock),
        folder_(std::move(folder)),
        actor_(std::move(actor)) {}

  // Before an act; its number. Without it nothing may be done. Errors: those of Store.
  [[nodiscard]] Result<std::uint64_t> order(std::string_view act, std::string_view subject);
  // After it.
  [[nodiscard]] Status finish(std::uint64_t order, std::string_view act, std::string_view subject,
                              std::string_view outcome);
  // What is entered once.
  [[nodiscard]] Status note(std::string_view act, std::string_view subject,
                            std::string_view outcome);
  // The first entry after a restore.
  [[nodiscard]] Status note_restore(std::string_view backup, std::string_view outcome);

 private:
  Result<AuditEntry> append(std::uint64_t order, std::string_view act, std::string_view subject,
                            std::string_view outcome, std::uint32_t step = 1);
  // Never a lower one over a higher.
  [[nodiscard]] Status keep_anchor(const AuditEntry& entry);

  Store& store_;
  const crypto::SigningKey& server_;
  const Clock& clock_;
  DataFolder folder_;
  std::string actor_;
};

// ---- Checking: pure

// SHA-256 over every field but hash and head.
[[nodiscard]] Bytes audit_hash(const AuditEntry& entry);
// Whether this entry by itself is what was written: its hash, and the server's signature over it.
[[nodiscard]] bool is_whole(const AuditEntry& entry, const Bytes& server_public_key);
// Whether `next` may follow `last` (nullptr: whether it may be the first).
[[nodiscard]] bool follows(const AuditEntry* last, const AuditEntry& next);

// What is known of the log from elsewhere.
struct AuditEvidence {
  std::optional<wire::AuditHead> anchor{};  // its signature was checked
  bool anchor_damaged = false;
  std::vector<FleetHead> fleet{};
};

// Takes all entries in the order of their numbers, then says what is wrong.
class AuditCheck {
 public:
  AuditCheck(AuditEvidence evidence, Bytes server_public_key);
  void take(const AuditEntry& entry);
  // After the last one; `given` is the highest number that was ever given out.
  [[nodiscard]] std::vector<std::string> problems(std::uint64_t given) const;
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  struct Witness {
    std::string name;  // who says so
    std::uint64_t number = 0;
    Bytes hash;
    bool met = false;
  };
  struct Gap {
    std::uint64_t from = 0;  // last number before
    std::uint64_t to = 0;    // first after
  };

  AuditEvidence evidence_;
  Bytes server_public_key_;
  std::vector<Witness> witnesses_;
  std::optional<AuditEntry> last_;
  std::vector<Gap> gaps_;  // of restores
  std::vector<std::string> problems_;
  std::size_t count_ = 0;
};

// ---- Checking what is stored

// Whether the log has this head, or a restore threw it away.
[[nodiscard]] Result<bool> holds_audit_head(Store& store, const FleetHead& head);

// What is wrong with the log; empty = nothing. Errors: those of Store.
struct AuditReport {
  std::size_t entries = 0;
  std::vector<std::string> problems{};
};
[[nodiscard]] Result<AuditReport> check_audit(Store& store, const crypto::SigningKey& server,
                                              const DataFolder& folder);

}  // namespace odop::syncserver

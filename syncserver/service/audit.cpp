#include "syncserver/service/audit.h"

#include "shared/crypto/digest.h"
#include "shared/text/normalise.h"
#include "shared/wire/json.h"
#include "syncserver/service/media_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace odop::syncserver {

namespace {

constexpr std::string_view kPurpose = "audit";
constexpr std::size_t kMaxAnchorBytes = 4 * 1024;
constexpr std::size_t kPage = 500;
constexpr std::size_t kMaxProblemsListed = 100;

void put(Bytes& out, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

void put(Bytes& out, std::string_view text) {
  put(out, text.size());
  out += text;
}

// One line of at most kMaxAuditText bytes, cut between characters.
std::string clean(std::string_view text) {
  constexpr std::string_view kCut = " ...";
  std::string line(text.substr(0, kMaxAuditText));
  if (text.size() > kMaxAuditText) {
    line.resize(kMaxAuditText - kCut.size());
    while (!line.empty() && !is_utf8(line)) line.pop_back();
    line += kCut;
  }
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return is_utf8(line) ? line : std::string("(no text)");
}

Result<wire::AuditHead> read_head(std::string_view json, const Bytes& server_public_key) {
  const auto document = wire::from_json<wire::SignedDocument>(json);
  if (!document.has_value()) return fail(document.error());
  // JSON has many spellings; this one was written by us.
  if (wire::to_json(*document) != json) return fail(ErrorCode::kCorrupt, "head of the audit log");
  const Status good = crypto::verify_document(*document, kPurpose, server_public_key);
  if (!good.has_value()) return fail(good.error());
  return wire::from_json<wire::AuditHead>(document->payload);
}

}  // namespace

std::filesystem::path audit_anchor(const DataFolder& folder) {
  return folder.keys() / "audit.head";
}

// ---- Writing

Result<AuditEntry> AuditLog::append(std::uint64_t order, std::string_view act,
                                    std::string_view subject, std::string_view outcome,
                                    std::uint32_t step) {
  AuditEntry entry;
  entry.at_ms = clock_.wall().time_since_epoch().count();
  entry.actor = actor_;
  entry.act = act;
  entry.subject = clean(subject);
  entry.outcome = clean(outcome);
  entry.order = order;
  const auto seal = [this](AuditEntry& made) {
    made.hash = audit_hash(made);
    made.head = wire::to_json(crypto::sign_document(
        kPurpose, wire::to_json(wire::AuditHead{made.number, made.hash}), server_));
  };
  return store_.append_audit(entry, seal, step);
}

Status AuditLog::keep_anchor(const AuditEntry& entry) {
  const auto file = audit_anchor(folder_);
  if (const auto held = read_file(file, kMaxAnchorBytes); held.has_value()) {
    const auto head = read_head(*held, server_.public_key());
    if (head.has_value() && head->number > entry.number) return {};
  }
  return write_durably(file, entry.head, 0600);
}

Result<std::uint64_t> AuditLog::order(std::string_view act, std::string_view subject) {
  const auto entry = append(0, act, subject, "ordered");
  if (!entry.has_value()) return fail(entry.error());
  return entry->number;
}

Status AuditLog::finish(std::uint64_t order, std::string_view act, std::string_view subject,
                        std::string_view outcome) {
  const auto entry = append(order, act, subject, outcome);
  if (!entry.has_value()) return fail(entry.error());
  return keep_anchor(*entry);
}

Status AuditLog::note(std::string_view act, std::string_view subject, std::string_view outcome) {
  return finish(0, act, subject, outcome);
}

Status AuditLog::note_restore(std::string_view backup, std::string_view outcome) {
  const auto entry = append(0, kRestoreAct, backup, outcome, kRestoreStep);
  if (!entry.has_value()) return fail(entry.error());
  return keep_anchor(*entry);
}

// ---- Checking

Bytes audit_hash(const AuditEntry& entry) {
  Bytes text = crypto::signing_domain("audit-entry");
  put(text, entry.number);
  put(text, static_cast<std::uint64_t>(entry.at_ms));
  put(text, entry.actor);
  put(text, entry.act);
  put(text, entry.subject);
  put(text, entry.outcome);
  put(text, entry.order);
  put(text, entry.previous);
  return crypto::sha256(text);
}

bool is_whole(const AuditEntry& entry, const Bytes& server_public_key) {
  if (audit_hash(entry) != entry.hash) return false;
  const auto head = read_head(entry.head, server_public_key);
  return head.has_value() && head->number == entry.number && head->hash == entry.hash;
}

bool follows(const AuditEntry* last, const AuditEntry& next) {
  const std::uint64_t number = last == nullptr ? 0 : last->number;
  const bool adjoining = next.number == number + 1;
  const bool restored = next.act == kRestoreAct && next.number > number;
  return (adjoining || restored) && next.previous == (last == nullptr ? Bytes{} : last->hash);
}

AuditCheck::AuditCheck(AuditEvidence evidence, Bytes server_public_key)
    : evidence_(std::move(evidence)), server_public_key_(std::move(server_public_key)) {
  if (evidence_.anchor) {
    witnesses_.push_back({"keys/audit.head", evidence_.anchor->number, evidence_.anchor->hash});
  }
  for (const FleetHead& head : evidence_.fleet) {
    witnesses_.push_back({fmt::format("kiosk {}", head.kiosk), head.number, head.hash});
  }
}

void AuditCheck::take(const AuditEntry& entry) {
  ++count_;
  if (!is_whole(entry, server_public_key_)) {
    problems_.push_back(fmt::format("audit log: entry {} was changed", entry.number));
  }
  if (!follows(last_ ? &*last_ : nullptr, entry)) {
    problems_.push_back(fmt::format("audit log: entry {} does not follow entry {}", entry.number,
                                    last_ ? last_->number : 0));
  }
  const std::uint64_t before = last_ ? last_->number : 0;
  if (entry.act == kRestoreAct && entry.number > before + 1) {
    gaps_.push_back({before, entry.number});
  }
  for (Witness& witness : witnesses_) {
    if (witness.number == entry.number && witness.hash == entry.hash) witness.met = true;
  }
  last_ = entry;
}

std::vector<std::string> AuditCheck::problems(std::uint64_t given) const {
  std::vector<std::string> all = problems_;
  const std::uint64_t newest = last_ ? last_->number : 0;
  if (given != newest) {
    all.push_back(fmt::format(
        "audit log: it ends with entry {}, but the number {} was given out last", newest, given));
  }
  if (evidence_.anchor_damaged) all.emplace_back("audit log: keys/audit.head was changed");
  if (newest != 0 && !evidence_.anchor && !evidence_.anchor_damaged) {
    all.emplace_back("audit log: keys/audit.head is missing");
  }
  for (const Witness& witness : witnesses_) {
    // What a restore threw away is known to be gone: the entry of the restore says so.
    const bool restored_away = std::ranges::any_of(gaps_, [&witness](const Gap& gap) {
      return gap.from < witness.number && witness.number < gap.to;
    });
    if (witness.met || restored_away) continue;
    all.push_back(fmt::format("audit log: {} holds a head of entry {} that is not in the log",
                              witness.name, witness.number));
  }
  if (all.size() > kMaxProblemsListed) all.resize(kMaxProblemsListed);
  return all;
}

Result<bool> holds_audit_head(Store& store, const FleetHead& head) {
  // The entry itself, or the one after the gap in which it would lie.
  const auto next = store.audit_after(head.number - 1, 1);
  if (!next.has_value()) return fail(next.error());
  if (next->empty()) return false;
  const AuditEntry& entry = next->front();
  if (entry.number == head.number) return entry.hash == head.hash;
  return entry.act == kRestoreAct;
}

Result<AuditReport> check_audit(Store& store, const crypto::SigningKey& server,
                                const DataFolder& folder) {
  // What is known from elsewhere first: entries that are added meanwhile harm nothing then.
  AuditEvidence evidence;
  auto fleet = store.fleet_heads();
  if (!fleet.has_value()) return fail(std::move(fleet.error()));
  evidence.fleet = std::move(*fleet);
  if (const auto held = read_file(audit_anchor(folder), kMaxAnchorBytes); held.has_value()) {
    auto head = read_head(*held, server.public_key());
    evidence.anchor_damaged = !head.has_value();
    if (head.has_value()) evidence.anchor = std::move(*head);
  } else if (held.error().code != ErrorCode::kNotFound) {
    evidence.anchor_damaged = true;
  }

  AuditCheck check(std::move(evidence), server.public_key());
  std::uint64_t after = 0;
  std::optional<std::uint64_t> given;
  for (;;) {
    const auto page = store.audit_after(after, kPage);
    if (!page.has_value()) return fail(page.error());
    for (const AuditEntry& entry : *page) check.take(entry);
    if (!page->empty()) {
      after = page->back().number;
      continue;
    }
    // At the end; unless one was added since the last look.
    const auto now_given = store.audit_given();
    if (!now_given.has_value()) return fail(now_given.error());
    if (std::exchange(given, *now_given) == *now_given) break;
  }
  return AuditReport{check.count(), check.problems(*given)};
}

}  // namespace odop::syncserver

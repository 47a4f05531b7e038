// What comes down: answers, withdrawals, configuration.
#include "kiosk/store/journal.h"
#include "kiosk/store/journal_settings.h"
#include "shared/wire/codec.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <utility>

namespace odop::kiosk {
namespace {

using store::Blob;
using store::Connection;
using store::Transaction;

Result<FeedPosition> read_feed_position(const Connection& database) {
  const auto text = read_setting(database, kFeedPositionSetting);
  if (!text) return fail(text.error());
  FeedPosition position;
  const std::string digits = text->value_or("0");
  std::from_chars(digits.data(), digits.data() + digits.size(), position.value);
  return position;
}

Result<bool> store_answer(Connection& database, const wire::SealedAnswer& answer) {
  const auto changed = database.run(
      "INSERT INTO answer SELECT ?,?,? WHERE NOT EXISTS (SELECT 1 FROM withdrawn w WHERE "
      "w.reference=?) ON CONFLICT(reference) DO UPDATE SET revision=excluded.revision, "
      "sealed=excluded.sealed WHERE excluded.revision > answer.revision",
      std::string_view(answer.reference), static_cast<std::int64_t>(answer.revision),
      Blob{wire::encode(answer)}, std::string_view(answer.reference));
  if (!changed) return fail(changed.error());
  return *changed > 0;
}

}  // namespace

Result<FeedPosition> Journal::feed_position() const { return read_feed_position(database_); }

Result<std::vector<std::string>> Journal::apply_feed(std::span<const wire::FeedEntry> entries,
                                                     FeedPosition next) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  const auto known = read_feed_position(database_);
  if (!known) return fail(known.error());
  std::vector<std::string> changed;
  bool erased = false;
  bool withdrew = false;
  for (const wire::FeedEntry& entry : entries) {
    if (entry.position <= *known) continue;
    if (entry.kind == wire::FeedKind::kAnswer) {
      // Signed by the server, so an entry that does not read is from a newer one: pass over it.
      const auto answer = wire::decode<wire::SealedAnswer>(entry.payload);
      if (!answer) continue;
      const auto is_new = store_answer(database_, *answer);
      if (!is_new) return fail(is_new.error());
      if (*is_new) changed.push_back(answer->reference);
    } else if (entry.kind == wire::FeedKind::kWithdrawal) {
      const std::string_view reference = entry.payload;
      const auto marked = database_.run("INSERT OR IGNORE INTO withdrawn VALUES(?)", reference);
      if (!marked) return fail(marked.error());
      const auto gone = database_.run("DELETE FROM answer WHERE reference=?", reference);
      if (!gone) return fail(gone.error());
      withdrew = withdrew || *marked > 0 || *gone > 0;
      if (*gone > 0) changed.emplace_back(reference);
      const auto covered = database_.integer(
          "SELECT count(*) FROM submission WHERE reference=? AND envelope IS NULL", reference);
      if (!covered) return fail(covered.error());
      erased = erased || (*marked > 0 && covered->value_or(0) > 0);
    } else if (entry.kind == wire::FeedKind::kConfiguration) {
      const auto set = nlohmann::json::parse(entry.payload, nullptr, false);
      if (!set.is_object()) continue;
      if (set.contains("mode") && set.at("mode").is_string()) {
        const auto mode = set.at("mode").get<std::string>();
        // First, so that no cut leaves a kiosk in production without a word of it.
        if (auto marked = write_run_mode(folder_, run_mode_of(mode)); !marked) {
          return fail(marked.error());
        }
        const Setting setting{kModeSetting, mode};
        if (auto kept = keep_settings({&setting, 1}); !kept) return fail(kept.error());
      }
      if (set.contains(wire::kEnrolAnew) && set.at(wire::kEnrolAnew).is_string()) {
        const auto device = set.at(wire::kEnrolAnew).get<std::string>();
        if (auto noted = note_demand(device); !noted) return fail(noted.error());
      }
      if (set.contains("staff") && set.at("staff").is_array()) {
        const std::string staff = set.at("staff").dump();
        const Setting setting{kStaffSetting, staff};
        if (auto kept = keep_settings({&setting, 1}); !kept) return fail(kept.error());
      }
    }
  }
  if (next > *known) {
    if (auto moved = write_setting(database_, kFeedPositionSetting, std::to_string(next.value));
        !moved) {
      return fail(moved.error());
    }
  }
  if (withdrew) drop_backup();
  if (auto committed = commit(*transaction); !committed) return fail(committed.error());
  // What a backup covers, and the outbox may still hold; the rest goes when it is covered.
  if (erased) compact_outbox(true);
  return changed;
}

// Of this device alone: a copy, or the device that this kiosk was before, is somebody else.
Status Journal::note_demand(std::string_view device) {
  const auto identity = this->identity();
  if (!identity) return fail(identity.error());
  if (!*identity || (*identity)->device_id != device) return {};
  const auto known = read_setting(database_, kAnewSetting);
  if (!known) return fail(known.error());
  if (*known == device) return {};
  const Setting setting{kAnewSetting, device};
  return keep_settings({&setting, 1});
}

Result<bool> Journal::keep_answer(const wire::SealedAnswer& answer) {
  return store_answer(database_, answer);
}

Result<std::optional<wire::SealedAnswer>> Journal::answer(std::string_view reference) const {
  auto row = database_.query("SELECT sealed FROM answer WHERE reference=?", reference);
  if (!row) return fail(row.error());
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return std::optional<wire::SealedAnswer>{};
  auto answer = wire::decode<wire::SealedAnswer>(row->blob_view(0));
  if (!answer) return fail(ErrorCode::kCorrupt, "answer: " + answer.error().context);
  return std::optional{std::move(*answer)};
}

}  // namespace odop::kiosk

#include "tests/sim/service_mistakes.h"

#include "shared/crypto/digest.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "shared/wire/reconciliation.h"
#include "tests/support/push_tools.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace odop::test {
namespace {

using kiosk::HttpAnswer;
using kiosk::HttpRequest;

template <typename T>
T done(Result<T> result) {
  if (!result) throw std::runtime_error("mistake: " + result.error().context);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// Those that a database makes by itself.
std::string spoilt_by(const FakeServer::Mutation& mutation) {
  std::string sql;
  if (mutation.forgets_duplicates) sql += "DROP INDEX IF EXISTS submissions_key;";
  if (mutation.answers_before_commit) {
    sql +=
        "CREATE TRIGGER IF NOT EXISTS not_committed BEFORE INSERT ON submissions "
        "WHEN NEW.id % 5 = 1 BEGIN SELECT RAISE(IGNORE); END;";
  }
  if (mutation.drops_forks) {
    sql +=
        "CREATE TRIGGER IF NOT EXISTS fork_dropped BEFORE INSERT ON submissions "
        "WHEN EXISTS (SELECT 1 FROM submissions WHERE device = NEW.device AND epoch = NEW.epoch "
        "AND sequence = NEW.sequence) BEGIN SELECT RAISE(IGNORE); END;";
  }
  if (mutation.answers_before_commit || mutation.drops_forks) {
    sql +=
        "CREATE TRIGGER IF NOT EXISTS with_its_row BEFORE INSERT ON attachments "
        "WHEN NOT EXISTS (SELECT 1 FROM submissions WHERE id = NEW.submission) "
        "BEGIN SELECT RAISE(IGNORE); END;";
  }
  if (mutation.forgets_withdrawals) {
    sql +=
        "CREATE TRIGGER IF NOT EXISTS nobody_waits BEFORE INSERT ON withdrawals "
        "WHEN NEW.done_ms = 0 BEGIN SELECT RAISE(IGNORE); END;";
  }
  if (mutation.forgets_reports) {
    sql +=
        "CREATE TRIGGER IF NOT EXISTS not_noted AFTER UPDATE OF last_sequence ON device_states "
        "BEGIN UPDATE device_states SET last_sequence = 0 WHERE device = NEW.device; END;";
  }
  if (mutation.restarts_revisions) sql += "DELETE FROM counters WHERE name = 'answer';";
  return sql;
}

}  // namespace

ServiceMistakes::ServiceMistakes(ServiceServer& service, const FakeServer::Mutation& mutation)
    : service_(service), mutation_(mutation) {
  service_.stand_before(
      [this](const HttpRequest& request, const Handler& passed) { return handle(request, passed); },
      [this] { spoil_database(); });
  spoil_database();
}

store::Connection ServiceMistakes::database() const {
  return done(store::Connection::open(service_.database(), store::OpenMode::kReadWrite));
}

void ServiceMistakes::spoil_database() {
  const std::string sql = spoilt_by(mutation_);
  if (!sql.empty()) done(database().execute(sql));
}

HttpAnswer ServiceMistakes::handle(const HttpRequest& request, const Handler& service) {
  if (request.path == "/v1/push") return push(request, service);
  if (request.path == "/v1/reconcile" && mutation_.confirms_unseen) {
    return confirm_all(request, service);
  }
  if (request.path.starts_with("/v1/attachments/")) return attach(request, service);
  return service(request);
}

HttpAnswer ServiceMistakes::push(const HttpRequest& request, const Handler& service) {
  const auto message = wire::decode<wire::PushRequest>(request.body);
  if (!message) {
    const auto ours = mutation_.rejects_versions ? in_our_version(request.body)
                                                 : Result<wire::PushRequest>(fail(message.error()));
    return ours ? reject_all(request, *ours) : service(request);
  }
  HttpAnswer answer = take_push(request, service);
  auto receipt = receipt_in(answer);
  if (!receipt) return answer;
  if (mutation_.forgets_duplicates) store_again(*message, *receipt);
  if (mutation_.covers_without_backup) claim_cover(*receipt);
  return service_.sign("receipt", wire::encode(*receipt));
}

HttpAnswer ServiceMistakes::take_push(const HttpRequest& request, const Handler& service) {
  if (!mutation_.bad_item_blocks) return service(request);
  return service_.judge_some(
      request, service,
      [this](const wire::EnvelopeHeader& header, const Bytes&) -> std::optional<wire::Verdict> {
        const auto refused = refused_from_.find(header.device_id);
        if (refused != refused_from_.end() && header.sequence.value > refused->second) {
          wire::Verdict verdict;
          verdict.code = wire::VerdictCode::kRetryAfter;
          verdict.retry_after_s = 30;
          return verdict;
        }
        if (service_.refuse.contains(header.reference)) {
          refused_from_.emplace(header.device_id, header.sequence.value);
        }
        return std::nullopt;
      });
}

HttpAnswer ServiceMistakes::reject_all(const HttpRequest& request, const wire::PushRequest& push) {
  auto receipt = service_.blank_receipt(request.token);
  if (!receipt) return {401, "application/json", "{}", {}};
  for (const Bytes& envelope : push.envelopes) {
    wire::Verdict verdict;
    verdict.envelope_hash = crypto::sha256(envelope);
    verdict.code = wire::VerdictCode::kRejected;
    receipt->verdicts.push_back(std::move(verdict));
  }
  return service_.sign("receipt", wire::encode(*receipt));
}

void ServiceMistakes::store_again(const wire::PushRequest& push, wire::BatchReceipt& receipt) {
  store::Connection sql = database();
  for (wire::Verdict& verdict : receipt.verdicts) {
    if (verdict.code != wire::VerdictCode::kDuplicate) continue;
    const auto envelope = std::ranges::find(push.envelopes, verdict.envelope_hash,
                                            [](const Bytes& one) { return crypto::sha256(one); });
    if (envelope == push.envelopes.end()) continue;
    verdict.code = wire::VerdictCode::kStored;
    const std::string hash = to_hex(verdict.envelope_hash);
    done(sql.execute("UPDATE counters SET value = value + 1 WHERE name = 'submission'"));
    const auto id = done(sql.integer("SELECT value FROM counters WHERE name = 'submission'"));
    done(
        sql.run("INSERT INTO submissions SELECT ?, device, epoch, sequence, hash, previous, uuid, "
                "kind, reference, form_id, form_version, wall_ms, received_ms, 1, '', 0, ?, '' "
                "FROM submissions WHERE hash = ? LIMIT 1",
                id.value(), store::Blob{*envelope}, std::string_view(hash)));
    done(
        sql.run("INSERT INTO attachments SELECT ?, place, hash, size, 1, '' FROM attachments "
                "WHERE submission = (SELECT MIN(id) FROM submissions WHERE hash = ?)",
                id.value(), std::string_view(hash)));
  }
}

void ServiceMistakes::claim_cover(wire::BatchReceipt& receipt) {
  const store::Connection sql = database();
  auto rows = done(sql.query(
      "SELECT DISTINCT sequence FROM submissions WHERE device = ? AND epoch = 1 ORDER BY sequence",
      std::string_view(receipt.device_id)));
  std::uint64_t upto = 0;
  while (done(rows.step()) && rows.number(0) == upto + 1) ++upto;
  receipt.covered_epoch = Epoch{1};
  receipt.covered_sequence = Sequence{upto};
}

HttpAnswer ServiceMistakes::confirm_all(const HttpRequest& request, const Handler& service) {
  HttpAnswer answer = service(request);
  auto receipt = receipt_in(answer);
  const auto asked = wire::from_json<wire::Reconciliation>(request.body);
  if (!receipt || !asked) return answer;
  receipt->verdicts.clear();
  for (const wire::GivenUp& one : asked->given_up) {
    wire::Verdict verdict;
    verdict.epoch = one.epoch;
    verdict.sequence = one.sequence;
    verdict.envelope_hash = one.envelope_hash;
    verdict.code = wire::VerdictCode::kDuplicate;
    receipt->verdicts.push_back(std::move(verdict));
  }
  return service_.sign("receipt", wire::encode(*receipt));
}

HttpAnswer ServiceMistakes::attach(const HttpRequest& request, const Handler& service) {
  HttpRequest passed = request;
  // The service is only asked what it holds, which is nothing.
  const bool takes = mutation_.ignores_offset && request.body.size() <= service_.max_piece;
  if (takes) passed.body.clear();
  HttpAnswer answer = service(passed);
  if (answer.status != 200 || !(takes || mutation_.stores_first_piece)) return answer;
  const auto document = wire::from_json<wire::SignedDocument>(answer.body);
  auto receipt = wire::decode<wire::AttachmentReceipt>(document ? document->payload : Bytes());
  if (!receipt || receipt->code != wire::AttachmentCode::kPartial) return answer;
  if (takes) add_piece(request.body, *receipt);
  if (mutation_.stores_first_piece && receipt->held > 0) {
    receipt->code = wire::AttachmentCode::kStored;
  }
  return service_.sign("attachment", wire::encode(*receipt));
}

void ServiceMistakes::add_piece(const Bytes& piece, wire::AttachmentReceipt& receipt) {
  store::Connection sql = database();
  const std::string hash = to_hex(receipt.hash);
  const auto size =
      done(sql.integer("SELECT MAX(size) FROM attachments WHERE hash = ?", std::string_view(hash)));
  Bytes& held = pieces_[receipt.hash];
  held += piece;
  receipt.held = static_cast<std::uint32_t>(held.size());
  if (!size || held.size() < static_cast<std::size_t>(*size)) return;
  done(sql.run("UPDATE attachments SET state = 2, body = ? WHERE hash = ? AND state IN (1, 5)",
               store::Blob{held}, std::string_view(hash)));
  held.clear();
  receipt.code = wire::AttachmentCode::kStored;
}

}  // namespace odop::test

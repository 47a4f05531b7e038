#include "tests/kiosk/sync/trust/answer_rows.h"

#include <optional>
#include <string>
#include <utility>

namespace odop::kiosk {
namespace {

Attack on_push(std::function<wire::SignedDocument(World&, const wire::SignedDocument&)> change) {
  return
      [change = std::move(change)](World& world, const HttpRequest& request, HttpAnswer& answer) {
        if (request.path != "/v1/push" || answer.status != 200) return;
        ++world.blows;
        const auto receipt = wire::from_json<wire::SignedDocument>(answer.body).value();
        answer.body = wire::to_json(change(world, receipt));
      };
}

// Answers whose path begins so come at this many bytes a second.
Attack trickling(std::string path, std::uint64_t bytes_per_s) {
  return [path = std::move(path), bytes_per_s](World& world, const HttpRequest& request,
                                               const HttpAnswer& answer) {
    if (!request.path.starts_with(path)) return;
    ++world.blows;
    world.line.trickle(request, answer, bytes_per_s);
  };
}

// The server puts the kiosk off, and its feed brings this.
Attack on_feed(std::function<wire::SignedDocument(World&, const wire::BatchReceipt&)> entry) {
  return [entry = std::move(entry), said = std::optional<wire::BatchReceipt>{}](
             World& world, const HttpRequest& request, HttpAnswer& answer) mutable {
    if (request.path == "/v1/push") {
      const auto receipt = wire::from_json<wire::SignedDocument>(answer.body).value();
      said = wire::decode<wire::BatchReceipt>(receipt.payload).value();
      auto later = *said;
      for (auto& verdict : later.verdicts) {
        verdict.code = wire::VerdictCode::kRetryAfter;
        verdict.retry_after_s = 300;
      }
      answer.body = wire::to_json(
          crypto::sign_document("receipt", wire::encode(later), world.server.server_key()));
    } else if (request.path == "/v1/heartbeat" && said) {
      auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
      heartbeat.feed_head = FeedPosition{1};
      answer.body = wire::to_json(heartbeat);
    } else if (request.path.starts_with("/v1/feed") && said) {
      ++world.blows;
      answer = {200,
                "application/json",
                wire::to_json(wire::FeedPage{{entry(world, *said)}, FeedPosition{1}, false}),
                {}};
    }
  };
}
wire::SignedDocument late_receipt(const wire::BatchReceipt& receipt, const crypto::SigningKey& by,
                                  const crypto::SigningKey& entry_by) {
  const auto document = crypto::sign_document("receipt", wire::encode(receipt), by);
  return crypto::sign_document(
      "feed",
      wire::encode(
          wire::FeedEntry{FeedPosition{1}, wire::FeedKind::kReceipt, wire::to_json(document)}),
      entry_by);
}

}  // namespace

std::vector<Row> receipt_rows() {
  using Target = Row::Target;
  const auto signed_by = [](auto key, const std::string& purpose) {
    return on_push([key, purpose](World& world, const wire::SignedDocument& receipt) {
      return crypto::sign_document(purpose, Bytes(receipt.payload), key(world));
    });
  };
  return {
      {"a receipt by a stranger",
       signed_by(
           [](World & world) -> const auto& { return world.stranger; }, "receipt"),
       Target::kReceipt},
      {"a receipt by the publisher",
       signed_by(
           [](World & world) -> const auto& { return world.server.publisher_key(); }, "receipt"),
       Target::kReceipt},
      {"a receipt signed as a feed entry",
       signed_by(
           [](World & world) -> const auto& { return world.server.server_key(); }, "feed"),
       Target::kReceipt},
      {"a receipt of another kiosk", on_push([](World& world, const wire::SignedDocument& receipt) {
         auto content = wire::decode<wire::BatchReceipt>(receipt.payload).value();
         content.device_id = "018f0000-0000-7000-8000-00000000dead";
         return crypto::sign_document("receipt", wire::encode(content), world.server.server_key());
       }),
       Target::kReceipt},
      {"a receipt of other envelopes",
       on_push([](World& world, const wire::SignedDocument& receipt) {
         auto content = wire::decode<wire::BatchReceipt>(receipt.payload).value();
         for (auto& verdict : content.verdicts) verdict.envelope_hash = Bytes(32, 'x');
         return crypto::sign_document("receipt", wire::encode(content), world.server.server_key());
       }),
       Target::kReceipt, "malformed"},
      {"a receipt with one changed verdict", on_push([](World&, wire::SignedDocument receipt) {
         receipt.payload[receipt.payload.size() / 2] =
             static_cast<char>(receipt.payload[receipt.payload.size() / 2] ^ 1);
         return receipt;
       }),
       Target::kReceipt},
      {"a receipt with a truncated signature", on_push([](World&, wire::SignedDocument receipt) {
         receipt.signature.resize(63);
         return receipt;
       }),
       Target::kReceipt, "malformed"},
      {"a login page for a receipt",
       [](World& world, const HttpRequest& request, HttpAnswer& answer) {
         if (request.path != "/v1/push") return;
         ++world.blows;
         answer = {200, "text/html", "<html>Please log in</html>", {}};
       },
       Target::kReceipt, "malformed"},
  };
}

std::vector<Row> slow_rows() {
  return {
      {"slow data: a heartbeat's answer that trickles",
       trickling("/v1/heartbeat", 10),
       {},
       "timeout"},
      // Half an hour of it is less than the pack.
      {"slow data: a pack that trickles", trickling("/v1/releases/", 10), {}, "timeout"},
      {"slow data: a receipt that trickles", trickling("/v1/push", 5), Row::Target::kReceipt,
       "timeout"},
      {"slow data: everything trickles", trickling("/v1/", 5), Row::Target::kReceipt, "timeout"},
  };
}

std::vector<Row> revoked_rows() {
  const auto of_publisher = [](World& world) { take_back(world, "publisher"); };
  const auto of_server = [](World& world) { take_back(world, "server"); };
  const auto by_old = [](World& world, wire::HeartbeatAnswer& heartbeat) {
    heartbeat.pointer = crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload),
                                              world.server.publisher_key());
    heartbeat.manifest = crypto::sign_document("manifest", Bytes(heartbeat.manifest->payload),
                                               world.server.publisher_key());
  };
  return {
      {"revoked key: the publisher's that was",
       on_heartbeat(by_old),
       {},
       "bad_signature",
       of_publisher},
      {"revoked key: the publisher's, with the roots' word for it once more",
       on_heartbeat([by_old](World& world, wire::HeartbeatAnswer& heartbeat) {
         by_old(world, heartbeat);
         heartbeat.certificates = world.certify_by_roots("publisher", world.server.publisher_key());
       }),
       {},
       "bad_signature",
       of_publisher},
      {"revoked key: a receipt by the server's that was",
       on_push([](World& world, const wire::SignedDocument& receipt) {
         return crypto::sign_document("receipt", Bytes(receipt.payload), world.server.server_key());
       }),
       Row::Target::kReceipt, "bad_signature", of_server},
  };
}

std::vector<Row> neighbour_rows() {
  using Target = Row::Target;
  return {
      {"another kiosk's token, put under what this one sends",
       [](World& world, const HttpRequest& request, HttpAnswer& answer) {
         if (request.path != "/v1/push") return;
         ++world.blows;
         HttpRequest other = request;
         other.token = world.neighbour.token;
         answer = world.server.handle(other);
       },
       Target::kReceipt},
      {"another kiosk's enrolment answer, where this one is let in again",
       [](World& world, const HttpRequest& request, HttpAnswer& answer) {
         if (request.path == "/v1/readmit") {
           ++world.blows;
           answer = {200, "application/json", wire::to_json(world.neighbour), {}};
         } else if (!request.token.empty()) {
           answer = {401, "application/json", R"({"error":"unauthorized"})", {}};
         }
       },
       Target::kReceipt, "unauthorized"},
      {"another kiosk's feed: a late receipt that the server gave it",
       on_feed([](World& world, const wire::BatchReceipt& receipt) {
         auto content = receipt;
         content.device_id = world.neighbour.device_id;
         return late_receipt(content, world.server.server_key(), world.server.server_key());
       }),
       Target::kReceipt, ""},
      {"a late receipt by a stranger, in an entry of the server's feed",
       on_feed([](World& world, const wire::BatchReceipt& receipt) {
         return late_receipt(receipt, world.stranger, world.server.server_key());
       }),
       Target::kReceipt, ""},
      {"a feed entry by a stranger", on_feed([](World& world, const wire::BatchReceipt& receipt) {
         return late_receipt(receipt, world.server.server_key(), world.stranger);
       }),
       Target::kReceipt},
  };
}

}  // namespace odop::kiosk

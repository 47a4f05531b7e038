// Attacks on what a kiosk believes, as one table. Each runs against the real session, journal and
// catalogue store: the kiosk shows release 2 and holds a submission, the server has release 3, and
// what the attacker changes stands between them for half an hour. Whatever he does, release 2 stays
// up and the receipt stays "kept"; as soon as he is gone, both go on.
#include "shared/crypto/digest.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "tests/kiosk/sync/trust/answer_rows.h"
#include "tests/kiosk/sync/trust/trust_world.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk {
namespace {

// Changes the pointer's content, and signs it as `signer` does.
using Signer = std::function<wire::SignedDocument(World&, std::string_view, Bytes)>;
wire::SignedDocument by_publisher(World& world, std::string_view purpose, Bytes payload) {
  return crypto::sign_document(purpose, std::move(payload), world.server.publisher_key());
}
Attack pointer(std::function<void(wire::Pointer&)> change, Signer signer = by_publisher) {
  return on_heartbeat([change = std::move(change), signer = std::move(signer)](
                          World& world, wire::HeartbeatAnswer& heartbeat) {
    auto content = wire::from_json<wire::Pointer>(heartbeat.pointer->payload).value();
    change(content);
    heartbeat.pointer = signer(world, "pointer", wire::to_json(content));
  });
}

// Changes the bytes of every answer for a pack; `first` is where they begin.
Attack on_pack(std::function<void(World&, const HttpRequest&, HttpAnswer&)> change) {
  return
      [change = std::move(change)](World& world, const HttpRequest& request, HttpAnswer& answer) {
        if (request.path.find("/pack") == std::string::npos) return;
        ++world.blows;
        change(world, request, answer);
      };
}
// Flips one bit of every pack at this offset.
Attack flip_pack(std::uint64_t at) {
  return on_pack([at](World&, const HttpRequest& request, HttpAnswer& answer) {
    const std::uint64_t first = request.range ? request.range->first : 0;
    if (at < first || at - first >= answer.body.size()) return;
    answer.body[at - first] = static_cast<char>(answer.body[at - first] ^ 1);
  });
}

Signer with_key(const crypto::SigningKey World::*key) {
  return [key](World& world, std::string_view purpose, Bytes payload) {
    return crypto::sign_document(purpose, std::move(payload), world.*key);
  };
}

void nothing_changes(wire::Pointer& /*pointer*/) {}

std::vector<Row> pointer_rows() {
  const auto stranger = with_key(&World::stranger);
  return {
      {"rollback: pointer and manifest of release 1 again",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.pointer = world.past[0].pointer;
         heartbeat.manifest = world.past[0].manifest;
       }),
       {},
       "stale"},
      {"rollback: the old pointer with the new manifest",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.pointer = world.past[0].pointer;
       }),
       {},
       "stale"},
      {"rollback: the publisher's own pointer to an older release under a higher serial",
       pointer([](wire::Pointer& p) {
         p.serial += 10;
         p.release = ReleaseNumber{1};
       }),
       {},
       "stale"},
      {"freeze: the answer of the last release for ever",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.pointer = world.past[1].pointer;
         heartbeat.manifest = world.past[1].manifest;
       }),
       {},
       ""},
      {"freeze: no news at all",
       on_heartbeat([](World&, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.pointer.reset();
         heartbeat.manifest.reset();
       }),
       {},
       ""},
      {"fast-forward: the highest serial, signed by a stranger",
       pointer([](wire::Pointer& p) { p.serial = UINT64_MAX / 2; }, stranger)},
      {"fast-forward: the serial raised under the old signature",
       on_heartbeat([](World&, wire::HeartbeatAnswer& heartbeat) {
         auto content = wire::from_json<wire::Pointer>(heartbeat.pointer->payload).value();
         content.serial = UINT64_MAX / 2;
         heartbeat.pointer->payload = wire::to_json(content);
       })},
      {"another pointer under the serial that is held",
       pointer([](wire::Pointer& p) { p.serial = kHeldRelease; }),
       {},
       "stale"},
      {"wrong key: a stranger's signature under the publisher's name",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         const std::string name = heartbeat.pointer->key_id;
         heartbeat.pointer =
             crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload), world.stranger);
         heartbeat.pointer->key_id = name;
       })},
      {"wrong role: the server's key signs a pointer",
       pointer(nothing_changes,
               [](World& world, std::string_view purpose, Bytes payload) {
                 return crypto::sign_document(purpose, std::move(payload),
                                              world.server.server_key());
               })},
      {"wrong role: the root's key signs a pointer",
       pointer(nothing_changes,
               [](World& world, std::string_view purpose, Bytes payload) {
                 return crypto::sign_document(purpose, std::move(payload), world.server.root_key());
               })},
      {"purpose confusion: a pointer signed as a manifest",
       pointer(nothing_changes,
               [](World& world, std::string_view, Bytes payload) {
                 return crypto::sign_document("manifest", std::move(payload),
                                              world.server.publisher_key());
               })},
      {"purpose confusion: signed as a manifest, labelled as a pointer",
       pointer(nothing_changes,
               [](World& world, std::string_view, Bytes payload) {
                 auto document = crypto::sign_document("manifest", std::move(payload),
                                                       world.server.publisher_key());
                 document.purpose = "pointer";
                 return document;
               })},
      {"purpose confusion: a manifest in the pointer's place",
       on_heartbeat([](World&, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.pointer = heartbeat.manifest;
       })},
      {"a signature of another document by the same key",
       on_heartbeat([](World&, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.pointer->signature = heartbeat.manifest->signature;
       })},
      {"one bit of the signature", on_heartbeat([](World&, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.pointer->signature[40] = static_cast<char>(heartbeat.pointer->signature[40] ^ 4);
       })},
      {"one bit of the content", on_heartbeat([](World&, wire::HeartbeatAnswer& heartbeat) {
         auto& payload = heartbeat.pointer->payload;
         payload[payload.find("100")] = '0';  // the percentage
       })},
      {"a truncated signature",
       on_heartbeat([](World&, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.pointer->signature.pop_back();
       }),
       {},
       "malformed"},
      {"no signature",
       on_heartbeat(
           [](World&, wire::HeartbeatAnswer& heartbeat) { heartbeat.pointer->signature.clear(); }),
       {},
       "malformed"},
      {"signed rubbish in the pointer's place",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.pointer = by_publisher(world, "pointer", R"({"serial":9)");
       }),
       {},
       "malformed"},
      {"dated before its key's certificate", pointer([](wire::Pointer& p) { p.issued_ms = 1; })},
      {"dated after its key's certificate", pointer([](wire::Pointer& p) {
         p.issued_ms = kStart + 10 * kDecadeMs;
         p.expires_ms = p.issued_ms + 1;
       })},
      {"a pilot ring's pointer", pointer([](wire::Pointer& p) { p.ring = "pilot"; })},
      {"a publisher certified by another root",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         const auto other_root = crypto::SigningKey::generate();
         heartbeat.certificates = {world.certify(other_root, "publisher", world.stranger)};
         heartbeat.pointer =
             crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload), world.stranger);
       })},
      {"a publisher that certified itself",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.certificates = {world.certify(world.stranger, "publisher", world.stranger)};
         heartbeat.pointer =
             crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload), world.stranger);
       })},
      {"a publisher certified by the publisher, not by the root",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.certificates = {
             world.certify(world.server.publisher_key(), "publisher", world.stranger)};
         heartbeat.pointer =
             crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload), world.stranger);
       })},
      {"a server's certificate for a publisher's work",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.certificates = world.certify_by_roots("server", world.stranger);
         heartbeat.pointer =
             crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload), world.stranger);
       })},
  };
}

std::vector<Row> manifest_rows() {
  return {
      {"mix and match: the new pointer with the old manifest",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.manifest = world.past[1].manifest;
       })},
      {"a manifest signed by a stranger",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.manifest =
             crypto::sign_document("manifest", Bytes(heartbeat.manifest->payload), world.stranger);
       })},
      {"an evil twin: another manifest of the same release by the same key",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         auto twin = wire::from_json<wire::Manifest>(heartbeat.manifest->payload).value();
         twin.created_ms += 1;
         heartbeat.manifest = by_publisher(world, "manifest", wire::to_json(twin));
       })},
      {"a pointer that pins the manifest of another release",
       pointer([](wire::Pointer& p) { p.release = ReleaseNumber{9}; })},
      {"a manifest above its size",
       on_heartbeat([](World& world, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.manifest =
             by_publisher(world, "manifest", heartbeat.manifest->payload + std::string(3'000, ' '));
       }),
       {},
       "too_large"},
      {"a manifest with a truncated signature",
       on_heartbeat([](World&, wire::HeartbeatAnswer& heartbeat) {
         heartbeat.manifest->signature.resize(32);
       }),
       {},
       "malformed"},
      {"no manifest, and none to be had",
       [](World& world, const HttpRequest& request, HttpAnswer& answer) {
         if (request.path.ends_with("/manifest")) {
           ++world.blows;
           answer = {404, "text/plain", "", {}};
         }
         if (request.path != "/v1/heartbeat") return;
         auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
         heartbeat.manifest.reset();
         answer.body = wire::to_json(heartbeat);
       },
       {},
       "not_found"},
      {"no manifest, and another one in its place",
       [](World& world, const HttpRequest& request, HttpAnswer& answer) {
         if (request.path.ends_with("/manifest")) {
           ++world.blows;
           answer = {200, "application/json", wire::to_json(*world.past[0].manifest), {}};
         }
         if (request.path != "/v1/heartbeat") return;
         auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
         heartbeat.manifest.reset();
         answer.body = wire::to_json(heartbeat);
       }},
  };
}

std::vector<Row> pack_rows() {
  const auto other_pack = [](const std::string& path) {
    return on_pack([path](World& world, const HttpRequest& request, HttpAnswer& answer) {
      HttpRequest other = request;
      other.path = path;
      answer = world.server.handle(other);
    });
  };
  return {
      {"the pack of another release", other_pack("/v1/releases/2/pack?from=0"), {}, "malformed"},
      {"a pack from another release than asked",
       other_pack("/v1/releases/3/pack?from=1"),
       {},
       "malformed"},
      {"one bit of the index's length", flip_pack(0), {}, "malformed"},
      {"an index that says it is 4 GB long",
       on_pack([](World&, const HttpRequest& request, HttpAnswer& answer) {
         if (request.range && request.range->first == 0)
           answer.body.replace(0, 4, "\xFF\xFF\xFF\xFF");
       }),
       {},
       "malformed"},
      {"one bit of the index", flip_pack(20)},
      {"one bit of the records and of everything behind them",
       on_pack([](World&, const HttpRequest& request, HttpAnswer& answer) {
         if (!request.range || request.range->first == 0) return;
         for (std::size_t at = 0; at < answer.body.size(); at += 64) {
           answer.body[at] = static_cast<char>(answer.body[at] ^ 1);
         }
       })},
      {"every byte of a pack replaced",
       on_pack([](World&, const HttpRequest& request, HttpAnswer& answer) {
         if (request.range && request.range->first != 0) {
           answer.body = noise(99, answer.body.size());
         }
       })},
      {"endless data: more than was asked for",
       on_pack([](World&, const HttpRequest&, HttpAnswer& answer) {
         answer.body.append(2'000'000, 'x');
       }),
       {},
       "too_large"},
      {"nothing where a pack should be",
       on_pack([](World&, const HttpRequest&, HttpAnswer& answer) { answer.body.clear(); }),
       {},
       "malformed"},
      {"the range moved by one byte",
       on_pack([](World& world, const HttpRequest& request, HttpAnswer& answer) {
         HttpRequest other = request;
         ++other.range->first;
         --other.range->count;
         answer = world.server.handle(other);
         answer.body += 'x';
       }),
       {},
       "malformed"},
      {"a login page for a pack",
       on_pack([](World&, const HttpRequest&, HttpAnswer& answer) {
         answer = {200, "text/html", "<html>Please log in</html>", {}};
       }),
       {},
       "malformed"},
      {"a login page for everything",
       [](World& world, const HttpRequest&, HttpAnswer& answer) {
         ++world.blows;
         answer = {200, "text/html", "<html>Please log in</html>", {}};
       },
       {},
       "malformed"},
      {"endless data in a heartbeat's answer",
       [](World& world, const HttpRequest& request, HttpAnswer& answer) {
         if (request.path != "/v1/heartbeat") return;
         ++world.blows;
         answer.body.append(5'000'000, ' ');
       },
       {},
       "too_large"},
  };
}

std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (auto some : {pointer_rows(), manifest_rows(), pack_rows(), receipt_rows(), slow_rows(),
                    revoked_rows(), neighbour_rows()}) {
    rows.insert(rows.end(), some.begin(), some.end());
  }
  return rows;
}

}  // namespace

TEST_CASE("Every attack of the table is refused, and what was shown stays up",
          "[kiosk][sync][fault]") {
  const auto rows = all_rows();
  REQUIRE(rows.size() >= 40);
  int refused = 0;
  for (const Row& row : rows) {
    if (is_refused(row)) ++refused;
  }
  std::printf("trust table: rows=%zu refused=%d\n", rows.size(), refused);
}

TEST_CASE("A frozen kiosk goes on showing, and marks what it shows as stale", "[kiosk][sync]") {
  World world;
  world.attack = [](World&, const HttpRequest&, HttpAnswer& answer) {
    answer = {502, "text/html", "", {}};
  };
  world.kiosk.run_for(1h);
  CHECK(world.shown(kStart) == "Release 2");
  CHECK(world.shown(kStart + 2 * kDecadeMs) == "Release 2, stale");
}

TEST_CASE("A head of the audit log is kept when it is signed and higher", "[kiosk][sync]") {
  World world;
  std::optional<wire::SignedDocument> offered;
  wire::Heartbeat last;
  world.attack = [&](World&, const HttpRequest& request, HttpAnswer& answer) {
    if (request.path != "/v1/heartbeat") return;
    last = wire::from_json<wire::Heartbeat>(request.body).value();
    auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
    heartbeat.audit_head = offered;
    answer.body = wire::to_json(heartbeat);
  };
  const auto head = [&](std::uint64_t number, char seed, const crypto::SigningKey& key) {
    return crypto::sign_document("audit", wire::to_json(wire::AuditHead{number, Bytes(32, seed)}),
                                 key);
  };
  const auto after = [&](wire::SignedDocument document) {
    offered = std::move(document);
    world.kiosk.run_for(2min);
    world.kiosk.start();  // it is on the disk
    world.kiosk.run_for(2min);
    return std::pair(last.audit_number, last.audit_hash);
  };
  CHECK(after(head(7, 'a', world.stranger)).first == 0);
  CHECK(after(head(7, 'a', world.server.publisher_key())).first == 0);
  CHECK(after(head(7, 'a', world.server.server_key())) == std::pair(7UL, Bytes(32, 'a')));
  CHECK(after(head(6, 'b', world.server.server_key())) == std::pair(7UL, Bytes(32, 'a')));
  CHECK(after(head(7, 'c', world.server.server_key())) == std::pair(7UL, Bytes(32, 'a')));
  CHECK(after(head(8, 'd', world.server.server_key())) == std::pair(8UL, Bytes(32, 'd')));
}

}  // namespace odop::kiosk

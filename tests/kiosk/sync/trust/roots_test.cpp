// Several roots of which some must agree, and one set that hands over to the next, against the real
// session and journal.
#include "tests/kiosk/sync/trust/trust_world.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace odop::kiosk {
namespace {

using Documents = std::vector<wire::SignedDocument>;
using Keys = std::vector<const crypto::SigningKey*>;

Documents sign(const wire::RootSet& set, const Keys& keys) {
  Documents documents;
  for (const crypto::SigningKey* key : keys) {
    documents.push_back(crypto::sign_document("root", wire::to_json(set), *key));
  }
  return documents;
}

Documents certified(const World& world, const Keys& keys, const std::string& role,
                    const crypto::SigningKey& key) {
  Documents documents;
  for (const crypto::SigningKey* by : keys) documents.push_back(world.certify(*by, role, key));
  return documents;
}

Documents join(Documents first, Documents second) {
  std::ranges::move(second, std::back_inserter(first));
  return first;
}

// The stranger's pointer, with what shall make him a publisher.
Attack with_documents(std::function<Documents(World&)> said) {
  return on_heartbeat([said = std::move(said)](World& world, wire::HeartbeatAnswer& heartbeat) {
    heartbeat.certificates = said(world);
    heartbeat.pointer =
        crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload), world.stranger);
    heartbeat.manifest =
        crypto::sign_document("manifest", Bytes(heartbeat.manifest->payload), world.stranger);
  });
}

// A set that the stranger would rule alone.
wire::RootSet strangers_set(const World& world, std::uint64_t version = 2) {
  return {version, 1, {world.stranger.public_key()}};
}

std::vector<Row> rows_of_roots() {
  return {
      {"one of the roots vouches for a publisher", with_documents([](World& w) {
         return certified(w, {&w.second_root}, "publisher", w.stranger);
       })},
      {"one of the roots vouches twice", with_documents([](World& w) {
         return certified(w, {&w.second_root, &w.second_root}, "publisher", w.stranger);
       })},
      {"one of the roots, and a stranger beside it", with_documents([](World& w) {
         return certified(w, {&w.second_root, &w.stranger}, "publisher", w.stranger);
       })},
      {"two of the roots, each for another validity", with_documents([](World& w) {
         Documents said = certified(w, {&w.second_root}, "publisher", w.stranger);
         said.push_back(crypto::sign_document(
             "certificate",
             wire::to_json(wire::Certificate{"publisher", w.stranger.public_key(), kStart - 1,
                                             kStart + kDecadeMs}),
             w.third_root));
         return said;
       })},
      {"one of the roots takes back the publisher's key, and puts its own in place",
       with_documents([](World& w) {
         return join(certified(w, {&w.third_root}, "revoked", w.server.publisher_key()),
                     certified(w, {&w.third_root}, "publisher", w.stranger));
       })},
      {"a new set of roots that one of the old and the new one signed",
       with_documents([](World& w) {
         return join(sign(strangers_set(w), {&w.second_root, &w.stranger}),
                     certified(w, {&w.stranger}, "publisher", w.stranger));
       })},
      {"a new set of roots that its own alone signed", with_documents([](World& w) {
         return join(sign(strangers_set(w), {&w.stranger}),
                     certified(w, {&w.stranger}, "publisher", w.stranger));
       })},
      {"a new set of roots that the old ones signed and its own did not",
       with_documents([](World& w) {
         return join(sign(strangers_set(w), {&w.second_root, &w.third_root}),
                     certified(w, {&w.stranger}, "publisher", w.stranger));
       })},
      {"a new set of roots that leaves out a version", with_documents([](World& w) {
         return join(sign(strangers_set(w, 3), {&w.second_root, &w.third_root, &w.stranger}),
                     certified(w, {&w.stranger}, "publisher", w.stranger));
       })},
      {"the set of roots once more, with one that is enough", with_documents([](World& w) {
         wire::RootSet set = w.roots();
         set.threshold = 1;
         return join(sign(set, {&w.second_root, &w.third_root}),
                     certified(w, {&w.second_root}, "publisher", w.stranger));
       })},
      {"a new set of roots of which none must agree", with_documents([](World& w) {
         wire::RootSet set = strangers_set(w);
         set.threshold = 0;
         return join(sign(set, {&w.second_root, &w.third_root, &w.stranger}),
                     certified(w, {&w.stranger}, "publisher", w.stranger));
       })},
      {"a new set of roots that names one key twice", with_documents([](World& w) {
         wire::RootSet set = strangers_set(w);
         set.threshold = 2;
         set.keys.push_back(set.keys.front());
         return join(sign(set, {&w.second_root, &w.third_root, &w.stranger}),
                     certified(w, {&w.stranger}, "publisher", w.stranger));
       })},
      {"a certificate's bytes signed as a set of roots", with_documents([](World& w) {
         Documents said = certified(w, {&w.second_root, &w.third_root}, "publisher", w.stranger);
         for (auto& document : said) document.purpose = "root";
         return said;
       })},
      {"more than a kiosk has room for, from one of the roots", with_documents([](World& w) {
         Documents said;
         for (std::size_t i = 0; i < wire::kMaxOfferedCertificates; ++i) {
           said.push_back(w.certify(w.second_root, "publisher", crypto::SigningKey::generate()));
         }
         return said;
       })},
  };
}

}  // namespace

TEST_CASE("Fewer roots than must agree change nothing", "[kiosk][sync][fault]") {
  const auto rows = rows_of_roots();
  int refused = 0;
  for (const Row& row : rows) {
    if (is_refused(row)) ++refused;
  }
  std::printf("trust of roots: rows=%zu refused=%d\n", rows.size(), refused);
}

TEST_CASE("A new publisher vouched for by the roots is believed, a revoked one never again",
          "[kiosk][sync]") {
  World world;
  const crypto::SigningKey fresh = crypto::SigningKey::generate();
  auto said = world.certify_by_roots("publisher", fresh);
  for (auto& revocation : world.certify_by_roots("revoked", world.server.publisher_key())) {
    said.push_back(std::move(revocation));
  }
  const std::uint32_t mark = crypto::mark_of(said);
  std::optional<std::uint32_t> named;
  world.attack = [&](World&, const HttpRequest& request, HttpAnswer& answer) {
    if (request.path != "/v1/heartbeat") return;
    named = wire::from_json<wire::Heartbeat>(request.body).value().certificates_mark;
    auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
    if (*named != mark) heartbeat.certificates = said;
    answer.body = wire::to_json(heartbeat);
  };
  world.kiosk.run_for(3min);
  CHECK(named == mark);

  // The old key signs release 3: nobody believes it, also after a restart.
  world.kiosk.start();
  world.server.publish(records_of("Release 3"), {World::picture()});
  world.kiosk.run_for(10min);
  CHECK(named == mark);
  CHECK(world.kiosk.state.release == ReleaseNumber{kHeldRelease});
  CHECK(world.kiosk.state.trouble == "bad_signature");
  CHECK(world.shown(kStart) == "Release 2");

  // The new key signs the same release.
  const auto inner = world.attack;
  world.attack = [&](World& self, const HttpRequest& request, HttpAnswer& answer) {
    inner(self, request, answer);
    if (request.path != "/v1/heartbeat") return;
    auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
    if (!heartbeat.pointer) return;
    heartbeat.pointer = crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload), fresh);
    heartbeat.manifest =
        crypto::sign_document("manifest", Bytes(heartbeat.manifest->payload), fresh);
    answer.body = wire::to_json(heartbeat);
  };
  world.kiosk.run_for(10min);
  CHECK(world.kiosk.state.release == ReleaseNumber{kNextRelease});
  CHECK(world.shown(kStart) == "Release 3");
}

// Whoever sits on the line could keep a kiosk from ever hearing of a key by changing one byte once.
TEST_CASE("A certificate that was changed on its way is asked for again", "[kiosk][sync][fault]") {
  World world;
  const crypto::SigningKey fresh = crypto::SigningKey::generate();
  const auto said = join(world.certify_by_roots("publisher", fresh),
                         world.certify_by_roots("revoked", world.server.publisher_key()));
  const std::size_t changed = GENERATE(0U, 1U, 3U);
  int offered = 0;
  world.attack = [&](World&, const HttpRequest& request, HttpAnswer& answer) {
    if (request.path != "/v1/heartbeat") return;
    auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
    const auto named = wire::from_json<wire::Heartbeat>(request.body).value().certificates_mark;
    if (named != crypto::mark_of(said)) {
      heartbeat.certificates = said;
      if (offered++ == 0) heartbeat.certificates.at(changed).payload[20] ^= 1;
    }
    if (heartbeat.pointer) {
      heartbeat.pointer =
          crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload), fresh);
      heartbeat.manifest =
          crypto::sign_document("manifest", Bytes(heartbeat.manifest->payload), fresh);
    }
    answer.body = wire::to_json(heartbeat);
  };
  world.kiosk.run_for(3min);
  CHECK(offered == 2);
  world.kiosk.start();
  world.server.publish(records_of("Release 3"), {World::picture()});
  world.kiosk.run_for(10min);
  CHECK(offered == 2);
  CHECK(world.kiosk.state.release == ReleaseNumber{kNextRelease});
}

TEST_CASE("A new set of roots is followed, and an old one is heard no more", "[kiosk][sync]") {
  World world;
  const crypto::SigningKey fourth = crypto::SigningKey::generate();
  const crypto::SigningKey fifth = crypto::SigningKey::generate();
  const wire::RootSet next{
      2, 2, {world.second_root.public_key(), fourth.public_key(), fifth.public_key()}};
  Documents said = sign(next, {&world.second_root, &world.third_root, &fourth});
  for (const auto& [role, key] : {std::pair{"publisher", &world.server.publisher_key()},
                                  std::pair{"server", &world.server.server_key()}}) {
    said = join(std::move(said), certified(world, {&fourth, &fifth}, role, *key));
  }
  std::uint32_t named = 0;
  world.attack = [&](World&, const HttpRequest& request, HttpAnswer& answer) {
    if (request.path != "/v1/heartbeat") return;
    named = wire::from_json<wire::Heartbeat>(request.body).value().certificates_mark;
    auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
    if (named != crypto::mark_of(said)) heartbeat.certificates = said;
    answer.body = wire::to_json(heartbeat);
  };
  world.kiosk.run_for(3min);
  CHECK(named == crypto::mark_of(said));

  // The publisher and the server are the same, by the new roots' word, also after a restart.
  world.kiosk.start();
  const Kept kept = world.kiosk.submit("hello").value();
  world.server.publish(records_of("Release 3"), {World::picture()});
  world.kiosk.run_for(10min);
  CHECK(world.kiosk.state.release == ReleaseNumber{kNextRelease});
  CHECK(world.kiosk.journal().state_of(kept.reference).value() == SubmissionState::kArrived);

  // Two of the old roots were enough once.
  const Documents of_old =
      certified(world, {&world.server.root_key(), &world.third_root}, "publisher", world.stranger);
  const Documents of_new =
      certified(world, {&world.second_root, &fifth}, "publisher", world.stranger);
  for (const bool by_new : {false, true}) {
    said = join(std::move(said), by_new ? of_new : of_old);
    world.server.publish(records_of(by_new ? "Release 5" : "Release 4"), {World::picture()});
    const auto inner = world.attack;
    world.attack = [&, inner](World& self, const HttpRequest& request, HttpAnswer& answer) {
      inner(self, request, answer);
      if (request.path != "/v1/heartbeat") return;
      auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
      if (!heartbeat.pointer) return;
      heartbeat.pointer =
          crypto::sign_document("pointer", Bytes(heartbeat.pointer->payload), world.stranger);
      heartbeat.manifest =
          crypto::sign_document("manifest", Bytes(heartbeat.manifest->payload), world.stranger);
      answer.body = wire::to_json(heartbeat);
    };
    world.kiosk.run_for(10min);
    CHECK(world.shown(kStart) == (by_new ? "Release 5" : "Release 3"));
    world.attack = inner;
  }
}

}  // namespace odop::kiosk

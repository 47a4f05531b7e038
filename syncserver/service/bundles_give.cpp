// What kiosks hear by stick.
#include "shared/bundle/writer.h"
#include "shared/crypto/enrolment.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "syncserver/service/bundles.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace odop::syncserver {

namespace fs = std::filesystem;
using wire::BundleItemKind;

struct Bundles::Shown {
  StoredPointer pointer{};
  wire::SignedDocument pointer_document{};
  wire::SignedDocument manifest{};
  std::vector<PackFile> packs{};
};

namespace {

// What a receipt may say; the quarantine's own words are the office's.
std::string public_reason(const ArrivedOne& one) {
  return one.reason == "fork" || one.reason == "revoked" ? one.reason : "review";
}

void add_document(bundle::NewBundle& to, BundleItemKind kind, std::string name,
                  const wire::SignedDocument& document) {
  to.items.push_back({kind, std::move(name), wire::to_json(document), {}});
}

std::string pack_name(ReleaseNumber release, ReleaseNumber from) {
  return fmt::format("{}/{}", release.value, from.value);
}

}  // namespace

Result<std::optional<Bundles::Shown>> Bundles::shown(const std::string& ring) {
  auto pointer = store_.pointer(ring);
  if (!pointer) return fail(pointer.error());
  if (!*pointer) return std::optional<Shown>{};
  Shown shown;
  shown.pointer = std::move(**pointer);
  auto document = wire::from_json<wire::SignedDocument>(shown.pointer.document);
  if (!document) return fail(ErrorCode::kCorrupt, "stored pointer");
  shown.pointer_document = std::move(*document);
  auto release = store_.release(shown.pointer.release);
  if (!release) return fail(release.error());
  if (!*release) return fail(ErrorCode::kCorrupt, "the pointer's release");
  auto manifest = wire::from_json<wire::SignedDocument>((*release)->manifest);
  if (!manifest) return fail(ErrorCode::kCorrupt, "stored manifest");
  shown.manifest = std::move(*manifest);
  shown.packs = std::move((*release)->packs);
  return std::optional{std::move(shown)};
}

namespace {

Status add_receipts(bundle::NewBundle& to, const std::vector<ArrivedOne>& arrived,
                    const Device& device, const std::string& generation, std::int64_t now_ms,
                    const crypto::SigningKey& key) {
  for (std::size_t at = 0; at < arrived.size(); at += wire::kMaxBatchEnvelopes) {
    wire::BatchReceipt receipt;
    receipt.device_id = device.id;
    receipt.database_generation = generation;
    receipt.server_ms = now_ms;
    receipt.covered_epoch = device.covered_epoch;
    receipt.covered_sequence = device.covered_sequence;
    const std::size_t end = std::min(arrived.size(), at + wire::kMaxBatchEnvelopes);
    for (std::size_t i = at; i < end; ++i) {
      const ArrivedOne& one = arrived[i];
      wire::Verdict verdict;
      verdict.epoch = one.epoch;
      verdict.sequence = one.sequence;
      verdict.envelope_hash = one.hash;
      verdict.code = one.quarantined ? wire::VerdictCode::kQuarantined : wire::VerdictCode::kStored;
      if (one.quarantined) {
        verdict.reason = public_reason(one);
      } else if (!one.whole) {
        verdict.reason = wire::kRecordingsAwaited;
      }
      receipt.verdicts.push_back(std::move(verdict));
    }
    add_document(to, BundleItemKind::kReceipt, "",
                 crypto::sign_document("receipt", wire::encode(receipt), key));
  }
  return {};
}

// Those of `whose`, told to `device`.
Status add_attachment_receipts(bundle::NewBundle& to, Store& store, const std::string& whose,
                               const Device& device, const crypto::SigningKey& key) {
  const auto here = store.attachments_here_of(whose);
  if (!here) return fail(here.error());
  for (const Bytes& hash : *here) {
    wire::AttachmentReceipt receipt;
    receipt.device_id = device.id;
    receipt.database_generation = to.facts.database_generation;
    receipt.server_ms = to.facts.made_ms;
    receipt.hash = hash;
    receipt.code = wire::AttachmentCode::kStored;
    add_document(to, BundleItemKind::kReceipt, "",
                 crypto::sign_document("attachment", wire::encode(receipt), key));
  }
  return {};
}

// The device and those that its kiosk was before, newest first.
Result<std::vector<std::string>> line_of(Store& store, const Device& device) {
  std::vector<std::string> line{device.id};
  std::string former = device.former;
  while (!former.empty() && std::ranges::find(line, former) == line.end()) {
    line.push_back(former);
    const auto known = store.device(former);
    if (!known) return fail(known.error());
    former = *known ? (*known)->former : std::string();
  }
  return line;
}

void add_certificates(bundle::NewBundle& to, const std::vector<wire::SignedDocument>& documents) {
  for (const wire::SignedDocument& document : documents) {
    const auto certificate = wire::from_json<wire::Certificate>(document.payload);
    add_document(to, BundleItemKind::kCertificate,
                 certificate ? certificate->role : document.purpose, document);
  }
}

// From the beginning, so that a kiosk which fell behind needs no other stick.
Result<std::size_t> add_feed(bundle::NewBundle& to, KioskApi& api, const Caller& caller) {
  std::size_t entries = 0;
  FeedPosition after;
  while (true) {
    const auto page = api.feed(caller, after);
    if (!page) return fail(page.error());
    if (page->entries.empty()) return entries;
    entries += page->entries.size();
    to.items.push_back(
        {BundleItemKind::kFeedPage, std::to_string(after.value), wire::to_json(*page), {}});
    after = page->next;
    to.facts.feed_head = after;
    if (!page->more) return entries;
  }
}

}  // namespace

Result<GivenBundle> Bundles::give_one(const fs::path& place, bool folder, const FleetRow& row,
                                      std::vector<std::pair<ReleaseNumber, ReleaseNumber>>& packs) {
  const Device& device = row.device;
  const Caller caller{device, device.revoked_ms != 0};
  GivenBundle given;
  given.kiosk = row.kiosk.number;
  given.file = folder ? place / fmt::format("kiosk-{}-down.odop", given.kiosk.value) : place;
  auto generation = store_.generation();
  if (!generation) return fail(generation.error());

  bundle::NewBundle down;
  down.direction = wire::BundleDirection::kDown;
  down.facts.device_id = device.id;
  down.facts.kiosk = given.kiosk;
  down.facts.database_generation = *generation;
  down.facts.made_ms = clock_.wall().time_since_epoch().count();
  // Until the kiosk was heard of, it may still wait for the answer to its request.
  if (!caller.revoked && device.state.seen_ms == 0 && !row.kiosk.code_hash.empty()) {
    if (const auto identity = api_.enrolment_of(device)) {
      const auto answer =
          crypto::seal_enrol_answer(*identity, device.public_key, row.kiosk.code_hash);
      if (!answer) return fail(answer.error());
      down.items.push_back({BundleItemKind::kEnrolAnswer, "", wire::encode(*answer), {}});
      given.enrolment = true;
    }
  }
  // What its kiosk left as another device is told to the one that it is now.
  const auto line = line_of(store_, device);
  if (!line) return fail(line.error());
  for (const std::string& id : *line) {
    const auto arrived = store_.arrived_of(id);
    if (!arrived) return fail(arrived.error());
    given.receipts += arrived->size();
    if (auto added =
            add_receipts(down, *arrived, device, *generation, down.facts.made_ms, keys_.server);
        !added) {
      return fail(added.error());
    }
    if (auto added = add_attachment_receipts(down, store_, id, device, keys_.server); !added) {
      return fail(added.error());
    }
  }
  if (!caller.revoked) {
    const auto entries = add_feed(down, api_, caller);
    if (!entries) return fail(entries.error());
    given.entries = *entries;
    add_certificates(down, keys_.offered());
    const auto release = shown(device.ring);
    if (!release) return fail(release.error());
    if (*release) {
      const Shown& now = **release;
      given.release = now.pointer.release;
      add_document(down, BundleItemKind::kPointer, "", now.pointer_document);
      add_document(down, BundleItemKind::kManifest, std::to_string(given.release.value),
                   now.manifest);
      if (device.state.release_shown < given.release) {
        const bool has = std::ranges::any_of(now.packs, [&](const PackFile& pack) {
          return pack.from == device.state.release_shown;
        });
        given.pack_from = has ? device.state.release_shown : ReleaseNumber{0};
      }
    }
  }
  if (given.pack_from && folder) {
    packs.emplace_back(given.release, *given.pack_from);
  } else if (given.pack_from) {
    const auto pack = api_.pack(given.release, *given.pack_from);
    if (!pack) return fail(pack.error());
    down.items.push_back(
        {BundleItemKind::kPack, pack_name(given.release, *given.pack_from), {}, pack->path});
  }
  const auto written = bundle::write_bundle(given.file, down, keys_.server);
  if (!written) return fail(written.error());
  given.bytes = written->bytes;
  return given;
}

Result<std::vector<GivenBundle>> Bundles::give(const fs::path& place,
                                               std::optional<KioskNumber> kiosk) {
  auto fleet = store_.fleet();
  if (!fleet) return fail(fleet.error());
  if (kiosk) {
    std::erase_if(*fleet, [&](const FleetRow& row) { return row.kiosk.number != *kiosk; });
    if (fleet->empty()) return fail(ErrorCode::kNotFound, "there is no such kiosk");
  }
  const bool none_known = fleet->empty();
  std::erase_if(*fleet, [](const FleetRow& row) { return row.device.id.empty(); });
  if (fleet->empty()) {
    return fail(ErrorCode::kInvalidArgument,
                none_known ? "there is no kiosk yet: add one with kiosk add"
                           : "the kiosk has not asked yet: import its enrolment request first");
  }
  std::error_code error;
  const bool folder = fs::is_directory(place, error);
  if (!folder && fleet->size() > 1) {
    return fail(ErrorCode::kInvalidArgument,
                "a file holds one kiosk's bundle: name it with --kiosk, or give a folder");
  }
  std::vector<GivenBundle> given;
  std::vector<std::pair<ReleaseNumber, ReleaseNumber>> packs;
  for (const FleetRow& row : *fleet) {
    auto one = give_one(place, folder, row, packs);
    if (!one) return fail(one.error());
    given.push_back(std::move(*one));
  }
  std::ranges::sort(packs);
  packs.erase(std::unique(packs.begin(), packs.end()), packs.end());
  for (const auto& [release, from] : packs) {
    const auto pack = api_.pack(release, from);
    if (!pack) return fail(pack.error());
    bundle::NewBundle shared;
    shared.direction = wire::BundleDirection::kDown;
    shared.facts.made_ms = clock_.wall().time_since_epoch().count();
    shared.items.push_back({BundleItemKind::kPack, pack_name(release, from), {}, pack->path});
    GivenBundle one;
    one.file = place / fmt::format("release-{}-from-{}.odop", release.value, from.value);
    one.release = release;
    one.pack_from = from;
    const auto written = bundle::write_bundle(one.file, shared, keys_.server);
    if (!written) return fail(written.error());
    one.bytes = written->bytes;
    given.push_back(std::move(one));
  }
  return given;
}

Result<GivenBundle> Bundles::give_factory(const fs::path& file) {
  const auto release = shown("all");
  if (!release) return fail(release.error());
  if (!*release) {
    return fail(ErrorCode::kNotFound, "nothing is published yet: run catalogue publish first");
  }
  const Shown& now = **release;
  GivenBundle given;
  given.file = file;
  given.release = now.pointer.release;
  given.pack_from = ReleaseNumber{0};
  const auto pack = api_.pack(given.release, *given.pack_from);
  if (!pack) return fail(pack.error());
  auto generation = store_.generation();
  if (!generation) return fail(generation.error());
  bundle::NewBundle factory;
  factory.direction = wire::BundleDirection::kFactory;
  factory.facts.made_ms = clock_.wall().time_since_epoch().count();
  factory.facts.database_generation = std::move(*generation);
  if (wire::is_lone_root(keys_.roots)) {
    factory.items.push_back({BundleItemKind::kRootPublicKey, "", keys_.roots.keys.front(), {}});
  } else {
    factory.items.push_back({BundleItemKind::kRootSet, "", wire::to_json(keys_.roots), {}});
  }
  add_document(factory, BundleItemKind::kCertificate, "server", keys_.server_certificate);
  add_document(factory, BundleItemKind::kCertificate, "publisher", keys_.publisher_certificate);
  add_certificates(factory, keys_.other_certificates);
  add_document(factory, BundleItemKind::kPointer, "", now.pointer_document);
  add_document(factory, BundleItemKind::kManifest, std::to_string(given.release.value),
               now.manifest);
  factory.items.push_back(
      {BundleItemKind::kPack, pack_name(given.release, *given.pack_from), {}, pack->path});
  const auto written = bundle::write_bundle(file, factory, keys_.server);
  if (!written) return fail(written.error());
  given.bytes = written->bytes;
  return given;
}

}  // namespace odop::syncserver

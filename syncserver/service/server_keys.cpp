#include "syncserver/service/server_keys.h"

#include "shared/crypto/trust.h"
#include "shared/wire/json.h"
#include "syncserver/service/media_folder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;

constexpr std::array kKeyFiles = {"root.key", "publisher.key", "server.key", "sealing.key"};
constexpr const char* kPublicFile = "public.json";

using Documents = std::vector<wire::SignedDocument>;

Documents certify(std::span<const crypto::SigningKey> roots, std::string_view role,
                  const Bytes& key, WallTime now) {
  const auto born = now - std::chrono::days{1};
  const wire::Certificate certificate{std::string(role), key, born.time_since_epoch().count(),
                                      (born + kCertificateLife).time_since_epoch().count()};
  return sign_by_all("certificate", wire::to_json(certificate), roots);
}

void append(Documents& to, const Documents& more) {
  std::ranges::copy(more, std::back_inserter(to));
}

// The first stands for them, the rest goes to the others.
wire::SignedDocument first_of(Documents signatures, Documents& others) {
  std::copy(std::next(signatures.begin()), signatures.end(), std::back_inserter(others));
  return std::move(signatures.front());
}

// What lies in public.json.
struct PublicHalf {
  wire::RootSet roots;
  wire::SignedDocument publisher;
  wire::SignedDocument server;
  Documents others;
  Documents earlier;
};

nlohmann::json texts_of(const Documents& documents) {
  nlohmann::json texts = nlohmann::json::array();
  for (const wire::SignedDocument& document : documents) texts.push_back(wire::to_json(document));
  return texts;
}

Status write_public(const fs::path& folder, const PublicHalf& open) {
  if (open.others.size() > wire::kMaxLaterCertificates) {
    return fail(ErrorCode::kTooLarge, "the fleet cannot hold more certificates; enrol it anew");
  }
  nlohmann::json all = {{"publisher", wire::to_json(open.publisher)},
                        {"server", wire::to_json(open.server)}};
  if (wire::is_lone_root(open.roots)) {
    all["root"] = to_base64(open.roots.keys.front());
  } else {
    all["roots"] = wire::to_json(open.roots);
  }
  if (!open.others.empty()) all["others"] = texts_of(open.others);
  if (!open.earlier.empty()) all["earlier"] = texts_of(open.earlier);
  return write_durably(folder / kPublicFile, all.dump(2) + "\n");
}

Result<Documents> documents_in(const nlohmann::json& all, const char* name) {
  Documents documents;
  const auto list = all.find(name);
  if (list == all.end()) return documents;
  if (!list->is_array()) return fail(ErrorCode::kCorrupt, kPublicFile);
  for (const nlohmann::json& text : *list) {
    if (!text.is_string()) return fail(ErrorCode::kCorrupt, kPublicFile);
    auto document = wire::from_json<wire::SignedDocument>(text.get<std::string>());
    if (!document.has_value()) return fail(ErrorCode::kCorrupt, kPublicFile);
    documents.push_back(std::move(*document));
  }
  return documents;
}

Result<wire::SignedDocument> certificate_in(const nlohmann::json& all, const char* role) {
  const auto text = all.find(role);
  if (text == all.end() || !text->is_string()) return fail(ErrorCode::kCorrupt, kPublicFile);
  return wire::from_json<wire::SignedDocument>(text->get<std::string>());
}

Result<wire::RootSet> roots_in(const nlohmann::json& all) {
  if (const auto set = all.find("roots"); set != all.end() && set->is_string()) {
    return wire::from_json<wire::RootSet>(set->get<std::string>());
  }
  const auto key = all.find("root");
  wire::RootSet lone{1, 1, {Bytes()}};
  if (key == all.end() || !key->is_string() ||
      !from_base64(key->get<std::string>(), lone.keys.front())) {
    return fail(ErrorCode::kCorrupt, kPublicFile);
  }
  return lone;
}

Result<PublicHalf> read_public(const fs::path& folder) {
  Result<Bytes> text = read_file(folder / kPublicFile, 512 * 1024);
  if (!text.has_value()) {
    if (text.error().code != ErrorCode::kNotFound) return fail(text.error());
    return fail(ErrorCode::kNotFound, folder.string() + " holds no keys; run init first");
  }
  const nlohmann::json all = nlohmann::json::parse(*text, nullptr, false);
  if (!all.is_object()) return fail(ErrorCode::kCorrupt, (folder / kPublicFile).string());
  PublicHalf open;
  const auto put = [](auto& where, auto found) -> Status {
    if (!found.has_value()) return fail(std::move(found.error()));
    where = std::move(*found);
    return {};
  };
  const Status read =
      put(open.roots, roots_in(all))
          .and_then([&] { return put(open.publisher, certificate_in(all, "publisher")); })
          .and_then([&] { return put(open.server, certificate_in(all, "server")); })
          .and_then([&] { return put(open.others, documents_in(all, "others")); })
          .and_then([&] { return put(open.earlier, documents_in(all, "earlier")); });
  if (!read.has_value()) return fail(read.error());
  return open;
}

}  // namespace

Documents ServerKeys::offered() const {
  if (other_certificates.empty()) return {};
  Documents all = other_certificates;
  all.push_back(publisher_certificate);
  all.push_back(server_certificate);
  return all;
}

Status create_server_keys(const fs::path& folder, WallTime now, RootPlan plan) {
  std::error_code problem;
  for (const char* file : kKeyFiles) {
    if (fs::exists(folder / file, problem)) {
      return fail(ErrorCode::kConflict, (folder / file).string() + " exists already");
    }
  }
  auto roots = make_roots(plan, 1);
  if (!roots.has_value()) return fail(roots.error());
  fs::create_directories(folder, problem);
  if (!problem) fs::permissions(folder, fs::perms::owner_all, problem);
  if (problem) return fail(ErrorCode::kIo, folder.string() + ": " + problem.message());

  const auto publisher = crypto::SigningKey::generate();
  const auto server = crypto::SigningKey::generate();
  const auto sealing = crypto::SealingKey::generate();
  const auto signing = std::span<const crypto::SigningKey>(roots->keys).first(plan.threshold);
  PublicHalf open;
  open.roots = roots->set;
  open.publisher =
      first_of(certify(signing, crypto::kPublisherRole, publisher.public_key(), now), open.others);
  open.server =
      first_of(certify(signing, crypto::kServerRole, server.public_key(), now), open.others);
  return write_roots(folder, *roots)
      .and_then([&] { return write_seed(folder / "publisher.key", publisher.seed()); })
      .and_then([&] { return write_seed(folder / "server.key", server.seed()); })
      .and_then([&] { return write_seed(folder / "sealing.key", sealing.seed()); })
      .and_then([&] { return write_public(folder, open); });
}

Result<ServerKeys> load_server_keys(const fs::path& folder) {
  auto open = read_public(folder);
  if (!open.has_value()) return fail(open.error());
  auto server = read_seed(folder / "server.key").and_then(crypto::SigningKey::from_seed);
  if (!server.has_value()) return fail(server.error());
  auto sealing = read_seed(folder / "sealing.key").and_then(crypto::SealingKey::from_seed);
  if (!sealing.has_value()) return fail(sealing.error());
  std::optional<crypto::SigningKey> publisher;
  auto seed = read_seed(folder / "publisher.key");
  if (seed.has_value()) {
    auto key = crypto::SigningKey::from_seed(*seed);
    if (!key.has_value()) return fail(key.error());
    publisher = std::move(*key);
  } else if (seed.error().code != ErrorCode::kNotFound) {
    return fail(seed.error());
  }
  std::string sealing_id = sealing->id();
  return ServerKeys{std::move(open->roots),  std::move(publisher),    std::move(*server),
                    std::move(*sealing),     std::move(sealing_id),   std::move(open->publisher),
                    std::move(open->server), std::move(open->others), std::move(open->earlier)};
}

std::optional<Bytes> publisher_public_key(const ServerKeys& keys, std::string_view key_id) {
  Documents documents = keys.other_certificates;
  append(documents, keys.earlier_certificates);
  documents.push_back(keys.publisher_certificate);
  for (const wire::SignedDocument& document : documents) {
    const auto certificate = wire::from_json<wire::Certificate>(document.payload);
    if (!certificate.has_value() || certificate->role != crypto::kPublisherRole) continue;
    if (crypto::key_id(certificate->public_key) == key_id) return certificate->public_key;
  }
  return std::nullopt;
}

Status rotate_publisher(const fs::path& folder, WallTime now, bool revoke,
                        const std::vector<fs::path>& files) {
  auto open = read_public(folder);
  if (!open.has_value()) return fail(open.error());
  const auto roots = roots_at_hand(folder, open->roots, files);
  if (!roots.has_value()) return fail(roots.error());
  const auto old = wire::from_json<wire::Certificate>(open->publisher.payload);
  if (!old.has_value()) return fail(ErrorCode::kCorrupt, kPublicFile);
  open->others.push_back(std::move(open->publisher));
  if (revoke) append(open->others, certify(*roots, crypto::kRevokedRole, old->public_key, now));
  const auto publisher = crypto::SigningKey::generate();
  open->publisher =
      first_of(certify(*roots, crypto::kPublisherRole, publisher.public_key(), now), open->others);
  // Between the two nothing can be published, and a repeated rotation mends it.
  return write_public(folder, *open).and_then([&] {
    return write_seed(folder / "publisher.key", publisher.seed());
  });
}

Status rotate_roots(const fs::path& folder, WallTime now, RootPlan next,
                    const std::vector<fs::path>& files) {
  auto held = read_public(folder);
  if (!held.has_value()) return fail(held.error());
  const auto old_roots = roots_at_hand(folder, held->roots, files);
  if (!old_roots.has_value()) return fail(old_roots.error());
  auto roots = make_roots(next, held->roots.version + 1);
  if (!roots.has_value()) return fail(roots.error());
  const auto publisher = wire::from_json<wire::Certificate>(held->publisher.payload);
  const auto server = wire::from_json<wire::Certificate>(held->server.payload);
  if (!publisher.has_value() || !server.has_value()) return fail(ErrorCode::kCorrupt, kPublicFile);

  PublicHalf open;
  open.roots = roots->set;
  // The sets that led here stay; what the old roots said of other keys is said no more.
  for (wire::SignedDocument& document : held->others) {
    (document.purpose == "root" ? open.others : open.earlier).push_back(std::move(document));
  }
  append(open.earlier, held->earlier);
  open.earlier.push_back(std::move(held->publisher));
  const auto signing = std::span<const crypto::SigningKey>(roots->keys).first(next.threshold);
  const std::string set = wire::to_json(roots->set);
  append(open.others, sign_by_all("root", set, *old_roots));
  append(open.others, sign_by_all("root", set, signing));
  open.publisher =
      first_of(certify(signing, crypto::kPublisherRole, publisher->public_key, now), open.others);
  open.server =
      first_of(certify(signing, crypto::kServerRole, server->public_key, now), open.others);
  // The new keys first: without them nothing could be said any more.
  return write_roots(folder, *roots).and_then([&] { return write_public(folder, open); });
}

}  // namespace odop::syncserver

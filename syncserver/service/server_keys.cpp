#include "syncserver/service/server_keys.h"

#include "shared/crypto/trust.h"
#include "shared/wire/json.h"
#include "syncserver/service/media_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;

constexpr std::array kKeyFiles = {"root.key", "publisher.key", "server.key", "sealing.key"};
constexpr const char* kPublicFile = "public.json";

// A seed as base64 and a line end, so that it can be copied by hand if it must.
Status write_seed(const fs::path& file, const crypto::SecretBytes& seed) {
  return write_durably(file, to_base64(seed.view()) + "\n", 0600);
}

Result<Bytes> read_seed(const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) {
    return fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo, file.string());
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorCode::kForbidden,
                file.string() + " can be read by others; set its mode to 0600");
  }
  Result<Bytes> text = read_file(file, 1024);
  if (!text.has_value()) return text;
  while (text->ends_with('\n')) text->pop_back();
  Bytes seed;
  if (!from_base64(*text, seed) || seed.size() != crypto::kSeedBytes) {
    return fail(ErrorCode::kCorrupt, file.string() + " holds no key");
  }
  return seed;
}

std::string certify(const crypto::SigningKey& root, std::string role, const Bytes& key,
                    WallTime now) {
  const auto born = now - std::chrono::days{1};
  wire::Certificate certificate{std::move(role), key, born.time_since_epoch().count(),
                                (born + kCertificateLife).time_since_epoch().count()};
  return wire::to_json(crypto::sign_document("certificate", wire::to_json(certificate), root));
}

std::string revoked(const crypto::SigningKey& root, const Bytes& key, WallTime now) {
  return certify(root, std::string(crypto::kRevokedRole), key, now);
}

Result<std::vector<wire::SignedDocument>> others_in(const nlohmann::json& all) {
  std::vector<wire::SignedDocument> documents;
  const auto list = all.find("others");
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

}  // namespace

Status create_server_keys(const fs::path& folder, WallTime now) {
  std::error_code problem;
  for (const char* file : kKeyFiles) {
    if (fs::exists(folder / file, problem)) {
      return fail(ErrorCode::kConflict, (folder / file).string() + " exists already");
    }
  }
  fs::create_directories(folder, problem);
  if (!problem) fs::permissions(folder, fs::perms::owner_all, problem);
  if (problem) return fail(ErrorCode::kIo, folder.string() + ": " + problem.message());

  const auto root = crypto::SigningKey::generate();
  const auto publisher = crypto::SigningKey::generate();
  const auto server = crypto::SigningKey::generate();
  const auto sealing = crypto::SealingKey::generate();
  const nlohmann::json open = {
      {"root", to_base64(root.public_key())},
      {"publisher", certify(root, "publisher", publisher.public_key(), now)},
      {"server", certify(root, "server", server.public_key(), now)}};
  return write_seed(folder / "root.key", root.seed())
      .and_then([&] { return write_seed(folder / "publisher.key", publisher.seed()); })
      .and_then([&] { return write_seed(folder / "server.key", server.seed()); })
      .and_then([&] { return write_seed(folder / "sealing.key", sealing.seed()); })
      .and_then([&] { return write_durably(folder / kPublicFile, open.dump(2) + "\n"); });
}

Result<ServerKeys> load_server_keys(const fs::path& folder) {
  Result<Bytes> text = read_file(folder / kPublicFile, 64 * 1024);
  if (!text.has_value()) {
    if (text.error().code != ErrorCode::kNotFound) return fail(text.error());
    return fail(ErrorCode::kNotFound, folder.string() + " holds no keys; run init first");
  }
  const nlohmann::json open = nlohmann::json::parse(*text, nullptr, false);
  Bytes root_public;
  if (!open.is_object() || !from_base64(open.value("root", ""), root_public)) {
    return fail(ErrorCode::kCorrupt, (folder / kPublicFile).string());
  }
  auto publisher_certificate = certificate_in(open, "publisher");
  if (!publisher_certificate.has_value()) return fail(publisher_certificate.error());
  auto server_certificate = certificate_in(open, "server");
  if (!server_certificate.has_value()) return fail(server_certificate.error());

  auto others = others_in(open);
  if (!others.has_value()) return fail(others.error());

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
  return ServerKeys{std::move(root_public),
                    std::move(publisher),
                    std::move(*server),
                    std::move(*sealing),
                    std::move(sealing_id),
                    std::move(*publisher_certificate),
                    std::move(*server_certificate),
                    std::move(*others)};
}

std::optional<Bytes> publisher_public_key(const ServerKeys& keys, std::string_view key_id) {
  std::vector<wire::SignedDocument> documents = keys.other_certificates;
  documents.push_back(keys.publisher_certificate);
  for (const wire::SignedDocument& document : documents) {
    const auto certificate = wire::from_json<wire::Certificate>(document.payload);
    if (!certificate.has_value() || certificate->role != crypto::kPublisherRole) continue;
    if (crypto::key_id(certificate->public_key) == key_id) return certificate->public_key;
  }
  return std::nullopt;
}

Status rotate_publisher(const fs::path& folder, WallTime now, bool revoke) {
  const auto held = load_server_keys(folder);
  if (!held.has_value()) return fail(held.error());
  const auto root = read_seed(folder / "root.key").and_then(crypto::SigningKey::from_seed);
  if (!root.has_value()) {
    if (root.error().code != ErrorCode::kNotFound) return fail(root.error());
    return fail(ErrorCode::kNotFound, (folder / "root.key").string() +
                                          " is not here; bring it back for this, then take it "
                                          "off line again");
  }
  if (root->public_key() != held->root_public) {
    return fail(ErrorCode::kCorrupt, (folder / "root.key").string() + " is another root's key");
  }
  const auto old = wire::from_json<wire::Certificate>(held->publisher_certificate.payload);
  if (!old.has_value()) return fail(ErrorCode::kCorrupt, kPublicFile);
  nlohmann::json others = nlohmann::json::array();
  for (const wire::SignedDocument& document : held->other_certificates) {
    others.push_back(wire::to_json(document));
  }
  others.push_back(wire::to_json(held->publisher_certificate));
  if (revoke) others.push_back(revoked(*root, old->public_key, now));
  if (others.size() > wire::kMaxLaterCertificates) {
    return fail(ErrorCode::kTooLarge, "the fleet cannot hold more certificates; enrol it anew");
  }
  const auto publisher = crypto::SigningKey::generate();
  const nlohmann::json open = {
      {"root", to_base64(held->root_public)},
      {"publisher", certify(*root, "publisher", publisher.public_key(), now)},
      {"server", wire::to_json(held->server_certificate)},
      {"others", std::move(others)}};
  // Between the two nothing can be published, and a repeated rotation mends it.
  return write_durably(folder / kPublicFile, open.dump(2) + "\n").and_then([&] {
    return write_seed(folder / "publisher.key", publisher.seed());
  });
}

}  // namespace odop::syncserver

// Catalogue, releases and media, as the store keeps them.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace odop::syncserver {

// A record of the draft, or of a release.
struct CatalogueRecord {
  std::string type{};
  std::string id{};
  std::string json{};  // keys sorted, NFC
  std::string hash{};  // hex SHA-256 of `json`
};

struct Medium {
  std::string hash{};     // hex SHA-256 of its file
  std::uint8_t kind = 0;  // number of the wire::ItemKind
  std::uint64_t size = 0;
  std::string content_type{};
};

// What a release consists of: records by "type/id", media by hex hash. Sorted by kind, then id.
struct ReleaseItem {
  std::uint8_t kind = 0;  // number of the wire::ItemKind
  std::string id{};
  std::string hash{};  // hex
  std::uint64_t size = 0;
};

struct PackFile {
  ReleaseNumber from{};
  std::uint64_t size = 0;
};

struct Release {
  ReleaseNumber number{};
  ReleaseNumber previous{};
  std::int64_t created_ms = 0;
  std::string content_digest{};  // hex
  std::uint64_t records = 0;
  std::uint64_t media = 0;
  std::string manifest{};  // signed document as JSON
  std::vector<PackFile> packs{};
};

struct StoredPointer {
  std::uint64_t serial = 0;
  std::string ring{};
  ReleaseNumber release{};
  std::int64_t issued_ms = 0;
  std::int64_t expires_ms = 0;
  std::string document{};  // signed document as JSON
};

}  // namespace odop::syncserver

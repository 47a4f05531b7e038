// Published catalogues on the kiosk's disk: the release that is shown, the one before it, and the
// one that is arriving. A release comes in as items whose hashes the caller has checked
// (kiosk/sync); it becomes visible in one transaction, after everything is on the disk.
//
//   FOLDER/releases.db             which releases are here, pointer and manifest documents
//   FOLDER/catalogue-N.db          one release, never changed once it is ready; opened immutable
//   FOLDER/media/HASH              by content, shared by all releases
//   FOLDER/staging/                what is arriving: HASH, frame, catalogue-N.db
//
// Threads: one CatalogueStore per thread. The worker stages, the UI thread loads and switches.
#pragma once

#include "kiosk/model/catalogue.h"
#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"
#include "shared/store/sqlite.h"
#include "shared/wire/messages.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// One record as it lies in a release.
struct StoredRecord {
  wire::Record record;
  Bytes hash;  // SHA-256 of the item's bytes as the pack's index names it
};

// What a release holds, for the digest that the manifest signs.
struct StoredItem {
  wire::ItemKind kind = wire::ItemKind::kRecord;
  std::string id;
  Bytes hash;
};

struct MediumItem {
  std::string hash;  // lower-case hex SHA-256
  wire::ItemKind kind = wire::ItemKind::kPicture;
  std::uint64_t size = 0;
};

// Documents of the newest accepted pointer and its manifest, exact bytes, checked by the caller.
struct HeldDocuments {
  wire::SignedDocument pointer;
  wire::SignedDocument manifest;
};

class CatalogueStore {
 public:
  // Errors: kReadOnly is not one: a read-only medium opens, shows what is there and refuses to
  // stage. kUnsupported, kCorrupt, kIo.
  [[nodiscard]] static Result<CatalogueStore> open(const std::filesystem::path& folder);

  // ---- Showing (UI thread) ----
  // The newest release that is ready, or the one before it when the newest fails its health check
  // (a failed one is marked and not tried again). A catalogue with release 0 when there is none.
  // `stale` is set when the pointer has expired at `now_ms`; taken-down records are left out.
  // Measured: 10,000 products in well under 100 ms (tests/kiosk/store). Errors: kIo.
  [[nodiscard]] Result<Catalogue> load_newest(std::int64_t now_ms);
  // Errors: kNotFound, kCorrupt (a row's checksum, a missing table, no product at all).
  [[nodiscard]] Result<Catalogue> load(ReleaseNumber release, std::int64_t now_ms) const;
  // Notes what the screen shows now; the heartbeat names it.
  [[nodiscard]] Status set_shown(ReleaseNumber release);
  [[nodiscard]] Result<ReleaseNumber> shown() const;
  // Newest ready release; 0 = none.
  [[nodiscard]] Result<ReleaseNumber> newest_ready() const;

  // Where a medium lies (hex SHA-256). The file may be missing: then draw the drawing.
  [[nodiscard]] std::filesystem::path media_path(std::string_view hash) const;
  [[nodiscard]] bool has_medium(std::string_view hash) const;

  // ---- Documents (worker) ----
  [[nodiscard]] Result<std::optional<HeldDocuments>> documents() const;
  // Pointer, its serial, expiry and take-downs, in one commit.
  [[nodiscard]] Status adopt_documents(const HeldDocuments& documents,
                                       const wire::Pointer& pointer);

  // ---- Staging (worker) ----
  [[nodiscard]] std::filesystem::path staging_folder() const;
  // A medium that is whole and checked, as a file in the staging folder named by its hash. True:
  // there already, in staging or in media.
  [[nodiscard]] bool has_staged(std::string_view hash) const;
  // The hash of a record in a ready release; nullopt when it has none.
  [[nodiscard]] Result<std::vector<StoredItem>> items(ReleaseNumber release) const;
  // Builds staging/catalogue-N.db: the records of `base` (0 = none) changed by `changed` and
  // `removed` ("type/id"). Returns what the release would hold then, for the digest check.
  // Errors: kMalformed (a record that does not read: names type and id), kDiskFull, kIo, kNotFound
  // (base).
  [[nodiscard]] Result<std::vector<StoredItem>> stage_records(ReleaseNumber base,
                                                              const wire::Manifest& manifest,
                                                              std::span<const StoredRecord> changed,
                                                              std::span<const std::string> removed);
  // Everything of `stage_records` and the staged media goes live: syncfs, renames, folder sync, one
  // transaction. Media of the release that are in neither place are an error. Errors: kNotFound (a
  // medium), kDiskFull, kIo; on error the old release stays.
  [[nodiscard]] Status commit_release(const wire::Manifest& manifest,
                                      std::span<const MediumItem> media);
  // Drops releases older than the last good one before the newest, and media that no kept release
  // names. Never drops what is shown.
  [[nodiscard]] Status collect_garbage();

  [[nodiscard]] std::uint64_t free_bytes() const;

 private:
  CatalogueStore(std::filesystem::path folder, store::Connection releases);
  [[nodiscard]] std::filesystem::path file_of(ReleaseNumber release) const;

  std::filesystem::path folder_;
  store::Connection releases_;
};

}  // namespace odop::kiosk

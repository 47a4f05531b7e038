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
#include "kiosk/store/file_system.h"
#include "kiosk/store/story_reader.h"
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

class CatalogueFile;

// One record as it lies in a release.
struct StoredRecord {
  wire::Record record;
  Bytes hash;  // SHA-256 of the item's bytes as the pack's index names it
};

// What a release holds. A medium has the hex of its hash as id.
struct StoredItem {
  wire::ItemKind kind = wire::ItemKind::kRecord;
  std::string id;
  Bytes hash;
};

// Everything that makes staging/catalogue-N.db.
struct StagedRecords {
  ReleaseNumber base;           // whose records stay unless changed or removed; 0 = none
  ReleaseNumber release;        // that it becomes
  std::int64_t created_ms = 0;  // of the manifest
  std::vector<StoredRecord> changed;
  std::vector<std::string> removed;  // "type/id"
  std::vector<StoredItem> media;     // that came with the pack
};

// Documents of the newest accepted pointer and its manifest, exact bytes, checked by the caller.
struct HeldDocuments {
  wire::SignedDocument pointer;
  wire::SignedDocument manifest;
};

class CatalogueStore {
 public:
  // A damaged releases.db is made anew from the catalogue files. Where it cannot be written
  // (read-only file system, full disk, another's folder, a newer program's file) the list lies in
  // memory, made of what can be read of it and of the catalogue files beside it: then everything is
  // shown and nothing staged. So a stand never goes blank for want of a place to write. Errors:
  // kInternal (no memory). `files` outlives the store.
  [[nodiscard]] static Result<CatalogueStore> open(const std::filesystem::path& folder,
                                                   const FileSystem& files = system_files());
  // Whether the list lies in memory.
  [[nodiscard]] bool read_only() const { return read_only_; }
  // Tries again to open the list for writing, when it lies in memory. Only the list changes, so
  // that others may go on asking where a medium lies. True: it can be written now.
  bool reopen();

  // ---- Showing (UI thread) ----
  // The newest release that is ready, or the one before it when the newest fails its health check
  // (a failed one is marked and not tried again). A catalogue with release 0 when there is none.
  // `stale` is set when the pointer has expired at `now_ms`; taken-down records are left out.
  // Measured: 10,000 products in well under 100 ms (tests/kiosk/store). Errors: kIo.
  [[nodiscard]] Result<Catalogue> load_newest(std::int64_t now_ms);
  // Errors: kNotFound, kCorrupt (a row's checksum, a missing table, no product at all).
  [[nodiscard]] Result<Catalogue> load(ReleaseNumber release, std::int64_t now_ms) const;
  // What the catalogue leaves out: the stories of its products. Errors: kNotFound, kCorrupt, kIo.
  [[nodiscard]] Result<StoryReader> stories(ReleaseNumber release) const;
  // A release of which something shows only later that it is damaged: not loaded again, and the
  // worker fetches it anew.
  [[nodiscard]] Status reject(ReleaseNumber release);
  // Notes what the screen shows now; the heartbeat names it.
  [[nodiscard]] Status set_shown(ReleaseNumber release);
  [[nodiscard]] Result<ReleaseNumber> shown() const;
  // The newest release that was found damaged and has not come anew; 0 = none.
  [[nodiscard]] Result<ReleaseNumber> rejected() const;
  // Newest ready release; 0 = none.
  [[nodiscard]] Result<ReleaseNumber> newest_ready() const;

  // Where a medium lies (hex SHA-256). The file may be missing: then draw the drawing.
  [[nodiscard]] std::filesystem::path media_path(std::string_view hash) const;
  [[nodiscard]] bool has_medium(std::string_view hash) const;

  // ---- Documents (worker) ----
  [[nodiscard]] Result<std::optional<HeldDocuments>> documents() const;
  // Pointer, serial, expiry and take-downs, in one commit. Errors: kStale (a higher one is held).
  [[nodiscard]] Status adopt_documents(const HeldDocuments& documents,
                                       const wire::Pointer& pointer);

  // ---- Staging (worker) ----
  [[nodiscard]] std::filesystem::path staging_folder() const;
  // A medium that is whole and checked, as a file in the staging folder named by its hash. True:
  // there already, in staging or in media.
  [[nodiscard]] bool has_staged(std::string_view hash) const;
  // Where a medium that has arrived is written until the release goes live.
  [[nodiscard]] std::filesystem::path staged_path(std::string_view hash) const;
  // What it is written with.
  [[nodiscard]] const FileSystem& files() const { return *files_; }
  // Records and media of a ready release. Errors: kNotFound, kCorrupt.
  [[nodiscard]] Result<std::vector<StoredItem>> items(ReleaseNumber release) const;
  // Builds staging/catalogue-N.db and returns what the release holds then, for the digest check.
  // Its media are those that its records name; with base 0, also what else the pack brought.
  // Errors: kMalformed (a record that does not read: names type and id), kDiskFull, kIo, kNotFound
  // (base).
  [[nodiscard]] Result<std::vector<StoredItem>> stage_records(const StagedRecords& staged);
  // What `stage_records` built and its media go live: syncfs, renames, folder sync, one
  // transaction. Errors: kNotFound (a medium of the release is in neither place), kDiskFull, kIo;
  // on error the old release stays.
  [[nodiscard]] Status commit_release(ReleaseNumber release, std::int64_t created_ms);
  // Forgets what is in the staging folder.
  [[nodiscard]] Status clear_staging();
  // Drops releases older than the last good one before the newest, and media that no kept release
  // names. Never drops what is shown.
  [[nodiscard]] Status collect_garbage();

 private:
  CatalogueStore(std::filesystem::path folder, const FileSystem& files, store::Connection releases);
  [[nodiscard]] std::filesystem::path file_of(ReleaseNumber release) const;
  [[nodiscard]] std::filesystem::path staged_file_of(ReleaseNumber release) const;
  [[nodiscard]] static Result<CatalogueStore> open_in_memory(const std::filesystem::path& folder,
                                                             const FileSystem& files);
  // Catalogues that lie there and are not in the list; `whole`: none that lacks a medium.
  [[nodiscard]] Status adopt_files(bool whole);
  [[nodiscard]] bool has_media_of(const CatalogueFile& file) const;
  void adopt_list(const std::filesystem::path& file);
  [[nodiscard]] Status hide(Catalogue& catalogue) const;

  std::filesystem::path folder_;
  const FileSystem* files_;
  store::Connection releases_;
  bool read_only_ = false;
};

}  // namespace odop::kiosk

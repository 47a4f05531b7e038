// The catalogue's draft: import and removal. Every change is one transaction; nothing reaches a
// kiosk before it is published (releases.h).
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "syncserver/service/import_plan.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace odop::syncserver {

struct ImportReport {
  std::size_t imported = 0;    // records written, those without a change included
  std::size_t pictures = 0;    // photographs cut and stored
  std::size_t recordings = 0;  // prompts checked and stored
  std::vector<ImportError> errors;
};

// `path` is a folder of CSV files with optional forms/<form id>.json,
// media/<product id>.jpg|png|webp and audio/<id in audio.csv>.opus|ogg (Ogg Opus, at most
// sound::kLongestPrompt), or one CSV or JSON file. Rows are upserted by id; nothing is
// removed. When anything is wrong nothing is imported,
// unless `valid_only`: then the rows and pictures that are right are. Errors: kNotFound (path),
// kInvalidArgument (nothing to import there), and those of Store. What is wrong inside the files is
// in the report.
[[nodiscard]] Result<ImportReport> import_catalogue(Store& store, const MediaFolder& media,
                                                    const std::filesystem::path& path,
                                                    bool valid_only, WallTime now);

// "product/kannauj-attar" ... All or none. Errors: kNotFound (no such record), kConflict (a record
// that stays refers to it; the context names it).
[[nodiscard]] Status remove_records(Store& store, std::span<const std::string> names, WallTime now);

}  // namespace odop::syncserver

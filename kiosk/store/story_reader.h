// The stories of one release's products, read one by one when somebody asks: from the records as
// they were signed, each checked against its hash.
// Threads: one reader per thread; opened by CatalogueStore::stories.
#pragma once

#include "kiosk/model/catalogue.h"
#include "shared/core/result.h"
#include "shared/store/sqlite.h"

#include <filesystem>
#include <string_view>
#include <utility>

namespace odop::kiosk {

class StoryReader {
 public:
  // Opens immutable: the file may be removed meanwhile, and is read on. Errors: kNotFound,
  // kCorrupt.
  [[nodiscard]] static Result<StoryReader> open(const std::filesystem::path& catalogue_file);

  // Some 50 microseconds (tests/bench, among 10,000 products). Errors: kNotFound (no such product),
  // kCorrupt (not what was signed).
  [[nodiscard]] Result<Story> read(std::string_view product);

 private:
  StoryReader(store::Connection database, store::Statement row)
      : database_(std::move(database)), row_(std::move(row)) {}

  store::Connection database_;
  store::Statement row_;  // ends before its connection
};

}  // namespace odop::kiosk

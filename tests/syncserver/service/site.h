// A server's data folder as an admin works in it: empty catalogue, new keys.
#pragma once

#include "shared/core/clock.h"
#include "syncserver/service/catalogue.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/releases.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/sql_store.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace odop::syncserver {

inline constexpr WallTime kSiteTime{std::chrono::milliseconds{1'790'000'000'000}};
inline const std::filesystem::path kRealCatalogue = ODOP_SOURCE_DIR "/assets/catalogue";

inline void put_file(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

class Site {
 public:
  Site() {
    std::filesystem::create_directories(folder.media());
    std::filesystem::create_directories(folder.releases());
    if (!create_server_keys(folder.keys(), kSiteTime).has_value() ||
        !store->set_generation("0190aaaa-0000-7000-8000-000000000000").has_value()) {
      throw std::runtime_error("no data folder");
    }
    keys = std::make_unique<ServerKeys>(load_server_keys(folder.keys()).value());
  }

  ImportReport import(const std::filesystem::path& path, bool valid_only = false) {
    return import_catalogue(*store, media, path, valid_only, kSiteTime).value();
  }
  // A folder with one table, imported.
  ImportReport import_table(const std::string& name, const std::string& text,
                            bool valid_only = false) {
    const auto place = temp / ("import-" + std::to_string(++imports_));
    put_file(place / name, text);
    return import(place, valid_only);
  }
  [[nodiscard]] bool has(const std::string& type, const std::string& id) const {
    const auto records = store->draft_of(type).value();
    return std::ranges::any_of(records, [&](const auto& record) { return record.id == id; });
  }
  Status remove(const std::vector<std::string>& names) {
    return remove_records(*store, names, kSiteTime);
  }
  Publisher publisher() { return {*store, *keys, media, folder.root}; }

  test::TempFolder temp;
  DataFolder folder{temp / "data"};
  MediaFolder media{folder.media()};
  std::unique_ptr<ServerKeys> keys;
  std::unique_ptr<Store> store = made();

 private:
  [[nodiscard]] std::unique_ptr<Store> made() const {
    std::filesystem::create_directories(folder.root);
    return open_store(folder.database().string()).value();
  }

  int imports_ = 0;
};

}  // namespace odop::syncserver

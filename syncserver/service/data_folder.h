// What lies where in the server's folder (--data DIR).
#pragma once

#include <filesystem>

namespace odop::syncserver {

struct DataFolder {
  std::filesystem::path root;

  [[nodiscard]] std::filesystem::path database() const { return root / "odop.db"; }
  [[nodiscard]] std::filesystem::path keys() const { return root / "keys"; }  // mode 0700
  [[nodiscard]] std::filesystem::path record_keys() const { return keys() / "records.db"; }
  [[nodiscard]] std::filesystem::path media() const { return root / "media"; }
  [[nodiscard]] std::filesystem::path releases() const { return root / "releases"; }
  // There while a restore fills the folder: what lies beside it is no server yet.
  [[nodiscard]] std::filesystem::path unfinished() const { return root / "restore.unfinished"; }
};

}  // namespace odop::syncserver

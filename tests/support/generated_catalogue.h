// A large catalogue for benches: the real small tables, and as many products as asked for, with the
// real products' descriptions one after the other.
#pragma once

#include <cstddef>
#include <filesystem>

namespace odop::test {

struct GeneratedCatalogue {
  std::size_t products = 1'243;   // as many as the national list has
  bool pictures = false;          // one JPEG of about 60 kB each
  std::size_t first_changed = 0;  // products [first_changed, changed_to) get another description
  std::size_t changed_to = 0;     // and, with pictures, another picture
};

// Writes CSV files and media/ as `catalogue import` takes them; the folder must be empty or absent.
// `real` is assets/catalogue. The same settings give the same bytes.
void write_catalogue(const std::filesystem::path& folder, const std::filesystem::path& real,
                     const GeneratedCatalogue& settings);

// Only the changed products, for an import on top.
void write_changes(const std::filesystem::path& folder, const std::filesystem::path& real,
                   const GeneratedCatalogue& settings);

}  // namespace odop::test

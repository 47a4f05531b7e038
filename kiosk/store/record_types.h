// How a record type becomes lean bytes and an entry of the catalogue. Private to kiosk/store: the
// tables are in records.cpp and service_records.cpp.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/store/lean_archive.h"

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

template <typename A>
void fields(A& a, LocalText& t) {
  a(t.by_language[0], t.by_language[1], t.by_language[2]);
}
template <typename T>
Bytes lean_written(T value, const std::string& id) {
  value.id = id;
  LeanWriter writer;
  writer(value);
  return writer.take();
}

template <typename T>
bool lean_read(BytesView lean, std::vector<T>& into) {
  LeanReader reader(lean);
  reader(into.emplace_back());
  return reader.whole();
}

struct RecordType {
  std::string_view name;
  Bytes (*lean)(const nlohmann::json&, const std::string& id);
  bool (*add)(BytesView, Catalogue&);
};

template <auto kParse, auto kList>
constexpr RecordType record_type(std::string_view name) {
  return {
      name,
      [](const nlohmann::json& r, const std::string& id) { return lean_written(kParse(r), id); },
      [](BytesView lean, Catalogue& catalogue) { return lean_read(lean, catalogue.*kList); }};
}

// Schemes and help in a district, sessions of events, the ways of cases.
[[nodiscard]] std::span<const RecordType> service_types();

}  // namespace odop::kiosk

#include "syncserver/service/erasure.h"

#include "shared/core/bytes.h"

#include <utility>

namespace odop::syncserver {

namespace {

constexpr std::size_t kPage = 200;
constexpr std::size_t kAll = 1'000'000;

}  // namespace

Result<ErasureReport> erase_due(Store& store, KeyStore& record_keys, WallTime now, bool preview) {
  ErasureReport report;
  const std::int64_t before_ms = (now - kKeepAfterWithdrawal).time_since_epoch().count();
  for (;;) {
    const auto due = store.erasable(before_ms, preview ? kAll : kPage);
    if (!due.has_value()) return fail(due.error());
    for (const Erasable& one : *due) {
      report.references.push_back(one.reference);
      if (preview) continue;
      if (Status gone = record_keys.destroy(to_hex(one.hash)); !gone.has_value()) {
        return fail(std::move(gone.error()));
      }
      if (Status forgotten = store.erase(one.submission); !forgotten.has_value()) {
        return fail(std::move(forgotten.error()));
      }
    }
    if (preview || due->size() < kPage) break;
  }
  if (!preview && !report.references.empty()) {
    if (Status emptied = store.truncate_log(); !emptied.has_value()) {
      return fail(std::move(emptied.error()));
    }
  }
  report.done = !preview;
  return report;
}

}  // namespace odop::syncserver

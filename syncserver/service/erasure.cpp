#include "syncserver/service/erasure.h"

#include "shared/core/bytes.h"
#include "syncserver/service/erasure_list.h"

#include <utility>

namespace odop::syncserver {

namespace {

constexpr std::size_t kPage = 200;
constexpr std::size_t kAll = 1'000'000;

}  // namespace

Result<ErasureReport> erase_due(Store& store, KeyStore& record_keys, const DataFolder& folder,
                                const StoreOpener& open, WallTime now, bool preview) {
  ErasureReport report;
  const std::int64_t before_ms = (now - kKeepAfterWithdrawal).time_since_epoch().count();
  for (;;) {
    const auto due = store.erasable(before_ms, preview ? kAll : kPage);
    if (!due.has_value()) return fail(due.error());
    std::vector<Erased> names;
    for (const Erasable& one : *due) {
      report.references.push_back(one.reference);
      if (preview) continue;
      const auto submission = store.submission(one.submission);
      if (!submission.has_value()) return fail(submission.error());
      if (!submission->has_value()) continue;
      names.push_back({.hash = one.hash,
                       .device = (*submission)->device,
                       .epoch = (*submission)->epoch,
                       .sequence = (*submission)->sequence,
                       .kind = (*submission)->kind,
                       .reference = one.reference,
                       .erased_ms = now.time_since_epoch().count()});
    }
    if (preview) break;
    if (!names.empty()) {
      Status listed = append_erased(erasure_list(folder.root), names);
      if (!listed.has_value()) return fail(std::move(listed.error()));
    }
    for (const Erasable& one : *due) {
      Status gone = record_keys.destroy(to_hex(one.hash)).and_then([&] {
        return store.erase(one.submission, now.time_since_epoch().count());
      });
      if (!gone.has_value()) return fail(std::move(gone.error()));
    }
    if (due->size() < kPage) break;
  }
  if (preview) return report;
  if (!report.references.empty()) {
    if (Status emptied = store.truncate_log(); !emptied.has_value()) {
      return fail(std::move(emptied.error()));
    }
  }
  // All that was ever erased, also what a backup missed that was not here the last time.
  const auto all = read_erased(erasure_list(folder.root));
  if (!all.has_value()) return fail(all.error());
  if (!all->empty()) {
    const auto places = known_backups(folder);
    if (!places.has_value()) return fail(places.error());
    for (const BackupPlaces& place : *places) {
      const Status cleaned = forget_in_backup(place, *all, open);
      (cleaned.has_value() ? report.backups_cleaned : report.backups_left)
          .push_back(place.to.string());
    }
  }
  report.done = true;
  return report;
}

}  // namespace odop::syncserver

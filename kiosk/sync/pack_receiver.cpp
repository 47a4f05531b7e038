#include "kiosk/sync/pack_receiver.h"

#include "kiosk/store/file_system.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/release.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace odop::kiosk {
namespace {

bool is_medium(const wire::PackItem& item) {
  return item.kind != wire::ItemKind::kRecord && item.kind != wire::ItemKind::kRemoved;
}

}  // namespace

PackReceiver::PackReceiver(wire::PackIndex index, std::uint64_t index_size,
                           const CatalogueStore& store, const Mailbox& mailbox)
    : index_(std::move(index)),
      layout_(wire::layout_of(index_, index_size)),
      store_(store),
      mailbox_(mailbox),
      have_(index_.items.size(), false) {
  if (index_.frame_size > 0) places_.push_back({layout_.frame_offset, index_.frame_size, kFrame});
  for (std::size_t i = 0; i < index_.items.size(); ++i) {
    const wire::PackItem& item = index_.items[i];
    if (!is_medium(item)) continue;
    places_.push_back({layout_.item_offset[i], item.size, i});
    have_[i] = store_.has_medium(item.id);
    if (have_[i] || !store_.has_staged(item.id)) continue;
    // Left by an earlier run, perhaps by one that lost its power.
    const auto staged = read_whole(store_.files(), store_.staged_path(item.id), item.size);
    have_[i] = staged && crypto::check_item(item, *staged);
  }
  have_frame_ =
      index_.frame_size == 0 || store_.files().size(frame_file()).value_or(0) == index_.frame_size;
}

std::filesystem::path PackReceiver::frame_file() const {
  return store_.staging_folder() / fmt::format("frame-{}-{}", index_.from.value, index_.to.value);
}

bool PackReceiver::has(const Place& place) const {
  return place.item == kFrame ? have_frame_ : have_[place.item];
}

PackPlan PackReceiver::rest() const {
  PackPlan plan = plan_pack(index_, layout_, have_frame_, have_);
  if (plan.empty() || part_.empty() || at_ >= places_.size()) return plan;
  ByteRange& first = plan.ranges.front();
  if (first.first == places_[at_].first && part_.size() < first.count) {
    first.first += part_.size();
    first.count -= part_.size();
  }
  return plan;
}

void PackReceiver::begin(std::uint64_t first) {
  status_ = {};
  offset_ = first;
  if (!part_.empty() && at_ < places_.size() && places_[at_].first + part_.size() == first) return;
  part_.clear();
  const auto found = std::ranges::find_if(
      places_, [&](const Place& place) { return place.first + place.size > first; });
  at_ = static_cast<std::size_t>(found - places_.begin());
}

bool PackReceiver::write(BytesView bytes) {
  while (!bytes.empty() && at_ < places_.size()) {
    const Place& place = places_[at_];
    if (part_.empty()) part_.reserve(static_cast<std::size_t>(place.size));
    const std::uint64_t lacking = place.size - part_.size();
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(lacking, bytes.size()));
    part_.append(bytes.substr(0, taken));
    bytes.remove_prefix(taken);
    offset_ += taken;
    if (part_.size() < place.size) break;
    const bool kept = has(place) || keep(place);
    part_.clear();
    ++at_;
    if (!kept) return false;
  }
  return !mailbox_.pending();
}

bool PackReceiver::keep(const Place& place) {
  if (place.item == kFrame) {
    status_ = crypto::check_frame(index_, part_);
    if (status_) status_ = store_.files().write(frame_file(), part_);
    have_frame_ = status_.has_value();
    return have_frame_;
  }
  const wire::PackItem& item = index_.items[place.item];
  status_ = crypto::check_item(item, part_);
  if (status_) status_ = store_.files().write(store_.staged_path(item.id), part_);
  have_[place.item] = status_.has_value();
  return status_.has_value();
}

Result<StagedRecords> PackReceiver::records() {
  StagedRecords staged;
  staged.base = index_.from;
  staged.release = index_.to;
  const auto frame = index_.frame_size == 0
                         ? Result<Bytes>(Bytes())
                         : read_whole(store_.files(), frame_file(), index_.frame_size);
  if (!frame) return fail(ErrorCode::kNotFound, "the frame: " + frame.error().context);
  const auto drop = [&](const Error& error) {
    store_.files().remove(frame_file());
    have_frame_ = index_.frame_size == 0;
    return fail(error);
  };
  // Again: it may have lain on the disk through a power cut.
  if (auto checked = crypto::check_frame(index_, *frame); !checked) return drop(checked.error());
  auto records = wire::split_frame(index_, *frame);
  if (!records) return drop(records.error());
  for (wire::Record& record : *records) {
    Bytes hash = crypto::sha256(record.json);
    staged.changed.push_back({std::move(record), std::move(hash)});
  }
  for (const wire::PackItem& item : index_.items) {
    if (item.kind == wire::ItemKind::kRemoved) staged.removed.push_back(item.id);
    if (is_medium(item)) staged.media.push_back({item.kind, item.id, item.hash});
  }
  return staged;
}

}  // namespace odop::kiosk

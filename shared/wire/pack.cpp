#include "shared/wire/pack.h"

#include "shared/wire/codec.h"
#include "shared/wire/compress.h"

#include <cstring>
#include <fstream>
#include <utility>

namespace odop::wire {
namespace {

constexpr std::size_t kPrefix = 4;

bool is_medium(const PackItem& item) {
  return item.kind != ItemKind::kRecord && item.kind != ItemKind::kRemoved;
}

}  // namespace

PackLayout layout_of(const PackIndex& index, std::uint64_t encoded_index_size) {
  PackLayout layout;
  layout.frame_offset = kPrefix + encoded_index_size;
  layout.media_offset = layout.frame_offset + index.frame_size;
  layout.size = layout.media_offset;
  layout.item_offset.reserve(index.items.size());
  for (const PackItem& item : index.items) {
    layout.item_offset.push_back(is_medium(item) ? layout.size : 0);
    if (is_medium(item)) layout.size += item.size;
  }
  return layout;
}

Result<std::uint32_t> read_index_length(BytesView first_bytes) {
  std::uint32_t length = 0;
  if (first_bytes.size() < sizeof length) return fail(ErrorCode::kMalformed, "pack cut short");
  std::memcpy(&length, first_bytes.data(), sizeof length);
  if (length > kMaxPackIndexBytes) return fail(ErrorCode::kTooLarge, "pack index");
  return length;
}

Result<Bytes> read_encoded_index(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return fail(ErrorCode::kNotFound, "pack cannot be opened");
  Bytes first(kPrefix, '\0');
  file.read(first.data(), static_cast<std::streamsize>(first.size()));
  if (!file) return fail(ErrorCode::kMalformed, "pack cut short");
  const auto length = read_index_length(first);
  if (!length) return fail(length.error());
  // The claim must fit the file before memory is taken.
  file.seekg(0, std::ios::end);
  const auto size = static_cast<std::uint64_t>(file.tellg());
  if (*length > size - kPrefix) return fail(ErrorCode::kMalformed, "pack cut short");
  Bytes index(*length, '\0');
  file.seekg(static_cast<std::streamoff>(kPrefix));
  file.read(index.data(), static_cast<std::streamsize>(index.size()));
  if (!file) return fail(ErrorCode::kIo, "pack cannot be read");
  return index;
}

bool split_record_id(std::string_view id, std::string& type, std::string& name) {
  const auto slash = id.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == id.size()) return false;
  for (const char c : id) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 127) return false;
  }
  type = id.substr(0, slash);
  name = id.substr(slash + 1);
  return true;
}

Result<std::vector<Record>> split_frame(const PackIndex& index, BytesView frame) {
  if (frame.size() != index.frame_size || index.frame_plain_size > kMaxFramePlainBytes) {
    return fail(ErrorCode::kMalformed, "frame and index do not fit");
  }
  auto plain = decompress(frame, static_cast<std::size_t>(index.frame_plain_size));
  if (!plain) return fail(std::move(plain.error()));
  if (plain->size() != index.frame_plain_size) {
    return fail(ErrorCode::kMalformed, "frame is shorter than its index says");
  }
  std::vector<Record> records;
  std::size_t at = 0;
  for (const PackItem& item : index.items) {
    if (item.kind != ItemKind::kRecord) continue;
    Record record;
    if (item.size > plain->size() - at || !split_record_id(item.id, record.type, record.id)) {
      return fail(ErrorCode::kMalformed, "frame and index do not fit");
    }
    record.json = plain->substr(at, static_cast<std::size_t>(item.size));
    at += static_cast<std::size_t>(item.size);
    records.push_back(std::move(record));
  }
  if (at != plain->size()) return fail(ErrorCode::kMalformed, "frame and index do not fit");
  return records;
}

}  // namespace odop::wire

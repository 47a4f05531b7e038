// Writing packs; pack.h is the contract.
#include "shared/wire/codec.h"
#include "shared/wire/compress.h"
#include "shared/wire/pack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace odop::wire {
namespace {

// A pack is written once and fetched by the whole fleet.
constexpr int kLevel = 19;
constexpr std::size_t kPiece = 128 * 1024;

Error io_error(const char* what) {
  const int reason = errno;
  const ErrorCode code = reason == ENOSPC || reason == EDQUOT ? ErrorCode::kDiskFull
                         : reason == EROFS                    ? ErrorCode::kReadOnly
                         : reason == ENOENT                   ? ErrorCode::kNotFound
                         : reason == EEXIST                   ? ErrorCode::kConflict
                                                              : ErrorCode::kIo;
  return Error{code, std::string{what} + ": " + std::strerror(reason)};
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int fd() const { return fd_; }

  Status write_all(BytesView bytes) {
    while (!bytes.empty()) {
      const auto done = ::write(fd_, bytes.data(), bytes.size());
      if (done < 0) {
        if (errno == EINTR) continue;
        return fail(io_error("pack"));
      }
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return {};
  }

  // Closing can report what writing did not.
  Status sync_and_close() {
    if (fsync(fd_) != 0) return fail(io_error("pack"));
    if (close(std::exchange(fd_, -1)) != 0) return fail(io_error("pack"));
    return {};
  }

 private:
  int fd_;
};

// Removes a half-written file unless told that it is whole.
class HalfWritten {
 public:
  explicit HalfWritten(const std::string& path) : path_(path) {}
  ~HalfWritten() {
    if (!whole_) unlink(path_.c_str());
  }
  HalfWritten(const HalfWritten&) = delete;
  HalfWritten& operator=(const HalfWritten&) = delete;
  void keep() { whole_ = true; }

 private:
  const std::string& path_;
  bool whole_ = false;
};

struct FreeEncoder {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

// All records as one frame, fed one by one: the plain text is never held twice.
Result<Bytes> compress_records(std::span<const Record> records, std::uint64_t plain_size) {
  const std::unique_ptr<ZSTD_CCtx, FreeEncoder> encoder{ZSTD_createCCtx()};
  if (!encoder) return fail(ErrorCode::kInternal, "zstd: no memory");
  ZSTD_CCtx_setParameter(encoder.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setPledgedSrcSize(encoder.get(), plain_size);
  Bytes frame;
  const auto feed = [&](BytesView plain, ZSTD_EndDirective directive) -> Status {
    ZSTD_inBuffer in{plain.data(), plain.size(), 0};
    for (;;) {
      const std::size_t used = frame.size();
      frame.resize(used + kPiece);
      ZSTD_outBuffer out{frame.data() + used, kPiece, 0};
      const std::size_t left = ZSTD_compressStream2(encoder.get(), &out, &in, directive);
      frame.resize(used + out.pos);
      if (ZSTD_isError(left) != 0) {
        return fail(ErrorCode::kInternal, std::string{"zstd: "} + ZSTD_getErrorName(left));
      }
      if (directive == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
    }
  };
  for (const Record& record : records) {
    if (const Status fed = feed(record.json, ZSTD_e_continue); !fed) {
      return fail(fed.error());
    }
  }
  if (const Status fed = feed({}, ZSTD_e_end); !fed) return fail(fed.error());
  return frame;
}

Result<PackItem> item_of(const PackMedium& medium) {
  PackItem item;
  item.id = medium.id;
  item.kind = medium.kind;
  if (!from_hex(medium.id, item.hash) || item.hash.size() != kHashBytes) {
    return fail(ErrorCode::kInvalidArgument, "medium without a hash for its id");
  }
  struct stat info {};
  if (stat(medium.path.c_str(), &info) != 0) return fail(io_error("medium"));
  item.size = static_cast<std::uint64_t>(info.st_size);
  if (item.size > kMaxMediumBytes) return fail(ErrorCode::kTooLarge, "medium " + medium.id);
  return item;
}

Status copy_medium(const PackMedium& medium, std::uint64_t expected, File& out) {
  const File in{open(medium.path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!in.is_open()) return fail(io_error("medium"));
  std::array<char, kPiece> piece{};
  std::uint64_t copied = 0;
  for (;;) {
    const auto got = read(in.fd(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(io_error("medium"));
    if (got == 0) break;
    copied += static_cast<std::uint64_t>(got);
    if (copied > expected) break;
    Status written = out.write_all({piece.data(), static_cast<std::size_t>(got)});
    if (!written) return written;
  }
  if (copied != expected) return fail(ErrorCode::kIo, "medium changed while it was packed");
  return {};
}

Result<PackIndex> make_index(ReleaseNumber from, ReleaseNumber to, std::span<const Record> records,
                             std::span<const std::string> removed,
                             std::span<const PackMedium> media) {
  if (records.size() + removed.size() + media.size() > kMaxPackItems) {
    return fail(ErrorCode::kTooLarge, "pack has too many items");
  }
  PackIndex index;
  index.from = from;
  index.to = to;
  for (const Record& record : records) {
    const std::string id = record.type + "/" + record.id;
    if (record.json.size() > kMaxRecordBytes) return fail(ErrorCode::kTooLarge, "record " + id);
    index.frame_plain_size += record.json.size();
    index.items.push_back(PackItem{id, ItemKind::kRecord, record.json.size(), {}});
  }
  for (const std::string& id : removed) {
    index.items.push_back(PackItem{id, ItemKind::kRemoved, 0, {}});
  }
  for (const PackMedium& medium : media) {
    auto item = item_of(medium);
    if (!item) return fail(std::move(item.error()));
    index.items.push_back(std::move(*item));
  }
  if (index.frame_plain_size > kMaxFramePlainBytes) {
    return fail(ErrorCode::kTooLarge, "pack has too many records");
  }
  return index;
}

}  // namespace

Result<Bytes> encode_index(const PackIndex& index) { return compress(encode(index), kLevel); }

Result<PackIndex> decode_index(BytesView encoded) {
  const auto plain = decompress(encoded, kMaxPackIndexBytes);
  if (!plain) return fail(plain.error());
  return decode<PackIndex>(*plain);
}

Result<WrittenPack> write_pack(ReleaseNumber from, ReleaseNumber to,
                               std::span<const Record> records,
                               std::span<const std::string> removed,
                               std::span<const PackMedium> media, const std::string& path,
                               Sha256Function sha256) {
  std::vector<PackMedium> ordered{media.begin(), media.end()};
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const PackMedium& a, const PackMedium& b) { return a.kind < b.kind; });
  auto index = make_index(from, to, records, removed, ordered);
  if (!index) return fail(std::move(index.error()));
  auto frame = compress_records(records, index->frame_plain_size);
  if (!frame) return fail(std::move(frame.error()));
  index->frame_size = frame->size();
  index->frame_hash = sha256(*frame);

  WrittenPack pack;
  auto encoded = encode_index(*index);
  if (!encoded) return fail(std::move(encoded.error()));
  pack.encoded_index = std::move(*encoded);
  // Reading it back is what every kiosk will do first: a record id or hash of a wrong form shows
  // here, not in the field.
  if (const auto readable = decode_index(pack.encoded_index); !readable) {
    return fail(ErrorCode::kInvalidArgument, readable.error().context);
  }

  File out{open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)};
  if (!out.is_open()) return fail(io_error("pack"));
  HalfWritten half{path};
  const auto length = static_cast<std::uint32_t>(pack.encoded_index.size());
  Bytes prefix(sizeof length, '\0');
  std::memcpy(prefix.data(), &length, sizeof length);
  for (const BytesView part :
       {BytesView{prefix}, BytesView{pack.encoded_index}, BytesView{*frame}}) {
    if (const Status written = out.write_all(part); !written) return fail(written.error());
  }
  const std::size_t first_medium = records.size() + removed.size();
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    const Status copied = copy_medium(ordered[i], index->items[first_medium + i].size, out);
    if (!copied) return fail(copied.error());
  }
  if (const Status synced = out.sync_and_close(); !synced) return fail(synced.error());
  half.keep();
  pack.size = layout_of(*index, pack.encoded_index.size()).size;
  pack.index = std::move(*index);
  return pack;
}

}  // namespace odop::wire

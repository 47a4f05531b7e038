#include "shared/bundle/writer.h"

#include "shared/bundle/bundle_files.h"
#include "shared/bundle/signature.h"
#include "shared/crypto/digest.h"
#include "shared/wire/codec.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace odop::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 1024 * 1024;

// `take` gets the file piece by piece; false stops. Errors: kNotFound, kIo.
template <typename Take>
Status each_piece(int descriptor, const Take& take) {
  Bytes piece(kPieceBytes, '\0');
  while (true) {
    const ssize_t got = ::read(descriptor, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(error_of_system("read a file"));
    if (got == 0) return {};
    if (auto taken = take(BytesView(piece).substr(0, static_cast<std::size_t>(got))); !taken) {
      return taken;
    }
  }
}

Status describe(const NewItem& item, wire::BundleItem& described) {
  described.kind = item.kind;
  described.name = item.name;
  if (item.file.empty()) {
    described.size = item.bytes.size();
    described.hash = crypto::sha256(item.bytes);
    return {};
  }
  std::error_code error;
  described.size = fs::file_size(item.file, error);
  if (error) return fail(ErrorCode::kNotFound, item.file.string() + ": " + error.message());
  auto hash = crypto::sha256_file(item.file.string());
  if (!hash) return fail(std::move(hash.error()));
  described.hash = std::move(*hash);
  return {};
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}

  Status write(BytesView bytes) {
    hash_.update(bytes);
    size_ += bytes.size();
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return fail(error_of_system("write the bundle"));
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Bytes hash() { return hash_.finish(); }

 private:
  int descriptor_;
  crypto::Sha256 hash_;
  std::uint64_t size_ = 0;
};

Status write_items(File& out, const NewBundle& bundle) {
  for (const NewItem& item : bundle.items) {
    if (item.file.empty()) {
      if (auto written = out.write(item.bytes); !written) return written;
      continue;
    }
    const Descriptor in(::open(item.file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.open()) return fail(error_of_system(item.file.string()));
    if (auto written = each_piece(in.get(), [&](BytesView piece) { return out.write(piece); });
        !written) {
      return written;
    }
  }
  return {};
}

Status sync_folder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open()) return fail(error_of_system(folder.string()));
  // Some file systems of sticks know no sync of a folder.
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL) {
    return fail(error_of_system(folder.string()));
  }
  return {};
}

// From the medium, not from the cache that the writing left.
Status read_back(const fs::path& file, BytesView expected_hash) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.open()) return fail(error_of_system(file.string()));
  static_cast<void>(::posix_fadvise(in.get(), 0, 0, POSIX_FADV_DONTNEED));
  crypto::Sha256 hash;
  auto read = each_piece(in.get(), [&](BytesView piece) -> Status {
    hash.update(piece);
    return {};
  });
  if (!read) return read;
  if (hash.finish() != expected_hash) {
    return fail(ErrorCode::kIo, "the stick did not keep what was written; take another one");
  }
  return {};
}

Status write_and_sync(int descriptor, File& out, BytesView head, BytesView index,
                      const NewBundle& bundle, std::uint64_t expected_size) {
  Status status = out.write(head);
  if (status) status = out.write(index);
  if (status) status = write_items(out, bundle);
  if (!status) return status;
  if (out.size() != expected_size) return fail(ErrorCode::kConflict, "a pack changed meanwhile");
  if (::fsync(descriptor) != 0) return fail(error_of_system("sync the bundle"));
  return {};
}

}  // namespace

Result<WrittenBundle> write_bundle(const fs::path& file, const NewBundle& bundle,
                                   const crypto::SigningKey& key) {
  wire::BundleIndex index = bundle.facts;
  index.items.resize(bundle.items.size());
  for (std::size_t i = 0; i < bundle.items.size(); ++i) {
    if (auto described = describe(bundle.items[i], index.items[i]); !described) {
      return fail(described.error());
    }
  }
  if (index.items.size() > wire::kMaxBundleItems) {
    return fail(ErrorCode::kInvalidArgument, "too much for one bundle");
  }
  if (auto checked = wire::check(index); !checked) {
    return fail(ErrorCode::kInvalidArgument, checked.error().context);
  }
  const Bytes encoded = wire::encode(index);
  if (encoded.size() > wire::kMaxBundleIndexBytes) {
    return fail(ErrorCode::kInvalidArgument, "too much for one bundle");
  }
  const Bytes head = sign_head(bundle.direction, encoded, key);

  fs::path part = file;
  part += ".part";
  Bytes hash;
  WrittenBundle written;
  written.items = index.items.size();
  {
    const Descriptor descriptor(
        ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!descriptor.open()) return fail(error_of_system(part.string()));
    File out(descriptor.get());
    Status status = write_and_sync(descriptor.get(), out, head, encoded, bundle,
                                   wire::offsets_of(index, encoded.size()).back());
    if (status && std::rename(part.c_str(), file.c_str()) != 0) {
      status = fail(error_of_system(file.string()));
    }
    if (!status) {
      ::unlink(part.c_str());
      return fail(status.error());
    }
    written.bytes = out.size();
    hash = out.hash();
  }
  const fs::path folder = file.parent_path().empty() ? fs::path(".") : file.parent_path();
  Status kept = sync_folder(folder);
  if (kept) kept = read_back(file, hash);
  if (!kept) {
    ::unlink(file.c_str());
    return fail(kept.error());
  }
  return written;
}

}  // namespace odop::bundle

#include "syncserver/service/root_keys.h"

#include "syncserver/service/media_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace odop::syncserver {
namespace {

namespace fs = std::filesystem;

fs::path file_of(const fs::path& folder, const wire::RootSet& set, std::size_t number) {
  if (wire::is_lone_root(set)) return folder / "root.key";
  return folder / fmt::format("root-{}.{}.key", set.version, number);
}

// Whatever a holder may have brought back.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(folder, problem)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("root") && name.ends_with(".key")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

// A seed as base64 and a line end, so that it can be copied by hand if it must.
Status write_seed(const fs::path& file, const crypto::SecretBytes& seed) {
  return write_durably(file, to_base64(seed.view()) + "\n", 0600);
}

Result<Bytes> read_seed(const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) {
    return fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo, file.string());
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorCode::kForbidden,
                file.string() + " can be read by others; set its mode to 0600");
  }
  Result<Bytes> text = read_file(file, 1024);
  if (!text.has_value()) return text;
  while (text->ends_with('\n')) text->pop_back();
  Bytes seed;
  if (!from_base64(*text, seed) || seed.size() != crypto::kSeedBytes) {
    return fail(ErrorCode::kCorrupt, file.string() + " holds no key");
  }
  return seed;
}

Result<NewRoots> make_roots(RootPlan plan, std::uint64_t version) {
  if (plan.keys < 1 || plan.keys > wire::kMaxRootKeys || plan.threshold < 1 ||
      plan.threshold > plan.keys) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("there can be 1 to {} root keys, and as many of them must agree as "
                            "there are at most",
                            wire::kMaxRootKeys));
  }
  NewRoots made;
  made.set.version = version;
  made.set.threshold = plan.threshold;
  for (std::size_t i = 0; i < plan.keys; ++i) {
    made.keys.push_back(crypto::SigningKey::generate());
    made.set.keys.push_back(made.keys.back().public_key());
  }
  return made;
}

Status write_roots(const fs::path& folder, const NewRoots& roots) {
  std::error_code problem;
  for (std::size_t i = 0; i < roots.keys.size(); ++i) {
    const fs::path file = file_of(folder, roots.set, i + 1);
    if (fs::exists(file, problem)) {
      return fail(ErrorCode::kConflict, file.string() + " exists already");
    }
  }
  for (std::size_t i = 0; i < roots.keys.size(); ++i) {
    Status written = write_seed(file_of(folder, roots.set, i + 1), roots.keys[i].seed());
    if (!written.has_value()) return written;
  }
  return {};
}

Result<std::vector<crypto::SigningKey>> roots_at_hand(const fs::path& folder,
                                                      const wire::RootSet& set,
                                                      const std::vector<fs::path>& files) {
  std::vector<crypto::SigningKey> found;
  for (const fs::path& file : files.empty() ? files_in(folder) : files) {
    auto key = read_seed(file).and_then(crypto::SigningKey::from_seed);
    if (!key.has_value()) return fail(key.error());
    const Bytes open = key->public_key();
    const bool again = std::ranges::any_of(
        found, [&](const crypto::SigningKey& one) { return one.public_key() == open; });
    if (std::ranges::find(set.keys, open) == set.keys.end()) {
      if (files.empty()) continue;  // of an earlier set
      return fail(ErrorCode::kCorrupt, file.string() + " is another root's key");
    }
    if (!again && found.size() < set.threshold) found.push_back(std::move(*key));
  }
  if (found.size() < set.threshold) {
    return fail(
        ErrorCode::kNotFound,
        fmt::format("{} of {} root keys must agree, and {} here; bring the files back for "
                    "this, then take them off line again",
                    set.threshold, set.keys.size(),
                    found.empty() ? "none is" : fmt::format("only {} of them", found.size())));
  }
  return found;
}

std::vector<wire::SignedDocument> sign_by_all(std::string_view purpose, const Bytes& payload,
                                              std::span<const crypto::SigningKey> keys) {
  std::vector<wire::SignedDocument> documents;
  for (const crypto::SigningKey& key : keys) {
    documents.push_back(crypto::sign_document(std::string(purpose), payload, key));
  }
  return documents;
}

}  // namespace odop::syncserver

#include "shared/bundle/bundle_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace odop::bundle {

namespace fs = std::filesystem;

Error error_of_system(std::string_view what) {
  const int number = errno;
  ErrorCode code = ErrorCode::kIo;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) code = ErrorCode::kDiskFull;
  if (number == EROFS || number == EACCES || number == EPERM) code = ErrorCode::kReadOnly;
  if (number == ENOENT || number == ENOTDIR) code = ErrorCode::kNotFound;
  return {code, std::string(what) + ": " + std::generic_category().message(number)};
}

Result<Descriptor> open_bundle_file(const fs::path& file) {
  Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!descriptor.open()) {
    if (errno == ELOOP) return fail(ErrorCode::kMalformed, file.string() + ": a link is no bundle");
    return fail(error_of_system(file.string()));
  }
  struct stat info {};
  if (::fstat(descriptor.get(), &info) != 0) return fail(error_of_system(file.string()));
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::kMalformed, file.string() + ": this is no file");
  }
  return descriptor;
}

Result<std::vector<fs::path>> bundles_at(const fs::path& place) {
  std::error_code error;
  if (!fs::is_directory(place, error)) {
    if (!fs::exists(place, error)) {
      return fail(ErrorCode::kNotFound, place.string() + ": there is no such file or folder");
    }
    return std::vector{place};
  }
  std::vector<fs::path> found;
  fs::directory_iterator entries(place, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const fs::path& path = entries->path();
    // Some systems leave files like ._x.odop beside x.odop.
    if (path.extension() != kExtension || path.filename().string().front() == '.') continue;
    found.push_back(path);
    if (found.size() > kMaxBundlesInFolder) {
      return fail(ErrorCode::kTooLarge,
                  place.string() + ": more than " + std::to_string(kMaxBundlesInFolder) +
                      " bundles are in this folder; move some of them into another");
    }
  }
  if (error) return fail(ErrorCode::kIo, place.string() + ": " + error.message());
  if (found.empty()) {
    return fail(ErrorCode::kNotFound, place.string() + ": no .odop bundle is here");
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace odop::bundle

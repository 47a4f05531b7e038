#include "kiosk/print/ipp_client.h"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>

namespace odop::kiosk::print {

Result<const IppClient*> ipp_client() {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return fail(ErrorCode::kIo, "where this program lies: " + failed.message());
  const auto library = program.parent_path().parent_path() / "lib" / "odop-print-ipp.so";
  // Loaded already, it only counts one more.
  void* loaded = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void* found = loaded == nullptr ? nullptr : ::dlsym(loaded, "odop_ipp_client");
  if (found == nullptr) {
    const char* why = ::dlerror();
    return fail(ErrorCode::kUnsupported,
                std::string("printing needs ") + library.string() + ": " + (why ? why : "damaged"));
  }
  return reinterpret_cast<const IppClient* (*)()>(found)();
}

}  // namespace odop::kiosk::print

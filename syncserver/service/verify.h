// Whether everything that the server keeps is whole and fits together: hashes and signatures of
// envelopes, record keys, media, manifests, pointers and packs, the chain of the audit log, columns
// that are copies of what was signed, and rows that others name (verify_links.h). Reads only; may
// run beside a serving server.
#pragma once

#include "shared/core/result.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <string>
#include <vector>

namespace odop::syncserver {

// Problems beyond this are not listed one by one.
inline constexpr std::size_t kMaxProblems = 1000;

struct Verification {
  std::size_t submissions = 0;  // looked at
  std::size_t media = 0;
  std::size_t releases = 0;
  std::size_t audit = 0;              // entries of the audit log
  std::vector<std::string> problems;  // empty: all is well; no personal data
};

// Errors: those of Store that keep it from looking at all (kBusy, kIo).
[[nodiscard]] Result<Verification> verify_all(Store& store, KeyStore& record_keys,
                                              const ServerKeys& keys, const DataFolder& folder);

// `marks` lowered to what is whole: of each device up to before the first damaged submission that a
// backup did not cover before. Kiosks give up what is covered: theirs may be the last good copy.
struct WholePart {
  std::vector<Store::Watermark> marks;
  std::vector<std::string> problems;  // as above
};
// Errors: as above.
[[nodiscard]] Result<WholePart> whole_part(Store& store, KeyStore& record_keys,
                                           const ServerKeys& keys, const DataFolder& folder,
                                           std::vector<Store::Watermark> marks);

}  // namespace odop::syncserver

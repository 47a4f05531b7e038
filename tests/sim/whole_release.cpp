#include "tests/sim/whole_release.h"

#include "kiosk/store/file_system.h"
#include "shared/crypto/digest.h"
#include "shared/wire/pack.h"

#include <algorithm>

namespace odop::test {

bool is_whole(const kiosk::CatalogueStore& store, ReleaseNumber release) {
  if (!store.load(release, 0)) return false;
  const auto items = store.items(release);
  return items && std::ranges::all_of(*items, [&](const kiosk::StoredItem& item) {
           if (item.kind == wire::ItemKind::kRecord) return true;
           const auto bytes =
               kiosk::read_whole(store.files(), store.media_path(item.id), wire::kMaxMediumBytes);
           return bytes && crypto::sha256(*bytes) == item.hash;
         });
}

}  // namespace odop::test

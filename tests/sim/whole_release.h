// Whether a release that lies on a kiosk's disk is what it should be.
#pragma once

#include "kiosk/store/catalogue_store.h"
#include "shared/core/ids.h"

namespace odop::test {

// It loads, and each of its media has the bytes that its hash says.
[[nodiscard]] bool is_whole(const kiosk::CatalogueStore& store, ReleaseNumber release);

}  // namespace odop::test

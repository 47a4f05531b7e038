// The one EXIF field that matters: which way up a photograph is. Pure.
#pragma once

#include "shared/core/bytes.h"

namespace odop::syncserver {

// 1 to 8 as EXIF 2.3 (tag 0x0112) defines them; 1 (upright) when there is none or it is damaged.
[[nodiscard]] int exif_orientation(BytesView jpeg);

}  // namespace odop::syncserver

// libsodium speaks unsigned char; Bytes are char, which may look at the same memory. For the .cpp
// files of this room only.
#pragma once

#include "shared/core/bytes.h"

namespace odop::crypto {

inline const unsigned char* raw(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* raw(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace odop::crypto

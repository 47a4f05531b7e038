// A kiosk that enrols anew goes on under another device id with another key. The key that it had
// signs which device it is now, so that the server knows whose answers and receipts it may have,
// and the office which number replaces which. A copy of the disk can sign too: two devices may
// follow the same one.
#pragma once

#include "shared/core/bytes.h"
#include "shared/crypto/sign.h"

#include <string_view>

namespace odop::crypto {

// 64 bytes by the key of `former`. Both are device ids.
[[nodiscard]] Bytes sign_succession(std::string_view former, std::string_view device,
                                    const SigningKey& key);
// False also for a key or a signature of a wrong length.
[[nodiscard]] bool check_succession(std::string_view former, std::string_view device,
                                    BytesView signature, BytesView former_public_key);

}  // namespace odop::crypto

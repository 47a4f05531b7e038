#include "shared/core/descriptor.h"

#include <unistd.h>

#include <utility>

namespace odop {

Descriptor::~Descriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

bool Descriptor::close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

}  // namespace odop

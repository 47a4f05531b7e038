// The folders of this program's tests lie in memory: their power is cut by the simulator alone.
#include "tests/support/memory_folders.h"

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

namespace {

class MemoryListener final : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;
  void testRunStarting(const Catch::TestRunInfo& /*run*/) override {
    odop::test::use_memory_for_folders();
  }
};
CATCH_REGISTER_LISTENER(MemoryListener)

}  // namespace

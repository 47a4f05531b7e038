// The protocol in memory (tests/support/fake_server.h) as a server of histories.
#pragma once

#include "tests/sim/histories.h"
#include "tests/support/fake_server.h"

namespace odop::test {

// `fake` outlives it. Publishes releases of a district, six products and their pictures.
[[nodiscard]] SimServer as_server(FakeServer& fake);

}  // namespace odop::test

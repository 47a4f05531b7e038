// Personal data goes neither into crash dumps nor into swap.
#pragma once

namespace odop::kiosk::app {

// No core files; and where the limits allow it, pages that are touched stay in memory
// (MCL_ONFAULT). Call before anything else.
void harden_process();

}  // namespace odop::kiosk::app

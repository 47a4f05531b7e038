// Schemes and help in a district for a stand: what the shipped catalogue says, and made-up
// facilities, batches and events with dates round the stand's day, since none are shipped.
#pragma once

#include "kiosk/model/catalogue.h"

namespace odop::test {

void add_stand_services(kiosk::Catalogue& catalogue);

}  // namespace odop::test

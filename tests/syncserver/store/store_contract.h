// What every database behind Store must do. Each check begins with an empty, migrated database.
#pragma once

#include "syncserver/store/store.h"

namespace odop::syncserver {

void check_fleet(Store& store);
void check_intake(Store& store);
void check_concurrent_intake(Store& store);
void check_cases(Store& store);
void check_office(Store& store);
void check_withdrawals(Store& store);
void check_attachments(Store& store);
void check_anew(Store& store);
void check_feed(Store& store);
void check_catalogue(Store& store);

}  // namespace odop::syncserver

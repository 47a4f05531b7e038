// A receipt on the glass becomes a slip for the printer.
#pragma once

#include "kiosk/model/views.h"
#include "kiosk/print/slip.h"
#include "shared/text/language.h"

namespace odop::kiosk::app {

// The same words, numbers and code picture.
[[nodiscard]] print::Slip slip_of(const ReceiptView& receipt, Language language);

// Overwrites its numbers and code.
void burn(print::Slip& slip);

}  // namespace odop::kiosk::app

// Forms of a release: kept as the JSON that was published, parsed when the catalogue is loaded.
// Pure but for one line on stderr. Threads: any.
#pragma once

#include "kiosk/model/catalogue.h"
#include "shared/core/bytes.h"
#include "shared/wire/messages.h"

namespace odop::kiosk {

// Never fails: whether this program understands the form shows when it is loaded.
[[nodiscard]] Bytes lean_form(const wire::Record& record);

// Appends the form to the catalogue. One that does not parse (it may need a newer program), or that
// stands under another id than its own, is left out and told on stderr: a stand does not go blank
// for a form. False: the bytes are no lean form.
[[nodiscard]] bool add_lean_form(BytesView lean, Catalogue& catalogue);

}  // namespace odop::kiosk

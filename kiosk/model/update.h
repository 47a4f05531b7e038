// update(state, intent) -> effects: the only code that changes a State. Pure: the time comes in,
// nothing goes out but the returned effects. Runs on the UI thread.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/intent.h"
#include "kiosk/model/state.h"

#include <cstdint>
#include <optional>

namespace odop::kiosk {

// A state as after start: attract screen, nobody there.
[[nodiscard]] State initial_state(const Kiosk& kiosk);

// `now_ms` is a steady clock's; it only ever grows. An intent counts as a touch.
[[nodiscard]] Effects update(State& state, const Intent& intent, const Catalogue& catalogue,
                             std::int64_t now_ms);
[[nodiscard]] Effects update(State& state, const News& news, const Catalogue& catalogue,
                             std::int64_t now_ms);

// When an news::Tick would change something: idle warning, its countdown, the attract picture.
[[nodiscard]] std::int64_t next_wake_ms(const State& state);

}  // namespace odop::kiosk

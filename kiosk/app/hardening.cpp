#include "kiosk/app/hardening.h"

#include <sys/mman.h>
#include <sys/resource.h>

namespace odop::kiosk::app {

void harden_process() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  // Under a finite limit, locking what is mapped later would make later allocations fail, so it is
  // left to the unit file to lift the limit (LimitMEMLOCK=infinity).
  rlimit lock{};
  if (getrlimit(RLIMIT_MEMLOCK, &lock) == 0 && lock.rlim_cur == RLIM_INFINITY) {
    mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
  }
}

}  // namespace odop::kiosk::app

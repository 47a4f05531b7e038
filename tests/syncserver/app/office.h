// A server with an enquiry for Kannauj and Agra, of now, and the commands on its data folder.
#pragma once

#include "tests/syncserver/app/commands.h"
#include "tests/syncserver/service/desk.h"

#include <chrono>
#include <string>

namespace odop::syncserver {

class SmallOffice : public Desk {
 public:
  SmallOffice() {
    TestKiosk kiosk(*this, "shilp-gram", "lucknow");
    clock.set_wall(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    const auto sent = kiosk.enquiry();
    kiosk.push({sent.envelope});
    open_all();
    reference = sent.reference;
  }

  test::Commands server{data.root};
  std::string reference;
};

}  // namespace odop::syncserver

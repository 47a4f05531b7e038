// A server, kiosks without a window (odop-fault-kiosk), and what was promised to whom: for tests
// that let calls fail and programs die.
#pragma once

#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/temp_folder.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace odop::test {

// Whether the long form was asked for (ODOP_LONG).
[[nodiscard]] bool is_long();

// What a run of the kiosk said.
struct Said {
  std::vector<std::string> kept;
  std::string unsent;
};
[[nodiscard]] Said what_was_said(const std::string& out);

struct Tally {
  std::size_t runs = 0;
  std::size_t untouched = 0;  // of these, no call failed
  std::size_t places = 0;
  std::size_t missed = 0;  // of these, no run made a call fail
  std::size_t kept = 0;
  std::size_t lost = 0;
  std::size_t duplicated = 0;
  std::size_t crashed = 0;
  std::size_t stuck = 0;  // unsent after the fault was over
  std::string troubles;   // which they were
};

// The server, and what kiosks were told by it.
class FaultSite {
 public:
  FaultSite();

  struct Stand {
    std::filesystem::path folder;
    std::string code;
  };
  // A kiosk of its own: copies of one would be forks of it.
  Stand new_stand();
  [[nodiscard]] std::vector<std::string> kiosk(const Stand& stand, int submissions) const;
  [[nodiscard]] std::filesystem::path log() const { return temp_ / "strace.log"; }
  [[nodiscard]] std::filesystem::path folder() const { return temp_.path(); }

  void note(const Said& said) { kept_.insert(kept_.end(), said.kept.begin(), said.kept.end()); }
  // The fault is over: everything must go through, and one more. The stand's folder is removed.
  void go_on(const Stand& stand, Tally& tally);
  // Each of what was kept, at the server; and whatever else stands there, only once. Adds to the
  // tally; once a site.
  void judge(Tally& tally) const;

 private:
  TempFolder temp_;
  int stands_ = 0;
  std::vector<std::string> kept_;

 public:
  ServerHand server;
};

}  // namespace odop::test

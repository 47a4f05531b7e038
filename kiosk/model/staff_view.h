// View-models of what only the staff see; part of views.h. Strings as there.
#pragma once

#include <string>
#include <vector>

namespace odop::kiosk {

struct MaintenanceRow {
  std::string icon, label, value;
  std::string state;  // empty: nothing to judge
  bool good = true;
};

// What is plugged in, and what may be done with it.
struct StickView {
  std::string title;  // empty: nothing is plugged in, and nothing to be told
  std::string note;   // what to do, what is going on, or what came of it
  bool good = true;
  bool busy = false;
  double progress = 0;            // 0 to 1 while it is busy; 0: not known
  std::string bring, take, code;  // empty: not now
};

struct MaintenanceView {
  std::string title;
  std::string kiosk;
  std::string headline, detail;
  bool good = true;
  StickView stick;
  std::vector<MaintenanceRow> rows;
  std::string close;
};

// A helper's PIN.
struct HelperView {
  std::string title, note;
  std::string label;
  std::string value;  // as many signs as digits were typed; never the digits
  std::string typed;  // the digits, for the pad alone
  int digits = 0;     // of a PIN
  std::string problem;
  bool working = false;
  std::string close;
};

// The one-time code, for a request by stick.
struct CodeView {
  std::string title, note;
  std::string label;
  std::string value;
  bool whole = false;  // it has all of its signs
  std::string take, close;
};

}  // namespace odop::kiosk

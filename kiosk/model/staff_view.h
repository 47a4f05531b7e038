// View-models of what only the staff see; part of views.h. Strings as there.
#pragma once

#include "shared/text/language.h"

#include <cstdint>
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

struct PromptTongue {
  std::string tongue;  // hi, awa ...
  std::string name;
  bool selected = false;
};

enum class PromptState : std::uint8_t {
  kNone,    // the machine's voice says it
  kStaff,   // recorded here
  kOffice,  // of the catalogue
  kOld,     // recorded here for words that are others now: not heard
};

struct PromptRow {
  std::string id;                      // of a set; of a prompt its key
  std::string place;                   // what it is said for; empty: its words say it
  std::string text;                    // a set's name; what is to be read
  Language script = Language::kHindi;  // that the text is written in
  std::string note;                    // "3 of 12 recorded", "recorded here, 4 seconds"
  PromptState state = PromptState::kNone;
  bool inner = false;  // an answer to the question before it
};

// What staff may record: the sets, or what is in one of them.
struct PromptsView {
  std::string title, note;
  std::string caution;  // why nothing can be recorded, or what failed; empty: all is well
  bool sets = false;    // rows are sets
  std::vector<PromptTongue> tongues;
  std::vector<PromptRow> rows;
};

struct MaintenanceView {
  std::string title;
  std::string kiosk;
  std::string headline, detail;
  bool good = true;
  StickView stick;
  std::string prompts, prompts_note;  // the way to what staff record
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

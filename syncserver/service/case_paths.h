// The ways that cases go, as data: the catalogue's records of type case_state say which states a
// kind's cases have, which may follow which, and which of them end the work. Pure. Immutable once
// built; any thread may read it.
//
// A path belongs to a form (scheme's states differ) or to a kind. A kind without states in the
// catalogue goes the built-in path: received, assigned, contacted, quoted, answered, closed, in
// whatever order the office likes; so a catalogue from before the states loses nothing.
#pragma once

#include "shared/core/result.h"
#include "syncserver/store/catalogue_records.h"

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

inline constexpr std::string_view kCaseStateType = "case_state";  // id: PATH.STATE
inline constexpr std::string_view kFirstState = "received";       // every case begins here

// That what was withdrawn is gone. Erasure alone says so, of a withdrawal's cases; it is in the
// table for its words.
inline constexpr std::string_view kDestroyedState = "destroyed";

struct CaseState {
  std::string id{};                 // "scrutiny"
  std::vector<std::string> next{};  // in the table's order
  bool final = false;               // the office owes nothing more
  int due_days = 0;                 // for the next step; 0: the due date stays as it is
  int order = 0;
};

class CasePaths {
 public:
  CasePaths() = default;
  // Records of other types are skipped.
  explicit CasePaths(std::span<const CatalogueRecord> records);

  // The id of the form, else of the kind, else "": the built-in path.
  [[nodiscard]] std::string path_of(std::string_view form, std::string_view kind) const;
  // In the table's order. `path` as path_of gives it.
  [[nodiscard]] const std::vector<CaseState>& states(std::string_view path) const;
  // Null when the path has no such state.
  [[nodiscard]] const CaseState* find(std::string_view path, std::string_view state) const;
  // Whether a case may come from one state to the other. The same state again is another message
  // and always allowed; a case whose state the path does not know (the catalogue moved on) may go
  // anywhere in it. Errors: kInvalidArgument (no state of the path, or kDestroyedState), kConflict
  // (may not follow); the words list what is possible.
  [[nodiscard]] Status step(std::string_view path, std::string_view from,
                            std::string_view to) const;
  // Ids of all paths' states, those of the built-in one too.
  [[nodiscard]] std::set<std::string> every_state() const;

 private:
  std::map<std::string, std::vector<CaseState>, std::less<>> paths_;
};

// Those that an office may set: without kDestroyedState.
[[nodiscard]] std::vector<std::string> office_states(const std::vector<std::string>& states);

// What is wrong with the states as a whole.
struct CasePathProblem {
  std::string record{};  // "PATH.STATE"
  std::string column{};
  std::string code{};  // unknown_state, no_first_state, dead_end, unreachable_state
  std::string message{};
};

// Checks every path of the records: it has kFirstState, what is next exists, every state can be
// reached, and only a final one may have nothing next.
[[nodiscard]] std::vector<CasePathProblem> check_case_paths(
    std::span<const CatalogueRecord> records);

}  // namespace odop::syncserver

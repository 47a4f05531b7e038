#include "syncserver/service/case_paths.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;

constexpr int kMaxDueDays = 3'650;

std::vector<CaseState> built_in_path() {
  constexpr std::array<std::string_view, 6> kStates = {kFirstState, "assigned", "contacted",
                                                       "quoted",    "answered", "closed"};
  std::vector<CaseState> path;
  for (const std::string_view id : kStates) {
    CaseState state;
    state.id = id;
    state.final = id == "answered" || id == "closed";
    state.order = static_cast<int>(path.size());
    for (const std::string_view other : kStates) {
      if (other != id) state.next.emplace_back(other);
    }
    path.push_back(std::move(state));
  }
  return path;
}

int number_of(const json& fields, const char* name, int most) {
  const auto found = fields.find(name);
  if (found == fields.end() || !found->is_number_integer()) return 0;
  return static_cast<int>(std::clamp<std::int64_t>(found->get<std::int64_t>(), 0, most));
}

std::string listed(const std::vector<std::string>& ids) {
  return ids.empty() ? "nothing" : fmt::format("{}", fmt::join(ids, ", "));
}

std::vector<std::string> ids_of(const std::vector<CaseState>& states) {
  std::vector<std::string> ids;
  ids.reserve(states.size());
  for (const CaseState& state : states) ids.push_back(state.id);
  return ids;
}

std::set<std::string> reachable(const std::vector<CaseState>& states) {
  std::set<std::string> seen;
  std::vector<std::string> open = {std::string(kFirstState)};
  while (!open.empty()) {
    const std::string id = std::move(open.back());
    open.pop_back();
    const auto at = std::ranges::find(states, id, &CaseState::id);
    if (at == states.end() || !seen.insert(id).second) continue;
    open.insert(open.end(), at->next.begin(), at->next.end());
  }
  return seen;
}

}  // namespace

CasePaths::CasePaths(std::span<const CatalogueRecord> records) {
  for (const CatalogueRecord& record : records) {
    const std::size_t dot = record.id.rfind('.');
    if (record.type != kCaseStateType || dot == std::string::npos) continue;
    const json fields = json::parse(record.json, nullptr, false);
    if (!fields.is_object()) continue;
    CaseState state;
    state.id = record.id.substr(dot + 1);
    state.order = number_of(fields, "order", 1'000'000);
    state.due_days = number_of(fields, "due_days", kMaxDueDays);
    state.final = fields.value("final", json()) == "yes";
    if (const auto next = fields.find("next"); next != fields.end() && next->is_array()) {
      for (const json& one : *next) {
        if (one.is_string()) state.next.push_back(one.get<std::string>());
      }
    }
    paths_[record.id.substr(0, dot)].push_back(std::move(state));
  }
  for (auto& [path, states] : paths_) std::ranges::stable_sort(states, {}, &CaseState::order);
}

std::string CasePaths::path_of(std::string_view form, std::string_view kind) const {
  for (const std::string_view id : {form, kind}) {
    if (paths_.contains(id)) return std::string(id);
  }
  return {};
}

const std::vector<CaseState>& CasePaths::states(std::string_view path) const {
  static const std::vector<CaseState> built_in = built_in_path();
  const auto found = paths_.find(path);
  return found == paths_.end() ? built_in : found->second;
}

const CaseState* CasePaths::find(std::string_view path, std::string_view state) const {
  const std::vector<CaseState>& all = states(path);
  const auto found = std::ranges::find(all, state, &CaseState::id);
  return found == all.end() ? nullptr : &*found;
}

Status CasePaths::step(std::string_view path, std::string_view from, std::string_view to) const {
  const CaseState* now = find(path, from);
  if (to == kDestroyedState) {
    return fail(
        ErrorCode::kInvalidArgument,
        fmt::format("\"{}\" is set by \"erase due\" alone, once nothing is left; allowed: {}", to,
                    listed(office_states(now == nullptr ? ids_of(states(path)) : now->next))));
  }
  if (find(path, to) == nullptr) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\" is no state of {}; there are {}", to,
                            path.empty() ? "an answer" : fmt::format("\"{}\"", path),
                            listed(office_states(ids_of(states(path))))));
  }
  if (now == nullptr || from == to || std::ranges::find(now->next, to) != now->next.end()) {
    return {};
  }
  return fail(ErrorCode::kConflict, fmt::format("\"{}\" may not follow \"{}\"; allowed: {}", to,
                                                from, listed(office_states(now->next))));
}

std::set<std::string> CasePaths::every_state() const {
  std::set<std::string> all;
  const auto add = [&all](const std::vector<CaseState>& states) {
    for (const CaseState& state : states) all.insert(state.id);
  };
  add(built_in_path());
  for (const auto& [path, states] : paths_) add(states);
  return all;
}

std::vector<std::string> office_states(const std::vector<std::string>& states) {
  std::vector<std::string> out = states;
  std::erase(out, kDestroyedState);
  return out;
}

std::vector<CasePathProblem> check_case_paths(std::span<const CatalogueRecord> records) {
  std::vector<CasePathProblem> problems;
  std::set<std::string> paths;
  for (const CatalogueRecord& record : records) {
    const std::size_t dot = record.id.rfind('.');
    if (record.type == kCaseStateType && dot != std::string::npos) {
      paths.insert(record.id.substr(0, dot));
    }
  }
  const CasePaths all(records);
  for (const std::string& path : paths) {
    const std::vector<CaseState>& states = all.states(path);
    const auto wrong = [&](const CaseState& state, const char* column, const char* code,
                           std::string message) {
      problems.push_back({path + "." + state.id, column, code, std::move(message)});
    };
    if (all.find(path, kFirstState) == nullptr) {
      wrong(states.front(), "state", "no_first_state",
            fmt::format("\"{}\" has no state \"{}\", in which every case begins; add it", path,
                        kFirstState));
      continue;
    }
    const std::set<std::string> reached = reachable(states);
    for (const CaseState& state : states) {
      for (const std::string& next : state.next) {
        if (all.find(path, next) != nullptr) continue;
        wrong(state, "next", "unknown_state",
              fmt::format("\"{}\" has no state \"{}\"; there are {}", path, next,
                          listed(ids_of(states))));
      }
      if (state.next.empty() && !state.final) {
        wrong(state, "next", "dead_end",
              "nothing may follow, yet it is not final; fill \"next\", or make it final");
      }
      if (!reached.contains(state.id)) {
        wrong(state, "state", "unreachable_state",
              fmt::format("no way leads from \"{}\" to it; name it as \"next\" of another state",
                          kFirstState));
      }
    }
  }
  return problems;
}

}  // namespace odop::syncserver

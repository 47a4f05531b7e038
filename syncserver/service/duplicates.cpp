#include "syncserver/service/duplicates.h"

#include "shared/core/reference_number.h"
#include "shared/text/fold.h"
#include "shared/text/sound.h"
#include "shared/wire/messages.h"
#include "syncserver/service/answers_json.h"
#include "syncserver/service/lookup.h"
#include "syncserver/service/record_box.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace odop::syncserver {

namespace {

constexpr auto kRegistration = static_cast<std::uint8_t>(wire::Kind::kRegistration);

bool same(const std::string& a, const std::string& b) { return !a.empty() && a == b; }
bool sounds_alike(const std::string& a, const std::string& b) {
  return same(sound_of(a), sound_of(b));
}

}  // namespace

Likeness compare(const Registrant& a, const Registrant& b) {
  Likeness likeness;
  const auto add = [&](bool holds, int weight, const char* reason) {
    if (!holds) return;
    likeness.score += weight;
    likeness.reasons.emplace_back(reason);
  };
  add(same(a.mobile, b.mobile), 50, "same_mobile");
  if (same(fold(a.name), fold(b.name))) {
    add(true, 35, "same_name");
  } else {
    add(sounds_alike(a.name, b.name), 30, "similar_name");
  }
  const bool here = a.district == b.district;
  add(here && sounds_alike(a.village, b.village), 20, "same_village");
  add(same(a.pin, b.pin), 10, "same_pin");
  add(same(a.craft, b.craft), 10, "same_craft");
  likeness.score = std::min(likeness.score, 100);
  return likeness;
}

Result<Registrant> Duplicates::registrant(const Submission& submission) {
  auto body = stored_body(record_keys_, submission);
  if (!body.has_value()) return fail(std::move(body.error()));
  const auto field = [&](const char* name) { return field_text(body->answers, name); };
  Registrant one{.reference = submission.reference,
                 .name = field("name"),
                 .mobile = field("mobile"),
                 .district = field("district"),
                 .village = field("village"),
                 .pin = field("pin"),
                 .craft = field("product")};
  wipe_body(*body);
  return one;
}

Result<std::vector<DuplicatePair>> Duplicates::list(const std::string& district, bool settled) {
  std::set<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const std::string_view look_up : {kMobileLookup, kNameLookup}) {
    const auto alike = store_.alike(kRegistration, std::string(look_up), district, kMaxPairs);
    if (!alike.has_value()) return fail(alike.error());
    for (const Alike& one : *alike) pairs.emplace(one.first, one.second);
  }
  const auto verdicts = store_.duplicate_verdicts();
  if (!verdicts.has_value()) return fail(verdicts.error());
  std::map<std::pair<std::int64_t, std::int64_t>, std::string> verdict_of;
  for (const DuplicateVerdict& one : *verdicts) verdict_of[{one.first, one.second}] = one.verdict;

  std::map<std::int64_t, Registrant> known;
  std::vector<DuplicatePair> proposed;
  for (const auto& pair : pairs) {
    const auto verdict = verdict_of.find(pair);
    if (verdict != verdict_of.end() && !settled) continue;
    for (const std::int64_t id : {pair.first, pair.second}) {
      if (known.contains(id)) continue;
      const auto submission = store_.submission(id);
      if (!submission.has_value()) return fail(submission.error());
      if (!submission->has_value()) continue;
      auto one = registrant(**submission);
      if (one.has_value()) {
        known.emplace(id, std::move(*one));
      } else if (one.error().code != ErrorCode::kNotFound) {  // erased meanwhile
        return fail(std::move(one.error()));
      }
    }
    const auto first = known.find(pair.first);
    const auto second = known.find(pair.second);
    if (first == known.end() || second == known.end()) continue;
    Likeness likeness = compare(first->second, second->second);
    if (likeness.score < kProposedScore) continue;
    proposed.push_back({first->second, second->second, std::move(likeness),
                        verdict == verdict_of.end() ? "" : verdict->second});
  }
  std::ranges::stable_sort(proposed, std::ranges::greater{},
                           [](const DuplicatePair& one) { return one.likeness.score; });
  return proposed;
}

Result<std::int64_t> Duplicates::registration(std::string_view reference) {
  auto plain = parse_reference(reference);
  if (!plain.has_value()) return fail(std::move(plain.error()));
  const auto found = store_.submissions({.reference = *plain, .with_restricted = true});
  if (!found.has_value()) return fail(found.error());
  if (found->empty()) return fail(ErrorCode::kNotFound, "no such submission: " + *plain);
  for (const Submission& one : *found) {
    if (one.kind != kRegistration) {
      return fail(ErrorCode::kInvalidArgument, *plain + " is no registration");
    }
    if (one.state == SubmissionState::kOpened) return one.id;
  }
  return fail(ErrorCode::kConflict, *plain + " is withdrawn, or not opened yet");
}

Status Duplicates::settle(std::string_view first, std::string_view second, bool same_person,
                          const std::string& actor) {
  const auto a = registration(first);
  if (!a.has_value()) return fail(a.error());
  const auto b = registration(second);
  if (!b.has_value()) return fail(b.error());
  if (*a == *b) return fail(ErrorCode::kInvalidArgument, "these are the same registration");
  return store_.settle_duplicate({.first = std::min(*a, *b),
                                  .second = std::max(*a, *b),
                                  .verdict = same_person ? "same" : "different",
                                  .actor = actor,
                                  .at_ms = clock_.wall().time_since_epoch().count()});
}

}  // namespace odop::syncserver

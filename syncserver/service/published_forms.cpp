#include "syncserver/service/published_forms.h"

#include "shared/forms/answers.h"
#include "shared/forms/check.h"
#include "shared/forms/helper.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace odop::syncserver {

namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::int64_t kIndiaMs = 330LL * 60 * 1000;
constexpr std::int64_t kFirstClockMs = 1'704'067'200'000;  // 1 January 2024: no kiosk is older

Date day_in_india(std::int64_t unix_ms) {
  using std::chrono::milliseconds;
  const std::chrono::sys_time<milliseconds> local{milliseconds(unix_ms + kIndiaMs)};
  return Date{std::chrono::floor<std::chrono::days>(local)};
}

// A purpose that the form requires and nobody agreed to; empty = none.
std::string missing_consent(const forms::Form& form, const wire::SubmissionBody& body) {
  for (const forms::ConsentPurpose& asked : form.consents) {
    // A notice tells of one purpose; its record says how that is called.
    const bool given = std::ranges::any_of(body.consents, [&](const wire::ConsentRecord& one) {
      return std::ranges::find(one.given, asked.purpose) != one.given.end() ||
             (one.notice_id == asked.notice && !one.given.empty());
    });
    if (asked.required && !given) return asked.purpose;
  }
  return {};
}

}  // namespace

PublishedForms::PublishedForms(std::span<const CatalogueRecord> published) {
  for (const CatalogueRecord& record : published) {
    ids_.insert(record.id);
    auto form = forms::parse_form(record.json);
    if (!form.has_value()) continue;
    const std::pair key{form->id, form->version};
    forms_.emplace(key, std::move(*form));
  }
}

const forms::Form* PublishedForms::find(const std::string& id, std::uint32_t version) const {
  const auto found = forms_.find({id, version});
  return found == forms_.end() ? nullptr : &found->second;
}

Result<std::string> checked_answers(const forms::Form& form, const wire::SubmissionBody& body,
                                    std::int64_t wall_ms, std::int64_t received_ms) {
  const auto answers = forms::answers_from_json(form, body.answers);
  if (!answers.has_value()) return fail(ErrorCode::kMalformed, answers.error().context);
  forms::Spoken spoken;
  for (const wire::SpokenAnswer& one : body.spoken) spoken.insert(one.field);
  const auto extent = body.incomplete ? forms::Extent::kUnfinished : forms::Extent::kWhole;
  const bool likely = wall_ms >= kFirstClockMs && wall_ms <= received_ms + kDayMs;
  const std::int64_t at_ms = likely ? wall_ms : received_ms;
  auto settled = forms::settle(form, *answers, day_in_india(at_ms), extent, spoken);
  const std::string missing = missing_consent(form, body);
  // Who helped is no answer; it stays beside them.
  const auto stored = [&](const forms::Answers& good) -> Result<std::string> {
    if (!missing.empty()) return fail(ErrorCode::kMalformed, missing + ": consent is missing");
    return forms::with_helper(forms::to_json(good), forms::helper_in(body.answers));
  };
  if (settled.problems.empty()) return stored(settled.answers);
  const auto before = forms::settle(form, *answers, day_in_india(at_ms - kDayMs), extent, spoken);
  if (before.problems.empty()) return stored(before.answers);
  const forms::FieldProblem& problem = settled.problems.front();
  return fail(ErrorCode::kMalformed,
              (problem.field.empty() ? "" : problem.field + ": ") + std::string(problem.text_key));
}

}  // namespace odop::syncserver

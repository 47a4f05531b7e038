// Every version of every form that a release ever held, and the check of answers against them.
// Pure. Immutable once built; any thread may read it.
#pragma once

#include "shared/core/result.h"
#include "shared/forms/form.h"
#include "shared/wire/messages.h"
#include "syncserver/store/catalogue_records.h"

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace odop::syncserver {

class PublishedForms {
 public:
  PublishedForms() = default;
  // Of Store::published. A form that this program does not understand is left out: what was filled
  // in it goes to quarantine, until a newer program opens it.
  explicit PublishedForms(std::span<const CatalogueRecord> published);

  // Null when no release ever held this version.
  [[nodiscard]] const forms::Form* find(const std::string& id, std::uint32_t version) const;
  // Whether any release held any version of it.
  [[nodiscard]] bool knows(std::string_view id) const { return ids_.contains(id); }

 private:
  std::set<std::string, std::less<>> ids_;
  std::map<std::pair<std::string, std::uint32_t>, forms::Form> forms_;
};

// The answers in their stored spelling, checked again as on the day that the kiosk's clock showed
// (or the day before: the visitor may have begun before midnight). A clock that cannot be right -
// before 2024, or a day ahead of `received_ms` - is replaced by the day of arrival. Errors:
// kMalformed; the context names the field and the problem, never what was answered.
// The consents that the form requires must be in the body, also of an unfinished one.
// A field that was spoken counts as answered where the form allows it (shared/forms/check.h).
[[nodiscard]] Result<std::string> checked_answers(const forms::Form& form,
                                                  const wire::SubmissionBody& body,
                                                  std::int64_t wall_ms, std::int64_t received_ms);

}  // namespace odop::syncserver

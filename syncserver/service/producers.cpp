#include "syncserver/service/producers.h"

#include "shared/core/reference_number.h"
#include "shared/crypto/digest.h"
#include "syncserver/service/answers_json.h"
#include "syncserver/service/record_box.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;

constexpr std::size_t kIdDigits = 16;

bool agreed(const wire::SubmissionBody& body) {
  return std::ranges::any_of(body.consents, [](const wire::ConsentRecord& one) {
    return std::ranges::find(one.given, kPublishPurpose) != one.given.end();
  });
}

}  // namespace

std::string producer_name(const Submission& registration) {
  return std::string(kProducerType) + "/p-" +
         to_hex(crypto::sha256(registration.uuid)).substr(0, kIdDigits);
}

std::optional<CatalogueRecord> producer_record(const Submission& registration,
                                               const wire::SubmissionBody& body) {
  const bool is_registration =
      static_cast<wire::Kind>(registration.kind) == wire::Kind::kRegistration;
  if (!is_registration || !agreed(body)) return std::nullopt;
  const auto field = [&](const char* name) { return field_text(body.answers, name); };
  std::string shown = field("body_name");
  if (shown.empty()) shown = field("name");
  if (shown.empty()) return std::nullopt;
  // A name as its bearer wrote it, in every language until an editor spells it in the others.
  json fields = {{"name", {{"hi", shown}, {"en", shown}, {"ur", shown}}}};
  if (std::string sort = field("applicant"); !sort.empty()) fields["sort"] = std::move(sort);
  if (std::string place = field("district"); !place.empty()) fields["district"] = std::move(place);
  if (std::string craft = field("product"); !craft.empty()) {
    fields["products"] = json::array({std::move(craft)});
  }
  CatalogueRecord record;
  record.type = kProducerType;
  record.id = producer_name(registration).substr(kProducerType.size() + 1);
  record.json = fields.dump();
  record.hash = to_hex(crypto::sha256(record.json));
  return record;
}

Result<std::vector<ProducerView>> Producers::list() {
  const auto drafts = store_.producer_drafts();
  if (!drafts.has_value()) return fail(drafts.error());
  std::vector<ProducerView> views;
  for (const ProducerDraft& draft : *drafts) {
    const auto registration = store_.submission(draft.submission);
    if (!registration.has_value()) return fail(registration.error());
    if (!registration->has_value()) continue;
    const auto box = RecordBox::find(record_keys_, (*registration)->hash);
    if (!box.has_value()) return fail(box.error());
    auto fields = box->open(draft.body);
    if (!fields.has_value()) return fail(std::move(fields.error()));
    views.push_back({.reference = (*registration)->reference,
                     .record = draft.record,
                     .district = draft.district,
                     .json = std::move(*fields),
                     .accepted = draft.accepted_ms != 0,
                     .made_ms = draft.made_ms});
  }
  return views;
}

Result<std::string> Producers::accept(std::string_view reference) {
  const auto plain = parse_reference(reference);
  if (!plain.has_value()) return fail(plain.error());
  const auto drafts = store_.producer_drafts();
  if (!drafts.has_value()) return fail(drafts.error());
  for (const ProducerDraft& draft : *drafts) {
    const auto registration = store_.submission(draft.submission);
    if (!registration.has_value()) return fail(registration.error());
    if (!registration->has_value() || (*registration)->reference != *plain) continue;
    const auto box = RecordBox::find(record_keys_, (*registration)->hash);
    if (!box.has_value()) return fail(box.error());
    auto fields = box->open(draft.body);
    if (!fields.has_value()) return fail(std::move(fields.error()));
    CatalogueRecord record;
    record.type = kProducerType;
    record.id = draft.record.substr(kProducerType.size() + 1);
    record.json = std::move(*fields);
    record.hash = to_hex(crypto::sha256(record.json));
    const Status done = store_.accept_producer_draft(draft.submission, record,
                                                     clock_.wall().time_since_epoch().count());
    if (!done.has_value()) return fail(done.error());
    return draft.record;
  }
  return fail(ErrorCode::kNotFound,
              "no draft of this registration: not approved, no consent to be shown, or withdrawn");
}

}  // namespace odop::syncserver

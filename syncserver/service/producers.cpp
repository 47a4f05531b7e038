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

// To a notice of at least this version.
bool agreed(const wire::SubmissionBody& body, std::uint32_t version) {
  return std::ranges::any_of(body.consents, [&](const wire::ConsentRecord& one) {
    return one.notice_version >= version &&
           std::ranges::find(one.given, kPublishPurpose) != one.given.end();
  });
}

CatalogueRecord record_of(std::string_view type, std::string id, std::string text) {
  CatalogueRecord record;
  record.type = type;
  record.id = std::move(id);
  record.hash = to_hex(crypto::sha256(text));
  record.json = std::move(text);
  return record;
}

// "p-..." of "producer/p-...".
std::string id_of(std::string_view name) {
  return std::string(name.substr(kProducerType.size() + 1));
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
  if (!is_registration || !agreed(body, 0)) return std::nullopt;
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
  return record_of(kProducerType, id_of(producer_name(registration)), fields.dump());
}

std::optional<std::string> draft_json(const Submission& registration,
                                      const wire::SubmissionBody& body) {
  const auto producer = producer_record(registration, body);
  if (!producer.has_value()) return std::nullopt;
  json draft = {{"producer", json::parse(producer->json)},
                {"may_have_stall", agreed(body, kNoticeWithStall)}};
  // The shipped registration asks for no stall, because the organiser gives it; a form may.
  if (std::string place = field_text(body.answers, "stall"); !place.empty()) {
    draft["place"] = std::move(place);
  }
  return draft.dump();
}

Result<CatalogueRecord> stall_record(const CatalogueRecord& producer,
                                     const CatalogueRecord& place) {
  const json there = json::parse(place.json, nullptr, false);
  const json whose = json::parse(producer.json, nullptr, false);
  if (!there.is_object() || !there.contains("hall") || !whose.is_object()) {
    return fail(ErrorCode::kMalformed, "no record of a stall: " + place.id);
  }
  json fields = {{"place", place.id}, {"producer", producer.id}, {"holder", whose["name"]}};
  for (const char* key : {"hall", "number", "x_m", "y_m", "w_m", "d_m"}) {
    if (there.contains(key)) fields[key] = there[key];
  }
  if (whose.contains("products")) fields["products"] = whose["products"];
  return record_of(kStallType, producer.id, fields.dump());
}

Result<std::vector<Producers::Draft>> Producers::drafts() {
  auto stored = store_.producer_drafts();
  if (!stored.has_value()) return fail(std::move(stored.error()));
  std::vector<Draft> out;
  for (ProducerDraft& one : *stored) {
    const auto registration = store_.submission(one.submission);
    if (!registration.has_value()) return fail(registration.error());
    if (!registration->has_value()) continue;
    const auto box = RecordBox::find(record_keys_, (*registration)->hash);
    if (!box.has_value()) return fail(box.error());
    auto opened = box->open(one.body);
    if (!opened.has_value()) return fail(std::move(opened.error()));
    Draft draft{.stored = std::move(one),
                .reference = (*registration)->reference,
                .json = std::move(*opened),
                .may_have_stall = false,
                .place = {}};
    // Drafts from before there were stalls hold the producer's fields alone.
    const json whole = json::parse(draft.json, nullptr, false);
    if (whole.is_object() && whole.contains("producer")) {
      draft.json = whole["producer"].dump();
      draft.may_have_stall = whole.value("may_have_stall", false);
      draft.place = whole.value("place", "");
    }
    out.push_back(std::move(draft));
  }
  return out;
}

Result<std::vector<ProducerView>> Producers::list() {
  auto all = drafts();
  if (!all.has_value()) return fail(std::move(all.error()));
  std::vector<ProducerView> views;
  for (Draft& draft : *all) {
    views.push_back({.reference = std::move(draft.reference),
                     .record = draft.stored.record,
                     .district = draft.stored.district,
                     .json = std::move(draft.json),
                     .may_have_stall = draft.may_have_stall,
                     .place = std::move(draft.place),
                     .accepted = draft.stored.accepted_ms != 0,
                     .stall = draft.stored.stall,
                     .made_ms = draft.stored.made_ms});
  }
  return views;
}

Result<std::optional<CatalogueRecord>> Producers::stall_of(const Draft& draft,
                                                           const CatalogueRecord& producer,
                                                           std::string_view place) {
  const bool by_office = !place.empty();
  if (by_office && !draft.may_have_stall) {
    return fail(ErrorCode::kForbidden,
                "this person agreed to a notice that does not speak of a stall; take the producer "
                "alone, or ask for a new registration");
  }
  if (!by_office) place = draft.place;
  if (place.empty() || !draft.may_have_stall) return std::nullopt;
  const auto places = store_.draft_of(std::string(kStallType));
  if (!places.has_value()) return fail(places.error());
  const auto found = std::ranges::find(*places, place, &CatalogueRecord::id);
  const bool is_place =
      found != places->end() && !json::parse(found->json, nullptr, false).contains("producer");
  if (!is_place) {
    // What a registration names may be gone since; the producer is shown all the same.
    if (!by_office) return std::nullopt;
    return fail(ErrorCode::kNotFound, "the catalogue's draft has no stall \"" +
                                          std::string(place.substr(0, 80)) +
                                          "\"; name one as in the column id of stalls.csv");
  }
  auto stall = stall_record(producer, *found);
  if (!stall.has_value()) return fail(std::move(stall.error()));
  return std::optional<CatalogueRecord>(std::move(*stall));
}

Result<Accepted> Producers::accept(std::string_view reference, std::string_view place) {
  const auto plain = parse_reference(reference);
  if (!plain.has_value()) return fail(plain.error());
  const auto all = drafts();
  if (!all.has_value()) return fail(all.error());
  const auto draft = std::ranges::find(*all, *plain, &Draft::reference);
  if (draft == all->end()) {
    return fail(
        ErrorCode::kNotFound,
        "no draft of this registration: not approved, no consent to be shown, or withdrawn");
  }
  const CatalogueRecord producer =
      record_of(kProducerType, id_of(draft->stored.record), draft->json);
  const auto stall = stall_of(*draft, producer, place);
  if (!stall.has_value()) return fail(stall.error());
  const Status done = store_.accept_producer_draft(draft->stored.submission, producer, *stall,
                                                   clock_.wall().time_since_epoch().count());
  if (!done.has_value()) return fail(done.error());
  return Accepted{.producer = draft->stored.record,
                  .stall = stall->has_value() ? std::string(kStallType) + "/" + (*stall)->id
                                              : draft->stored.stall};
}

}  // namespace odop::syncserver

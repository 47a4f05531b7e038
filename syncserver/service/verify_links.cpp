#include "syncserver/service/verify_links.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/trust.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "syncserver/service/kiosk_api.h"
#include "syncserver/service/verify_row.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

constexpr std::size_t kMostGone = 100;  // listed one by one
constexpr std::size_t kFeedPage = 500;

Status covered_are_here(Store& store, const Device& device, const ProblemSink& problem) {
  if (device.forked_ms != 0 || device.covered_sequence.value == 0) return {};
  const auto gone =
      store.missing(device.id, device.covered_epoch, device.covered_sequence, kMostGone);
  if (!gone.has_value()) return fail(gone.error());
  for (const Sequence sequence : *gone) {
    problem(fmt::format("device {}: sequence {} of epoch {} is gone, which a backup covered",
                        device.id, sequence.value, device.covered_epoch.value));
  }
  return {};
}

std::string problem_of(Store& store, const ServerKeys& keys, const StoredPointer& row) {
  const auto document = wire::from_json<wire::SignedDocument>(row.document);
  if (!document.has_value()) return "there is no signed document";
  const auto key = publisher_public_key(keys, document->key_id);
  if (!key || !crypto::verify_document(*document, "pointer", *key).has_value()) {
    return "the signature does not fit";
  }
  const auto pointer = wire::from_json<wire::Pointer>(document->payload);
  if (!pointer.has_value()) return "it cannot be read";
  if (std::string wrong = pointer_problem(row, *pointer); !wrong.empty()) return wrong;
  const auto release = store.release(row.release);
  if (!release.has_value() || !release->has_value()) {
    return fmt::format("its release {} is gone", row.release.value);
  }
  const auto manifest = wire::from_json<wire::SignedDocument>((*release)->manifest);
  if (!manifest.has_value() || crypto::sha256(manifest->payload) != pointer->manifest_hash) {
    return fmt::format("its release {} has another manifest", row.release.value);
  }
  return {};
}

// Submissions by reference and revision of their newest answer.
using Answers = std::map<std::pair<std::string, std::uint32_t>, std::int64_t>;

bool is_withdrawn(const Submission& one) {
  return one.state == SubmissionState::kRestricted || one.state == SubmissionState::kErased;
}

// What offices answered, of submissions that are not withdrawn.
Result<Answers> newest_answers(Store& store) {
  Answers answers;
  SubmissionFilter filter;
  for (;;) {
    const auto page = store.submissions(filter);
    if (!page.has_value()) return fail(page.error());
    for (const Submission& one : *page) {
      if (one.answer != 0) answers.emplace(std::pair(one.reference, one.answer), one.id);
    }
    if (page->size() < filter.limit) return answers;
    filter.after = page->back().id;
  }
}

// Takes what it is out of `awaited`.
Result<bool> is_good_entry(Store& store, const FeedItem& item, Answers& awaited) {
  switch (static_cast<wire::FeedKind>(item.kind)) {
    case wire::FeedKind::kAnswer: {
      const auto answer = wire::decode<wire::SealedAnswer>(item.payload);
      if (!answer.has_value()) return false;
      awaited.erase({answer->reference, answer->revision});
      return true;
    }
    case wire::FeedKind::kReceipt:
      return wire::from_json<wire::SignedDocument>(item.payload).has_value();
    case wire::FeedKind::kWithdrawal: {
      if (item.payload.empty()) return false;  // no filter would be
      const auto found = store.submissions({.reference = item.payload, .with_restricted = true});
      if (!found.has_value()) return fail(found.error());
      return std::ranges::any_of(*found, is_withdrawn);
    }
    case wire::FeedKind::kConfiguration:
      return nlohmann::json::parse(item.payload, nullptr, false).is_object();
  }
  return false;
}

}  // namespace

Status verify_rows_are_here(Store& store, const ProblemSink& problem) {
  auto broken = store.broken_links();
  if (!broken.has_value()) return fail(broken.error());
  for (std::string& one : *broken) problem(std::move(one));
  const auto gone = store.gone_submissions(kMostGone);
  if (!gone.has_value()) return fail(gone.error());
  for (const std::int64_t id : *gone) {
    problem(fmt::format("submission {}: it was taken in, and its row is gone", id));
  }
  const auto fleet = store.fleet();
  if (!fleet.has_value()) return fail(fleet.error());
  for (const FleetRow& row : *fleet) {
    if (row.device.id.empty()) continue;
    Status here = covered_are_here(store, row.device, problem);
    if (!here.has_value()) return here;
  }
  return {};
}

Status verify_tokens(Store& store, const ServerKeys& keys, const ProblemSink& problem) {
  const auto fleet = store.fleet();
  if (!fleet.has_value()) return fail(fleet.error());
  for (const FleetRow& row : *fleet) {
    const Device& device = row.device;
    if (device.id.empty() || device.token_hash == device_token_hash(keys.server, device.id)) {
      continue;
    }
    problem(fmt::format("device {}: the hash of its token was changed", device.id));
  }
  return {};
}

Status verify_pointers(Store& store, const ServerKeys& keys, const ProblemSink& problem) {
  const auto pointers = store.pointers();
  if (!pointers.has_value()) return fail(pointers.error());
  for (const StoredPointer& row : *pointers) {
    const std::string wrong = problem_of(store, keys, row);
    if (wrong.empty()) continue;
    problem(fmt::format("pointer {} of ring {}: {}", row.serial, row.ring, wrong));
  }
  return {};
}

Status verify_feed(Store& store, const ProblemSink& problem) {
  // Before the feed, which may grow meanwhile.
  auto awaited = newest_answers(store);
  if (!awaited.has_value()) return fail(awaited.error());
  FeedPosition after{};
  for (;;) {
    const auto page = store.feed_of_all(after, kFeedPage);
    if (!page.has_value()) return fail(page.error());
    for (const FeedItem& item : *page) {
      const auto good = is_good_entry(store, item, *awaited);
      if (!good.has_value()) return fail(good.error());
      if (!*good) problem(fmt::format("feed entry {} was changed", item.position.value));
    }
    if (page->size() < kFeedPage) break;
    after = page->back().position;
  }
  for (const auto& [answer, id] : *awaited) {
    problem(fmt::format("submission {}: its answer {} is not in the feed", id, answer.second));
  }
  return {};
}

}  // namespace odop::syncserver

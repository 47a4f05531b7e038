#include "syncserver/service/verify_row.h"

#include "shared/core/bytes.h"
#include "shared/crypto/release.h"

#include <initializer_list>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

// "its sequence, kind are not those that were signed"
std::string others(std::initializer_list<std::pair<const char*, bool>> columns) {
  std::string names;
  for (const auto& [name, same] : columns) {
    if (same) continue;
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names.empty() ? names : "not what was signed: " + names;
}

}  // namespace

std::string header_problem(const Submission& row, const wire::EnvelopeHeader& header) {
  return others({{"device", row.device == header.device_id},
                 {"epoch", row.epoch == header.epoch},
                 {"sequence", row.sequence == header.sequence},
                 {"previous", row.previous == header.previous},
                 {"uuid", row.uuid == header.id},
                 {"kind", row.kind == static_cast<std::uint8_t>(header.kind)},
                 {"reference", row.reference == header.reference},
                 {"form_id", row.form_id == header.form_id},
                 {"form_version", row.form_version == header.form_version},
                 {"wall_ms", row.wall_ms == header.wall_ms}});
}

std::string state_problem(const Submission& row) {
  const bool reason = !row.reason.empty();
  const bool body = !row.body.empty();
  bool good = false;
  switch (row.state) {
    case SubmissionState::kReceived:
      good = !reason && !body;
      break;
    case SubmissionState::kOpened:
      good = !reason && body;
      break;
    case SubmissionState::kQuarantined:
      good = reason;
      break;
    case SubmissionState::kRestricted:
      good = row.reason == "withdrawn";
      break;
    case SubmissionState::kErased:
      good = !body && row.envelope.empty();
      break;
  }
  if (good) return {};
  return "its state (" + std::string(name_of(row.state)) + ") is not what became of it";
}

std::string manifest_problem(const Release& row, std::span<const ReleaseItem> items,
                             const wire::Manifest& manifest) {
  std::vector<crypto::ContentEntry> entries;
  entries.reserve(items.size());
  for (const ReleaseItem& item : items) {
    Bytes hash;
    if (!from_hex(item.hash, hash)) hash.clear();
    entries.push_back({static_cast<wire::ItemKind>(item.kind), item.id, std::move(hash)});
  }
  return others({{"number", row.number == manifest.release},
                 {"previous", row.previous == manifest.previous},
                 {"created_ms", row.created_ms == manifest.created_ms},
                 {"content_digest", row.content_digest == to_hex(manifest.content_digest)},
                 {"records", row.records == manifest.records},
                 {"media", row.media == manifest.media},
                 {"items", crypto::content_digest(std::move(entries)) == manifest.content_digest}});
}

std::string pointer_problem(const StoredPointer& row, const wire::Pointer& pointer) {
  return others({{"serial", row.serial == pointer.serial},
                 {"ring", row.ring == pointer.ring},
                 {"release", row.release == pointer.release},
                 {"issued_ms", row.issued_ms == pointer.issued_ms},
                 {"expires_ms", row.expires_ms == pointer.expires_ms}});
}

}  // namespace odop::syncserver

// The fake server as a publisher: releases with their packs, pointers, and a publisher's key that
// gives way to another.
#include "shared/crypto/digest.h"
#include "shared/crypto/release.h"
#include "shared/crypto/trust.h"
#include "shared/wire/json.h"
#include "shared/wire/pack.h"
#include "tests/support/fake_workshop.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace odop::test {
namespace {

Bytes read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

wire::SignedDocument FakeServer::certificate(const std::string& role, const Bytes& key) const {
  wire::Certificate certificate{role, key, now_ms - 10 * kYearMs, now_ms + 10 * kYearMs};
  return crypto::sign_document("certificate", wire::to_json(certificate), workshop_->root);
}

const crypto::SigningKey& FakeServer::publisher() const {
  return rotated_ ? workshop_->next_publisher : workshop_->publisher;
}

void FakeServer::rotate_publisher() {
  if (rotated_) return;
  rotated_ = true;
  certificates_ = {certificate("publisher", workshop_->next_publisher.public_key()),
                   certificate("revoked", workshop_->publisher.public_key())};
  if (pointer_) repoint(pointer_->taken_down, pointer_->expires_ms);
}

std::uint64_t FakeServer::publish(const std::map<std::string, std::string>& records,
                                  const std::vector<Medium>& media) {
  const std::uint64_t number = releases_.size() + 1;
  const auto previous = releases_.empty() ? nullptr : releases_.back();
  std::vector<Workshop::Made>& made = workshop_->made[number];
  auto found = std::ranges::find_if(made, [&](const Workshop::Made& one) {
    return one.previous == previous && one.now_ms == now_ms && one.rotated == rotated_ &&
           one.minimum_app == minimum_app && one.records == records && one.media == media;
  });
  if (found == made.end()) {
    constexpr std::size_t kMostOfANumber = 64;
    if (made.size() == kMostOfANumber) made.clear();
    made.push_back({records, media, previous, now_ms, rotated_, minimum_app,
                    std::make_shared<const Release>(make_release(records, media))});
    found = std::prev(made.end());
  }
  releases_.push_back(found->release);
  repoint({}, now_ms + kYearMs);
  return number;
}

FakeServer::Release FakeServer::make_release(const std::map<std::string, std::string>& records,
                                             const std::vector<Medium>& media) const {
  Release release;
  release.records = records;
  for (const Medium& medium : media) {
    release.media[{medium.kind, to_hex(crypto::sha256(medium.bytes))}] = medium.bytes;
  }
  const std::uint64_t number = releases_.size() + 1;
  wire::Manifest manifest;
  manifest.release = ReleaseNumber{number};
  manifest.previous = ReleaseNumber{number - 1};
  manifest.created_ms = now_ms;
  manifest.minimum_app = minimum_app;
  std::vector<crypto::ContentEntry> entries;
  for (const auto& [id, text] : release.records) {
    entries.push_back({wire::ItemKind::kRecord, id, crypto::sha256(text)});
  }
  for (const auto& [key, bytes] : release.media) {
    entries.push_back({key.first, key.second, crypto::sha256(bytes)});
  }
  manifest.content_digest = crypto::content_digest(entries);
  manifest.records = release.records.size();
  manifest.media = release.media.size();
  manifest.packs.push_back(write_pack(release, number, 0));
  for (std::uint64_t from = number > 8 ? number - 8 : 1; from < number; ++from) {
    manifest.packs.push_back(write_pack(release, number, from));
  }
  release.manifest = crypto::sign_document("manifest", wire::to_json(manifest), publisher());
  return release;
}

void FakeServer::repoint(std::vector<std::string> taken_down, std::int64_t expires_ms) {
  wire::Pointer pointer;
  pointer.serial = pointer_ ? pointer_->serial + 1 : 1;
  pointer.ring = "all";
  pointer.release = ReleaseNumber{releases_.size()};
  pointer.manifest_hash = crypto::sha256(releases_.back()->manifest.payload);
  pointer.issued_ms = std::min(now_ms, expires_ms - 1);
  pointer.expires_ms = expires_ms;
  pointer.taken_down = std::move(taken_down);
  pointer_ = pointer;
  pointer_document_ = crypto::sign_document("pointer", wire::to_json(pointer), publisher());
}

wire::PackOffer FakeServer::write_pack(Release& release, std::uint64_t number,
                                       std::uint64_t from) const {
  const Release empty;
  const Release& base = from == 0 ? empty : *releases_.at(from - 1);
  std::vector<wire::Record> records;
  std::vector<std::string> removed;
  std::vector<wire::PackMedium> media;
  for (const auto& [id, text] : release.records) {
    const auto before = base.records.find(id);
    if (before != base.records.end() && before->second == text) continue;
    wire::Record record;
    if (!wire::split_record_id(id, record.type, record.id)) {
      throw std::runtime_error("fake server: record id " + id);
    }
    record.json = text;
    records.push_back(std::move(record));
  }
  for (const auto& [id, text] : base.records) {
    if (!release.records.contains(id)) removed.push_back(id);
  }
  for (const auto& [key, bytes] : release.media) {
    if (base.media.contains(key)) continue;
    const auto file = folder_ / key.second;
    std::ofstream(file, std::ios::binary) << bytes;
    media.push_back({key.second, key.first, file.string()});
  }
  const auto file = folder_ / fmt::format("{}-{}.pack", from, number);
  const auto written = need(wire::write_pack(ReleaseNumber{from}, ReleaseNumber{number}, records,
                                             removed, media, file.string(), crypto::sha256));
  release.packs[from] = read_file(file);
  return {ReleaseNumber{from}, written.size, crypto::sha256(written.encoded_index),
          written.encoded_index.size()};
}

kiosk::HttpAnswer FakeServer::pack(const kiosk::HttpRequest& request, std::uint64_t number,
                                   std::uint64_t from) const {
  const Release& release = *releases_.at(number - 1);
  const auto found = release.packs.find(from);
  if (found == release.packs.end()) return no_answer(404);
  Bytes bytes = found->second;
  if (!broken_media.empty()) {
    for (const auto& [key, medium] : release.media) {
      if (key.second != broken_media) continue;
      const auto at = bytes.find(medium);
      if (at != Bytes::npos) bytes[at + medium.size() / 2] ^= 1;
    }
  }
  if (!request.range) return {200, "application/octet-stream", std::move(bytes), {}};
  if (request.range->first + request.range->count > bytes.size()) return no_answer(416);
  return {206,
          "application/octet-stream",
          bytes.substr(request.range->first, request.range->count),
          {}};
}

}  // namespace odop::test

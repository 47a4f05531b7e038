// A journal that holds submissions, for what is asked of the outbox beside it.
#pragma once

#include "kiosk/store/files.h"
#include "kiosk/store/journal.h"
#include "shared/crypto/digest.h"
#include "tests/support/identity.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace odop::test::outbox {

using namespace kiosk;  // NOLINT: everything here is of that room

inline Journal open(const TempFolder& folder) {
  auto journal = Journal::open(folder.path());
  INFO((journal ? "" : journal.error().context));
  REQUIRE(journal.has_value());
  return std::move(*journal);
}

inline SealedSubmission next(const Journal& journal, std::size_t attachments = 0) {
  SealedSubmission one;
  one.slot = journal.next_slot().value();
  one.id = fmt::format("id-{}-{}", one.slot.epoch.value, one.slot.sequence.value);
  one.reference = fmt::format("{:010}", one.slot.sequence.value);
  one.envelope = fmt::format("envelope {} ", one.slot.sequence.value) + Bytes(900, 'e');
  one.hash = crypto::sha256(one.envelope);
  one.wall_ms = 1'000 + static_cast<std::int64_t>(one.slot.sequence.value);
  for (std::size_t i = 0; i < attachments; ++i) {
    Bytes sealed = fmt::format("sealed {} {} ", one.slot.sequence.value, i) + Bytes(20'000, 's');
    one.attachments.push_back({crypto::sha256(sealed), sealed});
  }
  return one;
}

inline std::vector<SealedSubmission> fill(Journal& journal, std::size_t count) {
  std::vector<SealedSubmission> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(next(journal, i % 3));
    REQUIRE(journal.append(all.back()).has_value());
  }
  return all;
}

inline wire::BatchReceipt stored(const std::vector<SealedSubmission>& all, std::uint64_t covered) {
  wire::BatchReceipt receipt;
  receipt.device_id = kDevice;
  receipt.covered_epoch = Epoch{1};
  receipt.covered_sequence = Sequence{covered};
  for (const auto& one : all) {
    receipt.verdicts.push_back(
        {one.slot.epoch, one.slot.sequence, one.hash, wire::VerdictCode::kStored, "", 0});
  }
  return receipt;
}

inline void check_pending(const Journal& journal, const std::vector<SealedSubmission>& all,
                          std::size_t from = 0) {
  const auto page = journal.pending(1'000, 1 << 24, 0).value();
  REQUIRE(page.size() == all.size() - from);
  std::size_t attachments = 0;
  for (std::size_t i = 0; i < page.size(); ++i) {
    CHECK(page[i].envelope == all[from + i].envelope);
    CHECK(page[i].hash == all[from + i].hash);
    CHECK(page[i].sequence == all[from + i].slot.sequence);
    attachments += all[from + i].attachments.size();
  }
  CHECK(journal.unsent_attachments(1 << 24)->size() == attachments);
}

inline Bytes content_of(const std::filesystem::path& file) {
  return read_whole(file, 1 << 24).value();
}

inline void write_at(const std::filesystem::path& file, std::size_t at, const std::string& bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(at));
  out << bytes;
}

}  // namespace odop::test::outbox

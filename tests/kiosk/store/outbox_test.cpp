// The outbox beside the journal: each is made from the other when one of them is lost.
#include "kiosk/store/outbox.h"

#include "kiosk/store/files.h"
#include "kiosk/store/journal.h"
#include "shared/crypto/digest.h"
#include "tests/support/identity.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace odop::kiosk {
namespace {

using test::identity_of;
using test::kDevice;
using test::TempFolder;

Journal open(const TempFolder& folder) {
  auto journal = Journal::open(folder.path());
  INFO((journal ? "" : journal.error().context));
  REQUIRE(journal.has_value());
  return std::move(*journal);
}

SealedSubmission next(const Journal& journal, std::size_t attachments = 0) {
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

std::vector<SealedSubmission> fill(Journal& journal, std::size_t count) {
  std::vector<SealedSubmission> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(next(journal, i % 3));
    REQUIRE(journal.append(all.back()).has_value());
  }
  return all;
}

wire::BatchReceipt stored(const std::vector<SealedSubmission>& all, std::uint64_t covered) {
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

void check_pending(const Journal& journal, const std::vector<SealedSubmission>& all,
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

Bytes content_of(const std::filesystem::path& file) { return read_whole(file, 1 << 24).value(); }

void write_at(const std::filesystem::path& file, std::size_t at, const std::string& bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(at));
  out << bytes;
}

struct Ruin {
  const char* name;
  std::function<void(const std::filesystem::path&)> ruin;
};

TEST_CASE("A ruined database is made anew from the outbox", "[kiosk][store][fault]") {
  const std::vector<Ruin> ways{
      {"missing", [](const auto& file) { std::filesystem::remove(file); }},
      {"empty", [](const auto& file) { std::filesystem::resize_file(file, 0); }},
      {"no database", [](const auto& file) { std::ofstream(file) << "this is no database"; }},
      {"header torn", [](const auto& file) { write_at(file, 0, std::string(100, '\0')); }},
      {"cut short", [](const auto& file) { std::filesystem::resize_file(file, 9'000); }},
      {"pages overwritten",
       [](const auto& file) {
         for (std::size_t page = 1; page < 12; ++page) {
           write_at(file, page * 4096, std::string(512, '\xff'));
         }
       }},
  };
  for (const Ruin& way : ways) {
    INFO(way.name);
    const TempFolder folder;
    std::vector<SealedSubmission> all;
    Slot slot;
    {
      Journal journal = open(folder);
      REQUIRE(journal.set_setting("server.url", "https://odop.example").has_value());
      REQUIRE(journal.adopt_identity(identity_of()).has_value());
      REQUIRE(journal.set_setting("sync.certificates", "chain").has_value());
      all = fill(journal, 7);
      slot = journal.next_slot().value();
      CHECK_FALSE(journal.recovery().has_value());
      REQUIRE(journal.tidy().has_value());
    }
    for (const char* suffix : {"-wal", "-shm"}) {
      std::filesystem::remove(folder / (std::string("journal.db") + suffix));
    }
    way.ruin(folder / "journal.db");

    Journal journal = open(folder);
    REQUIRE(journal.recovery().has_value());
    CHECK(journal.recovery()->enrolled);
    CHECK(journal.recovery()->submissions == 7);
    CHECK(journal.recovery()->damaged_blocks == 0);
    // The same kiosk goes on where it was, so the server sees no fork.
    CHECK(journal.identity().value()->token == identity_of().token);
    CHECK(journal.next_slot()->sequence == slot.sequence);
    CHECK(journal.next_slot()->previous == slot.previous);
    CHECK(journal.setting("server.url").value() == "https://odop.example");
    CHECK(journal.setting("sync.certificates").value() == "chain");
    check_pending(journal, all);
    const auto more = fill(journal, 1);
    all.push_back(more.front());
    check_pending(journal, all);
    // And a second time, and then no more.
    CHECK_FALSE(open(folder).recovery().has_value());
  }
}

TEST_CASE("What was damaged is kept beside it, up to four times", "[kiosk][store][fault]") {
  const TempFolder folder;
  { REQUIRE(open(folder).adopt_identity(identity_of()).has_value()); }
  for (int i = 1; i <= 6; ++i) {
    std::filesystem::remove(folder / "journal.db-wal");
    std::ofstream(folder / "journal.db") << "ruin " << i;
    const Journal journal = open(folder);
    CHECK(journal.recovery()->set_aside);
    CHECK(journal.recovery()->enrolled);
  }
  CHECK(content_of(folder / "journal.db.damaged-1") == "ruin 1");
  CHECK(content_of(folder / "journal.db.damaged-4") == "ruin 6");
  CHECK_FALSE(std::filesystem::exists(folder / "journal.db.damaged-5"));
}

TEST_CASE("Without an outbox a damaged journal begins anew", "[kiosk][store][fault]") {
  const TempFolder folder;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    fill(journal, 2);
  }
  std::filesystem::remove(folder / "outbox.log");
  std::filesystem::remove(folder / "journal.db-wal");
  std::ofstream(folder / "journal.db") << "this is no database";
  const Journal journal = open(folder);
  CHECK(journal.recovery()->set_aside);
  CHECK_FALSE(journal.recovery()->enrolled);
  CHECK_FALSE(journal.identity().value().has_value());
}

TEST_CASE("A lost, older or foreign outbox is written anew from the database",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  std::vector<SealedSubmission> all;
  const auto outbox = folder / "outbox.log";
  std::string older;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    all = fill(journal, 2);
    older = content_of(outbox);
    const auto more = fill(journal, 3);
    all.insert(all.end(), more.begin(), more.end());
  }
  SECTION("lost, as after an update from a program that had none") {
    std::filesystem::remove(outbox);
  }
  SECTION("older") { std::ofstream(outbox, std::ios::binary) << older; }
  SECTION("empty") { std::filesystem::resize_file(outbox, 0); }
  SECTION("garbage") { std::ofstream(outbox, std::ios::binary) << std::string(10'000, '?'); }
  SECTION("cut short in the last frame") {
    std::filesystem::resize_file(outbox, std::filesystem::file_size(outbox) - 5'000);
  }
  check_pending(open(folder), all);
  // It is whole again: the database may go.
  std::filesystem::remove(folder / "journal.db-wal");
  std::ofstream(folder / "journal.db") << "this is no database";
  const Journal journal = open(folder);
  CHECK(journal.recovery()->enrolled);
  check_pending(journal, all);
}

TEST_CASE("A torn last frame is cut off at the start", "[kiosk][store][fault]") {
  const TempFolder folder;
  std::vector<SealedSubmission> all;
  const auto outbox = folder / "outbox.log";
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    all = fill(journal, 3);
  }
  const auto whole = std::filesystem::file_size(outbox);
  const Bytes frame = frame_of(OutboxSubmission{.device = kDevice,
                                                .epoch = 1,
                                                .sequence = 4,
                                                .id = "in flight",
                                                .reference = "4",
                                                .wall_ms = 0,
                                                .hash = Bytes(32, 'h'),
                                                .envelope = Bytes(9'000, 'e'),
                                                .attachments = {}});
  for (const std::size_t cut : {std::size_t{1}, std::size_t{43}, std::size_t{4'095},
                                std::size_t{4'096}, std::size_t{8'191}, frame.size() - 1}) {
    INFO("cut after " << cut);
    std::ofstream(outbox, std::ios::binary | std::ios::app) << frame.substr(0, cut);
    const Journal journal = open(folder);
    CHECK(std::filesystem::file_size(outbox) == whole);
    CHECK(journal.next_slot()->sequence == Sequence{4});
    check_pending(journal, all);
  }
}

TEST_CASE("A frame whose commit a cut prevented is caught up", "[kiosk][store][fault]") {
  const TempFolder folder;
  std::vector<SealedSubmission> all;
  const TempFolder copy;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    all = fill(journal, 3);
    REQUIRE(journal.tidy().has_value());
    // The database of now beside the outbox of later.
    std::filesystem::copy_file(folder / "journal.db", copy / "journal.db");
    const auto more = fill(journal, 2);
    all.insert(all.end(), more.begin(), more.end());
  }
  std::filesystem::copy_file(folder / "outbox.log", copy / "outbox.log");
  const Journal journal = open(copy);
  CHECK(journal.recovery()->submissions == 2);
  CHECK(journal.next_slot()->sequence == Sequence{6});
  CHECK(journal.next_slot()->previous == all.back().hash);
  check_pending(journal, all);
}

TEST_CASE("A newer identity in the outbox is who the kiosk is", "[kiosk][store][fault]") {
  const TempFolder folder;
  const TempFolder copy;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    fill(journal, 2);
    REQUIRE(journal.tidy().has_value());
    std::filesystem::copy_file(folder / "journal.db", copy / "journal.db");
    REQUIRE(journal.adopt_identity(identity_of(kDevice, 2)).has_value());
  }
  std::filesystem::copy_file(folder / "outbox.log", copy / "outbox.log");
  const Journal journal = open(copy);
  CHECK(journal.identity().value()->epoch == Epoch{2});
  CHECK(journal.next_slot()->sequence == Sequence{1});
  CHECK(journal.pending(10, 1 << 20, 0)->size() == 2);
}

TEST_CASE("A frame that rots in the middle costs itself alone", "[kiosk][store][fault]") {
  const TempFolder folder;
  std::vector<SealedSubmission> all;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    for (int i = 0; i < 5; ++i) {
      all.push_back(next(journal));
      REQUIRE(journal.append(all.back()).has_value());
    }
  }
  const std::string content = content_of(folder / "outbox.log");
  write_at(folder / "outbox.log", content.find("envelope 2 ") + 20, "rot");
  std::filesystem::remove(folder / "journal.db-wal");
  std::filesystem::remove(folder / "journal.db");
  const Journal journal = open(folder);
  CHECK(journal.recovery()->damaged_blocks == 1);
  CHECK(journal.recovery()->submissions == 4);
  CHECK(journal.next_slot()->sequence == Sequence{6});
  CHECK(journal.next_slot()->previous == all.back().hash);
}

TEST_CASE("What rots in the outbox is mended while the database has it", "[kiosk][store][fault]") {
  const TempFolder folder;
  Journal journal = open(folder);
  REQUIRE(journal.adopt_identity(identity_of()).has_value());
  const auto all = fill(journal, 5);
  CHECK_FALSE(journal.mend().value());
  const std::string content = content_of(folder / "outbox.log");
  SECTION("a submission") {
    write_at(folder / "outbox.log", content.find("envelope 2 ") + 20, "rot");
  }
  SECTION("who this kiosk is") { write_at(folder / "outbox.log", 50, "rot"); }
  SECTION("the end") { std::filesystem::resize_file(folder / "outbox.log", content.size() - 1); }
  CHECK(journal.mend().value());
  CHECK_FALSE(journal.mend().value());
  std::filesystem::remove(folder / "journal.db-wal");
  std::filesystem::remove(folder / "journal.db");
  check_pending(open(folder), all);
}

TEST_CASE("What rots in the database is taken from the outbox", "[kiosk][store][fault]") {
  const TempFolder folder;
  std::vector<SealedSubmission> all;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    all = fill(journal, 5);
    REQUIRE(journal.tidy().has_value());
  }
  // SQLite sees nothing wrong with it.
  const std::string content = content_of(folder / "journal.db");
  for (const char* words : {"envelope 2 ", "sealed 3 1 "}) {
    write_at(folder / "journal.db", content.find(words) + 20, "rot");
  }
  Journal journal = open(folder);
  CHECK_FALSE(journal.recovery().has_value());
  CHECK(journal.mend().value());
  CHECK_FALSE(journal.mend().value());
  check_pending(journal, all);
  const auto attachments = journal.unsent_attachments(1 << 24).value();
  for (const auto& attachment : attachments) {
    CHECK(crypto::sha256(attachment.sealed) == attachment.hash);
  }
}

TEST_CASE("What a backup covers leaves the outbox", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open(folder);
  REQUIRE(journal.adopt_identity(identity_of()).has_value());
  const auto outbox = folder / "outbox.log";
  auto all = fill(journal, 60);
  // Attachments that have not arrived hold their envelope.
  for (const auto& one : all) {
    for (const auto& attachment : one.attachments) {
      wire::AttachmentReceipt receipt;
      receipt.device_id = kDevice;
      receipt.hash = attachment.hash;
      receipt.code = wire::AttachmentCode::kStored;
      REQUIRE(journal.record_attachment(receipt, 0).has_value());
    }
  }
  const auto full = std::filesystem::file_size(outbox);
  REQUIRE(journal.record_receipt(stored(all, 50), 0).has_value());
  CHECK(std::filesystem::file_size(outbox) < full / 2);
  const std::string content = content_of(outbox);
  CHECK(content.find("envelope 50 ") == std::string::npos);
  CHECK(content.find("sealed 50 ") == std::string::npos);
  CHECK(content.find("envelope 51 ") != std::string::npos);
  // The rest is pushed once more by a kiosk whose database went, and the chain goes on.
  std::filesystem::remove(folder / "journal.db-wal");
  std::filesystem::remove(folder / "journal.db");
  const Journal after = open(folder);
  CHECK(after.next_slot()->sequence == Sequence{61});
  check_pending(after, all, 50);
}

TEST_CASE("What was withdrawn is in no file any more once a backup covers it", "[kiosk][store]") {
  const TempFolder folder;
  Journal journal = open(folder);
  REQUIRE(journal.adopt_identity(identity_of()).has_value());
  REQUIRE(journal.note_generation("g1").has_value());
  const auto all = fill(journal, 4);
  const auto receipt = [&all](std::string generation, std::uint64_t covered) {
    wire::BatchReceipt made = stored(all, covered);
    made.database_generation = std::move(generation);
    return made;
  };
  const auto held = [&](const std::string& words) {
    return content_of(folder / "outbox.log").find(words) != std::string::npos;
  };
  const auto withdraw = [&](std::size_t which, std::uint64_t position) {
    const wire::FeedEntry entry{FeedPosition{position}, wire::FeedKind::kWithdrawal,
                                all.at(which).reference};
    REQUIRE(journal.apply_feed({&entry, 1}, FeedPosition{position}).has_value());
  };
  REQUIRE(journal.record_receipt(receipt("g1", 0), 0).has_value());
  withdraw(0, 1);
  CHECK(held("envelope 1 "));
  // A restored server may know neither it nor its withdrawal: only with it can it judge the code.
  REQUIRE(journal.note_generation("g2").has_value());
  check_pending(journal, all);
  REQUIRE(journal.record_receipt(receipt("g2", 1), 0).has_value());
  CHECK_FALSE(held("envelope 1 "));
  CHECK(held("envelope 4 "));
  // Covered, but by far not most of the file: withdrawn, it goes all the same.
  for (const auto& attachment : all[1].attachments) {
    wire::AttachmentReceipt arrived;
    arrived.device_id = kDevice;
    arrived.database_generation = "g2";
    arrived.hash = attachment.hash;
    arrived.code = wire::AttachmentCode::kStored;
    REQUIRE(journal.record_attachment(arrived, 0).has_value());
  }
  REQUIRE(journal.record_receipt(receipt("g2", 2), 0).has_value());
  CHECK(held("envelope 2 "));
  withdraw(1, 2);
  CHECK_FALSE(held("envelope 2 "));
  CHECK(held("envelope 4 "));
  struct stat info {};
  REQUIRE(stat((folder / "outbox.log").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

// Four bytes, then the error.
class ShortWrite final : public FileSystem::Output {
 public:
  ShortWrite(std::unique_ptr<FileSystem::Output> output, ErrorCode code)
      : output_(std::move(output)), code_(code) {}
  Status write(BytesView bytes) override {
    static_cast<void>(output_->write(bytes.substr(0, 4)));
    return fail(code_, "as ordered");
  }
  Status finish() override { return output_->finish(); }

 private:
  std::unique_ptr<FileSystem::Output> output_;
  ErrorCode code_;
};

// Fails at one call.
class Breaking final : public FileSystem {
 public:
  mutable int fail_write = 0;  // the n-th from now on
  mutable bool fail_cut = false;
  ErrorCode code = ErrorCode::kDiskFull;

  [[nodiscard]] Result<std::uint64_t> size(const std::filesystem::path& file) const override {
    return system_files().size(file);
  }
  [[nodiscard]] Result<Bytes> read(const std::filesystem::path& file, std::uint64_t from,
                                   std::size_t count) const override {
    return system_files().read(file, from, count);
  }
  [[nodiscard]] Result<std::unique_ptr<Output>> write_from(const std::filesystem::path& file,
                                                           std::uint64_t from) const override {
    auto output = system_files().write_from(file, from);
    if (!output || fail_write == 0 || --fail_write > 0) return output;
    return std::make_unique<ShortWrite>(std::move(*output), code);
  }
  [[nodiscard]] Status truncate(const std::filesystem::path& file,
                                std::uint64_t size) const override {
    if (fail_cut) return fail(ErrorCode::kIo, "as ordered");
    return system_files().truncate(file, size);
  }
  [[nodiscard]] Status replace(const std::filesystem::path& from,
                               const std::filesystem::path& to) const override {
    return system_files().replace(from, to);
  }
  void remove(const std::filesystem::path& file) const override { system_files().remove(file); }
};

TEST_CASE("An outbox that was cut short is whole again before the database is ruined",
          "[kiosk][store][fault]") {
  const TempFolder folder;
  std::vector<SealedSubmission> all;
  {
    Journal journal = open(folder);
    REQUIRE(journal.adopt_identity(identity_of()).has_value());
    all = fill(journal, 4);
    REQUIRE(journal.tidy().has_value());  // where the chain stands is told before the submissions
  }
  // Inside of the first submission, so that the last whole frame tells of the same end as the
  // database (identity, two settings, chain).
  std::filesystem::resize_file(folder / "outbox.log", 4 * kOutboxBlock + 900);
  CHECK(open(folder).mend().value_or(true) == false);
  std::filesystem::remove(folder / "journal.db-wal");
  std::filesystem::remove(folder / "journal.db");
  check_pending(open(folder), all);
}

TEST_CASE("Nothing is kept unless the outbox takes it", "[kiosk][store][fault]") {
  const TempFolder folder;
  Breaking files;
  auto opened = Journal::open(folder.path(), probe_space, files);
  REQUIRE(opened.has_value());
  Journal& journal = *opened;
  REQUIRE(journal.adopt_identity(identity_of()).has_value());
  auto all = fill(journal, 2);
  journal.release_reserve();  // else it is given up, and all goes well
  const auto bytes = std::filesystem::file_size(folder / "outbox.log");

  files.fail_write = 1;
  const auto refused = journal.append(next(journal));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kDiskFull);
  CHECK(journal.next_slot()->sequence == Sequence{3});
  CHECK(journal.queue()->pending == 2);
  CHECK(std::filesystem::file_size(folder / "outbox.log") == bytes);

  // Also when what was half written cannot be cut off: the file is written anew.
  files.fail_write = 1;
  files.fail_cut = true;
  REQUIRE_FALSE(journal.append(next(journal)).has_value());
  files.fail_cut = false;
  const auto more = fill(journal, 2);
  all.insert(all.end(), more.begin(), more.end());
  check_pending(journal, all);
  check_pending(open(folder), all);
  std::filesystem::remove(folder / "journal.db-wal");
  std::filesystem::remove(folder / "journal.db");
  check_pending(open(folder), all);
}

}  // namespace
}  // namespace odop::kiosk

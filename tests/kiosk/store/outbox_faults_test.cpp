// An outbox and its journal on a disk that rots, and whose calls fail.
#include "kiosk/store/files.h"
#include "kiosk/store/outbox.h"
#include "tests/kiosk/store/outbox_journal.h"
#include "tests/support/passing_files.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace odop::kiosk {
namespace {

using test::identity_of;
using test::TempFolder;
using test::outbox::check_pending;
using test::outbox::content_of;
using test::outbox::fill;
using test::outbox::next;
using test::outbox::open;
using test::outbox::write_at;

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
class Breaking final : public test::PassingFiles {
 public:
  mutable int fail_write = 0;  // the n-th from now on
  mutable bool fail_cut = false;
  ErrorCode code = ErrorCode::kDiskFull;

  [[nodiscard]] Result<std::unique_ptr<Output>> write_from(const std::filesystem::path& file,
                                                           std::uint64_t from) const override {
    auto output = PassingFiles::write_from(file, from);
    if (!output || fail_write == 0 || --fail_write > 0) return output;
    return std::make_unique<ShortWrite>(std::move(*output), code);
  }
  [[nodiscard]] Status truncate(const std::filesystem::path& file,
                                std::uint64_t size) const override {
    if (fail_cut) return fail(ErrorCode::kIo, "as ordered");
    return PassingFiles::truncate(file, size);
  }
};

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

// Five submissions, all of them in the database's own file.
std::vector<SealedSubmission> written_down(const TempFolder& folder) {
  Journal journal = open(folder);
  REQUIRE(journal.adopt_identity(identity_of()).has_value());
  auto all = fill(journal, 5);
  REQUIRE(journal.tidy().has_value());
  return all;
}

TEST_CASE("What rots in the database is taken from the outbox", "[kiosk][store][fault]") {
  const TempFolder folder;
  const auto all = written_down(folder);
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

// A row's own hash, or one of its other names, no longer says what its index says: nothing that is
// kept tells that by itself.
TEST_CASE("A row that rots beside its index is taken from the outbox", "[kiosk][store][fault]") {
  const TempFolder folder;
  const auto all = written_down(folder);
  const std::string content = content_of(folder / "journal.db");
  const SealedSubmission& victim = all[2];
  const std::string name = GENERATE_COPY(victim.hash, victim.id, victim.reference);
  const auto first = content.find(name);
  const auto second = content.find(name, first + 1);
  REQUIRE(second != std::string::npos);
  const auto place = GENERATE_COPY(first, second);
  write_at(folder / "journal.db", place, std::string(name.size(), '\0'));
  Journal journal = open(folder);
  REQUIRE(journal.recovery().has_value());
  CHECK(journal.recovery()->set_aside);
  CHECK_FALSE(journal.mend().value());
  check_pending(journal, all);
}

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

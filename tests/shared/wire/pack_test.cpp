#include "shared/wire/pack.h"

#include "shared/wire/body.h"
#include "shared/wire/codec.h"
#include "shared/wire/compress.h"
#include "tests/shared/wire/samples.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace odop;
using namespace odop::wire;
using odop::test::TempFolder;

namespace {

void save(const std::string& path, BytesView bytes) {
  std::ofstream{path, std::ios::binary} << bytes;
}

Bytes load(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

Record record(const std::string& id, const std::string& json) { return {"product", id, json}; }

// Stands for SHA-256, which is above this room: any 32 bytes that follow from the content.
Bytes digest(BytesView bytes) { return samples::hash(static_cast<unsigned>(bytes.size())); }

}  // namespace

TEST_CASE("a pack gives back records and media by the ranges of its index", "[wire]") {
  const TempFolder folder;
  save((folder / "a.jpg").string(), Bytes(300'000, 'a'));
  save((folder / "b.webp").string(), "thumbnail");
  const std::vector<Record> records = {record("one", R"({"name":"इत्र"})"),
                                       record("two", R"({"name":"chikan"})")};
  const std::vector<std::string> removed = {"event/past"};
  const std::vector<PackMedium> media = {
      {to_hex(samples::hash(1)), ItemKind::kPicture, (folder / "a.jpg").string()},
      {to_hex(samples::hash(2)), ItemKind::kThumbnail, (folder / "b.webp").string()}};

  const auto written =
      write_pack({3}, {4}, records, removed, media, (folder / "pack").string(), digest);

  REQUIRE(written.has_value());
  const Bytes file = load((folder / "pack").string());
  CHECK(file.size() == written->size);
  const Bytes encoded = read_encoded_index((folder / "pack").string()).value();
  CHECK(encoded == written->encoded_index);
  CHECK(read_index_length(file).value() == encoded.size());
  const auto index = decode_index(encoded).value();
  CHECK(index.frame_hash == digest(file.substr(4 + encoded.size(), index.frame_size)));
  CHECK(index.from.value == 3);
  CHECK(index.to.value == 4);
  REQUIRE(index.items.size() == 5);
  CHECK(index.items[2].kind == ItemKind::kRemoved);
  CHECK(index.items[3].kind == ItemKind::kThumbnail);  // thumbnails come before pictures

  const PackLayout layout = layout_of(index, encoded.size());
  CHECK(layout.size == file.size());
  const auto split = split_frame(index, file.substr(layout.frame_offset, index.frame_size));
  REQUIRE(split.has_value());
  REQUIRE(split->size() == 2);
  CHECK(split->at(0).type == "product");
  CHECK(split->at(0).id == "one");
  CHECK(split->at(0).json == records[0].json);
  CHECK(split->at(1).json == records[1].json);
  CHECK(file.substr(layout.item_offset[3], index.items[3].size) == "thumbnail");
  CHECK(file.substr(layout.item_offset[4], index.items[4].size) == Bytes(300'000, 'a'));
}

TEST_CASE("a pack without records has an empty frame", "[wire]") {
  const TempFolder folder;
  const std::vector<std::string> removed = {"product/gone"};
  const auto written = write_pack({1}, {2}, {}, removed, {}, (folder / "pack").string(), digest);
  REQUIRE(written.has_value());
  const Bytes file = load((folder / "pack").string());
  const PackLayout layout = layout_of(written->index, written->encoded_index.size());
  const auto split = split_frame(written->index, file.substr(layout.frame_offset));
  REQUIRE(split.has_value());
  CHECK(split->empty());
}

TEST_CASE("a pack that cannot be written leaves nothing behind", "[wire][fault]") {
  const TempFolder folder;
  const std::vector<PackMedium> missing = {
      {to_hex(samples::hash(1)), ItemKind::kPicture, (folder / "none").string()}};
  CHECK(write_pack({1}, {2}, {}, {}, missing, (folder / "pack").string(), digest).error().code ==
        ErrorCode::kNotFound);
  const std::vector<PackMedium> unnamed = {
      {"picture.jpg", ItemKind::kPicture, (folder / "none").string()}};
  CHECK(write_pack({1}, {2}, {}, {}, unnamed, (folder / "pack").string(), digest).error().code ==
        ErrorCode::kInvalidArgument);
  const std::vector<Record> bad = {record("has space", "{}")};
  CHECK(write_pack({1}, {2}, bad, {}, {}, (folder / "pack").string(), digest).error().code ==
        ErrorCode::kInvalidArgument);
  CHECK(
      write_pack({1}, {2}, {}, {}, {}, (folder / "no/such/folder").string(), digest).error().code ==
      ErrorCode::kNotFound);
  CHECK_FALSE(std::filesystem::exists(folder / "pack"));
  save((folder / "pack").string(), "other");
  CHECK(write_pack({1}, {2}, {}, {}, {}, (folder / "pack").string(), digest).error().code ==
        ErrorCode::kConflict);
  CHECK(load((folder / "pack").string()) == "other");
  if (std::filesystem::exists("/dev/full")) {
    CHECK(write_pack({1}, {2}, {}, {}, {}, "/dev/full", digest).error().code ==
          ErrorCode::kConflict);
  }
}

TEST_CASE("a pack cut short or with a lying length is refused", "[wire]") {
  const TempFolder folder;
  CHECK(read_encoded_index((folder / "none").string()).error().code == ErrorCode::kNotFound);
  save((folder / "short").string(), "abc");
  CHECK(read_encoded_index((folder / "short").string()).error().code == ErrorCode::kMalformed);
  save((folder / "lying").string(), Bytes("\xFF\xFF\x00\x00 only this", 14));
  CHECK(read_encoded_index((folder / "lying").string()).error().code == ErrorCode::kMalformed);
  save((folder / "huge").string(), "\xFF\xFF\xFF\xFF");
  CHECK(read_encoded_index((folder / "huge").string()).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("a frame that does not fit its index is refused", "[wire]") {
  PackIndex index = samples::pack_index();
  index.items.resize(1);
  const Bytes plain(1000, 'x');
  const Bytes frame = compress(plain, 3).value();
  index.frame_size = frame.size();
  REQUIRE(split_frame(index, frame).has_value());
  CHECK_FALSE(split_frame(index, frame + 'x').has_value());
  index.frame_plain_size = 999;
  CHECK_FALSE(split_frame(index, frame).has_value());
  index.frame_plain_size = 1001;
  CHECK_FALSE(split_frame(index, frame).has_value());
  index.frame_plain_size = 1000;
  index.items[0].size = 999;
  CHECK_FALSE(split_frame(index, frame).has_value());
}

TEST_CASE("decompression stops at its bound", "[wire]") {
  Bytes nothing;
  nothing.resize(50'000'000);
  const Bytes bomb = compress(nothing, 3).value();
  CHECK(bomb.size() < 10'000);
  CHECK(decompress(bomb, 1'000'000).error().code == ErrorCode::kTooLarge);
  CHECK(decompress(bomb, 50'000'000).value().size() == 50'000'000);
  CHECK(decompress(bomb, 49'999'999).error().code == ErrorCode::kTooLarge);
  CHECK(decompress(compress("", 3).value(), 0).value().empty());
  CHECK(decompress("not zstd at all", 100).error().code == ErrorCode::kMalformed);
  CHECK(decompress("", 100).error().code == ErrorCode::kMalformed);
  const Bytes good = compress("content", 3).value();
  CHECK(decompress(good + "x", 100).error().code == ErrorCode::kMalformed);
  CHECK(decompress(good.substr(0, good.size() - 1), 100).error().code == ErrorCode::kMalformed);
}

TEST_CASE("bodies of one bucket have one size", "[wire]") {
  SubmissionBody body = samples::submission_body();
  const Bytes first = pad_body(body).value();
  CHECK(first.size() == 512);
  body.answers = R"({"name":"a longer name than before"})";
  CHECK(pad_body(body).value().size() == 512);
  CHECK(unpad_body(first).value().answers == samples::submission_body().answers);

  SeededRandom random{5};
  body.answers.clear();  // what does not compress
  while (body.answers.size() < 32 * 1024) {
    body.answers.push_back(static_cast<char>('!' + random.below(90)));
  }
  const Bytes large = pad_body(body).value();
  CHECK(large.size() == 32768);
  CHECK(unpad_body(large).value().answers == body.answers);
  body.answers.push_back('x');
  CHECK(pad_body(body).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("padding that was tampered with is refused", "[wire]") {
  Bytes padded = pad_body(samples::submission_body()).value();
  CHECK_FALSE(unpad_body(padded.substr(0, 511)).has_value());
  CHECK_FALSE(unpad_body(padded + '\0').has_value());
  padded.back() = 'x';
  CHECK_FALSE(unpad_body(padded).has_value());
  padded.back() = '\0';
  padded[2] = '\x7F';
  CHECK_FALSE(unpad_body(padded).has_value());
}

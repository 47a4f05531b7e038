#include "syncserver/service/images.h"

#include "tests/syncserver/service/photographs.h"

#include <catch2/catch.hpp>

#include <string>

namespace odop::syncserver {

namespace {

using test::decoded;
using test::photograph;
using test::Size;
using test::with_exif;

ErrorCode refused(const Bytes& file) {
  const auto cut = cut_image(file);
  REQUIRE_FALSE(cut.has_value());
  CHECK_FALSE(cut.error().context.empty());
  CHECK(cut.error().context.find('\n') == std::string::npos);
  return cut.error().code;
}

}  // namespace

TEST_CASE("Photographs of each format are cut to full size and thumbnail", "[syncserver][images]") {
  for (const Bytes& file : {photograph(2000, 1000), test::png_photograph(2000, 1000),
                            test::webp_photograph(2000, 1000)}) {
    const auto cut = cut_image(file);
    REQUIRE(cut.has_value());
    const auto picture = decoded(cut->picture);
    CHECK(picture.size == Size{1600, 800});
    CHECK(test::is_red(picture.at(800, 100)));
    CHECK(test::is_blue(picture.at(800, 700)));
    CHECK(decoded(cut->thumbnail).size == Size{480, 240});
  }
}

TEST_CASE("A small photograph keeps its size", "[syncserver][images]") {
  const auto cut = cut_image(photograph(100, 50)).value();
  CHECK(decoded(cut.picture).size == Size{100, 50});
  CHECK(decoded(cut.thumbnail).size == Size{100, 50});
  CHECK(decoded(cut_image(photograph(1, 1)).value().picture).size == Size{1, 1});
  // So long and thin that its short side vanishes when it is cut.
  CHECK(decoded(cut_image(photograph(8000, 1)).value().thumbnail).size == Size{480, 1});
}

TEST_CASE("EXIF turns a photograph upright and goes no further", "[syncserver][images]") {
  const Bytes secret = "GPS 27.0551N 79.9187E of Canary's house";
  struct Turn {
    char orientation;
    Size size;
    bool red_first;  // at the left or top edge
  };
  for (const Turn& turn : {Turn{1, {400, 200}, true}, Turn{3, {400, 200}, false},
                           Turn{6, {200, 400}, false}, Turn{8, {200, 400}, true}}) {
    INFO(static_cast<int>(turn.orientation));
    const auto cut = cut_image(with_exif(photograph(400, 200), turn.orientation, secret)).value();
    const auto picture = decoded(cut.picture);
    REQUIRE(picture.size == turn.size);
    const auto first =
        turn.size.width > turn.size.height ? picture.at(200, 10) : picture.at(10, 200);
    CHECK(test::is_red(first) == turn.red_first);
    CHECK(test::is_blue(first) != turn.red_first);
    for (const Bytes* bytes : {&cut.picture, &cut.thumbnail}) {
      CHECK(bytes->find("Exif") == Bytes::npos);
      CHECK(bytes->find("Canary") == Bytes::npos);
    }
  }
}

TEST_CASE("Bytes behind the picture do not survive", "[syncserver][images]") {
  const auto cut = cut_image(photograph(64, 64) + "<script>PK\x03\x04 canary").value();
  CHECK(cut.picture.find("canary") == Bytes::npos);
  CHECK(cut.thumbnail.find("canary") == Bytes::npos);
}

TEST_CASE("What is no sound photograph is refused", "[syncserver][images]") {
  CHECK(refused("") == ErrorCode::kUnsupported);
  CHECK(refused("GIF89a") == ErrorCode::kUnsupported);
  CHECK(refused("<svg onload=alert(1)>") == ErrorCode::kUnsupported);
  CHECK(refused("\xFF\xD8\xFF") == ErrorCode::kMalformed);
  CHECK(refused(photograph(100, 50).substr(0, 300)) == ErrorCode::kMalformed);
  const Bytes png = test::png_photograph(100, 50);
  CHECK(refused(png.substr(0, png.size() / 2)) == ErrorCode::kMalformed);
  const Bytes webp = test::webp_photograph(100, 50);
  CHECK(refused(webp.substr(0, webp.size() / 2)) == ErrorCode::kMalformed);
  // As a printer's office sends them.
  CHECK(refused(test::encoded_jpeg(Bytes(4 * 64 * 64, '\x40'), {64, 64}, TJPF_CMYK)) ==
        ErrorCode::kUnsupported);
}

TEST_CASE("A small file that unfolds to a huge picture is refused before it does",
          "[syncserver][images]") {
  Bytes jpeg = photograph(16, 16);
  const std::size_t frame = jpeg.find(Bytes("\xFF\xC0", 2));
  REQUIRE(frame != Bytes::npos);
  jpeg.replace(frame + 5, 4, Bytes("\x0F\xA1\x17\x70", 4));  // 6,000 x 4,001
  CHECK(refused(jpeg) == ErrorCode::kTooLarge);
  Bytes png = test::png_photograph(16, 16);
  png.replace(16, 8, Bytes("\0\0\x17\x70\0\0\x0F\xA1", 8));
  // The checksum of a PNG's header is checked first; either way nothing is decoded.
  const ErrorCode code = refused(png);
  CHECK((code == ErrorCode::kTooLarge || code == ErrorCode::kMalformed));
  Bytes large = photograph(16, 16);
  large.resize(kMaxImageBytes + 1);
  CHECK(refused(large) == ErrorCode::kTooLarge);
}

TEST_CASE("Damaged photographs are refused or cut, never worse", "[syncserver][images]") {
  for (const Bytes& whole : {photograph(64, 48), with_exif(photograph(64, 48), 6),
                             test::png_photograph(64, 48), test::webp_photograph(64, 48)}) {
    INFO(whole.substr(0, 12));
    for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 200) {
      Bytes hurt = whole;
      hurt[at] = static_cast<char>(hurt[at] ^ 0x5A);
      const auto cut = cut_image(hurt);
      CHECK((!cut.has_value() || decoded(cut->picture).size.width > 0));
      if (at < whole.size() / 2) CHECK_FALSE(cut_image(whole.substr(0, at)).has_value());
    }
  }
}

}  // namespace odop::syncserver

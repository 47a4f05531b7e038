#include "tests/fuzz/targets.h"

#include "kiosk/app/inspector.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/trust.h"
#include "shared/forms/answers.h"
#include "shared/forms/form.h"
#include "shared/sound/clip.h"
#include "shared/text/words.h"
#include "shared/wire/body.h"
#include "shared/wire/bundle.h"
#include "shared/wire/codec.h"
#include "shared/wire/compress.h"
#include "shared/wire/json.h"
#include "shared/wire/pack.h"
#include "syncserver/http/request_head.h"
#include "syncserver/service/csv.h"
#include "syncserver/service/images.h"
#include "tests/fuzz/server_targets.h"
#include "tests/shared/wire/samples.h"
#include "tests/support/temp_folder.h"
#include "tests/syncserver/service/photographs.h"

#include <ogg/ogg.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace odop::fuzz {

namespace {

namespace fs = std::filesystem;

Bytes read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void promise(bool kept, const char* what) {
  if (!kept) throw std::logic_error(what);
}

// Messages on the wire and at rest: what is accepted has one spelling.
void add_binary(std::vector<Target>& all) {
  wire::samples::each_binary([&all](const std::string& name, const auto& message) {
    using T = std::decay_t<decltype(message)>;
    all.push_back({name, {wire::encode(message)}, [](BytesView input) {
                     const auto read = wire::decode<T>(input);
                     if (read.has_value()) promise(wire::encode(*read) == input, "one spelling");
                     return read.has_value();
                   }});
  });
}

void add_json(std::vector<Target>& all) {
  wire::samples::each_json([&all](const std::string& name, const auto& message) {
    using T = std::decay_t<decltype(message)>;
    all.push_back({name + ".json", {wire::to_json(message)}, [](BytesView input) {
                     const auto read = wire::from_json<T>(input);
                     if (!read.has_value()) return false;
                     const auto again = wire::from_json<T>(wire::to_json(*read));
                     promise(again.has_value(), "what was read can be written and read");
                     return true;
                   }});
  });
}

// A page of the feed down to what each entry holds, as a kiosk goes through it, unsigned.
bool take_feed(BytesView input) {
  const auto entry = wire::decode<wire::FeedEntry>(input);
  if (!entry.has_value()) return false;
  (void)wire::decode<wire::SealedAnswer>(entry->payload);
  (void)wire::from_json<wire::SignedDocument>(entry->payload);
  return true;
}

// A whole pack: length, index, frame.
bool take_pack(BytesView input) {
  constexpr std::size_t kLength = 4;
  const auto length = wire::read_index_length(input);
  if (!length.has_value() || input.size() < kLength + *length) return false;
  const auto index = wire::decode_index(input.substr(kLength, *length));
  if (!index.has_value()) return false;
  return wire::split_frame(*index, input.substr(kLength + *length)).has_value();
}

Bytes small_pack() {
  const test::TempFolder folder;
  const std::vector<wire::Record> records{{"district", "agra", R"({"name":{"en":"Agra"}})"},
                                          {"product", "a", R"({"name":{"en":"Attar"}})"}};
  const auto file = folder / "small.pack";
  const auto written = wire::write_pack(ReleaseNumber{0}, ReleaseNumber{1}, records, {}, {},
                                        file.string(), &crypto::sha256);
  promise(written.has_value(), "a seed");
  return read(file);
}

// A whole bundle as the process without rights takes it apart, once the signature was right.
bool take_bundle(BytesView input) {
  const auto head = wire::decode_bundle_head(input);
  if (!head.has_value()) return false;
  const BytesView rest = input.substr(wire::kBundleHeadBytes);
  if (head->index_size > rest.size()) return false;
  const auto index = wire::decode<wire::BundleIndex>(rest.substr(0, head->index_size));
  if (!index.has_value()) return false;
  const auto offsets = wire::offsets_of(*index, head->index_size);
  promise(offsets.size() == index->items.size() + 1, "an offset for each item, and the end");
  promise(std::ranges::is_sorted(offsets), "items one after the other");
  return true;
}

Bytes small_bundle() {
  const Bytes index = wire::encode(wire::samples::bundle_index());
  wire::BundleHead head;
  head.index_size = static_cast<std::uint32_t>(index.size());
  head.signer = wire::samples::hash(3);
  head.signature = wire::samples::hash(5, 64);
  return wire::encode_bundle_head(head) + index;
}

// A third of a second of a tone that swells.
Bytes small_clip() {
  std::vector<std::int16_t> samples(sound::kSpeechRate / 3);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<std::int16_t>(static_cast<int>(i) * (i % 40 < 20 ? 1 : -1));
  }
  return sound::encode(samples).value();
}

// With the checksum of each page put right, which else keeps every change from the coder.
Bytes with_page_sums(Bytes bytes) {
  constexpr std::size_t kHead = 27;
  constexpr std::size_t kSegments = 26;  // where their number stands
  for (std::size_t at = 0; at + kHead <= bytes.size() && bytes.compare(at, 4, "OggS") == 0;) {
    auto* page = reinterpret_cast<unsigned char*>(bytes.data()) + at;
    const std::size_t head = kHead + page[kSegments];
    if (at + head > bytes.size()) break;
    std::size_t body = 0;
    for (std::size_t i = kHead; i < head; ++i) body += page[i];
    if (at + head + body > bytes.size()) break;
    ogg_page sums{page, static_cast<long>(head), page + head, static_cast<long>(body)};
    ogg_page_checksum_set(&sums);
    at += head + body;
  }
  return bytes;
}

bool take_clip(BytesView input) {
  const auto length = sound::length_of(input, sound::kLongestAnswer);
  const auto samples = sound::decode(input, sound::kSpeechRate, sound::kLongestAnswer);
  if (!length.has_value()) {
    promise(!samples.has_value(), "what has no length has no sound");
    return false;
  }
  promise(*length <= sound::kLongestAnswer, "no longer than allowed");
  return samples.has_value();
}

void add_files(std::vector<Target>& all) {
  const fs::path assets = ODOP_SOURCE_DIR "/assets";
  all.push_back(
      {"csv",
       {read(assets / "catalogue" / "kinds.csv"), read(assets / "catalogue" / "units.csv"),
        "\xEF\xBB\xBFid,name\n\"a\"\"b\",\"c\nd\"\r\n"},
       [](BytesView input) { return syncserver::parse_csv(input).has_value(); }});
  Target form{"form", {}, [](BytesView input) { return forms::parse_form(input).has_value(); }};
  for (const auto& entry : fs::directory_iterator(assets / "catalogue" / "forms")) {
    if (entry.path().extension() == ".json") form.seeds.push_back(read(entry.path()));
  }
  const auto enquiry = forms::parse_form(read(assets / "catalogue" / "forms" / "enquiry.json"));
  promise(enquiry.has_value(), "a seed");
  all.push_back(std::move(form));
  all.push_back({"answers",
                 {R"({"name":"Asha","mobile":"+919876543210","country":"IN","message":"hello"})"},
                 [form = *enquiry](BytesView input) {
                   return forms::answers_from_json(form, input).has_value();
                 }});
  all.push_back(
      {"image",
       {test::photograph(64, 48), test::png_photograph(64, 48), test::webp_photograph(64, 48)},
       [](BytesView input) { return syncserver::cut_image(input).has_value(); },
       4 * syncserver::kMaxImagePixels});
  all.push_back({"words.mo",
                 {read(fs::path(ODOP_BINARY_DIR) / "share" / "odop" / "i18n" / "ur.mo")},
                 [](BytesView input) {
                   const auto words = Words::parse(Language::kUrdu, input);
                   if (!words.has_value()) return false;
                   for (const std::string& key : words->keys()) {
                     (void)words->plural(key, 3);
                     (void)words->format(key, {{"n", "1"}});
                   }
                   return true;
                 }});
}

void add_lines(std::vector<Target>& all) {
  all.push_back({"inspector",
                 {R"({"get":"tree"})", R"({"get":"screenshot","path":"/tmp/a.png"})"},
                 [](BytesView input) { return kiosk::app::parse_question(input).has_value(); }});
  all.push_back({"http_head",
                 {"POST /v1/push HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer abc\r\nContent-Type: "
                  "application/octet-stream\r\nContent-Length: 12\r\n\r\n",
                  "GET /v1/releases/3/pack?from=2 HTTP/1.1\r\nHost: a\r\nRange: bytes=5-9\r\n"
                  "Accept-Encoding: gzip\r\n\r\n"},
                 [](BytesView input) {
                   constexpr std::size_t kMostBody = 1'000'000;
                   const auto head = syncserver::http::judge_head(input, kMostBody);
                   promise(head.refusal != 0 || head.content_length <= kMostBody, "a bounded body");
                   return head.refusal == 0;
                 }});
  all.push_back({"http_range", {"bytes=0-99", "bytes=-5", "bytes=7-"}, [](BytesView input) {
                   const auto wish = syncserver::http::parse_range(input);
                   if (!wish.has_value()) return false;
                   constexpr std::uint64_t kSize = 1'000;
                   const auto span = syncserver::http::resolve_range(*wish, kSize);
                   promise(!span || (span->count > 0 && span->first + span->count <= kSize),
                           "inside of the file");
                   return true;
                 }});
}

}  // namespace

std::vector<Target> targets() {
  std::vector<Target> all;
  add_server_files(all);
  add_binary(all);
  add_json(all);
  all.push_back({"feed", {wire::encode(wire::samples::feed_entry())}, take_feed});
  all.push_back({"pack", {small_pack()}, take_pack});
  all.push_back({"body",
                 {wire::pad_body(wire::samples::submission_body()).value()},
                 [](BytesView input) { return wire::unpad_body(input).has_value(); }});
  all.push_back(
      {"zstd", {wire::compress(std::string(2'000, 'a') + "b", 3).value()}, [](BytesView input) {
         constexpr std::size_t kMost = 1'000'000;
         const auto plain = wire::decompress(input, kMost);
         promise(!plain || plain->size() <= kMost, "no more than allowed");
         return plain.has_value();
       }});
  all.push_back({"bundle", {small_bundle()}, take_bundle});
  all.push_back({"clip", {small_clip()}, [](BytesView input) {
                   const bool as_it_is = take_clip(input);
                   return take_clip(with_page_sums(Bytes(input))) || as_it_is;
                 }});
  add_files(all);
  add_lines(all);
  return all;
}

}  // namespace odop::fuzz

#include "shared/wire/codec.h"

#include "shared/wire/body.h"
#include "tests/shared/wire/samples.h"

#include <catch2/catch.hpp>

#include <cstring>
#include <functional>
#include <string>

using namespace odop;
using namespace odop::wire;

namespace {

template <typename T>
ErrorCode refused(BytesView bytes) {
  const auto read = decode<T>(bytes);
  REQUIRE_FALSE(read.has_value());
  return read.error().code;
}

// A 32-bit number of the encoded message is replaced.
Bytes with_u32(Bytes bytes, std::size_t at, std::uint32_t value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
  return bytes;
}

// The first place after the header where a list or string says this size.
std::size_t find_size(const Bytes& bytes, std::uint32_t size) {
  Bytes wanted(4, '\0');
  std::memcpy(wanted.data(), &size, sizeof size);
  return bytes.find(wanted, kCodecHeaderBytes);
}

}  // namespace

TEST_CASE("every field of every binary message comes back", "[wire]") {
  const auto h = decode<EnvelopeHeader>(encode(samples::envelope_header())).value();
  CHECK(h.device_id == samples::kDevice);
  CHECK(h.epoch.value == 2);
  CHECK(h.sequence.value == 42);
  CHECK(h.previous == samples::hash(1));
  CHECK(h.kind == Kind::kApplication);
  CHECK(h.reference == "0170042836");
  CHECK(h.wall_ms == samples::kNow);
  CHECK(h.mono_ms == 123'456);
  CHECK(h.padded_size == 1024);
  REQUIRE(h.attachments.size() == 1);
  CHECK(h.attachments[0].size == 77'777);

  const auto b = decode<SubmissionBody>(encode(samples::submission_body())).value();
  CHECK(b.answers == samples::submission_body().answers);
  REQUIRE(b.consents.size() == 1);
  CHECK(b.consents[0].refused == std::vector<std::string>{"newsletter", "survey"});
  CHECK(b.release_seen.value == 17);
  CHECK(b.status_code == "04718293");
  CHECK(b.incomplete);
  REQUIRE(b.spoken.size() == 1);
  CHECK(b.spoken[0].field == "note");
  CHECK(b.spoken[0].duration_ms == 12'340);

  const auto a = decode<AttachmentReceipt>(encode(samples::attachment_receipt())).value();
  CHECK(a.hash == samples::hash(8));
  CHECK(a.code == AttachmentCode::kUnnamed);
  CHECK(a.held == 4'096);

  const auto r = decode<BatchReceipt>(encode(samples::batch_receipt())).value();
  REQUIRE(r.verdicts.size() == 2);
  CHECK(r.verdicts[1].code == VerdictCode::kRetryAfter);
  CHECK(r.verdicts[1].retry_after_s == 30);
  CHECK(r.covered_sequence.value == 40);

  const auto p = decode<PushRequest>(encode(samples::push_request())).value();
  CHECK(p.envelopes == std::vector<Bytes>{"first", "", "third"});
}

TEST_CASE("every cut and every extra byte is refused", "[wire]") {
  samples::each_binary([](const std::string& name, const auto& message) {
    using T = std::decay_t<decltype(message)>;
    CAPTURE(name);
    const Bytes whole = encode(message);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CHECK_FALSE(decode<T>(BytesView{whole}.substr(0, size)).has_value());
    }
    CHECK_FALSE(decode<T>(whole + '\0').has_value());
    // The length in the header may agree, and bytes still be left over.
    Bytes longer = whole + '\0';
    const auto length = static_cast<std::uint32_t>(longer.size() - kCodecHeaderBytes);
    CHECK(refused<T>(with_u32(longer, 6, length)) == ErrorCode::kMalformed);
  });
}

TEST_CASE("one message is not taken for another", "[wire]") {
  CHECK(refused<FeedEntry>(encode(samples::sealed_answer())) == ErrorCode::kMalformed);
  CHECK(refused<PushRequest>(encode(samples::envelope())) == ErrorCode::kMalformed);
}

TEST_CASE("a newer version is named as such", "[wire]") {
  Bytes bytes = encode(samples::feed_entry());
  bytes[4] = 2;
  CHECK(refused<FeedEntry>(bytes) == ErrorCode::kUnsupported);
  bytes[4] = 0;
  CHECK(refused<FeedEntry>(bytes) == ErrorCode::kMalformed);
  EnvelopeHeader header = samples::envelope_header();
  header.format_version = 2;
  CHECK(refused<EnvelopeHeader>(encode(header)) == ErrorCode::kUnsupported);
}

TEST_CASE("sizes that lie are refused", "[wire]") {
  const Bytes push = encode(samples::push_request());
  const std::size_t at = find_size(push, 3);
  REQUIRE(at != Bytes::npos);
  for (const std::uint32_t size : {4U, 100U, 101U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    CAPTURE(size);
    CHECK(refused<PushRequest>(with_u32(push, at, size)) == ErrorCode::kMalformed);
  }
  const Bytes index = encode(samples::pack_index());
  const std::size_t items = find_size(index, 4);
  REQUIRE(items != Bytes::npos);
  for (const std::uint32_t size : {5U, 199'999U, 200'001U, 0xFFFFFFFFU}) {
    CHECK(refused<PackIndex>(with_u32(index, items, size)) == ErrorCode::kMalformed);
  }
}

TEST_CASE("messages above their size are refused before they are read", "[wire]") {
  PushRequest push;
  push.envelopes.assign(9, Bytes(60'000, 'x'));
  CHECK(refused<PushRequest>(encode(push)) == ErrorCode::kTooLarge);
  Envelope envelope = samples::envelope();
  envelope.ciphertext.assign(kMaxEnvelopeBytes, 'x');
  CHECK(refused<Envelope>(encode(envelope)) == ErrorCode::kTooLarge);
}

TEST_CASE("values that no honest peer sends are refused", "[wire]") {
  const auto header = [](const std::function<void(EnvelopeHeader&)>& change) {
    EnvelopeHeader m = samples::envelope_header();
    change(m);
    return decode<EnvelopeHeader>(encode(m)).has_value();
  };
  CHECK(header([](EnvelopeHeader&) {}));
  CHECK(header([](EnvelopeHeader& m) { m.previous.clear(); }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.previous = "short"; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.kind = static_cast<Kind>(0); }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.kind = static_cast<Kind>(10); }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.device_id[0] = 'X'; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.id = "no uuid"; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.sequence = {0}; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.epoch = {0}; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.reference = "12a4"; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.form_id = "with space"; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.form_id.assign(65, 'a'); }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.wall_ms = -1; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.wall_ms = INT64_MAX; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.mono_ms = -1; }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.attachments.assign(5, {samples::hash(1), 1}); }));
  CHECK_FALSE(header([](EnvelopeHeader& m) { m.attachments[0].hash = "short"; }));

  const auto body = [](const std::function<void(SubmissionBody&)>& change) {
    SubmissionBody m = samples::submission_body();
    change(m);
    return decode<SubmissionBody>(encode(m)).has_value();
  };
  CHECK(body([](SubmissionBody&) {}));
  CHECK_FALSE(body([](SubmissionBody& m) { m.answers = "\xC0\xAF"; }));
  CHECK_FALSE(body([](SubmissionBody& m) { m.answers.assign(32 * 1024 + 1, 'x'); }));
  CHECK_FALSE(body([](SubmissionBody& m) { m.language = "fr"; }));
  CHECK_FALSE(body([](SubmissionBody& m) { m.status_code = "1234567x"; }));
  CHECK_FALSE(body([](SubmissionBody& m) { m.status_code = "123"; }));
  CHECK_FALSE(body([](SubmissionBody& m) { m.status_secret.clear(); }));
  CHECK_FALSE(body([](SubmissionBody& m) { m.consents.assign(17, m.consents[0]); }));

  const auto index = [](const std::function<void(PackIndex&)>& change) {
    PackIndex m = samples::pack_index();
    change(m);
    return decode<PackIndex>(encode(m)).has_value();
  };
  CHECK(index([](PackIndex&) {}));
  CHECK_FALSE(index([](PackIndex& m) { m.to = m.from; }));
  CHECK_FALSE(index([](PackIndex& m) { std::swap(m.items[0], m.items[2]); }));
  CHECK_FALSE(index([](PackIndex& m) { m.items[0].id = "../../etc/passwd\n"; }));
  CHECK_FALSE(index([](PackIndex& m) { m.items[3].id[0] = 'f'; }));
  CHECK_FALSE(index([](PackIndex& m) { m.items[0].size += 1; }));
  CHECK_FALSE(index([](PackIndex& m) { m.items[0].size = UINT64_MAX; }));
  CHECK_FALSE(index([](PackIndex& m) { m.items[1].size = 1; }));
}

TEST_CASE("a bool is 0 or 1", "[wire]") {
  SubmissionBody body = samples::submission_body();
  body.spoken.clear();
  Bytes bytes = encode(body);
  const std::size_t at = bytes.size() - 5;  // `incomplete`, then the length of an empty list
  REQUIRE(bytes[at] == 1);
  bytes[at] = 2;
  CHECK(refused<SubmissionBody>(bytes) == ErrorCode::kMalformed);
}

TEST_CASE("a recording is padded to steps, and only an Ogg file is one", "[wire]") {
  const Bytes small = "OggS" + Bytes(100, 'o');
  const auto padded = pad_recording(small);
  REQUIRE(padded.has_value());
  CHECK(padded->size() == kRecordingStepBytes);
  CHECK(unpad_recording(*padded).value() == small);
  // The largest, sealed, is the largest attachment.
  const Bytes largest = "OggS" + Bytes(kMaxRecordingBytes - 4, 'o');
  CHECK(pad_recording(largest)->size() + 48 == kMaxAttachmentBytes);
  CHECK(unpad_recording(*pad_recording(largest)).value() == largest);
  CHECK(pad_recording(largest + 'o').error().code == ErrorCode::kTooLarge);
  CHECK(pad_recording("").error().code == ErrorCode::kMalformed);
  CHECK(pad_recording("RIFFxxxx").error().code == ErrorCode::kMalformed);

  Bytes bad = *padded;
  bad.back() = 'x';
  CHECK(unpad_recording(bad).error().code == ErrorCode::kMalformed);
  CHECK(unpad_recording(padded->substr(1)).error().code == ErrorCode::kMalformed);
  CHECK(unpad_recording("").error().code == ErrorCode::kMalformed);
  CHECK(unpad_recording(with_u32(*padded, 0, 0xFFFFFFFF)).error().code == ErrorCode::kMalformed);
  CHECK(unpad_recording(with_u32(*padded, 0, kRecordingStepBytes)).error().code ==
        ErrorCode::kMalformed);
}

TEST_CASE("spoken answers name each field and each attachment once, and last 30 s", "[wire]") {
  const auto body = [](std::vector<SpokenAnswer> spoken) {
    SubmissionBody m = samples::submission_body();
    m.spoken = std::move(spoken);
    return decode<SubmissionBody>(encode(m)).has_value();
  };
  CHECK(body({}));
  CHECK(body({{"a", 0, 1}, {"b", 3, kMaxSpokenMs}, {"c", 1, 9}, {"d", 2, 9}}));
  CHECK_FALSE(body({{"a", 0, 1}, {"a", 1, 1}}));
  CHECK_FALSE(body({{"a", 0, 1}, {"b", 0, 1}}));
  CHECK_FALSE(body({{"a", 4, 1}}));
  CHECK_FALSE(body({{"a", 0, 0}}));
  CHECK_FALSE(body({{"a", 0, kMaxSpokenMs + 1}}));
  CHECK_FALSE(body({{"", 0, 1}}));
  CHECK_FALSE(body({{std::string(65, 'a'), 0, 1}}));
  CHECK_FALSE(body({{"a", 0, 1}, {"b", 1, 1}, {"c", 2, 1}, {"d", 3, 1}, {"e", 4, 1}}));
}

TEST_CASE("a header names attachments of an allowed size, each once", "[wire]") {
  const auto header = [](std::vector<SealedAttachment> attachments) {
    EnvelopeHeader m = samples::envelope_header();
    m.attachments = std::move(attachments);
    return decode<EnvelopeHeader>(encode(m)).has_value();
  };
  const auto size = static_cast<std::uint32_t>(kMaxAttachmentBytes);
  CHECK(header({{samples::hash(1), size}, {samples::hash(2), 1}}));
  CHECK_FALSE(header({{samples::hash(1), size + 1}}));
  CHECK_FALSE(header({{samples::hash(1), 0}}));
  CHECK_FALSE(header({{samples::hash(1), 5}, {samples::hash(1), 5}}));
}

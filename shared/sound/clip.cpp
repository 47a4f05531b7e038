#include "shared/sound/clip.h"

#include <ogg/ogg.h>
#include <opus/opus.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <string_view>

namespace odop::sound {
namespace {

constexpr opus_int32 kBitsASecond = 24'000;
constexpr int kFrameMs = 20;
constexpr std::size_t kFrame = kSpeechRate / 1000 * kFrameMs;  // samples
constexpr int kGranuleRate = 48'000;  // RFC 7845: granule positions count at 48 kHz
constexpr int kGranules = kGranuleRate / kSpeechRate;
constexpr std::size_t kMaxPacket = 1'275;  // RFC 6716, of one frame
constexpr std::size_t kHeadSize = 19;      // OpusHead of mapping family 0
constexpr int kLongestPacket = 5'760;      // samples at 48 kHz: 120 ms
constexpr std::string_view kHeadMagic = "OpusHead";
constexpr std::string_view kTagsMagic = "OpusTags";

void put_little(Bytes& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

// Streams of libogg; what they held is overwritten before it is freed.
struct OggStream {
  ogg_stream_state state{};
  explicit OggStream(int serial) { ogg_stream_init(&state, serial); }
  OggStream(const OggStream&) = delete;
  OggStream& operator=(const OggStream&) = delete;
  ~OggStream() {
    if (state.body_data != nullptr) {
      explicit_bzero(state.body_data, static_cast<std::size_t>(state.body_storage));
    }
    ogg_stream_clear(&state);
  }
};

struct OggSync {
  ogg_sync_state state{};
  OggSync() { ogg_sync_init(&state); }
  OggSync(const OggSync&) = delete;
  OggSync& operator=(const OggSync&) = delete;
  ~OggSync() {
    if (state.data != nullptr) {
      explicit_bzero(state.data, static_cast<std::size_t>(state.storage));
    }
    ogg_sync_clear(&state);
  }
};

// A coder's state in memory of ours, overwritten when it goes.
class State {
 public:
  explicit State(int bytes)
      : size_(static_cast<std::size_t>(bytes)), bytes_(std::make_unique<unsigned char[]>(size_)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { explicit_bzero(bytes_.get(), size_); }

  template <typename Coder>
  [[nodiscard]] Coder* as() const {
    return reinterpret_cast<Coder*>(bytes_.get());
  }

 private:
  std::size_t size_;
  std::unique_ptr<unsigned char[]> bytes_;
};

void take_pages(ogg_stream_state& stream, Bytes& out, bool flush) {
  ogg_page page{};
  while ((flush ? ogg_stream_flush(&stream, &page) : ogg_stream_pageout(&stream, &page)) != 0) {
    out.append(reinterpret_cast<const char*>(page.header),
               static_cast<std::size_t>(page.header_len));
    out.append(reinterpret_cast<const char*>(page.body), static_cast<std::size_t>(page.body_len));
  }
}

void put_packet(ogg_stream_state& stream, unsigned char* data, std::size_t size,
                std::int64_t granule, std::int64_t number, bool last) {
  ogg_packet packet{};
  packet.packet = data;
  packet.bytes = static_cast<long>(size);
  packet.b_o_s = number == 0 ? 1 : 0;
  packet.e_o_s = last ? 1 : 0;
  packet.granulepos = granule;
  packet.packetno = number;
  ogg_stream_packetin(&stream, &packet);
}

void put_headers(ogg_stream_state& stream, Bytes& out, std::uint32_t pre_skip) {
  Bytes head(kHeadMagic);
  put_little(head, 1, 1);  // version
  put_little(head, 1, 1);  // channels
  put_little(head, pre_skip, 2);
  put_little(head, kSpeechRate, 4);
  put_little(head, 0, 2);  // gain
  put_little(head, 0, 1);  // mapping family
  put_packet(stream, reinterpret_cast<unsigned char*>(head.data()), head.size(), 0, 0, false);
  take_pages(stream, out, true);
  Bytes tags(kTagsMagic);
  put_little(tags, 0, 4);  // vendor: none, so that a recording does not tell the library's version
  put_little(tags, 0, 4);  // comments: none
  put_packet(stream, reinterpret_cast<unsigned char*>(tags.data()), tags.size(), 0, 1, false);
  take_pages(stream, out, true);
}

// What a stream says of itself, and how much sounds in it.
struct Stream {
  std::int64_t pre_skip = 0;  // at 48 kHz
  std::int64_t sounds = 0;    // the same, without what is skipped or trimmed
};

// Gives each audio packet in order; false from `each` ends the walk as malformed.
Result<Stream> walk(BytesView clip, std::chrono::milliseconds longest,
                    const std::function<bool(const ogg_packet&)>& each) {
  const auto wrong = [](const char* what) { return fail(ErrorCode::kMalformed, what); };
  const std::int64_t most = longest.count() * (kGranuleRate / 1000);
  if (clip.empty()) return wrong("clip: empty");
  if (clip.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    return fail(ErrorCode::kTooLarge, "clip: too many bytes");
  }
  OggSync sync;
  char* buffer = ogg_sync_buffer(&sync.state, static_cast<long>(clip.size()));
  if (buffer == nullptr) return fail(ErrorCode::kInternal, "clip: no memory");
  std::memcpy(buffer, clip.data(), clip.size());
  ogg_sync_wrote(&sync.state, static_cast<long>(clip.size()));

  std::unique_ptr<OggStream> stream;
  Stream out;
  std::int64_t decoded = 0;  // at 48 kHz
  std::int64_t end = 0;      // granule position of the last page
  std::int64_t packets = 0;
  bool ended = false;
  ogg_page page{};
  for (int got = 0; (got = ogg_sync_pageout(&sync.state, &page)) != 0;) {
    if (got < 0 || ended) return wrong("clip: bytes between its pages");
    if (!stream) {
      if (ogg_page_bos(&page) == 0) return wrong("clip: no Ogg stream begins");
      stream = std::make_unique<OggStream>(ogg_page_serialno(&page));
    }
    if (ogg_stream_pagein(&stream->state, &page) != 0) return wrong("clip: more than one stream");
    if (const auto at = ogg_page_granulepos(&page); at >= 0) end = at;
    ended = ogg_page_eos(&page) != 0;
    ogg_packet packet{};
    for (int have = 0; (have = ogg_stream_packetout(&stream->state, &packet)) != 0; ++packets) {
      if (have < 0) return wrong("clip: a page is missing");
      const std::string_view bytes(reinterpret_cast<const char*>(packet.packet),
                                   static_cast<std::size_t>(packet.bytes));
      if (packets == 0) {
        if (bytes.size() < kHeadSize || !bytes.starts_with(kHeadMagic)) {
          return wrong("clip: not Opus");
        }
        const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
        const bool known = (octet(8) >> 4U) == 0 && octet(18) == 0;
        if (!known || octet(9) < 1 || octet(9) > 2) return wrong("clip: not one or two channels");
        out.pre_skip = octet(10) | octet(11) << 8U;
      } else if (packets == 1) {
        if (!bytes.starts_with(kTagsMagic)) return wrong("clip: no tags");
      } else {
        const int samples = opus_packet_get_nb_samples(
            packet.packet, static_cast<opus_int32>(packet.bytes), kGranuleRate);
        if (samples <= 0) return wrong("clip: a packet is damaged");
        decoded += samples;
        // Trimming at the end takes less than a packet away.
        if (decoded - out.pre_skip > most + kLongestPacket) {
          return fail(ErrorCode::kTooLarge, "clip: too long");
        }
        if (!each(packet)) return wrong("clip: a packet is damaged");
      }
    }
  }
  if (!ended || packets < 3) return wrong("clip: cut short");
  if (sync.state.returned != sync.state.fill) return wrong("clip: bytes after its end");
  out.sounds = std::min(decoded, end) - out.pre_skip;
  if (out.sounds <= 0) return wrong("clip: nothing sounds in it");
  if (out.sounds > most) return fail(ErrorCode::kTooLarge, "clip: too long");
  return out;
}

}  // namespace

Result<Bytes> encode(std::span<const std::int16_t> samples) {
  if (samples.empty()) return fail(ErrorCode::kInvalidArgument, "clip: nothing to encode");
  if (samples.size() > static_cast<std::size_t>(kLongestAnswer.count()) * (kSpeechRate / 1000)) {
    return fail(ErrorCode::kTooLarge, "clip: longer than an answer may be");
  }
  const State state(opus_encoder_get_size(1));
  auto* encoder = state.as<OpusEncoder>();
  opus_int32 lookahead = 0;
  const bool ready = opus_encoder_init(encoder, kSpeechRate, 1, OPUS_APPLICATION_VOIP) == OPUS_OK &&
                     opus_encoder_ctl(encoder, OPUS_SET_BITRATE(kBitsASecond)) == OPUS_OK &&
                     opus_encoder_ctl(encoder, OPUS_SET_VBR(0)) == OPUS_OK &&
                     opus_encoder_ctl(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE)) == OPUS_OK &&
                     opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(&lookahead)) == OPUS_OK;
  if (!ready) return fail(ErrorCode::kInternal, "clip: the coder does not begin");

  // One stream a file, so that its number need not be unlike another's.
  OggStream stream(1);
  Bytes out;
  out.reserve(kMaxAnswerBytes + kMaxPacket);
  const auto pre_skip = static_cast<std::int64_t>(lookahead) * kGranules;
  put_headers(stream.state, out, static_cast<std::uint32_t>(pre_skip));

  // Silence follows until all was drawn out of the coder.
  const std::size_t whole = samples.size() + static_cast<std::size_t>(lookahead);
  const std::size_t frames = (whole + kFrame - 1) / kFrame;
  const std::int64_t end = pre_skip + static_cast<std::int64_t>(samples.size()) * kGranules;
  std::array<std::int16_t, kFrame> frame{};
  std::array<unsigned char, kMaxPacket> packet{};
  for (std::size_t i = 0; i < frames; ++i) {
    frame.fill(0);
    const std::size_t begin = std::min(i * kFrame, samples.size());
    const auto part = samples.subspan(begin, std::min(kFrame, samples.size() - begin));
    std::ranges::copy(part, frame.begin());
    const opus_int32 size = opus_encode(encoder, frame.data(), static_cast<int>(kFrame),
                                        packet.data(), static_cast<opus_int32>(packet.size()));
    if (size < 0) return fail(ErrorCode::kInternal, "clip: the coder failed");
    const bool last = i + 1 == frames;
    const std::int64_t granule =
        last ? end : static_cast<std::int64_t>((i + 1) * kFrame) * kGranules;
    put_packet(stream.state, packet.data(), static_cast<std::size_t>(size), granule,
               static_cast<std::int64_t>(i) + 2, last);
    take_pages(stream.state, out, last);
  }
  wipe(frame);
  explicit_bzero(packet.data(), packet.size());
  return out;
}

Result<std::chrono::milliseconds> length_of(BytesView clip, std::chrono::milliseconds longest) {
  const auto stream = walk(clip, longest, [](const ogg_packet&) { return true; });
  if (!stream) return fail(stream.error());
  return std::chrono::milliseconds(stream->sounds * 1000 / kGranuleRate);
}

Result<std::vector<std::int16_t>> decode(BytesView clip, int rate,
                                         std::chrono::milliseconds longest) {
  const State state(opus_decoder_get_size(1));
  auto* decoder = state.as<OpusDecoder>();
  if (opus_decoder_init(decoder, rate, 1) != OPUS_OK) {
    return fail(ErrorCode::kInvalidArgument, "clip: no such rate");
  }
  const auto ratio = static_cast<std::int64_t>(kGranuleRate / rate);
  std::vector<std::int16_t> out;
  // Room for all at once: growing would leave what was said behind.
  const auto length = length_of(clip, longest);
  if (!length) return fail(length.error());
  const auto samples = static_cast<std::size_t>((length->count() + 1'000) * rate / 1000);
  out.reserve(samples);
  std::array<std::int16_t, kLongestPacket> part{};
  const auto stream = walk(clip, longest, [&](const ogg_packet& packet) {
    const int count = opus_decode(decoder, packet.packet, static_cast<opus_int32>(packet.bytes),
                                  part.data(), static_cast<int>(part.size()), 0);
    if (count < 0) return false;
    out.insert(out.end(), part.begin(), part.begin() + count);
    return true;
  });
  wipe(part);
  if (!stream) {
    wipe(out);
    return fail(stream.error());
  }
  const auto skip = std::min(static_cast<std::size_t>(stream->pre_skip / ratio), out.size());
  const auto keep = std::min(static_cast<std::size_t>(stream->sounds / ratio), out.size() - skip);
  std::ranges::copy(std::span(out).subspan(skip, keep), out.begin());
  wipe(std::span(out).subspan(keep));
  out.resize(keep);
  return out;
}

void wipe(std::span<std::int16_t> samples) { explicit_bzero(samples.data(), samples.size_bytes()); }

}  // namespace odop::sound

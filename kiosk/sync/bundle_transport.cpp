#include "kiosk/sync/bundle_transport.h"

#include "shared/core/sizes.h"
#include "shared/wire/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace odop::kiosk {
namespace {

constexpr std::size_t kPieceBytes = 256 * kKiB;

HttpAnswer json(std::string body) { return {200, "application/json", std::move(body), {}}; }

HttpAnswer not_here() { return {404, "application/json", "{}", {}}; }

// The number that `text` begins with; it is cut off.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take_words(std::string_view& text, std::string_view words) {
  if (!text.starts_with(words)) return false;
  text.remove_prefix(words.size());
  return true;
}

}  // namespace

Result<HttpAnswer> BundleTransport::send(const HttpRequest& request, BodySink* sink) {
  std::string_view path = request.path;
  if (path == "/v1/hello") return hello();
  if (path == "/v1/enrol") {
    return contents_.identity ? json(wire::to_json(*contents_.identity)) : not_here();
  }
  if (path == "/v1/heartbeat") return heartbeat();
  if (take_words(path, "/v1/feed?after=")) {
    const auto after = take_number(path);
    return after ? feed(*after) : not_here();
  }
  if (take_words(path, "/v1/releases/")) {
    const auto release = take_number(path);
    if (release && path == "/manifest") return manifest(*release);
    if (release && take_words(path, "/pack?from=")) {
      if (const auto from = take_number(path)) {
        return pack(fmt::format("{}/{}", *release, *from), request, sink);
      }
    }
  }
  return not_here();
}

HttpAnswer BundleTransport::hello() const {
  wire::Hello hello;
  hello.server_ms = contents_.facts.made_ms;
  hello.database_generation = contents_.facts.database_generation;
  if (contents_.identity) {
    hello.sealing_key_id = contents_.identity->sealing_key_id;
    hello.signing_key_id = contents_.identity->server_certificate.key_id;
  }
  return json(wire::to_json(hello));
}

HttpAnswer BundleTransport::heartbeat() const {
  wire::HeartbeatAnswer answer;
  answer.server_ms = contents_.facts.made_ms;
  answer.database_generation = contents_.facts.database_generation;
  answer.feed_head = contents_.facts.feed_head;
  answer.certificates = contents_.certificates;
  answer.pointer = contents_.pointer;
  // Which release the pointer names the engine reads; a manifest of another one it asks for.
  if (contents_.pointer && contents_.manifests.size() == 1) {
    answer.manifest = contents_.manifests.begin()->second;
  }
  return json(wire::to_json(answer));
}

// The page that holds what follows `after`; what is known already the journal passes over.
HttpAnswer BundleTransport::feed(std::uint64_t after) const {
  auto page = contents_.feed_pages.upper_bound(after);
  if (page == contents_.feed_pages.begin()) return not_here();
  return json(std::prev(page)->second);
}

HttpAnswer BundleTransport::manifest(std::uint64_t release) const {
  const auto found = contents_.manifests.find(release);
  return found == contents_.manifests.end() ? not_here() : json(wire::to_json(found->second));
}

Result<HttpAnswer> BundleTransport::pack(const std::string& name, const HttpRequest& request,
                                         BodySink* sink) const {
  const auto found = contents_.packs.find(name);
  if (found == contents_.packs.end()) return not_here();
  const BundleContents::Pack& pack = found->second;
  const ByteRange range = request.range.value_or(ByteRange{0, pack.place.size});
  if (range.first > pack.place.size || range.count > pack.place.size - range.first) {
    return HttpAnswer{416, "application/json", "{}", {}};
  }
  if (range.count > request.max_answer_bytes) {
    return fail(ErrorCode::kTooLarge, "the pack is above the cap");
  }
  HttpAnswer answer{request.range ? 206 : 200, "application/octet-stream", {}, {}};
  for (std::uint64_t done = 0; done < range.count;) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(range.count - done, kPieceBytes));
    auto piece = pack.reader->read(pack.place, range.first + done, size);
    // As when a line is cut: what came is kept.
    if (!piece) return fail(ErrorCode::kOffline, "the stick was pulled");
    done += size;
    if (sink == nullptr) {
      answer.body.append(*piece);
    } else if (!sink->write(*piece)) {
      break;
    }
  }
  return answer;
}

}  // namespace odop::kiosk

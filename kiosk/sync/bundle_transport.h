// A server that lies on a stick: answers the engine's questions from what a bundle brought, so that
// everything is judged by the very code that judges the network. What a stick cannot answer is 404,
// and nothing goes up (EngineSettings::carried).
//
// Threads: the one that drives the session.
#pragma once

#include "kiosk/sync/transport.h"
#include "shared/bundle/reader.h"
#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk {

// What the bundles on a stick hold for this kiosk. All of it came out of the confined reader.
struct BundleContents {
  bundle::BundleFacts facts;
  std::optional<wire::EnrolAnswer> identity;  // opened, and from the server that gave the code
  std::vector<wire::SignedDocument> receipts;
  std::map<std::uint64_t, Bytes> feed_pages;       // JSON, by the position after which each begins
  std::vector<wire::SignedDocument> certificates;  // all that the roots signed
  std::optional<wire::SignedDocument> pointer;
  std::map<std::uint64_t, wire::SignedDocument> manifests;  // by release
  struct Pack {
    const bundle::BundleReader* reader = nullptr;  // outlives the contents
    bundle::CarriedPack place;
  };
  std::map<std::string, Pack> packs;  // RELEASE/FROM
};

class BundleTransport final : public Transport {
 public:
  // `contents` outlives it.
  explicit BundleTransport(const BundleContents& contents) : contents_(contents) {}

  [[nodiscard]] Result<HttpAnswer> send(const HttpRequest& request, BodySink* sink) override;
  void cancel() override {}  // every answer comes at once

 private:
  [[nodiscard]] HttpAnswer hello() const;
  [[nodiscard]] HttpAnswer heartbeat() const;
  [[nodiscard]] HttpAnswer feed(std::uint64_t after) const;
  [[nodiscard]] HttpAnswer manifest(std::uint64_t release) const;
  [[nodiscard]] Result<HttpAnswer> pack(const std::string& name, const HttpRequest& request,
                                        BodySink* sink) const;

  const BundleContents& contents_;
};

}  // namespace odop::kiosk

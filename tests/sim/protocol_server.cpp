#include "tests/sim/protocol_server.h"

#include "shared/crypto/digest.h"

#include <fmt/format.h>

#include <algorithm>

namespace odop::test {
namespace {

constexpr int kProducts = 6;
constexpr std::size_t kPictureBytes = 6'000;

struct Content {
  std::map<std::string, std::string> records{{"district/agra", R"({"name":{"en":"Agra"}})"}};
  std::vector<Medium> media;
};

// Made once for all histories of a process.
const Content& content_of(int version) {
  static std::map<int, Content> made;
  const auto [place, fresh] = made.try_emplace(version);
  Content& content = place->second;
  for (int i = 0; fresh && i < kProducts; ++i) {
    const Bytes picture(kPictureBytes, static_cast<char>('a' + i + version));
    content.media.push_back({wire::ItemKind::kPicture, picture});
    content.records[fmt::format("product/p{}", i)] =
        fmt::format(R"({{"name":{{"en":"P{} version {}"}},"picture":"{}"}})", i, version,
                    to_hex(crypto::sha256(picture)));
  }
  return content;
}

}  // namespace

SimServer as_server(FakeServer& fake) {
  SimServer server;
  server.handler = [&fake](const kiosk::HttpRequest& request) { return fake.handle(request); };
  server.add_kiosk = [&fake] { return fake.add_kiosk(); };
  server.stored = [&fake] {
    std::map<std::string, std::size_t> stored;
    for (const FakeServer::Row& row : fake.rows()) ++stored[row.reference];
    return stored;
  };
  server.opened = [&fake] {
    std::multimap<std::string, std::string> opened;
    for (const FakeServer::Row& row : fake.rows()) {
      opened.emplace(row.reference, fake.open(row).answers);
    }
    return opened;
  };
  server.spoken = [&fake] {
    std::map<std::string, std::map<std::string, Bytes>> spoken;
    for (const FakeServer::Row& row : fake.rows()) {
      if (row.attachments.empty()) continue;
      for (const wire::SpokenAnswer& one : fake.open(row).spoken) {
        spoken[row.reference][one.field] = fake.recording(row, one.field);
      }
    }
    return spoken;
  };
  server.whole = [&fake](const std::string& reference) { return fake.whole(reference); };
  server.open = [&fake] { fake.open_withdrawals(); };
  server.answer = [&fake](const std::string& reference) { return fake.answer_sealed(reference); };
  server.withdrawn = [&fake](const std::string& reference) { return fake.withdrawn(reference); };
  const auto publish = [&fake](int version) {
    const Content& content = content_of(version);
    return fake.publish(content.records, content.media);
  };
  server.publish = publish;
  server.publish_again = publish;
  server.expire = [&fake] { fake.repoint({}, fake.now_ms - 1); };
  server.rotate_publisher = [&fake] { fake.rotate_publisher(); };
  server.refuse = [&fake](const std::string& reference) {
    const auto& rows = fake.rows();
    if (std::ranges::find(rows, reference, &FakeServer::Row::reference) != rows.end()) return false;
    fake.refuse.insert(reference);
    return true;
  };
  server.hold_back = [&fake](const std::string& reference) { fake.hold_back.insert(reference); };
  server.let_go = [&fake] { fake.hold_back.clear(); };
  server.forge = [&fake](const kiosk::HttpRequest& push, bool believed) {
    return fake.forge_receipt(push, believed);
  };
  server.die = [&fake](std::uint64_t operations, bool /*power*/) { fake.die_after(operations); };
  server.dead = [&fake] { return fake.dead(); };
  server.revive = [&fake] { fake.revive(); };
  server.deaths = [&fake] { return Deaths{.kills = fake.deaths(), .power_cuts = 0}; };
  server.never_came = [&fake] { return fake.never_came(); };
  server.back_up = [&fake] { fake.back_up(); };
  server.restore = [&fake] { fake.restore(); };
  server.restore_older = [&fake] { return fake.restore_older(); };
  return server;
}

}  // namespace odop::test

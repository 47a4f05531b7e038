#include "tests/sim/protocol_server.h"

#include "shared/crypto/digest.h"

#include <fmt/format.h>

namespace odop::test {

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
    std::map<std::string, std::string> opened;
    for (const FakeServer::Row& row : fake.rows()) opened[row.reference] = fake.open(row).answers;
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
  server.publish = [&fake](int version) {
    std::map<std::string, std::string> records{{"district/agra", R"({"name":{"en":"Agra"}})"}};
    std::vector<Medium> media;
    for (int i = 0; i < 6; ++i) {
      const Bytes picture(20'000, static_cast<char>('a' + i + version));
      media.push_back({wire::ItemKind::kPicture, picture});
      records[fmt::format("product/p{}", i)] =
          fmt::format(R"({{"name":{{"en":"P{} version {}"}},"picture":"{}"}})", i, version,
                      to_hex(crypto::sha256(picture)));
    }
    fake.publish(records, media);
  };
  server.back_up = [&fake] { fake.back_up(); };
  server.restore = [&fake] { fake.restore(); };
  return server;
}

}  // namespace odop::test

// The real service as a server of histories.
#include "tests/sim/service_server.h"

#include <fmt/format.h>

namespace odop::test {

SimServer as_server(ServiceServer& service, DiskDefects defects) {
  SimServer server;
  server.handler = [&service](const kiosk::HttpRequest& request) {
    return service.handle(request);
  };
  server.add_kiosk = [&service] { return service.add_kiosk(); };
  server.stored = [&service] { return service.stored(); };
  server.opened = [&service] { return service.opened(); };
  server.spoken = [&service] { return service.spoken(); };
  server.whole = [&service](const std::string& reference) { return service.whole(reference); };
  server.open = [&service] { service.open(); };
  server.answer = [&service](const std::string& reference) { return service.answer(reference); };
  server.withdrawn = [&service](const std::string& reference) {
    return service.withdrawn(reference);
  };
  server.publish = [&service](int version) {
    std::map<std::string, std::string> records{{"district/agra", R"({"name":{"en":"Agra"}})"}};
    for (int i = 0; i < 4; ++i) {
      const std::string hash =
          service.add_picture(Bytes(20'000, static_cast<char>('a' + i + version)));
      records[fmt::format("product/p{}", i)] =
          fmt::format(R"({{"name":{{"en":"P{} version {}"}},"picture":"{}"}})", i, version, hash);
    }
    return service.publish(records);
  };
  server.publish_again = [&service](int /*version*/) { return service.roll_back(); };
  server.expire = [&service] { service.expire_pointer(); };
  server.rotate_publisher = [&service] { service.rotate_publisher(); };
  server.refuse = [&service](const std::string& reference) {
    if (service.knows(reference)) return false;
    service.refuse.insert(reference);
    return true;
  };
  server.hold_back = [&service](const std::string& reference) {
    service.hold_back.insert(reference);
  };
  server.let_go = [&service] { service.hold_back.clear(); };
  server.forge = [&service](const kiosk::HttpRequest& push, bool believed) {
    return service.forge_receipt(push, believed);
  };
  server.back_up = [&service] { service.back_up(); };
  server.restore = [&service] { service.restore(); };
  server.restore_older = [&service] { return service.restore_older(); };
  server.forgets_releases = true;
  server.lie_on = [&service, defects](PowerCutDisk* disk) { service.lie_on(disk, defects); };
  server.has_power = true;
  server.die = [&service](std::uint64_t operations, bool power) {
    service.die_after(operations, power);
  };
  server.dead = [&service] { return service.dead(); };
  server.revive = [&service] { service.revive(); };
  server.deaths = [&service] { return service.deaths(); };
  server.never_came = [&service] { return service.never_came(); };
  server.take_stick = [&service](const std::filesystem::path& place) { service.take_stick(place); };
  server.give_stick = [&service](const std::filesystem::path& place) { service.give_stick(place); };
  return server;
}

}  // namespace odop::test

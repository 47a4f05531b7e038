// Histories against the protocol in memory, and proof that the check sees a broken rule.
#include "shared/crypto/digest.h"
#include "tests/sim/histories.h"
#include "tests/support/fake_server.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <iostream>

namespace odop::test {
namespace {

std::uint64_t seeds() {
  // The soak: ODOP_SIM_SEEDS=10000 test_sim.
  const char* wanted = std::getenv("ODOP_SIM_SEEDS");
  return wanted == nullptr ? 10 : std::strtoull(wanted, nullptr, 10);
}

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

Outcome total_over_seeds(const FakeServer::Mutation& mutation, std::uint64_t count, bool print) {
  Outcome total;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    FakeServer fake;
    fake.mutation = mutation;
    SimServer server = as_server(fake);
    const HistoryOptions options{seed, 3, 60};
    const Outcome outcome = run_history(server, options);
    if (print || !outcome.clean()) std::cout << line_of(options, outcome) << '\n';
    total.submitted += outcome.submitted;
    total.lost += outcome.lost;
    total.duplicated += outcome.duplicated;
    total.garbled += outcome.garbled;
    total.not_told += outcome.not_told;
    total.other_release += outcome.other_release;
    total.faults += outcome.faults;
  }
  return total;
}

TEST_CASE("Whatever the network does, everything arrives exactly once", "[sim][fault]") {
  const Outcome total = total_over_seeds({}, seeds(), true);
  CHECK(total.submitted > 10 * seeds());
  CHECK(total.faults > 10 * seeds());
  CHECK(total.lost == 0);
  CHECK(total.duplicated == 0);
  CHECK(total.garbled == 0);
  CHECK(total.not_told == 0);
  CHECK(total.other_release == 0);
}

// Each of these breaks one rule of the design; the histories must notice.
TEST_CASE("Without the unique key the histories show doubles", "[sim][mutation]") {
  FakeServer::Mutation mutation;
  mutation.forgets_duplicates = true;
  CHECK(total_over_seeds(mutation, 2, false).duplicated > 0);
}

TEST_CASE("A server that answers before its commit shows losses", "[sim][mutation]") {
  FakeServer::Mutation mutation;
  mutation.answers_before_commit = true;
  CHECK(total_over_seeds(mutation, 2, false).lost > 0);
}

TEST_CASE("A server that claims backups it has not shows losses", "[sim][mutation]") {
  FakeServer::Mutation mutation;
  mutation.covers_without_backup = true;
  CHECK(total_over_seeds(mutation, 4, false).lost > 0);
}

}  // namespace
}  // namespace odop::test

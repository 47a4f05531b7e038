// The thread that writes, and what background work learns from it.
#include "syncserver/store/writer.h"

#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstddef>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace odop::syncserver {
namespace {

TEST_CASE("Who asks later learns how many writes once waited together", "[syncserver][store]") {
  const test::TempFolder folder;
  GroupWriter writer(
      std::make_unique<Connection>(DatabaseAddress{(folder.path() / "odop.db").string()}));
  CHECK(writer.take_most_waiting() == 0);

  constexpr std::size_t kWriters = 5;
  std::promise<void> go;
  const std::shared_future<void> gone = go.get_future().share();
  std::atomic<std::size_t> written{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kWriters; ++i) {
    threads.emplace_back([&writer, &written, gone] {
      const Status done = writer.run([gone](Connection&) -> Status {
        gone.wait();
        return {};
      });
      if (done.has_value()) ++written;
    });
  }
  // Nobody is done before `go`, so that all of them wait at last.
  while (writer.take_most_waiting() < kWriters) std::this_thread::yield();
  CHECK(writer.take_most_waiting() == kWriters);
  go.set_value();
  for (std::thread& thread : threads) thread.join();
  CHECK(written == kWriters);
  // Since the last question all waited; since this one, nobody.
  CHECK(writer.take_most_waiting() == kWriters);
  CHECK(writer.take_most_waiting() == 0);
}

}  // namespace
}  // namespace odop::syncserver

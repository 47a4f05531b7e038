// One thread that writes. Writes that wait at the same moment share one commit, so that a slow disk
// costs each of them a share of a sync instead of a whole one. Internal to the room.
#pragma once

#include "shared/core/result.h"
#include "syncserver/store/database.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace odop::syncserver {

// Writes of one commit at most: bounds how long the first of them waits for the last.
inline constexpr std::size_t kMaxWritesPerCommit = 256;

class GroupWriter {
 public:
  explicit GroupWriter(std::unique_ptr<Connection> connection);
  // Finishes what waits.
  ~GroupWriter();
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  // Runs `work` in the writer's thread inside a transaction and returns after its commit. `work`
  // may run twice (when another one of its group failed, each runs again on its own), so it must
  // set its results anew each time. When it fails or throws soci::soci_error, nothing of it is
  // stored, and the others' work is.
  [[nodiscard]] Status run(const std::function<Status(Connection&)>& work);

  // The most callers that waited at one time since this was last asked.
  [[nodiscard]] std::size_t take_most_waiting();

 private:
  // Lies on its caller's stack until its group is done.
  struct Job {
    const std::function<Status(Connection&)>* work = nullptr;
    Status status{};
  };
  // What shares a commit, and is woken by one call. Not a semaphore: libstdc++'s spins and yields
  // before it sleeps, which costs a busy server more than the commit.
  struct Group {
    std::vector<Job*> jobs{};
    std::promise<void> finished{};
    std::shared_future<void> done = finished.get_future().share();
  };

  void loop();
  [[nodiscard]] bool run_together(const std::vector<Job*>& jobs);
  void run_alone(Job& job);

  std::unique_ptr<Connection> connection_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Group> queue_;  // the last one still takes jobs
  bool stop_ = false;
  std::size_t waiting_ = 0;
  std::size_t most_waiting_ = 0;
  std::thread thread_;
};

}  // namespace odop::syncserver

// Work that would hold up a frame (opening an answer, building the search index), done on one
// background thread; what is to happen then is done on the UI thread.
// Threads: `run` and `collect` on the UI thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace odop::kiosk::app {

class Errands {
 public:
  using Finish = std::function<void()>;    // UI thread
  using Errand = std::function<Finish()>;  // background thread; may return nothing

  // `wake` is called on the background thread when something is finished; may be empty.
  explicit Errands(std::function<void()> wake);
  ~Errands();  // waits for the running errand; the others are dropped
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  void run(Errand errand);
  // Does what is finished; true when there was something.
  bool collect();
  // Waits until nothing is left to do (tests), then collects.
  void settle();

 private:
  void work(const std::stop_token& stop);

  std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable_any more_;
  std::condition_variable_any idle_;
  std::deque<Errand> errands_;
  std::deque<Finish> finished_;
  bool busy_ = false;
  std::jthread thread_;
};

}  // namespace odop::kiosk::app

// Sees USB sticks come and go, and carries bundles to and from them: `odop-kiosk bundle` as a
// process of its own, which forks its reader while it has one thread (shared/bundle). Pulling the
// stick or ending the program at any moment harms nothing: what a bundle brings is kept part by
// part, and what goes out is renamed when it is whole.
// Threads: all calls from the UI thread, none of which waits for a stick; table, folder and child
// are on a thread of its own, which sleeps while nothing changes.
#pragma once

#include "kiosk/app/sticks.h"
#include "kiosk/model/state.h"
#include "shared/core/descriptor.h"

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace odop::kiosk::app {

struct CourierOptions {
  std::filesystem::path data;                             // the kiosk's --data
  std::filesystem::path sticks = "/media";                // below it the system mounts sticks
  std::filesystem::path mounts = "/proc/self/mountinfo";  // or a file of that form (tests)
  std::filesystem::path program = "/proc/self/exe";       // that knows `bundle`
  std::function<void()> wake{};  // called on the courier's thread when there is news
  // Nobody else may sync on this folder while a bundle is taken in. Called on the courier's thread,
  // one after the other; may be empty.
  std::function<void()> before_bring{}, after_bring{};
};

struct CourierNews {
  StickFacts facts;
  bool brought = false;  // what was on the stick is on this kiosk's disk since
  bool took = false;     // a bundle was written, or a request to be enrolled
};

class Courier {
 public:
  explicit Courier(CourierOptions options);
  ~Courier();  // stops
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  // Begins to look.
  void start();
  // Ends it and waits for that; a child that runs is ended.
  void stop();
  // Nothing while a task runs, or without a stick that may be used for it.
  void carry(StickTask task);
  // What happened since the last call.
  [[nodiscard]] std::optional<CourierNews> take();

 private:
  void work(const std::stop_token& stop);
  void look();
  void run(StickTask task, const std::stop_token& stop);
  void tell(const std::function<void(CourierNews&)>& change);

  CourierOptions options_;
  Descriptor woken_;  // an eventfd: a task, or the end

  // The courier's thread.
  std::optional<MountedStick> stick_;

  std::mutex mutex_;
  // Under the mutex:
  StickTask wanted_ = StickTask::kNone;
  CourierNews news_;
  bool has_news_ = false;

  std::jthread thread_;  // the last: it begins when all else is there
};

}  // namespace odop::kiosk::app

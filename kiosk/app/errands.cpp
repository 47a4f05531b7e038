#include "kiosk/app/errands.h"

#include <exception>
#include <utility>

namespace odop::kiosk::app {

Errands::Errands(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

Errands::~Errands() {
  thread_.request_stop();
  thread_.join();
}

void Errands::run(Errand errand) {
  {
    const std::scoped_lock lock(mutex_);
    errands_.push_back(std::move(errand));
  }
  more_.notify_one();
}

bool Errands::collect() {
  std::deque<Finish> finished;
  {
    const std::scoped_lock lock(mutex_);
    finished.swap(finished_);
  }
  for (const Finish& finish : finished) finish();
  return !finished.empty();
}

void Errands::settle() {
  {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return errands_.empty() && !busy_; });
  }
  collect();
}

void Errands::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (more_.wait(lock, stop, [this] { return !errands_.empty(); })) {
    if (stop.stop_requested()) return;
    const Errand errand = std::move(errands_.front());
    errands_.pop_front();
    busy_ = true;
    lock.unlock();
    Finish finish;
    try {
      finish = errand();
    } catch (const std::exception&) {
      finish = nullptr;  // no memory: what was asked stays unanswered
    }
    lock.lock();
    busy_ = false;
    if (finish) finished_.push_back(std::move(finish));
    idle_.notify_all();
    if (wake_) {
      lock.unlock();
      wake_();
      lock.lock();
    }
  }
}

}  // namespace odop::kiosk::app

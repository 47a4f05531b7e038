#include "kiosk/sync/mailbox.h"

namespace odop::kiosk {

void Mailbox::send(ToWorker value) {
  {
    const std::lock_guard lock(mutex_);
    to_worker_.push_back(std::move(value));
  }
  to_worker_ready_.notify_one();
}

std::vector<FromWorker> Mailbox::drain() {
  const std::lock_guard lock(mutex_);
  return std::exchange(to_ui_, {});
}

void Mailbox::post(FromWorker value) {
  {
    const std::lock_guard lock(mutex_);
    to_ui_.push_back(std::move(value));
  }
  if (wake_ui_) wake_ui_();
}

void Mailbox::wait(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  to_worker_ready_.wait_for(lock, longest, [this] { return closed_ || !to_worker_.empty(); });
}

std::vector<ToWorker> Mailbox::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(to_worker_, {});
}

bool Mailbox::pending() const {
  const std::lock_guard lock(mutex_);
  return closed_ || !to_worker_.empty();
}

void Mailbox::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  to_worker_ready_.notify_all();
}

void Mailbox::open_again() {
  const std::lock_guard lock(mutex_);
  closed_ = false;
}

bool Mailbox::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace odop::kiosk

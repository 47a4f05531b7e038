#include "syncserver/store/writer.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace odop::syncserver {

GroupWriter::GroupWriter(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)), thread_([this] { loop(); }) {}

GroupWriter::~GroupWriter() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

Status GroupWriter::run(const std::function<Status(Connection&)>& work) {
  Job job{.work = &work};
  std::future<Status> done = job.done.get_future();
  waiting_.fetch_add(1, std::memory_order_relaxed);
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  Status status = done.get();
  waiting_.fetch_sub(1, std::memory_order_relaxed);
  return status;
}

void GroupWriter::loop() {
  std::vector<Job> jobs;
  for (;;) {
    jobs.clear();
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const std::size_t count = std::min(queue_.size(), kMaxWritesPerCommit);
      const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
      std::move(queue_.begin(), end, std::back_inserter(jobs));
      queue_.erase(queue_.begin(), end);
    }
    if (!run_together(jobs)) {
      for (Job& job : jobs) run_alone(job);
    }
    for (Job& job : jobs) job.done.set_value(std::move(job.status));
  }
}

bool GroupWriter::run_together(std::vector<Job>& jobs) {
  if (jobs.size() == 1) return false;
  try {
    connection_->begin();
    for (Job& job : jobs) {
      job.status = (*job.work)(*connection_);
      if (!job.status.has_value()) {
        connection_->rollback();
        return false;
      }
    }
    connection_->commit();
    return true;
  } catch (const std::exception&) {
    // The single runs that follow say which one it was, and why.
    connection_->rollback();
    return false;
  }
}

void GroupWriter::run_alone(Job& job) {
  try {
    connection_->begin();
    job.status = (*job.work)(*connection_);
    if (job.status.has_value()) {
      connection_->commit();
    } else {
      connection_->rollback();
    }
  } catch (const soci::soci_error& error) {
    connection_->rollback();
    job.status = fail(translate(error));
  } catch (const std::exception& error) {
    connection_->rollback();
    job.status = fail(ErrorCode::kInternal, error.what());
  }
}

}  // namespace odop::syncserver

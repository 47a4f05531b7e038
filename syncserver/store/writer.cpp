#include "syncserver/store/writer.h"

#include <algorithm>
#include <exception>
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
  std::shared_future<void> done;
  {
    const std::lock_guard lock(mutex_);
    most_waiting_ = std::max(most_waiting_, ++waiting_);
    if (queue_.empty() || queue_.back().jobs.size() >= kMaxWritesPerCommit) queue_.emplace_back();
    queue_.back().jobs.push_back(&job);
    done = queue_.back().done;
  }
  wake_.notify_one();
  done.wait();
  return std::move(job.status);
}

std::size_t GroupWriter::take_most_waiting() {
  const std::lock_guard lock(mutex_);
  return std::exchange(most_waiting_, waiting_);
}

void GroupWriter::loop() {
  for (;;) {
    Group group;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || !queue_.empty(); });
      if (queue_.empty()) return;
      group = std::move(queue_.front());
      queue_.pop_front();
    }
    if (!run_together(group.jobs)) {
      for (Job* job : group.jobs) run_alone(*job);
    }
    {
      const std::lock_guard lock(mutex_);
      waiting_ -= group.jobs.size();
    }
    group.finished.set_value();
  }
}

bool GroupWriter::run_together(const std::vector<Job*>& jobs) {
  if (jobs.size() == 1) return false;
  try {
    connection_->begin();
    for (Job* job : jobs) {
      job->status = (*job->work)(*connection_);
      if (!job->status.has_value()) {
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

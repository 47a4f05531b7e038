#include "kiosk/sync/worker.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <utility>

namespace odop::kiosk {

SyncWorker::SyncWorker(WorkerConfig config, Transport& transport, const Clock& clock,
                       Random& random, Mailbox& mailbox)
    : config_(std::move(config)),
      transport_(transport),
      clock_(clock),
      random_(random),
      mailbox_(mailbox) {}

SyncWorker::~SyncWorker() { stop(); }

Status SyncWorker::start() {
  auto session = SyncSession::open(config_, transport_, clock_, random_, mailbox_);
  if (!session) return fail(session.error());
  session_ = std::move(*session);
  thread_ = std::thread([this] { run(); });
  return {};
}

void SyncWorker::stop() {
  if (!thread_.joinable()) return;
  mailbox_.close();
  transport_.cancel();
  thread_.join();
}

void SyncWorker::run() {
  // A connection that breaks while we write is an error of that write, not the end of the program.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  // A longer sleep than this would miss that the wall clock was set.
  constexpr std::chrono::milliseconds kLongestSleep{60'000};
  while (!mailbox_.closed()) {
    try {
      mailbox_.wait(std::min(session_->turn(), kLongestSleep));
    } catch (const std::exception& error) {
      spdlog::error("sync: {}", error.what());
      mailbox_.wait(kLongestSleep);
    }
  }
}

}  // namespace odop::kiosk

#include "syncserver/app/serve.h"

#include "syncserver/http/http_server.h"
#include "syncserver/http/routes.h"
#include "syncserver/service/kiosk_api.h"
#include "syncserver/service/opener.h"
#include "syncserver/service/releases.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

namespace odop::syncserver {

namespace {

constexpr int kOpenerNice = 10;
// After an error of the stores (a lock, a full disk) opening waits this long.
constexpr std::chrono::seconds kRetryPause{5};

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

std::optional<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const std::string_view digits = text.substr(colon + 1);
  Address address{std::string(host), 0};
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return address;
}

// Opens what arrived until it is destroyed.
class OpeningThread {
 public:
  explicit OpeningThread(Context& context)
      : context_(context),
        opener_(*context.store, *context.record_keys, context.keys, context.clock),
        thread_([this] { loop(); }) {}

  ~OpeningThread() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  OpeningThread(const OpeningThread&) = delete;
  OpeningThread& operator=(const OpeningThread&) = delete;

 private:
  void loop() {
    // What arrives comes first; opening takes the processor time that is left.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kOpenerNice);
    std::string last_error;
    for (;;) {
      std::chrono::milliseconds pause = kRetryPause;
      std::string error;
      try {
        const auto step = opener_.open_next();
        if (step.has_value()) {
          pause = step->pause;
          take_down_ = take_down_ || step->withdrawn + step->unpublished > 0;
          error = take_down();
        } else {
          error = fmt::format("{} ({})", step.error().context, name_of(step.error().code));
        }
      } catch (const std::exception& thrown) {
        error = thrown.what();
      }
      // Once for each trouble, not every five seconds.
      if (!error.empty() && error != last_error) {
        fmt::print(stderr, "odop-syncserver: opening waits: {}\n", error);
      }
      last_error = error;
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, pause, [this] { return stop_; })) return;
    }
  }

  // Whoever withdrew is shown no more: not at the next publication, but now. Returns what it waits
  // for; where the publisher's key is elsewhere, the next publication does it.
  std::string take_down() {
    if (!take_down_) return {};
    Publisher publisher(*context_.store, context_.keys, context_.media, context_.folder.root);
    const auto done = publisher.show_take_downs(context_.clock.wall());
    take_down_ = !done.has_value() && done.error().code == ErrorCode::kBusy;
    return done.has_value() ? std::string{} : fmt::format("taking down: {}", done.error().context);
  }

  Context& context_;
  Opener opener_;
  bool take_down_ = true;  // what another process left
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

http::RouteLimits limits_of(const ServeOptions& options) {
  http::RouteLimits limits;
  if (options.rate_limit < 0) return limits;
  // Without a limit of rate, and with as many calls at once as there are workers.
  constexpr double kNoLimit = 1e9;
  const double rate = options.rate_limit == 0 ? kNoLimit : options.rate_limit;
  limits.device = {rate, rate * 2, options.rate_limit == 0 ? 1'000 : limits.device.at_once};
  return limits;
}

}  // namespace

int serve(Context& context, const ServeOptions& options) {
  const auto address = parse_address(options.listen);
  if (!address.has_value()) {
    fmt::print(stderr, "odop-syncserver: --listen takes HOST:PORT, not {}; see --help\n",
               options.listen);
    return kWrongArguments;
  }
  const auto generation = context.store->generation();
  if (!generation.has_value()) return fail_with(generation.error());
  // Personal data is opened in this process: no core file of it may reach a disk.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // Taken by sigwait below; threads started from here on inherit the mask.
  sigset_t ends;
  ::sigemptyset(&ends);
  ::sigaddset(&ends, SIGTERM);
  ::sigaddset(&ends, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  KioskApi api(*context.store, context.keys, context.clock, context.random, context.folder.root);
  http::Routes routes(api, context.clock, limits_of(options));
  http::HttpSettings settings;
  settings.host = address->host;
  settings.port = address->port;
  settings.behind_proxy = options.behind_proxy;
  http::HttpServer server([&routes](const http::Call& call) { return routes.handle(call); },
                          settings);
  const OpeningThread opening(context);
  const auto port = server.start();
  if (!port.has_value()) return fail_with(port.error());
  const bool six = address->host.find(':') != std::string::npos;
  fmt::print("listening on http://{}{}{}:{}\n", six ? "[" : "", address->host, six ? "]" : "",
             *port);
  std::fflush(stdout);
  int signal = 0;
  ::sigwait(&ends, &signal);
  server.stop();
  return kDone;
}

}  // namespace odop::syncserver

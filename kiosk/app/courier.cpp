#include "kiosk/app/courier.h"

#include "shared/core/child_process.h"
#include "shared/core/error.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace odop::kiosk::app {
namespace {

using nlohmann::json;
using SteadyTime = std::chrono::steady_clock;

// A table is a page or two; the cap only guards against what is no table.
constexpr std::size_t kMostTable = std::size_t{1} << 20U;
constexpr std::size_t kMostReport = std::size_t{64} * 1024;
// Between two looks at a running child.
constexpr int kLookMs = 250;
// So long a child may go on when its stick is gone: it writes down what it has.
constexpr auto kPatience = std::chrono::seconds(20);

std::string read_table(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMostTable, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return text;
}

// `bundle import|export FOLDER --data DATA --json`, which writes its report into `out`.
Result<ChildProcess> start_bundle(const CourierOptions& options, StickTask task,
                                  const std::filesystem::path& stick, const Pipe& out) {
  const bool brings = task == StickTask::kBring;
  std::vector<std::string> words{
      options.program.string(), "bundle", brings ? "import" : "export", stick.string(), "--data",
      options.data.string(),    "--json"};
  if (brings) words.emplace_back("--progress");
  return ChildProcess::start({.program = options.program,
                              .arguments = std::move(words),
                              .places = {{out.write.get(), 1}}});
}

template <typename T>
T value_of(const json& report, const char* name) {
  const auto found = report.find(name);
  if constexpr (std::is_same_v<T, bool>) {
    return found != report.end() && found->is_boolean() && found->get<bool>();
  } else {
    return found != report.end() && found->is_number_unsigned() ? found->get<T>() : T{};
  }
}

std::string text_of(const json& report, const char* name) {
  const auto found = report.find(name);
  return found != report.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// What is said of an error, by the name that the command told.
std::string_view problem_of(std::string_view code, StickTask task) {
  const bool brings = task == StickTask::kBring;
  if (code == name_of(ErrorCode::kNotFound)) return brings ? "stick.nothing" : "stick.pulled";
  if (code == name_of(ErrorCode::kBadSignature)) return "stick.foreign";
  if (code == name_of(ErrorCode::kMalformed)) return "stick.damaged";
  if (code == name_of(ErrorCode::kDiskFull)) return brings ? "stick.kiosk_full" : "stick.full";
  if (code == name_of(ErrorCode::kReadOnly)) return brings ? "stick.failed" : "stick.locked";
  if (code == name_of(ErrorCode::kUnsupported)) return "stick.newer";
  if (code == name_of(ErrorCode::kInvalidArgument)) return "stick.no_code";
  return "stick.failed";
}

StickResult result_of(const std::string& line, StickTask task, bool pulled) {
  StickResult out;
  out.task = task;
  // A folder that stays when its stick is gone takes what was meant for the stick.
  if (pulled && task == StickTask::kTake) {
    out.problem = "stick.pulled";
    return out;
  }
  const auto report = json::parse(line, nullptr, false);
  if (!report.is_object() || report.contains("error")) {
    const std::string code = report.is_object() ? text_of(report, "error") : std::string();
    out.problem = pulled ? std::string_view("stick.pulled") : problem_of(code, task);
    return out;
  }
  out.request = value_of<bool>(report, "enrolment");
  out.submissions = value_of<std::uint64_t>(report, "submissions");
  out.left = value_of<std::uint64_t>(report, "left");
  out.enrolled = value_of<bool>(report, "enrolled");
  out.arrived = value_of<std::uint64_t>(report, "arrived");
  out.answers = value_of<std::uint64_t>(report, "answers");
  out.damaged = value_of<std::uint64_t>(report, "damaged");
  out.new_release = value_of<bool>(report, "new_release");
  out.older = value_of<bool>(report, "older");
  if (!text_of(report, "trouble").empty()) {
    out.problem = pulled ? "stick.pulled" : "stick.in_part";
  } else if (out.damaged > 0) {
    out.problem = "stick.in_part";
  } else if (value_of<std::uint32_t>(report, "waiting_program") > 0) {
    out.problem = "stick.old_program";
  }
  return out;
}

}  // namespace

Courier::Courier(CourierOptions options)
    : options_(std::move(options)), woken_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Courier::~Courier() { stop(); }

void Courier::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  (void)eventfd_write(woken_.get(), 1);
  thread_.join();
}

void Courier::start() {
  if (thread_.joinable() || !woken_.open()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    try {
      work(stop);
    } catch (const std::exception& error) {
      spdlog::error("sticks: {}", error.what());
    }
  });
}

void Courier::carry(StickTask task) {
  {
    const std::lock_guard lock(mutex_);
    if (news_.facts.doing != StickTask::kNone) return;
    wanted_ = task;
    // Whatever is told before the thread comes to it must not say that it is over.
    news_.facts.doing = task;
    news_.facts.progress_percent = 0;
    news_.facts.last = {};
  }
  (void)eventfd_write(woken_.get(), 1);
}

std::optional<CourierNews> Courier::take() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(has_news_, false)) return std::nullopt;
  CourierNews out = news_;
  news_.brought = news_.took = false;
  return out;
}

void Courier::tell(const std::function<void(CourierNews&)>& change) {
  {
    const std::lock_guard lock(mutex_);
    const CourierNews before = news_;
    change(news_);
    const bool same =
        before.facts == news_.facts && before.brought == news_.brought && before.took == news_.took;
    if (same) return;
    has_news_ = true;
  }
  if (options_.wake) options_.wake();
}

void Courier::look() {
  stick_ = find_stick(read_table(options_.mounts), options_.sticks);
  tell([&](CourierNews& news) {
    const std::string name = stick_ ? stick_->folder.filename().string() : std::string();
    // Another stick: what came of the last one is told no more.
    if (news.facts.name != name && !name.empty()) news.facts.last = {};
    news.facts.name = name;
    news.facts.mount = stick_ ? stick_->mount : StickMount::kNone;
  });
}

void Courier::work(const std::stop_token& stop) {
  // The kernel tells a change of its table as an exceptional condition; a file in its place is
  // watched in its folder, and so is the folder in which sticks appear.
  const Descriptor table(open(options_.mounts.c_str(), O_RDONLY | O_CLOEXEC));
  const Descriptor watch(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  constexpr std::uint32_t kWatched =
      IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_ONLYDIR;
  for (const auto& folder : {options_.sticks, options_.mounts.parent_path()}) {
    // The folder may not be there yet; the table is told all the same.
    (void)inotify_add_watch(watch.get(), folder.c_str(), kWatched);
  }
  while (!stop.stop_requested()) {
    look();
    StickTask task = StickTask::kNone;
    {
      const std::lock_guard lock(mutex_);
      task = std::exchange(wanted_, StickTask::kNone);
    }
    if (task != StickTask::kNone) {
      run(task, stop);
      continue;
    }
    std::array<pollfd, 3> ready{
        {{woken_.get(), POLLIN, 0}, {watch.get(), POLLIN, 0}, {table.get(), POLLPRI, 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
    eventfd_t count = 0;
    (void)eventfd_read(woken_.get(), &count);
    std::array<char, 4096> events{};
    while (read(watch.get(), events.data(), events.size()) > 0) {
    }
  }
}

void Courier::run(StickTask task, const std::stop_token& stop) {
  std::error_code ignored;
  const bool there = stick_ && std::filesystem::is_directory(stick_->folder, ignored);
  const bool allowed =
      there && (stick_->mount == StickMount::kGood ||
                (task == StickTask::kBring && stick_->mount == StickMount::kReadOnly));
  if (!allowed) {
    // It was pulled before the work began; whoever asked waits for a word.
    tell([&](CourierNews& news) {
      news.facts.doing = StickTask::kNone;
      news.facts.last = {.task = task, .problem = "stick.pulled"};
      (task == StickTask::kBring ? news.brought : news.took) = true;
    });
    return;
  }
  const std::filesystem::path folder = stick_->folder;
  const bool brings = task == StickTask::kBring;
  if (brings && options_.before_bring) options_.before_bring();
  std::string line;   // the last whole one: the report
  std::string piece;  // of the one that is coming
  bool pulled = false;
  {
    auto out = make_pipe();
    const auto child = out ? start_bundle(options_, task, folder, *out)
                           : Result<ChildProcess>(fail(std::move(out.error())));
    if (!child) spdlog::error("sticks: {}", child.error().context);
    if (out) (void)out->write.close();
    std::optional<SteadyTime::time_point> gone;
    while (child) {
      if (stop.stop_requested()) child->kill();
      look();
      pulled = !stick_ || stick_->folder != folder;
      if (pulled && !gone) gone = SteadyTime::now();
      if (gone && SteadyTime::now() - *gone > kPatience) child->kill();
      pollfd ready{out->read.get(), POLLIN, 0};
      const int came = poll(&ready, 1, kLookMs);
      if (came == 0 || (came < 0 && errno == EINTR)) continue;
      std::array<char, 4096> bytes{};
      const ssize_t count = read(out->read.get(), bytes.data(), bytes.size());
      if (count <= 0) break;
      piece.append(bytes.data(), static_cast<std::size_t>(count));
      for (std::size_t end = piece.find('\n'); end != std::string::npos; end = piece.find('\n')) {
        line = piece.substr(0, end);
        piece.erase(0, end + 1);
        const auto report = json::parse(line, nullptr, false);
        if (!report.is_object() || !report.contains("progress_permille")) continue;
        const auto permille = value_of<std::uint64_t>(report, "progress_permille");
        tell([&](CourierNews& news) {
          news.facts.progress_percent =
              static_cast<int>(std::min<std::uint64_t>(permille, 1000) / 10);
        });
      }
      if (piece.size() > kMostReport) break;
    }
  }
  if (brings && options_.after_bring) options_.after_bring();
  look();
  pulled = pulled || !stick_ || stick_->folder != folder;
  tell([&](CourierNews& news) {
    news.facts.doing = StickTask::kNone;
    news.facts.progress_percent = 0;
    news.facts.last = result_of(line, task, pulled);
    (brings ? news.brought : news.took) = true;
  });
}

}  // namespace odop::kiosk::app

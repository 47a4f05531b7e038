#include "kiosk/app/inspector.h"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace odop::kiosk::app {
namespace {

constexpr std::size_t kMaxLine = 4096;

std::string error_json(std::string_view what) { return nlohmann::json{{"error", what}}.dump(); }

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::optional<Question> parse_question(std::string_view line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("get") || !json.at("get").is_string()) {
    return std::nullopt;
  }
  Question question;
  question.get = json.at("get").get<std::string>();
  if (json.contains("path") && json.at("path").is_string()) {
    question.path = json.at("path").get<std::string>();
  }
  return question;
}

std::string tree_json(std::string_view screen, const ui::SemanticTree& tree) {
  nlohmann::json nodes = nlohmann::json::array();
  for (const ui::Node& node : tree) {
    nodes.push_back({{"id", node.id},
                     {"role", ui::name_of(node.role)},
                     {"label", node.label},
                     {"value", node.value},
                     {"spoken", ui::spoken_text(node)},
                     {"enabled", node.enabled},
                     {"visible", node.visible},
                     {"target", node.target},
                     {"rect", {node.rect.x, node.rect.y, node.rect.w, node.rect.h}}});
  }
  return nlohmann::json{{"screen", screen}, {"nodes", std::move(nodes)}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<std::unique_ptr<Inspector>> Inspector::open(const std::filesystem::path& socket_path,
                                                   std::function<void()> wake) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket_path.string();
  if (path.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::kInvalidArgument, "socket path too long: " + path);
  }
  std::memcpy(static_cast<char*>(address.sun_path), path.c_str(), path.size());
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return fail(ErrorCode::kIo, "socket");
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) unlink(path.c_str());
  // Only the owner from the first moment on: the mode of the descriptor becomes that of the file.
  fchmod(listener, S_IRUSR | S_IWUSR);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || listen(listener, 4) != 0) {
    const std::string why = std::generic_category().message(errno);
    close(listener);
    return fail(ErrorCode::kIo, path + ": " + why);
  }
  return std::unique_ptr<Inspector>(new Inspector(listener, socket_path, std::move(wake)));
}

Inspector::Inspector(int listener, std::filesystem::path socket, std::function<void()> wake)
    : listener_(listener),
      stop_(eventfd(0, EFD_CLOEXEC)),
      socket_(std::move(socket)),
      wake_(std::move(wake)),
      thread_([this] { run(); }) {}

Inspector::~Inspector() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  answered_.notify_all();
  eventfd_write(stop_, 1);
  thread_.join();
  close(listener_);
  close(stop_);
  std::error_code ignored;
  std::filesystem::remove(socket_, ignored);
}

bool Inspector::waiting() const {
  const std::scoped_lock lock(mutex_);
  return question_.has_value();
}

std::optional<Question> Inspector::question() const {
  const std::scoped_lock lock(mutex_);
  return question_;
}

void Inspector::answer(std::string json) {
  {
    const std::scoped_lock lock(mutex_);
    question_.reset();
    answer_ = std::move(json);
  }
  answered_.notify_all();
}

std::optional<std::string> Inspector::ask(const std::string& line) {
  auto question = parse_question(line);
  if (!question) return error_json("one JSON object a line: {\"get\":\"tree\"}");
  {
    const std::scoped_lock lock(mutex_);
    question_ = std::move(*question);
    answer_.reset();
  }
  if (wake_) wake_();
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [this] { return closing_ || answer_.has_value(); });
  return std::exchange(answer_, std::nullopt);
}

void Inspector::serve(int client) {
  std::string line;
  std::array<char, 1024> buffer{};
  while (true) {
    std::array<pollfd, 2> wait{pollfd{client, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
    if (poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) return;
    if (wait[1].revents != 0) return;
    const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
    if (got <= 0) return;
    line.append(buffer.data(), static_cast<std::size_t>(got));
    if (line.size() > kMaxLine) return;
    for (std::size_t end = line.find('\n'); end != std::string::npos; end = line.find('\n')) {
      const auto reply = ask(line.substr(0, end));
      line.erase(0, end + 1);
      if (!reply || !write_all(client, *reply + "\n")) return;
    }
  }
}

void Inspector::run() {
  while (true) {
    std::array<pollfd, 2> wait{pollfd{listener_, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
    if (poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) return;
    if (wait[1].revents != 0) return;
    if (wait[0].revents == 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    try {
      serve(client);
    } catch (const std::exception&) {
      // A question that cannot be answered ends its connection, not the kiosk.
    }
    close(client);
  }
}

}  // namespace odop::kiosk::app

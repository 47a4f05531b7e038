#include "tests/support/kiosk_hand.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

namespace odop::test {
namespace {

constexpr std::chrono::milliseconds kPoll{30};
constexpr std::chrono::seconds kAnswerPatience{30};

void pause(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

}  // namespace

VirtualScreen::VirtualScreen(int width, int height, const std::filesystem::path& folder,
                             const std::string& name)
    : server_({"Xvfb", "-displayfd", "1", "-screen", "0",
               std::to_string(width) + "x" + std::to_string(height) + "x24", "-nolisten", "tcp",
               "-noreset"},
              folder, name) {
  // It writes its number, and the end of the line, once it listens.
  for (int i = 0; i < 600 && server_.running(); ++i) {
    const std::string number = server_.out();
    if (number.ends_with('\n')) {
      display_ = ":" + number.substr(0, number.size() - 1);
      return;
    }
    pause(kPoll);
  }
  throw std::runtime_error{"Xvfb did not start: " + server_.err()};
}

KioskHand::KioskHand(std::string display, int width, int height, std::filesystem::path socket)
    : display_(std::move(display)), width_(width), height_(height), socket_(std::move(socket)) {}

nlohmann::json KioskHand::ask(const nlohmann::json& question) const {
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw std::runtime_error{"no socket"};
  struct Closer {
    int descriptor;
    ~Closer() { close(descriptor); }
  } closer{descriptor};

  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket_;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error{"socket path too long"};
  std::memcpy(address.sun_path, path.c_str(), path.size());
  for (int i = 0;
       connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0; ++i) {
    if (i > 300) throw std::runtime_error{"the kiosk does not listen at " + path};
    pause(kPoll);
  }
  const timeval patience{kAnswerPatience.count(), 0};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const std::string line = question.dump() + "\n";
  if (write(descriptor, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::runtime_error{"the inspector's socket is closed"};
  }
  std::string answer;
  std::array<char, 65536> buffer{};
  while (answer.empty() || answer.back() != '\n') {
    const auto got = read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const std::string why = got == 0 ? "it closed the connection (has the kiosk ended?)"
                              : errno == EAGAIN
                                  ? std::to_string(kAnswerPatience.count()) + " s went by"
                                  : std::string{std::strerror(errno)};
      throw std::runtime_error{"the inspector gave no whole answer to " + question.dump() + ": " +
                               why};
    }
    answer.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return nlohmann::json::parse(answer);
}

std::string KioskHand::screen() const { return tree().at("screen").get<std::string>(); }

std::optional<nlohmann::json> KioskHand::find(const std::string& id) const {
  const auto whole = tree();
  for (const auto& node : whole.at("nodes")) {
    if (node.at("id") == id) return node;
  }
  return std::nullopt;
}

std::string KioskHand::label(const std::string& id) const {
  const auto node = find(id);
  return node ? node->value("label", "") : "";
}

std::string KioskHand::value(const std::string& id) const {
  const auto node = find(id);
  if (!node) return "";
  const auto& content = node->at("value");
  return content.is_string() ? content.get<std::string>() : content.dump();
}

std::vector<std::string> KioskHand::ids_with(const std::string& prefix) const {
  std::vector<std::string> ids;
  const auto whole = tree();
  for (const auto& node : whole.at("nodes")) {
    auto id = node.at("id").get<std::string>();
    if (id.starts_with(prefix)) ids.push_back(std::move(id));
  }
  return ids;
}

void KioskHand::pointer(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{"xdotool"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto done = run(command, {"DISPLAY=" + display_});
  if (done.exit_code != 0) throw std::runtime_error{"xdotool: " + done.err};
}

void KioskHand::bring_into_view(const std::string& id) const {
  // A finger drags the page until the node's middle is between the head and the bar, or until the
  // node no longer follows (it is fixed, or the page has ended).
  const int top = height_ * 12 / 100;
  const int bottom = height_ * 86 / 100;
  std::optional<double> before;
  for (int i = 0; i < 30; ++i) {
    const auto node = find(id);
    if (!node) return;
    const auto& rect = node->at("rect");
    const double middle = rect.at(1).get<double>() + rect.at(3).get<double>() / 2;
    const bool seen = node->value("visible", true);
    if ((seen && middle >= top && middle <= bottom) || before == middle) return;
    before = middle;
    const bool below = middle > height_ / 2.0;
    const int from = below ? height_ * 70 / 100 : height_ * 30 / 100;
    const int to = below ? height_ * 35 / 100 : height_ * 65 / 100;
    const std::string x = std::to_string(width_ / 2);
    pointer({"mousemove", x, std::to_string(from), "mousedown", "1"});
    for (int step = 1; step <= 6; ++step) {
      pointer({"mousemove", x, std::to_string(from + (to - from) * step / 6)});
    }
    pause(std::chrono::milliseconds{150});  // the finger rests, so that nothing flies on
    pointer({"mouseup", "1"});
    pause(std::chrono::milliseconds{250});
  }
}

void KioskHand::tap(const std::string& id, std::chrono::milliseconds limit) {
  wait_for(id, limit);
  const auto early = find(id);
  if (early && !id.starts_with("keyboard.") && !id.starts_with("bar.")) bring_into_view(id);
  // Two looks that agree: the page does not move any more.
  nlohmann::json rect;
  wait_until(
      id + " lies still",
      [&] {
        const auto node = find(id);
        if (!node || !node->value("enabled", true)) return false;
        const bool still = node->at("rect") == rect;
        rect = node->at("rect");
        return still;
      },
      limit);
  const int x = static_cast<int>(rect.at(0).get<double>() + rect.at(2).get<double>() / 2);
  const int y = static_cast<int>(rect.at(1).get<double>() + rect.at(3).get<double>() / 2);
  pointer({"mousemove", std::to_string(x), std::to_string(y), "click", "1"});
  ++taps_;
}

void KioskHand::type_keys(const std::vector<std::string>& keys) {
  for (const auto& key : keys) tap("keyboard.key." + key);
}

void KioskHand::type_digits(const std::string& digits) {
  for (const char digit : digits) tap(std::string{"keyboard.key."} + digit);
}

void KioskHand::type_hardware(const std::string& text) const {
  // What the X server's keyboard lacks, xdotool puts on a spare key for each letter anew; a program
  // that reads the key after the next one was put there reads that one.
  const bool latin =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  pointer({"type", "--delay", latin ? "20" : "200", "--", text});
}

void KioskHand::wait_for(const std::string& id, std::chrono::milliseconds limit) const {
  wait_until(
      id + " on the screen", [&] { return find(id).has_value(); }, limit);
}

void KioskHand::wait_until(const std::string& what, const std::function<bool()>& condition,
                           std::chrono::milliseconds limit) const {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) {
      std::string seen;
      for (const auto& id : ids_with("")) seen += id + " ";
      throw std::runtime_error{"waited in vain for: " + what + "; screen " + screen() + ": " +
                               seen};
    }
    pause(kPoll);
  }
}

void KioskHand::screenshot(const std::filesystem::path& png) const {
  const auto answer = ask({{"get", "screenshot"}, {"path", png.string()}});
  if (answer.contains("error")) throw std::runtime_error{"screenshot: " + answer.dump()};
}

}  // namespace odop::test

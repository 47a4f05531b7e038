// A Unix socket (0600) on which tests look at the screen: one JSON line in, one out. It only
// observes.
// Threads: the socket has its own; questions wait for the UI thread, which answers between frames.
#pragma once

#include "kiosk/ui/semantics.h"
#include "shared/core/result.h"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace odop::kiosk::app {

struct Question {
  std::string get;   // tree, stats, screenshot
  std::string path;  // of a screenshot
};

// Nothing when the line is no question.
[[nodiscard]] std::optional<Question> parse_question(std::string_view line);

// {"screen":..., "nodes":[{"id","role","label","value","enabled","visible","rect":[x,y,w,h]}]}
[[nodiscard]] std::string tree_json(std::string_view screen, const ui::SemanticTree& tree);

class Inspector {
 public:
  // Listens. `wake` is called on the socket's thread when a question waits. A socket file that is
  // there already is replaced. Errors: kInvalidArgument (path too long), kIo.
  [[nodiscard]] static Result<std::unique_ptr<Inspector>> open(const std::filesystem::path& socket,
                                                               std::function<void()> wake);
  ~Inspector();
  Inspector(const Inspector&) = delete;
  Inspector& operator=(const Inspector&) = delete;

  [[nodiscard]] bool waiting() const;
  // The waiting question; nothing when there is none.
  [[nodiscard]] std::optional<Question> question() const;
  // Answers it with one line of JSON (without its end).
  void answer(std::string json);

 private:
  Inspector(int listener, std::filesystem::path socket, std::function<void()> wake);
  void run();
  void serve(int client);
  [[nodiscard]] std::optional<std::string> ask(const std::string& line);

  int listener_;
  int stop_ = -1;  // eventfd
  std::filesystem::path socket_;
  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::optional<Question> question_;
  std::optional<std::string> answer_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace odop::kiosk::app

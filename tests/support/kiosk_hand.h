// A visitor's hand and eyes for the real kiosk: sees through the inspector's tree, touches with
// xdotool on an X server of its own.
#pragma once

#include "tests/support/process.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace odop::test {

// An Xvfb of its own; ends with the object. The server picks its number itself, so that no two
// tests which start at the same moment share a screen (and lose it when the other ends).
class VirtualScreen {
 public:
  VirtualScreen(int width, int height, const std::filesystem::path& folder,
                const std::string& name);
  [[nodiscard]] const std::string& display() const { return display_; }  // ":99"

 private:
  std::string display_;
  Process server_;
};

class KioskHand {
 public:
  // `display` as in DISPLAY, `width` and `height` of the window in pixels, `socket` as given to
  // --inspect.
  KioskHand(std::string display, int width, int height, std::filesystem::path socket);

  // One request to the inspector. Throws std::runtime_error when the kiosk does not answer.
  [[nodiscard]] nlohmann::json ask(const nlohmann::json& question) const;
  [[nodiscard]] nlohmann::json tree() const { return ask({{"get", "tree"}}); }
  [[nodiscard]] nlohmann::json stats() const { return ask({{"get", "stats"}}); }
  [[nodiscard]] std::string screen() const;

  // The node, when it is on the screen.
  [[nodiscard]] std::optional<nlohmann::json> find(const std::string& id) const;
  [[nodiscard]] std::string label(const std::string& id) const;  // empty when absent
  [[nodiscard]] std::string value(const std::string& id) const;
  [[nodiscard]] std::vector<std::string> ids_with(const std::string& prefix) const;

  // Waits until the node is there and lies still, brings it into view, taps its middle.
  // Throws std::runtime_error with the ids on the screen when it does not come. Counts taps.
  void tap(const std::string& id, std::chrono::milliseconds limit = std::chrono::seconds{20});

  // Taps the keys of the on-screen keyboard one by one, e.g. {"इ", "त", "्", "र"}.
  void type_keys(const std::vector<std::string>& keys);
  void type_digits(const std::string& digits);

  // A hardware keyboard.
  void type_hardware(const std::string& text) const;

  void wait_for(const std::string& id,
                std::chrono::milliseconds limit = std::chrono::seconds{30}) const;
  // Throws with `what` and the screen's ids when `condition` does not become true in time.
  void wait_until(const std::string& what, const std::function<bool()>& condition,
                  std::chrono::milliseconds limit = std::chrono::seconds{40}) const;

  void screenshot(const std::filesystem::path& png) const;
  void pointer(const std::vector<std::string>& arguments) const;  // xdotool's words

  [[nodiscard]] int taps() const { return taps_; }
  void forget_taps() { taps_ = 0; }

 private:
  void bring_into_view(const std::string& id) const;

  std::string display_;
  int width_;
  int height_;
  std::filesystem::path socket_;
  int taps_ = 0;
};

}  // namespace odop::test

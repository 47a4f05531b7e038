// A real kiosk on a virtual screen of its own: program, data folder, and a hand to touch it.
#pragma once

#include "tests/support/kiosk_hand.h"
#include "tests/support/process.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace odop::test {

struct StandSettings {
  std::string name = "kiosk";
  std::string server;  // URL
  std::string code;    // one-time; empty when enrolled already
  std::string language = "hi";
  int width = 1080;  // pixels
  int height = 1920;
  std::string panel_mm = "398x707.6";
  std::vector<std::string> environment{};  // "NAME=VALUE", for the program
};

class Stand {
 public:
  // Everything lies under `folder`/`settings.name`; a kiosk that was there before goes on.
  Stand(const std::filesystem::path& folder, StandSettings settings);

  [[nodiscard]] KioskHand& hand() { return hand_; }
  [[nodiscard]] std::filesystem::path data() const { return folder_ / "data"; }
  [[nodiscard]] std::string err() const { return program_->err(); }
  [[nodiscard]] pid_t pid() const { return program_->pid(); }
  [[nodiscard]] std::uint64_t release() const;

  // Ends the program, which must end well (Process::stop_well).
  void stop() { program_->stop_well(); }
  // Ends the program and starts it again. The screen stays.
  void restart();
  // A picture into the folder that ODOP_SHOTS names; nothing without it.
  void shot(const std::string& what) const;

 private:
  void start();

  std::filesystem::path folder_;
  StandSettings settings_;
  VirtualScreen screen_;
  KioskHand hand_;
  std::optional<Process> program_;
};

}  // namespace odop::test

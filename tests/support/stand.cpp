#include "tests/support/stand.h"

#include "tests/support/server_hand.h"

#include <cstdlib>
#include <utility>
#include <vector>

namespace odop::test {
namespace {

std::filesystem::path made(std::filesystem::path folder) {
  std::filesystem::create_directories(folder);
  return folder;
}

}  // namespace

Stand::Stand(const std::filesystem::path& folder, StandSettings settings)
    : folder_(made(folder / settings.name)),
      settings_(std::move(settings)),
      screen_(settings_.width, settings_.height, folder_, "xvfb"),
      hand_(screen_.display(), settings_.width, settings_.height, folder_ / "inspect") {
  start();
}

void Stand::start() {
  std::vector<std::string> command{
      program("odop-kiosk"),
      "--data",
      data(),
      "--window",
      std::to_string(settings_.width) + "x" + std::to_string(settings_.height),
      "--panel-mm",
      settings_.panel_mm,
      "--language",
      settings_.language,
      "--inspect",
      folder_ / "inspect"};
  if (!settings_.server.empty()) {
    command.insert(command.end(), {"--server", settings_.server});
  }
  if (!settings_.code.empty()) command.insert(command.end(), {"--enrol", settings_.code});
  std::vector<std::string> environment = settings_.environment;
  environment.push_back("DISPLAY=" + screen_.display());
  program_.emplace(command, folder_, "kiosk", environment);
}

void Stand::restart() {
  stop();
  program_.reset();
  settings_.code.clear();
  start();
}

std::uint64_t Stand::release() const { return hand_.stats().at("release").get<std::uint64_t>(); }

void Stand::shot(const std::string& what) const {
  if (const char* folder = std::getenv("ODOP_SHOTS")) {
    hand_.screenshot(std::filesystem::path{folder} / (settings_.name + "-" + what + ".png"));
  }
}

}  // namespace odop::test

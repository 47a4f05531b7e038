#include "kiosk/app/app.h"
#include "kiosk/app/bundle_command.h"
#include "kiosk/app/options.h"
#include "kiosk/app/prompts_command.h"

#include <exception>
#include <iostream>
#include <variant>

int main(int argc, char** argv) {
  try {
    if (odop::kiosk::app::is_bundle_command(argc, argv)) {
      return odop::kiosk::app::run_bundle_command(argc, argv);
    }
    if (odop::kiosk::app::is_prompts_command(argc, argv)) {
      return odop::kiosk::app::run_prompts_command(argc, argv);
    }
    const auto parsed = odop::kiosk::app::parse_options(argc, argv);
    if (const int* status = std::get_if<int>(&parsed)) return *status;
    return odop::kiosk::app::run(std::get<odop::kiosk::app::Options>(parsed), argv[0]);
  } catch (const std::exception& error) {
    std::cerr << "odop-kiosk: " << error.what() << "\n";
    return 1;
  }
}

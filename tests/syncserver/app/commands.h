// Commands of the real program on a data folder, with what they said.
#pragma once

#include "tests/support/process.h"
#include "tests/support/server_hand.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace odop::test {

using Words = std::vector<std::string>;

inline Finished run_syncserver(Words words) {
  words.insert(words.begin(), program("odop-syncserver"));
  return run(words);
}

class Commands {
 public:
  explicit Commands(std::filesystem::path data) : data_(std::move(data)) {}

  [[nodiscard]] Finished operator()(Words words) const {
    words.emplace_back("--data");
    words.push_back(data_);
    return run_syncserver(std::move(words));
  }
  // Exit 0, nothing on stderr; what --json reports.
  [[nodiscard]] nlohmann::json json(Words words) const {
    words.emplace_back("--json");
    const Finished done = (*this)(std::move(words));
    CHECK(done.exit_code == 0);
    CHECK(done.err.empty());
    return nlohmann::json::parse(done.out);
  }
  // Exit 0; what it printed for people.
  [[nodiscard]] std::string text(Words words) const {
    const Finished done = (*this)(std::move(words));
    INFO(done.err);
    CHECK(done.exit_code == 0);
    return done.out;
  }
  // One clear line on stderr and this exit code; the line.
  [[nodiscard]] std::string refused(Words words, int exit_code) const {
    return refusal((*this)(std::move(words)), exit_code);
  }
  static std::string refusal(const Finished& done, int exit_code) {
    INFO(done.err);
    CHECK(done.exit_code == exit_code);
    CHECK(done.err.starts_with("odop-syncserver: "));
    CHECK(done.err.size() > 30);
    CHECK(done.err.size() < 700);
    CHECK(done.err.find('\n') == done.err.size() - 1);
    return done.err;
  }
  [[nodiscard]] const std::filesystem::path& data() const { return data_; }

 private:
  std::filesystem::path data_;
};

}  // namespace odop::test

// What opening found in one submission. Internal to opener.cpp and opener_withdrawals.cpp.
#pragma once

#include "shared/wire/messages.h"
#include "syncserver/service/answers_json.h"
#include "syncserver/service/opener.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace odop::syncserver {

struct Opener::Read {
  Submission submission;
  bool readable = false;  // `body` was unsealed
  std::string reason;     // not empty: to quarantine
  wire::SubmissionBody body;
  ReadAnswers answers;

  Read() = default;
  Read(const Read&) = delete;
  Read(Read&&) noexcept = default;
  Read& operator=(const Read&) = delete;
  Read& operator=(Read&&) noexcept = default;
  ~Read() {
    wipe_body(body);
    wipe(answers.mobile);
    wipe(answers.email);
    wipe(answers.name);
    wipe(answers.status_code);
  }
};

struct Opener::Judgement {
  bool waits = false;                     // no target here, or one that is not open yet
  bool fits = false;                      // the code opens at least one of them
  std::vector<std::int64_t> fitting;      // those that it opens, also when they are restricted
  std::vector<std::string> districts;     // of their cases
  std::optional<std::int64_t> withdrawn;  // a target that is withdrawn, or erased
};

}  // namespace odop::syncserver

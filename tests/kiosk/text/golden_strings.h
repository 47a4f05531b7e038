// Texts that break a weak text layer, each with what must come of it before HarfBuzz is asked: the
// face of each run, its direction and its very characters, from left to right.
#pragma once

#include "kiosk/text/layout.h"

#include <string>
#include <string_view>
#include <vector>

namespace odop::typeset::test {

struct ExpectedRun {
  FaceId face;
  bool right_to_left;
  std::string_view text;
};

struct GoldenString {
  std::string_view what;
  Language language;
  TextRole role;
  std::string_view text;
  std::vector<ExpectedRun> runs;
};

// One run of one face, left to right (or right to left for the Arabic faces).
[[nodiscard]] inline GoldenString one_run(std::string_view what, Language language, TextRole role,
                                          FaceId face, std::string_view text) {
  const bool right_to_left =
      face == FaceId::kNaskh || face == FaceId::kNaskhBold || face == FaceId::kNastaliqBold;
  return {what, language, role, text, {{face, right_to_left, text}}};
}

[[nodiscard]] std::vector<GoldenString> golden_strings();

}  // namespace odop::typeset::test

// What stands on a printed bitmap, as somebody's telephone reads it.
#pragma once

#include "kiosk/print/slip.h"
#include "tests/support/process.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace odop::test {

// The text of the code picture; empty: none is found.
inline std::string read_code(const kiosk::print::Bitmap& bitmap,
                             const std::filesystem::path& folder) {
  const auto file = folder / "page.pgm";
  {
    std::ofstream out(file, std::ios::binary);
    out << "P5\n" << bitmap.width << " " << bitmap.height << "\n255\n";
    out.write(reinterpret_cast<const char*>(bitmap.grey.data()),
              static_cast<std::streamsize>(bitmap.grey.size()));
  }
  std::string said = run({"zbarimg", "--raw", "-q", file.string()}).out;
  while (said.ends_with('\n')) said.pop_back();
  return said;
}

inline kiosk::print::Slip slip_in(Language language) {
  using kiosk::print::Slip;
  Slip slip;
  slip.language = language;
  const bool urdu = language == Language::kUrdu;
  const bool english = language == Language::kEnglish;
  slip.title = english ? "Your enquiry is kept"
               : urdu  ? "آپ کی پوچھ گچھ محفوظ ہے"
                       : "आपकी पूछताछ सुरक्षित है";
  slip.state = english ? "It goes to the office of Kannauj."
               : urdu  ? "یہ قنوج کے دفتر جائے گی۔"
                       : "यह कन्नौज के दफ्तर जाएगी।";
  slip.numbers = {{english ? "Reference"
                   : urdu  ? "حوالہ نمبر"
                           : "संदर्भ संख्या",
                   "017 0042 836"},
                  {english ? "Code"
                   : urdu  ? "کوڈ"
                           : "कोड",
                   "4821 0093"}};
  slip.code = "odop:0170042836:48210093:00112233445566778899aabbccddeeff";
  slip.code_label = english ? "Show this at any kiosk"
                    : urdu  ? "یہ کسی بھی کیوسک پر دکھائیں"
                           : "यह किसी भी कियोस्क पर दिखाएं";
  slip.rows = {{english ? "Answer by 5 December"
                : urdu  ? "5 دسمبر تک جواب"
                        : "5 दिसंबर तक जवाब",
                "DIEPC"}};
  return slip;
}

}  // namespace odop::test

#include "kiosk/app/translations.h"

#include <string>
#include <utility>

namespace odop::kiosk::app {

Result<Translations> load_translations(const std::filesystem::path& folder) {
  Translations words{Words(Language::kHindi), Words(Language::kEnglish), Words(Language::kUrdu)};
  for (const Language language : kLanguages) {
    auto loaded = Words::load(language, folder / (std::string(code(language)) + ".mo"));
    if (!loaded) return fail(loaded.error());
    words.at(index(language)) = std::move(*loaded);
  }
  return words;
}

}  // namespace odop::kiosk::app

// The fonts of the kiosk: one FreeType face and one HarfBuzz font per file, both at unitsPerEm, so
// that shaping does not depend on the size; and the choice of a face for a character.
// Threads: one only (FreeType faces are not shareable).
#pragma once

#include "kiosk/text/text_style.h"
#include "shared/core/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

struct hb_font_t;
struct FT_FaceRec_;

namespace odop::typeset {

enum class FaceId : std::uint8_t {
  kSans,
  kSansBold,
  kSerifBold,
  kDevanagari,
  kDevanagariBold,
  kDevanagariSerifBold,
  kNaskh,
  kNaskhBold,
  kNastaliqBold,
  kSymbols,
};
inline constexpr std::size_t kFaceCount = 10;

// Where Debian's fonts-noto-core and fonts-noto-ui-core put their files. No fontconfig: a stand
// must look the same whatever else is installed.
inline constexpr const char* kDebianNotoFolder = "/usr/share/fonts/truetype/noto";

// In font units; descent counts downwards and is positive.
struct FaceMetrics {
  std::int32_t units_per_em = 1000;
  std::int32_t ascent = 0;
  std::int32_t descent = 0;
  std::int32_t line_gap = 0;
};

// Ink box of a glyph in font units, y upwards, relative to its pen position. Empty: no ink.
struct GlyphInk {
  std::int32_t left = 0;
  std::int32_t right = 0;
  std::int32_t bottom = 0;
  std::int32_t top = 0;

  [[nodiscard]] bool empty() const { return left >= right || bottom >= top; }
};

class FontSet {
 public:
  // Opens every face in `folder`. Errors: NotFound (context: the file), Corrupt.
  [[nodiscard]] static Result<FontSet> open(
      const std::filesystem::path& folder = kDebianNotoFolder);

  FontSet(FontSet&&) noexcept;
  FontSet& operator=(FontSet&&) = delete;
  FontSet(const FontSet&) = delete;
  FontSet& operator=(const FontSet&) = delete;
  ~FontSet();

  // File name of a face ("NotoSans-Regular.ttf").
  [[nodiscard]] static const char* file_name(FaceId face);

  [[nodiscard]] const FaceMetrics& metrics(FaceId face) const;

  // Whether the face has a glyph of its own for a code point.
  [[nodiscard]] bool covers(FaceId face, char32_t code_point) const;

  // Remembered after the first question.
  [[nodiscard]] const GlyphInk& ink(FaceId face, std::uint32_t glyph) const;

  // The face that gives the language its line height and the text its leading punctuation.
  [[nodiscard]] static FaceId primary_face(Language language, TextRole role);

  // The face for 0-9, currency and Latin letters.
  [[nodiscard]] static FaceId latin_face(TextRole role);

  // Faces to try for a script (ISO 15924 tag such as 'Deva'; 0 for common characters), best first;
  // the symbols come last.
  [[nodiscard]] static std::span<const FaceId> chain(std::uint32_t script, Language language,
                                                     TextRole role);

  // Borrowed from this FontSet; scaled to units per em, with HarfBuzz's own OpenType functions.
  [[nodiscard]] hb_font_t* shaping_font(FaceId face) const;

  // Borrowed; for the atlas, which sets its size.
  [[nodiscard]] FT_FaceRec_* raster_face(FaceId face) const;

 private:
  struct Face;
  struct Library;
  FontSet();

  std::unique_ptr<Library> library_;
  std::array<std::unique_ptr<Face>, kFaceCount> faces_;
};

}  // namespace odop::typeset

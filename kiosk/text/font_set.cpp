#include "kiosk/text/font_set.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb-ot.h>
#include <hb.h>

#include <cassert>
#include <unordered_map>
#include <utility>

namespace odop::typeset {
namespace {

template <auto kDestroy>
struct Destroy {
  template <typename T>
  void operator()(T* handle) const {
    kDestroy(handle);
  }
};
using Blob = std::unique_ptr<hb_blob_t, Destroy<hb_blob_destroy>>;
using FontFace = std::unique_ptr<hb_face_t, Destroy<hb_face_destroy>>;
using Font = std::unique_ptr<hb_font_t, Destroy<hb_font_destroy>>;
using RasterFace = std::unique_ptr<FT_FaceRec_, Destroy<FT_Done_Face>>;
using RasterLibrary = std::unique_ptr<FT_LibraryRec_, Destroy<FT_Done_FreeType>>;

constexpr std::array<const char*, kFaceCount> kFiles{
    "NotoSans-Regular.ttf",           "NotoSans-Bold.ttf",           "NotoSerif-Bold.ttf",
    "NotoSansDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf", "NotoSerifDevanagari-Bold.ttf",
    "NotoNaskhArabicUI-Regular.ttf",  "NotoNaskhArabicUI-Bold.ttf",  "NotoNastaliqUrdu-Bold.ttf",
    "NotoSansSymbols2-Regular.ttf",
};

// One face for each script in each role: `type.faces` of the design tokens.
struct Voice {
  FaceId latin;
  FaceId devanagari;
  FaceId arabic;
  FaceId arabic_rest;  // for what the face before lacks: Nastaliq has no ₹ % "
};

constexpr std::array<Voice, 3> kVoices{{
    {FaceId::kSans, FaceId::kDevanagari, FaceId::kNaskh, FaceId::kNaskh},
    {FaceId::kSerifBold, FaceId::kDevanagariSerifBold, FaceId::kNastaliqBold, FaceId::kNaskhBold},
    {FaceId::kSansBold, FaceId::kDevanagariBold, FaceId::kNaskhBold, FaceId::kNaskhBold},
}};

constexpr std::array<FaceId, 5> latin_first(const Voice& v) {
  return {v.latin, v.devanagari, v.arabic, v.arabic_rest, FaceId::kSymbols};
}
constexpr std::array<FaceId, 5> devanagari_first(const Voice& v) {
  return {v.devanagari, v.latin, v.arabic, v.arabic_rest, FaceId::kSymbols};
}
constexpr std::array<FaceId, 5> arabic_first(const Voice& v) {
  return {v.arabic, v.arabic_rest, v.latin, v.devanagari, FaceId::kSymbols};
}

using Chains = std::array<std::array<FaceId, 5>, 3>;
constexpr Chains kLatinChains{latin_first(kVoices[0]), latin_first(kVoices[1]),
                              latin_first(kVoices[2])};
constexpr Chains kDevanagariChains{devanagari_first(kVoices[0]), devanagari_first(kVoices[1]),
                                   devanagari_first(kVoices[2])};
constexpr Chains kArabicChains{arabic_first(kVoices[0]), arabic_first(kVoices[1]),
                               arabic_first(kVoices[2])};

constexpr std::size_t at(TextRole role) { return static_cast<std::size_t>(role); }
constexpr std::size_t at(FaceId face) { return static_cast<std::size_t>(face); }

}  // namespace

struct FontSet::Library {
  RasterLibrary handle;
};

struct FontSet::Face {
  Font font;
  RasterFace raster;
  FaceMetrics metrics;
  mutable std::unordered_map<std::uint32_t, GlyphInk> inks;
};

FontSet::FontSet() = default;
FontSet::FontSet(FontSet&&) noexcept = default;
FontSet::~FontSet() {
  // FreeType faces go before their library, whatever the order of the members.
  for (auto& face : faces_) {
    face.reset();
  }
}

Result<FontSet> FontSet::open(const std::filesystem::path& folder) {
  FontSet set;
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) {
    return fail(ErrorCode::kInternal, "FreeType does not start");
  }
  set.library_ = std::make_unique<Library>(Library{RasterLibrary(library)});

  for (std::size_t i = 0; i < kFaceCount; ++i) {
    const std::string path = (folder / kFiles[i]).string();
    const Blob blob(hb_blob_create_from_file_or_fail(path.c_str()));
    if (!blob) {
      return fail(ErrorCode::kNotFound, "font " + path);
    }
    const FontFace shaping_face(hb_face_create(blob.get(), 0));
    FT_Face raster = nullptr;
    if (hb_face_get_glyph_count(shaping_face.get()) == 0 ||
        FT_New_Face(library, path.c_str(), 0, &raster) != 0) {
      return fail(ErrorCode::kCorrupt, "font " + path);
    }
    auto face = std::make_unique<Face>();
    face->raster.reset(raster);
    face->font.reset(hb_font_create(shaping_face.get()));
    const auto upem = static_cast<int>(hb_face_get_upem(shaping_face.get()));
    hb_font_set_scale(face->font.get(), upem, upem);
    hb_ot_font_set_funcs(face->font.get());

    hb_font_extents_t extents{};
    hb_font_get_h_extents(face->font.get(), &extents);
    face->metrics = {upem, extents.ascender, -extents.descender, extents.line_gap};
    hb_font_make_immutable(face->font.get());
    set.faces_[i] = std::move(face);
  }
  return set;
}

const char* FontSet::file_name(FaceId face) { return kFiles[at(face)]; }

const FaceMetrics& FontSet::metrics(FaceId face) const { return faces_[at(face)]->metrics; }

bool FontSet::covers(FaceId face, char32_t code_point) const {
  hb_codepoint_t glyph = 0;
  return hb_font_get_nominal_glyph(faces_[at(face)]->font.get(), code_point, &glyph) != 0;
}

const GlyphInk& FontSet::ink(FaceId face, std::uint32_t glyph) const {
  const Face& owner = *faces_[at(face)];
  const auto [place, is_new] = owner.inks.try_emplace(glyph);
  if (is_new) {
    hb_glyph_extents_t extents{};
    if (hb_font_get_glyph_extents(owner.font.get(), glyph, &extents) != 0) {
      place->second = {extents.x_bearing, extents.x_bearing + extents.width,
                       extents.y_bearing + extents.height, extents.y_bearing};
    }
  }
  return place->second;
}

FaceId FontSet::primary_face(Language language, TextRole role) {
  return chain(0, language, role).front();
}

FaceId FontSet::latin_face(TextRole role) { return kVoices[at(role)].latin; }

std::span<const FaceId> FontSet::chain(std::uint32_t script, Language language, TextRole role) {
  switch (script) {
    case HB_SCRIPT_DEVANAGARI:
      return kDevanagariChains[at(role)];
    case HB_SCRIPT_ARABIC:
      return kArabicChains[at(role)];
    case 0:
      switch (language) {
        case Language::kHindi:
          return kDevanagariChains[at(role)];
        case Language::kUrdu:
          return kArabicChains[at(role)];
        case Language::kEnglish:
          break;
      }
      return kLatinChains[at(role)];
    default:
      return kLatinChains[at(role)];
  }
}

hb_font_t* FontSet::shaping_font(FaceId face) const { return faces_[at(face)]->font.get(); }

FT_FaceRec_* FontSet::raster_face(FaceId face) const { return faces_[at(face)]->raster.get(); }

}  // namespace odop::typeset

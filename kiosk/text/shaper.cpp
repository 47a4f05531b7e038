#include "kiosk/text/shaper.h"

#include <hb.h>
#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace odop::typeset {
namespace {

// 0 for characters that belong to no script of their own.
std::uint32_t own_script(char32_t code_point) {
  const hb_script_t script = hb_unicode_script(hb_unicode_funcs_get_default(), code_point);
  switch (script) {
    case HB_SCRIPT_COMMON:
    case HB_SCRIPT_INHERITED:
    case HB_SCRIPT_UNKNOWN:
      return 0;
    default:
      return script;
  }
}

// The script under which a face shapes characters that have none: its own features (kerning of
// digits, say) are listed there.
std::uint32_t script_of_face(FaceId face) {
  switch (face) {
    case FaceId::kSans:
    case FaceId::kSansBold:
    case FaceId::kSerifBold:
      return HB_SCRIPT_LATIN;
    case FaceId::kDevanagari:
    case FaceId::kDevanagariBold:
    case FaceId::kDevanagariSerifBold:
      return HB_SCRIPT_DEVANAGARI;
    case FaceId::kNaskh:
    case FaceId::kNaskhBold:
    case FaceId::kNastaliqBold:
      return HB_SCRIPT_ARABIC;
    case FaceId::kSymbols:
      return HB_SCRIPT_COMMON;
  }
  return HB_SCRIPT_COMMON;
}

hb_language_t language_of_script(std::uint32_t script) {
  // HarfBuzz interns the tags: a call is a short list walk.
  switch (script) {
    case HB_SCRIPT_DEVANAGARI:
      return hb_language_from_string("hi", 2);
    case HB_SCRIPT_ARABIC:
      return hb_language_from_string("ur", 2);
    default:
      return hb_language_from_string("en", 2);
  }
}

bool is_ascii_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool is_mark(char32_t c) { return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0; }

bool is_invisible(char32_t c) {
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

// Marks, joiners, isolates and variation selectors.
bool goes_with_previous(char32_t c) { return c > 0x7F && (is_mark(c) || is_invisible(c)); }

bool is_money_or_percent(char32_t c) {
  return c == U'%' || (c >= 0x20 && u_charType(static_cast<UChar32>(c)) == U_CURRENCY_SYMBOL);
}

constexpr char32_t kPopIsolate = 0x2069;

bool is_isolate_start(char32_t c) { return c >= 0x2066 && c <= 0x2068; }

char32_t code_point_at(std::u16string_view text, std::size_t index, std::size_t& next) {
  const char16_t unit = text[index];
  next = index + 1;
  if (U16_IS_LEAD(unit) && next < text.size() && U16_IS_TRAIL(text[next])) {
    return static_cast<char32_t>(U16_GET_SUPPLEMENTARY(unit, text[next++]));
  }
  return unit;
}

}  // namespace

// A character with what must share its face.
struct Shaper::Cluster {
  std::size_t begin = 0;
  std::size_t end = 0;
  char32_t base = 0;
  std::uint32_t script = 0;  // 0: of no script
  FaceId face = FaceId::kSans;
  bool invisible = false;            // starts the paragraph, and nothing of it is drawn
  const Cluster* before = nullptr;   // whose face a character of no script follows
  const Cluster* resumed = nullptr;  // ends an isolate: the text goes on from this one
  const Cluster* opening = nullptr;  // of a closing bracket
};

Shaper::Shaper(const FontSet& fonts) : fonts_(fonts), buffer_(hb_buffer_create()) {}

Shaper::~Shaper() { hb_buffer_destroy(buffer_); }

void Shaper::split_clusters(std::u16string_view paragraph) {
  clusters_.clear();
  clusters_.reserve(paragraph.size());  // pointers to clusters are stable
  std::vector<const Cluster*> outside;  // of each open isolate, the text before it
  const auto text_before = [this]() -> const Cluster* {
    if (clusters_.empty()) {
      return nullptr;
    }
    const Cluster& last = clusters_.back();
    return last.resumed != nullptr ? last.resumed : &last;
  };
  for (std::size_t i = 0; i < paragraph.size();) {
    std::size_t next = i;
    const char32_t c = code_point_at(paragraph, i, next);
    const bool joins = goes_with_previous(c);
    const bool can_join = !clusters_.empty() && (!clusters_.back().invisible || is_invisible(c));
    if (joins && can_join) {
      Cluster& last = clusters_.back();
      last.end = next;
      if (last.script == 0) {
        last.script = own_script(c);  // ◌ takes the script of its sign
      }
    } else {
      const Cluster* before = text_before();
      clusters_.push_back({i, next, c, own_script(c), FaceId::kSans, joins && is_invisible(c),
                           before, nullptr, nullptr});
    }
    if (is_isolate_start(c)) {
      outside.push_back(text_before());
    } else if (c == kPopIsolate && !outside.empty()) {
      clusters_.back().resumed = outside.back();
      outside.pop_back();
    }
    i = next;
  }
  // Brackets; depth as in UAX #9 (BD16).
  constexpr std::size_t kMaxDepth = 63;
  std::vector<const Cluster*> open;
  for (Cluster& cluster : clusters_) {
    const auto c = static_cast<UChar32>(cluster.base);
    switch (u_getIntPropertyValue(c, UCHAR_BIDI_PAIRED_BRACKET_TYPE)) {
      case U_BPT_OPEN:
        if (open.size() < kMaxDepth) {
          open.push_back(&cluster);
        }
        break;
      case U_BPT_CLOSE: {
        const auto partner = static_cast<char32_t>(u_getBidiPairedBracket(c));
        const auto found = std::find_if(open.rbegin(), open.rend(),
                                        [partner](const Cluster* o) { return o->base == partner; });
        if (found != open.rend()) {
          cluster.opening = *found;
          open.erase(std::prev(found.base()), open.end());
        }
        break;
      }
      default:
        break;
    }
  }
}

FaceId Shaper::choose_face(std::u16string_view paragraph, std::size_t index, Language language,
                           TextRole role) const {
  const Cluster& cluster = clusters_[index];
  const auto covers_all = [&](FaceId face) {
    for (std::size_t i = cluster.begin; i < cluster.end;) {
      const char32_t c = code_point_at(paragraph, i, i);
      if (!is_invisible(c) && !fonts_.covers(face, c)) {
        return false;
      }
    }
    return true;
  };
  const auto covers_base = [&](FaceId face) { return fonts_.covers(face, cluster.base); };

  const std::span<const FaceId> chain = FontSet::chain(cluster.script, language, role);
  if (cluster.script == 0) {
    const Cluster* previous = cluster.before;
    const bool before_digit =
        index + 1 < clusters_.size() && is_ascii_digit(clusters_[index + 1].base) &&
        (previous == nullptr || u_isUWhiteSpace(static_cast<UChar32>(previous->base)) != 0) &&
        u_isUWhiteSpace(static_cast<UChar32>(cluster.base)) == 0;  // the + of +91
    if (is_ascii_digit(cluster.base) || is_money_or_percent(cluster.base) || before_digit) {
      const FaceId latin = FontSet::latin_face(role);
      if (covers_all(latin)) {
        return latin;
      }
    }
    if (cluster.opening != nullptr && covers_all(cluster.opening->face)) {
      return cluster.opening->face;
    }
    if (previous != nullptr && !previous->invisible && previous->face != FaceId::kSymbols &&
        covers_all(previous->face)) {
      return previous->face;
    }
  }
  if (const auto found = std::ranges::find_if(chain, covers_all); found != chain.end()) {
    return *found;
  }
  // HarfBuzz may yet compose or decompose what is missing; else the face's own box is drawn.
  const auto found = std::ranges::find_if(chain, covers_base);
  return found != chain.end() ? *found : chain.front();
}

void Shaper::itemise(std::u16string_view paragraph, std::span<const std::uint8_t> levels,
                     Language language, TextRole role, std::vector<Item>& out) {
  assert(levels.size() == paragraph.size());
  out.clear();
  split_clusters(paragraph);
  for (std::size_t i = 0; i < clusters_.size(); ++i) {
    Cluster& cluster = clusters_[i];
    if (cluster.invisible) {
      continue;
    }
    cluster.face = choose_face(paragraph, i, language, role);
    if (cluster.script == 0) {
      const Cluster* before = cluster.before;
      const bool same = before != nullptr && !before->invisible && before->face == cluster.face;
      cluster.script = same ? before->script : script_of_face(cluster.face);
    }
  }
  if (!clusters_.empty() && clusters_.front().invisible) {
    // Isolates before the first letter go with it; alone, with the language.
    Cluster& first = clusters_.front();
    first.face = clusters_.size() > 1 ? clusters_[1].face : FontSet::primary_face(language, role);
    first.script = clusters_.size() > 1 ? clusters_[1].script : script_of_face(first.face);
  }
  for (const Cluster& cluster : clusters_) {
    for (std::size_t unit = cluster.begin; unit < cluster.end; ++unit) {
      if (out.empty() || out.back().level != levels[unit] || out.back().face != cluster.face ||
          out.back().script != cluster.script) {
        out.push_back({unit, unit, cluster.face, levels[unit], cluster.script});
      }
      out.back().end = unit + 1;
    }
  }
}

void Shaper::shape(std::u16string_view paragraph, const Item& item, std::size_t begin,
                   std::size_t end, std::vector<ShapedGlyph>& out) {
  hb_buffer_clear_contents(buffer_);
  hb_buffer_add_utf16(buffer_, reinterpret_cast<const std::uint16_t*>(paragraph.data()),
                      static_cast<int>(paragraph.size()), static_cast<unsigned>(begin),
                      static_cast<int>(end - begin));
  unsigned flags = HB_BUFFER_FLAG_DEFAULT;
  if (begin == 0) {
    flags |= HB_BUFFER_FLAG_BOT;
  }
  if (end == paragraph.size()) {
    flags |= HB_BUFFER_FLAG_EOT;
  }
  hb_buffer_set_flags(buffer_, static_cast<hb_buffer_flags_t>(flags));
  hb_buffer_set_direction(buffer_, item.right_to_left() ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
  hb_buffer_set_script(buffer_, static_cast<hb_script_t>(item.script));
  hb_buffer_set_language(buffer_, language_of_script(item.script));
  hb_shape(fonts_.shaping_font(item.face), buffer_, nullptr, 0);

  unsigned count = 0;
  hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer_, &count);
  const hb_glyph_position_t* positions = hb_buffer_get_glyph_positions(buffer_, &count);
  out.reserve(out.size() + count);
  for (unsigned i = 0; i < count; ++i) {
    const bool is_unsafe =
        (hb_glyph_info_get_glyph_flags(&infos[i]) & HB_GLYPH_FLAG_UNSAFE_TO_BREAK) != 0;
    out.push_back({infos[i].codepoint, infos[i].cluster, positions[i].x_advance,
                   positions[i].x_offset, positions[i].y_offset, is_unsafe});
  }
  if (count > 0) {
    explicit_bzero(infos, count * sizeof(*infos));  // a visitor's words stay nowhere
  }
}

}  // namespace odop::typeset

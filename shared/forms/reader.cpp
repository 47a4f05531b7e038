#include "shared/forms/reader.h"

#include "shared/text/normalise.h"

#include <algorithm>
#include <array>

namespace odop::forms {
namespace {

using Kind = Tree::Kind;

constexpr std::size_t kMaxIdBytes = 64;

// The language of a definition's text has what a screen can show in one piece.
std::string text_fault(const std::string& text, std::string_view language, std::size_t max_bytes) {
  if (text.find_first_not_of(" \t\n") == std::string::npos) return "is empty";
  if (text.size() > max_bytes) return "is longer than " + std::to_string(max_bytes) + " bytes";
  if (!is_nfc(text)) return "is not in normal form (NFC)";
  if (language == "hi" && has_legacy_font_letters(text)) return "holds letters of a legacy font";
  const bool control = std::ranges::any_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
  });
  return control ? "holds control characters" : "";
}

}  // namespace

bool read_keys(const Tree& object, std::initializer_list<std::string_view> allowed,
               const std::string& place, Faults& faults) {
  if (!object.is(Kind::kObject)) {
    faults.say(place, "must be an object");
    return false;
  }
  for (const std::string& key : object.keys) {
    if (std::ranges::find(allowed, std::string_view(key)) != allowed.end()) continue;
    std::string known;
    for (const std::string_view name : allowed)
      known += (known.empty() ? "" : ", ") + std::string(name);
    faults.say(place,
               "\"" + key.substr(0, kMaxIdBytes) + "\" is not known here; known are " + known);
  }
  return true;
}

bool is_id(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= kMaxIdBytes && plain(text.front()) &&
         std::ranges::all_of(text,
                             [&](char c) { return plain(c) || c == '-' || c == '_' || c == '.'; });
}

std::string read_optional_id(const Tree& object, std::string_view key, const std::string& place,
                             Faults& faults) {
  return object.find(key) == nullptr ? std::string() : read_id(object, key, place, faults);
}

std::string read_id(const Tree& object, std::string_view key, const std::string& place,
                    Faults& faults) {
  const Tree* value = object.find(key);
  const std::string here = place + "." + std::string(key);
  if (value == nullptr) {
    faults.say(here, "is missing");
    return {};
  }
  if (!value->is(Kind::kText) || !is_id(value->text)) {
    faults.say(here, "must be an id of at most 64 small letters, digits, - _ and .");
    return {};
  }
  return value->text;
}

std::int64_t read_whole(const Tree& object, std::string_view key, std::int64_t least,
                        std::int64_t most, std::int64_t otherwise, const std::string& place,
                        Faults& faults) {
  const Tree* value = object.find(key);
  if (value == nullptr) return otherwise;
  if (!value->is(Kind::kInteger) || value->integer < least || value->integer > most) {
    faults.say(
        place + "." + std::string(key),
        "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return otherwise;
  }
  return value->integer;
}

bool read_flag(const Tree& object, std::string_view key, const std::string& place, Faults& faults) {
  const Tree* value = object.find(key);
  if (value == nullptr) return false;
  if (!value->is(Kind::kBoolean))
    faults.say(place + "." + std::string(key), "must be true or false");
  return value->boolean;
}

LocalText read_text(const Tree& object, std::string_view key, std::size_t max_bytes,
                    const std::string& place, Faults& faults) {
  LocalText out;
  const std::string here = place + "." + std::string(key);
  const Tree* texts = object.find(key);
  if (texts == nullptr) {
    faults.say(here, "is missing");
    return out;
  }
  if (!read_keys(*texts, {"hi", "en", "ur"}, here, faults)) return out;
  for (const Language language : kLanguages) {
    const Tree* text = texts->find(code(language));
    const std::string at = here + "." + std::string(code(language));
    if (text == nullptr) {
      faults.say(at, "is missing");
    } else if (!text->is(Kind::kText)) {
      faults.say(at, "must be a text");
    } else if (const auto fault = text_fault(text->text, code(language), max_bytes);
               !fault.empty()) {
      faults.say(at, fault);
    } else {
      out.by_language.at(index(language)) = text->text;
    }
  }
  return out;
}

std::optional<LocalText> read_optional_text(const Tree& object, std::string_view key,
                                            std::size_t max_bytes, const std::string& place,
                                            Faults& faults) {
  if (object.find(key) == nullptr) return std::nullopt;
  return read_text(object, key, max_bytes, place, faults);
}

Audio read_audio(const Tree& object, const std::string& place, Faults& faults) {
  Audio out;
  const Tree* audio = object.find("audio");
  if (audio == nullptr) return out;
  const std::string here = place + ".audio";
  if (!read_keys(*audio, {"hi", "en", "ur", "awa", "bho", "bns"}, here, faults)) return out;
  for (const std::string& language : audio->keys) {
    out[language] = read_id(*audio, language, here, faults);
  }
  return out;
}

const std::vector<Tree>& read_list(const Tree& object, std::string_view key, bool needed,
                                   std::size_t most, const std::string& place, Faults& faults) {
  static const std::vector<Tree> none;
  const Tree* list = object.find(key);
  const std::string here = place + "." + std::string(key);
  if (list == nullptr) {
    if (needed) faults.say(here, "is missing");
    return none;
  }
  if (!list->is(Kind::kList)) {
    faults.say(here, "must be a list");
    return none;
  }
  if (list->items.size() > most) {
    faults.say(here, "has more than " + std::to_string(most) + " entries");
    return none;
  }
  if (needed && list->items.empty()) faults.say(here, "is empty");
  return list->items;
}

}  // namespace odop::forms

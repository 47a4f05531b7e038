// A form as data: a JSON Schema (draft-07) and the questions that fill it, in three languages. An
// admin writes it, the catalogue carries it, kiosk and server run the same code on it. README.md
// shows how a file looks.
//
// A Form is parsed and validated as a whole or not at all. It is a value, immutable after parsing;
// any thread may read it.
#pragma once

#include "shared/core/result.h"
#include "shared/forms/amounts.h"
#include "shared/forms/format.h"
#include "shared/forms/pattern.h"
#include "shared/text/language.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::forms {

class CompiledSchema;  // schema.h, private to this room

// Bounds of a definition; all are decisions, with room above what the shipped forms need.
inline constexpr std::size_t kMaxFormBytes = 256 * 1024;
inline constexpr std::size_t kMaxSections = 16;
inline constexpr std::size_t kMaxQuestions = 80;
inline constexpr std::size_t kMaxOptions = 60;  // of one question
inline constexpr std::size_t kMaxDocuments = 20;
inline constexpr std::size_t kMaxConsents = 8;
inline constexpr std::size_t kMaxShortTextBytes = 400;  // labels, titles, options; one language
inline constexpr std::size_t kMaxLongTextBytes = 2000;  // help, introductions
inline constexpr std::size_t kMaxConditionParts = 24;   // of one question
inline constexpr std::size_t kMaxConditionDepth = 4;
inline constexpr std::int64_t kMaxTextCharacters = 2000;  // maxLength of an answer

// One text in the three languages, none empty, NFC. Order of odop::Language: hi, en, ur.
struct LocalText {
  std::array<std::string, 3> by_language;

  [[nodiscard]] const std::string& in(Language language) const {
    return by_language.at(index(language));
  }
};

// Recorded prompts: audio record ids by spoken language (hi, en, ur; awa, bho, bns for Awadhi,
// Bhojpuri, Bundeli). Any may be missing: the kiosk then speaks the text itself.
using Audio = std::map<std::string, std::string, std::less<>>;

// How a question is put on the screen.
enum class Widget : std::uint8_t {
  kOneChoice,    // "choice": one of a few; goes on by itself
  kChoices,      // "choices": several of a few
  kYesNo,        // "yes-no"
  kText,         // "text": one line and a keyboard
  kLongText,     // "long-text"
  kNumberPad,    // "number-pad": digits only
  kDay,          // "date"
  kBirth,        // "birth": decade, then year; the whole day on request
  kAmount,       // "amount": money
  kMeasure,      // "quantity": amount and unit
  kPicker,       // "picker": a record of the catalogue: district from the map, craft by picture ...
  kProductList,  // "product-list": the visitor's own list
};

// What the stored answer is.
enum class AnswerType : std::uint8_t { kBoolean, kWhole, kText, kTexts, kProducts };

struct Option {
  std::string value;
  LocalText label;
  std::string picture;  // file stem in assets/drawings; empty = none
  Audio audio;
};

// When a question is asked. A condition looks at questions before it only; an answer to a question
// that is itself not asked counts as not given.
struct Condition {
  enum class Kind : std::uint8_t {
    kAlways,
    kIs,        // the answer is one of `values` ("true", "false" for yes and no)
    kHas,       // one of the chosen options is one of `values`
    kAnswered,  // anything was said
    kAtLeast,   // the number is `number` or more
    kAll,
    kAny,
    kNot,  // one part
  };
  Kind kind = Kind::kAlways;
  std::string field;
  std::vector<std::string> values;
  std::int64_t number = 0;
  std::vector<Condition> parts;
};

struct Question {
  std::string field;  // id of the answer: a-z, 0-9, _
  Widget widget = Widget::kText;
  AnswerType type = AnswerType::kText;
  std::optional<Format> format;  // of a text or an amount
  LocalText label;
  std::optional<LocalText> help;
  std::string picture;  // file stem in assets/drawings; empty = none
  Audio audio;
  std::vector<Option> options;  // in the order shown; empty with a source
  std::string source;           // "districts" ...: options are records of the catalogue
  Condition show_if;
  bool required = false;  // must be answered when it is asked
  // Of a choice or a picker: what it is answered with from the beginning. Such a question is no
  // step of its own; it stands beside the next one that is, and may be changed there.
  std::string preset;
  // Passed over on the way and never required; it waits in the read-back.
  bool later = false;

  // From the schema. Lengths in code points; for money in minor units.
  std::size_t min_length = 0;
  std::size_t max_length = 0;
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  std::size_t min_items = 0;
  std::size_t max_items = 0;
  std::optional<Pattern> pattern;
  bool must_be_yes = false;  // a declaration

  AgeRange ages;                                         // birth
  std::string currency;                                  // amount: ISO 4217
  bool voice = false;                                    // may be spoken instead
  std::map<std::string, LocalText, std::less<>> errors;  // own words for a problem, by text key
};

struct Section {
  std::string id;
  LocalText title;
  std::optional<LocalText> help;
  Condition show_if;
  std::size_t first = 0;  // of Form::questions
  std::size_t count = 0;
};

// A consent that is asked for, unticked, after its notice.
struct ConsentPurpose {
  std::string purpose;
  std::string notice;  // id of the catalogue's notice
  bool required = false;
};

struct Document {
  std::string id;
  LocalText label;
};

// What a form of a scheme must say: it is an assisted draft, and somebody must still file it.
struct SchemeDraft {
  std::string scheme;   // id of the catalogue's record
  LocalText not_filed;  // shown before the first question, before sending and on the receipt
  std::vector<std::string> deadline_fields;  // of the record; the first that it holds is shown
  LocalText deadline_unknown;                // when it holds none of them
  std::vector<Document> documents;           // to bring to the office; never given to the kiosk
};

struct Form {
  std::string id;
  std::uint32_t version = 0;  // from 1; answers name the version that they fill
  std::string kind;           // of the submission: "registration" ...
  LocalText title;
  LocalText intro;
  Audio audio;
  std::optional<SchemeDraft> scheme;
  std::vector<ConsentPurpose> consents;
  std::vector<Section> sections;
  std::vector<Question> questions;  // in the order asked
  // Shared because a Form is copied as a value and the compiled schema never changes.
  std::shared_ptr<const CompiledSchema> schema;

  // Null when there is no such field.
  [[nodiscard]] const Question* find(std::string_view field) const;
};

// Reads and validates a definition. Errors: kTooLarge, kMalformed, kUnsupported (a definition for a
// newer program). The context is for the admin: the place and what is wrong there, such as
// "ui.sections[1].questions[3].label.ur: is missing".
[[nodiscard]] Result<Form> parse_form(std::string_view json);

[[nodiscard]] std::string_view name_of(Widget widget);

}  // namespace odop::forms

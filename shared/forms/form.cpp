#include "shared/forms/form.h"

#include "shared/forms/reader.h"
#include "shared/forms/schema.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace odop::forms {
namespace {

using Kind = Tree::Kind;

constexpr std::int64_t kDefinition = 1;  // of the definition's own layout
constexpr std::int64_t kMaxVersion = 1'000'000;
constexpr TreeLimits kLimits{.bytes = kMaxFormBytes, .depth = 20, .values = 20'000, .members = 400};

// The kinds of submissions (shared/wire).
constexpr std::array<std::string_view, 9> kKinds{"enquiry",    "registration", "application",
                                                 "question",   "problem",      "feedback",
                                                 "withdrawal", "attendance",   "correction"};

class FormReader {
 public:
  explicit FormReader(const Tree& root) : root_(root) {}

  Result<Form> read() {
    const bool readable = read_keys(root_,
                                    {"form", "id", "version", "kind", "title", "intro", "audio",
                                     "scheme", "consents", "schema", "ui"},
                                    "form", faults_);
    if (!readable) return fail(ErrorCode::kMalformed, faults_.first());
    const Tree* definition = root_.find("form");
    if (definition != nullptr && definition->integer > kDefinition) {
      return fail(ErrorCode::kUnsupported, "form: this definition is for a newer program");
    }
    if (definition == nullptr || definition->integer != kDefinition)
      faults_.say("form", "must be 1");
    read_head();
    read_scheme();
    read_consents();
    const Tree* schema = root_.find("schema");
    if (schema == nullptr) faults_.say("schema", "is missing");
    if (!faults_.any()) read_questions(*schema);
    if (!faults_.any()) read_required(*schema);
    if (faults_.any()) return fail(ErrorCode::kMalformed, faults_.first());
    auto compiled = CompiledSchema::compile(*schema);
    if (!compiled.has_value()) return fail(compiled.error());
    form_.schema = std::move(compiled.value());
    return std::move(form_);
  }

 private:
  void read_head() {
    form_.id = read_id(root_, "id", "form", faults_);
    form_.version = static_cast<std::uint32_t>(
        read_whole(root_, "version", 1, kMaxVersion, 0, "form", faults_));
    if (form_.version == 0) faults_.say("form.version", "is missing");
    form_.kind = read_id(root_, "kind", "form", faults_);
    if (std::ranges::find(kKinds, form_.kind) == kKinds.end()) {
      faults_.say("form.kind", "\"" + form_.kind + "\" is no kind of submission");
    }
    form_.title = read_text(root_, "title", kMaxShortTextBytes, "form", faults_);
    form_.intro = read_text(root_, "intro", kMaxLongTextBytes, "form", faults_);
    form_.audio = read_audio(root_, "form", faults_);
  }

  void read_scheme() {
    const Tree* scheme = root_.find("scheme");
    if (scheme == nullptr) {
      if (form_.kind == "application")
        faults_.say("scheme", "is missing: an application is of one");
      return;
    }
    if (!read_keys(*scheme, {"id", "not_filed", "deadline_fields", "deadline_unknown", "documents"},
                   "scheme", faults_)) {
      return;
    }
    SchemeDraft draft;
    draft.scheme = read_id(*scheme, "id", "scheme", faults_);
    draft.not_filed = read_text(*scheme, "not_filed", kMaxLongTextBytes, "scheme", faults_);
    for (const Tree& field : read_list(*scheme, "deadline_fields", true, 4, "scheme", faults_)) {
      if (!field.is(Kind::kText) || !is_id(field.text)) {
        faults_.say("scheme.deadline_fields", "must be names of fields");
      }
      draft.deadline_fields.push_back(field.text);
    }
    draft.deadline_unknown =
        read_text(*scheme, "deadline_unknown", kMaxShortTextBytes, "scheme", faults_);
    for (const Tree& document :
         read_list(*scheme, "documents", true, kMaxDocuments, "scheme", faults_)) {
      const std::string place = "scheme.documents[" + std::to_string(draft.documents.size()) + "]";
      if (!read_keys(document, {"id", "label"}, place, faults_)) return;
      draft.documents.push_back(
          {.id = read_id(document, "id", place, faults_),
           .label = read_text(document, "label", kMaxShortTextBytes, place, faults_)});
    }
    form_.scheme = std::move(draft);
  }

  void read_consents() {
    for (const Tree& consent : read_list(root_, "consents", false, kMaxConsents, "form", faults_)) {
      const std::string place = "form.consents[" + std::to_string(form_.consents.size()) + "]";
      if (!read_keys(consent, {"purpose", "notice", "required"}, place, faults_)) return;
      ConsentPurpose purpose{.purpose = read_id(consent, "purpose", place, faults_),
                             .notice = read_id(consent, "notice", place, faults_),
                             .required = read_flag(consent, "required", place, faults_)};
      if (std::ranges::find(form_.consents, purpose.purpose, &ConsentPurpose::purpose) !=
          form_.consents.end()) {
        faults_.say(place, "asks for \"" + purpose.purpose + "\" a second time");
      }
      form_.consents.push_back(std::move(purpose));
    }
  }

  void read_questions(const Tree& schema) {
    if (const std::string fault = schema_fault(schema); !fault.empty()) {
      const std::size_t colon = fault.find(": ");
      return faults_.say(fault.substr(0, colon), fault.substr(colon + 2));
    }
    const Tree* ui = root_.find("ui");
    if (ui == nullptr) return faults_.say("ui", "is missing");
    if (!read_keys(*ui, {"sections"}, "ui", faults_)) return;
    for (const Tree& section : read_list(*ui, "sections", true, kMaxSections, "ui", faults_)) {
      read_section(section, schema);
    }
    const Tree& properties = *schema.find("properties");
    for (const std::string& field : properties.keys) {
      if (form_.find(field) == nullptr) {
        faults_.say("schema.properties." + field, "is asked by no question");
      }
    }
  }

  void read_section(const Tree& tree, const Tree& schema) {
    const std::string place = "ui.sections[" + std::to_string(form_.sections.size()) + "]";
    if (!read_keys(tree, {"id", "title", "help", "show_if", "questions"}, place, faults_)) return;
    Section section;
    section.id = read_id(tree, "id", place, faults_);
    section.title = read_text(tree, "title", kMaxShortTextBytes, place, faults_);
    section.help = read_optional_text(tree, "help", kMaxLongTextBytes, place, faults_);
    section.show_if = read_condition(tree, form_.questions, place, faults_);
    section.first = form_.questions.size();
    for (const Tree& question : read_list(tree, "questions", true, kMaxQuestions, place, faults_)) {
      const std::string here =
          place + ".questions[" + std::to_string(form_.questions.size() - section.first) + "]";
      const Tree* field = question.find("field");
      const Tree* part = field == nullptr ? nullptr : schema.find("properties")->find(field->text);
      if (part == nullptr) {
        return faults_.say(here + ".field", "names no field of schema.properties");
      }
      if (form_.find(field->text) != nullptr) {
        return faults_.say(here + ".field", "\"" + field->text + "\" is asked a second time");
      }
      form_.questions.push_back(read_question(question, *part, form_.questions, here, faults_));
      if (form_.questions.size() > kMaxQuestions) {
        return faults_.say("ui", "has more than " + std::to_string(kMaxQuestions) + " questions");
      }
    }
    section.count = form_.questions.size() - section.first;
    form_.sections.push_back(std::move(section));
  }

  // schema.required holds for every submission, so it may name only what is always asked; what is
  // asked sometimes says so itself.
  void read_required(const Tree& schema) {
    const Tree* required = schema.find("required");
    const std::set<std::string> names = [&] {
      std::set<std::string> out;
      if (required == nullptr) return out;
      for (const Tree& name : required->items) out.insert(name.text);
      return out;
    }();
    for (const Section& section : form_.sections) {
      for (std::size_t i = section.first; i < section.first + section.count; ++i) {
        Question& question = form_.questions[i];
        const bool always = question.show_if.kind == Condition::Kind::kAlways &&
                            section.show_if.kind == Condition::Kind::kAlways;
        if (names.contains(question.field) && !always) {
          faults_.say("schema.required",
                      "names \"" + question.field +
                          "\", which is not always asked; say \"required\" at the question");
        }
        if (always && question.required) {
          faults_.say("ui",
                      "\"" + question.field + "\" is always asked; name it in schema.required");
        }
        question.required = question.required || names.contains(question.field);
        if (question.later && question.required) {
          faults_.say("ui",
                      "\"" + question.field + "\" must be answered, so it cannot wait: later");
        }
      }
      check_presets(section);
    }
  }

  // A preset question stands beside a step of its own section.
  void check_presets(const Section& section) {
    bool step_follows = false;
    for (std::size_t i = section.first + section.count; i-- > section.first;) {
      const Question& question = form_.questions[i];
      if (question.preset.empty()) {
        step_follows = step_follows || !question.later;
      } else if (!step_follows) {
        faults_.say("ui", "\"" + question.field +
                              "\" has a preset, and no question of its section follows to stand "
                              "beside");
      }
    }
  }

  const Tree& root_;
  Form form_;
  Faults faults_;
};

}  // namespace

const Question* Form::find(std::string_view field) const {
  const auto found = std::ranges::find(questions, field, &Question::field);
  return found == questions.end() ? nullptr : &*found;
}

Result<Form> parse_form(std::string_view json) {
  const auto tree = parse_tree(json, kLimits);
  if (!tree.has_value()) return fail(tree.error());
  return FormReader(tree.value()).read();
}

}  // namespace odop::forms

#include "tests/e2e/form_walk.h"

#include "shared/text/digits.h"
#include "tests/e2e/buyer.h"
#include "tests/shared/forms/form_files.h"
#include "tests/shared/forms/rows.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

namespace odop::test {
namespace {

using forms::Question;
using forms::Widget;

constexpr int kMostSteps = 120;  // of one form, parts of a choice counted

// Whether a text has a letter of that language's script.
bool speaks(const std::string& text, Language language) {
  const auto between = [&](unsigned char from, unsigned char to) {
    return std::ranges::any_of(text, [=](char c) {
      return static_cast<unsigned char>(c) >= from && static_cast<unsigned char>(c) <= to;
    });
  };
  switch (language) {
    case Language::kHindi:
      return between(0xE0, 0xE0);  // lead byte of Devanagari
    case Language::kUrdu:
      return between(0xD8, 0xDB);
    case Language::kEnglish:
      return (between('a', 'z') || between('A', 'Z')) && !between(0xD8, 0xE0);
  }
  return false;
}

// The code points of a text, each by itself: what one key of a keyboard types.
std::vector<std::string> letters_of(const std::string& text) {
  std::vector<std::string> letters;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U && !letters.empty()) {
      letters.back() += c;
    } else {
      letters.emplace_back(1, c);
    }
  }
  return letters;
}

class Walk {
 public:
  Walk(Stand& stand, const FormTask& task, Language language)
      : hand_(stand.hand()), stand_(stand), task_(task), language_(language) {}

  Walked through() {
    for (int step = 0; step < kMostSteps; ++step) {
      const auto tree = hand_.tree();
      if (has(tree, "receipt.reference")) {
        result_.reference = digits_of(hand_.value("receipt.reference"));
        result_.code = digits_of(hand_.value("receipt.code"));
        return std::move(result_);
      }
      act(tree);
    }
    throw std::runtime_error{task_.form.id + ": the receipt does not come"};
  }

 private:
  static bool has(const nlohmann::json& tree, const std::string& id) {
    return std::ranges::any_of(tree.at("nodes"),
                               [&](const auto& node) { return node.at("id") == id; });
  }

  [[noreturn]] void give_up(const std::string& why) const {
    std::string seen;
    for (const auto& id : hand_.ids_with("")) seen += id + " ";
    throw std::runtime_error{task_.form.id + ", " + field_ + ": " + why +
                             "; on the screen: " + seen};
  }

  // Taps, and waits until the screen is another one.
  void tap(const std::string& id) {
    const auto before = hand_.tree();
    hand_.tap(id);
    hand_.wait_until("something after " + id, [&] { return hand_.tree() != before; });
  }

  void act(const nlohmann::json& tree) {
    if (const Question* question = asked(tree)) {
      if (field_ != question->field) arrive(*question);
      answer(*question);
      return;
    }
    field_.clear();
    if (std::ranges::any_of(tree.at("nodes"), [](const auto& node) {
          return node.at("id").template get<std::string>().starts_with("form.review.");
        })) {
      review();
    } else if (!hand_.ids_with("form.consent.").empty()) {
      consent();
    } else if (has(tree, "form.next")) {
      stand_.shot("form-" + task_.form.id + "-opening");
      tap("form.next");
    } else {
      give_up("nothing leads on");
    }
  }

  // The question on the screen, by the ids of what answers it.
  [[nodiscard]] const Question* asked(const nlohmann::json& tree) const {
    for (const auto& question : task_.form.questions) {
      const std::string choice = "form.choice." + question.field + ".";
      const std::string field = "form.field." + question.field;
      for (const auto& node : tree.at("nodes")) {
        const auto id = node.at("id").get<std::string>();
        if (id == field || id.starts_with(choice)) return &question;
      }
    }
    return nullptr;
  }

  void arrive(const Question& question) {
    field_ = question.field;
    stand_.shot("form-" + task_.form.id + "-" + field_);
    if (!speaks(hand_.label("form.question"), language_)) give_up("asked in another language");
    if (std::ranges::find(result_.asked, field_) == result_.asked.end()) {
      result_.asked.push_back(field_);
      try_bad(question);
    }
  }

  static bool typed(const Question& question) {
    return question.widget == Widget::kText || question.widget == Widget::kLongText ||
           question.widget == Widget::kNumberPad || question.widget == Widget::kAmount ||
           question.widget == Widget::kMeasure;
  }

  void clear() {
    const std::string id = "form.field." + field_;
    const auto characters = letters_of(hand_.value(id)).size();
    if (characters == 0) return;
    hand_.pointer({"key", "--delay", "12", "--repeat", std::to_string(characters), "BackSpace"});
    hand_.wait_until("an empty field", [&] { return hand_.value(id).empty(); });
  }

  [[nodiscard]] std::string error() const { return hand_.label("form.field." + field_ + ".error"); }

  // What the kiosk says against the answer that stands there; empty when it takes it.
  std::string objection() {
    if (std::string said = error(); !said.empty()) return said;
    const auto next = hand_.find("form.next");
    if (!next || !next->value("enabled", true)) {
      return hand_.label("form.reason").empty() ? hand_.label("form.question")
                                                : hand_.label("form.reason");
    }
    tap("form.next");
    return hand_.find("form.field." + field_) ? error() : std::string{};
  }

  void try_bad(const Question& question) {
    for (const auto& bad : task_.bad) {
      if (bad.field != question.field) continue;
      // A screen of choices offers nothing bad, and a pad no letters.
      const bool offered =
          typed(question) && (question.widget != Widget::kNumberPad || bad.typed.empty() ||
                              !odop::digits_of(bad.typed).empty());
      if (question.must_be_yes && bad.typed == "false") {
        hand_.tap("form.choice." + field_ + ".no");
      } else if (!offered) {
        continue;
      } else {
        clear();
        if (!bad.typed.empty()) enter(bad.typed);
        // A pad leaves out what is no digit; what is left may be good.
        if (!bad.typed.empty() && hand_.value("form.field." + field_) != bad.typed) continue;
        if (bad.typed.empty() && !question.required) continue;
      }
      const std::string said = question.must_be_yes ? told_no() : objection();
      if (said.empty()) give_up("took the bad answer \"" + bad.typed + "\"");
      if (!speaks(said, language_)) give_up("speaks another language: " + said);
      stand_.shot("form-" + task_.form.id + "-" + field_ + "-bad");
      ++result_.refused;
    }
    if (typed(question)) clear();
  }

  std::string told_no() {
    hand_.wait_until("why not", [&] { return !error().empty(); });
    return error();
  }

  // By a keyboard with wires.
  void enter(const std::string& text) {
    const std::string id = "form.field." + field_;
    hand_.type_hardware(text);
    // A field may take a part only (a pad its digits): then what lies still counts.
    constexpr int kLooks = 12;
    std::string seen;
    int still = 0;
    hand_.wait_until(field_ + " holds \"" + text + "\" or a part of it", [&] {
      const std::string now = hand_.value(id);
      still = now == seen ? still + 1 : 0;
      seen = now;
      return now == text || (still >= kLooks && !now.empty());
    });
  }

  // By finger where the keyboard has all the letters, so that both ways are walked.
  void write(const std::string& text) {
    const auto letters = letters_of(text);
    constexpr std::size_t kPatience = 12;  // letters
    const bool keys =
        letters.size() <= kPatience && std::ranges::all_of(letters, [&](const auto& one) {
          return hand_.find("keyboard.key." + one).has_value();
        });
    if (keys) {
      hand_.type_keys(letters);
    } else {
      enter(text);
    }
  }

  [[nodiscard]] const forms::Value* given() const {
    const auto found = task_.answers.find(field_);
    return found == task_.answers.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::string given_text() const {
    const auto* value = given();
    if (value == nullptr) return {};
    if (const auto* text = std::get_if<std::string>(value)) return *text;
    if (const auto* yes = std::get_if<bool>(value)) return *yes ? "yes" : "no";
    if (const auto* number = std::get_if<std::int64_t>(value)) return std::to_string(*number);
    return {};
  }

  void answer(const Question& question) {
    if (!typed(question)) {
      choose(question);
      return;
    }
    if (hand_.ids_with("form.field." + field_).empty()) {  // the unit of a quantity
      choose(question);
      return;
    }
    if (hand_.value("form.field." + field_).empty()) write(given_text());
    const std::string held = hand_.value("form.field." + field_);
    if (!went_back_ && result_.asked.size() > 1 && !held.empty()) go_back_and_forth(held);
    tap("form.next");
    if (!error().empty()) give_up("refused the good answer: " + error());
  }

  // Back and on again: nothing is lost.
  void go_back_and_forth(const std::string& held) {
    went_back_ = true;
    const std::string here = field_;
    tap("form.back");
    tap("form.next");
    hand_.wait_for("form.field." + here);
    if (hand_.value("form.field." + here) != held) give_up("lost its answer on the way back");
  }

  void choose(const Question& question) {
    const std::string prefix = "form.choice." + field_ + ".";
    if (const auto* value = given()) {
      if (const auto* many = std::get_if<std::vector<std::string>>(value)) {
        for (const auto& one : *many) hand_.tap(prefix + one);
        tap("form.next");
        return;
      }
    } else if (!question.required) {
      tap("form.next");
      return;
    }
    tap(prefix + way(question, prefix));
  }

  // Which of what is offered leads to the answer.
  [[nodiscard]] std::string way(const Question& question, const std::string& prefix) const {
    std::string wanted = given_text();
    std::vector<std::string> offered;
    for (const auto& id : hand_.ids_with(prefix)) offered.push_back(id.substr(prefix.size()));
    if (offered.empty()) give_up("offers nothing");
    if (std::ranges::find(offered, wanted) != offered.end()) return wanted;
    if (question.widget == Widget::kBirth && wanted.size() >= 4) {
      // A decade, then the year of it: whatever script the table wrote it in, one of the offered.
      return offered.at(offered.size() / 2);
    }
    return offered.front();
  }

  void review() {
    stand_.shot("form-" + task_.form.id + "-review");
    for (const auto& id : hand_.ids_with("form.review.")) {
      if (id == "form.review.error") give_up("the read-back objects: " + hand_.label(id));
    }
    tap(hand_.find("form.send") ? "form.send" : "form.next");
  }

  void consent() {
    stand_.shot("form-" + task_.form.id + "-consent");
    std::set<std::string> purposes;
    for (const auto& one : task_.form.consents) {
      const std::string id = "form.consent." + one.purpose;
      hand_.wait_for(id);
      if (hand_.value(id) == "on") give_up("a consent was given beforehand");
      if (one.required) purposes.insert(id);
    }
    const auto send = hand_.find("form.send");
    if (!purposes.empty() && send && send->value("enabled", true)) {
      give_up("can be sent without consent");
    }
    for (const auto& id : purposes) hand_.tap(id);
    hand_.tap("form.send");
    hand_.wait_for("receipt.reference");
  }

  KioskHand& hand_;
  Stand& stand_;
  const FormTask& task_;
  Language language_;
  Walked result_;
  std::string field_;
  bool went_back_ = false;
};

}  // namespace

FormTask task_of(forms::Form form, const std::string& answers_of) {
  FormTask task;
  task.form = std::move(form);
  task.answers = good_answers(answers_of);
  for (const Row& row : read_rows("bad_answers.tsv", 4)) {
    if (row.fields.at(0) != answers_of) continue;
    task.bad.push_back({row.fields.at(1), row.fields.at(2) == "~" ? "" : row.fields.at(2)});
  }
  return task;
}

FormTask task_of(const std::string& form) { return task_of(shipped_form(form), form); }

Walked walk_form(Stand& stand, const FormTask& task, Language language) {
  return Walk{stand, task, language}.through();
}

void open_artisan_page(Stand& stand, Language language) {
  auto& hand = stand.hand();
  hand.tap("attract.start");
  hand.wait_for("home.search");
  hand.tap("bar.language." + std::string(code(language)));
  hand.tap("home.door.artisan");
  hand.wait_for("artisan.title");
}

}  // namespace odop::test

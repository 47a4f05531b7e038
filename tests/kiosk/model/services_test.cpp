// Pages of schemes, help in a district and events, as plain data.
#include "kiosk/model/calendar_entry.h"
#include "kiosk/model/filling.h"
#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "shared/forms/answers.h"
#include "shared/text/isolate.h"
#include "shared/text/normalise.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace odop::kiosk {
namespace {

struct Hand {
  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());

  Hand() {
    ask(intent::SetLanguage{Language::kEnglish});
    ask(intent::Start{});
  }
  void ask(const Intent& intent) { (void)update(state, intent, catalogue, 1000); }
  template <typename View>
  View view() const {
    const auto made = make_view(state, catalogue, {}, test::stand_words(state.visit.language));
    REQUIRE(std::holds_alternative<View>(made.body));
    return std::get<View>(made.body);
  }
};

template <typename Row>
std::vector<std::string> ids(const std::vector<Row>& rows, std::string Row::*id) {
  std::vector<std::string> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(row.*id);
  return out;
}

using Ids = std::vector<std::string>;

// Domains and numbers stand as they are in every language.
bool has_words(const std::string& text, Language language) {
  const auto first = static_cast<unsigned char>(language == Language::kHindi ? 0xE0 : 0xD8);
  const auto last = static_cast<unsigned char>(language == Language::kHindi ? 0xE0 : 0xDB);
  return std::ranges::any_of(text, [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= first && byte <= last;
  });
}

TEST_CASE("Sources are told in the visitor's language", "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  std::vector<const LocalText*> sources;
  for (const auto& one : catalogue.schemes) sources.push_back(&one.dated.source);
  for (const auto& one : catalogue.scheme_figures) sources.push_back(&one.dated.source);
  for (const auto& one : catalogue.eligibility) sources.push_back(&one.dated.source);
  for (const auto& one : catalogue.questions) sources.push_back(&one.dated.source);
  for (const auto& one : catalogue.institutions) sources.push_back(&one.dated.source);
  const Stories stories = test::stand_stories();
  for (const auto& [product, story] : stories) {
    for (const auto& fact : story.facts) sources.push_back(&fact.source);
  }
  CHECK(sources.size() > 100);
  for (const LocalText* source : sources) {
    INFO(source->in(index(Language::kEnglish)));
    for (const Language language : {Language::kHindi, Language::kUrdu}) {
      const std::string& told = source->by_language.at(index(language));
      CHECK(is_nfc(told));
      // A domain alone needs no other words.
      const bool is_domain = source->in(index(Language::kEnglish)).find(' ') == std::string::npos;
      CHECK((has_words(told, language) || (told.empty() && is_domain)));
    }
  }
  // And that is what the pages show.
  Hand hand;
  hand.ask(intent::SetLanguage{Language::kUrdu});
  hand.ask(intent::OpenSchemes{});
  const auto tiles = hand.view<SchemesView>().tiles;
  REQUIRE_FALSE(tiles.empty());
  CHECK(std::ranges::all_of(tiles, [](const SchemeTile& tile) {
    return tile.dated.find("notices") == std::string::npos &&
           tile.dated.find("reports") == std::string::npos;
  }));
  hand.ask(intent::OpenProduct{"kannauj-attar"});
  const auto page = std::get<ProductView>(
      make_view(hand.state, hand.catalogue, stories, test::stand_words(Language::kUrdu)).body);
  const std::string isolate{'\xE2', '\x81', '\xA8'};  // U+2068, in which a value is inserted
  CHECK(has_words(page.source.substr(page.source.find(isolate)), Language::kUrdu));
}

TEST_CASE("Every figure on a scheme's page tells its source and the day of its check",
          "[kiosk][model]") {
  for (const Language language : kLanguages) {
    Hand hand;
    hand.ask(intent::SetLanguage{language});
    hand.ask(intent::OpenSchemes{});
    for (const auto& tile : hand.view<SchemesView>().tiles) {
      INFO(tile.scheme);
      hand.ask(intent::OpenScheme{tile.scheme});
      const auto page = hand.view<SchemeView>();
      CHECK_FALSE(page.summary.empty());
      CHECK(page.summary_source.find("2026") != std::string::npos);
      for (const auto& row : page.figures) {
        INFO(row.label);
        CHECK(row.source.find("2026") != std::string::npos);
        CHECK(row.source.size() > 20);
      }
      hand.ask(intent::Back{});
    }
  }
}

TEST_CASE("A scheme's page says that its form is a draft, when it ends and what to bring",
          "[kiosk][model]") {
  Hand hand;
  for (auto& scheme : hand.catalogue.schemes) {
    if (scheme.id == "odop-margin-money") scheme.apply_by = "2026-12-15";
  }
  hand.ask(intent::OpenScheme{"odop-margin-money"});
  auto page = hand.view<SchemeView>();
  CHECK(page.not_filed.find("not yet filed") != std::string::npos);
  CHECK(page.deadline.find("15 December 2026") != std::string::npos);
  CHECK(page.documents.size() == 10);
  CHECK(page.form == "margin-money");
  CHECK(page.who.size() == 4);
  // The form's own opening says the same.
  hand.ask(intent::StartForm{page.form});
  const auto opening = hand.view<OpeningView>();
  CHECK(opening.not_filed == page.not_filed);
  CHECK(opening.deadline == page.deadline);
  CHECK(opening.documents == page.documents);

  hand.state.kiosk.today = "2026-12-16";
  CHECK(hand.view<OpeningView>().deadline.find("over") != std::string::npos);
}

TEST_CASE("A result says why, how much, what to bring, and fits a code picture", "[kiosk][model]") {
  for (const Language language : kLanguages) {
    Hand hand;
    hand.ask(intent::SetLanguage{language});
    hand.ask(intent::StartCheck{"odop-margin-money"});
    for (const char* said : {"yes", "yes", "no", "no"}) {
      const auto card = hand.view<QuestionView>();
      hand.ask(intent::Choose{card.pick_field, said});
    }
    hand.ask(intent::Edit{"form.field.cost", "3000000"});
    hand.ask(intent::Next{});
    const auto result = hand.view<ResultView>();
    CHECK(result.eligible);
    CHECK(result.reasons.size() == 4);
    REQUIRE(result.money.size() == 3);
    CHECK(result.money[0].value == "₹6,25,000");
    CHECK(result.money[1].value == "₹3,00,000");
    CHECK(result.money[2].value == "₹1,50,000");
    for (const auto& row : result.money) CHECK(row.source.find("2026") != std::string::npos);
    CHECK(result.qr.size() <= kMaxCodeBytes);
    for (const auto& row : result.money) {
      CHECK(result.qr.find(without_isolates(row.value)) != std::string::npos);
    }
    REQUIRE(result.documents.size() == 10);
    for (const auto& document : result.documents) {
      INFO(document);
      CHECK(result.qr.find("- " + document + "\n") != std::string::npos);
    }
    CHECK(is_utf8(result.qr));
    CHECK(result.form == "margin-money");
  }
  Hand hand;
  hand.ask(intent::StartCheck{"odop-margin-money"});
  for (const char* said : {"no", "yes", "no", "no"}) {
    hand.ask(intent::Choose{hand.view<QuestionView>().pick_field, said});
  }
  const auto result = hand.view<ResultView>();
  CHECK_FALSE(result.eligible);
  CHECK(result.money.empty());
  CHECK(result.apply.empty());
  CHECK_FALSE(result.reasons.front().met);
}

// A result of the margin money's cards whose form names so many papers, and its code's lines.
struct Taken {
  ResultView result;
  std::vector<std::string> lines;
  std::size_t papers = 0;  // that stand in it

  Taken(Language language, std::size_t documents, const std::string& label) {
    Hand hand;
    for (auto& form : hand.catalogue.forms) {
      if (form->id != "margin-money") continue;
      forms::Form changed = *form;
      changed.scheme->documents.clear();
      for (std::size_t i = 0; i < documents; ++i) {
        forms::LocalText text = form->scheme->documents.front().label;
        for (auto& one : text.by_language) one = label + " " + std::to_string(i) + ": note";
        changed.scheme->documents.push_back({"paper-" + std::to_string(i), text});
      }
      form = std::make_shared<const forms::Form>(std::move(changed));
    }
    hand.ask(intent::SetLanguage{language});
    hand.ask(intent::StartCheck{"odop-margin-money"});
    for (const char* said : {"yes", "yes", "no", "no"}) {
      hand.ask(intent::Choose{hand.view<QuestionView>().pick_field, said});
    }
    hand.ask(intent::Edit{"form.field.cost", "3000000"});
    hand.ask(intent::Next{});
    result = hand.view<ResultView>();
    std::istringstream in(result.qr);
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("- ")) ++papers;
      lines.push_back(line);
    }
  }
  [[nodiscard]] bool says(std::string_view text) const {
    return result.qr.find(text) != std::string::npos;
  }
};

TEST_CASE("A code picture leaves out notes, then amounts, and tells how many papers it has not",
          "[kiosk][model]") {
  for (const Language language : kLanguages) {
    const Taken all(language, 10, "certificate");
    CHECK(all.papers == 10);
    CHECK(all.says("certificate 9: note"));
    // Enough papers that each step is met on the way, whatever the language's other lines take.
    std::set<std::string> met;
    for (std::size_t documents = 20; documents <= 140; documents += 5) {
      INFO(documents);
      const Taken taken(language, documents, "certificate");
      REQUIRE(taken.result.documents.size() == documents);
      CHECK(taken.result.qr.size() <= kMaxCodeBytes);
      CHECK(taken.result.qr.size() > kMaxCodeBytes / 3);
      CHECK(is_utf8(taken.result.qr));
      const bool notes = taken.says("note");
      const bool money = taken.says("6,25,000");
      CHECK((money || !notes));
      if (taken.papers == documents) {
        met.insert(notes ? "all" : money ? "no notes" : "no money");
        CHECK(taken.lines.back() ==
              "- certificate " + std::to_string(documents - 1) + (notes ? ": note" : ""));
        continue;
      }
      met.insert("some");
      CHECK_FALSE(money);
      CHECK(taken.papers > 60);
      CHECK(taken.lines.back().find(std::to_string(documents - taken.papers)) != std::string::npos);
      CHECK_FALSE(taken.lines.back().starts_with("check."));  // it has words
    }
    CHECK(met == std::set<std::string>{"all", "no notes", "no money", "some"});
  }
  // One paper that has no room at all is counted too.
  const Taken long_one(Language::kEnglish, 1, std::string(kMaxCodeBytes, 'x'));
  CHECK(long_one.papers == 0);
  CHECK(long_one.lines.back() == "1 more paper: ask at the office.");
}

TEST_CASE("A last date is to come until its day is over, with a form and without",
          "[kiosk][model]") {
  Hand hand;
  for (auto& scheme : hand.catalogue.schemes) scheme.apply_by = "2026-11-21";
  for (const std::string scheme : {"odop-margin-money", "mudra"}) {
    INFO(scheme);
    hand.state.kiosk.today = "2026-11-21";
    hand.ask(intent::OpenScheme{scheme});
    CHECK(without_isolates(hand.view<SchemeView>().deadline) == "Last date: 21 November 2026");
    hand.state.kiosk.today = "2026-11-22";
    CHECK(without_isolates(hand.view<SchemeView>().deadline) ==
          "The last date is over: 21 November 2026");
    hand.ask(intent::Back{});
  }
}

TEST_CASE("The receipt of a scheme's draft says until when it must be filed", "[kiosk][model]") {
  for (const Language language : kLanguages) {
    Hand hand;
    hand.ask(intent::SetLanguage{language});
    Receipt receipt;
    receipt.kind = "application";
    receipt.form = "margin-money";
    hand.state.visit.receipt = receipt;
    hand.state.visit.screens = {Screen{}, Screen{ScreenId::kReceipt, {}}};
    const auto not_filed = [&] { return hand.view<ReceiptView>().not_filed; };
    const std::string plain = not_filed();
    auto& schemes = hand.catalogue.schemes;
    auto& scheme = *std::ranges::find(schemes, "odop-margin-money", &Scheme::id);
    scheme.apply_by = "2026-12-15";
    CHECK(not_filed().starts_with(plain));
    CHECK(not_filed().find("15 ") != std::string::npos);
    CHECK(not_filed().find("2026") == std::string::npos);
    scheme.apply_by = "2027-01-15";
    CHECK(not_filed().find("2027") != std::string::npos);
    scheme.apply_by = "2026-11-20";  // over
    CHECK(not_filed() == plain);
  }
}

TEST_CASE("Help in a district tells what is there, and plainly what is not", "[kiosk][model]") {
  Hand hand;
  hand.ask(intent::OpenDistrictHelp{"kannauj"});
  const auto section = [](const DistrictHelpView& view, std::string_view id) {
    return *std::ranges::find(view.sections, id, &HelpSection::id);
  };
  auto page = hand.view<DistrictHelpView>();
  CHECK(page.office.title.find("Kannauj") != std::string::npos);
  CHECK(page.office.no_phone == "Telephone not listed yet");
  CHECK(ids(section(page, "centres").rows, &HelpRow::id) == Ids{"kannauj-centre"});
  CHECK(section(page, "centres").rows[0].phone == "+91 56942 00000");
  CHECK(ids(section(page, "laboratories").rows, &HelpRow::id) == Ids{"kannauj-laboratory"});
  CHECK(section(page, "laboratories").rows[0].no_phone == "Telephone not listed yet");
  REQUIRE(section(page, "batches").rows.size() == 1);
  CHECK(without_isolates(section(page, "batches").rows[0].note).find("25 places") !=
        std::string::npos);
  CHECK(section(page, "questions").rows.size() == hand.catalogue.questions.size());
  CHECK(page.ask_form == "question");

  hand.state.kiosk.today = "2026-12-17";  // the day after the batch
  CHECK(section(hand.view<DistrictHelpView>(), "batches").rows.empty());
  hand.ask(intent::Back{});
  hand.ask(intent::OpenDistrictHelp{"agra"});
  page = hand.view<DistrictHelpView>();
  for (const char* id : {"centres", "laboratories", "batches"}) {
    CHECK(section(page, id).rows.empty());
    CHECK_FALSE(section(page, id).empty.empty());
  }
  hand.ask(intent::OpenDistrictHelp{"atlantis"});
  CHECK(hand.state.screen().subject == "agra");
}

TEST_CASE("What is past is never shown as coming", "[kiosk][model]") {
  Hand hand;
  hand.ask(intent::OpenEvents{});
  auto view = hand.view<EventsView>();
  CHECK(ids(view.today, &EventRow::event) == Ids{"asg-winter"});
  CHECK(ids(view.here, &EventRow::event) == Ids{"lucknow-buyers"});
  CHECK(ids(view.other, &EventRow::event) == Ids{"kannauj-attar-fair"});
  CHECK(view.here[0].mark == EventMark::kMoved);
  CHECK(view.here[0].date.find("about") != std::string::npos);
  CHECK(view.other[0].mark == EventMark::kCancelled);

  hand.state.kiosk.today = "2026-11-23";  // its last day
  CHECK(hand.view<EventsView>().today.size() == 1);
  hand.state.kiosk.today = "2026-11-24";
  CHECK(hand.view<EventsView>().today.empty());
  hand.state.kiosk.today = "2026-12-23";
  CHECK_FALSE(hand.view<EventsView>().empty.empty());
  // A kiosk that does not know the day promises nothing.
  hand.state.kiosk.today.clear();
  CHECK_FALSE(hand.view<EventsView>().empty.empty());
  CHECK(hand.view<EventsView>().other.empty());
}

TEST_CASE("An event tells its sessions by day, with what was moved or cancelled",
          "[kiosk][model]") {
  Hand hand;
  hand.ask(intent::OpenEvent{"asg-winter"});
  auto view = hand.view<EventView>();
  REQUIRE(view.days.size() == 2);
  REQUIRE(view.days[0].sessions.size() == 2);
  CHECK(without_isolates(view.days[0].sessions[0].time) == "11:00–12:30");
  CHECK(view.days[0].sessions[1].mark == EventMark::kMoved);
  CHECK(view.days[1].sessions[0].mark == EventMark::kCancelled);
  CHECK(without_isolates(view.days[1].sessions[0].time) == "10:30");
  CHECK_FALSE(view.qr.empty());
  CHECK(view.form == "attendance");
  hand.ask(intent::Back{});

  hand.ask(intent::OpenEvent{"lucknow-buyers"});
  view = hand.view<EventView>();
  CHECK(view.mark_note.find("5 December") != std::string::npos);
  CHECK_FALSE(view.no_sessions.empty());
  CHECK(view.attend.empty());  // it has not begun
  hand.ask(intent::Back{});

  hand.ask(intent::OpenEvent{"kannauj-attar-fair"});
  view = hand.view<EventView>();
  CHECK(view.qr.empty());
  CHECK(view.attend.empty());
  hand.ask(intent::Back{});

  hand.state.kiosk.today = "2026-11-25";
  hand.ask(intent::OpenEvent{"asg-winter"});
  view = hand.view<EventView>();
  CHECK_FALSE(view.mark_note.empty());
  CHECK(view.qr.empty());
  CHECK(view.form == "attendance");  // afterwards still: it is needed for a claim
}

TEST_CASE("Attendance is recorded for the event on the screen", "[kiosk][model]") {
  Hand hand;
  hand.ask(intent::OpenEvent{"asg-winter"});
  hand.ask(intent::StartForm{"attendance", "asg-winter"});
  REQUIRE(hand.state.screen().id == ScreenId::kForm);
  const auto& answers = hand.state.visit.filling.answers;
  CHECK(std::get<std::string>(answers.at("event")) == "asg-winter");
  CHECK(std::get<std::string>(answers.at("listed")) == "listed");
  // One that nobody may name answers nothing.
  hand.ask(intent::StartForm{"attendance", "kannauj-attar-fair"});
  CHECK_FALSE(hand.state.visit.filling.answers.contains("event"));
}

TEST_CASE("Without a published event attendance asks for its name at once", "[kiosk][model]") {
  Hand hand;
  hand.catalogue.events.clear();
  hand.ask(intent::StartForm{"attendance"});
  CHECK(std::get<std::string>(hand.state.visit.filling.answers.at("listed")) == "other");
  CHECK(hand.state.visit.filling.field == "event_name");
  // Nobody said anything yet: leaving asks nothing.
  hand.ask(intent::Home{});
  CHECK(hand.state.screen().id == ScreenId::kHome);

  Hand listed;
  listed.ask(intent::StartForm{"attendance"});
  CHECK(listed.state.visit.filling.field == "listed");
  const auto view = listed.view<QuestionView>();
  CHECK(view.picks.size() == 2);
}

TEST_CASE("A calendar entry is RFC 5545: folded, escaped, whole days", "[kiosk][model]") {
  Event event;
  event.id = "fair";
  event.start_date = "2026-12-30";
  event.end_date = "2026-12-31";
  event.status = "moved";
  const std::string title = "शीत शिल्प मेला, \\ ; और बहुत सारे कारीगर अपने शिल्प के साथ यहां आएंगे\nहर दिन";
  const std::string entry = calendar_entry(event, title, "Hall 2; Lucknow", "2026-11-21");
  CHECK(entry.find("DTSTART;VALUE=DATE:20261230\r\n") != std::string::npos);
  CHECK(entry.find("DTEND;VALUE=DATE:20270101\r\n") != std::string::npos);
  CHECK(entry.find("DTSTAMP:20261121T000000Z\r\n") != std::string::npos);
  CHECK(entry.find("LOCATION:Hall 2\\; Lucknow\r\n") != std::string::npos);
  CHECK(entry.find("STATUS:CONFIRMED\r\n") != std::string::npos);
  CHECK(entry.starts_with("BEGIN:VCALENDAR\r\n"));
  CHECK(entry.ends_with("END:VCALENDAR\r\n"));
  std::string whole;
  for (std::size_t from = 0; from < entry.size();) {
    const std::size_t end = entry.find("\r\n", from);
    REQUIRE(end != std::string::npos);
    const std::string line = entry.substr(from, end - from);
    CHECK(line.size() <= 75);
    CHECK(is_utf8(line));
    whole += line.starts_with(" ") ? line.substr(1) : "\n" + line;
    from = end + 2;
  }
  CHECK(whole.find("SUMMARY:शीत शिल्प मेला\\, \\\\ \\; और बहुत सारे कारीगर अपने शिल्प के साथ यहां "
                   "आएंगे\\nहर दिन") != std::string::npos);
  event.status = "cancelled";
  CHECK(calendar_entry(event, title, "", "2026-11-21").find("STATUS:CANCELLED") !=
        std::string::npos);
  event.end_date.clear();
  CHECK(calendar_entry(event, title, "", "").find("DTEND;VALUE=DATE:20261231") !=
        std::string::npos);
  event.start_date.clear();
  CHECK(calendar_entry(event, title, "", "2026-11-21").empty());
}

}  // namespace
}  // namespace odop::kiosk

// One call of update: what it works on, what it asks for, and the steps that intents and news are
// made of. Private to kiosk/model; each group lies in a file of its own.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/intent.h"
#include "kiosk/model/state.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace odop::kiosk {

struct Turn {
  State& state;
  const Catalogue& catalogue;
  std::int64_t now_ms;  // of the steady clock
  Effects effects{};

  [[nodiscard]] Visit& visit() const { return state.visit; }

  // ---- Moving about (turn_moves.cpp) ----
  void settle();
  void show(ScreenId id, std::string subject = {});
  void home();
  void end_session();
  void back();
  void close_sheet();
  // Searches the way to the product on the screen, unless it is known; `anew`: the halls changed.
  void keep_way(bool anew);
  void open_sheet(Sheet sheet, std::string subject = {});

  // ---- List (turn_list.cpp) ----
  ListItem* on_list(std::string_view product);
  void add(const std::string& id, const std::string& district);
  // The district page that the visitor came through, if any.
  [[nodiscard]] std::string district_on_the_way() const;

  // ---- Enquiry (turn_enquiry.cpp) ----
  void go_to(EnquiryStep step);
  void start_enquiry(const std::string& product);
  void next();
  // Both numbers of the receipt are right in form; else the first wrong one gets the focus.
  bool receipt_numbers();
  void show_answer();
  void send();
  void kept(const news::SubmissionKept& submission);
  void open_lookup(ScreenId id);

  // ---- Forms of the catalogue (turn_form.cpp) ----
  [[nodiscard]] bool in_form() const { return state.screen().id == ScreenId::kForm; }
  void start_form(const std::string& id);
  // One step back inside the form; false: it is at its beginning.
  bool form_back();
  void form_next();
  void form_edit(const std::string& field, const std::string& typed);
  void form_choose(const intent::Choose& choice);
  void change_answer(const std::string& field);
  void send_form();
  void send_unfinished();
  // Asks first when something was answered; true: the warning is shown.
  bool warn_of_leaving();
  void leave_form();
  void ask_question(const std::string& field);
  void go_on();
  void show_review();
  // The answer on the screen is right: the next question; else its problem is shown.
  void answered();
  void pick(const std::string& value);
  void pick_day(const std::string& value);

  // ---- Fields (turn_fields.cpp) ----
  void edit(const std::string& field, const std::string& typed);
  void focus(const std::string& field);
  void ask_search();
  void choose(const intent::Choose& choice);
};

}  // namespace odop::kiosk

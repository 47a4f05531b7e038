// One call of update: what it works on, what it asks for, and the steps that intents and news are
// made of. Private to kiosk/model; each group lies in a file of its own.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/intent.h"
#include "kiosk/model/state.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace odop::kiosk {

// Node id of the field for a helper's PIN.
inline constexpr std::string_view kPinField = "helper.pin";
// Node id of the field for a project's cost.
inline constexpr std::string_view kCostField = "form.field.cost";

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
  // Says so when nothing can be sent from this kiosk; true: it cannot.
  bool turned_away();
  void speak(const std::string& part);
  // What recorded prompts are spoken in, and all from the beginning.
  void choose_tongue(const std::string& tongue);
  void fall_silent();

  // ---- List (turn_list.cpp) ----
  ListItem* on_list(std::string_view product);
  void add(const std::string& id, const std::string& district);
  // The district page that the visitor came through, if any.
  [[nodiscard]] std::string district_on_the_way() const;

  // ---- Onwards, look-up, sending (turn_sending.cpp) ----
  void next();
  // Both numbers of the receipt are right in form; else the first wrong one gets the focus.
  bool receipt_numbers();
  void show_answer();
  void send();
  void kept(const news::SubmissionKept& submission);
  void open_lookup(ScreenId id);

  // ---- Forms of the catalogue (turn_form.cpp) ----
  [[nodiscard]] bool in_form() const { return state.screen().id == ScreenId::kForm; }
  // `event`: answers the question for an event, when it is one that may be picked; may be empty.
  void start_form(const std::string& id, const std::string& event);
  // The form of the list, with the product put on it; `product` may be empty. Nothing happens
  // while the list is empty or the catalogue has no such form.
  void start_enquiry(const std::string& product);
  // The form with nothing in it but what it says itself and the visitor's list.
  void begin(std::shared_ptr<const forms::Form> form);
  // Products and quantities as they stand on the list become the answer to a question for them.
  void bring_list();
  // One step back inside the form; false: it is at its beginning.
  bool form_back();
  void form_next();
  void form_edit(const std::string& field, const std::string& typed);
  void form_choose(const intent::Choose& choice);
  // A switch beside the question on the screen; false: there is no such one.
  bool choose_beside(const intent::Choose& choice);
  void change_answer(const std::string& field);
  void send_form();
  void send_unfinished();
  // Asks first when something was answered; true: the warning is shown.
  bool warn_of_leaving();
  void leave_form();
  void ask_question(const std::string& field);
  void answer_event(const std::string& event);
  // The one option that leads on, when the others lead to nothing; null: there are several.
  [[nodiscard]] const forms::Option* only_way(const forms::Question& question) const;
  // Takes it without asking.
  bool answer_alone(const forms::Question& question);
  // Whether the visitor said anything; a list that was brought along is not, nor an only way.
  [[nodiscard]] bool said_anything() const;
  void go_on();
  void show_review();
  // The answer on the screen is right: the next question; else its problem is shown.
  void answered();
  void pick(const std::string& value);
  // Phone numbers that began with the dialling code of another country.
  void forget_dialled();
  void pick_day(const std::string& value);

  // ---- Spoken answers (turn_voice.cpp) ----
  void open_voice(const std::string& field);
  void start_speaking();
  void stop_speaking();
  void play_spoken(const std::string& field);
  void keep_spoken();
  void forget_spoken(const std::string& field);
  void voice_heard(const news::VoiceHeard& heard);
  void voice_taken(const news::VoiceTaken& taken);
  void voice_failed();
  // The sheet was closed by something else: nothing goes on behind it.
  void settle_voice();

  // ---- A helper of the staff (turn_helper.cpp) ----
  void open_helper();
  void edit_pin(std::string_view typed);
  void give_pin();
  void pin_checked(const std::string& helper);
  // Asks for a PIN first, where any are known.
  void open_maintenance();
  // Who leaves maintenance says the PIN anew.
  void settle_maintenance();

  // ---- Sticks (turn_staff.cpp) ----
  void bring_from_stick();
  void take_to_stick();
  void open_code();
  void edit_code(std::string_view typed);
  void give_code();
  void stick_changed(const StickFacts& stick);

  // ---- Prompts that staff record (turn_prompts.cpp) ----
  [[nodiscard]] bool at_prompts() const { return state.screen().id == ScreenId::kPrompts; }
  void open_prompts(const std::string& set);
  void choose_prompt_tongue(const std::string& tongue);
  void open_prompt(const std::string& key);
  void play_prompt();
  void keep_prompt();
  void drop_prompt();
  void prompt_kept(const std::string& key);
  void prompt_failed(const std::string& error_key);

  // ---- Schemes, help, events (turn_services.cpp) ----
  void open_scheme(const std::string& id);
  void start_check(const std::string& scheme);
  // The focus that the stage of the check wants.
  void settle_check();
  void say_card(const intent::Choose& choice);
  void edit_cost(std::string_view typed);
  void check_next();
  // One card back; false: it is the first.
  bool check_back();
  void open_help(const std::string& district);
  void open_event(const std::string& event);
  // Another catalogue: screens that it has nothing for are gone.
  void drop_lost_services();

  // ---- Fields (turn_fields.cpp) ----
  void edit(const std::string& field, const std::string& typed);
  void focus(const std::string& field);
  void ask_search();
  void choose(const intent::Choose& choice);
};

}  // namespace odop::kiosk

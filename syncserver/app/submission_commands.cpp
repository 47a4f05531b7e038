#include "shared/core/reference_number.h"
#include "syncserver/app/commands.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/submissions.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

using nlohmann::json;

struct SubmissionOptions {
  SubmissionQuery query;
  AnswerOrder order;
  std::string out;    // file of an export; empty = stdout
  std::string field;  // that was spoken
};

json as_json(const CaseView& one) {
  json history = json::array();
  for (const HistoryView& event : one.history) {
    history.push_back({{"at", iso_time(event.at_ms)},
                       {"actor", event.actor},
                       {"state", event.state},
                       {"text", event.text}});
  }
  json value = {{"district", one.district},
                {"office", one.office},
                {"state", one.state},
                {"due_at", iso_time(one.due_ms)},
                {"closed_at", iso_time(one.closed_ms)},
                {"overdue", one.overdue},
                {"escalation", one.escalation},
                {"escalated_to", one.escalated_to},
                {"portal_reference", one.portal_reference}};
  if (!history.empty()) value["history"] = std::move(history);
  return value;
}

json as_json(const SubmissionView& view) {
  json cases = json::array();
  for (const CaseView& one : view.cases) cases.push_back(as_json(one));
  json fields = json::parse(view.fields, nullptr, false);
  if (!fields.is_object()) fields = json::object();
  json recordings = json::array();
  for (const RecordingView& one : view.recordings) {
    recordings.push_back(
        {{"field", one.field}, {"duration_ms", one.duration_ms}, {"state", one.state}});
  }
  json consents = json::array();
  for (const ConsentView& one : view.consents) {
    consents.push_back({{"purpose", one.purpose},
                        {"notice", one.notice},
                        {"notice_version", one.notice_version},
                        {"language", one.language},
                        {"given", one.given}});
  }
  return {{"id", view.id},
          {"reference", view.reference},
          {"kind", view.kind},
          {"form", view.form},
          {"kiosk", view.kiosk.value},
          {"sequence", view.sequence.value},
          {"received_at", iso_time(view.received_ms)},
          {"state", view.state},
          {"reason", view.reason},
          {"language", view.language},
          {"incomplete", view.incomplete},
          {"cases", std::move(cases)},
          {"consents", std::move(consents)},
          {"fields", std::move(fields)},
          {"recordings", std::move(recordings)}};
}

void print(const SubmissionView& view) {
  fmt::print("{}  {}  {}  kiosk {}  {}{}\n", group_reference(view.reference),
             local_time(view.received_ms), view.kind, view.kiosk.value, view.state,
             view.reason.empty() ? "" : " (" + view.reason + ")");
  for (const RecordingView& one : view.recordings) {
    fmt::print("    {}: spoken, {:.0f} s, {}\n", one.field, one.duration_ms / 1000.0,
               one.state == "on its way" ? "recording still on its way" : one.state);
  }
  for (const CaseView& one : view.cases) {
    fmt::print("    {}: {}, due {}{}{}\n", one.district.empty() ? "state" : one.district, one.state,
               local_time(one.due_ms), one.overdue ? ", OVERDUE, with " + one.escalated_to : "",
               one.portal_reference.empty() ? "" : ", portal " + one.portal_reference);
    for (const HistoryView& event : one.history) {
      fmt::print("        {}  {}  {}  {}\n", local_time(event.at_ms), event.actor, event.state,
                 event.text);
    }
  }
}

int say(const CommonOptions& common, const std::vector<SubmissionView>& views, bool with_fields) {
  if (common.json) {
    json all = json::array();
    for (const SubmissionView& view : views) all.push_back(as_json(view));
    return print_json(all);
  }
  for (const SubmissionView& view : views) {
    print(view);
    if (!with_fields) continue;
    for (const ConsentView& one : view.consents) {
      fmt::print("    consent {}: {}, notice {} version {} ({})\n", one_line(one.purpose),
                 one.given ? "yes" : "no", one_line(one.notice), one.notice_version,
                 one_line(one.language));
    }
    fmt::print("    {}\n", view.fields);
  }
  return kDone;
}

// Which submissions, in the words of the audit log. A number that was searched for is left out.
std::string subject_of(const SubmissionQuery& query) {
  std::string text = query.reference.empty() ? "" : "reference " + query.reference;
  if (!query.district.empty())
    text += (text.empty() ? "district " : ", district ") + query.district;
  return text.empty() ? "all" : text;
}

int list(Context& context, const CommonOptions& common, const SubmissionOptions& options) {
  if (const Status known = known_district(context, options.query.district); !known.has_value()) {
    return fail_with(known.error());
  }
  if (!options.query.state.empty()) {
    const Status known = check_state(*context.store, options.query.state);
    if (!known.has_value()) return fail_with_words(known.error());
  }
  const Status seen = audit_look(context, "submissions list", subject_of(options.query));
  if (!seen.has_value()) return fail_with(seen.error());
  const auto views = submissions_of(context).list(options.query);
  return views.has_value() ? say(common, *views, false) : fail_with_words(views.error());
}

int show(Context& context, const CommonOptions& common, const SubmissionOptions& options) {
  const Status seen = audit_look(context, "submissions show", subject_of(options.query));
  if (!seen.has_value()) return fail_with(seen.error());
  const auto views = submissions_of(context).show(options.query.reference, options.query.district);
  return views.has_value() ? say(common, *views, true) : fail_with_words(views.error());
}

int answer(Context& context, const CommonOptions& common, const SubmissionOptions& options) {
  const AnswerOrder& order = options.order;
  const int exit_code =
      audited(context, "submissions answer",
              fmt::format("reference {}, state {}{}", order.reference, order.state,
                          order.district.empty() ? "" : ", district " + order.district),
              [&](std::string&) {
                const Status done = submissions_of(context).answer(order);
                return done.has_value() ? kDone : fail_with_words(done.error());
              });
  if (exit_code != kDone) return exit_code;
  if (common.json) {
    return print_json({{"reference", options.order.reference}, {"state", options.order.state}});
  }
  fmt::print("answered; kiosks of the asker's venue and district get it next\n");
  return kDone;
}

int recording(Context& context, const CommonOptions& common, const SubmissionOptions& options) {
  const auto target = std::filesystem::absolute(options.out);
  std::error_code ignored;
  if (std::filesystem::exists(target, ignored)) {
    return fail_with_words({ErrorCode::kConflict, options.out + " exists already"});
  }
  const Status seen = audit_look(context, "submissions recording",
                                 subject_of(options.query) + ", field " + options.field);
  if (!seen.has_value()) return fail_with(seen.error());
  auto ogg = submissions_of(context).recording(options.query.reference, options.field,
                                               options.query.district);
  if (!ogg.has_value()) return fail_with_words(ogg.error());
  const Status written = write_durably(target, *ogg, 0600);
  const std::size_t bytes = ogg->size();
  wipe(*ogg);
  if (!written.has_value()) return fail_with(written.error());
  if (common.json) return print_json({{"file", options.out}, {"bytes", bytes}});
  fmt::print("wrote {} bytes of Ogg Opus to {}\n", bytes, options.out);
  return kDone;
}

int export_csv(Context& context, const CommonOptions& common, const SubmissionOptions& options,
               std::string& done) {
  if (const Status known = known_district(context, options.query.district); !known.has_value()) {
    return fail_with(known.error());
  }
  const auto rows = submissions_of(context).export_rows(options.query.district);
  if (!rows.has_value()) return fail_with(rows.error());
  done = fmt::format("{} rows", rows->size() - 1);
  const std::string text = to_csv(*rows);
  if (options.out.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kDone;
  }
  const auto target = std::filesystem::absolute(options.out);
  if (Status written = write_durably(target, text, 0600); !written.has_value()) {
    return fail_with(written.error());
  }
  if (common.json) return print_json({{"file", options.out}, {"rows", rows->size() - 1}});
  fmt::print("wrote {} rows to {}\n", rows->size() - 1, options.out);
  return kDone;
}

}  // namespace

void add_submission_commands(CLI::App& app, Action& chosen) {
  CLI::App* group = app.add_subcommand("submissions", "See, answer and export what came in");
  group->require_subcommand(1);
  const auto add = [&chosen, group](const char* name, const char* about, auto work) {
    return add_command<SubmissionOptions>(*group, chosen, name, about, work);
  };
  constexpr const char* kDistrict = "Only this district's cases (id)";

  const auto [list_command, list_options] = add("list", "List submissions, newest last", list);
  list_command->add_flag("--overdue", list_options->query.overdue,
                         "Only those with an open case past its due date");
  list_command
      ->add_option("--escalation", list_options->query.escalation,
                   "Only those with a case at this level or above: 1 the district's officer, 2 the "
                   "division, 3 the ODOP Cell (assets/catalogue/escalation_levels.csv)")
      ->check(CLI::Range(1, 9));
  list_command->add_option("--district", list_options->query.district, kDistrict);
  list_command->add_option("--state", list_options->query.state,
                           "Only this state, of a case or of the submission");
  list_command->add_option("--mobile", list_options->query.mobile, "Only this number (+91...)");
  list_command->add_option("--reference", list_options->query.reference, "Only this reference");
  list_command->add_option("--limit", list_options->query.limit, "At most so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();

  const auto [show_command, show_options] =
      add("show", "Show one submission with its fields, consents and history", show);
  show_command->add_option("reference", show_options->query.reference, "As on the receipt")
      ->required();
  show_command->add_option("--district", show_options->query.district, kDistrict);

  const auto [answer_command, answer_options] =
      add("answer", "Answer a submission; its asker reads it at a kiosk", answer);
  answer_command->add_option("reference", answer_options->order.reference, "As on the receipt")
      ->required();
  answer_command
      ->add_option("--state", answer_options->order.state,
                   "What it has come to; assets/catalogue/case_states.csv says which states a "
                   "kind has, a wrong one is refused with those that are possible; erase due alone "
                   "sets destroyed")
      ->required();
  answer_command->add_option("--text", answer_options->order.text, "At most 2,000 characters");
  answer_command->add_option("--portal-reference", answer_options->order.portal_reference,
                             "The application's number on the scheme's portal");
  answer_command->add_option("--district", answer_options->order.district,
                             "Who answers (id); by default all of its cases");

  const auto [recording_command, recording_options] =
      add("recording", "Write what was spoken for a field, as an Ogg Opus file", recording);
  recording_command
      ->add_option("reference", recording_options->query.reference, "As on the receipt")
      ->required();
  recording_command
      ->add_option("--field", recording_options->field, "Of the form; `show` lists what was spoken")
      ->required();
  recording_command
      ->add_option("--out", recording_options->out,
                   "File, which must not exist yet; only its owner can read it")
      ->required();
  recording_command->add_option("--district", recording_options->query.district, kDistrict);

  const auto [export_command, export_options] = add(
      "export",
      "Write a CSV file that spreadsheets open; its column consents holds the purposes that the "
      "person agreed to",
      [](Context& context, const CommonOptions& common, const SubmissionOptions& options) {
        return audited(
            context, "submissions export", subject_of(options.query),
            [&](std::string& done) { return export_csv(context, common, options, done); });
      });
  export_command->add_option("--district", export_options->query.district, kDistrict);
  export_command->add_option("--out", export_options->out, "File; by default stdout");
}

}  // namespace odop::syncserver

// The staff's page: how the machine is, and what a stick may do.
#include "kiosk/model/view_parts.h"
#include "shared/core/program.h"
#include "shared/text/isolate.h"
#include "shared/text/numbers.h"

#include <cstdint>
#include <string>
#include <utility>

namespace odop::kiosk {
namespace {

std::string count(const Maker& maker, std::string_view key, std::uint64_t number) {
  return maker.words.plural(key, static_cast<std::int64_t>(number));
}

std::string what_was_taken(const Maker& maker, const StickResult& last) {
  if (last.request) {
    return maker.say("stick.took_request",
                     {{"digits", isolate_left_to_right(maker.state.kiosk.fingerprint)}});
  }
  std::string words = count(maker, "stick.took", last.submissions);
  if (last.left > 0) words += " " + count(maker, "stick.left", last.left);
  return words + " " + maker.say("stick.may_go");
}

// In part or whole: what did come is said all the same.
std::string what_was_brought(const Maker& maker, const StickResult& last) {
  std::string words;
  const auto add = [&](const std::string& sentence) {
    if (!words.empty()) words += " ";
    words += sentence;
  };
  if (last.enrolled) {
    add(maker.say("stick.enrolled", {{"number", std::to_string(maker.state.kiosk.number.value)}}));
  }
  if (last.arrived > 0) add(count(maker, "stick.arrived", last.arrived));
  if (last.answers > 0) add(count(maker, "stick.answers", last.answers));
  if (last.new_release) add(maker.say("stick.new_release"));
  if (words.empty() && last.problem.empty()) {
    add(maker.say(last.older ? "stick.older" : "stick.nothing_new"));
  }
  if (!last.problem.empty()) add(maker.say(last.problem));
  if (last.problem.empty()) add(maker.say("stick.may_go"));
  return words;
}

std::string what_came_of_it(const Maker& maker, const StickResult& last) {
  if (last.task == StickTask::kBring) return what_was_brought(maker, last);
  return last.problem.empty() ? what_was_taken(maker, last) : maker.say(last.problem);
}

StickView stick_view(const Maker& maker) {
  const Kiosk& kiosk = maker.state.kiosk;
  const StickFacts& stick = kiosk.stick;
  const bool there = stick.mount != StickMount::kNone;
  const bool told = stick.last.task != StickTask::kNone;
  StickView view;
  view.busy = stick.doing != StickTask::kNone;
  // One that is gone is spoken of as long as something must be done.
  if (!there && !view.busy && stick.last.problem.empty()) return view;
  view.title = there && !stick.name.empty() ? maker.say("stick.title", {{"name", stick.name}})
                                            : maker.say("staff.row.stick");
  if (view.busy) {
    view.progress = stick.progress_percent / 100.0;
    const std::string percent = group_indian(stick.progress_percent);
    view.note = stick.doing == StickTask::kTake ? maker.say("stick.taking")
                : stick.progress_percent > 0
                    ? maker.say("stick.bringing_part", {{"percent", percent}})
                    : maker.say("stick.bringing");
    return view;
  }
  const bool enrolled = kiosk.number.value != 0;
  if (stick.mount == StickMount::kUnsafe) {
    view.good = false;
    view.note = maker.say("stick.unsafe");
    return view;
  }
  if (told) {
    view.good = stick.last.problem.empty();
    view.note = what_came_of_it(maker, stick.last);
  } else if (stick.mount == StickMount::kReadOnly) {
    view.note = maker.say("stick.read_only");
  } else {
    view.note = maker.say(enrolled              ? "stick.ready"
                          : kiosk.asks_to_enrol ? "stick.ready_asking"
                                                : "stick.ready_new");
  }
  if (!there) return view;
  const bool writable = stick.mount == StickMount::kGood;
  if (enrolled || kiosk.asks_to_enrol) view.bring = maker.say("stick.bring");
  if (writable) view.take = maker.say(enrolled ? "stick.take" : "stick.take_request");
  const bool wants_code = kiosk.sync.enrol_anew || (!enrolled && kiosk.asks_to_enrol);
  if (writable && wants_code) {
    view.code = maker.say(kiosk.asks_to_enrol ? "stick.other_code" : "stick.new_code");
  }
  return view;
}

}  // namespace

CodeView code_view(const Maker& maker) {
  CodeView view;
  view.title = maker.say("stick.code_title");
  view.note = maker.say("stick.code_note");
  view.label = maker.say("stick.code_label");
  view.value = maker.visit().code;
  view.whole = view.value.size() == kCodeSigns;
  view.take = maker.say("stick.take_request");
  view.close = maker.say("form.back");
  return view;
}

MaintenanceView maintenance_view(const Maker& maker) {
  const Kiosk& kiosk = maker.state.kiosk;
  const SyncFacts& sync = kiosk.sync;
  MaintenanceView view;
  view.title = maker.say("staff.title");
  view.kiosk = kiosk.number.value == 0
                   ? maker.say("staff.not_enrolled")
                   : maker.say("staff.kiosk", {{"number", std::to_string(kiosk.number.value)},
                                               {"name", kiosk.name}});
  const auto queue = static_cast<std::int64_t>(sync.queue);
  const std::string waiting = maker.words.plural("staff.queue", queue);
  const std::string contact = sync.last_contact_ms == 0
                                  ? maker.say("staff.never")
                                  : maker.day_of(sync.last_contact_ms) + ", " +
                                        isolate_left_to_right(Maker::time_of(sync.last_contact_ms));
  constexpr std::uint64_t kLowSpace = 1'000'000'000;  // bytes: a full picture set and a release
  const bool space_low =
      kiosk.stores.reserve_used || (kiosk.free_bytes > 0 && kiosk.free_bytes < kLowSpace);

  // The worst news first, in a sentence.
  if (const TroubleWords trouble = trouble_words(maker); !trouble.what.empty()) {
    view.good = false;
    view.headline = maker.say("staff.headline_trouble", {{"what", trouble.what}});
    view.detail = trouble.remedy;
  } else if (kiosk.number.value == 0) {
    view.good = false;
    view.headline = maker.say("staff.headline_not_enrolled");
    view.detail = maker.say("staff.detail_not_enrolled");
  } else if (sync.enrol_anew) {
    view.good = false;
    view.headline = maker.say("staff.headline_anew");
    view.detail = maker.say(sync.code_refused ? "staff.detail_anew_refused" : "staff.detail_anew");
  } else if (space_low) {
    view.good = false;
    view.headline = maker.say("staff.headline_space");
    view.detail =
        maker.say(kiosk.stores.reserve_used ? "staff.detail_reserve" : "staff.detail_space");
  } else if (!sync.online) {
    view.good = false;
    view.headline = maker.say("staff.headline_offline");
    view.detail = waiting;
  } else if (maker.catalogue.stale) {
    view.good = false;
    view.headline = maker.say("staff.headline_stale");
    view.detail = maker.say("staff.detail_stale");
  } else if (sync.waiting_program != 0) {
    view.good = false;
    view.headline = maker.say("staff.headline_program");
    view.detail = maker.say("staff.detail_program",
                            {{"n", group_indian(static_cast<std::int64_t>(sync.waiting.value))},
                             {"need", std::to_string(sync.waiting_program)},
                             {"have", std::to_string(kProgramNumber)}});
  } else if (sync.unconfirmed > 0) {
    view.good = false;
    view.headline = maker.say("staff.headline_unconfirmed");
    view.detail = maker.say("staff.detail_unconfirmed");
  } else if (queue > 0) {
    view.headline = maker.say("staff.headline_sending");
    view.detail = waiting;
  } else {
    view.headline = maker.say("staff.headline_good");
    view.detail = maker.say("staff.detail_good");
  }

  view.stick = stick_view(maker);
  const std::string good = maker.say("staff.good");
  const auto row = [&](std::string icon, std::string_view label, std::string value, bool fine,
                       std::string_view bad) {
    view.rows.push_back(
        {std::move(icon), maker.say(label), std::move(value), fine ? good : maker.say(bad), fine});
  };
  if (sync.enrol_anew)
    row("shield", "staff.row.enrolment", maker.say("staff.anew"), false, "staff.anew_mark");
  row("box", "staff.row.queue", waiting, queue == 0, "staff.waiting");
  if (sync.unconfirmed > 0) {
    row("help", "staff.row.unconfirmed", count(maker, "staff.unconfirmed", sync.unconfirmed), false,
        "staff.missing");
  }
  add_store_rows(maker, view.rows);
  row("sync", "staff.row.contact", contact, sync.online, "staff.offline");
  const std::string release =
      maker.catalogue.release.value == 0
          ? maker.say("staff.no_release")
          : maker.say(
                "staff.release",
                {{"n", group_indian(static_cast<std::int64_t>(maker.catalogue.release.value))},
                 {"date", maker.day(maker.catalogue.created_date)}});
  row("calendar", "staff.row.catalogue",
      sync.fetching
          ? maker.say("staff.fetching", {{"percent", group_indian(sync.progress_percent)}})
      : kiosk.stores.catalogue_damaged ? maker.say("staff.release_damaged")
                                       : release,
      maker.catalogue.release.value > 0 && !maker.catalogue.stale &&
          !kiosk.stores.catalogue_damaged,
      kiosk.stores.catalogue_damaged ? "staff.damaged" : "staff.old");
  constexpr std::uint64_t kGigabyte = 1'000'000'000;
  row("disk", "staff.row.space",
      kiosk.free_bytes == 0
          ? maker.say("staff.unknown")
          : maker.say(
                "staff.space",
                {{"gb", group_indian(static_cast<std::int64_t>(kiosk.free_bytes / kGigabyte))}}),
      !space_low, "staff.low");
  if (kiosk.sound_told) {
    row("listen", "staff.row.sound",
        maker.say(kiosk.can_speak  ? "staff.sound_found"
                  : kiosk.can_play ? "staff.no_voice"
                                   : "staff.no_sound"),
        kiosk.can_speak, "staff.missing");
  }
  if (kiosk.microphone_told) {
    row("mic", "staff.row.microphone",
        maker.say(kiosk.can_record ? "staff.microphone_found" : "staff.no_microphone"),
        kiosk.can_record, "staff.missing");
  }
  if (view.stick.title.empty()) {
    view.rows.push_back(
        {"usb", maker.say("staff.row.stick"), maker.say("staff.no_stick"), "", true});
  }
  row("letter", "staff.row.printer",
      maker.say(kiosk.can_print ? "staff.printer_found" : "staff.no_printer"), kiosk.can_print,
      "staff.missing");
  row("kiosk", "staff.row.program",
      maker.say("staff.program", {{"version", isolate_left_to_right(kiosk.app_version)},
                                  {"number", std::to_string(kProgramNumber)}}),
      sync.waiting_program == 0, "staff.program_old");
  if (!kiosk.fingerprint.empty()) {
    view.rows.push_back(
        {"shield", maker.say("staff.row.fingerprint"),
         maker.say(kiosk.asks_to_enrol ? "staff.fingerprint_asking" : "staff.fingerprint",
                   {{"digits", isolate_left_to_right(kiosk.fingerprint)}}),
         kiosk.asks_to_enrol ? maker.say("staff.waiting") : std::string(), !kiosk.asks_to_enrol});
  }
  row("lock", "staff.row.pins",
      kiosk.has_staff
          ? maker.say("staff.opened_by", {{"name", maker.visit().staff}})
          : maker.say("staff.no_pins",
                      {{"command", isolate_left_to_right("odop-syncserver kiosk staff")}}),
      kiosk.has_staff, "staff.open");
  view.prompts = maker.say("prompts.open");
  view.prompts_note = maker.say("prompts.open_note");
  view.close = maker.say("staff.close");
  return view;
}

}  // namespace odop::kiosk

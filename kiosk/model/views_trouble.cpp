// What is said when nothing can be kept: to visitors before they type anything, to the staff with
// what to do about it.
#include "kiosk/model/view_parts.h"
#include "shared/text/isolate.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace odop::kiosk {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
// Decision: as long as the office may still ask about it.
constexpr std::int64_t kMendingToldMs = 30 * kDayMs;

std::string_view key_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::kNone:
      break;
    case Trouble::kFull:
      return "trouble.full";
    case Trouble::kReadOnly:
      return "trouble.read_only";
    case Trouble::kNotOurs:
      return "trouble.not_ours";
    case Trouble::kNoFolder:
      return "trouble.no_folder";
    case Trouble::kNewer:
      return "trouble.newer";
    case Trouble::kDamaged:
      return "trouble.damaged";
    case Trouble::kDisk:
      return "trouble.disk";
  }
  return {};
}

std::string what_was_mended(const Maker& maker, const MendingFacts& mended) {
  const std::string when = maker.day_of(mended.wall_ms);
  if (!mended.enrolled) return when + ". " + maker.say("staff.mended_nothing");
  return when + ". " +
         maker.words.plural("staff.mended", static_cast<std::int64_t>(mended.submissions)) + " " +
         maker.say(mended.from_backup ? "staff.mended_backup" : "staff.mended_outbox");
}

}  // namespace

TroubleWords trouble_words(const Maker& maker) {
  const std::string key(key_of(maker.state.kiosk.stores.trouble));
  if (key.empty()) return {};
  return {maker.say(key),
          maker.say(key + ".remedy", {{"command", isolate_left_to_right("chown -R")},
                                      {"option", isolate_left_to_right("--data")}})};
}

ClosedView closed_view(const Maker& maker) {
  ClosedView view;
  view.title = maker.say("closed.title");
  for (const auto& [key, icon] : {std::pair{"staff", "people"}, std::pair{"other", "kiosk"},
                                  std::pair{"office", "phone"}, std::pair{"browse", "hand"}}) {
    const std::string line = std::string("closed.") + key;
    view.lines.push_back({maker.say(line), maker.say(line + ".text"), icon});
  }
  view.close = maker.say("sheet.close");
  return view;
}

bool shows_nothing(const Maker& maker) {
  return maker.state.kiosk.stores.trouble != Trouble::kNone && maker.catalogue.products.empty();
}

void add_closed(const Maker& maker, AttractView& view) {
  if (!shows_nothing(maker)) return;
  for (std::size_t i = 0; i < view.closed.size(); ++i) {
    const std::string language(code(kLanguages.at(i)));
    view.closed.at(i) = {maker.say("closed.page." + language),
                         maker.say("closed.page_text." + language)};
  }
  const TroubleWords words = trouble_words(maker);
  view.closed_staff = words.what + " " + words.remedy;
}

void add_store_rows(const Maker& maker, std::vector<MaintenanceRow>& rows) {
  const Kiosk& kiosk = maker.state.kiosk;
  const StoreFacts& stores = kiosk.stores;
  const bool fine = stores.trouble == Trouble::kNone && !stores.reserve_used;
  rows.push_back(
      {"letter", maker.say("staff.row.keeping"),
       stores.trouble != Trouble::kNone ? trouble_words(maker).what
       : stores.reserve_used            ? maker.say("staff.keeps_reserve")
                                        : maker.say("staff.keeps"),
       fine ? maker.say("staff.good")
            : maker.say(stores.reserve_used && stores.trouble == Trouble::kNone ? "staff.low"
                                                                                : "staff.refused"),
       fine});
  const MendingFacts& mended = stores.mended;
  if (mended.wall_ms == 0 || kiosk.wall_ms - mended.wall_ms > kMendingToldMs) return;
  const bool whole = mended.enrolled && mended.damaged_blocks == 0;
  rows.push_back({"tools", maker.say("staff.row.mended"), what_was_mended(maker, mended),
                  maker.say(whole ? "staff.good" : "staff.look"), whole});
}

}  // namespace odop::kiosk

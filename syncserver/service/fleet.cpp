#include "syncserver/service/fleet.h"

#include "shared/core/program.h"
#include "shared/crypto/pin.h"
#include "shared/forms/formats.h"
#include "shared/forms/helper.h"
#include "shared/text/normalise.h"
#include "shared/text/slug.h"
#include "syncserver/service/enrolment.h"
#include "syncserver/service/releases.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <utility>

namespace odop::syncserver {

namespace {

std::int64_t ms(WallTime time) { return time.time_since_epoch().count(); }

std::string configuration_of(KioskMode mode) {
  return nlohmann::json{{"mode", name_of(mode)}}.dump();
}

// What a kiosk was told, with one thing changed.
std::string changed(const Kiosk& kiosk, std::string_view key, nlohmann::json value) {
  auto held = nlohmann::json::parse(kiosk.configuration, nullptr, false);
  if (!held.is_object()) held = nlohmann::json::object();
  held[std::string(key)] = std::move(value);
  return held.dump();
}

bool good_or_empty(const std::string& id) { return id.empty() || is_slug(id); }

KioskState state_of(const FleetRow& row, WallTime now) {
  if (row.device.revoked_ms != 0) return KioskState::kRevoked;
  if (row.device.forked_ms != 0) return KioskState::kForked;
  if (!row.device.id.empty()) return KioskState::kActive;
  // A code that was never used and is marked as used was revoked.
  if (row.kiosk.code_used_ms != 0) return KioskState::kRevoked;
  return row.kiosk.code_expires_ms > ms(now) ? KioskState::kWaiting : KioskState::kExpired;
}

Result<KioskView> view_of(Store& store, FleetRow row, WallTime now) {
  KioskView view;
  view.state = state_of(row, now);
  if (!row.device.id.empty() && row.device.state.last_sequence.value != 0) {
    auto missing = store.missing(row.device.id, row.device.epoch, row.device.state.last_sequence,
                                 kMaxMissingListed);
    if (!missing.has_value()) return fail(missing.error());
    view.missing = std::move(*missing);
  }
  view.row = std::move(row);
  return view;
}

}  // namespace

std::string_view name_of(KioskState state) {
  switch (state) {
    case KioskState::kWaiting:
      return "waiting";
    case KioskState::kExpired:
      return "expired";
    case KioskState::kActive:
      return "active";
    case KioskState::kForked:
      return "forked";
    case KioskState::kReplaced:
      return "replaced";
    case KioskState::kRevoked:
      return "revoked";
  }
  return "unknown";
}

std::string_view name_of(KioskMode mode) {
  return mode == KioskMode::kProduction ? "production" : "test";
}

KioskMode mode_of(const Kiosk& kiosk) {
  const nlohmann::json set = nlohmann::json::parse(kiosk.configuration, nullptr, false);
  const bool production = set.is_object() && set.value("mode", "") == "production";
  return production ? KioskMode::kProduction : KioskMode::kTest;
}

Result<AddedKiosk> add_kiosk(Store& store, const NewKiosk& wanted, WallTime now) {
  if (wanted.name.empty()) return fail(ErrorCode::kInvalidArgument, "a kiosk needs a name");
  const bool one_line = std::ranges::none_of(
      wanted.name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (!is_utf8(wanted.name) || !one_line || wanted.name.size() > kMaxKioskNameBytes) {
    return fail(ErrorCode::kInvalidArgument,
                "a kiosk's name is one line of UTF-8, at most 200 bytes");
  }
  if (!good_or_empty(wanted.venue) || !good_or_empty(wanted.district) || !is_slug(wanted.ring)) {
    return fail(ErrorCode::kInvalidArgument,
                "venue, district and ring are ids, such as awadh-shilp-gram");
  }
  AddedKiosk added;
  added.district = wanted.district;
  const auto venues = store.draft_of("venue");
  if (!venues.has_value()) return fail(venues.error());
  for (const CatalogueRecord& venue : *venues) {
    if (venue.id != wanted.venue) continue;
    added.venue_known = true;
    const nlohmann::json fields = nlohmann::json::parse(venue.json, nullptr, false);
    if (added.district.empty() && fields.is_object()) {
      added.district = fields.value("district", "");
    }
  }
  added.code = make_enrolment_code();
  added.expires_ms = ms(now + kEnrolmentCodeLife);
  Kiosk kiosk;
  kiosk.name = wanted.name;
  kiosk.venue = wanted.venue;
  kiosk.district = added.district;
  kiosk.ring = wanted.ring;
  kiosk.configuration = configuration_of(wanted.mode);
  kiosk.code_hash = enrolment_code_hash(added.code);
  kiosk.code_expires_ms = added.expires_ms;
  kiosk.created_ms = ms(now);
  const auto number = store.add_kiosk(kiosk);
  if (!number.has_value()) return fail(number.error());
  added.kiosk = *number;
  return added;
}

namespace {

// What a ring is shown, and what program that wants.
struct OnShow {
  ReleaseNumber release;
  std::uint32_t program = 0;
};

Result<OnShow> on_show(Store& store, const std::string& ring) {
  const auto pointer = store.pointer(ring);
  if (!pointer.has_value()) return fail(pointer.error());
  if (!pointer->has_value()) return OnShow{};
  const auto release = store.release((*pointer)->release);
  if (!release.has_value()) return fail(release.error());
  if (!release->has_value()) return OnShow{};
  return OnShow{(*release)->number, minimum_app_of(**release)};
}

// Those that enrolled anew under another number. Whether every copy did only silence tells: a
// kiosk that was heard under the old number since is one that must do it yet.
void tell_replaced(KioskView& view, std::span<const FleetRow> fleet) {
  const Device& device = view.row.device;
  if (device.id.empty()) return;
  std::int64_t newest_ms = 0;
  for (const FleetRow& row : fleet) {
    if (row.device.former != device.id) continue;
    view.replaced_by.push_back(row.kiosk.number);
    newest_ms = std::max(newest_ms, row.device.enrolled_ms);
  }
  const bool silent = !view.replaced_by.empty() && device.state.seen_ms <= newest_ms;
  if (silent && view.state != KioskState::kRevoked) view.state = KioskState::kReplaced;
}

void tell_waiting(KioskView& view, const OnShow& shown) {
  const FleetState& said = view.row.device.state;
  if (said.seen_ms == 0 || said.release_shown >= shown.release) return;
  if (std::max(said.app_number, kFirstProgramNumber) >= shown.program) return;
  view.waiting = shown.release;
  view.waiting_program = shown.program;
}

}  // namespace

Result<std::vector<KioskView>> list_kiosks(Store& store, WallTime now) {
  auto rows = store.fleet();
  if (!rows.has_value()) return fail(rows.error());
  std::vector<KioskView> views;
  std::map<std::string, OnShow, std::less<>> rings;
  for (const FleetRow& row : *rows) {
    auto view = view_of(store, row, now);
    if (!view.has_value()) return fail(view.error());
    auto ring = rings.find(view->row.kiosk.ring);
    if (ring == rings.end()) {
      const auto shown = on_show(store, view->row.kiosk.ring);
      if (!shown.has_value()) return fail(shown.error());
      ring = rings.emplace(view->row.kiosk.ring, *shown).first;
    }
    tell_waiting(*view, ring->second);
    tell_replaced(*view, *rows);
    views.push_back(std::move(*view));
  }
  return views;
}

namespace {

Result<KioskView> view_of_number(Store& store, KioskNumber number, WallTime now) {
  auto views = list_kiosks(store, now);
  if (!views.has_value()) return fail(views.error());
  for (KioskView& view : *views) {
    if (view.row.kiosk.number == number) return std::move(view);
  }
  return fail(ErrorCode::kNotFound, "no such kiosk");
}

}  // namespace

Result<KioskView> configure_kiosk(Store& store, KioskNumber number, KioskMode mode, WallTime now) {
  const auto held = view_of_number(store, number, now);
  if (!held.has_value()) return fail(held.error());
  const Status set = store.configure(
      number, changed(held->row.kiosk, "mode", std::string(name_of(mode))), ms(now));
  if (!set.has_value()) return fail(set.error());
  return view_of_number(store, number, now);
}

Result<KioskView> set_staff(Store& store, KioskNumber number, std::span<const StaffMember> staff,
                            WallTime now) {
  if (staff.size() > kMaxStaff) {
    return fail(ErrorCode::kInvalidArgument,
                "at most " + std::to_string(kMaxStaff) + " people have a PIN at one kiosk");
  }
  const auto held = view_of_number(store, number, now);
  if (!held.has_value()) return fail(held.error());
  auto list = nlohmann::json::array();
  std::set<std::string> names;
  std::set<std::string> pins;
  for (const StaffMember& member : staff) {
    const bool good = !member.name.empty() && member.name.size() <= forms::kMaxHelperBytes &&
                      is_nfc(member.name) && !forms::holds_aadhaar(member.name);
    if (!good) return fail(ErrorCode::kInvalidArgument, "a name is missing, too long or no name");
    if (!names.insert(member.name).second) {
      return fail(ErrorCode::kInvalidArgument, member.name + " stands there twice");
    }
    // A PIN says who it was: two people must not share one.
    if (!pins.insert(member.pin).second) {
      return fail(ErrorCode::kInvalidArgument, "two people have the same PIN");
    }
    auto hash = crypto::hash_pin(member.pin);
    if (!hash.has_value())
      return fail(hash.error().code, member.name + ": " + hash.error().context);
    list.push_back({{"name", member.name}, {"pin", std::move(*hash)}});
  }
  const Status set =
      store.configure(number, changed(held->row.kiosk, "staff", std::move(list)), ms(now));
  if (!set.has_value()) return fail(set.error());
  return view_of_number(store, number, now);
}

Result<KioskView> revoke_kiosk(Store& store, KioskNumber number, WallTime now) {
  if (Status revoked = store.revoke(number, ms(now)); !revoked.has_value()) {
    return fail(revoked.error());
  }
  return view_of_number(store, number, now);
}

}  // namespace odop::syncserver

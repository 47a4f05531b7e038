#include "syncserver/service/fleet.h"

#include "shared/crypto/release.h"
#include "shared/crypto/succession.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>

namespace odop::syncserver {

namespace {

KioskView view_of(Desk& desk, KioskNumber number) {
  const auto views = list_kiosks(*desk.store, desk.clock.wall()).value();
  for (const KioskView& view : views) {
    if (view.row.kiosk.number == number) return view;
  }
  throw std::runtime_error("no such kiosk");
}

}  // namespace

TEST_CASE("A new kiosk gets the next number, a code of its own and its venue's district",
          "[syncserver][fleet]") {
  Desk desk;
  must(desk.store->edit_draft(
      std::vector{record("venue", "shilp-gram", R"({"district":"lucknow"})")}, {}, {}, kDeskStart));
  const auto first =
      add_kiosk(*desk.store, {.name = "Gate", .venue = "shilp-gram"}, desk.clock.wall()).value();
  CHECK(first.kiosk == KioskNumber{1});
  CHECK(first.venue_known);
  CHECK(first.district == "lucknow");
  const auto second =
      add_kiosk(*desk.store, {.name = "द्वार", .venue = "elsewhere"}, desk.clock.wall()).value();
  CHECK(second.kiosk == KioskNumber{2});
  CHECK_FALSE(second.venue_known);
  CHECK(second.district.empty());
  CHECK(second.code != first.code);
  const auto own = add_kiosk(*desk.store, {.name = "C", .venue = "shilp-gram", .district = "agra"},
                             desk.clock.wall())
                       .value();
  CHECK(own.district == "agra");
  CHECK(view_of(desk, first.kiosk).state == KioskState::kWaiting);
  CHECK(view_of(desk, second.kiosk).row.kiosk.name == "द्वार");
}

TEST_CASE("A kiosk with a wrong name or place is not added", "[syncserver][fleet]") {
  Desk desk;
  const auto code = [&](const NewKiosk& kiosk) {
    return add_kiosk(*desk.store, kiosk, desk.clock.wall()).error().code;
  };
  for (const NewKiosk& kiosk :
       {NewKiosk{.name = ""}, NewKiosk{.name = "\xC3("}, NewKiosk{.name = std::string(201, 'x')},
        NewKiosk{.name = "A", .venue = "Awadh Shilp Gram"},
        NewKiosk{.name = "A", .district = "../x"}, NewKiosk{.name = "A", .ring = ""}}) {
    INFO(kiosk.name << kiosk.venue);
    CHECK(code(kiosk) == ErrorCode::kInvalidArgument);
  }
  CHECK(list_kiosks(*desk.store, desk.clock.wall()).value().empty());
}

TEST_CASE("A kiosk is in production when somebody said so", "[syncserver][fleet]") {
  Desk desk;
  const auto wall = desk.clock.wall();
  const auto plain = add_kiosk(*desk.store, {.name = "A"}, wall).value();
  const auto made =
      add_kiosk(*desk.store, {.name = "B", .mode = KioskMode::kProduction}, wall).value();
  const auto mode = [&](KioskNumber number) { return mode_of(view_of(desk, number).row.kiosk); };
  CHECK(mode(plain.kiosk) == KioskMode::kTest);
  CHECK(mode(made.kiosk) == KioskMode::kProduction);

  // It hears of it by the feed: at once when it enrols, and whenever it changes.
  const auto key = crypto::SigningKey::generate();
  const auto identity = desk.api.enrol({made.code, key.public_key(), "boot"}).value();
  const auto caller = desk.api.authenticate(identity.token).value();
  const auto told = [&] {
    std::vector<std::string> modes;
    const auto page = desk.api.feed(caller, FeedPosition{}).value();
    for (const auto& document : page.entries) {
      const auto entry = wire::decode<wire::FeedEntry>(document.payload).value();
      CHECK(entry.kind == wire::FeedKind::kConfiguration);
      modes.push_back(entry.payload);
    }
    return modes;
  };
  CHECK(told() == std::vector<std::string>{R"({"mode":"production"})"});
  CHECK(mode_of(configure_kiosk(*desk.store, made.kiosk, KioskMode::kTest, wall)->row.kiosk) ==
        KioskMode::kTest);
  CHECK(told().back() == R"({"mode":"test"})");
  CHECK(configure_kiosk(*desk.store, KioskNumber{99}, KioskMode::kTest, wall).error().code ==
        ErrorCode::kNotFound);
  // One for tests is told so, too, so that its silence means nothing was said.
  const auto other = desk.api.enrol({plain.code, crypto::SigningKey::generate().public_key(), "b"});
  const auto page = desk.api.feed(desk.api.authenticate(other->token).value(), FeedPosition{});
  REQUIRE(page->entries.size() == 1);
  CHECK(wire::decode<wire::FeedEntry>(page->entries.front().payload)->payload ==
        R"({"mode":"test"})");
}

TEST_CASE("A kiosk hears whose PIN names a helper, and nothing of what it was told is lost",
          "[syncserver][fleet]") {
  Desk desk;
  const auto wall = desk.clock.wall();
  const auto made =
      add_kiosk(*desk.store, {.name = "B", .mode = KioskMode::kProduction}, wall).value();
  const std::vector<StaffMember> staff{{"सुनीता वर्मा", "482719"}, {"Imran", "100200"}};
  const auto view = set_staff(*desk.store, made.kiosk, staff, wall);
  REQUIRE(view.has_value());
  const std::string& told = view->row.kiosk.configuration;
  CHECK(mode_of(view->row.kiosk) == KioskMode::kProduction);
  CHECK(told.find("सुनीता वर्मा") != std::string::npos);
  CHECK(told.find("482719") == std::string::npos);
  // Setting the mode keeps them, an empty list takes them away.
  const auto tested = configure_kiosk(*desk.store, made.kiosk, KioskMode::kTest, wall);
  CHECK(tested->row.kiosk.configuration.find("Imran") != std::string::npos);
  const auto none = set_staff(*desk.store, made.kiosk, {}, wall);
  CHECK(none->row.kiosk.configuration.find("Imran") == std::string::npos);

  const auto code = [&](std::vector<StaffMember> wrong) {
    return set_staff(*desk.store, made.kiosk, wrong, wall).error().code;
  };
  CHECK(code({{"", "482719"}}) == ErrorCode::kInvalidArgument);
  CHECK(code({{"A", "48271"}}) == ErrorCode::kInvalidArgument);
  CHECK(code({{"A", "482719"}, {"A", "482718"}}) == ErrorCode::kInvalidArgument);
  CHECK(code({{"A", "482719"}, {"B", "482719"}}) == ErrorCode::kInvalidArgument);
  CHECK(code({{"2341 2341 2346", "482719"}}) == ErrorCode::kInvalidArgument);
  CHECK(code(std::vector<StaffMember>(kMaxStaff + 1)) == ErrorCode::kInvalidArgument);
  CHECK(set_staff(*desk.store, KioskNumber{99}, {}, wall).error().code == ErrorCode::kNotFound);
}

TEST_CASE("An unused code runs out or is revoked", "[syncserver][fleet]") {
  Desk desk;
  const auto enrol = [&](const std::string& code) {
    return desk.api.enrol({code, crypto::SigningKey::generate().public_key(), "boot"});
  };
  const auto late = add_kiosk(*desk.store, {.name = "A"}, desk.clock.wall()).value();
  const auto revoked = add_kiosk(*desk.store, {.name = "B"}, desk.clock.wall()).value();
  CHECK(revoke_kiosk(*desk.store, revoked.kiosk, desk.clock.wall()).value().state ==
        KioskState::kRevoked);
  CHECK_FALSE(enrol(revoked.code).has_value());
  desk.clock.advance(std::chrono::milliseconds(late.expires_ms - kDeskStart + 1));
  CHECK(view_of(desk, late.kiosk).state == KioskState::kExpired);
  CHECK_FALSE(enrol(late.code).has_value());
}

TEST_CASE("A release that waits at a kiosk for a newer program is seen in the list",
          "[syncserver][fleet]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  wire::Manifest manifest;
  manifest.release = ReleaseNumber{5};
  manifest.minimum_app = 3;
  manifest.content_digest = Bytes(32, 'c');
  const auto publisher = crypto::SigningKey::generate();
  Release release;
  release.number = manifest.release;
  release.content_digest = std::string(64, 'c');
  release.manifest =
      wire::to_json(crypto::sign_document("manifest", wire::to_json(manifest), publisher));
  const StoredPointer pointer{.serial = 1, .ring = "all", .release = manifest.release};
  REQUIRE(desk.store->publish(release, {}, std::vector{pointer}).has_value());

  const auto number = kiosk.identity.kiosk;
  const auto waits = [&](std::uint32_t program, std::uint64_t shown) {
    wire::Heartbeat beat;
    beat.app_number = program;
    beat.pointer_serial = pointer.serial;
    beat.release_shown = ReleaseNumber{shown};
    REQUIRE(desk.api.heartbeat(kiosk.caller(), beat).has_value());
    const KioskView view = view_of(desk, number);
    CHECK(view.row.device.state.app_number == program);
    CHECK((view.waiting_program != 0) == (view.waiting == release.number));
    return view.waiting_program;
  };
  CHECK(view_of(desk, number).waiting_program == 0);  // it was never heard of
  CHECK(waits(0, 4) == 3);                            // the first program says no number
  CHECK(waits(2, 4) == 3);
  CHECK(waits(3, 4) == 0);  // it is on its way
  CHECK(waits(2, 5) == 0);  // a program that was put back; it shows it
}

TEST_CASE("Revoking says which submissions are known to be missing", "[syncserver][fleet]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto number = kiosk.identity.kiosk;
  const auto first = kiosk.enquiry();
  (void)kiosk.enquiry();  // 2 never arrives
  const auto third = kiosk.enquiry();
  kiosk.push({first.envelope, third.envelope});
  wire::Heartbeat beat;
  beat.last_sequence = Sequence{4};
  REQUIRE(desk.api.heartbeat(kiosk.caller(), beat).has_value());
  CHECK(view_of(desk, number).state == KioskState::kActive);
  const KioskView view = revoke_kiosk(*desk.store, number, desk.clock.wall()).value();
  CHECK(view.state == KioskState::kRevoked);
  CHECK(view.missing == std::vector{Sequence{2}, Sequence{4}});
  CHECK(revoke_kiosk(*desk.store, KioskNumber{99}, desk.clock.wall()).error().code ==
        ErrorCode::kNotFound);
}

TEST_CASE("A copied kiosk is forked, and replaced once every copy enrolled anew",
          "[syncserver][fleet]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto number = kiosk.identity.kiosk;
  const auto one = kiosk.make_at(1, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                 desk.keys.sealing.public_key());
  const auto other = kiosk.make_at(1, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                   desk.keys.sealing.public_key());
  kiosk.push({one.envelope, other.envelope});
  REQUIRE(desk.api.heartbeat(kiosk.caller(), {}).has_value());
  CHECK(view_of(desk, number).state == KioskState::kForked);
  const auto page = desk.api.feed(kiosk.caller(), FeedPosition{0}).value();
  const auto told = wire::decode<wire::FeedEntry>(page.entries.back().payload).value();
  CHECK(told.kind == wire::FeedKind::kConfiguration);
  CHECK(told.payload == R"({"enrol_anew":")" + kiosk.identity.device_id + R"("})");

  desk.clock.advance(std::chrono::seconds(1));
  TestKiosk next(desk, "shilp-gram", "lucknow");
  wire::Heartbeat beat;
  beat.former_device = kiosk.identity.device_id;
  const auto says = [&](const crypto::SigningKey& key) {
    beat.former_signature =
        crypto::sign_succession(kiosk.identity.device_id, next.identity.device_id, key);
    REQUIRE(desk.api.heartbeat(next.caller(), beat).has_value());
    return view_of(desk, number).replaced_by;
  };
  CHECK(says(next.key).empty());  // anybody could say so
  CHECK(view_of(desk, number).state == KioskState::kForked);
  CHECK(says(kiosk.key) == std::vector{next.identity.kiosk});
  CHECK(view_of(desk, number).state == KioskState::kReplaced);
  CHECK(view_of(desk, next.identity.kiosk).state == KioskState::kActive);
  CHECK(view_of(desk, next.identity.kiosk).replaced_by.empty());

  // The other copy speaks: its token goes on working, and it must enrol, too.
  desk.clock.advance(std::chrono::seconds(1));
  REQUIRE(desk.api.heartbeat(kiosk.caller(), {}).has_value());
  CHECK(view_of(desk, number).state == KioskState::kForked);
  CHECK(view_of(desk, number).replaced_by == std::vector{next.identity.kiosk});
  desk.clock.advance(std::chrono::seconds(1));
  TestKiosk last(desk, "shilp-gram", "lucknow");
  beat.former_signature =
      crypto::sign_succession(kiosk.identity.device_id, last.identity.device_id, kiosk.key);
  REQUIRE(desk.api.heartbeat(last.caller(), beat).has_value());
  CHECK(view_of(desk, number).state == KioskState::kReplaced);
  CHECK(view_of(desk, number).replaced_by == std::vector{next.identity.kiosk, last.identity.kiosk});
}

}  // namespace odop::syncserver

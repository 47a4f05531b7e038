// From an approved registration into the catalogue, and out again at once.
#include "syncserver/service/producers.h"

#include "shared/crypto/release.h"
#include "shared/wire/json.h"
#include "tests/syncserver/service/form_desk.h"

#include <algorithm>

namespace odop::syncserver {

namespace {

class ProducerDesk : public FormDesk {
 public:
  // A registration whose person agreed to `purposes`, approved by the office.
  std::string approved(const std::vector<std::string>& purposes) {
    std::string reference = registered(purposes);
    must(submissions.answer({.reference = reference, .state = "approved"}));
    return reference;
  }
  std::string registered(const std::vector<std::string>& purposes) {
    kiosk.purposes = purposes;
    return opened("registration", good("registration")).reference;
  }
  void withdraw(const std::string& reference, const std::string& scope) {
    const json answers = {{"reference", reference}, {"status_code", kCode}, {"scope", scope}};
    CHECK(opened("withdrawal", answers).state == "opened");
  }
  // What the newest pointer of the ring takes down.
  [[nodiscard]] std::vector<std::string> hidden() const {
    const auto stored = store->pointer("all").value();
    const auto document = wire::from_json<wire::SignedDocument>(stored->document).value();
    return wire::from_json<wire::Pointer>(document.payload).value().taken_down;
  }
  Publisher publisher() { return {*store, keys, media, folder.path()}; }
  std::size_t in_draft() { return store->draft_of("producer").value().size(); }

  Producers producers{*store, *record_keys, clock};
};

}  // namespace

TEST_CASE("Only whoever agreed to be shown becomes a draft, and only when approved",
          "[syncserver][service]") {
  ProducerDesk desk;
  (void)desk.registered({"contact", "publish"});
  (void)desk.approved({"contact", "exhibitions"});
  CHECK(desk.producers.list().value().empty());
  const std::string reference = desk.approved({"contact", "publish"});
  const auto drafts = desk.producers.list().value();
  REQUIRE(drafts.size() == 1);
  CHECK(drafts[0].reference == reference);
  CHECK_FALSE(drafts[0].accepted);
  CHECK(desk.in_draft() == 0);  // nobody took it over yet
  // The notice's words: name, craft, district; nothing else.
  const json fields = json::parse(drafts[0].json);
  const json answers = good("registration");
  const std::string shown = answers.contains("body_name") ? answers["body_name"] : answers["name"];
  CHECK(fields["name"]["hi"] == shown);
  CHECK(fields["products"] == json::array({answers["product"]}));
  CHECK(fields["district"] == answers["district"]);
  for (const auto& [key, value] : fields.items()) {
    CHECK((key == "name" || key == "products" || key == "district" || key == "sort"));
  }
  CHECK(drafts[0].json.find(answers["mobile"].get<std::string>()) == std::string::npos);
  CHECK(drafts[0].record.find(reference) == std::string::npos);

  const Accepted taken = desk.producers.accept(group_reference(reference)).value();
  CHECK(taken.producer == drafts[0].record);
  CHECK(taken.stall.empty());  // nobody knows where
  CHECK(desk.producers.list().value().at(0).accepted);
  CHECK(desk.in_draft() == 1);
  CHECK(desk.producers.accept("12").error().code == ErrorCode::kInvalidArgument);
  CHECK(desk.producers.accept(desk.registered({"publish"})).error().code == ErrorCode::kNotFound);
}

TEST_CASE("A published producer who withdraws is hidden by the next pointer, without a release",
          "[syncserver][service]") {
  for (const char* scope : {"publish", "all"}) {
    CAPTURE(scope);
    ProducerDesk desk;
    const std::string reference = desk.approved({"contact", "publish"});
    const std::string record = desk.producers.accept(reference).value().producer;
    desk.publish();
    const auto release = desk.store->newest_release().value()->number;
    CHECK(desk.hidden().empty());
    CHECK_FALSE(desk.publisher().show_take_downs(desk.clock.wall()).value());

    desk.withdraw(reference, scope);
    CHECK(desk.in_draft() == 0);
    CHECK(desk.producers.list().value().empty());
    const auto serial = desk.store->pointer("all").value()->serial;
    CHECK(desk.publisher().show_take_downs(desk.clock.wall()).value());
    CHECK(desk.hidden() == std::vector<std::string>{record});
    CHECK(desk.store->pointer("all").value()->serial > serial);
    CHECK(desk.store->newest_release().value()->number == release);
    CHECK_FALSE(desk.publisher().show_take_downs(desk.clock.wall()).value());  // said once

    // The next release does without it, and no approval brings it back.
    desk.publish();
    const auto items =
        desk.store->release_items(desk.store->newest_release().value()->number).value();
    CHECK(std::ranges::find(items, record, &ReleaseItem::id) == items.end());
    CHECK(desk.hidden() == std::vector<std::string>{record});  // older ones still hold it
    const bool still_there = std::string_view(scope) == "publish";
    CHECK(desk.submissions.show(reference).value().at(0).state ==
          (still_there ? "opened" : "restricted"));
    CHECK(desk.submissions.answer({.reference = reference, .state = "approved"}).has_value() ==
          still_there);
    CHECK(desk.producers.list().value().empty());
  }
}

TEST_CASE("A producer's stall is shown with the producer, and goes with it",
          "[syncserver][service]") {
  ProducerDesk desk;
  REQUIRE(import_catalogue(*desk.store, desk.media, ODOP_SOURCE_DIR "/assets/demo", false,
                           desk.clock.wall())
              .value()
              .errors.empty());
  const std::string older = desk.approved({"contact", "publish"});
  desk.kiosk.notice_version = kNoticeWithStall;
  const std::string reference = desk.approved({"contact", "publish"});
  const auto drafts = desk.producers.list().value();
  REQUIRE(drafts.size() == 2);
  CHECK_FALSE(drafts[0].may_have_stall);
  CHECK(drafts[1].may_have_stall);
  CHECK(json::parse(drafts[1].json).size() <= 4);  // the producer's fields, nothing of the draft's

  // Only where the office says that it is, only at a stall that there is, and only by the consent.
  const auto stalls = desk.store->draft_of("stall").value().size();
  CHECK(desk.producers.accept(reference, "no-such-stall").error().code == ErrorCode::kNotFound);
  CHECK(desk.producers.accept(older, "asg-hall-2-14").error().code == ErrorCode::kForbidden);
  CHECK(desk.in_draft() == 0);
  const Accepted taken = desk.producers.accept(reference, "asg-hall-2-14").value();
  CHECK(desk.store->draft_of("stall").value().size() == stalls + 1);
  CHECK(desk.producers.list().value().at(1).stall == taken.stall);
  CHECK(desk.producers.accept(older, taken.stall.substr(6)).error().code == ErrorCode::kForbidden);
  // Who stands at a stall is no place for another.
  CHECK(desk.producers.accept(reference, taken.stall.substr(6)).error().code ==
        ErrorCode::kNotFound);
  CHECK(desk.producers.accept(reference).value().stall == taken.stall);  // it stays

  const auto draft_of = [&](const std::string& name) {
    const auto records = desk.store->draft_of("stall").value();
    for (const auto& record : records) {
      if ("stall/" + record.id == name) return json::parse(record.json);
    }
    return json();
  };
  const json stall = draft_of(taken.stall);
  const json place = draft_of("stall/asg-hall-2-14");
  const json answers = good("registration");
  for (const char* key : {"hall", "number", "x_m", "y_m", "w_m", "d_m"}) {
    CHECK(stall.at(key) == place.at(key));
  }
  CHECK(stall.at("products") == json::array({answers["product"]}));
  CHECK(stall.at("producer") == taken.producer.substr(9));
  CHECK(stall.at("holder").at("hi") ==
        (answers.contains("body_name") ? answers["body_name"] : answers["name"]));
  CHECK(stall.dump().find(answers["mobile"].get<std::string>()) == std::string::npos);

  desk.publish();
  const auto shown = [&] {
    std::vector<std::string> names;
    const auto release = desk.store->newest_release().value()->number;
    const auto items = desk.store->release_items(release).value();
    names.reserve(items.size());
    for (const auto& item : items) names.push_back(item.id);
    return names;
  };
  const auto in_release = shown();
  CHECK(std::ranges::find(in_release, taken.stall) != in_release.end());

  desk.withdraw(reference, "publish");
  CHECK(draft_of(taken.stall).is_null());
  CHECK_FALSE(draft_of("stall/asg-hall-2-14").is_null());  // the place is nobody's
  CHECK(desk.publisher().show_take_downs(desk.clock.wall()).value());
  CHECK(desk.hidden() == std::vector<std::string>{taken.producer, taken.stall});
  desk.publish();
  const auto after = shown();
  CHECK(std::ranges::find(after, taken.stall) == after.end());
}

TEST_CASE("A withdrawal of being shown that comes first is not forgotten",
          "[syncserver][service]") {
  ProducerDesk desk;
  desk.kiosk.purposes = {"contact", "publish"};
  const auto registration =
      desk.kiosk.make(wire::Kind::kRegistration, "registration", good("registration").dump());
  const json answers = {
      {"reference", registration.reference}, {"status_code", kCode}, {"scope", "publish"}};
  const auto withdrawal = desk.kiosk.make(wire::Kind::kWithdrawal, "withdrawal", answers.dump());
  desk.kiosk.push({withdrawal.envelope});
  desk.open_all();
  desk.kiosk.push({registration.envelope});
  desk.open_all();
  CHECK(desk.store->waiting_withdrawals("").value().empty());
  CHECK(desk.submissions.show(registration.reference).value().at(0).state == "opened");
  must(desk.submissions.answer({.reference = registration.reference, .state = "approved"}));
  CHECK(desk.producers.list().value().empty());
}

TEST_CASE("A take-down by hand hides a product and is lifted again", "[syncserver][service]") {
  ProducerDesk desk;
  must(desk.store->take_down("product/kannauj-attar", "admin", kDeskStart));
  CHECK(desk.publisher().show_take_downs(desk.clock.wall()).value());
  CHECK(desk.hidden() == std::vector<std::string>{"product/kannauj-attar"});
  must(desk.store->lift_take_down("product/kannauj-attar"));
  CHECK(desk.publisher().show_take_downs(desk.clock.wall()).value());
  CHECK(desk.hidden().empty());
  // What no release of now holds gives way when there are too many; what it holds may not.
  for (int i = 0; i < 450; ++i) {
    must(desk.store->take_down("producer/p-" + std::to_string(i), "withdrawn", kDeskStart));
  }
  must(desk.store->take_down("product/kannauj-attar", "admin", kDeskStart));
  CHECK(desk.publisher().show_take_downs(desk.clock.wall()).value());
  CHECK(desk.hidden().size() == kMaxTakeDowns);
  CHECK(desk.hidden().front() == "product/kannauj-attar");
}

}  // namespace odop::syncserver

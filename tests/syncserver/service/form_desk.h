// A server that published the product's own catalogue, and a kiosk in Lucknow that sends what is
// filled in its forms.
#pragma once

#include "shared/forms/check.h"
#include "syncserver/service/catalogue.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/releases.h"
#include "tests/shared/forms/form_files.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <string>

namespace odop::syncserver {

using nlohmann::json;

inline const std::map<std::string, wire::Kind> kKinds = {
    {"enquiry", wire::Kind::kEnquiry},         {"registration", wire::Kind::kRegistration},
    {"application", wire::Kind::kApplication}, {"question", wire::Kind::kQuestion},
    {"problem", wire::Kind::kProblem},         {"feedback", wire::Kind::kFeedback},
    {"withdrawal", wire::Kind::kWithdrawal},   {"attendance", wire::Kind::kAttendance},
    {"correction", wire::Kind::kCorrection}};

class FormDesk : public Desk {
 public:
  FormDesk() {
    const auto report =
        import_catalogue(*store, media, ODOP_SOURCE_DIR "/assets/catalogue", false, clock.wall())
            .value();
    REQUIRE(report.errors.empty());
    publish();
    kiosk.purposes = {"contact"};  // which most forms require
  }
  void publish() {
    Publisher publisher(*store, keys, media, folder.path());
    REQUIRE(publisher.publish(clock.wall()).has_value());
  }
  // Sent by the kiosk, opened.
  SubmissionView opened(wire::Kind kind, const std::string& form, const std::string& answers) {
    const auto sent = kiosk.make(kind, form, answers);
    kiosk.push({sent.envelope});
    open_all();
    return submissions.show(sent.reference).value().at(0);
  }
  SubmissionView opened(const std::string& form, const json& answers) {
    kiosk.form_version = test::shipped_form(form).version;
    return opened(kKinds.at(test::shipped_form(form).kind), form, answers.dump());
  }

  MediaFolder media{data.media()};
  TestKiosk kiosk{*this, "awadh-shilp-gram", "lucknow"};
};

// Good answers as a kiosk sends them.
inline json good(const std::string& id) {
  const forms::Form form = test::shipped_form(id);
  const auto settled = forms::settle(form, test::good_answers(id), test::kSubmitted);
  REQUIRE(settled.problems.empty());
  return json::parse(forms::to_json(settled.answers));
}

}  // namespace odop::syncserver

#include "kiosk/store/form_records.h"

#include "kiosk/store/lean_archive.h"
#include "shared/forms/form.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace odop::kiosk {

namespace {

void tell_skipped(const std::string& id, std::string_view why) {
  fmt::print(stderr, "odop-kiosk: the form {} is left out: {}\n", id, why);
}

}  // namespace

Bytes lean_form(const wire::Record& record) {
  std::string id = record.id;
  std::string json = record.json;
  LeanWriter writer;
  writer(id, json);
  return writer.take();
}

bool add_lean_form(BytesView lean, Catalogue& catalogue) {
  std::string id;
  std::string json;
  LeanReader reader(lean);
  reader(id, json);
  if (!reader.whole()) return false;
  auto form = forms::parse_form(json);
  if (!form) {
    tell_skipped(id, form.error().context);
  } else if (form->id != id) {
    tell_skipped(id, "it says that it is " + form->id);
  } else {
    catalogue.forms.push_back(std::make_shared<const forms::Form>(std::move(*form)));
  }
  return true;
}

}  // namespace odop::kiosk

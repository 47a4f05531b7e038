#include "syncserver/service/import_forms.h"

#include "shared/core/bytes.h"
#include "shared/crypto/digest.h"
#include "shared/forms/form.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;

struct Version {
  std::uint64_t number = 0;
  std::string hash;
};

// Of a record that was published, so that it can be read.
std::uint64_t version_of(const std::string& form) {
  const json fields = json::parse(form, nullptr, false);
  if (!fields.is_object()) return 0;
  const auto version = fields.find("version");
  return version != fields.end() && version->is_number_unsigned() ? version->get<std::uint64_t>()
                                                                  : 0;
}

// Versions by form id.
std::map<std::string, std::vector<Version>> versions_of(
    std::span<const CatalogueRecord> published) {
  std::map<std::string, std::vector<Version>> versions;
  for (const CatalogueRecord& record : published) {
    versions[record.id].push_back({version_of(record.json), record.hash});
  }
  return versions;
}

// "forms/question.json" -> "question".
std::string stem(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  std::string file = slash == std::string::npos ? name : name.substr(slash + 1);
  if (file.ends_with(".json")) file.resize(file.size() - 5);
  return file;
}

}  // namespace

void plan_forms(std::span<const ImportFile> files, std::span<const CatalogueRecord> published,
                std::span<const CatalogueRecord> draft, ImportPlan& plan) {
  const auto versions = versions_of(published);
  std::set<std::string, std::less<>> notices;
  for (const auto& records : {draft, std::span<const CatalogueRecord>(plan.upserts)}) {
    for (const CatalogueRecord& record : records) {
      if (record.type == "notice") notices.insert(record.id);
    }
  }
  std::map<std::string, std::string> file_of;  // by form id
  for (const ImportFile& file : files) {
    const auto wrong = [&](const char* code, std::string message) {
      plan.errors.push_back({file.name, 0, "", code, std::move(message)});
    };
    const auto form = forms::parse_form(file.text);
    if (!form.has_value()) {
      wrong("bad_form", form.error().context);
      continue;
    }
    if (const auto [first, is_new] = file_of.emplace(form->id, file.name); !is_new) {
      wrong("duplicate_form", fmt::format("{} is this form already; give one of them an id of its "
                                          "own",
                                          first->second));
      continue;
    }
    if (stem(file.name) != form->id) {
      wrong("wrong_form_name", fmt::format("the form's id is \"{}\"; name the file after it, or "
                                           "correct the id",
                                           form->id));
      continue;
    }
    const auto unknown = std::ranges::find_if(
        form->consents, [&](const auto& consent) { return !notices.contains(consent.notice); });
    if (unknown != form->consents.end()) {
      wrong("unknown_notice", fmt::format("consents: there is no notice \"{}\"; correct it, or "
                                          "import notices.csv with it first",
                                          unknown->notice));
      continue;
    }
    CatalogueRecord record;
    record.type = kFormType;
    record.id = form->id;
    record.json = json::parse(file.text).dump();
    record.hash = to_hex(crypto::sha256(record.json));
    if (const auto known = versions.find(form->id); known != versions.end()) {
      const auto same = [&](const Version& one) { return one.hash == record.hash; };
      const auto newest = std::ranges::max(known->second, {}, &Version::number).number;
      if (form->version <= newest && std::ranges::none_of(known->second, same)) {
        wrong("old_form_version",
              fmt::format("version: version {} was published with another content; make this one "
                          "version {}",
                          form->version, newest + 1));
        continue;
      }
    }
    plan.upserts.push_back(std::move(record));
  }
}

}  // namespace odop::syncserver

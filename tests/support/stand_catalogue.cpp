#include "tests/support/stand_catalogue.h"

#include "kiosk/model/prompts.h"
#include "shared/text/slug.h"
#include "tests/support/catalogue_values.h"
#include "tests/support/stand_services.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace odop::test {

namespace {

const std::filesystem::path kAssets = std::filesystem::path(ODOP_SOURCE_DIR) / "assets";

kiosk::LocalText local(CsvRow& row, const std::string& column) {
  return {{row[column + "_hi"], row[column + "_en"], row[column + "_ur"]}};
}

double number(CsvRow& row, const std::string& column) {
  return row[column].empty() ? 0 : std::stod(row[column]);
}

void add_products(kiosk::Catalogue& catalogue) {
  for (auto& row : read_csv(kAssets / "catalogue/products.csv")) {
    const auto product =
        std::ranges::find(catalogue.products, row["product_slug"], &kiosk::Product::id);
    product->drawing = row["drawing"];
  }
  for (auto& row : read_csv(kAssets / "catalogue/districts.csv")) {
    auto& district = catalogue.districts.at(catalogue.district_at.at(slug(row["name_en"])));
    district.hex_row = std::stoi(row["hex_row"]);
    district.hex_half_column = std::stoi(row["hex_half_column"]);
  }
}

void add_places(kiosk::Catalogue& catalogue) {
  for (auto& row : read_csv(kAssets / "catalogue/offices.csv")) {
    catalogue.offices.push_back({row["id"], slug(row["district_en"]), local(row, "name"),
                                 row["phone"], local(row, "hours")});
  }
  for (auto& row : read_csv(kAssets / "catalogue/venues.csv")) {
    catalogue.venues.push_back({row["id"], local(row, "name"), slug(row["district_en"])});
  }
  for (auto& row : read_csv(kAssets / "demo/halls.csv")) {
    catalogue.halls.push_back({row["id"], row["venue"], local(row, "name"), number(row, "width_m"),
                               number(row, "depth_m"), number(row, "kiosk_x_m"),
                               number(row, "kiosk_y_m")});
  }
  for (auto& row : read_csv(kAssets / "demo/stalls.csv")) {
    catalogue.stalls.push_back({row["id"],
                                row["hall"],
                                row["number"],
                                number(row, "x_m"),
                                number(row, "y_m"),
                                number(row, "w_m"),
                                number(row, "d_m"),
                                {row["product_slug"]},
                                local(row, "holder")});
  }
  for (auto& row : read_csv(kAssets / "catalogue/events.csv")) {
    catalogue.events.push_back({row["event_id"],
                                local(row, "title"),
                                slug(row["district_en"]),
                                {{row["venue_hi"], row["venue"], row["venue_ur"]}},
                                row["start_date"],
                                row["end_date"],
                                row["status"]});
  }
}

void add_forms(kiosk::Catalogue& catalogue) {
  for (auto& row : read_csv(kAssets / "catalogue/notices.csv")) {
    kiosk::Notice notice;
    notice.id = row["id"];
    notice.version = static_cast<std::uint32_t>(std::stoul(row["version"]));
    notice.kind = row["kind"];
    notice.purpose = row["purpose"];
    notice.required = row["required"] == "yes";
    notice.title = local(row, "title");
    notice.text = local(row, "text");
    catalogue.notices.push_back(std::move(notice));
  }
  for (auto& row : read_csv(kAssets / "catalogue/kinds.csv")) {
    catalogue.kinds.push_back(
        {row["id"], local(row, "name"), std::stoi(row["due_days"]), local(row, "next_step")});
  }
  for (auto& row : read_csv(kAssets / "catalogue/units.csv")) {
    catalogue.units.push_back({row["id"], local(row, "name"), ""});
  }
  for (auto& row : read_csv(kAssets / "catalogue/countries.csv")) {
    catalogue.countries.push_back({row["id"], local(row, "name"), row["dial_code"]});
  }
}

void add_form_files(kiosk::Catalogue& catalogue) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kAssets / "catalogue/forms")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(in), {}};
    auto form = forms::parse_form(json);
    if (!form) throw std::runtime_error(file.string() + ": " + form.error().context);
    catalogue.forms.push_back(std::make_shared<const forms::Form>(std::move(*form)));
  }
}

Words load(Language language) {
  const auto file = std::filesystem::path(ODOP_BINARY_DIR) / "share/odop/i18n" /
                    (std::string(code(language)) + ".mo");
  auto words = Words::load(language, file);
  if (!words) throw std::runtime_error(words.error().context);
  return std::move(*words);
}

}  // namespace

kiosk::Catalogue stand_catalogue() {
  kiosk::Catalogue catalogue = real_catalogue(kAssets / "catalogue").catalogue;
  catalogue.release = ReleaseNumber{118};
  catalogue.created_date = "2026-11-21";
  add_products(catalogue);
  add_places(catalogue);
  add_forms(catalogue);
  add_form_files(catalogue);
  add_stand_services(catalogue);
  return catalogue;
}

kiosk::Stories stand_stories() {
  kiosk::Stories stories = real_catalogue(kAssets / "catalogue").stories;
  for (auto& row : read_csv(kAssets / "catalogue/products.csv")) {
    for (auto& fact : stories.at(row["product_slug"]).facts) {
      fact.source = {{row["fact_source_hi"], row["fact_source"], row["fact_source_ur"]}};
    }
  }
  return stories;
}

namespace {

const std::array<Words, 3>& all_words() {
  static const std::array<Words, 3> words{load(Language::kHindi), load(Language::kEnglish),
                                          load(Language::kUrdu)};
  return words;
}

}  // namespace

kiosk::Kiosk stand_kiosk() {
  kiosk::Kiosk kiosk;
  kiosk.number = KioskNumber{14};
  kiosk.name = "Gate 2";
  kiosk.venue = "awadh-shilp-gram";
  kiosk.district = "lucknow";
  kiosk.app_version = "0.1.0";
  kiosk.can_speak = true;
  kiosk.can_play = true;
  kiosk.sound_told = true;
  kiosk.can_record = true;
  kiosk.microphone_told = true;
  kiosk.has_staff = true;
  kiosk.free_bytes = 41'000'000'000;
  kiosk.wall_ms = 1'795'240'800'000;  // 21 November 2026, 10:30 in India
  kiosk.today = "2026-11-21";
  kiosk.sync.online = true;
  kiosk.sync.last_contact_ms = kiosk.wall_ms - 3'000'000;
  kiosk.screen_prompts = kiosk::screen_prompts(all_words());
  return kiosk;
}

const Words& stand_words(Language language) { return all_words().at(index(language)); }

}  // namespace odop::test

#include "tests/support/generated_catalogue.h"

#include "shared/core/random.h"
#include "syncserver/service/csv.h"

#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace odop::test {
namespace {

namespace fs = std::filesystem;

struct Craft {
  std::string_view en, hi, ur, family, sector, drawing;
};
constexpr std::array<Craft, 7> kCrafts = {{
    {"Silk saree", "रेशमी साड़ी", "ریشمی ساڑی", "t", "textiles", "brocade"},
    {"Brass vessel", "पीतल के बर्तन", "پیتل کے برتن", "m", "metal", "brass-vessel"},
    {"Wood carving", "लकड़ी की नक्काशी", "لکڑی کی نقاشی", "w", "wood", "wood-carving"},
    {"Black pottery", "काली मिट्टी के बर्तन", "کالی مٹی کے برتن", "c", "pottery", "black-pottery"},
    {"Leather shoes", "चमड़े के जूते", "چمڑے کے جوتے", "l", "leather", "leather-shoe"},
    {"Rose attar", "गुलाब का इत्र", "گلاب کا عطر", "h", "perfume", "attar"},
    {"Wool carpet", "ऊनी कालीन", "اونی قالین", "t", "textiles", "carpet"},
}};
constexpr std::array<std::string_view, 10> kDistricts = {
    "Kannauj", "Varanasi", "Lucknow", "Agra",     "Moradabad",
    "Aligarh", "Bhadohi",  "Rampur",  "Azamgarh", "Saharanpur"};

// 640 x 480 of soft colour with some noise: about 60 kB at quality 80.
void write_picture(const fs::path& path, std::uint64_t seed) {
  constexpr int kWidth = 640;
  constexpr int kHeight = 480;
  SeededRandom random{seed};
  std::vector<std::uint8_t> noise(static_cast<std::size_t>(kWidth) * kHeight);
  random.fill(noise);
  std::vector<std::uint8_t> pixels;
  pixels.reserve(noise.size() * 3);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    const auto x = i % kWidth;
    const auto y = i / kWidth;
    const auto grain = static_cast<std::size_t>(noise[i]) / 7;
    pixels.push_back(static_cast<std::uint8_t>((x / 4 + seed * 37 + grain) % 256));
    pixels.push_back(static_cast<std::uint8_t>((y / 3 + grain) % 256));
    pixels.push_back(static_cast<std::uint8_t>(((x + y) / 8 + grain) % 256));
  }
  tjhandle compressor = tjInitCompress();
  unsigned char* jpeg = nullptr;
  unsigned long size = 0;
  const int failed = tjCompress2(compressor, pixels.data(), kWidth, 0, kHeight, TJPF_RGB, &jpeg,
                                 &size, TJSAMP_420, 80, 0);
  std::ofstream out{path, std::ios::binary};
  out.write(reinterpret_cast<const char*>(jpeg), static_cast<std::streamsize>(size));
  tjFree(jpeg);
  tjDestroy(compressor);
  if (failed != 0 || !out) throw std::runtime_error{"a picture could not be written"};
}

std::string slug_of(std::size_t number) { return "bench-product-" + std::to_string(number); }

bool is_changed(const GeneratedCatalogue& settings, std::size_t number) {
  return number >= settings.first_changed && number < settings.changed_to;
}

// Descriptions and search terms of the real products, so that texts weigh and compress as they do.
struct Texts {
  std::string en, hi, ur, terms;
};

std::vector<Texts> real_texts(const fs::path& real) {
  std::ifstream file{real / "products.csv", std::ios::binary};
  const std::string csv{std::istreambuf_iterator<char>{file}, {}};
  const auto rows = syncserver::parse_csv(csv);
  if (!rows.has_value() || rows->size() < 2) throw std::runtime_error{"no real products"};
  const auto column = [&](const char* name) {
    const auto& header = rows->front().cells;
    const auto found = std::ranges::find(header, name);
    if (found == header.end()) throw std::runtime_error{"no column"};
    return static_cast<std::size_t>(found - header.begin());
  };
  const auto en = column("description_en"), hi = column("description_hi"),
             ur = column("description_ur"), terms = column("search_terms");
  std::vector<Texts> texts;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const auto& cells = rows->at(i).cells;
    texts.push_back({cells.at(en), cells.at(hi), cells.at(ur), cells.at(terms)});
  }
  return texts;
}

void write_products(const fs::path& folder, const std::vector<Texts>& texts,
                    const GeneratedCatalogue& settings, bool only_changed) {
  fs::create_directories(folder);
  if (settings.pictures) fs::create_directories(folder / "media");
  std::ofstream csv{folder / "products.csv"};
  csv << "district_en,product_slug,name_en,name_hi,name_ur,sector,family,programme,list,drawing,"
         "gi_tagged,gi_name,description_en,description_hi,description_ur,search_terms\n";
  for (std::size_t i = 0; i < settings.products; ++i) {
    const bool changed = is_changed(settings, i);
    if (only_changed && !changed) continue;
    const Craft& craft = kCrafts.at(i % kCrafts.size());
    const auto number = std::to_string(i);
    csv << kDistricts.at(i % kDistricts.size()) << ',' << slug_of(i) << ',' << craft.en << ' '
        << number << ',' << craft.hi << ' ' << number << ',' << craft.ur << ' ' << number << ','
        << craft.sector << ',' << craft.family << ",odop,odop-2018," << craft.drawing
        << ",unknown,,";
    const Texts& text = texts.at(i % texts.size());
    csv << syncserver::csv_cell((changed ? "Changed " : "Made ") + number + ": " + text.en) << ','
        << syncserver::csv_cell((changed ? "बदला " : "बना ") + number + ": " + text.hi) << ','
        << syncserver::csv_cell((changed ? "بدلا " : "بنا ") + number + ": " + text.ur) << ','
        << syncserver::csv_cell(text.terms) << '\n';
    if (settings.pictures) {
      write_picture(folder / "media" / (slug_of(i) + ".jpg"), changed ? i + 1'000'000 : i);
    }
  }
  if (!csv) throw std::runtime_error{"products.csv could not be written"};
}

}  // namespace

void write_catalogue(const fs::path& folder, const fs::path& real,
                     const GeneratedCatalogue& settings) {
  fs::create_directories(folder);
  for (const auto& entry : fs::directory_iterator{real}) {
    if (entry.path().extension() == ".csv" && entry.path().filename() != "products.csv") {
      fs::copy_file(entry.path(), folder / entry.path().filename());
    }
  }
  write_products(folder, real_texts(real), settings, false);
}

void write_changes(const fs::path& folder, const fs::path& real,
                   const GeneratedCatalogue& settings) {
  write_products(folder, real_texts(real), settings, true);
}

}  // namespace odop::test

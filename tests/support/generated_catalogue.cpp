#include "tests/support/generated_catalogue.h"

#include "shared/core/random.h"

#include <turbojpeg.h>

#include <array>
#include <cstdint>
#include <fstream>
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
  const tjhandle compressor = tjInitCompress();
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

void write_products(const fs::path& folder, const GeneratedCatalogue& settings, bool only_changed) {
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
    csv << (changed ? "Changed: made" : "Made") << " by hand in workshop " << number
        << " of the district and sold at fairs all year round.,";
    csv << (changed ? "बदला हुआ: " : "") << "जिले की कार्यशाला " << number
        << " में हाथ से बनाया जाता है और साल भर मेलों में बिकता है।,";
    csv << (changed ? "بدلا ہوا: " : "") << "ضلع کی ورکشاپ " << number
        << " میں ہاتھ سے بنایا جاتا ہے۔,handmade;fair\n";
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
  write_products(folder, settings, false);
}

void write_changes(const fs::path& folder, const GeneratedCatalogue& settings) {
  write_products(folder, settings, true);
}

}  // namespace odop::test

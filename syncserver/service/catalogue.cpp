#include "syncserver/service/catalogue.h"

#include "shared/crypto/digest.h"
#include "shared/forms/form.h"
#include "shared/sound/clip.h"
#include "shared/wire/messages.h"
#include "syncserver/service/catalogue_tables.h"
#include "syncserver/service/csv.h"
#include "syncserver/service/images.h"
#include "syncserver/service/import_forms.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

struct Picture {
  std::string product;
  fs::path file;
};

// Of a recorded prompt.
struct Recording {
  std::string record;  // id
  fs::path file;
};

// What lies at a path, sorted by name so that two runs report alike.
struct Found {
  std::vector<ImportFile> tables;
  std::vector<ImportFile> forms;
  std::vector<Picture> pictures;
  std::vector<Recording> recordings;
  std::vector<ImportError> errors;
};

bool is_picture(const fs::path& file) {
  std::string ending = file.extension().string();  // cameras write .JPG
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return ending == ".jpg" || ending == ".jpeg" || ending == ".png" || ending == ".webp";
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code problem;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, problem)) {
    if (entry.is_regular_file(problem)) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void take_file(const fs::path& file, std::string name, std::size_t limit, Found& found,
               std::vector<ImportFile>& files) {
  Result<Bytes> text = read_file(file, limit);
  if (text.has_value()) {
    files.push_back({std::move(name), std::move(*text)});
  } else {
    found.errors.push_back({std::move(name), 0, "", "unreadable_file",
                            "the file cannot be read: " + text.error().context});
  }
}

void take_table(const fs::path& file, Found& found) {
  take_file(file, file.filename().string(), kMaxCsvBytes, found, found.tables);
}

void take_form(const fs::path& file, Found& found) {
  std::string name = "forms/" + file.filename().string();
  if (file.extension() == ".json") {
    take_file(file, std::move(name), forms::kMaxFormBytes, found, found.forms);
  } else {
    found.errors.push_back({std::move(name), 0, "", "unknown_file",
                            "no form; a form is a .json file: rename it or move it away"});
  }
}

void take_picture(const fs::path& file, Found& found) {
  const std::string product = file.stem().string();
  const auto same = [&](const Picture& one) { return one.product == product; };
  if (std::ranges::any_of(found.pictures, same)) {
    found.errors.push_back({"media/" + file.filename().string(), 0, "", "duplicate_picture",
                            "there are two pictures for this product; keep one"});
  } else if (is_picture(file)) {
    found.pictures.push_back({product, file});
  } else {
    found.errors.push_back({"media/" + file.filename().string(), 0, "", "unknown_file",
                            "neither jpg nor png nor webp; convert it or move it away"});
  }
}

void take_recording(const fs::path& file, Found& found) {
  const std::string name = "audio/" + file.filename().string();
  const std::string record = file.stem().string();
  const auto same = [&](const Recording& one) { return one.record == record; };
  if (std::ranges::any_of(found.recordings, same)) {
    found.errors.push_back(
        {name, 0, "", "duplicate_audio", "there are two recordings for this record; keep one"});
  } else if (file.extension() == ".opus" || file.extension() == ".ogg") {
    found.recordings.push_back({record, file});
  } else {
    found.errors.push_back(
        {name, 0, "", "unknown_file", "neither opus nor ogg; convert it or move it away"});
  }
}

Result<Found> look(const fs::path& path) {
  std::error_code problem;
  Found found;
  if (fs::is_regular_file(path, problem)) {
    if (path.extension() == ".json") {
      take_form(path, found);
    } else {
      take_table(path, found);
    }
    return found;
  }
  if (!fs::is_directory(path, problem)) {
    return fail(ErrorCode::kNotFound, path.string() + " is neither a folder nor a file");
  }
  for (const fs::path& file : files_in(path)) {
    if (file.extension() == ".csv") take_table(file, found);
  }
  for (const fs::path& file : files_in(path / "forms")) take_form(file, found);
  for (const fs::path& file : files_in(path / "media")) take_picture(file, found);
  for (const fs::path& file : files_in(path / "audio")) take_recording(file, found);
  if (found.tables.empty() && found.forms.empty() && found.pictures.empty() &&
      found.recordings.empty() && found.errors.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                path.string() + " holds no CSV file, no forms, no media and no audio");
  }
  return found;
}

CatalogueRecord with_media(
    const CatalogueRecord& before,
    std::initializer_list<std::pair<const char*, const std::string&>> media) {
  CatalogueRecord record = before;
  json fields = json::parse(record.json);
  for (const auto& [key, hash] : media) fields[key] = hash;
  record.json = fields.dump();
  record.hash = to_hex(crypto::sha256(record.json));
  return record;
}

// Cuts the pictures, checks the recordings, and hangs both on their records, which are in `upserts`
// or in the draft. They get their names in the media folder by `keep_all`, once it is sure that
// they are wanted.
class MediaImport {
 public:
  MediaImport(Spool& spool, std::span<const CatalogueRecord> draft, ImportPlan& plan)
      : spool_(spool), plan_(plan) {
    for (const CatalogueRecord& record : draft) draft_.emplace(name_of(record), &record);
    for (std::size_t i = 0; i < plan.upserts.size(); ++i) {
      upsert_.emplace(name_of(plan.upserts[i]), i);
    }
  }

  // Only disk trouble is an error; what is wrong with a picture goes into the plan.
  Status add(const Picture& picture) {
    const std::string name = "media/" + picture.file.filename().string();
    const auto wrong = [&](std::string code, std::string message) -> Status {
      plan_.errors.push_back({name, 0, "", std::move(code), std::move(message)});
      return {};
    };
    const CatalogueRecord* record = find("product/" + picture.product);
    if (record == nullptr) {
      return wrong("unknown_product", fmt::format("no product has the id \"{}\"; name the file "
                                                  "after its product",
                                                  picture.product));
    }
    Result<Bytes> bytes = read_file(picture.file, kMaxImageBytes);
    if (!bytes.has_value()) {
      return bytes.error().code == ErrorCode::kTooLarge
                 ? wrong("picture_too_large", "more than 32 MiB; make it smaller")
                 : wrong("unreadable_file", "the picture cannot be read: " + bytes.error().context);
    }
    Result<CutImage> cut = cut_image(*bytes);
    if (!cut.has_value()) {
      return cut.error().code == ErrorCode::kTooLarge
                 ? wrong("picture_too_large", cut.error().context + "; make it smaller")
                 : wrong("bad_picture", cut.error().context + "; save it anew as JPEG");
    }
    Result<std::string> full = store(cut->picture, wire::ItemKind::kPicture, "image/jpeg");
    if (!full.has_value()) return fail(full.error());
    Result<std::string> small = store(cut->thumbnail, wire::ItemKind::kThumbnail, "image/jpeg");
    if (!small.has_value()) return fail(small.error());
    keep(with_media(*record, {{"picture", *full}, {"thumbnail", *small}}));
    ++count_;
    return {};
  }

  // As with pictures. What a kiosk plays is decoded here once, to the end.
  Status add(const Recording& recording) {
    const std::string name = "audio/" + recording.file.filename().string();
    const auto wrong = [&](std::string code, std::string message) -> Status {
      plan_.errors.push_back({name, 0, "", std::move(code), std::move(message)});
      return {};
    };
    const CatalogueRecord* record = find(std::string(kAudioType) + "/" + recording.record);
    if (record == nullptr) {
      return wrong("unknown_audio", fmt::format("audio.csv has no row with the id \"{}\"; name "
                                                "the file after its row",
                                                recording.record));
    }
    Result<Bytes> bytes = read_file(recording.file, sound::kMaxPromptBytes);
    if (!bytes.has_value()) {
      return bytes.error().code == ErrorCode::kTooLarge
                 ? wrong("audio_too_large", fmt::format("more than {} KiB; save it with 24 kbit/s",
                                                        sound::kMaxPromptBytes / 1024))
                 : wrong("unreadable_file",
                         "the recording cannot be read: " + bytes.error().context);
    }
    constexpr int kPlayed = 24'000;  // as kiosks play it
    if (const auto heard = sound::decode(*bytes, kPlayed, sound::kLongestPrompt); !heard) {
      return heard.error().code == ErrorCode::kTooLarge
                 ? wrong("audio_too_long", fmt::format("longer than {} seconds; cut it",
                                                       sound::kLongestPrompt.count() / 1000))
                 : wrong("bad_audio", heard.error().context +
                                          "; save it anew: opusenc --downmix-mono IN.wav OUT.opus");
    }
    Result<std::string> hash = store(*bytes, wire::ItemKind::kAudio, "audio/ogg");
    if (!hash.has_value()) return fail(hash.error());
    keep(with_media(*record, {{"medium", *hash}}));
    ++recordings_;
    return {};
  }

  // A row of audio.csv without a recording would be silent.
  void look_for_missing() {
    std::vector<std::string> silent;
    for (const CatalogueRecord& record : plan_.upserts) {
      if (record.type != kAudioType) continue;
      const json fields = json::parse(record.json, nullptr, false);
      if (!fields.contains("medium")) silent.push_back(record.id);
    }
    for (const std::string& id : silent) {
      plan_.errors.push_back({"audio.csv", 0, "id", "missing_audio",
                              fmt::format("{} has no recording; put audio/{}.opus there", id, id)});
    }
    std::erase_if(plan_.upserts, [&](const CatalogueRecord& record) {
      return record.type == kAudioType && std::ranges::find(silent, record.id) != silent.end();
    });
  }

  [[nodiscard]] Status keep_all(const MediaFolder& folder) const {
    for (std::size_t i = 0; i < media_.size(); ++i) {
      const auto bytes = spool_.read(places_[i], static_cast<std::size_t>(media_[i].size));
      if (!bytes.has_value()) return fail(bytes.error());
      if (auto kept = folder.put(*bytes); !kept.has_value()) return fail(kept.error());
    }
    return {};
  }

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::size_t recordings() const { return recordings_; }
  [[nodiscard]] const std::vector<Medium>& media() const { return media_; }

 private:
  static std::string name_of(const CatalogueRecord& record) {
    return record.type + "/" + record.id;
  }

  // "type/id"
  [[nodiscard]] const CatalogueRecord* find(const std::string& name) const {
    const auto fresh = upsert_.find(name);
    if (fresh != upsert_.end()) return &plan_.upserts[fresh->second];
    const auto held = draft_.find(name);
    return held == draft_.end() ? nullptr : held->second;
  }

  void keep(CatalogueRecord record) {
    const auto [place, is_new] = upsert_.emplace(name_of(record), plan_.upserts.size());
    if (is_new) {
      plan_.upserts.push_back(std::move(record));
    } else {
      plan_.upserts[place->second] = std::move(record);
    }
  }

  Result<std::string> store(BytesView bytes, wire::ItemKind kind, const char* type) {
    const auto place = spool_.append(bytes);
    if (!place.has_value()) return fail(place.error());
    std::string hash = to_hex(crypto::sha256(bytes));
    media_.push_back({hash, static_cast<std::uint8_t>(kind), bytes.size(), type});
    places_.push_back(*place);
    return hash;
  }

  Spool& spool_;
  ImportPlan& plan_;
  std::map<std::string, const CatalogueRecord*, std::less<>> draft_;
  std::map<std::string, std::size_t, std::less<>> upsert_;
  std::vector<Medium> media_;
  std::vector<std::uint64_t> places_;  // of media_ in the spool
  std::size_t count_ = 0;
  std::size_t recordings_ = 0;
};

// Whether `record` names "type/id" in one of its table's references, or in a form's consents.
bool refers_to(const CatalogueRecord& record, const std::string& type, const std::string& id) {
  if (record.type == kFormType && type == "notice") {
    const json form = json::parse(record.json, nullptr, false);
    const json consents = form.is_object() ? form.value("consents", json::array()) : json::array();
    return std::ranges::any_of(consents, [&](const json& consent) {
      return consent.is_object() && consent.value("notice", "") == id;
    });
  }
  const auto table = std::ranges::find(catalogue_tables(), record.type, &Table::type);
  if (table == catalogue_tables().end()) return false;
  const json fields = json::parse(record.json, nullptr, false);
  for (const Column& column : table->columns) {
    const bool district =
        column.kind == ColumnKind::kDistrict || column.kind == ColumnKind::kDistricts;
    const bool named = column.kind == ColumnKind::kReference && column.argument == type;
    if (!named && !(district && type == "district")) continue;
    const json* at = &fields;
    std::string_view key = column.key;
    if (const std::size_t dot = key.find('.'); dot != std::string_view::npos) {
      const auto outer = fields.find(key.substr(0, dot));
      if (outer == fields.end()) continue;
      at = &*outer;
      key.remove_prefix(dot + 1);
    }
    const auto value = at->find(key);
    if (value == at->end()) continue;
    if (*value == id ||
        (value->is_array() && std::ranges::find(*value, json(id)) != value->end())) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<ImportReport> import_catalogue(Store& store, const MediaFolder& media, const fs::path& path,
                                      bool valid_only, WallTime now) {
  Result<Found> found = look(path);
  if (!found.has_value()) return fail(found.error());
  const auto draft = store.draft();
  if (!draft.has_value()) return fail(draft.error());
  const auto published = store.published(kFormType);
  if (!published.has_value()) return fail(published.error());
  ImportPlan plan = plan_import(found->tables, *draft, valid_only);
  plan_forms(found->forms, *published, *draft, plan);
  plan.errors.insert(plan.errors.begin(), found->errors.begin(), found->errors.end());
  auto spool = Spool::open(media.folder());
  if (!spool.has_value()) return fail(spool.error());
  MediaImport media_import(*spool, *draft, plan);
  // Wrong tables need no cutting of pictures, unless what is right is wanted all the same.
  if (plan.errors.empty() || valid_only) {
    for (const Picture& picture : found->pictures) {
      if (Status added = media_import.add(picture); !added.has_value()) return fail(added.error());
    }
    for (const Recording& recording : found->recordings) {
      if (Status added = media_import.add(recording); !added.has_value()) {
        return fail(added.error());
      }
    }
    media_import.look_for_missing();
  }
  ImportReport report;
  if (plan.errors.empty() || valid_only) {
    if (Status kept = media_import.keep_all(media); !kept.has_value()) return fail(kept.error());
    const Status saved =
        store.edit_draft(plan.upserts, {}, media_import.media(), now.time_since_epoch().count());
    if (!saved.has_value()) return fail(saved.error());
    report.imported = plan.upserts.size();
    report.pictures = media_import.count();
    report.recordings = media_import.recordings();
  }
  report.errors = std::move(plan.errors);
  return report;
}

Status remove_records(Store& store, std::span<const std::string> names, WallTime now) {
  const auto draft = store.draft();
  if (!draft.has_value()) return fail(draft.error());
  std::set<std::string, std::less<>> leaving(names.begin(), names.end());
  for (const std::string& name : names) {
    const auto same = [&](const CatalogueRecord& r) { return r.type + "/" + r.id == name; };
    if (std::ranges::none_of(*draft, same)) {
      return fail(ErrorCode::kNotFound, fmt::format("there is no record {}", name));
    }
    const std::size_t slash = name.find('/');
    for (const CatalogueRecord& record : *draft) {
      const std::string other = record.type + "/" + record.id;
      if (leaving.contains(other)) continue;
      if (refers_to(record, name.substr(0, slash), name.substr(slash + 1))) {
        return fail(ErrorCode::kConflict,
                    fmt::format("{} refers to {}; change or remove it first", other, name));
      }
    }
  }
  return store.edit_draft({}, names, {}, now.time_since_epoch().count());
}

}  // namespace odop::syncserver

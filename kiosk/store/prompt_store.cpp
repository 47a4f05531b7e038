#include "kiosk/store/prompt_store.h"

#include "kiosk/store/files.h"
#include "shared/crypto/digest.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <system_error>

namespace odop::kiosk {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kPromptFolder = "prompts";
constexpr std::string_view kPromptList = "prompts.json";
constexpr int kPromptVersion = 1;
// kMostPrompts of 1 kB each, twice.
constexpr std::uint64_t kMostListBytes = std::uint64_t{8} * 1024 * 1024;
constexpr int kMostAside = 100;

bool is_medium(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Nothing when it is no entry that this program wrote.
std::optional<StoredPrompt> prompt_of(const json& entry) {
  const auto text = [&](const char* name) -> std::optional<std::string> {
    const auto found = entry.find(name);
    if (found == entry.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
  };
  const auto number = [&](const char* name) -> std::optional<std::int64_t> {
    const auto found = entry.find(name);
    if (found == entry.end() || !found->is_number_integer()) return std::nullopt;
    return found->get<std::int64_t>();
  };
  if (!entry.is_object()) return std::nullopt;
  const auto key = text("key");
  const auto tongue = text("tongue");
  const auto words = text("text");
  const auto medium = text("medium");
  const auto length = number("length_ms");
  const auto made = number("made_ms");
  if (!key || !tongue || !words || !medium || !length || !made) return std::nullopt;
  if (!is_medium(*medium)) return std::nullopt;
  return StoredPrompt{*key, *tongue, *words, *medium, *length, *made};
}

Error damaged() { return {ErrorCode::kCorrupt, "the list of recorded prompts is damaged"}; }

Status set_aside(const fs::path& folder) {
  fs::path aside = folder;
  aside += ".damaged";
  const std::string first = aside.string();
  std::error_code error;
  for (int i = 2; fs::exists(aside, error) && i <= kMostAside; ++i) {
    aside = fmt::format("{}.{}", first, i);
  }
  if (auto moved = rename_file(folder, aside); !moved) return moved;
  return sync_folder(folder.parent_path());
}

}  // namespace

Result<PromptStore> PromptStore::look(const fs::path& folder) {
  PromptStore store(folder / kPromptFolder);
  if (auto loaded = store.load(); !loaded) return fail(loaded.error());
  return store;
}

Result<PromptStore> PromptStore::open(const fs::path& folder) {
  PromptStore store(folder / kPromptFolder);
  auto loaded = store.load();
  if (!loaded && loaded.error().code == ErrorCode::kCorrupt) {
    store.all_.clear();
    loaded = set_aside(store.folder_);
  }
  if (!loaded) return fail(loaded.error());
  return store;
}

Status PromptStore::load() {
  const auto text = read_whole(folder_ / kPromptList, kMostListBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return {};
  if (!text && text.error().code == ErrorCode::kTooLarge) return fail(damaged());
  if (!text) return fail(text.error());
  const json list = json::parse(*text, nullptr, false);
  if (!list.is_object()) return fail(damaged());
  const auto version = list.find("version");
  if (version == list.end() || !version->is_number_integer()) return fail(damaged());
  if (*version > kPromptVersion) {
    return fail(ErrorCode::kUnsupported,
                "recorded prompts were kept by a newer program; update this kiosk");
  }
  const auto prompts = list.find("prompts");
  if (*version < 1 || prompts == list.end() || !prompts->is_array() ||
      prompts->size() > kMostPrompts) {
    return fail(damaged());
  }
  for (const json& entry : *prompts) {
    auto prompt = prompt_of(entry);
    if (!prompt) return fail(damaged());
    all_.push_back(std::move(*prompt));
  }
  return {};
}

fs::path PromptStore::file(std::string_view medium) const {
  return folder_ / (std::string(medium) + ".opus");
}

Result<Bytes> PromptStore::clip(std::string_view medium) const {
  if (!is_medium(medium)) return fail(ErrorCode::kNotFound, "no such prompt");
  auto bytes = read_whole(file(medium), kMostClipBytes);
  const bool changed = !bytes ? bytes.error().code == ErrorCode::kTooLarge
                              : to_hex(crypto::sha256(*bytes)) != medium;
  if (changed) return fail(ErrorCode::kCorrupt, "a recorded prompt is not what was kept");
  return bytes;
}

Status PromptStore::keep(StoredPrompt prompt, BytesView clip) {
  if (clip.empty() || clip.size() > kMostClipBytes) {
    return fail(ErrorCode::kInvalidArgument, "a recorded prompt of no fitting size");
  }
  std::vector<StoredPrompt> all = all_;
  std::erase_if(all, [&](const StoredPrompt& one) {
    return one.key == prompt.key && one.tongue == prompt.tongue;
  });
  if (all.size() >= kMostPrompts) {
    return fail(ErrorCode::kTooLarge, "this kiosk holds as many prompts as it can; remove some");
  }
  std::error_code error;
  if (fs::create_directories(folder_, error)) {
    if (auto synced = sync_folder(folder_.parent_path()); !synced) return synced;
  }
  if (error) return fail(ErrorCode::kIo, "make " + folder_.string() + ": " + error.message());
  prompt.medium = to_hex(crypto::sha256(clip));
  if (auto written = write_durably(file(prompt.medium), clip); !written) return written;
  all.push_back(std::move(prompt));
  return write(std::move(all));
}

Status PromptStore::drop(std::string_view key, std::string_view tongue) {
  std::vector<StoredPrompt> all = all_;
  const auto dropped = std::erase_if(
      all, [&](const StoredPrompt& one) { return one.key == key && one.tongue == tongue; });
  return dropped == 0 ? Status() : write(std::move(all));
}

Status PromptStore::write(std::vector<StoredPrompt> all) {
  json prompts = json::array();
  for (const StoredPrompt& one : all) {
    prompts.push_back({{"key", one.key},
                       {"tongue", one.tongue},
                       {"text", one.text},
                       {"medium", one.medium},
                       {"length_ms", one.length_ms},
                       {"made_ms", one.made_ms}});
  }
  const json list{{"version", kPromptVersion}, {"prompts", std::move(prompts)}};
  const std::string text = list.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
  if (auto written = write_durably(folder_ / kPromptList, text); !written) return written;
  all_ = std::move(all);
  remove_unnamed();
  return {};
}

void PromptStore::remove_unnamed() const {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (entry.path().extension() != ".opus") continue;
    const std::string medium = entry.path().stem().string();
    if (std::ranges::find(all_, medium, &StoredPrompt::medium) != all_.end()) continue;
    // One that stays takes some room, and goes with the next.
    std::error_code ignored;
    fs::remove(entry.path(), ignored);
  }
}

}  // namespace odop::kiosk

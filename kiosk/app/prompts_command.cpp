#include "kiosk/app/prompts_command.h"

#include "kiosk/app/hardening.h"
#include "kiosk/app/options.h"
#include "kiosk/app/translations.h"
#include "kiosk/model/prompts.h"
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/files.h"
#include "kiosk/store/prompt_store.h"
#include "shared/core/clock.h"
#include "shared/crypto/digest.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace odop::kiosk::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct PromptArguments {
  fs::path data;
  fs::path assets;
  fs::path program;
  fs::path folder;
  bool json = false;
};

struct ListedPrompt {
  StoredPrompt prompt;
  std::string id;  // of its row in audio.csv, and the name of its file
  bool current = false;
  bool whole = false;
};

int prompts_complain(std::string_view what, int status = 1) {
  fmt::print(stderr, "odop-kiosk: {}\n", what);
  return status;
}

// "form.feedback.rating.good.awa": what an id of the catalogue may hold, at most 100 bytes.
std::string id_of(const StoredPrompt& prompt, std::set<std::string>& taken) {
  const std::string whole = prompt.key + "/" + prompt.tongue;
  std::string id = whole;
  std::ranges::replace(id, '/', '.');
  const bool fits = id.size() <= 100 && std::ranges::all_of(id, [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                    });
  if (fits && taken.insert(id).second) return id;
  id = "prompt." + to_hex(crypto::sha256(whole)).substr(0, 32);
  taken.insert(id);
  return id;
}

// What was recorded, and whether a visitor would hear it today.
Result<std::vector<ListedPrompt>> listed(const PromptStore& store,
                                         const PromptArguments& arguments) {
  State state;
  const Places places = find_places(arguments.assets, arguments.program);
  const auto words = load_translations(places.words);
  if (!words)
    return fail(words.error().code, "the words of the screens: name their folder with --assets");
  auto catalogues = CatalogueStore::open(arguments.data);
  if (!catalogues) return fail(catalogues.error());
  const auto catalogue = catalogues->load_newest(SystemClock().wall().time_since_epoch().count());
  if (!catalogue) return fail(catalogue.error());
  state.kiosk.screen_prompts = screen_prompts(*words);
  std::vector<ListedPrompt> out;
  std::set<std::string> taken;
  for (const StoredPrompt& one : store.all()) {
    ListedPrompt row{.prompt = one, .id = id_of(one, taken)};
    row.current = text_to_read(state, *catalogue, one.key, one.tongue) == one.text;
    row.whole = store.clip(one.medium).has_value();
    out.push_back(std::move(row));
  }
  return out;
}

json json_of(const ListedPrompt& row) {
  return {{"id", row.id},
          {"key", row.prompt.key},
          {"language", row.prompt.tongue},
          {"text", row.prompt.text},
          {"length_ms", row.prompt.length_ms},
          {"made_ms", row.prompt.made_ms},
          {"state", !row.whole    ? "damaged"
                    : row.current ? "heard"
                                  : "old"}};
}

// A field of a table that may hold anything (RFC 4180); lines become one.
std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + "\"";
}

int list_prompts(const PromptStore&, const std::vector<ListedPrompt>& rows,
                 const PromptArguments& arguments) {
  if (arguments.json) {
    json all = json::array();
    for (const ListedPrompt& row : rows) all.push_back(json_of(row));
    fmt::print("{}\n", all.dump(-1, ' ', false, json::error_handler_t::replace));
    return 0;
  }
  for (const ListedPrompt& row : rows) {
    fmt::print("{:<3} {:>5.1f} s  {:<7}  {}\n", row.prompt.tongue,
               static_cast<double>(row.prompt.length_ms) / 1000,
               json_of(row).at("state").get<std::string>(), row.prompt.key);
  }
  return 0;
}

// audio.csv and audio/ID.opus, as `odop-syncserver catalogue import FOLDER` takes them.
int export_prompts(const PromptStore& store, const std::vector<ListedPrompt>& rows,
                   const PromptArguments& arguments) {
  const auto fits = [](const ListedPrompt& row) { return row.whole && row.current; };
  const auto given = std::ranges::count_if(rows, fits);
  const auto old = std::ranges::count_if(
      rows, [](const ListedPrompt& row) { return row.whole && !row.current; });
  const auto lost = std::ranges::count_if(rows, [](const ListedPrompt& row) { return !row.whole; });
  if (rows.empty()) return prompts_complain("no prompts were recorded on this kiosk");
  std::error_code error;
  fs::create_directories(arguments.folder / "audio", error);
  if (error) {
    return prompts_complain("cannot make " + arguments.folder.string() + ": " + error.message());
  }
  // A recording of another day without its row would stop the import.
  if (!fs::is_empty(arguments.folder / "audio", error) ||
      fs::exists(arguments.folder / "audio.csv", error)) {
    return prompts_complain(
        arguments.folder.string() + " holds prompts already; name an empty folder", 2);
  }
  std::string table = "id,key,language,text,source\n";
  for (const ListedPrompt& row : rows) {
    if (!fits(row)) continue;
    const auto clip = store.clip(row.prompt.medium);
    if (!clip) return prompts_complain(clip.error().context);
    const fs::path file = arguments.folder / "audio" / (row.id + ".opus");
    if (const Status written = write_durably(file, *clip); !written) {
      return prompts_complain(file.string() + ": " + written.error().context);
    }
    table += fmt::format("{},{},{},{},staff\n", row.id, csv_field(row.prompt.key),
                         row.prompt.tongue, csv_field(row.prompt.text));
  }
  if (const Status written = write_durably(arguments.folder / "audio.csv", table); !written) {
    return prompts_complain("audio.csv: " + written.error().context);
  }
  if (arguments.json) {
    fmt::print("{}\n", json{{"folder", arguments.folder.string()},
                            {"prompts", given},
                            {"old", old},
                            {"damaged", lost}}
                           .dump(-1, ' ', false, json::error_handler_t::replace));
  } else {
    fmt::print("{}: {} prompts\n", arguments.folder.string(), given);
  }
  if (old + lost == 0) return 0;
  return prompts_complain(fmt::format(
      "left out: {} whose words have changed since, {} that are damaged; record them again", old,
      lost));
}

}  // namespace

bool is_prompts_command(int argc, const char* const* argv) {
  return argc > 1 && std::string_view(argv[1]) == "prompts";
}

int run_prompts_command(int argc, const char* const* argv) {
  harden_process();
  ::umask(S_IRWXG | S_IRWXO);
  using Work =
      int (*)(const PromptStore&, const std::vector<ListedPrompt>&, const PromptArguments&);
  PromptArguments arguments;
  arguments.program = argv[0];
  Work chosen = nullptr;
  CLI::App app{"Prompts that staff recorded on this kiosk."};
  app.name("odop-kiosk prompts");
  app.require_subcommand(1);
  const auto add = [&](const char* name, const char* about, Work work) {
    CLI::App* command = app.add_subcommand(name, about);
    command->add_option("--data", arguments.data, "folder of this kiosk")
        ->required()
        ->check(CLI::ExistingDirectory);
    command->add_option("--assets", arguments.assets, "folder with drawings/ and i18n/");
    command->add_flag("--json", arguments.json, "report as JSON on stdout");
    command->callback([&chosen, work] { chosen = work; });
    return command;
  };
  add("list", "what was recorded, one a line", list_prompts);
  add("export", "a folder that `odop-syncserver catalogue import` takes", export_prompts)
      ->add_option("folder", arguments.folder, "made when absent; else empty")
      ->required();
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    return prompts_complain(error.what(), 2);
  }
  const auto store = PromptStore::look(arguments.data);
  if (!store) return prompts_complain(store.error().context);
  // Without any there is nothing to look up.
  Result<std::vector<ListedPrompt>> rows;
  if (!store->all().empty()) rows = listed(*store, arguments);
  if (!rows) return prompts_complain(rows.error().context);
  return chosen(*store, *rows, arguments);
}

}  // namespace odop::kiosk::app

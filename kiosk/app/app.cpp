#include "kiosk/app/app.h"

#include "kiosk/app/desk.h"
#include "kiosk/app/errands.h"
#include "kiosk/app/gl_renderer.h"
#include "kiosk/app/gl_store.h"
#include "kiosk/app/hardening.h"
#include "kiosk/app/inspector.h"
#include "kiosk/app/loop.h"
#include "kiosk/app/window.h"
#include "kiosk/media/images.h"
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/http_transport.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/sync/worker.h"
#include "kiosk/text/text_engine.h"
#include "kiosk/ui/frame_maker.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/text/words.h"

#include <malloc.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace odop::kiosk::app {
namespace {

constexpr std::string_view kServerSetting = "server.url";
constexpr std::string_view kModeSetting = "mode";

int complain(std::string_view what) {
  std::cerr << "odop-kiosk: " << what << "\n";
  return 1;
}

std::string describe(const Error& error) {
  return std::string(name_of(error.code)) + ": " + error.context;
}

// SIGTERM and SIGINT end the loop. The signals are blocked in every thread (call it before any is
// started) and taken by one that only waits for them.
class StopSignals {
 public:
  explicit StopSignals(std::atomic<bool>& stop) : stop_(stop) {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    thread_ = std::thread([this] {
      int signal = 0;
      sigwait(&set_, &signal);
      stop_ = true;
      if (!closing_) Window::wake();
    });
  }
  ~StopSignals() {
    closing_ = true;
    // Blocked in every thread and taken by sigwait in this one: it wakes, nobody is terminated.
    pthread_kill(thread_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
    thread_.join();
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  std::atomic<bool>& stop_;
  std::atomic<bool> closing_ = false;
  sigset_t set_{};
  std::thread thread_;
};

// A damaged journal is set aside by the first call; the second begins a new one, and the kiosk
// must enrol anew.
Result<Journal> open_journal(const std::filesystem::path& folder) {
  Result<Journal> journal = Journal::open(folder);
  if (!journal && journal.error().code == ErrorCode::kCorrupt) {
    std::cerr << "odop-kiosk: " << describe(journal.error()) << "; beginning a new journal\n";
    journal = Journal::open(folder);
  }
  return journal;
}

Result<Catalogue> load_catalogue(const std::filesystem::path& folder, const Clock& clock) {
  Result<CatalogueStore> store = CatalogueStore::open(folder);
  if (!store) return fail(store.error());
  return store->load_newest(clock.wall().time_since_epoch().count());
}

// glibc raises the size from which a block gets pages of its own whenever such a block is freed, up
// to 32 MB; from then on decoded pictures and catalogues leave holes in the heap that stay. Setting
// it, even to its own default, keeps it where it is. Measured with 10,000 products: 6 MB less.
void give_back_large_blocks() {
  constexpr int kOwnPagesFrom = 128 * 1024;  // bytes
  mallopt(M_MMAP_THRESHOLD, kOwnPagesFrom);
}

struct Typesetting {
  Translations words{Words(Language::kHindi), Words(Language::kEnglish), Words(Language::kUrdu)};
  std::unique_ptr<typeset::TextEngine> text;
};

Result<Typesetting> prepare_text(typeset::AtlasBackend& atlas,
                                 const std::filesystem::path& folder) {
  Typesetting made;
  for (const Language language : kLanguages) {
    auto words = Words::load(language, folder / (std::string(code(language)) + ".mo"));
    if (!words) return fail(words.error());
    made.words.at(index(language)) = std::move(*words);
  }
  auto text = typeset::TextEngine::open(atlas);
  if (!text) return fail(text.error());
  made.text = std::move(*text);
  return made;
}

ui::Panel panel_for(const Options& options, const Window& window, int width, int height) {
  ui::Panel panel = ui::Panel::fallback(width, height);
  if (const auto mm = options.panel_mm ? options.panel_mm : window.monitor_mm()) {
    panel.width_mm = mm->first;
    panel.height_mm = mm->second;
  }
  panel.floor_mm = options.panel_floor_mm;
  return panel;
}

}  // namespace

int run(const Options& options, const char* program) {
  harden_process();
  give_back_large_blocks();
  umask(S_IRWXG | S_IRWXO);
  std::error_code error;
  std::filesystem::create_directories(options.data, error);
  if (error) return complain("cannot make " + options.data.string() + ": " + error.message());

  const Places places = find_places(options.assets, program);
  if (places.drawings.empty() || places.words.empty()) {
    return complain("drawings and words are not where they should be; name them with --assets");
  }

  std::atomic<bool> stop = false;
  const StopSignals signals(stop);
  const SystemClock clock;
  SystemRandom random;

  // The catalogue is read while the window opens, which takes as long.
  std::future<Result<Catalogue>> loading =
      std::async(std::launch::async, [&] { return load_catalogue(options.data, clock); });

  Result<Journal> journal = open_journal(options.data);
  if (!journal) return complain("journal: " + describe(journal.error()));
  Result<CatalogueStore> catalogues = CatalogueStore::open(options.data);
  if (!catalogues) return complain("catalogues: " + describe(catalogues.error()));
  if (!options.inspect.empty()) {
    const auto mode = journal->setting(kModeSetting);
    if (mode && *mode && **mode == "production") {
      return complain("this kiosk's configuration says production: no --inspect");
    }
  }
  std::string server = options.server;
  if (!server.empty()) {
    if (const Status kept = journal->set_setting(kServerSetting, server); !kept) {
      return complain("cannot remember the server: " + describe(kept.error()));
    }
  } else if (const auto held = journal->setting(kServerSetting); held && *held) {
    server = **held;
  }

  std::optional<HttpTransport> transport;
  if (!server.empty()) {
    const Result<ServerUrl> url = parse_server_url(server);
    if (!url) return complain("--server wants http://HOST:PORT or https://HOST:PORT");
    transport.emplace(*url);
  }

  // Fonts and words too; they are handed to this thread before anything uses them.
  std::unique_ptr<Window> window;  // outlives whatever draws
  GlAtlas atlas;
  GlTextures textures;
  std::future<Result<Typesetting>> preparing =
      std::async(std::launch::async, [&] { return prepare_text(atlas, places.words); });
  Result<std::unique_ptr<Window>> shown = Window::open(options.window);
  if (!shown) return complain(shown.error().context);
  window = std::move(*shown);
  Result<Typesetting> prepared = preparing.get();
  if (!prepared) return complain("fonts and words: " + describe(prepared.error()));
  typeset::TextEngine& text = *prepared->text;
  media::Images images(textures, {.drawings = places.drawings,
                                  .locate =
                                      [&catalogues](std::string_view hash) {
                                        return catalogues->has_medium(hash)
                                                   ? catalogues->media_path(hash)
                                                   : std::filesystem::path{};
                                      },
                                  .wake = &Window::wake});
  const auto [width, height] = window->size();
  ui::FrameMaker frames(text, images, panel_for(options, *window, width, height));
  GlRenderer renderer(atlas);

  Mailbox mailbox(&Window::wake);
  Errands errands(&Window::wake);
  Result<Catalogue> catalogue = loading.get();
  if (!catalogue) {
    std::cerr << "odop-kiosk: catalogue: " << describe(catalogue.error()) << "\n";
    catalogue = Catalogue{};
  }
  Desk desk({options.data, *journal, *catalogues, mailbox, errands, clock, random, prepared->words},
            options.language, std::move(*catalogue));

  std::unique_ptr<Inspector> inspector;
  if (!options.inspect.empty()) {
    auto opened = Inspector::open(options.inspect, &Window::wake);
    if (!opened) return complain("inspector: " + describe(opened.error()));
    inspector = std::move(*opened);
  }

  // The worker starts once something is on the screen.
  std::optional<SyncWorker> worker;
  const auto start_worker = [&] {
    if (!transport) return;
    WorkerConfig config;
    config.folder = options.data;
    config.enrol_code = options.enrol;
    config.boot_id = read_boot_id(clock, random);
    worker.emplace(std::move(config), *transport, clock, random, mailbox);
    if (const Status started = worker->start(); !started) {
      std::cerr << "odop-kiosk: sync: " << describe(started.error()) << "\n";
    }
  };

  Loop loop({*window, renderer, frames, images, text, desk, inspector.get(), clock, stop,
             [&](int w, int h) { return panel_for(options, *window, w, h); }, start_worker});
  loop.run();
  return 0;
}

}  // namespace odop::kiosk::app

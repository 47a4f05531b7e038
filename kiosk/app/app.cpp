#include "kiosk/app/app.h"

#include "kiosk/app/courier.h"
#include "kiosk/app/errands.h"
#include "kiosk/app/gl_renderer.h"
#include "kiosk/app/gl_store.h"
#include "kiosk/app/hardening.h"
#include "kiosk/app/heap.h"
#include "kiosk/app/inspector.h"
#include "kiosk/app/loop.h"
#include "kiosk/app/scene.h"
#include "kiosk/app/window.h"
#include "kiosk/media/recorder.h"
#include "kiosk/media/speaker.h"
#include "kiosk/print/printer.h"
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/bundle_exchange.h"
#include "kiosk/sync/http_transport.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/sync/server_ca.h"
#include "kiosk/sync/worker.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace odop::kiosk::app {
namespace {

constexpr std::string_view kServerSetting = "server.url";
constexpr std::string_view kPrinterSetting = "printer.uri";
constexpr std::string_view kSticksSetting = "sticks.folder";
constexpr std::string_view kSticksFolder = "/media";
// Where the package puts it.
constexpr std::string_view kFactoryFile = "/usr/share/odop-kiosk/factory.odop";

int complain(std::string_view what) {
  std::cerr << "odop-kiosk: " << what << "\n";
  return 1;
}

// What was named on the command line is wrong: 2; else 1.
int complain_of(const Error& error, std::string_view prefix = {}) {
  const int failed = complain(std::string(prefix) + error.context);
  return error.code == ErrorCode::kInvalidArgument ? 2 : failed;
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

// In full, or as far as it can be read: a stand never goes blank. What had to be mended, and what
// is wrong, is told on stderr; the staff's page tells it too.
Result<Journal> open_journal(const std::filesystem::path& folder, const Clock& clock) {
  Result<Journal> journal = Journal::open(folder);
  if (!journal) {
    const Error why = journal.error();
    std::cerr << "odop-kiosk: journal: " << describe(why)
              << "; nothing is accepted until it can be opened\n";
    return Journal::open_reading(folder, why);
  }
  if (!journal->recovery()) return journal;
  const Recovery& mended = *journal->recovery();
  if (mended.set_aside) std::cerr << "odop-kiosk: journal.db was damaged and is set aside\n";
  if (mended.from_backup) std::cerr << "odop-kiosk: journal.db is taken from its backup\n";
  if (mended.forgotten || (mended.set_aside && !mended.enrolled)) {
    std::cerr << "odop-kiosk: nothing says which receipts were given: enrol this kiosk anew\n";
  }
  std::cerr << "odop-kiosk: taken from outbox.log: " << mended.submissions
            << "; blocks damaged: " << mended.damaged_blocks << "\n";
  if (const Status noted = journal->note_recovery(clock.wall().time_since_epoch().count());
      !noted) {
    std::cerr << "odop-kiosk: journal: " << describe(noted.error()) << "\n";
  }
  return journal;
}

// For the next start; one that can only be read keeps nothing.
Status remember(Journal& journal, std::string_view setting, std::string_view value) {
  return journal.closed() ? Status{} : journal.set_setting(setting, value);
}

// The server that is named now, else the one of last time. Empty: none. Nothing is remembered
// before all of it is known to be right: the next start would fail by it, too.
Result<std::optional<ServerUrl>> find_server(const Options& options, Journal& journal) {
  std::string server = options.server;
  if (server.empty()) {
    if (const auto held = journal.setting(kServerSetting); held && *held) server = **held;
  }
  std::optional<ServerUrl> found;
  if (!server.empty()) {
    const Result<ServerUrl> url = parse_server_url(server);
    if (!url) {
      return fail(ErrorCode::kInvalidArgument,
                  "--server wants http://HOST:PORT or https://HOST:PORT");
    }
    if (!url->tls && !(options.ca.empty() && kept_server_ca(options.data).empty())) {
      return fail(ErrorCode::kInvalidArgument,
                  "this kiosk keeps its server's authority (--ca): it wants https://");
    }
    found = *url;
  }
  if (!options.ca.empty() && !journal.closed()) {
    if (const Status kept = keep_server_ca(options.ca, options.data); !kept) {
      return fail(kept.error().code, "--ca: " + kept.error().context);
    }
  }
  if (options.server.empty()) return found;
  if (const Status kept = remember(journal, kServerSetting, server); !kept) {
    return fail(kept.error().code, "cannot remember the server: " + kept.error().context);
  }
  return found;
}

// Libraries read these when they begin, so call it before any thread is there.
void prepare_environment(const std::filesystem::path& data) {
  constexpr int kKeep = 0;  // what somebody set on purpose
  // Of the 5,000 sequences that X reads for composing letters with dead keys we need none: 25 ms.
  setenv("XCOMPOSEFILE", "/dev/null", kKeep);
  // Compiled shaders, without which the first frame takes 300 ms more; the unit has no home.
  setenv("MESA_SHADER_CACHE_DIR", (data / "shaders").c_str(), kKeep);
}

// The printer that is named now, else the one of last time; "none" forgets it.
Result<std::optional<print::Printer>> find_printer(const std::string& named, Journal& journal) {
  std::string uri = named == "none" ? "" : named;
  if (!named.empty()) {
    if (!uri.empty()) {
      if (const auto good = print::Printer::at(uri); !good) return fail(good.error());
    }
    if (const Status kept = remember(journal, kPrinterSetting, uri); !kept) {
      return fail(kept.error());
    }
  } else if (const auto held = journal.setting(kPrinterSetting); held && *held) {
    uri = **held;
  }
  if (uri.empty()) return std::optional<print::Printer>{};
  auto printer = print::Printer::at(uri);
  if (!printer) return fail(printer.error());
  return std::optional<print::Printer>{std::move(*printer)};
}

// The folder that is named now, else the one of last time; empty: no sticks.
Result<std::filesystem::path> find_sticks(const std::string& named, Journal& journal) {
  std::string folder = named;
  if (!named.empty()) {
    if (named != "none" && !std::filesystem::path(named).is_absolute()) {
      return fail(ErrorCode::kInvalidArgument, "--sticks wants a folder from / on, or none");
    }
    if (const Status kept = remember(journal, kSticksSetting, named); !kept) {
      return fail(kept.error());
    }
  } else if (const auto held = journal.setting(kSticksSetting); held && *held) {
    folder = **held;
  }
  if (folder.empty()) folder = kSticksFolder;
  return folder == "none" ? std::filesystem::path{} : std::filesystem::path(folder);
}

// A kiosk that has no release yet shows the one of its package, before it was ever enrolled. It
// is taken before any thread is there, see shared/bundle. A bad one is told and nothing else.
void take_factory_release(const Options& options, const Clock& clock, Random& random) {
  std::error_code ignored;
  const std::filesystem::path file =
      options.factory.empty() ? std::filesystem::path(kFactoryFile) : options.factory;
  if (options.factory.empty() && !std::filesystem::exists(file, ignored)) return;
  {
    const auto catalogues = CatalogueStore::open(options.data);
    if (!catalogues || catalogues->read_only()) return;  // told when it is opened for good
    const auto ready = catalogues->newest_ready();
    if (!ready || ready->value != 0) return;
  }
  BundleOrder order;
  order.folder = options.data;
  order.place = file;
  order.factory = true;
  const auto taken = take_bundles(order, clock, random);
  if (!taken) std::cerr << "odop-kiosk: factory release: " << describe(taken.error()) << "\n";
  if (taken && !taken->trouble.empty()) {
    std::cerr << "odop-kiosk: factory release: " << taken->trouble << "\n";
  }
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
  begin_with_large_pages();
  umask(S_IRWXG | S_IRWXO);
  std::error_code ignored;  // the journal says what is wrong
  std::filesystem::create_directories(options.data, ignored);
  prepare_environment(options.data);

  const Places places = find_places(options.assets, program);
  if (places.drawings.empty() || places.words.empty()) {
    return complain("drawings and words are not where they should be; name them with --assets");
  }

  const SystemClock clock;
  SystemRandom random;
  take_factory_release(options, clock, random);
  std::atomic<bool> stop = false;
  const StopSignals signals(stop);

  Result<Journal> journal = open_journal(options.data, clock);
  if (!journal) return complain("journal: " + describe(journal.error()));
  Result<CatalogueStore> catalogues = CatalogueStore::open(options.data);
  if (!catalogues) return complain("catalogues: " + describe(catalogues.error()));
  if (!options.inspect.empty()) {
    const RunMode mode = journal->run_mode();
    if (mode == RunMode::kProduction) {
      return complain("this kiosk's configuration says production: no --inspect");
    }
    if (mode == RunMode::kUnknown) {
      return complain(
          "nothing tells that this kiosk is not in production: no --inspect; of one "
          "for development write the word test into " +
          (options.data / "mode").string());
    }
  }
  Result<std::optional<ServerUrl>> server = find_server(options, *journal);
  if (!server) return complain_of(server.error());
  const Result<std::optional<print::Printer>> printer = find_printer(options.printer, *journal);
  if (!printer) return complain_of(printer.error(), "--printer: ");
  const Result<std::filesystem::path> sticks = find_sticks(options.sticks, *journal);
  if (!sticks) return complain_of(sticks.error());

  Result<std::unique_ptr<Window>> window = Window::connect(options.window);
  if (!window) return complain(window.error().context);
  std::atomic<bool> opened = false;
  const auto wake = [&opened] {
    if (opened) Window::wake();
  };
  GlAtlas atlas;
  GlTextures textures;
  Mailbox mailbox(wake);
  Errands errands(wake);
  media::Speaker speaker({.wake = wake});
  media::Recorder recorder({.wake = wake});
  // While a stick is taken in nobody else syncs on this folder, so the worker ends and another one
  // begins. Started on this thread, then restarted on the courier's, which ends first; a journal
  // that could not be opened starts it later.
  std::optional<HttpTransport> transport;
  std::optional<SyncWorker> worker;
  std::mutex syncing;
  bool bringing = false;
  bool readable_only = journal->closed().has_value();
  const auto begin_sync = [&] {
    if (!*server || readable_only || bringing) return;
    mailbox.open_again();
    transport.emplace(**server, kept_server_ca(options.data).string());
    WorkerConfig config;
    config.folder = options.data;
    config.enrol_code = options.enrol;
    config.boot_id = read_boot_id(clock, random);
    worker.emplace(std::move(config), *transport, clock, random, mailbox);
    if (const Status started = worker->start(); !started) {
      std::cerr << "odop-kiosk: sync: " << describe(started.error()) << "\n";
    }
  };
  const auto before_bring = [&] {
    const std::scoped_lock lock(syncing);
    bringing = true;
    worker.reset();
    transport.reset();
  };
  const auto after_bring = [&] {
    const std::scoped_lock lock(syncing);
    bringing = false;
    begin_sync();
  };
  const auto reopened = [&] {
    // What was named on the command line is kept now.
    if (!find_printer(options.printer, *journal) || !find_sticks(options.sticks, *journal)) return;
    const std::scoped_lock lock(syncing);
    readable_only = false;
    server = find_server(options, *journal);
    if (!server) {
      std::cerr << "odop-kiosk: " << server.error().context << "\n";
      server = std::optional<ServerUrl>{};
    }
    begin_sync();
  };
  Courier courier({.data = options.data,
                   .sticks = *sticks,
                   .mounts = options.mounts,
                   .wake = wake,
                   .before_bring = before_bring,
                   .after_bring = after_bring});
  const auto panel = [&](int width, int height) {
    return panel_for(options, **window, width, height);
  };
  const auto [width, height] = (*window)->size();
  auto preparing = std::async(std::launch::async, [&, at = panel(width, height)] {
    return Scene::prepare({.data = options.data,
                           .words = places.words,
                           .atlas = atlas,
                           .textures = textures,
                           .images = {.drawings = places.drawings,
                                      .locate =
                                          [&catalogues](std::string_view hash) {
                                            return catalogues->has_medium(hash)
                                                       ? catalogues->media_path(hash)
                                                       : std::filesystem::path{};
                                          },
                                      .wake = wake},
                           .journal = *journal,
                           .catalogues = *catalogues,
                           .mailbox = mailbox,
                           .errands = errands,
                           .clock = clock,
                           .random = random,
                           .speaker = &speaker,
                           .printer = *printer ? &**printer : nullptr,
                           .recorder = &recorder,
                           .courier = sticks->empty() ? nullptr : &courier,
                           .reopened = reopened},
                          at, options.language);
  });
  if (const Status shown = (*window)->open(); !shown) return complain(shown.error().context);
  opened = true;
  GlRenderer renderer(atlas);
  Result<std::unique_ptr<Scene>> scene = preparing.get();
  if (!scene) return complain("fonts and words: " + describe(scene.error()));

  std::unique_ptr<Inspector> inspector;
  if (!options.inspect.empty()) {
    auto made = Inspector::open(options.inspect, &Window::wake);
    if (!made) return complain("inspector: " + describe(made.error()));
    inspector = std::move(*made);
  }

  // What works beside the frames starts once something is on the screen.
  const auto start_working = [&] {
    give_back_large_blocks();
    {
      const std::scoped_lock lock(syncing);
      begin_sync();
    }
    if (!sticks->empty()) courier.start();
  };

  Loop loop({**window, renderer, **scene, inspector, clock, stop, panel, start_working});
  loop.run();
  courier.stop();
  return 0;
}

}  // namespace odop::kiosk::app

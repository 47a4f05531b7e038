#include "kiosk/media/images.h"

#include "kiosk/media/decode.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace odop::kiosk::media {
namespace {

constexpr int kPageSide = 1024;
constexpr std::size_t kMaxPages = 3;  // 12 MB
constexpr int kSmallSide = 160;       // larger ones get a texture of their own
constexpr int kGap = 1;               // pixels between neighbours on a page
constexpr std::uint64_t kKeepFrames = 3;

struct Job {
  std::string key;
  std::filesystem::path file;
  int width = 0;
  int height = 0;
  bool svg = false;
  bool stretch = false;
};

struct Done {
  std::string key;
  std::optional<Bitmap> bitmap;  // none: could not be read
};

// Shelves on a page: rows of pictures of about the same height.
struct Page {
  std::uintptr_t texture = 0;
  int shelf_y = 0;
  int shelf_height = 0;
  int x = 0;

  bool place(int width, int height, int& at_x, int& at_y) {
    if (x + width > kPageSide) {
      shelf_y += shelf_height + kGap;
      shelf_height = 0;
      x = 0;
    }
    if (shelf_y + height > kPageSide || width > kPageSide) return false;
    at_x = x;
    at_y = shelf_y;
    x += width + kGap;
    shelf_height = std::max(shelf_height, height);
    return true;
  }
};

struct Entry {
  enum class Stage : std::uint8_t { kWaiting, kReady, kMissing };
  Stage stage = Stage::kWaiting;
  Texture texture;
  std::size_t bytes = 0;  // of a texture of its own
  bool picture = false;
  bool tiled = false;
  std::uint64_t used = 0;  // frame
};

}  // namespace

struct Images::State {
  TextureStore* store = nullptr;
  ImagesOptions options;
  std::unordered_map<std::string, Entry> entries;
  std::vector<Page> pages;
  std::size_t bytes = 0;
  std::size_t failed = 0;
  std::uint64_t frame = 1;
  std::size_t waiting = 0;  // entries in kWaiting

  std::mutex mutex;  // guards jobs, done, working
  std::condition_variable_any work;
  std::condition_variable idle;
  std::deque<Job> jobs;
  std::deque<Done> done;
  bool working = false;
  std::jthread worker;

  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (true) {
      if (!work.wait(lock, stop, [this] { return !jobs.empty(); })) return;
      const Job job = std::move(jobs.front());
      jobs.pop_front();
      working = true;
      lock.unlock();
      Done result{job.key, std::nullopt};
      try {
        auto bitmap = job.svg ? render_svg(job.file, job.width, job.height, job.stretch)
                              : decode_picture(job.file, job.width, job.height);
        if (bitmap) result.bitmap = std::move(*bitmap);
      } catch (const std::exception&) {
        result.bitmap.reset();  // no memory for it: the placeholder stays
      }
      lock.lock();
      working = false;
      done.push_back(std::move(result));
      idle.notify_all();
      if (options.wake) {
        lock.unlock();
        options.wake();
        lock.lock();
      }
    }
  }

  void ask(Job job) {
    {
      const std::scoped_lock lock(mutex);
      jobs.push_back(std::move(job));
    }
    work.notify_one();
  }

  void upload(Entry& entry, const Bitmap& bitmap) {
    entry.stage = Entry::Stage::kReady;
    entry.texture.width = bitmap.width;
    entry.texture.height = bitmap.height;
    if (!entry.tiled && bitmap.width <= kSmallSide && bitmap.height <= kSmallSide &&
        place(entry, bitmap)) {
      return;
    }
    entry.texture.id = store->create(bitmap.width, bitmap.height, bitmap.rgba, entry.tiled);
    entry.bytes = bitmap.rgba.size();
    bytes += entry.bytes;
  }

  bool place(Entry& entry, const Bitmap& bitmap) {
    int x = 0;
    int y = 0;
    if (pages.empty() || !pages.back().place(bitmap.width, bitmap.height, x, y)) {
      if (pages.size() >= kMaxPages) return false;
      Page page;
      page.texture = store->create(kPageSide, kPageSide, {}, false);
      pages.push_back(page);
      if (!pages.back().place(bitmap.width, bitmap.height, x, y)) return false;
    }
    const Page& page = pages.back();
    store->update(page.texture, x, y, bitmap.width, bitmap.height, bitmap.rgba);
    const auto side = static_cast<float>(kPageSide);
    entry.texture.id = page.texture;
    entry.texture.u0 = static_cast<float>(x) / side;
    entry.texture.v0 = static_cast<float>(y) / side;
    entry.texture.u1 = static_cast<float>(x + bitmap.width) / side;
    entry.texture.v1 = static_cast<float>(y + bitmap.height) / side;
    return true;
  }

  void trim() {
    if (bytes <= options.budget_bytes) return;
    std::vector<std::pair<std::uint64_t, const std::string*>> old;
    for (const auto& [key, entry] : entries) {
      if (entry.bytes > 0 && entry.used + kKeepFrames < frame) old.emplace_back(entry.used, &key);
    }
    std::sort(old.begin(), old.end());
    std::vector<std::string> gone;
    std::size_t left = bytes;
    for (const auto& [used, key] : old) {
      if (left <= options.budget_bytes) break;
      left -= entries.at(*key).bytes;
      gone.push_back(*key);
    }
    for (const std::string& key : gone) {
      const auto at = entries.find(key);
      store->destroy(at->second.texture.id);
      bytes -= at->second.bytes;
      entries.erase(at);
    }
  }

  // Uploads at most `most`; true when something became drawable.
  bool take(std::size_t most) {
    bool news = false;
    for (std::size_t i = 0; i < most; ++i) {
      Done result;
      {
        const std::scoped_lock lock(mutex);
        if (done.empty()) break;
        result = std::move(done.front());
        done.pop_front();
      }
      const auto at = entries.find(result.key);
      if (at == entries.end() || at->second.stage != Entry::Stage::kWaiting) continue;
      --waiting;
      if (result.bitmap) {
        upload(at->second, *result.bitmap);
        news = true;
      } else {
        at->second.stage = Entry::Stage::kMissing;
        ++failed;
      }
    }
    return news;
  }
};

Images::Images(TextureStore& store, ImagesOptions options) : state_(std::make_unique<State>()) {
  state_->store = &store;
  state_->options = std::move(options);
  state_->worker =
      std::jthread([state = state_.get()](const std::stop_token& stop) { state->run(stop); });
}

Images::~Images() {
  state_->worker.request_stop();
  state_->worker.join();
  for (const auto& [key, entry] : state_->entries) {
    if (entry.bytes > 0) state_->store->destroy(entry.texture.id);
  }
  for (const Page& page : state_->pages) state_->store->destroy(page.texture);
}

const Texture* Images::drawing(std::string_view name, int width, int height, Scaling scaling,
                               bool tiled) {
  if (width <= 0 || height <= 0 || name.find("..") != std::string_view::npos) return nullptr;
  std::string key = std::to_string(width) + "x" + std::to_string(height) +
                    (scaling == Scaling::kStretch ? "s" : "c") + (tiled ? "t " : " ");
  key += name;
  const auto [at, is_new] = state_->entries.try_emplace(std::move(key));
  Entry& entry = at->second;
  entry.used = state_->frame;
  if (is_new) {
    entry.tiled = tiled;
    ++state_->waiting;
    state_->ask({at->first, state_->options.drawings / (std::string(name) + ".svg"), width, height,
                 true, scaling == Scaling::kStretch});
  }
  return entry.stage == Entry::Stage::kReady ? &entry.texture : nullptr;
}

const Texture* Images::picture(std::string_view hash, int width, int height) {
  if (width <= 0 || height <= 0 || hash.empty()) return nullptr;
  // Sizes go by powers of two, so that a moving layout does not decode again and again.
  int step = 64;
  while (step < std::max(width, height)) step *= 2;
  std::string key = "p" + std::to_string(step) + " ";
  key += hash;
  const auto [at, is_new] = state_->entries.try_emplace(std::move(key));
  Entry& entry = at->second;
  entry.used = state_->frame;
  if (is_new) {
    entry.picture = true;
    const std::filesystem::path file =
        state_->options.locate ? state_->options.locate(hash) : std::filesystem::path{};
    if (file.empty()) {
      entry.stage = Entry::Stage::kMissing;
    } else {
      ++state_->waiting;
      state_->ask({at->first, file, width, height, false, false});
    }
  }
  return entry.stage == Entry::Stage::kReady ? &entry.texture : nullptr;
}

bool Images::pump(std::size_t uploads) {
  ++state_->frame;
  const bool news = state_->take(uploads);
  state_->trim();
  return news;
}

void Images::settle() {
  {
    std::unique_lock lock(state_->mutex);
    state_->idle.wait(lock, [this] { return state_->jobs.empty() && !state_->working; });
  }
  state_->take(static_cast<std::size_t>(-1));
}

bool Images::busy() const { return state_->waiting > 0; }

void Images::forget_missing() {
  std::erase_if(state_->entries, [](const auto& item) {
    return item.second.picture && item.second.stage == Entry::Stage::kMissing;
  });
}

ImageStats Images::stats() const {
  ImageStats stats;
  stats.textures = state_->pages.size();
  for (const auto& [key, entry] : state_->entries) stats.textures += entry.bytes > 0 ? 1 : 0;
  stats.bytes = state_->bytes + state_->pages.size() * kPageSide * kPageSide * 4;
  stats.waiting = state_->waiting;
  stats.failed = state_->failed;
  return stats;
}

}  // namespace odop::kiosk::media

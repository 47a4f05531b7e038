#include "tests/sim/release_cuts.h"

#include "kiosk/store/catalogue_store.h"
#include "shared/core/random.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/sign.h"
#include "shared/wire/json.h"
#include "tests/sim/whole_release.h"
#include "tests/support/temp_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>

namespace odop::test {
namespace {

// Operations until the next cut at most: a release or two, so that cuts fall into every step.
constexpr std::uint64_t kOperationsOfRelease = 400;
constexpr std::size_t kProductsOfRelease = 4;
constexpr std::size_t kMostPictureBytes = 16'000;

class ReleaseCuts {
 public:
  ReleaseCuts(std::uint64_t seed, DiskDefects defects, std::ostream* trace)
      : trace_(trace), disk_(seed * 2 + 1, defects), random_(seed) {}

  ReleaseCutsOutcome run(std::size_t cuts) {
    while (outcome_.cuts < cuts && outcome_.clean()) {
      const std::uint64_t after = 1 + random_.below(kOperationsOfRelease);
      disk_.cut_after(folder_.path(), after);
      tell("the power fails at operation {} from here", after);
      use_until_dark();
      disk_.power_up(folder_.path());
      ++outcome_.cuts;
      tell("the power is back");
      check();
    }
    return outcome_;
  }

 private:
  template <typename... Values>
  void tell(fmt::format_string<Values...> words, Values&&... values) {
    if (trace_ == nullptr) return;
    *trace_ << fmt::format("releases, cut {:>2}, write {:>5}  ", outcome_.cuts + 1,
                           disk_.operations())
            << fmt::format(words, std::forward<Values>(values)...) << '\n';
  }

  // True: done. False: the power is gone.
  bool done(std::string_view what, const Status& status) {
    if (status) {
      tell("{}: done", what);
      return true;
    }
    tell("{}: {} {}", what, name_of(status.error().code), status.error().context);
    if (!disk_.dark(folder_.path())) ++outcome_.unusable;
    return false;
  }

  std::optional<kiosk::CatalogueStore> open() {
    auto store = kiosk::CatalogueStore::open(folder_.path(), disk_.files());
    if (disk_.dark(folder_.path())) return std::nullopt;
    if (!store || store->read_only()) {
      tell("the list of releases cannot be written");
      ++outcome_.unusable;
      return std::nullopt;
    }
    return std::move(*store);
  }

  void use_until_dark() {
    while (!disk_.dark(folder_.path()) && outcome_.clean()) {
      auto store = open();
      if (!store) return;
      // A restart of the program now and then: closing writes, too.
      for (std::uint64_t left = 1 + random_.below(4); left > 0; --left) {
        if (!bring_release(*store)) break;
      }
    }
  }

  // The pointer is accepted first, then its release comes, as the engine does it.
  bool bring_release(kiosk::CatalogueStore& store) {
    const auto ready = store.newest_ready();
    if (!ready) return done("newest", fail(ready.error()));
    kiosk::StagedRecords staged;
    staged.base = *ready;
    staged.release = ReleaseNumber{++made_};
    staged.created_ms = 1'800'000'000'000;
    wire::Pointer pointer;
    pointer.serial = made_;
    pointer.ring = "all";
    pointer.release = staged.release;
    pointer.manifest_hash = crypto::sha256("manifest");
    pointer.issued_ms = staged.created_ms;
    pointer.expires_ms = staged.created_ms + 1;
    // Whose word it is was checked before it comes here.
    static const crypto::SigningKey key = crypto::SigningKey::generate();
    const auto document = crypto::sign_document("pointer", wire::to_json(pointer), key);
    const kiosk::HeldDocuments documents{.pointer = document, .manifest = document};
    if (!done("pointer", store.adopt_documents(documents, pointer))) return false;
    serial_ = made_;
    if (random_.below(5) == 0) return true;  // another one comes before this one's release

    change(staged);
    for (const kiosk::StoredItem& item : staged.media) {
      if (store.has_medium(item.id)) continue;
      if (!done("medium", store.files().write(store.staged_path(item.id), pictures_[item.id]))) {
        return false;
      }
    }
    const auto built = store.stage_records(staged);
    if (!built) return done("records", fail(built.error()));
    if (!done("go live", store.commit_release(staged.release, staged.created_ms))) return false;
    ++outcome_.live;
    live_ = staged.release;
    if (!done("shown", store.set_shown(live_))) return false;
    if (random_.below(3) == 0) return done("tidy", store.collect_garbage());
    return done("clear", store.clear_staging());
  }

  // One district, and some products with pictures: new ones, or such as an earlier release had.
  void change(kiosk::StagedRecords& staged) {
    if (staged.base.value == 0) put(staged, "district", "agra", R"({"name":{"en":"Agra"}})");
    for (std::size_t i = 0; i < kProductsOfRelease; ++i) {
      if (staged.base.value != 0 && random_.below(2) == 0) continue;
      const std::string hash = some_picture();
      put(staged, "product", fmt::format("p{}", i),
          fmt::format(R"({{"name":{{"en":"P{} of {}"}},"picture":"{}"}})", i, made_, hash));
      Bytes raw;
      static_cast<void>(from_hex(hash, raw));
      staged.media.push_back({wire::ItemKind::kPicture, hash, raw});
    }
  }

  static void put(kiosk::StagedRecords& staged, std::string type, std::string id,
                  std::string json) {
    Bytes hash = crypto::sha256(json);
    staged.changed.push_back({{std::move(type), std::move(id), std::move(json)}, std::move(hash)});
  }

  std::string some_picture() {
    if (!pictures_.empty() && random_.below(3) == 0) {
      auto one = pictures_.begin();
      std::advance(one, static_cast<std::ptrdiff_t>(random_.below(pictures_.size())));
      return one->first;
    }
    Bytes bytes(1 + random_.below(kMostPictureBytes), '\0');
    for (std::size_t i = 0; i < bytes.size(); i += 97) {
      bytes[i] = static_cast<char>(random_.below(256));
    }
    std::string hash = to_hex(crypto::sha256(bytes));
    pictures_.emplace(hash, std::move(bytes));
    return hash;
  }

  void check() {
    const auto store = open();
    if (!store) return;
    const auto ready = store->newest_ready();
    const auto held = store->documents();
    if (!ready || !held) {
      ++outcome_.unusable;
      return;
    }
    if (*ready < live_) {
      ++outcome_.lost;
      tell("release {} was live, and the newest is {}", live_.value, ready->value);
    }
    const auto pointer = *held ? wire::from_json<wire::Pointer>((*held)->pointer.payload)
                               : Result<wire::Pointer>(wire::Pointer{});
    if (!pointer || pointer->serial < serial_) {
      ++outcome_.lost;
      tell("the pointer {} was accepted, and it is gone", serial_);
    }
    if (ready->value != 0 && !is_whole(*store, *ready)) {
      ++outcome_.not_whole;
      tell("release {} is not whole", ready->value);
    }
    live_ = std::max(live_, *ready);
  }

  std::ostream* trace_;
  TempFolder folder_;
  PowerCutDisk disk_;
  SeededRandom random_;
  ReleaseCutsOutcome outcome_;
  std::map<std::string, Bytes> pictures_;  // by hash, all that were ever made
  std::uint64_t made_ = 0;
  std::uint64_t serial_ = 0;  // accepted
  ReleaseNumber live_;
};

}  // namespace

ReleaseCutsOutcome& ReleaseCutsOutcome::operator+=(const ReleaseCutsOutcome& other) {
  cuts += other.cuts;
  live += other.live;
  lost += other.lost;
  not_whole += other.not_whole;
  unusable += other.unusable;
  return *this;
}

ReleaseCutsOutcome run_release_cuts(std::uint64_t seed, std::size_t cuts, DiskDefects defects,
                                    std::ostream* trace) {
  return ReleaseCuts(seed, defects, trace).run(cuts);
}

std::string line_of(std::uint64_t seed, const ReleaseCutsOutcome& outcome) {
  return fmt::format("seed={} cuts={} live={} lost={} not_whole={} unusable={}", seed, outcome.cuts,
                     outcome.live, outcome.lost, outcome.not_whole, outcome.unusable);
}

}  // namespace odop::test

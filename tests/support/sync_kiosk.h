// A kiosk without a window: the UI's journal and capture on one side, the sync session on the
// other, a transport between it and whatever answers. Driven by hand in virtual time.
#pragma once

#include "kiosk/capture/capture.h"
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/sync/transport.h"
#include "kiosk/sync/worker.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace odop::test {

class SyncKiosk {
 public:
  SyncKiosk(kiosk::Transport& transport, ManualClock& clock, std::uint64_t seed, std::string code)
      : SyncKiosk(transport, clock, seed, std::move(code), {}) {}
  SyncKiosk(kiosk::Transport& transport, ManualClock& clock, std::uint64_t seed, std::string code,
            kiosk::sync::EngineSettings engine,
            const kiosk::FileSystem& files = kiosk::system_files())
      : settings(std::move(engine)),
        files_(files),
        transport_(transport),
        clock_(clock),
        random_(seed),
        code_(std::move(code)) {
    make_reserve();
    start();
  }

  // From a copy of the disk of `original`, which is stopped. `copy` brings what lies on a disk that
  // is simulated.
  SyncKiosk(const SyncKiosk& original, kiosk::Transport& transport, std::uint64_t seed,
            const std::function<void(const std::filesystem::path& from,
                                     const std::filesystem::path& to)>& copy)
      : settings(original.settings),
        state(original.state),
        files_(original.files_),
        transport_(transport),
        clock_(original.clock_),
        random_(seed),
        code_(original.code_) {
    for (const auto& entry : std::filesystem::directory_iterator(original.folder())) {
      if (entry.path().filename() == "reserve") continue;
      std::filesystem::copy(entry.path(), folder_.path() / entry.path().filename(),
                            std::filesystem::copy_options::recursive);
    }
    make_reserve();
    copy(original.folder(), folder_.path());
    start();
  }

  // Everything is closed, until start().
  void stop() {
    session_.reset();
    capture_.reset();
    journal_.reset();
  }

  // As the program's start, also after a kill: everything is opened anew.
  void start() {
    stop();
    mailbox_ = std::make_unique<kiosk::Mailbox>();
    journal_ = std::make_unique<kiosk::Journal>(
        need(kiosk::Journal::open(folder_.path(), kiosk::probe_space, files_)));
    capture_ = std::make_unique<kiosk::Capture>(*journal_, clock_, random_, kBoot);
    kiosk::WorkerConfig config;
    config.folder = folder_.path();
    config.enrol_code = code_;
    config.boot_id = kBoot;
    config.files = &files_;
    config.settings = settings;
    session_ =
        need(kiosk::SyncSession::open(std::move(config), transport_, clock_, random_, *mailbox_));
  }

  // Lets the worker do what is due; gathers what it tells. Returns when something will be due.
  std::chrono::milliseconds turn() {
    const auto idle = session_->turn();
    for (kiosk::FromWorker& value : mailbox_->drain()) {
      if (const auto* changed = std::get_if<kiosk::SyncState>(&value)) state = *changed;
      if (const auto* some = std::get_if<kiosk::Arrived>(&value)) {
        arrived.insert(arrived.end(), some->references.begin(), some->references.end());
      }
      if (const auto* ready = std::get_if<kiosk::CatalogueReady>(&value)) catalogue_ready = *ready;
      told.push_back(std::move(value));
    }
    return idle;
  }

  // Turns until nothing is due before `span` has passed.
  void run_for(std::chrono::milliseconds span) {
    const MonoTime end = clock_.mono() + span;
    while (true) {
      const auto idle = turn();
      if (clock_.mono() + idle >= end) break;
      clock_.advance(std::max(idle, std::chrono::milliseconds(1)));
    }
    if (clock_.mono() < end) clock_.advance(end - clock_.mono());
  }

  // `spoken`: what was said, by field.
  Result<kiosk::Kept> submit(const std::string& text,
                             const std::map<std::string, Bytes>& spoken = {}) {
    kiosk::Draft draft;
    draft.form_id = "enquiry";
    draft.answers = R"({"message":")" + text + R"("})";
    draft.language = "hi";
    for (const auto& [field, ogg] : spoken) draft.spoken.push_back({field, ogg, 1'000});
    auto kept = capture_->submit(draft);
    if (kept) mailbox_->send(kiosk::SubmissionKept{});
    return kept;
  }

  // Of everything that was given with this receipt, as any kiosk takes it.
  Result<kiosk::Kept> withdraw(const std::string& reference, const std::string& status_code) {
    kiosk::Draft draft;
    draft.kind = wire::Kind::kWithdrawal;
    draft.form_id = "withdrawal";
    draft.answers =
        R"({"reference":")" + reference + R"(","status_code":")" + status_code + R"("})";
    draft.language = "hi";
    auto kept = capture_->submit(draft);
    if (kept) mailbox_->send(kiosk::SubmissionKept{});
    return kept;
  }

  // Somebody types a one-time code, which is named at each start from then on.
  void enrol_anew(std::string code) {
    code_ = std::move(code);
    mailbox_->send(kiosk::EnrolWith{code_});
  }

  void send(kiosk::ToWorker value) { mailbox_->send(std::move(value)); }
  [[nodiscard]] kiosk::Journal& journal() { return *journal_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  [[nodiscard]] kiosk::CatalogueStore store() const {
    return need(kiosk::CatalogueStore::open(folder_.path(), files_));
  }

  kiosk::sync::EngineSettings settings;  // for the next start
  kiosk::SyncState state;
  std::vector<std::string> arrived;
  kiosk::CatalogueReady catalogue_ready;
  std::vector<kiosk::FromWorker> told;

 private:
  // Of the reserve's size but without its blocks: 64 MB for each kiosk would be slow.
  void make_reserve() const {
    std::ofstream{folder_.path() / "reserve"}.close();
    std::filesystem::resize_file(folder_.path() / "reserve", kiosk::kReserveBytes);
  }

  static constexpr const char* kBoot = "018f0000-0000-4000-8000-00000000b007";

  template <typename T>
  static T need(Result<T> result) {
    if (!result) throw std::runtime_error("kiosk: " + result.error().context);
    return std::move(*result);
  }

  const kiosk::FileSystem& files_;
  TempFolder folder_;
  kiosk::Transport& transport_;
  ManualClock& clock_;
  SeededRandom random_;
  std::string code_;
  std::unique_ptr<kiosk::Mailbox> mailbox_;
  std::unique_ptr<kiosk::Journal> journal_;
  std::unique_ptr<kiosk::Capture> capture_;
  std::unique_ptr<kiosk::SyncSession> session_;
};

}  // namespace odop::test

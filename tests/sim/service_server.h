// The real service and store of the syncserver in this process, without sockets, behind the same
// handler as the fake. On a disk whose power fails it may die at any write, and is opened anew from
// what is left; what it was doing for the office then is done once more.
#pragma once

#include "kiosk/sync/transport.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "syncserver/service/backup.h"
#include "syncserver/service/bundles.h"
#include "syncserver/service/fleet.h"
#include "syncserver/service/kiosk_api.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/opener.h"
#include "syncserver/service/releases.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/service/submissions.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"
#include "tests/sim/histories.h"
#include "tests/sim/power_cut_disk.h"
#include "tests/support/loopback_transport.h"
#include "tests/support/temp_folder.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace odop::test {

class ServiceServer {
 public:
  ServiceServer();

  // Its databases lie on this disk from now on; null: they are closed for good.
  void lie_on(PowerCutDisk* disk, DiskDefects defects);
  void die_after(std::uint64_t operations, bool power);
  [[nodiscard]] bool dead() const { return dead_; }
  void revive() { dead_ = false; }
  [[nodiscard]] Deaths deaths() const { return deaths_; }

  [[nodiscard]] kiosk::HttpAnswer handle(const kiosk::HttpRequest& request);
  // References of what is rejected for good, and of what has to come again in half a minute: no
  // real reason for either is within reach, so it is said before the service, and the service takes
  // the rest of the push. What comes by stick does not come by here.
  std::set<std::string> refuse;
  std::set<std::string> hold_back;
  std::size_t max_piece = SIZE_MAX;  // of a recording; above it: 413, as a proxy says

  // Stands before all of that, and may change what goes in and what comes out.
  using Front = std::function<kiosk::HttpAnswer(const kiosk::HttpRequest&, const Handler& service)>;
  // `on_open` is called whenever the server's database was opened. It may write into it, as may
  // `front`: the server may die at that, too.
  void stand_before(Front front, std::function<void()> on_open);
  // An answer that the server signs, whatever it says.
  [[nodiscard]] kiosk::HttpAnswer sign(std::string_view purpose, Bytes payload) const;
  // The server's word to a caller, with no verdict yet; empty when it does not know this token.
  [[nodiscard]] std::optional<wire::BatchReceipt> blank_receipt(const std::string& token);
  // Of a push, `own` judges what it likes to judge, and `service` gets the rest.
  using OwnVerdict = std::function<std::optional<wire::Verdict>(const wire::EnvelopeHeader& header,
                                                                const Bytes& envelope)>;
  [[nodiscard]] kiosk::HttpAnswer judge_some(const kiosk::HttpRequest& push, const Handler& service,
                                             const OwnVerdict& own);
  // What an enemy says to a push: everything is stored. `believed`: signed as the server does.
  [[nodiscard]] kiosk::HttpAnswer forge_receipt(const kiosk::HttpRequest& push, bool believed);
  [[nodiscard]] std::filesystem::path database() const { return *folder_ / "odop.db"; }

  [[nodiscard]] std::string add_kiosk();  // one-time code
  // Reference -> times it is stored; and what it says, opened with the server's key.
  [[nodiscard]] std::map<std::string, std::size_t> stored();
  [[nodiscard]] std::multimap<std::string, std::string> opened();

  [[nodiscard]] std::map<std::string, std::map<std::string, Bytes>> spoken();
  // Whether a submission is there with all of its recordings; and whether it is there at all.
  [[nodiscard]] bool whole(const std::string& reference);
  [[nodiscard]] bool knows(const std::string& reference);

  // Opens what waits.
  void open();
  // The office answers; empty when it cannot (not here, not opened, withdrawn).
  [[nodiscard]] std::optional<wire::SealedAnswer> answer(const std::string& reference);
  [[nodiscard]] bool withdrawn(const std::string& reference);

  [[nodiscard]] std::set<std::pair<std::uint64_t, std::uint64_t>> never_came();
  // As the office sees them.
  [[nodiscard]] std::vector<syncserver::KioskView> kiosks();
  [[nodiscard]] std::vector<syncserver::Alarm> alarms();
  [[nodiscard]] std::vector<syncserver::SubmissionView> listed();

  // What a courier brought, and what he takes along.
  void take_stick(const std::filesystem::path& place);
  [[nodiscard]] std::vector<syncserver::TakenBundle> taken(const std::filesystem::path& place);
  void give_stick(const std::filesystem::path& place);

  // A verified backup; and, when there is one, the server that is restored from the last of them
  // into a new folder.
  void back_up();
  void restore();
  // The last backup is no more: from the one before it. False: there is none.
  bool restore_older();

  // Records "type/id" -> JSON into the draft, then a release. Gives its number.
  std::uint64_t publish(const std::map<std::string, std::string>& records);
  // The content of the release before the newest one under a new number, which it gives; empty when
  // there is none.
  std::optional<std::uint64_t> roll_back();
  // New pointers to the newest release, whose time is over already.
  void expire_pointer();
  // A new publisher's key, and the old one is revoked: what `keys rotate` does, and a start of the
  // server after it.
  void rotate_publisher();
  // A catalogue folder as an admin imports it, then a release. Gives the number of records.
  std::size_t import_and_publish(const std::filesystem::path& folder);
  // Hex hash of the picture, for a record's field.
  [[nodiscard]] std::string add_picture(const Bytes& bytes);

 private:
  template <typename T>
  static T need(Result<T> result) {
    if (!result) throw std::runtime_error("server: " + result.error().context);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }

  // Its keys are vouched for since then, so that a pointer of a month ago is dated within that.
  static constexpr std::chrono::days kKeysAge{60};

  kiosk::HttpAnswer at_desk(const kiosk::HttpRequest& request);
  kiosk::HttpAnswer answer_to(const kiosk::HttpRequest& request);
  kiosk::HttpAnswer for_device(const kiosk::HttpRequest& request, std::string_view path,
                               std::uint64_t argument);
  [[nodiscard]] std::vector<syncserver::Submission> submissions();
  [[nodiscard]] wire::SubmissionBody body_of(const syncserver::Submission& submission);

  void open_folder();
  void close_folder();
  // When the disk is dark, from what is left on it. False: it is not.
  bool open_after_death();
  // For the office: until the server does not die at it.
  template <typename Call>
  auto living(Call call) {
    for (;;) {
      try {
        return call();
      } catch (const std::runtime_error&) {
        if (!open_after_death()) throw;
      }
    }
  }

  TempFolder backups_;
  std::optional<syncserver::BackupPlaces> backup_;
  std::optional<syncserver::BackupPlaces> older_backup_;
  std::size_t backups_made_ = 0;
  std::unique_ptr<TempFolder> folder_ = std::make_unique<TempFolder>();
  ManualClock clock_;
  SeededRandom random_{4711};
  std::unique_ptr<syncserver::Store> store_;
  syncserver::ServerKeys keys_;
  syncserver::MediaFolder media_;
  std::unique_ptr<syncserver::KeyStore> record_keys_;
  std::unique_ptr<syncserver::Opener> opener_;
  std::unique_ptr<syncserver::Submissions> office_;
  std::unique_ptr<syncserver::KioskApi> api_;
  std::unique_ptr<syncserver::Publisher> publisher_;
  Front front_;
  std::function<void()> on_open_;
  PowerCutDisk* disk_ = nullptr;
  DiskDefects defects_;
  bool dead_ = false;
  bool loses_power_ = false;  // when it dies next
  Deaths deaths_;
  std::vector<syncserver::Medium> pictures_;
};

// `service` outlives it. Publishes releases of a district, four products and their pictures.
[[nodiscard]] SimServer as_server(ServiceServer& service, DiskDefects defects = {});

}  // namespace odop::test

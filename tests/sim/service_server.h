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
#include "tests/support/temp_folder.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
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
  [[nodiscard]] std::string add_kiosk();  // one-time code
  // Reference -> times it is stored; and what it says, opened with the server's key.
  [[nodiscard]] std::map<std::string, std::size_t> stored();
  [[nodiscard]] std::multimap<std::string, std::string> opened();

  [[nodiscard]] std::map<std::string, std::map<std::string, Bytes>> spoken();
  // Whether a submission is there with all of its recordings.
  [[nodiscard]] bool whole(const std::string& reference);

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
  // A catalogue folder as an admin imports it, then a release. Gives the number of records.
  std::size_t import_and_publish(const std::filesystem::path& folder);
  // Hex hash of the picture, for a record's field.
  [[nodiscard]] std::string add_picture(const Bytes& bytes);

 private:
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
  auto living(Call call);

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

// One history: what its seed makes visitors, programs, disks, networks and the server do, step by
// step, and what must be true in the end. Internal to the simulator; see histories.h.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "tests/sim/faulty_network.h"
#include "tests/sim/histories.h"
#include "tests/sim/power_cut_disk.h"
#include "tests/support/sync_kiosk.h"
#include "tests/support/temp_folder.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace odop::test {

class History {
 public:
  History(SimServer& server, const HistoryOptions& options);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  Outcome run();

 private:
  struct KeptByVisitor {
    std::size_t kiosk = 0;
    std::string answers{};
    std::map<std::string, Bytes> spoken{};  // by field
    std::string code{};                     // of the receipt
    std::string withdraws{};                // a reference
    bool wrong_code = false;                // of what it would withdraw
    wire::SealedAnswer answer{};            // the newest that the server knows; revision 0 = none
    wire::SealedAnswer backed_up{};         // the same, of the last backup
    wire::SealedAnswer backed_up_before{};  // and of the one before it
    std::set<Bytes> forgotten{};            // ciphertexts that a restored server lost
    bool answered_since = false;
    bool on_lost_medium = false;  // its kiosk's disk was put back to a day before it, or destroyed
    bool held = false;            // then: the server had it whole, and has not lost it since
    Sequence sequence{};
    std::uint64_t number = 0;  // of its kiosk then
    std::string token{};       // the same
    bool destroyed = false;    // its kiosk's disk
  };
  // A kiosk's disk as it once was, and which submissions it held.
  struct Image {
    PowerCutDisk::Folder journal;
    std::set<std::string> references;
  };
  // What a kiosk must never go below.
  struct Highest {
    std::uint64_t serial = 0;
    ReleaseNumber ready;
    std::uint64_t replays = 0;  // seen by its network when it was last looked at
  };

  // What happens (histories.cpp).
  void one_step();
  void one_whim();
  void submit(std::size_t at);
  void withdraw();
  void withdraw(std::size_t at, const std::string& reference, bool right);
  bool answer(const std::string& reference);
  void publish();
  void back_up();
  void restore();
  void restore_older();
  void forget_since_backup();
  void lose_a_backup();
  bool restore_when_all_is_calm();
  bool answer_what_was_forgotten();
  std::map<std::string, Bytes> speak(const std::string& text);
  void turn(std::size_t at);
  void start(std::size_t at);
  void power_back(std::size_t at);
  void send_on_a_bad_line();
  void heal();
  void settle();
  void set_network(bool faults, bool fading);
  [[nodiscard]] std::optional<std::vector<std::uint64_t>> held_when_drained() const;
  [[nodiscard]] WallTime right_time() const { return kBegun + clock_.mono(); }  // without jumps
  void trace(std::size_t at, const std::string& what);

  // What is rarer (hardships.cpp).
  void one_hardship();
  void overtake();
  void roll_back();
  void sign_with_a_known_key();
  void put_back_image(std::size_t at);
  void lose_medium(const std::string& reference, KeptByVisitor& kept);
  void lose_withdrawal(const KeptByVisitor& kept);
  void change_zone();
  void remember(std::size_t at, const kiosk::Kept& kept, KeptByVisitor value);
  void make_reserve(std::size_t at);
  // Mistakes on purpose.
  void prepare_mistakes(std::size_t at);
  void delete_pushed(std::size_t at, const kiosk::HttpRequest& request);
  void unseal(std::size_t at, const std::string& reference, const std::string& text);
  void forget_pointer(std::size_t at);

  // What is rarest (calamities.cpp).
  void one_calamity();
  void report_what_waits(std::size_t at);
  void destroy(std::size_t at);
  void end_server(bool power);
  void revive_server();
  bool spared(std::size_t at);
  void meet_newer_journal(std::size_t at);
  void meet_older_journal(std::size_t at);
  void speak_apart();
  // Copies of disks, and enrolment anew (copies.cpp).
  void plan_copy();
  void back_up_before_everyone();
  void one_copy(std::size_t step);
  void clone_disk(std::size_t at);
  void live_on(std::size_t at);
  bool lives_on_in_copy(const std::string& reference, KeptByVisitor& kept);
  [[nodiscard]] bool shares_sequences(std::size_t at) const;
  [[nodiscard]] bool was_told(std::size_t at) const;
  bool enrol_those_told(std::uint64_t of);
  void settle_and_enrol();
  void show_the_fork();
  [[nodiscard]] std::string device_of(std::size_t at) const;
  [[nodiscard]] std::string token_of(std::size_t at) const;
  void judge_copies(Outcome& outcome);
  void drop_former_life(std::size_t at);
  // The courier (courier.cpp).
  void one_errand(std::size_t at);
  void fill_stick(std::size_t at);
  void bring_stick(std::size_t at);
  kiosk::HttpAnswer deliver(std::size_t at, const kiosk::HttpRequest& request);
  std::unique_ptr<SyncKiosk> new_kiosk(std::size_t at, std::uint64_t seed);
  void drop_withdrawn(std::size_t at);

  // What must be true (history_judge.cpp).
  void look_at_release(std::size_t at);
  void look_into_release(std::size_t at);
  Outcome judge();
  void judge_one(Outcome& outcome, const std::string& reference, const KeptByVisitor& kept);
  void judge_office(Outcome& outcome);
  void find_given_twice();
  void judge_destroyed(Outcome& outcome);
  // Whether only a backup that is no more held it whole, and its kiosk says that nobody confirmed
  // it.
  [[nodiscard]] bool gone_with_backup(const std::string& reference) const;
  [[nodiscard]] bool listed_as_never_come(const std::string& reference) const;
  [[nodiscard]] bool holds(const std::filesystem::path& folder, const std::string& words) const;

  static constexpr WallTime kBegun{std::chrono::milliseconds{1'800'000'000'000}};

  SimServer& server_;
  HistoryOptions options_;
  // Streams of their own, so that what came later left the steps of a seed as they were.
  SeededRandom random_;
  SeededRandom whims_;
  SeededRandom hardships_;
  SeededRandom calamities_;
  SeededRandom losses_;
  SeededRandom copies_;
  SeededRandom lives_;
  ManualClock clock_{kBegun};
  PowerCutDisk disk_;  // outlives the kiosks
  std::vector<std::unique_ptr<FaultyNetwork>> networks_;
  std::vector<std::unique_ptr<SyncKiosk>> kiosks_;
  std::map<std::string, KeptByVisitor> kept_;  // by reference
  std::vector<std::string> order_;             // references of what was asked, oldest first
  std::set<std::string> withdrawn_;            // references, with the right code
  std::set<std::string> perhaps_withdrawn_;
  std::set<std::string> refused_;            // references that the server will not take
  std::set<std::string> given_twice_;        // references, by a kiosk whose disk was put back
  std::set<std::string> unkept_;             // contents of which a kiosk said nothing
  std::vector<std::string> told_early_;      // references
  std::vector<std::string> only_promised_;   // a receipt was shown, and nothing committed
  std::map<std::size_t, Image> images_;      // by kiosk
  std::set<std::size_t> put_back_;           // kiosks
  std::set<std::size_t> ever_put_back_;      // those that were destroyed since, too
  std::vector<Highest> highest_;             // by kiosk
  std::size_t destroyed_ = 0;                // disks
  std::optional<std::size_t> copy_at_step_;  // when a disk is copied
  std::optional<std::size_t> copy_;          // the kiosk that runs from a copy, and of which one
  std::size_t copy_of_ = 0;
  std::set<std::string> copied_;              // references that were on that disk
  std::set<std::size_t> of_one_disk_;         // kiosks
  std::map<std::size_t, std::string> codes_;  // last one-time code, by kiosk
  // How far kiosks said they had given out sequences, by token, as the server heard it.
  std::map<std::string, std::uint64_t> reported_;
  std::map<std::string, std::uint64_t> reported_backed_up_;
  std::map<std::string, std::uint64_t> reported_before_;  // in the backup before the last
  std::set<std::string> in_backup_;                       // references, whole
  std::set<std::string> in_backup_before_;
  std::set<std::string> only_in_lost_backup_;
  std::vector<int> kiosk_protocol_;  // by kiosk: -1, 0 or 1 beside that of this program
  int server_protocol_ = 0;
  std::vector<std::unique_ptr<TempFolder>> sticks_;
  std::map<std::string, std::size_t> stored_;
  std::multimap<std::string, std::string> opened_;
  std::map<std::string, std::map<std::string, Bytes>> spoken_;
  Outcome counted_;  // what is counted on the way
  std::size_t texts_ = 0;
  int version_ = 0;
  ReleaseNumber newest_;
  bool release_lost_ = false;
  bool no_other_backup_ = false;  // than the one before anybody enrolled
  bool rotated_ = false;          // the publisher's key
  bool key_in_backup_ = false;    // the new one; and in the backup before
  bool key_in_older_ = false;
  bool key_lost_ = false;  // a restored server does not have it
};

}  // namespace odop::test

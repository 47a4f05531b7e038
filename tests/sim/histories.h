// A history of several kiosks and one server in one process and virtual time: visitors submit,
// workers run, programs are killed and started, clocks move, networks misbehave; then the network
// heals and everything must have arrived once.
#pragma once

#include "kiosk/sync/transport.h"
#include "shared/core/bytes.h"
#include "shared/wire/messages.h"
#include "tests/sim/faulty_network.h"
#include "tests/sim/power_cut_disk.h"
#include "tests/support/loopback_transport.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace odop::test {

struct Deaths {
  std::size_t kills = 0;
  std::size_t power_cuts = 0;
};

// What a history needs of a server, whether fake or real.
struct SimServer {
  Handler handler;
  std::function<std::string()> add_kiosk;  // one-time code
  // Reference -> times it is stored.
  std::function<std::map<std::string, std::size_t>()> stored;
  // Reference -> answers JSON of each that is stored, as the server opened them.
  std::function<std::multimap<std::string, std::string>()> opened;
  // Reference -> what was spoken, by field, as the server opened it.
  std::function<std::map<std::string, std::map<std::string, Bytes>>()> spoken;
  // Whether a submission is there with all of its recordings.
  std::function<bool(const std::string& reference)> whole;
  // The office's day: withdrawals are looked at, what can be opened is. May be empty.
  std::function<void()> open;
  // Answers; what its kiosk must hold then, empty when it cannot be answered (any more).
  std::function<std::optional<wire::SealedAnswer>(const std::string& reference)> answer;
  std::function<bool(const std::string& reference)> withdrawn;
  std::function<std::uint64_t(int version)> publish;  // the release's number
  std::function<void()> back_up;                      // may be empty
  std::function<void()> restore;                      // may be empty
  // From the backup before the last, which is no more; false: there is none. May be empty.
  std::function<bool()> restore_older;
  bool forgets_releases = false;  // and keys, those after the backup, when restored
  // What follows may be empty.
  // Old content under a new number; empty when there is none.
  std::function<std::optional<std::uint64_t>(int version)> publish_again;
  std::function<void()> expire;                                 // the pointer's time is over
  std::function<void()> rotate_publisher;                       // and the old one's key is revoked
  std::function<bool(const std::string& reference)> refuse;     // for good; false: it is here
  std::function<void(const std::string& reference)> hold_back;  // until let_go
  std::function<void()> let_go;
  // Dies at the `operations`-th write from now on, in the middle of whatever it does, and answers
  // nobody until it is revived. `power`: what it had not synced may be lost, too.
  std::function<void(std::uint64_t operations, bool power)> die;
  bool has_power = false;  // that can be cut
  std::function<bool()> dead;
  std::function<void()> revive;
  std::function<Deaths()> deaths;
  // Where its databases are to lie; null when the history ends. May be empty.
  std::function<void(PowerCutDisk*)> lie_on;
  // A stick's folder; may be empty.
  std::function<void(const std::filesystem::path& place)> take_stick;
  std::function<void(const std::filesystem::path& place)> give_stick;
  // Kiosk number and sequence of what kiosks said they gave out and that never arrived.
  std::function<std::set<std::pair<std::uint64_t, std::uint64_t>>()> never_came;
  // What an enemy answers to a push; `believed`: as if the kiosk checked no signature.
  std::function<kiosk::HttpAnswer(const kiosk::HttpRequest& push, bool believed)> forge;
};

// A mistake that the kiosks of a history make, so that the check can prove itself.
struct KioskDefects {
  DiskDefects disk{};
  bool gives_up = false;              // after a failure nothing is tried again for years
  bool keeps_drafts = false;          // what a visitor wrote is put into the journal's settings
  bool deletes_on_200 = false;        // what was pushed goes when anybody answers 200
  bool believes_anybody = false;      // no signature is checked
  bool forgets_pointer = false;       // the serial that was accepted is not remembered
  bool skips_sealing = false;         // the journal holds what was said as it was said
  bool shows_before_commit = false;   // a receipt is shown, whatever the commit says
  bool deletes_on_timeout = false;    // what was pushed goes when nobody answers in time
  bool drops_withdrawn = false;       // what was withdrawn goes before a backup covers it
  bool begins_anew = false;           // a journal of a newer program is deleted
  bool drops_former_life = false;     // who enrols anew counts as arrived what the old name left
  bool forgets_former_token = false;  // who enrols anew cannot show what it was to a server
  bool trusts_courier = false;        // what goes on a stick counts as arrived
};

struct HistoryOptions {
  std::uint64_t seed = 1;
  std::size_t kiosks = 3;
  std::size_t steps = 60;
  // Enquiries alone, clocks that go right, and no strangers on the line: as histories were before
  // those came, so that a seed of then repeats what it found.
  bool plain = false;
  KioskDefects defects{};
  std::ostream* trace = nullptr;  // a line for each step
};

struct Outcome {
  std::size_t kiosks = 0;  // that took part
  std::size_t submitted = 0;
  std::size_t lost = 0;
  std::size_t duplicated = 0;
  std::size_t spoken = 0;          // of the submitted ones, with recordings
  std::size_t garbled = 0;         // arrived with other content, typed or spoken
  std::size_t early = 0;           // told as arrived while something of it was not there
  std::size_t withdrawals = 0;     // that were kept, with the right code
  std::size_t come_back = 0;       // withdrawn, and still shown by the server or held by a kiosk
  std::size_t answered = 0;        // submissions that the office answered
  std::size_t unanswered = 0;      // of those, the newest answer is not at the asker's kiosk
  std::size_t answered_again = 0;  // after a restore had lost an answer that a kiosk may hold
  std::size_t clock_jumps = 0;
  std::size_t not_told = 0;       // arrived, and its kiosk still says "kept"
  std::size_t other_release = 0;  // kiosks that do not show the newest release
  std::size_t went_back = 0;      // a kiosk took a lower pointer or release
  std::size_t not_whole = 0;      // a release counts as ready, and rows or media of it are bad
  std::size_t storms = 0;         // kiosks that called too often while calls failed
  std::size_t broken = 0;         // a kiosk or the server does not go on
  std::size_t readable = 0;       // visitors' words that lie in a kiosk's files as they were said
  std::size_t kills = 0;
  std::uint64_t power_cuts = 0;
  std::uint64_t disk_troubles = 0;      // EIO, short writes, full disks
  std::size_t put_back = 0;             // disks, to an image of an older day
  std::size_t gone_with_disk = 0;       // submissions that no medium holds any more since
  std::size_t restored_before_all = 0;  // servers, from a backup older than every enrolment
  std::size_t restored_older = 0;       // servers, from a backup that was not the last
  std::size_t gone_with_backup = 0;     // submissions that only the lost one held
  std::size_t zones = 0;                // changes of the time zone
  std::size_t expired = 0;
  std::size_t rolled_back = 0;
  std::size_t rotated = 0;  // publishers' keys
  std::size_t refused = 0;
  std::size_t held_back = 0;
  std::uint64_t killed_writing = 0;  // kiosks' programs, in the middle of a write
  Deaths server{};
  std::size_t destroyed = 0;        // kiosks' disks
  std::size_t listed = 0;           // submissions gone with one, in the list of what never arrived
  std::size_t unlisted = 0;         // those that were reported, and are not in the list
  std::size_t cloned = 0;           // disks from which two kiosks ran
  std::size_t enrolments_anew = 0;  // codes that the staff typed at a kiosk that was told to
  std::size_t still_forked =
      0;                      // kiosks that were told and did not, or share their name in the end
  std::size_t sticks_up = 0;  // filled at a kiosk; at the server; brought to a kiosk
  std::size_t sticks_down = 0;
  std::size_t sticks_taken = 0;
  std::size_t sticks_lost = 0;
  std::size_t sticks_copied = 0;
  std::size_t newer_schema = 0;  // a kiosk's journal, for a while
  std::size_t older_schema = 0;
  std::size_t newer_protocol = 0;  // a kiosk's or the server's, for a while
  std::size_t older_protocol = 0;
  FaultyNetwork::Counts network{};  // of all kiosks
  std::chrono::milliseconds passed{0};

  [[nodiscard]] std::uint64_t faults() const;  // of the network
  [[nodiscard]] bool clean() const {
    return lost + duplicated + garbled + early + come_back + unanswered + not_told + other_release +
               went_back + not_whole + storms + readable + unlisted + still_forked + broken ==
           0;
  }
  Outcome& operator+=(const Outcome& other);
};

[[nodiscard]] Outcome run_history(SimServer& server, const HistoryOptions& options);

// "seed=7 submitted=40 lost=0 duplicated=0 ..."
[[nodiscard]] std::string line_of(const HistoryOptions& options, const Outcome& outcome);

}  // namespace odop::test

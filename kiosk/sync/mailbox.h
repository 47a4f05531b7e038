// What the UI thread and the sync worker tell each other: values in two queues, nothing shared.
#pragma once

#include "shared/core/ids.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace odop::kiosk {

enum class Link : std::uint8_t {
  kUnknown,  // not tried yet
  kOnline,   // the last call was answered
  kOffline,  // no network, or no answer
  kCaptive,  // something answers that is not our server (a login page)
  kRefused,  // the server refuses this kiosk (revoked, token unknown), or the kiosk the server: its
             // certificate is not to be trusted
};

// ---- Worker to UI ----

// The whole state, posted when anything in it changes.
struct SyncState {
  bool enrolled = false;
  std::string kiosk_name;
  std::uint64_t kiosk_number = 0;
  std::string venue;     // venue id
  std::string district;  // district id
  Link link = Link::kUnknown;
  std::uint64_t queue = 0;  // submissions without a verdict
  std::int64_t oldest_unsent_ms = 0;
  std::uint64_t answers = 0;         // sealed answers that are held here
  std::uint64_t unconfirmed = 0;     // given up, and a restored server may have lost them
  std::int64_t last_contact_ms = 0;  // wall clock of the last answer; 0 = never
  std::int64_t clock_offset_ms = 0;  // server minus kiosk, at the last contact
  ReleaseNumber release;             // newest release that is ready here
  ReleaseNumber arriving;            // being fetched; 0 = none
  std::uint32_t progress_permille = 0;
  ReleaseNumber waiting;  // is on show, and wants a newer program than this one; 0 = none
  std::uint32_t waiting_program = 0;  // the program that it wants
  std::uint64_t free_bytes = 0;
  bool accepts_submissions = true;  // disk has room and is writable
  bool production = false;          // nobody may look inside (no --inspect)
  // The server saw two disks under this kiosk's name: enrol it anew with a new code.
  bool enrol_anew = false;
  bool code_refused = false;  // that code was no good; until another one is given
  std::string trouble;        // ErrorCode name of the last failure; empty = none

  friend bool operator==(const SyncState&, const SyncState&) = default;
};

// These references changed from kept to arrived.
struct Arrived {
  std::vector<std::string> references;
};

// Load the newest catalogue when no session is running. The same release again means that its
// take-downs or its expiry changed.
struct CatalogueReady {
  ReleaseNumber release;
};

// Answers of these references changed.
struct AnswersChanged {
  std::vector<std::string> references;
};

// Result of AskAnswer: look it up again when `found`.
struct AnswerAsked {
  std::string reference;
  bool found = false;
  bool reached = false;  // the server was asked; false = offline
};

using FromWorker = std::variant<SyncState, Arrived, CatalogueReady, AnswersChanged, AnswerAsked>;

// ---- UI to worker ----

// A submission was kept: send it now.
struct SubmissionKept {};

// Try the network now, whatever the back-off says (a person stands before the maintenance screen).
struct TryNow {};

// Enrol with this one-time code.
struct EnrolWith {
  std::string code;
};

// Ask the server for the sealed answer of this reference.
struct AskAnswer {
  std::string reference;
};

using ToWorker = std::variant<SubmissionKept, TryNow, EnrolWith, AskAnswer>;

// Threads: `send` and `drain` on the UI thread, `post`, `wait`, `take` and `pending` on the
// worker's; `close` and `open_again` anywhere.
class Mailbox {
 public:
  // `wake_ui` is called on the worker's thread after each post (glfwPostEmptyEvent); may be empty.
  explicit Mailbox(std::function<void()> wake_ui = {}) : wake_ui_(std::move(wake_ui)) {}

  void send(ToWorker value);
  [[nodiscard]] std::vector<FromWorker> drain();

  void post(FromWorker value);
  // Until something from the UI is there, `close` was called, or `longest` has passed.
  void wait(std::chrono::milliseconds longest);
  [[nodiscard]] std::vector<ToWorker> take();
  // Whether something from the UI waits: a long download pauses for it.
  [[nodiscard]] bool pending() const;
  void close();
  // For another worker; what the UI sent meanwhile is there.
  void open_again();
  [[nodiscard]] bool closed() const;

 private:
  std::function<void()> wake_ui_;
  mutable std::mutex mutex_;
  std::condition_variable to_worker_ready_;
  std::vector<ToWorker> to_worker_;
  std::vector<FromWorker> to_ui_;
  bool closed_ = false;
};

}  // namespace odop::kiosk

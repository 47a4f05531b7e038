// A kiosk without a window, for the sweep of failing system calls: journal, capture, sync session
// and HTTP as they ship, in virtual time, so that nothing waits.
//
//   odop-fault-kiosk FOLDER SERVER_URL CODE SUBMISSIONS
//
// Says "begin" when all is loaded, then "kept REFERENCE" for each receipt that a person would see,
// "refused REASON" for each that was not given, and "unsent N" at the end. Exit code: 0; 3 when
// the folder could not be opened.
#include "kiosk/capture/capture.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/http_transport.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/sync/worker.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace odop;
using namespace std::chrono_literals;

constexpr const char* kBoot = "018f0000-0000-4000-8000-00000000b007";

// At once and whole, or not at all: what did not come out was seen by nobody.
void say(const std::string& line) {
  const std::string text = line + "\n";
  (void)!::write(STDOUT_FILENO, text.data(), text.size());
}

int cannot(const Error& error) {
  say("cannot open: " + error.context);
  return 3;
}

// Until nothing is due before `span` has passed.
void run_for(kiosk::SyncSession& session, kiosk::Mailbox& mailbox, ManualClock& clock,
             std::chrono::milliseconds span) {
  const MonoTime end = clock.mono() + span;
  while (clock.mono() < end) {
    const auto idle = session.turn();
    static_cast<void>(mailbox.drain());
    clock.advance(std::clamp<std::chrono::milliseconds>(idle, 1ms, end - clock.mono()));
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) {
    say("odop-fault-kiosk FOLDER SERVER_URL CODE SUBMISSIONS");
    return 2;
  }
  const std::filesystem::path folder = words[1];
  const auto url = kiosk::parse_server_url(words[2]);
  if (!url) return cannot(url.error());
  const SystemClock wall;
  ManualClock clock{wall.wall()};
  SystemRandom random;
  say("begin");

  auto journal = kiosk::Journal::open(folder);
  if (!journal) return cannot(journal.error());
  kiosk::Capture capture(*journal, clock, random, kBoot);
  kiosk::HttpTransport transport(*url);
  kiosk::Mailbox mailbox;
  kiosk::WorkerConfig config;
  config.folder = folder;
  config.enrol_code = words[3];
  config.boot_id = kBoot;
  auto session = kiosk::SyncSession::open(std::move(config), transport, clock, random, mailbox);
  if (!session) return cannot(session.error());

  run_for(**session, mailbox, clock, 1s);
  for (long i = std::strtol(words[4], nullptr, 10); i > 0; --i) {
    kiosk::Draft draft;
    draft.form_id = "enquiry";
    draft.answers = R"({"name":"Sweep","mobile":"+919876543210","country":"IN","message":"hello"})";
    draft.language = "hi";
    const auto kept = capture.submit(draft);
    say(kept ? "kept " + kept->reference : "refused " + std::string(name_of(kept.error().code)));
    if (kept) mailbox.send(kiosk::SubmissionKept{});
    run_for(**session, mailbox, clock, 1min);
  }
  for (int i = 0; i < 10; ++i) {
    const auto queue = journal->queue();
    if (queue && queue->unsent() == 0) break;
    run_for(**session, mailbox, clock, 10min);
  }
  const auto queue = journal->queue();
  say("unsent " + (queue ? std::to_string(queue->unsent()) : std::string("unknown")));
  return 0;
}

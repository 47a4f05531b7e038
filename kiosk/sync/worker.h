// The sync worker: one thread that carries out what the engine decides, on its own journal and
// catalogue connections.
#pragma once

#include "kiosk/sync/engine.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/sync/transport.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace odop::kiosk {

struct WorkerConfig {
  std::filesystem::path folder;  // the kiosk's --data
  std::string enrol_code;        // --enrol; empty = none. Not used once enrolled
  std::string boot_id;           // UUID of this start of the machine (capture.h, read_boot_id)
  sync::EngineSettings settings;
  // Who vouches for a release on a kiosk that is not enrolled (a factory release). Never stored,
  // and not used once enrolled.
  std::optional<wire::EnrolAnswer> factory;
  const FileSystem* files = &system_files();  // of journal and catalogues; outlives the worker
};

// One kiosk's journal, store and engine, driven by hand: tests and the simulator call `turn`.
// Threads: one.
class SyncSession {
 public:
  // All must outlive it. Errors: those of Journal::open and CatalogueStore::open.
  [[nodiscard]] static Result<std::unique_ptr<SyncSession>> open(WorkerConfig config,
                                                                 Transport& transport,
                                                                 const Clock& clock, Random& random,
                                                                 Mailbox& mailbox);
  virtual ~SyncSession() = default;

  // Does what is due, and what the mailbox brings, until nothing is. Returns how long nothing will
  // be due.
  [[nodiscard]] virtual std::chrono::milliseconds turn() = 0;

  // The same, and judges receipts that a stick brought.
  [[nodiscard]] virtual std::chrono::milliseconds take(
      std::vector<wire::SignedDocument> receipts) = 0;
};

class SyncWorker {
 public:
  // All must outlive it.
  SyncWorker(WorkerConfig config, Transport& transport, const Clock& clock, Random& random,
             Mailbox& mailbox);
  SyncWorker(const SyncWorker&) = delete;
  SyncWorker& operator=(const SyncWorker&) = delete;
  ~SyncWorker();  // stops

  // Opens on the caller's thread, so that a damaged journal is known at once; then starts the
  // thread.
  [[nodiscard]] Status start();
  // Cancels the transport and joins.
  void stop();

 private:
  void run();

  WorkerConfig config_;
  Transport& transport_;
  const Clock& clock_;
  Random& random_;
  Mailbox& mailbox_;
  std::unique_ptr<SyncSession> session_;
  std::thread thread_;
};

}  // namespace odop::kiosk

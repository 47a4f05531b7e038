#include "syncserver/store/key_store.h"

#include "shared/core/bytes.h"
#include "syncserver/store/database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mutex>
#include <utility>

namespace odop::syncserver {

namespace {

class SqliteKeyStore final : public KeyStore {
 public:
  explicit SqliteKeyStore(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  Status put(std::span<const RecordKey> keys) override {
    return write([&](soci::session& sql) {
      std::string hash, secret;
      soci::statement insert =
          (sql.prepare << "INSERT INTO record_keys (hash, secret) VALUES (:h, :s) ON CONFLICT "
                          "(hash) DO NOTHING",
           soci::use(hash), soci::use(secret));
      for (const RecordKey& key : keys) {
        hash = key.hash;
        secret = to_base64(key.secret);
        insert.execute(true);
      }
    });
  }

  Result<std::optional<Bytes>> get(const std::string& hash) override {
    const std::lock_guard lock(mutex_);
    return guarded([&]() -> Result<std::optional<Bytes>> {
      std::string text;
      connection_->sql << "SELECT secret FROM record_keys WHERE hash = :h", soci::use(hash),
          soci::into(text);
      if (!connection_->sql.got_data()) return std::optional<Bytes>{};
      Bytes secret;
      if (!from_base64(text, secret)) return fail(ErrorCode::kCorrupt, "a record's key");
      return std::optional(std::move(secret));
    });
  }

  Status copy_to(const std::filesystem::path& target) override {
    const std::lock_guard lock(mutex_);
    return guarded([&] { return copy_sqlite(*connection_, target); });
  }

  Status destroy(const std::string& hash) override {
    Status gone = write([&](soci::session& sql) {
      sql << "DELETE FROM record_keys WHERE hash = :h", soci::use(hash);
    });
    if (!gone.has_value()) return gone;
    const std::lock_guard lock(mutex_);
    return guarded([&]() -> Status {
      connection_->truncate_log();
      return {};
    });
  }

 private:
  template <typename Work>
  Status write(const Work& work) {
    const std::lock_guard lock(mutex_);
    try {
      connection_->begin();
      work(connection_->sql);
      connection_->commit();
      return {};
    } catch (const soci::soci_error& error) {
      connection_->rollback();
      return fail(translate(error));
    }
  }

  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace

Result<std::unique_ptr<KeyStore>> open_key_store(const std::filesystem::path& file) {
  // Made here first, so that SQLite's files take its mode.
  const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made < 0) return fail(ErrorCode::kIo, file.string());
  ::close(made);
  return guarded([&]() -> Result<std::unique_ptr<KeyStore>> {
    auto connection = std::make_unique<Connection>(DatabaseAddress{file.string()});
    connection->settle_log();
    if (Status ready = connection->migrate(key_schema()); !ready.has_value()) {
      return fail(std::move(ready.error()));
    }
    return std::make_unique<SqliteKeyStore>(std::move(connection));
  });
}

}  // namespace odop::syncserver

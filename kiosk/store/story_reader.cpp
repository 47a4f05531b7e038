#include "kiosk/store/story_reader.h"

#include "kiosk/store/records.h"
#include "shared/crypto/digest.h"
#include "shared/wire/messages.h"

#include <string>
#include <system_error>

namespace odop::kiosk {

Result<StoryReader> StoryReader::open(const std::filesystem::path& catalogue_file) {
  std::error_code error;
  if (!std::filesystem::exists(catalogue_file, error)) {
    return fail(ErrorCode::kNotFound, catalogue_file.filename().string());
  }
  auto database = store::Connection::open(catalogue_file, store::OpenMode::kImmutable);
  if (!database) return fail(database.error());
  // Nothing is read twice, so SQLite's 2 MB of pages would only lie there.
  if (auto set = database->execute("PRAGMA cache_size=-128"); !set) return fail(set.error());
  auto row = database->prepare("SELECT json, hash FROM record WHERE type='product' AND id=?");
  if (!row) return fail(ErrorCode::kCorrupt, row.error().context);
  return StoryReader(std::move(*database), std::move(*row));
}

Result<Story> StoryReader::read(std::string_view product) {
  row_.reset();
  row_.bind(1, product);
  const auto found = row_.step();
  if (!found) return fail(found.error());
  if (!*found) return fail(ErrorCode::kNotFound, "product/" + std::string(product));
  const wire::Record record{"product", std::string(product), row_.text(0)};
  if (crypto::sha256(record.json) != row_.blob_view(1)) {
    return fail(ErrorCode::kCorrupt, "product/" + record.id);
  }
  auto story = story_of(record);
  if (!story) return fail(ErrorCode::kCorrupt, story.error().context);
  return story;
}

}  // namespace odop::kiosk

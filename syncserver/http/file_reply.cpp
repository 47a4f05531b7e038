#include "syncserver/http/file_reply.h"

#include "shared/core/sizes.h"
#include "syncserver/http/request_head.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace odop::syncserver::http {
namespace {

constexpr std::size_t kFilePiece = 256 * kKiB;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {}
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  [[nodiscard]] bool has_size(std::uint64_t size) const {
    struct stat info {};
    return fd_ >= 0 && fstat(fd_, &info) == 0 && S_ISREG(info.st_mode) &&
           static_cast<std::uint64_t>(info.st_size) == size;
  }
  [[nodiscard]] ssize_t read_at(char* out, std::size_t size, std::uint64_t offset) const {
    return pread(fd_, out, size, static_cast<off_t>(offset));
  }

 private:
  int fd_;
};

}  // namespace

void fill_file(const FileBody& file, const std::string& content_type, const httplib::Request& req,
               httplib::Response& res) {
  res.set_header("Accept-Ranges", "bytes");
  const std::string etag = '"' + file.etag + '"';
  res.set_header("ETag", etag);
  if (const auto known = req.get_header_value("If-None-Match"); known == etag || known == "*") {
    res.status = 304;
    return;
  }
  // Shared, because std::function demands that what it holds can be copied; one request uses it.
  const auto opened = std::make_shared<const OpenFile>(file.path.string());
  if (!opened->has_size(file.size)) {
    res.status = 404;
    return;
  }
  std::optional<ByteSpan> span = ByteSpan{0, file.size};
  if (req.has_header("Range") && req.method == "GET") {
    const auto if_range = req.get_header_value("If-Range");
    const auto wish = parse_range(req.get_header_value("Range"));
    if (wish && (if_range.empty() || if_range == etag)) {
      span = resolve_range(*wish, file.size);
      if (!span) {
        res.status = 416;
        res.set_header("Content-Range", "bytes */" + std::to_string(file.size));
        return;
      }
      res.status = 206;
      res.set_header("Content-Range", "bytes " + std::to_string(span->first) + '-' +
                                          std::to_string(span->first + span->count - 1) + '/' +
                                          std::to_string(file.size));
    }
  }
  if (span->count == 0) return;
  res.set_content_provider(
      static_cast<std::size_t>(span->count), content_type,
      [opened, first = span->first](std::size_t offset, std::size_t length,
                                    httplib::DataSink& sink) {
        std::vector<char> piece(std::min(length, kFilePiece));
        const auto got = opened->read_at(piece.data(), piece.size(), first + offset);
        return got > 0 && sink.write(piece.data(), static_cast<std::size_t>(got));
      });
}

}  // namespace odop::syncserver::http

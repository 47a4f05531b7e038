#include "syncserver/http/http_server.h"

#include "syncserver/http/connection.h"
#include "syncserver/http/listener.h"
#include "syncserver/http/request_head.h"

#include <fcntl.h>
#include <httplib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace odop::syncserver::http {
namespace {

using Time = std::chrono::steady_clock;

constexpr std::size_t kFilePiece = 256 * 1024;
constexpr const char* kForever = "public, max-age=31536000, immutable";

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

// Descriptors for the workers, the waiting connections and the database; the usual soft limit is
// 1,024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min<rlim_t>(16'384, limit.rlim_max);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);  // when refused, accept waits for free descriptors
}

}  // namespace

// cpp-httplib's Server without its listener: `process_request` is the part that is used.
class HttpServer::Impl final : private httplib::Server {
 public:
  Impl(http::Handler handler, HttpSettings settings)
      : handler_(std::move(handler)), settings_(std::move(settings)) {
    set_payload_max_length(settings_.max_body_bytes);
    set_keep_alive_max_count(settings_.max_requests_per_connection);
    set_keep_alive_timeout(
        std::chrono::duration_cast<std::chrono::seconds>(settings_.idle_patience).count());
    // What went wrong inside is nobody's business outside.
    set_exception_handler([](const httplib::Request&, httplib::Response& res,
                             const std::exception_ptr&) { res.status = 500; });
    // Before bodies are read; a GET has none, so it ends here and no pattern is ever matched.
    set_pre_routing_handler([this](const httplib::Request& req, httplib::Response& res) {
      if (req.method == "POST") return HandlerResponse::Unhandled;
      answer(req, res);
      return HandlerResponse::Handled;
    });
    Post(".*", [this](const httplib::Request& req, httplib::Response& res) { answer(req, res); });
  }

  ~Impl() override { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<std::uint16_t> start() {
    raise_descriptor_limit();
    auto port = listener_.open(settings_.host, settings_.port, settings_.behind_proxy);
    if (!port) return port;
    svr_sock_ = listener_.socket();  // cpp-httplib streams files only while it is set
    workers_.reserve(settings_.workers);
    for (std::size_t i = 0; i < settings_.workers; ++i) {
      workers_.emplace_back([this] { work(); });
    }
    acceptor_ = std::thread{[this] { accept_all(); }};
    return port;
  }

  void stop() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    listener_.wake();
    if (acceptor_.joinable()) acceptor_.join();
    listener_.close_socket();
    arrived_.notify_all();
    for (std::thread& worker : workers_) {
      if (worker.joinable()) worker.join();
    }
    for (const int socket : waiting_) close(socket);
    waiting_.clear();
  }

 private:
  void accept_all() {
    for (;;) {
      const int socket = listener_.accept_one();
      if (socket < 0) return;
      {
        const std::lock_guard lock{mutex_};
        if (!stopping_ && waiting_.size() < settings_.max_waiting) {
          waiting_.push_back(socket);
          waiting_count_ = waiting_.size();
          arrived_.notify_one();
          continue;
        }
      }
      close(socket);
    }
  }

  void work() {
    for (;;) {
      int socket = -1;
      {
        std::unique_lock lock{mutex_};
        arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        socket = waiting_.front();
        waiting_.pop_front();
        waiting_count_ = waiting_.size();
      }
      try {
        Connection connection{socket, settings_.write_patience};
        serve(connection);
      } catch (const std::exception&) {
        // Out of memory for one connection; it is closed, the worker goes on.
        note({{}, {}, 500, {}});
      }
    }
  }

  // Waits in slices, so that an idle connection gives way to a waiting one, and to the end.
  bool wait_for_request(Connection& connection) {
    constexpr std::chrono::milliseconds kSlice{50};
    const auto end = Time::now() + settings_.idle_patience;
    while (Time::now() < end) {
      if (connection.wait_readable(kSlice)) return true;
      if (stopping_ || waiting_count_ > 0) return false;
    }
    return false;
  }

  void serve(Connection& connection) {
    for (std::size_t served = 1; wait_for_request(connection); ++served) {
      const auto begun = Time::now();
      std::string_view bytes;
      const auto read = connection.read_head(begun + settings_.head_patience, kMaxHeadBytes, bytes);
      if (read == Connection::HeadResult::kClosed) return;
      RequestHead head;
      if (read == Connection::HeadResult::kTooSlow) head.refusal = 408;
      if (read == Connection::HeadResult::kTooLong) head.refusal = 431;
      if (read == Connection::HeadResult::kRead) {
        head = judge_head(bytes, settings_.max_body_bytes);
      }
      if (head.refusal != 0) return refuse(connection, head.refusal);

      const bool last = !head.keep_alive || served >= settings_.max_requests_per_connection ||
                        stopping_ || waiting_count_ > 0;
      connection.begin_request(bytes.size() + head.content_length, begun + settings_.body_patience);
      bool closed = false;
      const bool good =
          process_request(connection, last, closed, [&head](httplib::Request& request) {
            // Ranges are resolved here: cpp-httplib's own arithmetic trusts them.
            request.ranges.clear();
            // gzip or nothing; brotli at its best level would cost seconds.
            request.headers.erase("Accept-Encoding");
            if (head.accepts_gzip) request.headers.emplace("Accept-Encoding", "gzip");
          });
      if (!connection.flush() || !good) return;
      if (last || closed || !connection.request_read()) return connection.end_politely();
    }
  }

  void refuse(Connection& connection, int status) {
    const std::string text = "HTTP/1.1 " + std::to_string(status) +
                             " Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    connection.write(text.data(), text.size());
    note({{}, {}, status, {}});
    if (connection.flush()) connection.end_politely();
  }

  void answer(const httplib::Request& req, httplib::Response& res) {
    const auto begun = Time::now();
    const std::string authorization = req.get_header_value("Authorization");
    const std::string_view target = req.target;
    const auto mark = target.find('?');
    Call call;
    call.method = req.method;
    call.path = target.substr(0, mark);
    call.query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    call.token = bearer_token(authorization);
    call.body = req.body;

    Reply reply;
    try {
      reply = handler_(call);
    } catch (const std::exception&) {
      reply = Reply{};
      reply.status = 500;
    }
    res.status = reply.status;
    res.set_header("Cache-Control", reply.immutable ? kForever : "no-store");
    res.set_header("X-Content-Type-Options", "nosniff");
    if (reply.retry_after_s) {
      res.set_header("Retry-After", std::to_string(*reply.retry_after_s));
    }
    if (reply.file) {
      fill_file(*reply.file, reply.content_type, req, res);
    } else if (!reply.body.empty()) {
      res.body = std::move(reply.body);
      res.set_header("Content-Type", reply.content_type);
    }
    note({req.method, std::string{call.path}, res.status,
          std::chrono::duration_cast<std::chrono::microseconds>(Time::now() - begun)});
  }

  void note(const Access& access) const {
    if (settings_.log) settings_.log(access);
  }

  http::Handler handler_;
  HttpSettings settings_;
  Listener listener_;
  std::thread acceptor_;
  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<int> waiting_;
  std::atomic<std::size_t> waiting_count_ = 0;
  std::atomic<bool> stopping_ = false;
};

HttpServer::HttpServer(Handler handler, HttpSettings settings)
    : impl_(std::make_unique<Impl>(std::move(handler), std::move(settings))) {}
HttpServer::~HttpServer() = default;

Result<std::uint16_t> HttpServer::start() { return impl_->start(); }
void HttpServer::stop() { impl_->stop(); }

}  // namespace odop::syncserver::http

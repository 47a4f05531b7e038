#include "syncserver/http/http_server.h"

#include "syncserver/http/connection.h"
#include "syncserver/http/file_reply.h"
#include "syncserver/http/listener.h"
#include "syncserver/http/poller.h"
#include "syncserver/http/request_head.h"

#include <httplib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace odop::syncserver::http {
namespace {

using Time = std::chrono::steady_clock;

constexpr const char* kForever = "public, max-age=31536000, immutable";

// Digits may be somebody's reference number; hashes and release numbers are no loss to a log.
std::string loggable(std::string_view path) {
  std::string text{path};
  std::size_t begin = std::min(text.find('/', 1), text.size());  // the first is the version
  while (begin < text.size()) {
    std::size_t end = std::min(text.find('/', begin + 1), text.size());
    if (text.find_first_of("0123456789", begin + 1) < end) {
      text.replace(begin + 1, end - begin - 1, "*");
      end = begin + 2;
    }
    begin = end;
  }
  return text;
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
      if (req.method == "POST" || req.method == "PUT") return HandlerResponse::Unhandled;
      answer(req, res);
      return HandlerResponse::Handled;
    });
    const auto with_body = [this](const httplib::Request& req, httplib::Response& res) {
      answer(req, res);
    };
    Post(".*", with_body);
    Put(".*", with_body);
  }

  ~Impl() override { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<std::uint16_t> start() {
    raise_descriptor_limit();
    if (!poller_.usable()) return fail(ErrorCode::kIo, "epoll");
    auto port = listener_.open(settings_.host, settings_.port, settings_.behind_proxy);
    if (!port) return port;
    if (!poller_.watch(listener_.socket())) return fail(ErrorCode::kIo, "epoll");
    svr_sock_ = listener_.socket();  // cpp-httplib streams files only while it is set
    workers_.reserve(settings_.workers);
    for (std::size_t i = 0; i < settings_.workers; ++i) {
      workers_.emplace_back([this] { work(); });
    }
    watcher_ = std::thread{[this] { watch(); }};
    return port;
  }

  void stop() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    poller_.wake();
    if (watcher_.joinable()) watcher_.join();
    listener_.close_socket();
    arrived_.notify_all();
    for (std::thread& worker : workers_) {
      if (worker.joinable()) worker.join();
    }
    ready_.clear();
    parked_.clear();
  }

 private:
  // A connection is parked (watched by the poller), ready (waits for a worker), or a worker's own.
  struct Client {
    Client(int socket, std::chrono::milliseconds patience) : connection(socket, patience) {}
    Connection connection;
    std::size_t served = 0;
    Time::time_point parked_at{};
  };

  // The watcher's thread: accepts, wakes workers for parked connections that have a request, and
  // ends those that were silent for too long.
  void watch() {
    std::vector<int> readable;
    auto swept = Time::now();
    while (!stopping_) {
      poller_.wait(std::chrono::milliseconds{500}, readable);
      for (const int socket : readable) {
        if (socket == listener_.socket()) {
          accept_all();
        } else {
          const std::lock_guard lock{mutex_};
          if (auto node = parked_.extract(socket); !node.empty()) {
            ready_.push_back(std::move(node.mapped()));
            ready_count_ = ready_.size();
            arrived_.notify_one();
          }
        }
      }
      if (Time::now() - swept > std::chrono::milliseconds{500}) {
        swept = Time::now();
        const std::lock_guard lock{mutex_};
        std::erase_if(parked_, [&](const auto& entry) {
          return swept - entry.second->parked_at > settings_.idle_patience;
        });
      }
    }
  }

  void accept_all() {
    const auto openings = listener_.openings();
    for (int socket = 0; (socket = listener_.accept_one()) >= 0;) {
      auto client = std::make_unique<Client>(socket, settings_.write_patience);
      bool room = false;
      {
        const std::lock_guard lock{mutex_};
        room = parked_.size() + ready_.size() < settings_.max_connections;
      }
      if (room) park(std::move(client));
    }
    while (listener_.openings() != openings && !stopping_) {  // it broke, and was opened anew
      svr_sock_ = listener_.socket();
      if (listener_.socket() >= 0 && poller_.watch(listener_.socket())) break;
      static_cast<void>(listener_.accept_one());  // tries again
    }
  }

  void park(std::unique_ptr<Client> client) {
    const int socket = client->connection.socket();
    client->parked_at = Time::now();
    const std::lock_guard lock{mutex_};
    parked_[socket] = std::move(client);
    if (!poller_.watch_once(socket)) parked_.erase(socket);
  }

  void work() {
    for (;;) {
      std::unique_ptr<Client> client;
      {
        std::unique_lock lock{mutex_};
        ++idle_;
        arrived_.wait(lock, [this] { return stopping_ || !ready_.empty(); });
        --idle_;
        if (stopping_) return;
        client = std::move(ready_.front());
        ready_.pop_front();
        ready_count_ = ready_.size();
      }
      try {
        if (serve(*client)) park(std::move(client));
      } catch (const std::exception&) {
        // Out of memory for one connection; it is closed, the worker goes on.
        note({{}, {}, 500, {}});
      }
    }
  }

  // One request after the other while they come at once. True: the connection is silent now and may
  // be parked. A busy client's next request comes within microseconds, of a busy machine within
  // milliseconds; the linger saves it the way through the poller, and is short when few workers are
  // left for others.
  bool serve(Client& client) {
    constexpr std::chrono::milliseconds kShortLinger{2};
    constexpr std::chrono::milliseconds kLongLinger{20};
    while (serve_one(client)) {
      if (stopping_) return false;
      const bool spare = idle_ * 4 >= settings_.workers;
      auto linger = spare ? kLongLinger : kShortLinger;
      if (ready_count_ > 0) linger = std::chrono::milliseconds{0};
      if (!client.connection.wait_readable(linger)) {
        return true;
      }
    }
    return false;
  }

  // True: the connection can take another request.
  bool serve_one(Client& client) {
    Connection& connection = client.connection;
    const auto begun = Time::now();
    std::string_view bytes;
    RequestHead head;
    switch (connection.read_head(begun + settings_.head_patience, kMaxHeadBytes, bytes)) {
      case Connection::HeadResult::kClosed:
        return false;
      case Connection::HeadResult::kTooSlow:
        head.refusal = 408;
        break;
      case Connection::HeadResult::kTooLong:
        head.refusal = 431;
        break;
      case Connection::HeadResult::kRead:
        head = judge_head(bytes, settings_.max_body_bytes);
    }
    if (head.refusal != 0) {
      refuse(connection, head.refusal);
      return false;
    }
    const bool last =
        !head.keep_alive || stopping_ || ++client.served >= settings_.max_requests_per_connection;
    connection.begin_request(bytes.size() + head.content_length, begun + settings_.body_patience);
    bool closed = false;
    const bool good = process_request(connection, last, closed, [&head](httplib::Request& request) {
      // Else the body is copied each time that its string doubles.
      request.body.reserve(head.content_length);
      // Ranges are resolved here: cpp-httplib's own arithmetic trusts them.
      request.ranges.clear();
      // gzip or nothing; brotli at its best level would cost seconds.
      request.headers.erase("Accept-Encoding");
      if (head.accepts_gzip) request.headers.emplace("Accept-Encoding", "gzip");
    });
    if (!connection.flush() || !good) return false;
    if (last || closed || !connection.request_read()) {
      connection.end_politely();
      return false;
    }
    return true;
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
    note({req.method, loggable(call.path), res.status,
          std::chrono::duration_cast<std::chrono::microseconds>(Time::now() - begun)});
  }

  void note(const Access& access) const {
    if (settings_.log) settings_.log(access);
  }

  http::Handler handler_;
  HttpSettings settings_;
  Listener listener_;
  Poller poller_;
  std::thread watcher_;
  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::unordered_map<int, std::unique_ptr<Client>> parked_;  // by socket
  std::deque<std::unique_ptr<Client>> ready_;
  std::atomic<std::size_t> ready_count_ = 0;
  std::atomic<std::size_t> idle_ = 0;  // workers that wait for a connection
  std::atomic<bool> stopping_ = false;
};

HttpServer::HttpServer(Handler handler, HttpSettings settings)
    : impl_(std::make_unique<Impl>(std::move(handler), std::move(settings))) {}
HttpServer::~HttpServer() = default;

Result<std::uint16_t> HttpServer::start() { return impl_->start(); }
void HttpServer::stop() { impl_->stop(); }

}  // namespace odop::syncserver::http

#include "kiosk/sync/http_transport.h"

#include "kiosk/sync/bounded_stream.h"

#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace odop::kiosk {
namespace {

using Time = std::chrono::steady_clock;

constexpr std::chrono::seconds kConnectPatience{5};
constexpr std::chrono::minutes kAnyPatience{60};  // the deadline of the call is what counts

// Without TLS the stream is ours, so deadline and bounds are exact.
class PlainClient final : public httplib::ClientImpl {
 public:
  PlainClient(const std::string& host, int port, CallBounds& bounds,
              const std::atomic<bool>& cancelled)
      : ClientImpl(host, port), bounds_(bounds), cancelled_(cancelled) {}

 private:
  bool process_socket(const Socket& socket,
                      std::function<bool(httplib::Stream&)> callback) override {
    BoundedStream stream{socket.sock, bounds_, cancelled_};
    return callback(stream);
  }

  CallBounds& bounds_;
  const std::atomic<bool>& cancelled_;
};

// With TLS the stream is cpp-httplib's, whose patience begins anew with each byte: a thread stops
// the connection when the call's time is over.
class Watchdog {
 public:
  explicit Watchdog(std::function<void()> bite)
      : bite_(std::move(bite)), thread_([this] { run(); }) {}
  ~Watchdog() {
    {
      const std::lock_guard lock{mutex_};
      ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  void start(Time::time_point deadline) {
    const std::lock_guard lock{mutex_};
    deadline_ = deadline;
    bitten_ = false;
    changed_.notify_all();
  }
  // Whether the time was over.
  bool finish() {
    const std::lock_guard lock{mutex_};
    deadline_.reset();
    return bitten_;
  }

 private:
  void run() {
    std::unique_lock lock{mutex_};
    while (!ending_) {
      if (!deadline_) {
        changed_.wait(lock);
      } else if (const auto deadline = *deadline_; Time::now() < deadline) {
        changed_.wait_until(lock, deadline);
      } else {
        deadline_.reset();
        bitten_ = true;
        bite_();
      }
    }
  }

  std::function<void()> bite_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Time::time_point> deadline_;
  bool bitten_ = false;
  bool ending_ = false;
  std::thread thread_;
};

// "bytes 100-199/1000" answers the wish for 100 bytes from 100 (or fewer, at the end of the file).
bool fits_range(const std::string& content_range, const ByteRange& wish) {
  constexpr std::string_view kUnit = "bytes ";
  std::string_view rest = content_range;
  if (!rest.starts_with(kUnit)) return false;
  rest.remove_prefix(kUnit.size());
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  auto read = std::from_chars(rest.data(), rest.data() + rest.size(), first);
  if (read.ec != std::errc{} || read.ptr == rest.data() + rest.size() || *read.ptr != '-') {
    return false;
  }
  read = std::from_chars(read.ptr + 1, rest.data() + rest.size(), last);
  return read.ec == std::errc{} && first == wish.first && last >= first &&
         last - first < wish.count;
}

std::optional<std::uint32_t> retry_after(const httplib::Response& response) {
  const std::string text = response.get_header_value("Retry-After");
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return seconds;
}

// The socket of the running call. Shutting it down ends a connection that is being made, a TLS
// handshake and a transfer alike; cpp-httplib's own `stop` waits for the first two.
class LiveSocket {
 public:
  void opened(int socket) {
    const std::lock_guard lock{mutex_};
    socket_ = socket;
  }
  void closed() {
    const std::lock_guard lock{mutex_};
    socket_ = -1;
  }
  // A call begins or ends; outside of calls nothing is shut down.
  void use(bool in_use) {
    const std::lock_guard lock{mutex_};
    in_use_ = in_use;
  }
  void shut() {
    const std::lock_guard lock{mutex_};
    if (in_use_ && socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }

 private:
  std::mutex mutex_;
  int socket_ = -1;
  bool in_use_ = false;
};

// One call from its request to its answer.
class Exchange {
 public:
  Exchange(const HttpRequest& wish, BodySink* sink) : wish_(wish), sink_(sink) {}

  httplib::Request request() {
    httplib::Request request;
    request.method = wish_.method;
    request.path = wish_.path;
    request.body = wish_.body;
    request.set_header("User-Agent", "odop-kiosk");
    request.set_header("Accept-Encoding", sink_ == nullptr ? "gzip" : "identity");
    if (!wish_.content_type.empty()) request.set_header("Content-Type", wish_.content_type);
    if (!wish_.token.empty()) request.set_header("Authorization", "Bearer " + wish_.token);
    if (wish_.range) {
      request.set_header("Range", "bytes=" + std::to_string(wish_.range->first) + '-' +
                                      std::to_string(wish_.range->first + wish_.range->count - 1));
    }
    request.response_handler = [this](const httplib::Response& response) {
      return begin(response);
    };
    request.content_receiver = [this](const char* data, std::size_t size, std::uint64_t /*offset*/,
                                      std::uint64_t /*total*/) {
      return take({data, size});
    };
    return request;
  }

  std::function<void()> on_head;  // called once the head has been read

  // Our own reason for a call that did not end well.
  std::optional<Error> refusal;
  bool stopped_by_sink = false;
  HttpAnswer answer;

 private:
  bool begin(const httplib::Response& response) {
    if (on_head) on_head();
    answer.status = response.status;
    answer.content_type = response.get_header_value("Content-Type");
    answer.retry_after_s = retry_after(response);
    const bool partial = response.status == 206;
    if (wish_.range &&
        (response.status == 200 ||
         (partial && !fits_range(response.get_header_value("Content-Range"), *wish_.range)))) {
      refusal = Error{ErrorCode::kMalformed, "another range than asked for"};
      return false;
    }
    to_sink_ = sink_ != nullptr && (partial || (response.status == 200 && !wish_.range));
    return true;
  }

  bool take(BytesView bytes) {
    if (bytes.size() > wish_.max_answer_bytes - taken_) {
      refusal = Error{ErrorCode::kTooLarge, "answer above its bound"};
      return false;
    }
    taken_ += bytes.size();
    if (!to_sink_) {
      answer.body.append(bytes);
      return true;
    }
    stopped_by_sink = !sink_->write(bytes);
    return !stopped_by_sink;
  }

  const HttpRequest& wish_;
  BodySink* sink_;
  std::size_t taken_ = 0;
  bool to_sink_ = false;
};

}  // namespace

Result<ServerUrl> parse_server_url(std::string_view url) {
  const auto refuse = [] {
    return fail(ErrorCode::kInvalidArgument, "server address is not http[s]://HOST[:PORT]");
  };
  ServerUrl server;
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kTls = "https://";
  if (url.starts_with(kTls)) {
    server.tls = true;
    url.remove_prefix(kTls.size());
  } else if (url.starts_with(kPlain)) {
    url.remove_prefix(kPlain.size());
  } else {
    return refuse();
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  server.port = server.tls ? 443 : 80;
  std::string_view port;
  if (url.starts_with('[')) {
    const auto end = url.find(']');
    if (end == std::string_view::npos) return refuse();
    server.host = url.substr(1, end - 1);
    port = url.substr(end + 1);
  } else {
    const auto colon = url.find(':');
    server.host = url.substr(0, colon);
    if (colon != std::string_view::npos) port = url.substr(colon);
  }
  if (!port.empty()) {
    const auto* const end = port.data() + port.size();
    const auto read = std::from_chars(port.data() + 1, end, server.port);
    if (port.front() != ':' || read.ec != std::errc{} || read.ptr != end || server.port == 0) {
      return refuse();
    }
  }
  const bool clean = std::all_of(server.host.begin(), server.host.end(), [](char c) {
    return c > ' ' && c < 127 && std::string_view{"/@?#[]%\\"}.find(c) == std::string_view::npos;
  });
  if (server.host.empty() || !clean) return refuse();
  return server;
}

class HttpTransport::Impl {
 public:
  Impl(const ServerUrl& server, const std::string& ca_file, NameLookup lookup)
      : host_(server.host), addresses_(server.host, std::move(lookup)) {
    if (server.tls) {
      // OpenSSL writes to sockets without MSG_NOSIGNAL.
      static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
      auto client = std::make_unique<httplib::SSLClient>(server.host, server.port);
      client->enable_server_certificate_verification(true);
      if (!ca_file.empty()) client->set_ca_cert_path(ca_file.c_str());
      client_ = std::move(client);
      watchdog_.emplace([this] { socket_.shut(); });
    } else {
      client_ = std::make_unique<PlainClient>(server.host, server.port, bounds_, cancelled_);
    }
    client_->set_keep_alive(true);
    client_->set_tcp_nodelay(true);
    client_->set_follow_location(false);
    client_->set_connection_timeout(kConnectPatience);
    client_->set_socket_options([this](socket_t socket) { socket_.opened(socket); });
  }

  Result<HttpAnswer> send(const HttpRequest& wish, BodySink* sink) {
    if (cancelled_) return fail(ErrorCode::kOffline, "cancelled");
    bounds_ = CallBounds{};
    bounds_.deadline = Time::now() + wish.deadline;
    const auto addresses =
        addresses_.get(std::min(bounds_.deadline, Time::now() + kConnectPatience));
    if (!addresses) return fail(addresses.error());
    client_->set_read_timeout(watchdog_ ? wish.deadline : kAnyPatience);
    client_->set_write_timeout(watchdog_ ? wish.deadline : kAnyPatience);

    Exchange exchange{wish, sink};
    exchange.on_head = [this] { bounds_.head_read = true; };
    httplib::Response response;
    httplib::Error error = httplib::Error::Success;
    bool good = false;
    socket_.use(true);
    if (watchdog_) watchdog_->start(bounds_.deadline);
    for (const std::string& address : *addresses) {
      client_->set_hostname_addr_map({{host_, address}});
      httplib::Request request = exchange.request();
      response = {};
      good = !cancelled_ && client_->send(request, response, error);
      // Only what never reached a server is tried at the next address.
      const bool nobody =
          error == httplib::Error::Connection || error == httplib::Error::ConnectionTimeout;
      if (good || !nobody || cancelled_ || Time::now() >= bounds_.deadline) break;
    }
    if (watchdog_ && watchdog_->finish()) bounds_.timed_out = true;
    socket_.use(false);

    if (!exchange.refusal && (good || exchange.stopped_by_sink)) {
      if (client_->is_socket_open() == 0) socket_.closed();
      if (good && exchange.answer.status == 0) {  // statuses without a body skip the handler
        exchange.answer.status = response.status;
        exchange.answer.retry_after_s = retry_after(response);
      }
      return std::move(exchange.answer);
    }
    client_->stop();  // what is left on the connection is of no use
    socket_.closed();
    addresses_.forget();
    if (exchange.refusal) return fail(std::move(*exchange.refusal));
    return fail(reason(error));
  }

  void cancel() {
    cancelled_ = true;
    addresses_.cancel();
    socket_.shut();
  }

 private:
  [[nodiscard]] Error reason(httplib::Error error) const {
    if (cancelled_) return {ErrorCode::kOffline, "cancelled"};
    if (error == httplib::Error::SSLServerVerification ||
        error == httplib::Error::SSLLoadingCerts) {
      return {ErrorCode::kForbidden, "the server's certificate is not to be trusted"};
    }
    if (bounds_.timed_out || error == httplib::Error::ConnectionTimeout) {
      return {ErrorCode::kTimeout, "no answer in time"};
    }
    const bool strange = bounds_.any_bytes && !bounds_.head_read && !bounds_.ended;
    if (bounds_.not_http || strange) return {ErrorCode::kMalformed, "answer is not HTTP"};
    return {ErrorCode::kOffline, httplib::to_string(error)};
  }

  std::string host_;
  Addresses addresses_;
  CallBounds bounds_;
  std::atomic<bool> cancelled_ = false;
  LiveSocket socket_;
  std::unique_ptr<httplib::ClientImpl> client_;
  std::optional<Watchdog> watchdog_;  // with TLS
};

HttpTransport::HttpTransport(const ServerUrl& server, const std::string& ca_file, NameLookup lookup)
    : impl_(std::make_unique<Impl>(server, ca_file, std::move(lookup))) {}
HttpTransport::~HttpTransport() = default;

Result<HttpAnswer> HttpTransport::send(const HttpRequest& request, BodySink* sink) {
  try {
    return impl_->send(request, sink);
  } catch (const std::exception& e) {
    return fail(ErrorCode::kInternal, e.what());
  }
}

void HttpTransport::cancel() { impl_->cancel(); }

}  // namespace odop::kiosk

#include "kiosk/sync/name_lookup.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace odop::kiosk {
namespace {

// More are not tried: each may cost the patience of a connection.
constexpr std::size_t kMostAddresses = 4;

bool is_address(const std::string& host) {
  in6_addr room{};
  return inet_pton(AF_INET, host.c_str(), &room) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &room) == 1;
}

}  // namespace

std::vector<std::string> system_lookup(const std::string& host) {
  addrinfo wish{};
  wish.ai_family = AF_UNSPEC;
  wish.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &wish, &found) != 0) return {};
  std::vector<std::string> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
      continue;
    }
    std::string address = text.data();
    const bool known = std::ranges::find(addresses, address) != addresses.end();
    if (!known && addresses.size() < kMostAddresses) addresses.push_back(std::move(address));
  }
  freeaddrinfo(found);
  return addresses;
}

struct Addresses::Search {
  std::mutex mutex;
  std::condition_variable changed;
  bool running = false;
  bool cancelled = false;
  std::optional<std::vector<std::string>> found;
};

Addresses::Addresses(std::string host, NameLookup lookup)
    : host_(std::move(host)), lookup_(std::move(lookup)), search_(std::make_shared<Search>()) {}

Result<std::vector<std::string>> Addresses::get(std::chrono::steady_clock::time_point deadline) {
  if (is_address(host_)) return std::vector{host_};
  if (fresh_) return known_;
  std::unique_lock lock{search_->mutex};
  if (!search_->running && !search_->cancelled) {
    search_->running = true;
    search_->found.reset();
    try {
      std::thread([search = search_, lookup = lookup_, host = host_] {
        std::vector<std::string> found;
        try {
          found = lookup(host);
        } catch (const std::exception&) {
          found.clear();  // no memory: as if there were no such name
        }
        const std::lock_guard guard{search->mutex};
        search->found = std::move(found);
        search->running = false;
        search->changed.notify_all();
      }).detach();
    } catch (const std::system_error&) {
      search_->running = false;
      return fail(ErrorCode::kOffline, "no thread to look up the server's name");
    }
  }
  search_->changed.wait_until(lock, deadline,
                              [this] { return search_->cancelled || search_->found.has_value(); });
  if (search_->cancelled) return fail(ErrorCode::kOffline, "cancelled");
  if (search_->found && !search_->found->empty()) {
    known_ = *search_->found;
    fresh_ = true;
  }
  const bool late = !search_->found;
  if (!late) search_->found.reset();
  if (!known_.empty()) return known_;
  return late ? fail(ErrorCode::kTimeout, "looking up the server's name takes too long")
              : fail(ErrorCode::kOffline, "the server's name is not known");
}

void Addresses::cancel() {
  const std::lock_guard guard{search_->mutex};
  search_->cancelled = true;
  search_->changed.notify_all();
}

}  // namespace odop::kiosk

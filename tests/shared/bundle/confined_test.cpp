// What the confined reader may not do, tried one by one: the kernel kills it.
#include "shared/bundle/confined.h"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

using namespace odop;
using namespace odop::bundle;
using namespace std::chrono_literals;

namespace {

// Runs `work` on a file "hello"; "" when it came to its end.
template <typename Work>
std::string outcome(const Work& work) {
  char name[] = "/tmp/odop-confined-XXXXXX";
  const int file = ::mkstemp(name);
  ::unlink(name);
  REQUIRE(::write(file, "hello", 5) == 5);
  auto child = Confined::start(file, work);
  REQUIRE(child.has_value());
  std::string said;
  while (true) {
    auto frame = child->next(5s);
    if (!frame) {
      said += frame.error().context;
      break;
    }
    if (!*frame) break;
    said += (*frame)->bytes;
  }
  ::close(file);
  return said;
}

const std::string kKilled = "the bundle's reader was stopped by signal " + std::to_string(SIGSYS);

}  // namespace

TEST_CASE("the confined reader reads its file and answers", "[bundle][confined]") {
  CHECK(outcome([](const ConfinedEnd& end) {
          char bytes[5] = {};
          if (!end.read_at(0, bytes, sizeof bytes)) return;
          // Memory it may take, in amounts that malloc maps.
          Bytes large(4'000'000, 'm');
          if (large.size() != 4'000'000) return;
          static_cast<void>(end.send(1, BytesView(bytes, sizeof bytes)));
        }) == "hello");
}

TEST_CASE("a forbidden call kills the confined reader", "[bundle][confined]") {
  struct Forbidden {
    const char* what;
    void (*call)();
  };
  const Forbidden forbidden[] = {
      {"open a file", [] { (void)::open("/etc/passwd", O_RDONLY); }},
      {"make a file", [] { (void)::open("/tmp/odop-escaped", O_CREAT | O_WRONLY, 0600); }},
      {"reach the network", [] { (void)::socket(AF_INET, SOCK_STREAM, 0); }},
      {"make a socket pair",
       [] {
         int ends[2];
         (void)::socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
       }},
      {"start a process", [] { (void)::syscall(SYS_fork); }},
      {"start a thread", [] { (void)::syscall(SYS_clone, 0, nullptr, nullptr, nullptr, nullptr); }},
      {"execute", [] { (void)::execl("/bin/true", "true", nullptr); }},
      {"signal its parent", [] { (void)::kill(::getppid(), 0); }},
      {"trace", [] { (void)::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
      {"remove a file", [] { (void)::unlink("/tmp/odop-escaped"); }},
      {"rename a file", [] { (void)::rename("/tmp/a", "/tmp/b"); }},
      {"list a folder", [] { (void)::syscall(SYS_getdents64, 3, nullptr, 0); }},
      {"look at a file", [] { (void)::syscall(SYS_newfstatat, -100, "/", nullptr, 0); }},
      {"write to the stick", [] { (void)!::pwrite(3, "x", 1, 0); }},
#ifndef __SANITIZE_ADDRESS__  // UBSan writes to pipes of its own
      {"write to its file", [] { (void)!::write(3, "x", 1); }},
#endif
      {"map its file", [] { (void)::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE, 3, 0); }},
      {"take memory that can be executed",
       [] {
         (void)::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       }},
      {"make memory executable",
       [] {
         void* page =
             ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         (void)::mprotect(page, 4096, PROT_READ | PROT_EXEC);
       }},
      {"get its rights back", [] { (void)::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }},
      {"change its user", [] { (void)::syscall(SYS_setuid, 0); }},
      {"mount", [] { (void)::syscall(SYS_mount, nullptr, nullptr, nullptr, 0, nullptr); }},
      {"use io_uring", [] { (void)::syscall(SYS_io_uring_setup, 1, nullptr); }},
  };
  for (const Forbidden& one : forbidden) {
    CAPTURE(one.what);
    CHECK(outcome([&](const ConfinedEnd& end) {
            one.call();
            static_cast<void>(end.send(1, "still there"));
          }) == kKilled);
  }
}

TEST_CASE("a reader that crashes is an error line and nothing else", "[bundle][confined]") {
  CHECK(outcome([](const ConfinedEnd&) {
          ::abort();
        }).starts_with("the bundle's reader was stopped by signal"));
  CHECK(outcome([](const ConfinedEnd&) { throw 1; }) == "the bundle's reader failed");
  // Half a message, as if it died while it wrote.
  CHECK(outcome([](const ConfinedEnd&) {
          if (::write(4, "\x01\xFF\x00\x00\x00half", 9) != 9) ::abort();
        }) == "the bundle's reader stopped in the middle");
  CHECK(outcome([](const ConfinedEnd&) {
          if (::write(4, "\x01\xFF\xFF\xFF\xFF", 5) != 5) ::abort();
        }) == "the bundle's reader says too much");
}

TEST_CASE("a reader that says nothing is stopped", "[bundle][confined]") {
  char name[] = "/tmp/odop-confined-XXXXXX";
  const int file = ::mkstemp(name);
  ::unlink(name);
  auto child =
      Confined::start(file, [](const ConfinedEnd& end) { static_cast<void>(end.await()); });
  REQUIRE(child.has_value());
  const auto frame = child->next(50ms);
  REQUIRE_FALSE(frame.has_value());
  CHECK(frame.error().code == ErrorCode::kTimeout);
  ::close(file);
}

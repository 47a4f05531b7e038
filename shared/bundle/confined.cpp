#include "shared/bundle/confined.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <initializer_list>
#include <string>
#include <utility>

namespace odop::bundle {
namespace {

constexpr int kFile = 3;
constexpr int kPipe = 4;
constexpr int kDone = 0;
constexpr int kNoFilter = 97;  // exit codes of the child
constexpr int kFailed = 98;
constexpr rlim_t kMostCpuSeconds = 600;
constexpr std::size_t kFrameHead = 5;
// UBSan looks through a pipe whether memory can be read. For builds that are only tested.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// No file of any path can be opened, made, removed or executed. Kernels before 5.13 have no such
// thing; the filter below forbids the calls all the same.
void give_up_files() {
  landlock_ruleset_attr rules{};
  rules.handled_access_fs =
      LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
      LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
      LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
      LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
      LANDLOCK_ACCESS_FS_MAKE_SYM;
  const long ruleset = ::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
  if (ruleset < 0) return;
  static_cast<void>(::syscall(SYS_landlock_restrict_self, ruleset, 0));
  ::close(static_cast<int>(ruleset));
}

bool limit(int resource, rlim_t most) {
  const rlimit both{most, most};
  return ::setrlimit(static_cast<__rlimit_resource_t>(resource), &both) == 0;
}

scmp_arg_cmp equals(unsigned argument, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}

scmp_arg_cmp masked(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
}

bool allow_calls() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (filter == nullptr) return false;
  bool good = true;
  const auto allow = [&](int call, std::initializer_list<scmp_arg_cmp> conditions) {
    good = good && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call,
                                          static_cast<unsigned>(conditions.size()),
                                          conditions.begin()) == 0;
  };
  for (const int call :
       {SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
        SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
        SCMP_SYS(clock_gettime), SCMP_SYS(sched_yield),
        // Where its own signals run; the sanitizers ask before an exception.
        SCMP_SYS(sigaltstack)}) {
    allow(call, {});
  }
  allow(SCMP_SYS(pread64), {equals(0, kFile)});
  allow(SCMP_SYS(read), {equals(0, kPipe)});
  allow(SCMP_SYS(write), {equals(0, kPipe)});
  if (kSanitized) {
    for (const int call : {SCMP_SYS(pipe2), SCMP_SYS(write), SCMP_SYS(close)}) allow(call, {});
  }
  // Memory of its own, and none that can be executed.
  allow(SCMP_SYS(mmap), {masked(2, PROT_EXEC, 0), masked(3, MAP_ANONYMOUS, MAP_ANONYMOUS)});
  allow(SCMP_SYS(mprotect), {masked(2, PROT_EXEC, 0)});
  good = good && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return good;
}

bool give_up_rights() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  static_cast<void>(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
  give_up_files();
  const bool limited =
      limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CPU, kMostCpuSeconds);
  return limited && allow_calls();
}

// The two descriptors at their places, and no other open.
bool keep_only(int file, int pipe) {
  const int high_file = ::fcntl(file, F_DUPFD, kPipe + 1);
  const int high_pipe = ::fcntl(pipe, F_DUPFD, kPipe + 1);
  if (high_file < 0 || high_pipe < 0) return false;
  if (::dup2(high_file, kFile) < 0 || ::dup2(high_pipe, kPipe) < 0) return false;
  ::close(0);
  ::close(1);
  ::close(2);
  return ::syscall(SYS_close_range, kPipe + 1, ~0U, 0) == 0;
}

[[noreturn]] void be_confined(int file, int pipe, pid_t parent,
                              const std::function<void(const ConfinedEnd&)>& work) {
  // Whatever signals the parent handles or blocks, here they mean what they mean.
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
  if (::getppid() != parent || !keep_only(file, pipe) || !give_up_rights()) ::_exit(kNoFilter);
  try {
    work(ConfinedEnd{kFile, kPipe});
  } catch (...) {
    ::_exit(kFailed);
  }
  ::_exit(kDone);
}

}  // namespace

bool ConfinedEnd::read_at(std::uint64_t offset, char* out, std::size_t size) const {
  while (size > 0) {
    const ssize_t got = ::pread(file_, out, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool ConfinedEnd::send(std::uint8_t tag, BytesView bytes) const {
  Bytes frame(kFrameHead, '\0');
  const auto size = static_cast<std::uint32_t>(bytes.size());
  frame[0] = static_cast<char>(tag);
  std::memcpy(frame.data() + 1, &size, sizeof size);
  frame.append(bytes);
  BytesView rest = frame;
  while (!rest.empty()) {
    const ssize_t written = ::write(pipe_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

char ConfinedEnd::await() const {
  char byte = 0;
  while (::read(pipe_, &byte, 1) < 0) {
    if (errno != EINTR) return 0;
  }
  return byte;
}

Result<Confined> Confined::start(int file, const std::function<void(const ConfinedEnd&)>& work) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail(ErrorCode::kInternal, "no pipe to a reader");
  }
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    return fail(ErrorCode::kInternal, "no process for a reader");
  }
  if (child == 0) be_confined(file, ends[1], parent, work);
  ::close(ends[1]);
  return Confined{child, ends[0]};
}

Confined::Confined(Confined&& other) noexcept
    : child_(std::exchange(other.child_, -1)), pipe_(std::exchange(other.pipe_, -1)) {}

Confined::~Confined() {
  if (pipe_ >= 0) ::close(pipe_);
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Status Confined::tell(char byte) {
  if (::send(pipe_, &byte, 1, MSG_NOSIGNAL) != 1) return fail(how_it_ended());
  return {};
}

// 0: the child closed its end, or fell silent and was killed for it.
Result<std::size_t> Confined::read_some(char* out, std::size_t size,
                                        std::chrono::milliseconds patience) const {
  while (true) {
    pollfd waiting{pipe_, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(patience.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return fail(ErrorCode::kTimeout, "the stick is too slow, or it was pulled");
    const ssize_t got = ::read(pipe_, out, size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::size_t{0};
    return static_cast<std::size_t>(got);
  }
}

Result<std::optional<Confined::Frame>> Confined::next(std::chrono::milliseconds patience) {
  char head[kFrameHead] = {};
  std::size_t have = 0;
  while (have < kFrameHead) {
    const auto got = read_some(head + have, kFrameHead - have, patience);
    if (!got) return fail(got.error());
    if (*got == 0) {
      Error ended = how_it_ended();
      if (ended.context.empty() && have == 0) return std::optional<Frame>{};
      if (ended.context.empty()) ended.context = "the bundle's reader stopped in the middle";
      return fail(std::move(ended));
    }
    have += *got;
  }
  std::uint32_t size = 0;
  std::memcpy(&size, head + 1, sizeof size);
  if (size > kMaxFrameBytes) return fail(ErrorCode::kTooLarge, "the bundle's reader says too much");
  Frame frame;
  frame.tag = static_cast<std::uint8_t>(head[0]);
  frame.bytes.resize(size);
  for (std::size_t at = 0; at < size;) {
    const auto got = read_some(frame.bytes.data() + at, size - at, patience);
    if (!got) return fail(got.error());
    if (*got == 0) {
      Error ended = how_it_ended();
      if (ended.context.empty()) ended.context = "the bundle's reader stopped in the middle";
      return fail(std::move(ended));
    }
    at += *got;
  }
  return std::optional<Frame>{std::move(frame)};
}

// Reaps; an empty context: it ended well.
Error Confined::how_it_ended() {
  if (child_ <= 0) return {ErrorCode::kMalformed, ""};
  int status = 0;
  while (::waitpid(child_, &status, 0) < 0) {
    if (errno != EINTR) break;
  }
  child_ = -1;
  if (WIFSIGNALED(status)) {
    return {ErrorCode::kMalformed,
            "the bundle's reader was stopped by signal " + std::to_string(WTERMSIG(status))};
  }
  if (WEXITSTATUS(status) == kNoFilter) {
    return {ErrorCode::kInternal, "this system cannot confine the reader of bundles"};
  }
  if (WEXITSTATUS(status) != kDone) return {ErrorCode::kMalformed, "the bundle's reader failed"};
  return {ErrorCode::kMalformed, ""};
}

}  // namespace odop::bundle

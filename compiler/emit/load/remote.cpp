#include "emit/load/remote.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <utility>

#include "emit/load/runner_error.h"
#include "runtime/cnnc_rt.h"
#include "runtime/embedded.h"
#include "support/shell.h"

namespace cnnc {

namespace {

// While it lives, a write to a process that has gone is an error and no signal.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    const timespec none = {};
    if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&pipe_, nullptr, &none);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_ = {}, before_ = {};
};

// The ends of a pipe, neither of which a process that is started here has by itself.
struct Pipe {
  int from = -1, to = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      throw RunnerError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    from = ends[0];
    to = ends[1];
  }
};

// It does not outlive this process.
pid_t start(const std::string& command, int input, int output) {
  const pid_t process = fork();
  if (process != 0) return process;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_DFL);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
  _exit(127);
}

std::string in_words(int status) {
  if (WIFSIGNALED(status))
    return fmt::format("was killed by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("exited with {}", WEXITSTATUS(status));
}

// The printable beginning of what was read.
std::string quoted(const std::string& text) {
  std::string plain;
  for (const unsigned char c : text.substr(0, 40)) plain += std::isprint(c) ? static_cast<char>(c) : '.';
  return "'" + plain + "'";
}

}  // namespace

Remote::Remote(const Program& program, std::string runner) : runner_(std::move(runner)) {
  const Pipe input, output;
  process_ = start(fmt::format("exec {} {}", runner_, shell_word(program.path())), input.from, output.to);
  close(input.from);
  close(output.to);
  to_ = input.to;
  from_ = output.from;
  if (process_ < 0) fail("cannot be started");
  try {
    greet();
  } catch (...) {
    is_done_ = true;
    end();
    throw;
  }
}

// A program that waits ends with its input; one that does not is ended.
void Remote::end() {
  if (to_ >= 0) close(std::exchange(to_, -1));
  if (from_ >= 0) close(std::exchange(from_, -1));
  if (process_ <= 0) return;
  if (is_done_) kill(process_, SIGKILL);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
}

Remote::~Remote() {
  end();
}

void Remote::fail(const std::string& what) {
  is_done_ = true;
  throw RunnerError(fmt::format("'--runner': '{} PROGRAM' {}", runner_, what));
}

void Remote::greet() {
  const std::string wanted = CNNC_PROGRAM_GREETING;
  std::string greeting;
  while (greeting.size() < wanted.size() && wanted.compare(0, greeting.size(), greeting) == 0) {
    char byte = 0;
    receive(&byte, 1);
    greeting += byte;
  }
  if (greeting == wanted) return;
  std::string more(64, '\0');  // of what is there, for the message
  pollfd poll_of = {from_, POLLIN, 0};
  const ssize_t count = poll(&poll_of, 1, 200) > 0 ? read(from_, more.data(), more.size()) : 0;
  greeting.append(more, 0, static_cast<size_t>(std::max<ssize_t>(count, 0)));
  fail(
      fmt::format("wrote {} where the program's greeting was expected. The command must run the program that "
                  "is its last word, pass the standard input on to it, and write nothing itself to the "
                  "standard output, as 'qemu-aarch64' does",
                  quoted(greeting)));
}

void Remote::send(const void* data, size_t bytes) {
  const NoPipeSignal no_signal;
  for (const char* at = static_cast<const char*>(data); bytes > 0;) {
    const ssize_t written = ::write(to_, at, bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      receive(nullptr, 1);  // says how it ended
      return;
    }
    at += written;
    bytes -= static_cast<size_t>(written);
  }
}

void Remote::receive(void* data, size_t bytes) {
  for (char *at = static_cast<char*>(data), nothing; bytes > 0;) {
    const ssize_t count = read(from_, at ? at : &nothing, at ? bytes : 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      int status = 0;
      while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
      }
      process_ = -1;
      const bool is_missing = WIFEXITED(status) && WEXITSTATUS(status) == 127;
      fail(in_words(status) + (is_missing ? ", as a shell does for a command that it does not find"
                                          : " before it had answered"));
    }
    if (!at) continue;
    at += count;
    bytes -= static_cast<size_t>(count);
  }
}

void Remote::send_numbers(const std::vector<int64_t>& numbers) {
  send(numbers.data(), numbers.size() * sizeof(int64_t));
}

void Remote::receive_status(const char* wanted) {
  int64_t status = 0;
  receive(&status, sizeof status);
  if (status != CNNC_RT_OK) fail(fmt::format("has no {} there", wanted));
}

int64_t Remote::add_memory(int64_t bytes, unsigned char fill, int64_t past) {
  send_numbers({CNNC_PROGRAM_ADD_MEMORY, bytes, past, fill});
  receive_status("memory");
  return memories_++;
}

void Remote::write(const RemotePlace& place, const void* data, int64_t bytes) {
  send_numbers({CNNC_PROGRAM_WRITE, place.memory, place.offset, bytes});
  send(data, static_cast<size_t>(bytes));
  receive_status("memory");
}

void Remote::copy(const RemotePlace& place, int64_t bytes, int64_t copies) {
  send_numbers({CNNC_PROGRAM_COPY, place.memory, place.offset, bytes, copies});
  receive_status("memory");
}

void Remote::fetch(const RemotePlace& place, void* data, int64_t bytes) {
  send_numbers({CNNC_PROGRAM_FETCH, place.memory, place.offset, bytes});
  receive_status("memory");
  receive(data, static_cast<size_t>(bytes));
}

void Remote::start_threads(int threads) {
  send_numbers({CNNC_PROGRAM_START_THREADS, threads});
  receive_status("threads");
}

void check_runner(const std::string& runner, const Target& target) {
  Objects objects;
  for (const EmbeddedObject& object : runtime_objects(target.architecture->name, target.system->name))
    objects.emplace_back(object.name, std::string(object.begin, object.end));
  Remote(Program(objects, {}, target), runner);
}

cnnc_program_call Remote::call(const RemoteCalls& calls) {
  std::vector<int64_t> numbers = {
      CNNC_PROGRAM_CALL, calls.function, calls.watched.memory, calls.watched.offset,
      calls.count,       calls.first,    calls.copies,         static_cast<int64_t>(calls.pointers.size())};
  for (const RemotePlace& place : calls.pointers)
    numbers.insert(numbers.end(), {place.memory, place.offset, place.step});
  send_numbers(numbers);
  cnnc_program_call call = {};
  receive(&call, sizeof call);
  if (call.status < 0) is_done_ = true;
  return call;
}

}  // namespace cnnc

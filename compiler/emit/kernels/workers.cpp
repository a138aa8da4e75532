#include "emit/kernels/workers.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace cnnc {

namespace {

using Clock = std::chrono::steady_clock;
using Work = std::function<std::string(size_t)>;

struct Child {
  size_t index;
  pid_t pid;
  int pipe;
  Clock::time_point begin;
  std::string answer;
};

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) _exit(1);
    if (written > 0) bytes.remove_prefix(static_cast<size_t>(written));
  }
}

// The child's whole life. The first byte says whether a result or an error follows, or that memory ran out.
// _exit: what the parent has registered for its own end (temporary files, buffered output) is not the child's
// to do. A child does not outlive the parent, which alone would end one that hangs. Handlers of a test
// framework or a sanitizer, which it inherits, are for the parent's crashes.
[[noreturn]] void work_and_exit(int descriptor, size_t index, const Work& work) {
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP})
    signal(signal_number, SIG_DFL);
  const rlimit no_core = {0, 0};  // a crash is reported, and leaves no file
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::string answer;
  try {
    answer = "+" + work(index);
  } catch (const std::bad_alloc&) {
    answer = "!";
  } catch (const std::exception& e) {
    answer = std::string("-") + e.what();
  } catch (...) {
    answer = "-unknown exception";
  }
  write_all(descriptor, answer);
  _exit(0);
}

Child start(size_t index, const Work& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  const pid_t pid = fork();
  if (pid < 0) {
    const int error = errno;
    close(ends[0]);
    close(ends[1]);
    throw std::runtime_error(fmt::format("cannot start a process: {}", std::strerror(error)));
  }
  if (pid == 0) {
    close(ends[0]);
    work_and_exit(ends[1], index, work);
  }
  close(ends[1]);
  return {index, pid, ends[0], Clock::now(), ""};
}

std::string ending(int status) {
  return WIFSIGNALED(status)
             ? fmt::format("was killed by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)))
             : fmt::format("exited with {}", WEXITSTATUS(status));
}

// What a child's answer and its end amount to.
Outcome outcome_of(std::string answer, int status) {
  if (status != 0 || answer.empty()) return {Outcome::Kind::death, ending(status)};
  if (answer == "!") return {Outcome::Kind::out_of_memory, "ran out of memory"};
  const bool is_result = answer[0] == '+';
  answer.erase(0, 1);
  return {is_result ? Outcome::Kind::result : Outcome::Kind::error, std::move(answer)};
}

// The children that are running; those left when an error ends the work are killed.
struct Children {
  std::vector<Child> running;
  ~Children() {
    for (const Child& child : running) kill(child.pid, SIGKILL);
    while (!running.empty()) remove(running.size() - 1);
  }

  // Waits for the child's end; its status.
  int remove(size_t place) {
    const Child child = std::move(running[place]);
    running.erase(running.begin() + static_cast<std::ptrdiff_t>(place));
    close(child.pipe);
    int status = 0;
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }

  // Reads what the child has to say; true at its end.
  static bool read_some(Child& child) {
    char chunk[65536];
    const ssize_t bytes = read(child.pipe, chunk, sizeof chunk);
    if (bytes < 0 && errno == EINTR) return false;
    if (bytes > 0) child.answer.append(chunk, static_cast<size_t>(bytes));
    return bytes <= 0;
  }

  // Milliseconds until the first of them has had its time; -1: never.
  int patience(double seconds) const {
    if (!std::isfinite(seconds)) return -1;
    double least = 3600;
    for (const Child& child : running) least = std::min(least, seconds - age(child));
    return static_cast<int>(std::ceil(std::max(0.0, least) * 1e3));
  }

  static double age(const Child& child) {
    return std::chrono::duration<double>(Clock::now() - child.begin).count();
  }
};

// Waits until a child says something or has had its time; passes on what became of those that are done.
void wait_for_some(Children& children, double seconds, const std::function<void(size_t, Outcome)>& done) {
  std::vector<pollfd> polls;
  for (const Child& child : children.running) polls.push_back({child.pipe, POLLIN, 0});
  if (poll(polls.data(), polls.size(), children.patience(seconds)) < 0) {
    if (errno != EINTR)
      throw std::runtime_error(fmt::format("cannot wait for a process: {}", std::strerror(errno)));
    return;
  }
  for (size_t i = polls.size(); i-- > 0;) {
    Child& child = children.running[i];
    const size_t index = child.index;
    if (polls[i].revents != 0) {
      if (!Children::read_some(child)) continue;
      std::string answer = std::move(child.answer);
      const int status = children.remove(i);
      done(index, outcome_of(std::move(answer), status));
    } else if (Children::age(child) >= seconds) {
      kill(child.pid, SIGKILL);
      children.remove(i);
      done(index, {Outcome::Kind::timeout, fmt::format("took more than {:g} s", seconds)});
    }
  }
}

// Does all the work; `done` hears of each, in any order. What it throws ends the work.
void in_children(size_t count, int jobs, double seconds, const Work& work,
                 const std::function<void(size_t, Outcome)>& done) {
  Children children;
  size_t next = 0;
  while (next < count || !children.running.empty()) {
    while (next < count && children.running.size() < static_cast<size_t>(std::max(jobs, 1)))
      children.running.push_back(start(next, work)), ++next;
    wait_for_some(children, seconds, done);
  }
}

}  // namespace

void run_in_children(size_t count, int jobs, const Work& work,
                     const std::function<void(size_t, std::string)>& take) {
  in_children(count, jobs, INFINITY, work, [&](size_t index, Outcome outcome) {
    if (outcome.kind == Outcome::Kind::out_of_memory) throw std::bad_alloc();
    if (!outcome.ok())
      throw std::runtime_error((outcome.kind == Outcome::Kind::death ? "the compiling process " : "") +
                               outcome.text);
    take(index, std::move(outcome.text));
  });
}

std::vector<std::string> run_in_children(size_t count, int jobs, const Work& work) {
  std::vector<std::string> results(count);
  run_in_children(count, jobs, work, [&](size_t i, std::string result) { results[i] = std::move(result); });
  return results;
}

std::vector<Outcome> try_in_children(size_t count, int jobs, double seconds, const Work& work) {
  std::vector<Outcome> outcomes(count);
  in_children(count, jobs, seconds, work,
              [&](size_t index, Outcome outcome) { outcomes[index] = std::move(outcome); });
  return outcomes;
}

}  // namespace cnnc

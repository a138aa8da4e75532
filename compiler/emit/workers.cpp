#include "emit/workers.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace cnnc {

namespace {

struct Child {
  size_t index;
  pid_t pid;
  int pipe;
};

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) _exit(1);
    if (written > 0) bytes.remove_prefix(static_cast<size_t>(written));
  }
}

// The child's whole life. The first byte says whether a result or an error follows. _exit: what the parent
// has registered for its own end (temporary files, buffered output) is not the child's to do.
[[noreturn]] void work_and_exit(int descriptor, size_t index,
                                const std::function<std::string(size_t)>& work) {
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) signal(signal_number, SIG_DFL);
  std::string answer;
  try {
    answer = "+" + work(index);
  } catch (const std::exception& e) {
    answer = std::string("-") + e.what();
  } catch (...) {
    answer = "-unknown exception";
  }
  write_all(descriptor, answer);
  _exit(0);
}

Child start(size_t index, const std::function<std::string(size_t)>& work) {
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
  return {index, pid, ends[0]};
}

std::string ending(int status) {
  return WIFSIGNALED(status)
             ? fmt::format("was killed by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)))
             : fmt::format("exited with {}", WEXITSTATUS(status));
}

// The children that are running; those left when an error ends the work are killed.
struct Children {
  std::vector<Child> running;
  ~Children() {
    for (const Child& child : running) {
      kill(child.pid, SIGKILL);
      close(child.pipe);
      waitpid(child.pid, nullptr, 0);
    }
  }

  // Reads what the child has to say; true at its end.
  static bool read_some(const Child& child, std::string& answer) {
    char chunk[65536];
    const ssize_t bytes = read(child.pipe, chunk, sizeof chunk);
    if (bytes < 0 && errno == EINTR) return false;
    if (bytes > 0) answer.append(chunk, static_cast<size_t>(bytes));
    return bytes <= 0;
  }

  void finish(size_t place, std::string& answer) {
    const Child child = running[place];
    running.erase(running.begin() + static_cast<std::ptrdiff_t>(place));
    close(child.pipe);
    int status = 0;
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0 || answer.empty()) throw std::runtime_error("the compiling process " + ending(status));
    if (answer[0] == '-') throw std::runtime_error(answer.substr(1));
    answer.erase(0, 1);
  }
};

}  // namespace

void run_in_children(size_t count, int jobs, const std::function<std::string(size_t)>& work,
                     const std::function<void(size_t, std::string)>& take) {
  std::vector<std::string> answers(count);
  Children children;
  size_t next = 0;
  while (next < count || !children.running.empty()) {
    while (next < count && children.running.size() < static_cast<size_t>(std::max(jobs, 1)))
      children.running.push_back(start(next, work)), ++next;
    std::vector<pollfd> polls;
    for (const Child& child : children.running) polls.push_back({child.pipe, POLLIN, 0});
    if (poll(polls.data(), polls.size(), -1) < 0 && errno != EINTR)
      throw std::runtime_error(fmt::format("cannot wait for a process: {}", std::strerror(errno)));
    for (size_t i = polls.size(); i-- > 0;) {
      if (polls[i].revents == 0) continue;
      const size_t index = children.running[i].index;
      if (!Children::read_some(children.running[i], answers[index])) continue;
      children.finish(i, answers[index]);
      take(index, std::move(answers[index]));
    }
  }
}

std::vector<std::string> run_in_children(size_t count, int jobs,
                                         const std::function<std::string(size_t)>& work) {
  std::vector<std::string> results(count);
  run_in_children(count, jobs, work, [&](size_t i, std::string result) { results[i] = std::move(result); });
  return results;
}

}  // namespace cnnc

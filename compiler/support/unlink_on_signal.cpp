#include "support/unlink_on_signal.h"

#include <unistd.h>

#include <atomic>
#include <climits>
#include <csignal>
#include <cstring>

namespace cnnc {
namespace {

// A handler may neither allocate nor lock, so the paths live in a list that only grows, of fixed buffers that
// are used again. With the flag of driver/console/stop_signal.cpp this is the one global state of the
// compiler: signals belong to the process.
struct Entry {
  enum State { free, claimed, active };
  std::atomic<int> state{claimed};
  pid_t process = 0;
  char path[PATH_MAX];
  Entry* next = nullptr;
};

std::atomic<Entry*> entries{nullptr};

void handle(int signal) {
  for (Entry* e = entries.load(); e != nullptr; e = e->next) {
    if (e->state.load() == Entry::active && e->process == getpid()) unlink(e->path);
  }
  raise(signal);  // SA_RESETHAND has set the default action; it follows when this handler returns
}

// Where the signals still have their default action.
void install_handlers() {
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction old = {};
    struct sigaction action = {};
    action.sa_handler = handle;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    if (sigaction(signal, nullptr, &old) == 0 && old.sa_handler == SIG_DFL)
      sigaction(signal, &action, nullptr);
  }
}

// A free entry of the list, or a new one; it is claimed.
Entry* claim() {
  for (Entry* e = entries.load(); e != nullptr; e = e->next) {
    int expected = Entry::free;
    if (e->state.compare_exchange_strong(expected, Entry::claimed)) return e;
  }
  Entry* e = new Entry;
  e->next = entries.load();
  while (!entries.compare_exchange_weak(e->next, e)) {
  }
  return e;
}

}  // namespace

void unlink_on_signal(const std::string& path) {
  install_handlers();
  if (path.size() >= PATH_MAX) return;  // no such file can be opened
  Entry* entry = claim();
  std::memcpy(entry->path, path.c_str(), path.size() + 1);
  entry->process = getpid();
  entry->state = Entry::active;
}

void keep_on_signal(const std::string& path) {
  for (Entry* e = entries.load(); e != nullptr; e = e->next) {
    const bool ours = e->state.load() == Entry::active && e->process == getpid();
    if (ours && path == e->path) e->state = Entry::free;
  }
}

}  // namespace cnnc

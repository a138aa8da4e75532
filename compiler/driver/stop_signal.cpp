#include "driver/stop_signal.h"

#include <csignal>
#include <initializer_list>

namespace cnnc {
namespace {

volatile std::sig_atomic_t signal_that_came = 0;

void note(int signal_number) {
  signal_that_came = signal_number;
}

}  // namespace

// Without SA_RESTART: who waits for children wakes up.
StopSignal::StopSignal() {
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal_number : {SIGINT, SIGTERM}) sigaction(signal_number, &action, nullptr);
}

StopSignal::~StopSignal() {
  for (const int signal_number : {SIGINT, SIGTERM}) std::signal(signal_number, SIG_DFL);
}

bool StopSignal::came() const {
  return signal_that_came != 0;
}

void StopSignal::raise_again() const {
  if (!came()) return;
  std::signal(signal_that_came, SIG_DFL);
  std::raise(signal_that_came);
}

}  // namespace cnnc

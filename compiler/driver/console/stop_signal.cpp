#include "driver/console/stop_signal.h"

namespace cnnc {
namespace {

constexpr std::array<int, 2> kSignals = {SIGINT, SIGTERM};

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
  for (size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], nullptr, &before_[i]);
    // What is ignored, as in a script's background job, stays so.
    if (before_[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &action, nullptr);
  }
}

StopSignal::~StopSignal() {
  for (size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
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

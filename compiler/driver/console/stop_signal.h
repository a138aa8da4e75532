// Ctrl-C as a wish that is asked for.
#pragma once
#include <array>
#include <csignal>

namespace cnnc {

// While it lives, the first SIGINT or SIGTERM is only noted; the next one ends the process. At most one at a
// time: signals belong to the process.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  bool came() const;
  // Ends the process by the signal that came, as if it had not been noted; if none came, does nothing.
  void raise_again() const;

 private:
  std::array<struct sigaction, 2> before_;
};

}  // namespace cnnc

#include "driver/console/standard_streams.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "driver/console/input_error.h"
#include "support/atomic_file.h"

namespace cnnc {
namespace {

// 0, or the reason why the stream did not take all of it.
int write_to(FILE* stream, const std::string& text) {
  const bool is_written =
      std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0;
  return is_written ? 0 : errno;
}

}  // namespace

void print(const std::string& text) {
  const int reason = write_to(stdout, text);
  if (reason == EPIPE) throw ClosedPipe{};
  if (reason != 0)
    throw InputError{
        fmt::format("cnnc: error: cannot write to the standard output: {}\n", std::strerror(reason))};
}

void say(const std::string& text) {
  if (write_to(stderr, text) == EPIPE) throw ClosedPipe{};
}

int end_by_closed_pipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  return 128 + SIGPIPE;
}

}  // namespace cnnc

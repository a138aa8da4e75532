#include "driver/console/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

namespace cnnc {
namespace {

// Without escape sequences, which not every terminal knows.
class Line {
 public:
  ~Line() { erase(); }
  void show(const std::string& text) {
    std::fputs(fmt::format("\r{:<{}}", text, width_).c_str(), stderr);
    width_ = text.size();
  }
  void erase() {
    if (width_ > 0) std::fputs(fmt::format("\r{:<{}}\r", "", width_).c_str(), stderr);
    width_ = 0;
  }

 private:
  size_t width_ = 0;  // of what stands there
};

}  // namespace

bool is_watched() {
  return isatty(STDERR_FILENO) != 0;
}

std::function<void(size_t done, size_t count)> progress_line() {
  if (!is_watched()) return nullptr;
  return [line = std::make_shared<Line>()](size_t done, size_t count) {
    if (done < count)
      line->show(fmt::format("compiling kernels {}/{}", done, count));
    else
      line->erase();
  };
}

}  // namespace cnnc

// Numbers on their way out of a child process (emit/kernels/workers.h), each list of them behind its length.
#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace cnnc {

class NumberWriter {
 public:
  void add(double number) { bytes_.append(reinterpret_cast<const char*>(&number), sizeof number); }
  void add(const std::vector<double>& numbers) {
    add(static_cast<double>(numbers.size()));
    for (const double number : numbers) add(number);
  }
  std::string bytes() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class NumberReader {
 public:
  explicit NumberReader(const std::string& bytes) : bytes_(bytes) {}
  double number() {
    double number = 0;
    at_ += bytes_.copy(reinterpret_cast<char*>(&number), sizeof number, at_);
    return number;
  }
  std::vector<double> numbers() {
    std::vector<double> numbers(static_cast<size_t>(number()));
    for (double& each : numbers) each = number();
    return numbers;
  }

 private:
  const std::string& bytes_;
  size_t at_ = 0;
};

}  // namespace cnnc

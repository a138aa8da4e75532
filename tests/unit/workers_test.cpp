// Work in child processes.
#include "emit/workers.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <thread>

using namespace cnnc;

namespace {

using Work = std::function<std::string(size_t)>;

// What run_in_children throws; "" if nothing.
std::string error_of(size_t count, int jobs, const Work& work) {
  try {
    run_in_children(count, jobs, work);
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void sleep_ms(int64_t milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

std::ptrdiff_t open_descriptors() {
  const auto folder = std::filesystem::directory_iterator("/proc/self/fd");
  return std::distance(begin(folder), end(folder));
}

bool has_no_children() {
  return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
}

}  // namespace

TEST_CASE("results come in the order of the work, whoever is done first") {
  for (const int jobs : {-1, 0, 1, 2, 5, 100}) {
    const std::vector<std::string> results = run_in_children(5, jobs, [](size_t i) {
      sleep_ms(static_cast<int64_t>(5 - i) * 10);
      return fmt::format("result {}", i);
    });
    CHECK(results == std::vector<std::string>{"result 0", "result 1", "result 2", "result 3", "result 4"});
  }
}

TEST_CASE("a result is passed on as soon as it is there, while others are being worked on") {
  std::string order;
  run_in_children(
      3, 3,
      [](size_t i) {
        sleep_ms(static_cast<int64_t>(3 - i) * 200);
        return std::to_string(i);
      },
      [&](size_t i, const std::string& result) { order += fmt::format("{}:{} ", i, result); });
  CHECK(order == "2:2 1:1 0:0 ");
}

TEST_CASE("no work has no results") {
  CHECK(run_in_children(0, 4, [](size_t) { return std::string("x"); }).empty());
}

TEST_CASE("many pieces of work leave no process and no descriptor behind") {
  const std::ptrdiff_t before = open_descriptors();
  const std::vector<std::string> results =
      run_in_children(300, 7, [](size_t i) { return std::to_string(i * i); });
  REQUIRE(results.size() == 300);
  for (size_t i = 0; i < results.size(); ++i) CHECK(results[i] == std::to_string(i * i));
  CHECK(open_descriptors() == before);
  CHECK(has_no_children());
}

TEST_CASE("results may be empty, hold any byte, and be larger than a pipe") {
  const auto work = [](size_t i) { return std::string(i * 3000000, static_cast<char>(i - 1)); };
  const std::vector<std::string> results = run_in_children(4, 2, work);
  for (size_t i = 0; i < 4; ++i) CHECK(results[i] == work(i));
}

TEST_CASE("at most `jobs` run at a time") {
  // A child knows the others by the files that they keep while they run.
  std::string folder = (std::filesystem::temp_directory_path() / "cnnc_workers_XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::vector<std::string> results = run_in_children(12, 3, [&](size_t i) {
    const std::filesystem::path mine = std::filesystem::path(folder) / std::to_string(i);
    std::filesystem::create_directory(mine);
    sleep_ms(20);
    const auto running = std::filesystem::directory_iterator(folder);
    const std::string count = std::to_string(std::distance(begin(running), end(running)));
    std::filesystem::remove(mine);
    return count;
  });
  std::filesystem::remove_all(folder);
  for (const std::string& running : results) CHECK(std::stoi(running) <= 3);
}

TEST_CASE("what a child changes stays its own") {
  int counter = 0;
  const auto results = run_in_children(3, 1, [&](size_t) { return std::to_string(++counter); });
  CHECK(results == std::vector<std::string>{"1", "1", "1"});
  CHECK(counter == 0);
}

TEST_CASE("an exception's text comes through") {
  CHECK(error_of(3, 2, [](size_t i) -> std::string {
          if (i == 1) throw std::logic_error("no kernels of family x");
          return "fine";
        }) == "no kernels of family x");
  const std::string large(1000000, 'e');
  CHECK(error_of(1, 1, [&](size_t) -> std::string { throw std::runtime_error(large); }) == large);
  CHECK(error_of(1, 1, [](size_t) -> std::string { throw 42; }) == "unknown exception");
}

TEST_CASE("a child that is killed is an error that names the signal") {
  const std::string error = error_of(2, 2, [](size_t i) {
    if (i == 1) raise(SIGKILL);
    return std::string("fine");
  });
  CHECK(contains(error, "the compiling process"));
  CHECK(contains(error, "killed by signal 9 (Killed)"));
}

TEST_CASE("a child that ends by itself is an error, whatever it exits with") {
  for (const int status : {0, 1, 3}) {
    const std::string error = error_of(1, 1, [&](size_t) -> std::string { _exit(status); });
    CHECK(contains(error, fmt::format("exited with {}", status)));
  }
}

TEST_CASE("an error ends the other children, and leaves no process and no descriptor behind") {
  const std::ptrdiff_t before = open_descriptors();
  const auto start = std::chrono::steady_clock::now();
  CHECK(error_of(4, 4, [](size_t i) -> std::string {
          if (i == 2) throw std::runtime_error("wrong");
          sleep_ms(60000);
          return "";
        }) == "wrong");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  CHECK(open_descriptors() == before);
  CHECK(has_no_children());
}

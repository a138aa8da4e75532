// Work in child processes.
#include "emit/kernels/workers.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
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

// Whether a process is there and has not ended; one that nobody has waited for yet has.
bool is_running(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string number, name, state;
  return file >> number >> name >> state && state != "Z" && state != "X";
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

TEST_CASE("where failures are results, each child has its own, and the others go on") {
  const std::ptrdiff_t before = open_descriptors();
  const std::vector<Outcome> outcomes = try_in_children(5, 2, 60, [](size_t i) -> std::string {
    if (i == 0) throw std::runtime_error("no such tile");
    if (i == 1) raise(SIGKILL);
    if (i == 2) _exit(3);
    return i == 3 ? "" : std::string(3000000, 'x');
  });
  REQUIRE(outcomes.size() == 5);
  CHECK(outcomes[0].kind == Outcome::Kind::error);
  CHECK(outcomes[0].text == "no such tile");
  CHECK(outcomes[1].kind == Outcome::Kind::death);
  CHECK(outcomes[1].text == "was killed by signal 9 (Killed)");
  CHECK(outcomes[2].kind == Outcome::Kind::death);
  CHECK(outcomes[2].text == "exited with 3");
  CHECK(outcomes[3].ok());
  CHECK(outcomes[3].text == "");
  CHECK(outcomes[4].ok());
  CHECK(outcomes[4].text == std::string(3000000, 'x'));
  CHECK(open_descriptors() == before);
  CHECK(has_no_children());
}

TEST_CASE("a child that has had its time is ended; the others are waited for") {
  const std::ptrdiff_t before = open_descriptors();
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Outcome> outcomes = try_in_children(3, 1, 0.5, [](size_t i) -> std::string {
    if (i == 1) sleep_ms(60000);
    return "done";
  });
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  CHECK(outcomes[0].ok());
  CHECK(outcomes[1].kind == Outcome::Kind::timeout);
  CHECK(outcomes[1].text == "took more than 0.5 s");
  CHECK(outcomes[2].ok());
  CHECK(open_descriptors() == before);
  CHECK(has_no_children());
}

TEST_CASE("a child does not outlive the process that started it") {
  // The grandchild writes its number and sleeps; the child that started it is killed.
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const std::vector<Outcome> outcomes = try_in_children(1, 1, 1, [&](size_t) -> std::string {
    try_in_children(1, 1, 60, [&](size_t) -> std::string {
      const pid_t self = getpid();
      if (write(ends[1], &self, sizeof self) == sizeof self) sleep_ms(60000);
      return "";
    });
    return "";
  });
  CHECK(outcomes[0].kind == Outcome::Kind::timeout);
  pid_t grandchild = 0;
  REQUIRE(read(ends[0], &grandchild, sizeof grandchild) == sizeof grandchild);
  close(ends[0]);
  close(ends[1]);
  for (int i = 0; i < 1000 && is_running(grandchild); ++i) sleep_ms(10);
  CHECK(!is_running(grandchild));
}

// The pool of threads. Compiled a second time with ThreadSanitizer.
#include <doctest/doctest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

extern "C" {
#include "runtime/pool.h"
}
#include "runtime/cnnc_rt.h"

namespace {

// Stops the threads at the end of a test.
struct Pool {
  explicit Pool(int threads) { REQUIRE(cnnc_rt_start_all_threads(threads) == CNNC_RT_OK); }
  ~Pool() { cnnc_rt_stop_threads(); }
};

// Counts the calls of each index; plain integers, so that ThreadSanitizer sees a call that is not done when
// cnnc_rt_share returns, and one made twice.
struct Counts {
  std::vector<int> calls;
  explicit Counts(int count) : calls(static_cast<size_t>(count)) {}
  static void add(void* data, int index, int) {
    ++static_cast<Counts*>(data)->calls[static_cast<size_t>(index)];
  }
  bool all_once() const { return calls == std::vector<int>(calls.size(), 1); }
};

bool shares_once(int threads, int count) {
  Counts counts(count);
  cnnc_rt_share(threads, count, Counts::add, &counts);
  return counts.all_once();
}

// Tasks that wait until so many threads are in them, or for two seconds.
struct Meeting {
  int wanted;
  std::atomic<int> there{0};
  std::atomic<bool> met{false};
  static void attend(void* data, int, int) {
    auto& meeting = *static_cast<Meeting*>(data);
    if (++meeting.there >= meeting.wanted) meeting.met = true;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (!meeting.met && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    --meeting.there;
  }
};

bool threads_meet(int allowed, int wanted) {
  Meeting meeting{wanted};
  cnnc_rt_share(allowed, wanted, Meeting::attend, &meeting);
  return meeting.met;
}

int threads_of_process() {
  std::FILE* file = std::fopen("/proc/self/status", "r");
  char line[256];
  int threads = -1;
  while (file && std::fgets(line, sizeof line, file)) std::sscanf(line, "Threads: %d", &threads);
  if (file) std::fclose(file);
  return threads;
}

}  // namespace

TEST_CASE("without a pool the caller does every task") {
  for (const int threads : {-1, 0, 1, 2, 256, 1000000})
    for (const int count : {0, 1, 2, 17}) CHECK(shares_once(threads, count));
}

TEST_CASE("every task is done once, for any number of threads and tasks") {
  const Pool pool(5);
  for (const int threads : {-1, 0, 1, 2, 3, 5, 256, 1000000})
    for (const int count : {0, 1, 2, 3, 17, 1000})
      for (int i = 0; i < 20; ++i) CHECK(shares_once(threads, count));
}

TEST_CASE("as many threads as are allowed work at the same time, awake or asleep") {
  const Pool pool(4);
  CHECK(threads_meet(4, 4));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(threads_meet(4, 4));
  CHECK(threads_meet(2, 2));
}

TEST_CASE("never more threads work than are allowed") {
  const Pool pool(4);
  struct Most {
    std::atomic<int> now{0}, most{0};
    static void task(void* data, int, int) {
      auto& m = *static_cast<Most*>(data);
      const int now = ++m.now;
      for (int most = m.most; now > most && !m.most.compare_exchange_weak(most, now);) {
      }
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      --m.now;
    }
  };
  for (const int allowed : {1, 2, 3}) {
    Most most;
    cnnc_rt_share(allowed, 50, Most::task, &most);
    CHECK(most.most <= allowed);
  }
}

TEST_CASE("threads that work on a job at the same time have places of their own, fewer than are allowed") {
  const Pool pool(5);
  struct Places {
    std::atomic<int> in[4] = {}, wrong{0};
    static void task(void* data, int, int place) {
      auto& places = *static_cast<Places*>(data);
      if (place < 0 || place >= 4 || ++places.in[place] != 1) ++places.wrong;
      std::this_thread::sleep_for(std::chrono::microseconds(50));
      if (place >= 0 && place < 4) --places.in[place];
    }
  };
  for (int i = 0; i < 20; ++i) {
    Places places;
    cnnc_rt_share(4, 50, Places::task, &places);
    CHECK(places.wrong == 0);
  }
}

TEST_CASE("in jobs of as many threads each does the same tasks if all are there, the caller the first") {
  const Pool pool(3);
  struct Who {
    Meeting meeting{3};
    std::vector<std::thread::id> threads{3};
    static void task(void* data, int index, int place) {
      auto& who = *static_cast<Who*>(data);
      who.threads[static_cast<size_t>(index)] = std::this_thread::get_id();
      Meeting::attend(&who.meeting, index, place);
    }
  };
  std::vector<std::thread::id> before;
  for (int i = 0; i < 50; ++i) {
    Who who;
    cnnc_rt_share(3, 3, Who::task, &who);
    REQUIRE(who.meeting.met);
    CHECK((who.threads[0] == std::this_thread::get_id()));
    CHECK((i == 0 || who.threads == before));
    before = who.threads;
  }
}

TEST_CASE("many callers share one pool") {
  const Pool pool(4);
  std::atomic<int> wrong{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 24; ++i)  // more than there are places for jobs
    callers.emplace_back([&wrong, i] {
      for (int call = 0; call < 200; ++call) wrong += !shares_once(1 + (i + call) % 5, 1 + call % 40);
    });
  for (std::thread& caller : callers) caller.join();
  CHECK(wrong == 0);
}

TEST_CASE("a pool grows, never shrinks, and stops, all of it any number of times") {
  const int before = threads_of_process();
  for (int round = 0; round < 10; ++round) {
    for (const int threads : {-5, 0, 1, 3, 2, 6, 6})
      REQUIRE(cnnc_rt_start_all_threads(threads) == CNNC_RT_OK);
    CHECK(threads_of_process() == before + 5);
    CHECK(shares_once(6, 100));
    cnnc_rt_stop_threads();
    CHECK(threads_of_process() == before);
    cnnc_rt_stop_threads();
    CHECK(shares_once(6, 100));
  }
}

TEST_CASE("a pool has at most 256 threads with the caller") {
  const int before = threads_of_process();
  const Pool pool(1000000);
  CHECK(threads_of_process() == before + 255);
  CHECK(shares_once(1000000, 10000));
}

TEST_CASE("a pool has no more threads with the caller than there are processors that the caller may run on") {
  cpu_set_t before, one;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  const int threads = threads_of_process(), processors = CPU_COUNT(&before);
  CHECK(cnnc_rt_start_threads(256) == CNNC_RT_OK);
  CHECK(threads_of_process() == threads + std::min(processors, 256) - 1);
  cnnc_rt_stop_threads();
  CPU_ZERO(&one);
  for (int i = 0; CPU_COUNT(&one) == 0; ++i)
    if (CPU_ISSET(i, &before)) CPU_SET(i, &one);
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(cnnc_rt_start_threads(256) == CNNC_RT_OK);
  CHECK(threads_of_process() == threads);
  CHECK(shares_once(256, 100));
  REQUIRE(sched_setaffinity(0, sizeof before, &before) == 0);
}

TEST_CASE("threads start and stop while others run") {
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i)
    callers.emplace_back([&] {
      while (!done) wrong += !shares_once(4, 20);
    });
  for (int i = 0; i < 100; ++i) {
    CHECK(cnnc_rt_start_all_threads(1 + i % 4) == CNNC_RT_OK);
    if (i % 3 == 0) cnnc_rt_stop_threads();
  }
  done = true;
  for (std::thread& caller : callers) caller.join();
  cnnc_rt_stop_threads();
  CHECK(wrong == 0);
}

TEST_CASE("a process that was forked has an empty pool, runs, and starts threads of its own") {
  const Pool pool(4);
  CHECK(shares_once(4, 100));
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    bool good = shares_once(4, 100) && threads_of_process() == 1;
#ifndef __SANITIZE_THREAD__  // which allows no new threads after a fork
    good = good && cnnc_rt_start_all_threads(3) == CNNC_RT_OK && threads_of_process() == 3;
    good = good && threads_meet(3, 3) && shares_once(4, 100);
    cnnc_rt_stop_threads();
    good = good && threads_of_process() == 1;
#endif
    _exit(good ? 0 : 1);
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(threads_meet(4, 4));
}

TEST_CASE("a loop's iterations run once each, in at most as many pieces as it has tasks") {
  struct Iterations {
    Counts counts{100};
    static int body(void*, int index, uint8_t* closure) {
      Counts::add(&reinterpret_cast<Iterations*>(closure)->counts, index - 7, 0);
      return 0;
    }
  };
  const Pool pool(3);
  cnnc_rt_threads with = {3, nullptr, nullptr};
  for (const int tasks : {1, 2, 3, 99, 100, 1000})
    for (void* threads : {static_cast<void*>(nullptr), static_cast<void*>(&with)}) {
      Iterations iterations;
      CHECK(cnnc_rt_parallel_loop(threads, Iterations::body, 7, 100, reinterpret_cast<uint8_t*>(&iterations),
                                  tasks) == 0);
      CHECK(iterations.counts.all_once());
    }
}

namespace {

// Iterations that note in their thread's scratch memory who was there before, and find it whenever the byte
// says so.
struct InScratch {
  static constexpr int kPlaces = 3;
  static constexpr size_t kBytes = 64;
  Counts counts{100};
  std::vector<unsigned char> scratch = std::vector<unsigned char>(kPlaces * kBytes);
  std::atomic<int> wrong{0}, first{0};
  static int body(void* context, int index, uint8_t* closure) {
    auto& in = *reinterpret_cast<InScratch*>(closure);
    auto** words = static_cast<unsigned char**>(context);
    unsigned char *own = words[1], *ready = words[2];
    const auto offset = static_cast<size_t>(own - in.scratch.data());
    if (offset % kBytes != 0 || offset >= kPlaces * kBytes) ++in.wrong;
    if (*ready == 0) {
      ++in.first;
      *ready = 1;
      own[0] = static_cast<unsigned char>(offset / kBytes + 1);
    } else if (own[0] != offset / kBytes + 1) {
      ++in.wrong;
    }
    const unsigned char before = own[1]++;
    std::this_thread::yield();
    if (own[1] != static_cast<unsigned char>(before + 1)) ++in.wrong;
    Counts::add(&in.counts, index, 0);
    return 0;
  }
  // Whether each iteration ran once, in memory that no other thread used meanwhile.
  bool runs(void* threads, int tasks) {
    void* context[] = {threads, scratch.data(), reinterpret_cast<void*>(kBytes)};
    cnnc_rt_parallel_loop_in_scratch(context, body, 0, 100, reinterpret_cast<uint8_t*>(this), tasks, kPlaces);
    return counts.all_once() && wrong == 0 && first >= 1 && first <= kPlaces;
  }
};

}  // namespace

TEST_CASE("each thread of a loop has scratch memory of its own, which stays as it left it") {
  const Pool pool(6);
  cnnc_rt_threads six = {6, nullptr, nullptr}, one = {1, nullptr, nullptr};
  const auto backwards = [](void*, int count, void (*task)(void*, int), void* data) {
    for (int i = count - 1; i >= 0; --i) task(data, i);
  };
  cnnc_rt_threads application = {0, backwards, nullptr};
  for (int round = 0; round < 20; ++round)
    for (const int tasks : {1, 2, 3, 50, 1000})
      for (void* threads : {static_cast<void*>(nullptr), static_cast<void*>(&one), static_cast<void*>(&six),
                            static_cast<void*>(&application)})
        CHECK(InScratch().runs(threads, tasks));
  InScratch alone;
  CHECK(alone.runs(nullptr, 50));
  CHECK(alone.first == 1);
}

TEST_CASE("the application's own parallel-for gets the pieces of a loop, and its context") {
  struct Application {
    std::vector<int> pieces;
    static void parallel_for(void* context, int count, void (*task)(void*, int), void* data) {
      static_cast<Application*>(context)->pieces.push_back(count);
      for (int i = count - 1; i >= 0; --i) task(data, i);
    }
  } application;
  Counts counts(10);
  const auto body = [](void*, int index, uint8_t* closure) {
    Counts::add(closure, index, 0);
    return 0;
  };
  cnnc_rt_threads with = {0, Application::parallel_for, &application};
  for (const int tasks : {4, 100, 1})
    cnnc_rt_parallel_loop(&with, body, 0, 10, reinterpret_cast<uint8_t*>(&counts), tasks);
  CHECK(counts.calls == std::vector<int>(10, 3));
  CHECK(application.pieces == std::vector<int>{4, 10});  // one piece needs no help
}

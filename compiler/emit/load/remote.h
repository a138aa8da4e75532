// A program of compiled code that runs elsewhere, by a command: what it is to do goes to its standard input,
// and its answers come from its standard output (runtime/program/program.h).
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "emit/load/program.h"
#include "runtime/program/program.h"

namespace cnnc {

// Of the program's memory, number so-and-so, which begins at 0, the place so many bytes in; memory -1 is a
// null pointer. Where there are copies of what a function is called with, `step` is from a place to that in
// the next.
struct RemotePlace {
  int64_t memory = -1, offset = 0, step = 0;
};

// Calls of one function: number i, from `first` on, with copy i % copies of what the pointers point to.
struct RemoteCalls {
  int64_t function = 0;
  RemotePlace watched;  // a number of 32 bits that is reported if a call crashes
  int64_t count = 1, first = 0, copies = 1;
  std::vector<RemotePlace> pointers;
};

// Throws RunnerError where no program can be linked, or run by the command.
void check_runner(const std::string& runner, const Target& target);

class Remote {
 public:
  // Starts the program by the shell's command `runner`, with the program's path behind it, and waits for its
  // greeting; then the program's file is wanted no more. Throws RunnerError, as all below do, with what the
  // command did instead.
  Remote(const Program& program, std::string runner);
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;
  ~Remote();

  // Its number. All bytes are `fill`; the address is aligned to 64, and `past` bytes beyond.
  int64_t add_memory(int64_t bytes, unsigned char fill, int64_t past = 0);
  void write(const RemotePlace& place, const void* data, int64_t bytes);
  // Makes so many copies in all, behind each other, of bytes that are there.
  void copy(const RemotePlace& place, int64_t bytes, int64_t copies);
  void fetch(const RemotePlace& place, void* data, int64_t bytes);
  void start_threads(int threads);
  // Where a call crashes, the status is the signal's number, negative, and the program is at its end.
  cnnc_program_call call(const RemoteCalls& calls);

 private:
  void greet();
  void end();
  void send(const void* data, size_t bytes);
  void receive(void* data, size_t bytes);
  void send_numbers(const std::vector<int64_t>& numbers);
  void receive_status(const char* wanted);
  [[noreturn]] void fail(const std::string& what);

  std::string runner_;
  pid_t process_ = -1;
  int to_ = -1, from_ = -1;
  int64_t memories_ = 0;
  bool is_done_ = false;
};

}  // namespace cnnc

// cnnc: text in, static library out. Chooses the command, and turns what is thrown into an exit code.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "driver/commands.h"
#include "driver/console/input_error.h"
#include "driver/console/standard_streams.h"
#include "driver/options/command_line.h"
#include "emit/load/runner_error.h"
#include "support/atomic_file.h"

namespace {

// The exit codes that 'cnnc --help' promises.
constexpr int kInputIsWrong = 1, kCommandLineIsWrong = 2, kFaultOfCnnc = 70;  // 70: EX_SOFTWARE of sysexits.h

int complain(const std::string& text, int exit_code) {
  std::fputs(text.c_str(), stderr);  // where nobody reads it, the exit code tells
  return exit_code;
}

int complain_of_cnnc(std::string what) {
  while (!what.empty() && what.back() == '\n') what.pop_back();  // Halide's messages end in line breaks
  return complain(
      fmt::format("cnnc: internal error: {}\nUnless the cause is this machine, such as a full disk, please "
                  "report it with the network's text and the command line.\n",
                  what),
      kFaultOfCnnc);
}

int run_command(int argc, char** argv) {
  const cnnc::Command command = cnnc::parse_command_line(argc, argv);
  return std::visit([](const auto& options) { return cnnc::run(options); }, command);
}

}  // namespace

int cnnc::run(const ShowText& text) {
  if (text.exit_code != 0) return complain(text.text, text.exit_code);
  print(text.text);
  return 0;
}

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // then a write fails, and what was begun is cleaned up first
  try {
    return run_command(argc, argv);
  } catch (const cnnc::ClosedPipe&) {
    return cnnc::end_by_closed_pipe();
  } catch (const cnnc::InputError& error) {
    return complain(error.text, kInputIsWrong);
  } catch (const cnnc::UsageError& error) {
    return complain(
        fmt::format("cnnc: error: {}\n'cnnc --help' lists the commands and options\n", error.message),
        kCommandLineIsWrong);
  } catch (const cnnc::FileError& error) {
    return complain(fmt::format("cnnc: error: {}\n", error.what()), kInputIsWrong);
  } catch (const cnnc::RunnerError& error) {
    return complain(fmt::format("cnnc: error: {}\n", error.what()), kInputIsWrong);
  } catch (const std::bad_alloc&) {
    return complain("cnnc: internal error: out of memory; the network needs more than this machine gives\n",
                    kFaultOfCnnc);
  } catch (const std::exception& error) {
    return complain_of_cnnc(error.what());
  } catch (...) {
    return complain_of_cnnc("an exception of no known kind");
  }
}

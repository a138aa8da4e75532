// Where the choices for one problem are compiled and measured, each in child processes of its own.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tune/ground.h"
#include "tune/trial.h"

namespace cnnc {

struct StandOptions {
  int threads = 1;                                                          // of a run
  int jobs = 1;                                                             // compilations at a time
  std::optional<std::string> runner;                                        // see runnables_elsewhere
  int64_t reuse_bytes = 0;                                                  // see Ground
  double compile_seconds = 60, trial_seconds = 60;                          // then a child is ended
  std::function<void(const std::string&)> log = [](const std::string&) {};  // of what fails, a line each
};

class Stand {
 public:
  // `direct`: the direct algorithm's default, whose result is taken for the right one. Throws
  // std::runtime_error if one of these kernels cannot be compiled.
  Stand(const Target& target, const Subject& standard, const Subject& direct, StandOptions options);

  // Measures each beside the standard; none for those that fail.
  std::vector<std::optional<Times>> measure(const std::vector<std::optional<Subject>>& subjects,
                                            double seconds);

 private:
  void compile(const std::vector<const Subject*>& subjects);
  std::vector<Runnable> runnables(const std::vector<const Compiled*>& kernels);
  const Compiled* compiled(const Subject& subject) const;
  void log_failure(const Subject& subject, const std::string& what) const;

  Target target_;
  StandOptions options_;
  Ground ground_;
  std::map<std::string, std::optional<Compiled>> compiled_;  // by choice; none: it cannot be compiled
  Compiled standard_, direct_;
};

}  // namespace cnnc

#include "tune/stand.h"

#include <fmt/format.h>

#include <cstring>
#include <set>
#include <stdexcept>
#include <utility>

#include "emit/kernels/workers.h"
#include "emit/load/loaded_kernel.h"
#include "plan/choose/space.h"

namespace cnnc {

namespace {

std::string name_of(const Subject& subject) {
  return to_string(choice_of(subject.kernel));
}

// Times on their way out of a child.
std::string bytes_of(const Times& times) {
  std::string bytes(sizeof times, '\0');
  std::memcpy(bytes.data(), &times, sizeof times);
  return bytes;
}

Times times_of(const std::string& bytes) {
  Times times;
  if (bytes.size() != sizeof times) throw std::logic_error("a measurement of the wrong size");
  std::memcpy(&times, bytes.data(), sizeof times);
  return times;
}

}  // namespace

Stand::Stand(const Target& target, const Subject& standard, const Subject& direct, StandOptions options)
    : target_(target), options_(std::move(options)), ground_(standard, options_.reuse_bytes) {
  compile({&standard, &direct});
  for (const auto& [subject, place] : {std::pair(&standard, &standard_), std::pair(&direct, &direct_)}) {
    const Compiled* found = compiled(*subject);
    if (!found) throw std::runtime_error(fmt::format("{} cannot be compiled", name_of(*subject)));
    *place = *found;
  }
}

const Compiled* Stand::compiled(const Subject& subject) const {
  const auto found = compiled_.find(name_of(subject));
  return found == compiled_.end() || !found->second ? nullptr : &*found->second;
}

void Stand::log_failure(const Subject& subject, const std::string& what) const {
  options_.log(fmt::format("{} {}", name_of(subject), what.substr(0, what.find('\n'))));
}

void Stand::compile(const std::vector<const Subject*>& subjects) {
  std::vector<const Subject*> missing;
  for (const Subject* subject : subjects)
    if (compiled_.emplace(name_of(*subject), std::nullopt).second) missing.push_back(subject);
  std::vector<Outcome> outcomes =
      try_in_children(missing.size(), options_.jobs, options_.compile_seconds,
                      [&](size_t i) { return kernel_object(missing[i]->kernel, target_); });
  for (size_t i = 0; i < missing.size(); ++i) {
    if (outcomes[i].ok())
      compiled_[name_of(*missing[i])] =
          Compiled{*missing[i], std::move(outcomes[i].text), ground_.prepare(*missing[i])};
    else
      log_failure(*missing[i], "cannot be compiled: " + outcomes[i].text);
  }
}

std::vector<Runnable> Stand::runnables(const std::vector<const Compiled*>& kernels) {
  return options_.runner ? runnables_elsewhere(ground_, kernels, target_, *options_.runner, options_.threads)
                         : runnables_here(ground_, kernels, options_.threads);
}

std::vector<std::optional<Times>> Stand::measure(const std::vector<std::optional<Subject>>& subjects,
                                                 double seconds) {
  std::vector<const Subject*> given;
  for (const std::optional<Subject>& subject : subjects)
    if (subject) given.push_back(&*subject);
  compile(given);
  std::vector<std::optional<Times>> all(subjects.size());
  for (size_t i = 0; i < subjects.size(); ++i) {
    const Compiled* tried = subjects[i] ? compiled(*subjects[i]) : nullptr;
    if (!tried) continue;
    const Outcome outcome =
        try_in_children(1, 1, options_.trial_seconds, [&](size_t) {
          const std::vector<Runnable> kernels = runnables({tried, &standard_, &direct_});
          return bytes_of(trial(
              ground_, {kernels[0], kernels[1], kernels[2], tolerance_of(tried->subject.kernel)}, seconds));
        }).front();
    if (outcome.ok())
      all[i] = times_of(outcome.text);
    else
      log_failure(*subjects[i], outcome.text);
  }
  return all;
}

}  // namespace cnnc

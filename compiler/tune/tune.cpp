#include "tune/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "plan/choose/space.h"
#include "tune/search.h"
#include "tune/stand.h"

namespace cnnc {

namespace {

constexpr double kTrialSeconds = 0.12, kFinalSeconds = 1;
constexpr size_t kFinalists = 3;
constexpr int kMostOfWave = 16;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Thrown where the user ends the work.
struct Stopped {};

class Tuner {
 public:
  Tuner(const Graph& graph, const Target& target, const TuningOptions& options, const TuneEvents& events)
      : graph_(graph),
        target_(target),
        options_(options),
        events_(events),
        reuse_bytes_(weights_bytes(graph, target, options.plan)) {}

  Tuned tune(size_t number, const Problem& problem, double seconds) const {
    const double end = now() + seconds;
    Stand stand(target_, problem.standard, direct_of(problem), stand_options(problem));
    const Choice standard = choice_of(problem.standard.kernel);
    Tuned tuned{problem, {problem.name, target_.isa, options_.threads}, {standard, {}, 0}, 0};
    double best = 1;
    events_.progress(number, problem, tuned.tried, best);
    const MeasureRatios measure = [&](const std::vector<Choice>& choices) {
      std::vector<std::optional<double>> ratios = ratios_of(stand, problem, choices);
      for (const std::optional<double>& ratio : ratios) best = std::min(best, ratio.value_or(best));
      tuned.tried += choices.size();
      events_.progress(number, problem, tuned.tried, best);
      if (!events_.goes_on()) throw Stopped();
      return ratios;
    };
    SearchOptions search_options;
    search_options.wave = static_cast<size_t>(std::clamp(2 * options_.jobs, 4, kMostOfWave));
    search_options.goes_on = [&] { return now() < end; };
    choose(stand, search(candidates_of(problem, target_), standard, measure, search_options), tuned);
    return tuned;
  }

 private:
  // Measures the best once more, for longer: of so many tries some are better by chance.
  void choose(Stand& stand, const std::vector<Tried>& tried, Tuned& tuned) const {
    std::vector<Choice> finalists;
    for (const Tried& each : tried)
      if (finalists.size() < kFinalists && each.ratio < 1) finalists.push_back(each.choice);
    const Choice standard = tuned.record.choice;
    if (finalists.empty()) finalists.push_back(standard);
    const auto times = stand.measure(subjects_of(tuned.problem, finalists), kFinalSeconds);
    double best = 1 / kLeastGain;
    for (size_t i = 0; i < finalists.size(); ++i) {
      if (!times[i]) continue;
      const double microseconds = times[i]->standard * 1e6;
      if (!tuned.record.figures) tuned.record.figures = Figures{microseconds, microseconds};
      if (times[i]->ratio >= best || times[i]->ratio + times[i]->uncertainty >= 1) continue;
      best = times[i]->ratio;
      tuned.record = {finalists[i], Figures{best * microseconds, microseconds}, 0};
    }
    if (!events_.goes_on()) throw Stopped();
    if (!tuned.record.figures) throw std::runtime_error("the default cannot be measured");
  }

  std::vector<std::optional<double>> ratios_of(Stand& stand, const Problem& problem,
                                               const std::vector<Choice>& choices) const {
    std::vector<std::optional<double>> ratios;
    for (const auto& times : stand.measure(subjects_of(problem, choices), kTrialSeconds))
      ratios.push_back(times ? std::optional(times->ratio) : std::nullopt);
    return ratios;
  }

  // Of a plan that follows another's packed weights the direct algorithm may read them otherwise.
  Subject direct_of(const Problem& problem) const {
    const Choice direct = algorithms_of(problem.standard.kernel, target_).front();
    PlanOptions options = options_.plan;
    if (options.sharing) options.sharing->plan = nullptr;
    const std::optional<Subject> subject = subject_of(graph_, target_, options, problem, direct);
    if (!subject) throw std::runtime_error("the direct algorithm does not fit");
    return *subject;
  }

  // None for a choice whose kernel would read or write tensors that lie otherwise.
  std::vector<std::optional<Subject>> subjects_of(const Problem& problem,
                                                  const std::vector<Choice>& choices) const {
    std::vector<std::optional<Subject>> subjects;
    for (const Choice& choice : choices) {
      std::optional<Subject> subject = subject_of(graph_, target_, options_.plan, problem, choice);
      const Kernel& standard = problem.standard.kernel;
      const bool fits =
          subject && subject->kernel.inputs == standard.inputs && subject->kernel.output == standard.output;
      if (!fits) events_.log(problem, fmt::format("{} does not fit", to_string(choice)));
      subjects.push_back(fits ? std::move(subject) : std::nullopt);
    }
    return subjects;
  }

  StandOptions stand_options(const Problem& problem) const {
    StandOptions stand;
    stand.threads = options_.threads;
    stand.jobs = options_.jobs;
    stand.runner = options_.runner;
    stand.reuse_bytes = reuse_bytes_;
    stand.log = [this, &problem](const std::string& line) {
      if (events_.goes_on())
        events_.log(problem, line);  // a signal that ends the work reaches the children too
    };
    return stand;
  }

  const Graph& graph_;
  const Target& target_;
  const TuningOptions& options_;
  const TuneEvents& events_;
  int64_t reuse_bytes_;
};

}  // namespace

void tune(const Graph& graph, const Target& target, const std::vector<Problem>& problems,
          const TuningOptions& options, const TuneEvents& events) {
  const double end = now() + options.seconds;
  const Tuner tuner(graph, target, options, events);
  double left = 0;  // of the network's time
  for (const Problem& problem : problems) left += problem.seconds;
  for (size_t i = 0; i < problems.size() && now() < end && events.goes_on(); ++i) {
    const double share = problems[i].seconds / left;
    left -= problems[i].seconds;
    try {
      events.found(tuner.tune(i + 1, problems[i], share * (end - now())));
    } catch (const Stopped&) {
      return;
    } catch (const std::runtime_error& error) {
      events.log(problems[i], error.what());
    }
  }
}

}  // namespace cnnc

#include "plan/records/records.h"

#include <fmt/format.h>

#include "plan/choose/space.h"

namespace cnnc {

namespace {

// Four digits, at least the whole microseconds: "0.512", "187.2", "20490".
std::string microseconds(double value) {
  return fmt::format("{:.{}f}", value, value < 10 ? 3 : value < 100 ? 2 : value < 1000 ? 1 : 0);
}

std::string line_of(const RecordKey& key, const Record& record) {
  std::string line = fmt::format("{} | f32 {} threads {} | {}", key.problem, to_string(key.isa), key.threads,
                                 to_string(record.choice));
  if (record.figures)
    line += fmt::format(" | {} us of {}", microseconds(record.figures->tuned),
                        microseconds(record.figures->standard));
  return line + "\n";
}

// How many times faster than the default.
double gain_of(const Record& record) {
  return record.figures ? record.figures->standard / record.figures->tuned : 0;
}

}  // namespace

std::string to_string(const Records& records) {
  std::string text =
      "cnnc schedules 1\n# problem | type, instruction set, threads | family and its numbers | time of it, "
      "and "
      "of the default\n";
  for (const auto& [key, record] : records) text += line_of(key, record);
  return text;
}

Choices choices_of(const Records& records, Isa isa, int threads) {
  Choices choices;
  for (const auto& [key, record] : records)  // of one problem the fewest threads first
    if (key.isa == isa && key.threads <= threads) choices[key.problem] = record.choice;
  return choices;
}

Records records_of(const Plan& plan, int threads) {
  Records records;
  for (const Kernel& kernel : plan.kernels)
    if (std::string problem = problem_of(kernel); !problem.empty())
      records.emplace(RecordKey{std::move(problem), plan.target.isa, threads},
                      Record{choice_of(kernel), std::nullopt, 0});
  return records;
}

Records merge(Records first, const Records& second) {
  for (const auto& [key, record] : second) {
    const auto [place, is_new] = first.emplace(key, record);
    if (!is_new && gain_of(record) > gain_of(place->second)) place->second = record;
  }
  return first;
}

}  // namespace cnnc

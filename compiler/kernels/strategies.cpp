#include "kernels/strategies.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "kernels/halide_versions.h"
#include "kernels/kernel.h"

namespace cnnc {

namespace {

// Of a processor of which nothing is known: Halide's own defaults.
constexpr uint64_t kLastLevelCacheBytes = 16 << 20;
constexpr float kBalance = 40;

struct Autoscheduler {
  const char *strategy, *name, *plugin;
};
constexpr Autoscheduler kAutoschedulers[] = {
    {"mullapudi2016", "Mullapudi2016", "libautoschedule_mullapudi2016.so"},
    {"li2018", "Li2018", "libautoschedule_li2018.so"},
    {"adams2019", "Adams2019", "libautoschedule_adams2019.so"},
};

const Autoscheduler* autoscheduler_of(const std::string& strategy) {
  const auto* found = std::find_if(std::begin(kAutoschedulers), std::end(kAutoschedulers),
                                   [&](const Autoscheduler& a) { return a.strategy == strategy; });
  return found == std::end(kAutoschedulers) ? nullptr : found;
}

std::string path_of(const Autoscheduler& autoscheduler, const std::string& folder) {
  return (folder.empty() ? CNNC_HALIDE_PLUGINS : folder) + "/" + autoscheduler.plugin;
}

// Estimates of the result's size, which here are exact; those of the inputs are set with their bounds.
void estimate_result(Halide::Func result, const Layout& layout) {
  Halide::Region region;
  for (const int64_t extent : {layout.block, layout.width, layout.height, layout.planes(), layout.images})
    region.emplace_back(0, static_cast<int>(extent));
  result.set_estimates(region);
}

}  // namespace

const std::vector<std::string>& strategy_names() {
  static const std::vector<std::string> names = {"naive", "mullapudi2016", "li2018", "adams2019"};
  return names;
}

void require_plugin(const std::string& strategy, const std::string& folder) {
  const Autoscheduler* autoscheduler = autoscheduler_of(strategy);
  std::error_code error;
  if (!autoscheduler || std::filesystem::exists(path_of(*autoscheduler, folder), error)) return;
  throw std::runtime_error(fmt::format(
      "the schedule '{}' is made by Halide's plugin {}, which is not where it was when cnnc was built, or "
      "was not there at all; Debian has it in the package libhalide14-0-dev (12) or libhalide19-dev (13)",
      strategy, autoscheduler->plugin));
}

void apply_strategy(const ScheduledKernel& scheduled, const Kernel& kernel, const Target& target) {
  const Autoscheduler* autoscheduler = autoscheduler_of(kernel.strategy);
  if (!autoscheduler) return;  // naive: nothing to do
  require_plugin(kernel.strategy);
  Halide::load_plugin(path_of(*autoscheduler, ""));
  estimate_result(scheduled.result, kernel.output);
  auto_schedule(scheduled.result, autoscheduler->name, halide_target(target),
                {kernel.strategy_threads, kLastLevelCacheBytes, kBalance});
}

}  // namespace cnnc

#include "driver/simulate/simulation_table.h"

#include <fmt/format.h>

#include "driver/bench/bench_rows.h"
#include "driver/console/numbers.h"
#include "driver/console/table.h"

namespace cnnc {
namespace {

// "4", or "16 + 8" of two loops.
std::string tasks_in_words(const LayerTasks& layer) {
  std::string text;
  for (const LoopTasks& loop : layer.loops)
    text += (text.empty() ? "" : " + ") + with_commas(static_cast<int64_t>(loop.seconds.size()));
  return text;
}

double total(const std::vector<SimulatedLayer>& layers) {
  double seconds = 0;
  for (const SimulatedLayer& layer : layers) seconds += layer.seconds;
  return seconds;
}

double total(const std::vector<LayerTasks>& layers) {
  double seconds = 0;
  for (const LayerTasks& layer : layers) seconds += seconds_of(layer);
  return seconds;
}

Row row_of(std::string name, std::string family, std::string tasks, double one, double several,
           std::string loss) {
  return {std::move(name), std::move(family), std::move(tasks),
          in_ms(one),      in_ms(several),    several > 0 ? fmt::format("{:.2f}", one / several) : "",
          std::move(loss)};
}

// "2 threads 4.7 ms (1.80 x), 4 …", of half as many, of a quarter and so on, the fewest first.
std::string fewer_threads(const std::vector<LayerTasks>& layers, int threads, const PoolCosts& costs) {
  std::string text;
  for (int fewer = threads; fewer >= 2; fewer /= 2) {
    const double seconds = total(simulate(layers, fewer, costs));
    const std::string each =
        fmt::format("{} threads {} ms ({:.2f} x)", fewer, in_ms(seconds), total(layers) / seconds);
    text = text.empty() ? each : each + ", " + text;
  }
  return text;
}

}  // namespace

std::string simulation_table(const std::vector<BenchLayer>& names, const std::vector<std::string>& families,
                             const std::vector<LayerTasks>& layers, int threads, const PoolCosts& costs) {
  const std::vector<SimulatedLayer> simulated = simulate(layers, threads, costs);
  std::vector<Row> rows = {
      {"layer", "kernel", "tasks", "ms with 1", fmt::format("with {}", threads), "x", "lost to"}};
  for (size_t i = 0; i < layers.size(); ++i)
    rows.push_back(row_of(short_title_of(names.at(i)), families.at(i), tasks_in_words(layers[i]),
                          seconds_of(layers[i]), simulated[i].seconds,
                          loss_of(layers[i], simulated[i], threads)));
  rows.push_back(row_of("all", "", "", total(layers), total(simulated), ""));
  return fmt::format(
      "{}\nsimulated, of tasks that were timed on one thread: {}\nthreads lose {:.1f} µs where they share "
      "out "
      "tasks, and {:.0f} µs where they have slept; what processors share, caches and memory, is not in it\n",
      table(rows, "llrrrrl"), fewer_threads(layers, threads, costs), (costs.join + costs.finish) * 1e6,
      costs.wake * 1e6);
}

}  // namespace cnnc

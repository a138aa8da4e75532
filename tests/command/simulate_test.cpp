// How long threads take by the times of tasks, as the pool would hand them out.
#include "driver/simulate/simulate.h"

#include <doctest/doctest.h>

#include "driver/simulate/simulation_table.h"

using namespace cnnc;

namespace {

LayerTasks layer_of(std::vector<double> tasks, double alone = 0, double first = 0, double most = 256) {
  return {alone, {{std::move(tasks), first, most}}};
}

SimulatedLayer simulated(const LayerTasks& layer, int threads, const PoolCosts& costs = {}) {
  return simulate({layer}, threads, costs).front();
}

}  // namespace

TEST_CASE("tasks of equal size take as long as the thread with the most of them") {
  CHECK(simulated(layer_of({1, 1, 1, 1}), 2).seconds == 2);
  CHECK(simulated(layer_of({1, 1, 1, 1}), 4).seconds == 1);
  CHECK(simulated(layer_of({1, 1, 1, 1, 1}), 4).seconds == 2);
  CHECK(simulated(layer_of({1, 1, 1, 1, 1}), 4).idle == 3);
  CHECK(simulated(layer_of({1, 1}), 4).seconds == 1);
  CHECK(simulated(layer_of({1, 1}), 4).idle == 2);
}

TEST_CASE("a thread that is done takes the last tasks of the others") {
  CHECK(simulated(layer_of({1, 1, 1, 5, 1, 1}), 2).seconds == 5);         // 1 1 1 1 1 beside 5
  CHECK(simulated(layer_of({1, 1, 1, 1, 5, 1, 9, 2}), 2).seconds == 15);  // 1 1 1 1 2 and 5 1, then 9
  CHECK(simulated(layer_of({1, 1, 1, 1, 1, 5}), 2).seconds == 7);         // the 5 is behind its share's two
  CHECK(simulated(layer_of({1, 1, 1, 1}, 0, 0, 1), 4).seconds == 4);      // scratch memory for one thread
}

TEST_CASE("each thread prepares once, and the layer's other work is the caller's") {
  const SimulatedLayer layer = simulated(layer_of({1, 1, 1, 1}, 3, 0.5), 2);
  CHECK(layer.seconds == 3 + 0.5 + 2);
  CHECK(layer.alone == 3);
  CHECK(layer.first == 0.5);
  CHECK(seconds_of(layer_of({1, 1, 1, 1}, 3, 0.5)) == 7.5);
}

TEST_CASE("threads come late, later where they have slept, and the caller begins without them") {
  const PoolCosts costs{0, 1, 8, 0.5, 100};
  CHECK(simulated(layer_of({4, 4}), 2, costs).seconds == 8.5);  // before the run they slept
  const std::vector<LayerTasks> twice{layer_of({4, 4}), layer_of({4, 4})};
  CHECK(simulate(twice, 2, costs)[1].seconds == 5.5);
  const std::vector<LayerTasks> apart{layer_of({4, 4}), layer_of({}, 101), layer_of({4, 4})};
  CHECK(simulate(apart, 2, costs)[2].seconds == 8.5);
}

TEST_CASE("a layer's loss is named where threads do less than four fifths of what they could") {
  const auto loss = [](const LayerTasks& layer, int threads, const PoolCosts& costs = {}) {
    return loss_of(layer, simulated(layer, threads, costs), threads);
  };
  CHECK(loss(layer_of({1, 1, 1, 1}), 4) == "");
  CHECK(loss(layer_of({1, 1, 1, 1, 1}), 4) == "5 tasks for 4 threads");
  CHECK(loss({1, {}}, 4) == "not shared out");
  CHECK(loss(layer_of({1, 1, 1, 1}, 4), 4) == "one thread's part");
  CHECK(loss(layer_of({1, 1, 1, 1}, 0, 1), 4) == "each thread's first task is slower");
  CHECK(loss(layer_of({1, 1, 1, 1}), 4, {1, 1, 1, 1}) == "short tasks: handing them over");
}

TEST_CASE("a simulation as a table, with fewer threads in a line below") {
  const std::vector<BenchLayer> names{{"conv1", "16x8x8"}, {"fc", "10"}};
  const std::vector<LayerTasks> layers{layer_of({1e-3, 1e-3, 1e-3, 1e-3}), {1e-3, {}}};
  CHECK(simulation_table(names, {"conv_blocked", "dense"}, layers, 4, {0, 0, 5e-5, 1e-6}) ==
        "layer  kernel        tasks  ms with 1  with 4     x  lost to\n"
        "conv1  conv_blocked      4      4.000   1.051  3.81\n"
        "fc     dense                    1.000   1.000  1.00  not shared out\n"
        "all                             5.000   2.051  2.44\n"
        "\n"
        "simulated, of tasks that were timed on one thread: 2 threads 3.051 ms (1.64 x), 4 threads 2.051 ms "
        "(2.44 x)\n"
        "threads lose 1.0 µs where they share out tasks, and 50 µs where they have slept; what processors "
        "share, caches and memory, is not in it\n");
}

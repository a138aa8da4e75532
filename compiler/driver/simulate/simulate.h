// How long a network takes with several threads, reckoned from the times of its tasks on one thread and from
// how the pool (runtime/pool.c) hands tasks out.
#pragma once
#include <string>
#include <vector>

namespace cnnc {

// A loop whose iterations threads share, as tasks.
struct LoopTasks {
  std::vector<double> seconds;  // of each task, by a thread that has done one of them before
  double first = 0;             // what a thread's first task takes longer: it fills caches and scratch memory
  double most_threads = 0;      // more take no part
};

struct LayerTasks {
  double alone = 0;  // seconds of the calling thread alone, outside of the loops
  std::vector<LoopTasks> loops;
};

// Of one thread.
double seconds_of(const LayerTasks& layer);

// Seconds that threads lose to each other.
struct PoolCosts {
  double post = 0;        // until a caller that shares tasks out begins with the first itself
  double join = 0;        // until a thread that looks for work has begun with one
  double wake = 0;        // until one that sleeps has
  double finish = 0;      // from the last task's end until the caller goes on
  double looking = 1e-3;  // so long a thread looks for work before it sleeps
};

struct SimulatedLayer {
  double seconds = 0;
  // Seconds of all threads together in which none of them worked on a task, by why: the caller worked alone,
  // first tasks took longer, tasks were handed over, and there was no task left for a thread.
  double alone = 0, first = 0, handed = 0, idle = 0;
};

// Layer by layer, in a run that follows others.
std::vector<SimulatedLayer> simulate(const std::vector<LayerTasks>& layers, int threads,
                                     const PoolCosts& costs);

// What most of the lost time of a layer is lost to: "7 tasks for 4 threads", "not shared out"; empty if
// threads do at least four fifths of what they could.
std::string loss_of(const LayerTasks& layer, const SimulatedLayer& simulated, int threads);

}  // namespace cnnc

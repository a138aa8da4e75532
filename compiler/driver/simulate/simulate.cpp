#include "driver/simulate/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "driver/console/numbers.h"

namespace cnnc {
namespace {

constexpr double kWorthAWord = 0.8;  // of what threads could do: below it a layer's loss is named

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// The tasks of a loop that nobody has taken yet, in shares: neighbouring ones for each thread, as
// cnnc_rt_share divides them.
class Shares {
 public:
  Shares(size_t tasks, size_t count) {
    for (size_t i = 0; i < count; ++i) shares_.push_back({tasks * i / count, tasks * (i + 1) / count});
  }
  // The next task of a thread: of its own share the first one, else of another's the last. False if none is
  // left.
  bool take(size_t thread, size_t& task) {
    for (size_t other = 0; other < shares_.size(); ++other) {
      Share& share = shares_[(thread + other) % shares_.size()];
      if (share.begin == share.end) continue;
      task = other == 0 ? share.begin++ : --share.end;
      return true;
    }
    return false;
  }

 private:
  struct Share {
    size_t begin, end;
  };
  std::vector<Share> shares_;
};

// A loop that begins at 0, shared by threads that begin at these times, the first of them the caller. Adds
// what is lost to `layer`; returns when the last of its tasks has ended.
double run_loop(const LoopTasks& loop, std::vector<double> free, SimulatedLayer& layer) {
  Shares shares(loop.seconds.size(), free.size());
  std::vector<bool> has_begun(free.size()), is_done(free.size());
  const std::vector<double> begins = free;
  double end = 0;
  while (true) {
    size_t next = free.size();
    for (size_t i = 0; i < free.size(); ++i)
      if (!is_done[i] && (next == free.size() || free[i] < free[next])) next = i;
    if (next == free.size()) break;
    size_t task = 0;
    is_done[next] = !shares.take(next, task);
    if (is_done[next]) continue;
    if (!has_begun[next]) {
      free[next] += loop.first;
      layer.first += next == 0 ? 0 : loop.first;  // one thread prepares once, too
      has_begun[next] = true;
    }
    free[next] += loop.seconds[task];
    end = std::max(end, free[next]);
  }
  for (size_t i = 0; i < free.size(); ++i) {
    layer.handed += std::min(begins[i], end);
    layer.idle += has_begun[i] ? end - free[i] : std::max(0.0, end - begins[i]);
  }
  return end;
}

}  // namespace

double seconds_of(const LayerTasks& layer) {
  double seconds = layer.alone;
  for (const LoopTasks& loop : layer.loops) seconds += sum(loop.seconds) + loop.first;
  return seconds;
}

std::vector<SimulatedLayer> simulate(const std::vector<LayerTasks>& layers, int threads,
                                     const PoolCosts& costs) {
  std::vector<SimulatedLayer> simulated;
  double without_work = costs.looking + 1;  // for so long the pool's threads have had none
  for (const LayerTasks& layer : layers) {
    SimulatedLayer of;
    of.seconds = layer.alone;
    of.alone = layer.alone * (threads - 1);
    without_work += layer.alone;
    for (const LoopTasks& loop : layer.loops) {
      const double most = std::min<double>(loop.most_threads, static_cast<double>(loop.seconds.size()));
      const auto count = static_cast<size_t>(std::max(1.0, std::min<double>(threads, most)));
      std::vector<double> begins(count, without_work > costs.looking ? costs.wake : costs.join);
      begins[0] = count > 1 ? costs.post : 0;
      const double end = run_loop(loop, begins, of), finish = count > 1 ? costs.finish : 0;
      of.seconds += end + finish;
      of.idle += end * (threads - static_cast<double>(count));
      of.handed += finish * threads;
      without_work = count > 1 ? finish : without_work + end;
    }
    simulated.push_back(of);
  }
  return simulated;
}

std::string loss_of(const LayerTasks& layer, const SimulatedLayer& simulated, int threads) {
  if (seconds_of(layer) >= kWorthAWord * threads * simulated.seconds) return "";
  const double most = std::max({simulated.alone, simulated.first, simulated.handed, simulated.idle});
  if (most == simulated.alone) return layer.loops.empty() ? "not shared out" : "one thread's part";
  if (most == simulated.first) return "each thread's first task is slower";
  if (most == simulated.handed) return "short tasks: handing them over";
  const auto longest = std::max_element(
      layer.loops.begin(), layer.loops.end(),
      [](const LoopTasks& a, const LoopTasks& b) { return sum(a.seconds) < sum(b.seconds); });
  return fmt::format("{} for {} threads", counted(static_cast<int64_t>(longest->seconds.size()), "task"),
                     threads);
}

}  // namespace cnnc

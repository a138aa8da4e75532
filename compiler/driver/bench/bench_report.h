// What a benchmark found, as values: how a network is computed by several schedules, layer by layer, and how
// long that takes. Tables, files and pages are made from it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "driver/bench/bandwidth.h"
#include "plan/schedule.h"

namespace cnnc {

// Several measurements of one thing.
struct Spread {
  double median = 0, best = 0;  // best: the least
  double low = 0, high = 0;     // the 10th and the 90th percentile
};

// Of at least one value.
Spread spread_of(std::vector<double> values);

// A layer, whatever computes it.
struct BenchLayer {
  std::string name, result;   // result: its layout
  double flops = 0;           // by the layers' definitions, 2 a multiply-add, of all images; 0: not counted
  double bytes = 0;           // of its inputs, parameters and result, each moved once
  bool in_bytes = false;      // whether it sums products of bytes, or of bfloat16, by dot products
  std::string computes = {};  // the layers of the text that it stands for: "conv1 + bn1 + relu1"
};

// Why a schedule has no time for a layer.
struct Failure {
  std::string reason;  // "took more than 60 s"
  bool wrong = false;  // it computes the wrong thing; else there is no code
};

// A layer as a schedule computes it.
struct TimedLayer {
  Choice choice;  // family, and the schedule's numbers where it has any
  std::optional<Failure>
      failure;  // then `seconds` is none, and for the other layers' times our default stood in
  std::optional<Spread> seconds;
  // 2 a multiply-add that its kernels make, which may be more than by the definition or, by Winograd's
  // transforms, fewer; empty: not known.
  std::optional<double> made_flops = std::nullopt;
};

struct TimedSchedule {
  std::string name;
  bool has_numbers = true;  // false: a strategy (kernels/strategies.h)
  std::vector<TimedLayer> layers;
  int64_t runs = 0;
  std::optional<Spread> total;  // seconds of a run; none if a layer is wrong
  bool is_complete = true;      // false: of some layers our default stood in
  std::optional<Spread> ratio;  // total / total of the first schedule, over the rounds of the alternation
};

struct BenchReport {
  std::string network, target, processor;
  int threads = 1;
  int64_t images = 1;
  double peak = 0;                    // FLOP/s of all threads: that of one times their number
  double byte_peak = 0;               // the same of what dot products sum; 0: not measured
  std::string of_dots = "bytes";      // what that is: or "bfloat16"
  std::vector<Bandwidth> bandwidths;  // where they were measured
  int64_t rounds = 0;
  std::vector<BenchLayer> layers;
  std::vector<TimedSchedule> schedules;  // each has the same layers
};

// What the layer is called in tables and pages: after what it computes.
const std::string& title_of(const BenchLayer& layer);

// Of all layers.
double flops_of(const BenchReport& report);

// Whether layers sum products of bytes and no peak of these was measured: then that of floats stands for it.
bool lacks_byte_peak(const BenchReport& report);

// The peak of what the layer is computed in.
double peak_of(const BenchReport& report, const BenchLayer& layer);

// Of the whole network: its operations by the time that they would take at each layer's peak.
double peak_of_all(const BenchReport& report);

}  // namespace cnnc

#include "driver/explain/kernel_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "driver/bench/bench_rows.h"
#include "driver/console/numbers.h"
#include "driver/console/table.h"
#include "driver/explain/loops.h"
#include "plan/choose/choose_winograd.h"
#include "plan/choose/multiply_adds.h"
#include "plan/choose/space.h"

namespace cnnc {
namespace {

std::string number_of(double value) {
  return in_short(static_cast<int64_t>(std::llround(value)));
}

// "784 KiB"
std::string size_of_bytes(double bytes) {
  if (bytes < 1024) return fmt::format("{:.0f} bytes", bytes);
  return bytes < 1 << 20 ? fmt::format("{:.1f} KiB", bytes / 1024)
                         : fmt::format("{:.2f} MiB", bytes / (1 << 20));
}

// As the estimates see it: with vectors as wide as the blocks.
Target seen_by(const Kernel& kernel, const Target& target) {
  return kernel.output.block > target.lanes ? with_vectors(target, kernel.output.block) : target;
}

// Of one core, at the speed that the estimates assume.
double peak_of(const Target& target) {
  return multiply_adds_per_cycle(target) * target.cycles_per_second;
}

// An algorithm with the schedule that it has by default.
struct Way {
  Choice choice;
  double cycles = 0;
  std::optional<double> made;
};

std::optional<Way> way_of(const Kernel& kernel, const Target& target, Choice algorithm, double cycles) {
  Kernel tried = kernel;
  tried.family = algorithm.family;
  tried.schedule = algorithm.schedule;
  if (!complete_schedule(tried, target)) return std::nullopt;
  return Way{choice_of(tried), cycles, multiply_adds(tried)};
}

bool is_same_kind(const Choice& a, const Choice& b) {
  const auto outputs = [](const Choice& choice) {
    const auto found = choice.schedule.find("outputs");
    return found == choice.schedule.end() ? 0 : found->second;
  };
  return a.family == b.family && outputs(a) == outputs(b);
}

// The direct algorithm, and of each of Winograd's transforms the way with the least estimate.
std::vector<Way> ways_of(const Kernel& kernel, const Target& target) {
  const Target seen = seen_by(kernel, target);
  const WindowParameters& window = conv_of(kernel).window;
  std::vector<Way> ways;
  const auto add = [&](const Choice& algorithm, double cycles) {
    const bool is_known = std::any_of(ways.begin(), ways.end(),
                                      [&](const Way& way) { return is_same_kind(way.choice, algorithm); });
    if (is_known) return;
    if (std::optional<Way> way = way_of(kernel, target, algorithm, cycles)) ways.push_back(std::move(*way));
  };
  add(algorithms_of(kernel, target).front(), direct_cycles(window, kernel.inputs[0], kernel.output, seen));
  for (const WinogradEstimate& estimate : winograd_estimates(window, kernel.inputs[0], kernel.output, seen))
    add(estimate.choice, estimate.cycles);
  return ways;
}

std::string called(const Choice& choice) {
  const auto outputs = choice.schedule.find("outputs");
  if (outputs == choice.schedule.end()) return choice.family + ", by the definition";
  return choice.family == "conv_winograd"
             ? fmt::format("{}, F({}, rows)", choice.family, outputs->second)
             : fmt::format("{0}, F({1}x{1}, 3x3)", choice.family, outputs->second);
}

std::string row(const std::string& what, const std::string& text) {
  return indented(2, fmt::format("{:<13} ", what), text);
}

double bytes_of_constants(const Plan& plan, const Step& step) {
  double bytes = 0;
  for (const int constant : step.constants) {
    const Packing& packing = plan.constants[static_cast<size_t>(constant)].packing;
    bytes += static_cast<double>(packing.elements() * size_of(packing.type));
  }
  return bytes;
}

std::string where_it_stays(double bytes, const Memory& memory) {
  if (bytes <= memory.first_level) return "stays in the first-level cache";
  if (bytes <= memory.second_level) return "stays in the second-level cache";
  return bytes <= memory.own + memory.shared ? "stays in the caches beyond the second level"
                                             : "more than the caches hold: read from memory in every run";
}

std::string registers_row(const Kernel& kernel, const Target& target) {
  const std::optional<RegisterTile> tile = register_tile_of(kernel, seen_by(kernel, target));
  if (!tile) return "";
  const int parts = seen_by(kernel, target).parts;
  return row("registers",
             fmt::format("{}: {}{}; there are {}, each of {} {}", counted(tile->sums, "sum"), tile->words,
                         parts > 1 ? fmt::format(", each in {} registers", parts) : "", target.registers,
                         target.lanes, weight_bits_of(kernel) > 0 ? "integers of 32 bits" : "floats"));
}

std::string bounds_rows(const Target& target, double made, double bytes) {
  const double arithmetic = made / peak_of(target), memory = bytes / target.memory.bytes_per_second;
  std::string text = row(
      "operations", fmt::format("{:.3g} for each byte; from {:.3g} on arithmetic takes longer than memory",
                                2 * made / bytes, 2 * peak_of(target) / target.memory.bytes_per_second));
  return text + row("at the least",
                    fmt::format("{} of arithmetic; {} where everything comes from memory (of one core "
                                "as the estimates assume it: {:.0f} GFLOP/s, {:.0f} GB/s)",
                                with_unit(arithmetic), with_unit(memory), 2e-9 * peak_of(target),
                                1e-9 * target.memory.bytes_per_second));
}

}  // namespace

std::string algorithms_text(const Kernel& kernel, const Target& target, const std::string& reason) {
  const auto* conv = std::get_if<ConvParameters>(&kernel.parameters);
  if (!conv || conv->prologue || conv->inner || algorithms_of(kernel, target).size() < 2) return "";
  std::vector<Row> rows = {{"", "multiply-adds", "estimate", ""}};
  for (const Way& way : ways_of(kernel, target)) {
    const bool is_chosen = is_same_kind(way.choice, choice_of(kernel));
    const std::optional<double> made = is_chosen ? multiply_adds(kernel) : way.made;
    rows.push_back({"  " + called(way.choice), made ? number_of(*made) : "",
                    with_unit(way.cycles / target.cycles_per_second), is_chosen ? "chosen" : ""});
  }
  return "Which algorithms can compute it\n" + table(rows, "lrrl") + indented(2, reason) + "\n";
}

std::string loops_text(const Kernel& kernel, const Target& target) {
  std::string text = fmt::format("How: {}{}\n", kernel.family,
                                 kernel.schedule.empty() ? "" : ", schedule " + to_string(kernel.schedule));
  const LoopNest loops = loops_of(kernel, seen_by(kernel, target));
  size_t indent = 0;
  for (const LoopLine& line : loops.loops) {
    text += indented(2 + 2 * indent, line.text);
    if (line.is_loop) ++indent;
  }
  if (!loops.behind.empty()) text += indented(2 * indent, loops.behind);
  if (kernel.tasks > 1)
    text += fmt::format("  Threads share the outer loops, as up to {} tasks.\n", kernel.tasks);
  return text + "\n";
}

std::string memory_text(const Plan& plan, const Step& step, double definition) {
  const Kernel& kernel = plan.kernels[static_cast<size_t>(step.kernel)];
  std::string text = "Registers, caches and memory\n" + registers_row(kernel, plan.target);
  double bytes = 0;
  for (const int input : std::set<int>(step.inputs.begin(), step.inputs.end())) {
    const Buffer& buffer = plan.buffers[static_cast<size_t>(input)];
    bytes += static_cast<double>(buffer.layout.bytes());
    text += row("reads", fmt::format("{} as {}: {}", buffer.name, to_string(buffer.layout),
                                     size_of_bytes(static_cast<double>(buffer.layout.bytes()))));
  }
  const double weights = bytes_of_constants(plan, step);
  if (weights > 0) text += row("weights", fmt::format("{} as packed", size_of_bytes(weights)));
  const Buffer& out = plan.buffers[static_cast<size_t>(step.output)];
  const double stored = static_cast<double>(out.layout.bytes());
  text += row("writes", fmt::format("{} as {}: {}", out.name, to_string(out.layout), size_of_bytes(stored)));
  if (kernel.all_scratch() > 0)
    text +=
        row("scratch",
            size_of_bytes(static_cast<double>(kernel.all_scratch() * static_cast<int64_t>(sizeof(float)))));
  bytes += weights + stored;
  text +=
      row("in all", fmt::format("{}: {}", size_of_bytes(bytes), where_it_stays(bytes, plan.target.memory)));
  const std::optional<double> made = multiply_adds(kernel);
  if (!made || *made <= 0) return text;
  text += row("multiply-adds",
              fmt::format("{} made, {} by the definition", number_of(*made), number_of(definition)));
  // The estimates know no peak of products of bytes.
  return weight_bits_of(kernel) > 0 ? text : text + bounds_rows(plan.target, *made, bytes);
}

}  // namespace cnnc

#include "driver/layers/summary_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "driver/console/numbers.h"
#include "driver/console/table.h"
#include "support/checked.h"

namespace cnnc {
namespace {

constexpr size_t kWidth = 100;

std::string or_nothing(std::optional<int64_t> number) {
  return number == 0 ? "" : in_short(number);
}

// Of all layers of a line.
std::optional<int64_t> parameters_of(const SummaryFacts& facts, const LayerLine& line) {
  std::optional<int64_t> sum = 0;
  for (const size_t node : line.nodes) {
    const std::optional<int64_t>& here = facts.layers[node].parameters;
    sum = sum && here ? checked_add(*sum, *here) : std::nullopt;
  }
  return sum;
}

std::optional<int64_t> macs_of(const SummaryFacts& facts, const LayerLine& line) {
  std::optional<int64_t> sum = 0;
  for (const size_t node : line.nodes)
    if (sum) sum = checked_add(*sum, facts.layers[node].macs);
  return sum;
}

std::string share_of(const SummaryFacts& facts, const LayerLine& line) {
  double share = 0;
  for (const size_t node : line.nodes) share += facts.layers[node].macs_share.value_or(0);
  return share == 0 ? "" : fmt::format("{:.1f}", 100 * share);
}

// "3", "4–8": the last steps of the layers that compute it.
std::string steps_of(const LibraryFacts& library, const LayerLine& line) {
  std::set<size_t> steps;
  for (const size_t node : line.nodes)
    if (library.computed_in[node]) steps.insert(library.layers[*library.computed_in[node]].steps.back());
  if (steps.empty()) return "";
  return steps.size() == 1 ? std::to_string(*steps.begin())
                           : fmt::format("{}–{}", *steps.begin(), *steps.rbegin());
}

Row row_of(const SummaryFacts& facts, const LayerLine& line, bool formulas) {
  const LayerFacts& last = facts.layers[line.nodes.back()];
  const bool sees_more = last.field && last.op != "input";
  Row row{line.name,
          line.folded.empty() ? last.written : line.folded,
          to_string(last.shape),
          sees_more ? picture::size_text(*last.field) : "",
          or_nothing(parameters_of(facts, line)),
          or_nothing(macs_of(facts, line)),
          share_of(facts, line)};
  if (facts.library) row.push_back(steps_of(*facts.library, line));
  if (formulas) row.push_back(line.folded.empty() ? last.formula : "");
  return row;
}

std::string total_line(const std::string& what, const std::string& how_much) {
  return fmt::format("{:<11} {}\n", what, how_much);
}

std::string totals(const SummaryFacts& facts) {
  const std::optional<int64_t> bytes =
      facts.parameters ? checked_multiply(*facts.parameters, sizeof(float)) : std::nullopt;
  std::string text = total_line(
      "parameters", fmt::format("{} ({} bytes)", with_commas(facts.parameters), with_commas(bytes)));
  if (facts.statistics != 0)
    text += total_line("statistics",
                       with_commas(facts.statistics) + ", running means and variances, which are not learnt");
  return text + total_line("MACs", with_commas(facts.macs) + " an image");
}

std::string memory(const LibraryFacts& library) {
  std::string text;
  if (library.counted_layers > 0)
    text += total_line("bytes", fmt::format("{} of {} layers are computed from bytes",
                                            library.layers_of_bytes, library.counted_layers));
  if (!library.byte_ports.empty())
    text += total_line("interface", fmt::format("{}", fmt::join(library.byte_ports, ", ")));
  text += total_line("workspace", with_commas(library.workspace_bytes) + " bytes");
  text += total_line("  tensors", fmt::format("up to {} at a time", with_commas(library.tensor_bytes)));
  text += total_line("  scratch", fmt::format("up to {} at a time", with_commas(library.scratch_bytes)));
  if (library.pixels_bytes > 0)
    text +=
        total_line("  pictures", fmt::format("{}: what is made of them", with_commas(library.pixels_bytes)));
  return text + total_line("weights", with_commas(library.weights_bytes) + " bytes as packed") +
         total_line("targets", fmt::format("{}", fmt::join(library.targets, ",")));
}

// What the columns mean that nobody can guess.
std::string legend(const SummaryFacts& facts, const std::vector<LayerLine>& lines) {
  std::string text;
  if (std::any_of(lines.begin(), lines.end(), [](const LayerLine& line) { return !line.folded.empty(); }))
    text += "Blocks and what repeats are one line; '--expand' lists every layer.\n";
  text += "sees: rows and columns of the input. %: of all MACs.\n";
  if (facts.library)
    text += fmt::format(
        "step: of 'cnnc --emit plan --target {}'. Layers of one step are computed together, and a\n"
        "layer without a step needs no code.\n",
        facts.library->targets.front());
  return "\n" + text;
}

}  // namespace

std::string summary_table(const SummaryFacts& facts, const std::vector<LayerLine>& lines, bool formulas) {
  std::vector<Row> rows = {{"layer", "operator", "output", "sees", "parameters", "MACs", "%"}};
  std::string alignment = "llrrrrr";
  if (facts.library) rows[0].emplace_back("step"), alignment += 'r';
  if (formulas) rows[0].emplace_back("output size"), alignment += 'l';
  for (const LayerLine& line : lines) rows.push_back(row_of(facts, line, formulas));
  const std::string layers = formulas ? table(rows, alignment) : table_within(kWidth, rows, alignment);
  return fmt::format(
      "network {}\n\n{}\n{}{}{}", facts.network, layers, totals(facts),
      facts.library ? memory(*facts.library) : total_line("workspace", "unknown: " + facts.why_no_library),
      legend(facts, lines));
}

}  // namespace cnnc

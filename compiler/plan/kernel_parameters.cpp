#include "plan/kernel_parameters.h"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace cnnc {

namespace {

using Entries = std::map<std::string, std::string>;

void add_sizes(Entries& entries, std::string name, std::vector<int64_t> sizes) {
  entries[std::move(name)] = to_string(AttributeValue(std::move(sizes)));
}

void add_window(Entries& entries, const std::string& prefix, const WindowParameters& window) {
  const WindowSteps &y = window.height, &x = window.width;
  add_sizes(entries, prefix + "filter", {y.filter, x.filter});
  add_sizes(entries, prefix + "stride", {y.stride, x.stride});
  add_sizes(entries, prefix + "dilation", {y.dilation, x.dilation});
  add_sizes(entries, prefix + "pad", {y.pad_before, y.pad_after, x.pad_before, x.pad_after});
}

void add_inner(Entries& entries, const InnerConv& inner) {
  add_window(entries, "inner_", inner.window);
  entries["inner_groups"] = "1";
  add_sizes(entries, "inner_size", {inner.height, inner.width});
}

Entries entries_of(const Attributes& attributes) {
  Entries entries;
  for (const auto& [name, value] : attributes) entries[name] = to_string(value);
  return entries;
}

Entries entries_of(const ConvParameters& conv) {
  Entries entries{{"groups", fmt::format("{}", conv.groups)}};
  add_window(entries, "", conv.window);
  if (conv.planar_tile > 0) entries["tile"] = fmt::format("{}", conv.planar_tile);
  if (conv.phase) add_sizes(entries, "first", {conv.phase->row, conv.phase->column});
  if (conv.prologue) entries["prologue"] = "batchnorm";
  if (conv.inner) add_inner(entries, *conv.inner);
  if (conv.weight_bits > 0) entries["weight_bits"] = fmt::format("{}", conv.weight_bits);
  return entries;
}

Entries entries_of(const PoolParameters& pool) {
  Entries entries;
  add_window(entries, "", pool.window);
  if (const auto& c = pool.counted)
    add_sizes(entries, "counted", {c->row_begin, c->row_end, c->column_begin, c->column_end});
  if (pool.prologue) entries["prologue"] = "batchnorm";
  if (pool.scale != 0) {
    entries["scale"] = fmt::format("{}", pool.scale);
    entries["zero_point"] = fmt::format("{}", pool.zero_point);
  }
  return entries;
}

Entries entries_of(const DenseParameters& dense) {
  Entries entries{{"tile", fmt::format("{}", dense.tile)}};
  if (dense.weight_bits > 0) entries["weight_bits"] = fmt::format("{}", dense.weight_bits);
  if (dense.weights != ElementType::float32) entries["weights"] = to_string(dense.weights);
  return entries;
}

Entries entries_of(const SliceParameters& slice) {
  return {{"begin", fmt::format("{}", slice.begin)}};
}

Entries entries_of(const TensorProgram& program) {
  return {{"program", to_string(program)}};
}

auto values_of(const WindowSteps& w) {
  return std::tie(w.filter, w.stride, w.dilation, w.pad_before, w.pad_after);
}

WindowSteps steps_of(const WindowAxis& axis) {
  return {axis.filter, axis.stride, axis.dilation, axis.pad_before, axis.pad_after};
}

}  // namespace

WindowParameters parameters_of(const Window& window) {
  return {steps_of(window.height), steps_of(window.width)};
}

bool operator==(const WindowParameters& a, const WindowParameters& b) {
  return values_of(a.height) == values_of(b.height) && values_of(a.width) == values_of(b.width);
}

bool operator==(const BatchnormPrologue& a, const BatchnormPrologue& b) {
  return a.activations == b.activations;
}

bool operator==(const InnerConv& a, const InnerConv& b) {
  return std::tie(a.window, a.height, a.width, a.epilogue) ==
         std::tie(b.window, b.height, b.width, b.epilogue);
}

bool operator==(const PhaseStart& a, const PhaseStart& b) {
  return a.row == b.row && a.column == b.column;
}

bool operator==(const CountedTaps& a, const CountedTaps& b) {
  return std::tie(a.row_begin, a.row_end, a.column_begin, a.column_end) ==
         std::tie(b.row_begin, b.row_end, b.column_begin, b.column_end);
}

bool operator==(const ConvParameters& a, const ConvParameters& b) {
  return std::tie(a.window, a.groups, a.planar_tile, a.phase, a.prologue, a.inner, a.weight_bits) ==
         std::tie(b.window, b.groups, b.planar_tile, b.phase, b.prologue, b.inner, b.weight_bits);
}

bool operator==(const PoolParameters& a, const PoolParameters& b) {
  return std::tie(a.window, a.counted, a.prologue, a.scale, a.zero_point) ==
         std::tie(b.window, b.counted, b.prologue, b.scale, b.zero_point);
}

bool operator==(const DenseParameters& a, const DenseParameters& b) {
  return std::tie(a.tile, a.weight_bits, a.weights) == std::tie(b.tile, b.weight_bits, b.weights);
}

bool operator==(const SliceParameters& a, const SliceParameters& b) {
  return a.begin == b.begin;
}

std::string text_of(const KernelParameters& parameters) {
  std::string text;
  for (const auto& [name, value] : std::visit([](const auto& p) { return entries_of(p); }, parameters))
    text += fmt::format(" {} {}", name, value);
  return text;
}

}  // namespace cnnc

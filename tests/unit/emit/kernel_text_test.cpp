// The text of a kernel, by which compiled kernels are found again.
#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "plan/kernel.h"

using namespace cnnc;

namespace {

// Each field has a value that its default is not.
Kernel kernel() {
  Kernel k;
  k.family = "conv_blocked";
  ConvParameters conv;
  conv.window = {{3, 2, 2, 1, 2}, {3, 2, 2, 1, 2}};
  conv.groups = 2;
  conv.planar_tile = 3;
  conv.phase = PhaseStart{1, 1};
  conv.prologue = BatchnormPrologue{{{"leaky_relu", {{"slope", 0.2}}, -1}}};
  conv.inner = InnerConv{conv.window, 5, 6, {}};
  k.parameters = conv;
  Layout layout = blocked_layout(Shape{64, 12, 13}, 16, 2);
  layout.top = layout.bottom = layout.left = layout.right = 1;
  layout.row_step = layout.column_step = 2;
  layout.image_planes = 9;
  k.inputs = {layout, layout};
  k.constants = {36864, 64};
  k.output = layout;
  k.epilogue = {{"add", {}, 1}, {"leaky_relu", {{"slope", 0.1}}, -1}};
  k.alignments = {64, 64, 64};
  k.tasks = 4;
  k.scratch = 100;
  return k;
}

using Change = std::function<void(Kernel&)>;

// One change of each thing that a layout has.
std::vector<Change> changes_of(const std::function<Layout&(Kernel&)>& layout) {
  std::vector<Change> changes;
  for (int64_t Layout::*field :
       {&Layout::channels, &Layout::height, &Layout::width, &Layout::block, &Layout::top, &Layout::bottom,
        &Layout::left, &Layout::right, &Layout::images, &Layout::row_step, &Layout::column_step,
        &Layout::image_planes})
    for (const int64_t by : {-1, 1}) changes.push_back([=](Kernel& k) { layout(k).*field += by; });
  return changes;
}

ConvParameters& conv_of(Kernel& kernel) {
  return std::get<ConvParameters>(kernel.parameters);
}

// One change of each number of a window.
std::vector<Change> changes_of(const std::function<WindowParameters&(Kernel&)>& window) {
  std::vector<Change> changes;
  for (WindowSteps WindowParameters::*axis : {&WindowParameters::height, &WindowParameters::width})
    for (int64_t WindowSteps::*field : {&WindowSteps::filter, &WindowSteps::stride, &WindowSteps::dilation,
                                        &WindowSteps::pad_before, &WindowSteps::pad_after})
      for (const int64_t by : {-1, 1}) changes.push_back([=](Kernel& k) { (window(k).*axis).*field += by; });
  return changes;
}

// One change of each thing that a convolution has.
std::vector<Change> conv_changes() {
  std::vector<Change> changes = {
      [](Kernel& k) { conv_of(k).groups = 1; },
      [](Kernel& k) { conv_of(k).planar_tile = 4; },
      [](Kernel& k) { conv_of(k).planar_tile = 0; },
      [](Kernel& k) { conv_of(k).phase.reset(); },
      [](Kernel& k) { conv_of(k).phase->row = 0; },
      [](Kernel& k) { conv_of(k).phase->column = 0; },
      [](Kernel& k) { conv_of(k).prologue.reset(); },
      [](Kernel& k) { conv_of(k).prologue->activations[0].op = "relu"; },
      [](Kernel& k) { conv_of(k).prologue->activations.clear(); },
      [](Kernel& k) { conv_of(k).inner.reset(); },
      [](Kernel& k) { conv_of(k).inner->height = 6; },
      [](Kernel& k) { conv_of(k).inner->width = 5; },
      // Which the text has where there is no prologue: no kernel has both.
      [](Kernel& k) {
        conv_of(k).prologue.reset();
        conv_of(k).inner->epilogue = {{"relu", {}, -1}};
      },
  };
  for (const auto& window : std::vector<std::function<WindowParameters&(Kernel&)>>{
           [](Kernel& k) -> WindowParameters& { return conv_of(k).window; },
           [](Kernel& k) -> WindowParameters& { return conv_of(k).inner->window; }})
    for (const Change& change : changes_of(window)) changes.push_back(change);
  return changes;
}

// The other kinds of parameters, and one change of each thing that they have.
std::vector<Change> other_parameters() {
  const WindowParameters window{{3, 2, 1, 1, 1}, {3, 2, 1, 1, 1}};
  const PoolParameters pool{window, CountedTaps{0, 5, 1, 6}, std::nullopt};
  std::vector<PoolParameters> pools(7, pool);
  pools[1].window.width.filter = 2;
  pools[2].counted->row_begin = 1;
  pools[3].counted->row_end = 6;
  pools[4].counted->column_begin = 0;
  pools[5].counted->column_end = 5;
  pools[6].prologue = BatchnormPrologue{};
  std::vector<KernelParameters> all(pools.begin(), pools.end());
  all.insert(all.end(), {Attributes{}, Attributes{{"size", int64_t{5}}}, Attributes{{"size", int64_t{6}}},
                         DenseParameters{8}, DenseParameters{16}, SliceParameters{8}, SliceParameters{3}});
  std::vector<Change> changes;
  for (const KernelParameters& parameters : all)
    changes.push_back([=](Kernel& k) { k.parameters = parameters; });
  return changes;
}

std::vector<Change> all_changes() {
  std::vector<Change> changes = {
      [](Kernel& k) { k.family = "conv_planar"; },
      [](Kernel& k) { k.schedule["x"] = 7; },
      [](Kernel& k) { k.strategy = "naive"; },
      [](Kernel& k) { k.strategy_threads = 2; },
      [](Kernel& k) { k.inputs.pop_back(); },
      [](Kernel& k) {
        k.constants = {36864, 63};
      },
      [](Kernel& k) { k.constants.pop_back(); },
      [](Kernel& k) { k.constants.clear(); },
      [](Kernel& k) { k.epilogue[0].operand = 0; },
      [](Kernel& k) { k.epilogue[0].op = "multiply"; },
      [](Kernel& k) { k.epilogue[1].attributes["slope"] = 0.1 + 1e-16; },
      [](Kernel& k) { k.epilogue.pop_back(); },
      [](Kernel& k) { std::swap(k.epilogue[0], k.epilogue[1]); },
      [](Kernel& k) { k.alignments[1] = 4; },
      [](Kernel& k) { k.alignments.pop_back(); },
      [](Kernel& k) { k.tasks = 1; },
      [](Kernel& k) { k.tasks = 5; },
      [](Kernel& k) { k.scratch = 0; },
      [](Kernel& k) { k.scratch = 101; },
  };
  for (const auto& layout : std::vector<std::function<Layout&(Kernel&)>>{
           [](Kernel& k) -> Layout& { return k.inputs[0]; }, [](Kernel& k) -> Layout& { return k.inputs[1]; },
           [](Kernel& k) -> Layout& { return k.output; }})
    for (const Change& change : changes_of(layout)) changes.push_back(change);
  for (const auto& more : {conv_changes(), other_parameters()})
    changes.insert(changes.end(), more.begin(), more.end());
  return changes;
}

}  // namespace

TEST_CASE("kernels that differ in anything have different texts") {
  std::set<std::string> texts = {to_string(kernel())};
  for (const Change& change : all_changes()) {
    Kernel changed = kernel();
    change(changed);
    CAPTURE(to_string(changed));
    CHECK_FALSE(changed == kernel());
    CHECK(texts.insert(to_string(changed)).second);
  }
}

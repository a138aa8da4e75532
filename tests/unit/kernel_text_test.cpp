// The text of a kernel, by which compiled kernels are found again.
#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "plan/plan.h"

using namespace cnnc;

namespace {

// Each field has a value that its default is not.
Kernel kernel() {
  Kernel k;
  k.family = "conv_blocked";
  k.attributes = {{"filter", std::vector<int64_t>{3, 3}}, {"groups", int64_t{1}}};
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

std::vector<Change> all_changes() {
  std::vector<Change> changes = {
      [](Kernel& k) { k.family = "conv_planar"; },
      [](Kernel& k) { k.attributes["groups"] = int64_t{2}; },
      [](Kernel& k) {
        k.attributes["filter"] = std::vector<int64_t>{3, 5};
      },
      [](Kernel& k) { k.attributes.erase("groups"); },
      [](Kernel& k) { k.attributes["tile"] = int64_t{1}; },
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

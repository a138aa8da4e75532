#include "picture/memory.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "unit/picture/picture_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;
using namespace cnnc::picture;

namespace {

Buffer in_workspace(const std::string& name, int64_t offset, int64_t floats, int first, int last) {
  Buffer buffer;
  buffer.offset = offset;
  buffer.layout = plain_layout({floats, 1, 1});
  buffer.name = name;
  buffer.first = first;
  buffer.last = last;
  return buffer;
}

Step step(const std::string& name, int output, int scratch = -1) {
  Step result;
  result.name = name;
  result.covers = {name};
  result.output = output;
  result.scratch = scratch;
  return result;
}

// Two steps: the first with scratch memory, the second onto the first one's result.
Plan small_plan() {
  Plan plan;
  plan.name = "small";
  plan.target = all_targets().front();
  plan.buffers = {in_workspace("first", 0, 256, 0, 1), in_workspace("scratch", 1024, 512, 0, 0),
                  in_workspace("second", 0, 256, 1, 1)};
  plan.buffers[2].onto = 0;
  plan.kernels.resize(1);
  plan.kernels[0].family = "conv_blocked";
  plan.steps = {step("first", 0, 1), step("second", 2)};
  plan.workspace_bytes = 3072;
  return plan;
}

}  // namespace

TEST_CASE("memory: buffers are named, scratch memory is hatched, and the step that uses most is marked") {
  const Drawing drawing = draw_memory(small_plan());
  CHECK(has(texts(drawing),
            fmt::format("small: the workspace over a run, 3,072 bytes ({})", all_targets().front().name)));
  CHECK(has(texts(drawing), "first, 1 KiB"));
  CHECK(has(texts(drawing), "scratch, 2 KiB"));
  CHECK(has(texts(drawing), "most in use: 3 KiB at first"));
  CHECK(marks_of<Hatch>(drawing).size() == 1);
}

TEST_CASE(
    "memory: a rectangle is as high as its bytes; what is written onto another begins where that ends") {
  std::vector<Polygon> blocks = marks_of<Polygon>(draw_memory(small_plan()));
  REQUIRE(blocks.size() == 3);
  const auto height = [](const Polygon& block) { return block.corners[0].y - block.corners[1].y; };
  CHECK(height(blocks[1]) == doctest::Approx(2 * height(blocks[0])));
  CHECK(blocks[0].corners[0].y == blocks[2].corners[0].y);
  CHECK(blocks[0].corners[2].x == blocks[2].corners[0].x);
}

TEST_CASE("memory: a network without a workspace has a picture all the same") {
  Plan plan = small_plan();
  plan.buffers.clear();
  plan.steps.clear();
  plan.workspace_bytes = 0;
  CHECK(marks_of<Polygon>(draw_memory(plan)).empty());
}

TEST_CASE("memory: bytes in words") {
  CHECK(bytes_text(640) == "640 B");
  CHECK(bytes_text(2048) == "2 KiB");
  CHECK(bytes_text(25088) == "24.5 KiB");
  CHECK(bytes_text(9724032) == "9.3 MiB");
}

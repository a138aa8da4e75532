// Tensors that are parts of others: concats, slices, the images of a batch.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Names = std::vector<std::string>;

// The buffer of that name.
const Buffer& buffer_of(const Plan& plan, std::string_view name) {
  const auto found = std::find_if(plan.buffers.begin(), plan.buffers.end(),
                                  [&](const Buffer& buffer) { return buffer.name == name; });
  REQUIRE(found != plan.buffers.end());
  return *found;
}

}  // namespace

TEST_CASE("concat's inputs are computed where they stand in the result, also of a concat in a concat") {
  const Plan plan = plan_of(
      "input x 3x8x8\nconv 16 1x1 as a\nconv 32 1x1 as b\nconcat with a as c\nconv 16 3x3 pad 1 as d\nconcat "
      "with c as e\nconv 8 3x3 pad 1");
  CHECK(names_of(plan) == Names{"a", "b", "d", "conv4", "conv4 to output"});
  const Plan dense = plan_of(
      "input x 3x8x8\nconv 16 1x1 as a\nconcat { branch { } branch { conv 32 3x3 pad 1 as b } } as c\nconcat "
      "{ "
      "branch { } branch { conv 16 3x3 pad 1 as d } } as e\nconv 8 3x3 pad 1");
  CHECK(names_of(dense) == Names{"a", "c.b", "e.d", "conv2", "conv2 to output"});
  const Buffer &a = buffer_of(dense, "a"), &b = buffer_of(dense, "c.b"), &d = buffer_of(dense, "e.d"),
               &e = buffer_of(dense, "e");
  CHECK(to_string(e.layout) == "64x8x8/16 halo 1,1,1,1");
  CHECK(to_string(b.layout) == "32x8x8/16 halo 1,1,1,1");
  CHECK(a.offset == e.offset);
  CHECK(b.offset == e.offset + 4 * e.layout.plane_stride());
  CHECK(d.offset == e.offset + 3 * 4 * e.layout.plane_stride());
  CHECK(a.first == e.first);
  CHECK(a.last == e.last);
}

TEST_CASE("concat gathers channels that begin inside a block, and copies what lies elsewhere") {
  const Plan gathered = plan_of("input x 3x4x4\nconv 16 1x1 as c\nconv 20 1x1\nconcat with c\nconv 16 3x3");
  CHECK(names_of(gathered) == Names{"c", "conv2", "concat1", "conv3", "conv3 to output"});
  CHECK(kernel_of(gathered, "concat1").family == "concat");
  const Plan plan = plan_of("input x 16x4x4\nconv 16 1x1 as c\nconcat with x as both\nconv 16 1x1");
  CHECK(names_of(plan) == Names{"c", "x into both", "conv2", "conv2 to output"});
}

TEST_CASE("a slice that begins with a block is a part of its input; others are gathered") {
  const Plan plan = plan_of(
      "input x 3x4x4\nconv 40 1x1 as c\nslice 16 40 as s\nconv 16 3x3 pad 1 as a\nfrom c\nslice 5 40 as "
      "t\nconv 16 "
      "1x1 as b\nadd with a");
  CHECK(names_of(plan) == Names{"c", "a", "t", "add1", "add1 to output"});
  const Buffer &c = buffer_of(plan, "c"), &s = buffer_of(plan, "s");
  CHECK(to_string(c.layout) == "40x4x4/16 halo 1,1,1,1");
  CHECK(to_string(s.layout) == "24x4x4/16 halo 1,1,1,1");
  CHECK(s.offset == c.offset + 4 * c.layout.plane_stride());
}

TEST_CASE("of a batch each tensor holds every image, and a part is as far from the next as its whole") {
  PlanOptions options;
  options.images = 3;
  options.cut = 0;
  const Plan plan = make_plan(
      graph_of("input x 16x4x4\nconv 16 1x1 as a\nconv 32 1x1 as b\nconcat with a as c\nconv 16 1x1"),
      target_for(Isa::avx512), options);
  CHECK(to_string(buffer_of(plan, "x").layout) == "3 x 16x4x4");
  CHECK(to_string(buffer_of(plan, "c").layout) == "3 x 48x4x4/16");
  CHECK(to_string(buffer_of(plan, "b").layout) == "3 x 32x4x4/16 of 48");
  CHECK(buffer_of(plan, "b").layout.index(17, 1, 2, 2) == 2 * 48 * 16 + 16 * 16 + (4 + 2) * 16 + 1);
  CHECK(plan.input_shapes == std::vector<Shape>{Shape{16, 4, 4}});
}

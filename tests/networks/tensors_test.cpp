// Tensors of any rank: each operator on ranks 1 to 6, odd sizes and sizes below a vector, plain tensors and
// blocked maps, alone and in chains that one kernel computes.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "networks/cases.h"
#include "networks/fault.h"
#include "passes/passes.h"
#include "plan/plan.h"

namespace {

using namespace cnnc;

// Of the caller's plain tensor, and of blocked maps with a halo and without.
const std::vector<Case> kMoves = {
    {"input x 3x5x7",
     {"reshape 105", "reshape 1x1x3x5x7x1; tanh", "permute 2 1 0",
      "permute rows channels columns; conv 4 3x3 pad 1", "permute 0 2 1",
      "permute 1 2 0; permute 1 2 0; permute 1 2 0", "flip channels columns", "flip 0 1 2; relu",
      "crop rows 1 5 step 2", "crop 2 2 3", "crop channels 0 2; conv 5 3x3 pad 1", "expand 2x3x5x7",
      "reshape 15x1x7; expand 15x4x7; reshape 60x7"}},
    {"input i 3x6x9; conv 17 3x3 pad 1 as x",
     {"reshape 17x54",
      "reshape 918",
      "reshape 54x17; permute 1 0; reshape 17x6x9; conv 5 3x3 pad 1",
      "permute 0 2 1; conv 3 3x3 pad 1",
      "flip rows; conv 3 3x3 pad 1",
      "permute 1 2 0",
      "conv 9 3x3 pad 1; permute 1 2 0; reshape 2x3x9x9; permute 0 2 1 3",
      "crop rows 1 6 step 2; conv 4 3x3 pad 1",
      "crop channels 3 17 step 3",
      "crop columns 0 9 step 4; sigmoid",
      "expand 2x17x6x9",
      "reshape 34x3x9; conv 4 3x3 pad 1",
      "reshape 6x17x9; relu; conv 4 3x3 pad 1",
      "reshape 918; dense 5",
      "flatten; reshape 17x6x9; conv 4 3x3 pad 1",
      "reshape 918x1x1; conv 5 1x1",
      "reshape 17x54; flatten; dense 3",
      "reshape 17x9x6 as r; add with r; conv 3 3x3 pad 1",
      "reshape 9x6x17; permute 2 1 0; concat with x",
      "reshape 34x3x9; slice 3 30; maxpool 3x3"}},
    {"input i 5; dense 10 as x",
     {"reshape 1x2x5; conv 3 3x3 pad 1", "reshape 10x1x1; conv 3 1x1",
      "reshape 2x5; permute 1 0; reshape 10; dense 3", "expand 4x10", "flip 0; dense 3",
      "crop 0 2 7; softmax", "crop 0 0 9 step 4; dense 2",
      "reshape 5x2x1; maxpool 2x1; conv 17 1x1; reshape 17; dense 2"}},
    {"input x 1x31",
     {"permute 1 0", "flip 1; relu", "expand 5x31", "crop 1 3 30 step 5", "reshape 31; dense 17"}},
    {"input x 2x3x4x5x6",
     {"permute 4 3 2 1 0", "permute 1 0 4 3 2; tanh", "reshape 6x4x30; conv 2 3x3 pad 1", "flip 0 4",
      "crop 3 1 5 step 3", "expand 3x2x3x4x5x6", "reshape 720", "tanh"}},
    {"input x 2x1x3x1x2x17", {"permute 5 4 3 2 1 0", "expand 2x5x3x2x2x17", "flip 5 0", "crop 5 16 17"}},
};
ON_EVERY_ISA("what moves the elements of a tensor is right", kMoves)

const std::vector<Case> kPaddings = {
    {"input x 3x5x19",
     {"pad_along channels 2 1 value 0.5", "pad_along rows 1 2; conv 3 3x3",
      "pad_along columns (-1) 3 mode wrap", "pad_along 2 3 (-2) mode replicate; tanh",
      "pad_along 1 (-2) (-1)", "pad_along 0 0 14; conv 5 3x3 pad 1", "pad_along 2 18 18 mode reflect; relu",
      "tile 2x1x2", "tile 1x3x1; conv 4 3x3 pad 1"}},
    {"input i 3x6x9; conv 17 3x3 pad 1 as x",
     {"pad_along channels 0 15; conv 3 1x1", "pad_along channels 32 3 value (-1); relu",
      "pad_along channels 3 2 mode reflect; conv 3 3x3 pad 1", "pad_along channels (-1) 16 mode wrap",
      "pad_along rows 1 1 mode wrap; pad_along columns 2 2 mode wrap; conv 4 3x3",
      "pad_along rows 1 1 mode reflect; pad_along columns 0 1; maxpool 2x2",
      "reshape 17x54; pad_along 1 2 3 value 7", "pad_along rows 2 0 value (-inf); maxpool 3x3",
      "tile 2x1x1; conv 3 1x1", "tile 1x2x3; batchnorm; relu"}},
    {"input i 5; dense 10 as x",
     {"pad_along 0 2 3 mode wrap; dense 4", "pad_along 0 (-9) 1 value 3", "tile 3; dense 2"}},
    {"input x 2x3x4x5x6",
     {"pad_along 4 1 2 mode replicate", "pad_along 3 1 1; pad_along 2 2 1; pad_along 1 (-1) 1",
      "pad_along 0 1 0 value 3; tanh", "permute 4 0 1 2 3; pad_along 0 5 5 mode reflect", "tile 1x2x1x3x2",
      "affine 2; pad_along 3 1 1; flip 3; reduce_sum 1 3"}},
};
ON_EVERY_ISA("what is put around the places of an axis is right, and what is repeated", kPaddings)

const std::vector<Case> kArithmetic = {
    {"input x 3x5x7",
     {"affine 2 (-0.5)", "affine (-1.5); relu; conv 3 3x3 pad 1", "add_constant 3x5x7",
      "multiply_constant 7; tanh", "subtract_constant 5x1", "divide_constant 1", "maximum_constant 3x1x1",
      "minimum_constant 2x3x5x7", "add_constant 1x1x1x1", "reduce_mean 2 as m0; from x; subtract with m0",
      "reduce_max 0 as m1; from x; divide with m1",
      "reduce_sum 1 2 as s2; from x; multiply with s2; add with s2",
      "flip 2 as f3; from x; maximum with f3; add with x, f3",
      "permute 2 1 0 as p4; reduce_min 1; add with p4"}},
    {"input i 3x6x9; conv 17 3x3 pad 1 as x",
     {"add_constant 17x1x1; conv 3 3x3 pad 1", "multiply_constant 9; relu",
      "subtract_constant 6x1; tanh; sigmoid", "divide_constant 17x6x9", "maximum_constant 6x9",
      "minimum_constant 2x17x6x9", "affine 3 1; conv 17 1x1",
      "conv 17 1x1; affine 0.5 1; add with x; affine 2",
      "reduce_mean channels as m0; from x; multiply with m0; relu",
      "reduce_mean rows as m1; from x; add with m1, m1; conv 3 3x3 pad 1",
      "conv 1 1x1; sigmoid as s2; from x; multiply with s2; conv 4 3x3 pad 1",
      "maxpool 6x9 as p3; from x; subtract with p3",
      "tanh as t4; from x; divide with t4; clip min (-2) max 2",
      "permute 0 2 1 as q5; reshape 17x6x9; minimum with x; maximum with x",
      "reduce_max rows; add with x; batchnorm; relu"}},
    {"input i 5; dense 10 as x",
     {"add_constant 3x10", "multiply_constant 10; dense 4", "affine 2 1; dense 3", "reshape 10x1; add with x",
      "reshape 2x5 as r; add_constant 5; multiply with r", "subtract_constant 1; softmax",
      "dense 10; maximum with x; relu"}},
    {"input x 2x3x4x5",
     {"add_constant 3x1x5", "multiply with x; affine 2 1; relu", "reduce_sum 0 2; divide with x",
      "gate { reduce_mean 2 3; sigmoid }", "residual { tanh }", "clip min 0 max 0.5"}},
    {"input a 17x1; input b 1x33; add with a as x",
     {"multiply with a", "subtract with b; relu", "minimum with a"}},
    {"input a 1x33; input x 8x1x33",
     {"add with a", "from a; subtract with x", "concat with x; maximum with a"}},
};
ON_EVERY_ISA("arithmetic on tensors that are repeated is right", kArithmetic)

const std::vector<Case> kReductions = {
    {"input x 3x5x7",
     {"reduce_mean rows columns", "reduce_max channels", "reduce_sum 0 1 2", "reduce_product 2",
      "reduce_min 1", "reduce_mean 0; conv 2 3x3 pad 1", "reduce_sum 2 0",
      "permute 2 0 1; tanh; reduce_max 0 2", "reduce_mean 1 2; reshape 3; dense 4"}},
    {"input i 3x6x9; conv 17 3x3 pad 1 as x",
     {"reduce_mean 0", "reduce_mean 1 2; conv 3 1x1", "reduce_max 1; conv 3 1x3 pad 0 0 1 1",
      "reduce_min 0 2", "reduce_sum 2; relu", "reduce_product 1", "reduce_sum 0 1 2; reshape 1; sigmoid",
      "sigmoid; reduce_sum 1 2; affine 0.1"}},
    // Of a blocked map, several vectors of channels apart, and what is left of a row.
    {"input i 3x4x23; conv 17 1x1; tanh as x",
     {"reduce_mean 1 2; sigmoid as s; from x; multiply with s", "reduce_max 2", "reduce_product 2; square",
      "square; reduce_sum 1 2 as s2; from x; multiply with s2; conv 2 1x1"}},
    {"input i 3x4x24; conv 17 1x1 as x", {"reduce_min 1 2", "square; reduce_mean 1 2; affine 1 0.1; sqrt"}},
    {"input i 5; dense 10 as x",
     {"reduce_max 0", "reduce_mean 0; expand 10; add with x", "reduce_product 0"}},
    {"input x 2x3x4x5x6",
     {"reduce_sum 0 2 4", "reduce_mean 1 3", "reduce_max 4", "reduce_min 0", "reduce_product 2 3",
      "reduce_sum 0 1 2 3 4"}},
    {"input x 1000x3", {"reduce_mean 0", "reduce_sum 1", "reduce_max 0 1"}},
    {"input x 1x16",
     {"expand 3x17x16; reduce_sum 1", "expand 3x17x16; affine 2 1; reduce_mean 0 1",
      "expand 4x16; reduce_max 0", "expand 3x16; tanh; reduce_product 0 1"}},
    {"input x 3x1x4x1", {"reduce_mean 1", "reduce_sum 3 1", "reduce_product 0 1 2 3"}},
};
ON_EVERY_ISA("what is reduced along axes is right", kReductions)

// Coordinates to ±1.6: some of them outside. 40 channels are blocked.
const std::vector<Case> kSampled = {
    {"input i 6x11x2; affine 1.6 as g; input x 3x7x9",
     {"grid_sample with g", "grid_sample align_corners on with g; tanh",
      "grid_sample padding_mode border with g; conv 5 3x3 pad 1",
      "grid_sample padding_mode border align_corners on with g", "grid_sample padding_mode reflection with g",
      "grid_sample padding_mode reflection align_corners on with g; add_constant 3x1x1",
      "grid_sample mode nearest with g", "grid_sample mode nearest align_corners on with g",
      "grid_sample mode nearest padding_mode border with g",
      "grid_sample mode nearest padding_mode reflection with g", "relu; flip 2; grid_sample with g"}},
    {"input i 6x11x2; affine 1.6 as g; input j 3x7x9; conv 40 1x1 as x",
     {"grid_sample with g", "grid_sample padding_mode reflection with g; conv 8 1x1",
      "grid_sample mode nearest with g; relu", "grid_sample_constant 3x20x2",
      "grid_sample_constant 3x1x2 mode nearest padding_mode border"}},
    {"input i 2x3x5x3; affine 1.6 as g; input x 4x3x4x5",
     {"grid_sample with g", "grid_sample mode nearest padding_mode reflection align_corners on with g"}},
    {"input i 21x1; affine 1.6 as g; input x 4x9",
     {"grid_sample with g", "grid_sample padding_mode border with g"}},
    {"input i 4x5x2; affine 9 as g; input x 2x1x1",
     {"grid_sample with g", "grid_sample padding_mode reflection align_corners on with g"}},
};
ON_EVERY_ISA("elements at the places of a grid are right", kSampled)

const std::vector<Case> kSoftmaxAlong = {
    {"input x 17", {"softmax along 0", "softmax"}},
    {"input x 6x8", {"softmax", "softmax along 1", "log_softmax along 1; relu", "log_softmax along 0"}},
    {"input x 3x5x7",
     {"softmax along 1", "softmax along columns; conv 2 3x3 pad 1", "log_softmax along rows; tanh",
      "affine 0.001 10000; log_softmax along rows", "affine 0.001 (-10000); softmax along columns"}},
    {"input i 3x6x9; conv 17 3x3 pad 1 as x",
     {"softmax along 2", "log_softmax along 1; conv 3 3x3 pad 1", "relu; permute 1 2 0; softmax along 2",
      "reshape 17x54; softmax along 1; add_constant 54"}},
    {"input x 2x3x4x5", {"softmax along 0", "softmax along 1", "softmax along 2", "log_softmax along 3"}},
    {"input x 2x3x4x5x6", {"softmax along 0", "log_softmax along 2", "softmax along 3", "softmax along 4"}},
    {"input x 3x1", {"softmax along 1", "log_softmax along 1", "softmax along 0"}},
};
ON_EVERY_ISA("a softmax along any axis is right", kSoftmaxAlong)

const std::vector<Case> kProductsOfMatrices = {
    {"input x 6x8; permute 1 0 as t",
     {"from t; matmul with x", "from x; matmul with t; relu",
      "from x; matmul with t; matmul with x; softmax along 1"}},
    {"input x 1x8; permute 1 0 as t", {"from t; matmul with x", "from x; matmul with t"}},
    {"input i 5; reshape 5x1 as t; reshape 1x5 as x",
     {"from t; matmul with x", "matmul with t", "tanh; matmul with t"}},
    {"input x 3x7x1; input y 3x1x9", {"from x; matmul with y; relu"}},
    {"input x 7x33; input y 33x17",
     {"from x; matmul with y", "flip 0; matmul with y; affine 2", "crop 0 2 3; matmul with y"}},
    {"input y 5x9x17; input x 1x4x9",
     {"matmul with y", "reshape 4x9; matmul with y", "expand 2x5x4x9; matmul with y"}},
    {"input y 9x33; input x 2x3x5x9",
     {"matmul with y", "reshape 30x9; matmul with y", "crop 2 0 1; tanh; matmul with y"}},
    {"input y 2x1x9x3; input x 4x5x9",
     {"matmul with y", "crop 0 0 1; matmul with y", "from y; crop 3 0 1 as c; from x; matmul with c"}},
    {"input i 3x6x9; conv 17 3x3 pad 1 as x; reshape 17x54 as r; permute 1 0 as t",
     {"from r; matmul with t", "from t; matmul with r; softmax along 1",
      "from x; permute 0 2 1; matmul with x",
      "from x; permute 0 2 1 as p; from x; matmul with p; conv 3 3x3 pad 1"}},
};
ON_EVERY_ISA("a product of matrices is right", kProductsOfMatrices)

const std::vector<Case> kConcatsAlong = {
    {"input x 9", {"concat along 0 with x, x; dense 3"}},
    {"input x 5x7",
     {"concat along 0 with x", "concat along 1 with x, x", "crop 1 0 3; concat along 1 with x; relu",
      "relu; permute 1 0 as p; concat along 1 with p; tanh"}},
    {"input x 3x5x7",
     {"concat along channels with x", "concat along rows with x; conv 3 3x3 pad 1",
      "concat along columns with x, x", "crop rows 1 3; concat along rows with x"}},
    {"input i 3x6x9; conv 17 3x3 pad 1 as x",
     {"concat along rows with x; conv 3 3x3 pad 1", "concat along columns with x, x", "concat along 0 with x",
      "conv 17 3x3 stride 2 pad 1 as h; crop columns 0 4 as c; from h; crop columns 0 4; concat along rows "
      "with c",
      "maxpool 6x1; concat along rows with x; global_avgpool", "relu; concat along 1 with x; reduce_max 1",
      "concat along 2 with x; softmax", "reshape 17x3x18; crop columns 4 13; concat along 1 with x"}},
    {"input x 2x3x4x5",
     {"concat along 0 with x", "concat along 1 with x", "concat along 2 with x, x", "concat along 3 with x",
      "reduce_sum 3; concat along 3 with x; concat along 3 with x"}},
    {"input x 2x3x4x5x6",
     {"concat along 0 with x", "concat along 1 with x", "concat along 2 with x", "concat along 3 with x, x",
      "concat along 4 with x"}},
    {"input x 2x1x3x1x2x3",
     {"concat along 1 with x", "concat along 5 with x", "concat along 3 with x; permute 3 1 0 2 4 5"}},
};
ON_EVERY_ISA("a concat along any axis is right", kConcatsAlong)

// What one kernel computes, up to the limit of terms and beyond; results that are outputs or are read twice.
const std::vector<Case> kChains = {
    {"input x 4x6x8",
     {"permute 2 0 1; reshape 2x4x24; flip 1; affine 2 1; reshape 12x16; permute 1 0; tanh; reduce_sum 1",
      "relu; permute 1 0 2 as a; sigmoid as b; output a as o1; from a; concat along 0 with b",
      "permute 1 0 2; flip 0; flip 1; flip 2; affine 2; flip 0; flip 1; flip 2; affine 2; permute 1 0 2; "
      "flip 0; flip 1; "
      "flip 2; affine 0.5; flip 0; flip 1; flip 2; permute 2 1 0; flip 0; flip 1; flip 2; affine 0.5; flip "
      "0; flip 1; "
      "flip 2; permute 2 1 0; flip 0; flip 1; affine 3 1",
      "reduce_mean 0; affine 2; expand 4x6x8; reshape 192; flip 0; dense 3",
      "reshape 24x8; softmax along 1; permute 1 0; softmax along 0; reshape 4x6x8; conv 2 3x3 pad 1"}},
    {"input i 3x9x8; conv 16 3x3 pad 1 as a; relu; conv 24 1x1 as x",
     {"permute 1 2 0; reshape 72x24; softmax along 1; output as o0", "concat along 1 with x; conv 5 1x1",
      "reshape 24x72 as r1; permute 1 0 as q1; from r1; matmul with q1",
      "reduce_mean 0 as m2; from x; multiply with m2",
      "reshape 8x3x72; permute 1 0 2; reshape 24x9x8; add with x; conv 4 3x3 pad 1",
      "output a as o5; affine 2 1", "add_constant 9x8; relu; maxpool 2x2; flatten; dense 10", "reshape 1728",
      "crop rows 0 4; flip columns"}},
    {"input x 19",
     {"dense 33; reshape 3x11; reduce_max 1; reshape 3; dense 17; softmax", "reshape 1x19; expand 4x19; tanh",
      "dense 17; reshape 17x1x1; conv 5 1x1; flatten", "dense 35; reshape 5x7x1; maxpool 2x1; flatten"}},
};
ON_EVERY_ISA("what one kernel computes of a chain of tensors is right", kChains)

TEST_CASE("a chain of moves and arithmetic is one kernel, and nothing between is stored") {
  const Graph graph = *graph_of(
      "network n\ninput x 4x6x8\npermute 2 0 1\nreshape 8x24\naffine 2 1\nflip 0\nadd_constant "
      "24\nreduce_sum 1\n");
  const Plan plan = make_plan(optimise(graph), target_for(Isa::avx2));
  CHECK(plan.steps.size() == 1);
  for (const Buffer& buffer : plan.buffers) CHECK(buffer.place != Buffer::Place::workspace);
}

TEST_CASE("tensors of a batch are right, of all images together or image by image (avx512)") {
  for (const int64_t cut : share_of_cuts({0, 4, 9, 100}, Isa::avx512))
    check(share_of(kChains, Isa::avx512), Isa::avx512, batch_of(3, cut));
  for (const int64_t cut : share_of_cuts({0, 3, 100}, Isa::avx512))
    check(share_of(kMoves, Isa::avx512), Isa::avx512, batch_of(3, cut));
}
TEST_CASE("tensors of a batch are right, of all images together or image by image (avx2)") {
  for (const int64_t cut : share_of_cuts({0, 3, 12, 100}, Isa::avx2))
    check(kChains, Isa::avx2, batch_of(5, cut));
  for (const int64_t cut : {0, 5}) check(kConcatsAlong, Isa::avx2, batch_of(3, cut));
  for (const int64_t cut : {0, 5}) check(kArithmetic, Isa::avx2, batch_of(3, cut));
}
TEST_CASE("tensors of a batch are right, of all images together or image by image (sse41)") {
  for (const int64_t cut : {0, 5}) check(share_of(kChains, Isa::sse41), Isa::sse41, batch_of(2, cut));
  for (const int64_t cut : {0, 4}) check(kReductions, Isa::sse41, batch_of(3, cut));
  check(kSoftmaxAlong, Isa::sse41, batch_of(3, 0));
  check(kProductsOfMatrices, Isa::sse41, batch_of(3, 0));
}

// Of tensors as they lie, along each axis, and of what is computed on the way.
const std::vector<Case> kPlaces = {
    {"input x 3x9x17",
     {"argmax 0", "argmax 1", "argmax 2; int32", "argmin 0; int32", "argmin columns; affine 2",
      "relu; argmax rows; reshape 51; dense 3", "softmax; argmax channels; int32", "reshape 459; argmax 0",
      "reshape 27x17; argmin 1; int32", "permute 2 1 0; exp; argmax 0", "reshape 3x9x17x1; argmax 3; int32",
      "affine 100 0.5; int32", "global_avgpool; argmax 0; int32", "argmax 0; expand 3x9x17; equal with x",
      "reduce_sum 1 2; argmin channels", "round; argmax 1; int32 as whole"}},
    {"input i 3x6x9; conv 17 3x3 pad 1 as x",
     {"argmax channels; int32", "argmax rows", "argmin columns; conv 5 1x1", "softmax; argmin 0; int32",
      "affine 1000; int32", "relu; argmax channels; add with x"}},
    {"input x 1x70000", {"argmax 1; int32", "argmin 1"}},
};
ON_EVERY_ISA("places of the greatest and the least elements are right, as floats and as whole numbers",
             kPlaces)

// Rows that are masked in part; one that is so as a whole gives no numbers, as in numpy.
const std::vector<Case> kMasked = {
    {"input x 4x7x19",
     {"add_constant 19 as mask1; softmax along 2",
      "add_constant 7x19 as mask2; affine 0.5 1; softmax along 2",
      "add_constant 4x7x19 as mask3; log_softmax along 1", "add_constant 4x1x1 as mask4; softmax along 0",
      "add_constant 4x1x1 as mask5; reduce_max 0", "add_constant 4x7x1 as mask6; softmax along 2",
      "subtract_constant 19 as mask7; minimum_constant 19 as mask8", "multiply_constant 19 as mask9",
      "add_constant 19 as mask10; exp; reduce_sum 2", "greater_constant 19 as mask11; where with x, x",
      "pad 1 value (-inf); maxpool 3x3 stride 2", "pad 0 1 2 0 value (-inf); softmax along 1",
      "pad 1 value inf; neg; exp", "reshape 532; add_constant 532 as mask12; softmax",
      "reshape 532; add_constant 532 as mask13; log_softmax",
      "reshape 4x133; permute 1 0; add_constant 4 as mask14; softmax along 1; reshape 4x7x19; permute 0 2 1; "
      "matmul with x"}},
    {"input i 3x6x9; conv 17 3x3 pad 1 as x",
     {"add_constant 17x1x1 as mask15; softmax", "add_constant 17x1x1 as mask16; log_softmax",
      "add_constant 17x6x9 as mask17; softmax; conv 3 3x3 pad 1",
      "pad 1 value (-inf); maxpool 3x3 stride 1; conv 4 3x3", "pad 2 value (-inf); softmax along rows"}},
};
ON_EVERY_ISA("infinities of masks and borders are right", kMasked)

}  // namespace

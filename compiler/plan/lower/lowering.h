// The state of lowering a graph to a plan, shared by the files that lower one family of operators each.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "ops/window/window.h"
#include "plan/layout/placement.h"
#include "plan/plan.h"

namespace cnnc {

// A buffer, and the layout in which a kernel sees it.
struct View {
  int buffer = -1;
  Layout layout;
};

struct Lowering {
  const Graph& graph;
  const PlanOptions& options;
  std::vector<Layout> layouts;        // by node
  std::vector<Placement> placements;  // by node
  std::vector<int> buffer_of;         // by node; -1 while not computed
  std::vector<int>
      result_of;  // by node: the buffer for its result, which parts may be stored in before; or -1
  std::vector<std::pair<View, View>> copies;  // of a tensor in the workspace: what was copied, and to where
  std::vector<NodeId> inner;                  // by node: choose_inner_convs(), choose_prologues()
  std::vector<bool> is_inner;                 // by node: whether the step of another one computes it
  std::vector<bool> is_inlined;               // by node: choose_inlined()
  Target blocked;                             // the target as kernels see it whose channels lie in blocks
  Plan plan;
  Span where;            // the statement whose node is being lowered
  int64_t images = 1;    // that the steps which are lowered now compute together: one, or all of the batch
  int own_scratch = -1;  // the buffer of the threads' own scratch memory, and for how many there is
  int scratch_places = 0;
};

// Adds a buffer; its index. Throws Unsupported for one that is too large.
int add_buffer(Lowering& lowering, Buffer buffer);

// A buffer as the steps that are lowered now see it: of a batch that it holds, one image or all.
View view_of(const Lowering& lowering, int buffer);

// The tensor of a node in whatever layout it has; of an alias that of its source.
View read_as_it_lies(Lowering& lowering, NodeId node);

// Adds a step with the kernel, which is given all but its inputs' layouts, constants' sizes and tasks.
void push_step(Lowering& lowering, Step step, Kernel kernel, const std::vector<View>& inputs);

// The map of a node in whatever layout it has. An alias of a tensor of another shape is in order first.
View read_map(Lowering& lowering, NodeId node);

// The tensor of a node with channels in blocks of `block`; a copy is made where it lies otherwise.
View read_blocked(Lowering& lowering, NodeId node, int64_t block);

// The tensor of a node with a halo at least as wide as the one given, in its own block or (unless 0) in
// `block`.
View read_with_halo(Lowering& lowering, NodeId node, const Layout& halo, int64_t block = 0);

// The tensor of a node without a halo.
View read_without_halo(Lowering& lowering, NodeId node);

// The tensor of a node as a vector in the order that its shape has, at least `elements` floats stored.
View read_vector(Lowering& lowering, NodeId node, int64_t elements = 0);

// The inputs of a node that treats each element, or each channel, alike: all in the block of the result or,
// of vectors, with as many floats stored.
std::vector<View> read_alike(Lowering& lowering, NodeId node);

// The same tensor in the workspace, around which a kernel may read a vector too much.
View read_in_workspace(Lowering& lowering, const View& view);

// Adds a constant made from values, which may be null, or from whole numbers; its index.
int add_constant(Lowering& lowering, std::string name, Packing packing,
                 std::shared_ptr<const std::vector<float>> values);
int add_constant(Lowering& lowering, std::string name, Packing packing,
                 std::shared_ptr<const std::vector<int32_t>> integers);

// Adds the constants of a node with a weight and perhaps a bias, which is padded as the weight's outputs are.
std::vector<int> add_weight_and_bias(Lowering& lowering, const Node& node, const Packing& weight);

// Adds the scale and the shift of a batchnorm that no conv took.
std::vector<int> add_scale_and_shift(Lowering& lowering, NodeId batchnorm);

// A kernel reads whole blocks of input channels and writes whole blocks of output channels of one group.
// Where groups are smaller, the fewest of them that fill whole blocks are packed as one with zeros between;
// at worst all of them.
int64_t merged_groups(int64_t groups, int64_t group_inputs, int64_t group_outputs, int64_t input_block,
                      int64_t output_block);

// Adds the step that computes the node by this family of kernels, with its result's buffer, and one for the
// scratch memory if the kernel wants it. The schedule may lack what complete_schedule() adds.
void add_step(Lowering& lowering, NodeId node, std::string family, KernelParameters parameters,
              const std::vector<View>& inputs, const std::vector<int>& constants, Schedule schedule = {});

// As add_step for some rows and columns of the result, which take the layout `phase` of result_buffer(node);
// the other steps of the same node come before the `last`.
void add_phase(Lowering& lowering, NodeId node, std::string family, KernelParameters parameters,
               const std::vector<View>& inputs, const std::vector<int>& constants, const Layout& phase,
               bool last, Schedule schedule = {});

// The buffer that holds a node's result, which is to be computed: alone, or where it is placed.
int result_buffer(Lowering& lowering, NodeId node);

// A buffer for some channels of another.
int add_part(Lowering& lowering, const View& whole, int64_t first_channel, int64_t channels,
             std::string name);

// Adds the step that copies the tensor of a node to its place in a concat's buffer.
void copy_to_part(Lowering& lowering, NodeId node, int whole, int64_t first_channel);

// Adds the step that copies the tensor of a node to the caller's output of that number.
void write_output(Lowering& lowering, NodeId node, int output);

// What a dense layer reads: a vector as it is stored and, where that is not the order of the shape, the place
// in the shape of each stored element; -1 for padding.
struct DenseInput {
  View view;
  std::vector<int64_t> positions;
};
DenseInput read_for_dense(Lowering& lowering, NodeId node);

void lower_tensor(Lowering& lowering, NodeId id);
void lower_bfloat16_conv(Lowering& lowering, NodeId node);
void lower_integer_conv(Lowering& lowering, NodeId node);
void lower_integer_dense(Lowering& lowering, NodeId node);
void lower_integer_avgpool(Lowering& lowering, NodeId node);
void lower_conversion(Lowering& lowering, NodeId node);  // quantize, dequantize
void lower_conv(Lowering& lowering, NodeId node);
void lower_upconv(Lowering& lowering, NodeId node);
void lower_maxpool(Lowering& lowering, NodeId node);
void lower_avgpool(Lowering& lowering, NodeId node);
void lower_maximum_parts(Lowering& lowering, NodeId node);  // global_maxpool, adaptive_maxpool
void lower_average_parts(Lowering& lowering, NodeId node);  // global_avgpool, adaptive_avgpool
void lower_resample(Lowering& lowering, NodeId node);       // upsample, resize, pad
void lower_dense(Lowering& lowering, NodeId node);
void lower_batchnorm(Lowering& lowering, NodeId node);
void lower_prelu(Lowering& lowering, NodeId node);
void lower_concat(Lowering& lowering, NodeId node);
void lower_slice(Lowering& lowering, NodeId node);
void lower_channel_order(Lowering& lowering, NodeId node);  // channel_shuffle, space_to_depth, depth_to_space

}  // namespace cnnc

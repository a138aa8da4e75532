// The plan of a library: which kernel computes what, where each tensor lies, which constants are packed how.
// Nothing here knows Halide.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/element_type.h"
#include "graph/graph.h"
#include "plan/kernel.h"
#include "plan/layout.h"
#include "plan/schedule.h"
#include "target/target.h"
#include "weights/packing.h"

namespace cnnc {

// Where a tensor lies: in the caller's input or output number `index` or in the workspace, `offset` bytes
// from its start.
struct Buffer {
  enum class Place { input, output, workspace };
  Place place = Place::workspace;
  int index = 0;
  int64_t offset = 0;
  Layout layout;      // of all images of a batch, or of the one that is being computed (Plan::image_steps)
  std::string name;   // of the graph node whose value it holds
  int halo_byte = 0;  // of bytes, what stands in the halo: their zero point
  // Of a part of another buffer, which is no part itself: that buffer, and the byte where it begins.
  int whole = -1;
  int64_t first_byte = 0;
  // In place: the buffer whose memory it takes over from the step on that writes this one and reads that one
  // for the last time; else -1.
  int onto = -1;
  // The steps between which it must not be overwritten, both included; its halo is zeroed
  // before `first`.
  int first = -1, last = -1;
};

struct Constant {
  std::string name;  // of the parameter: "conv1.weight"
  Packing packing;
  // The source, of the packing's type: floats or whole numbers. Both null if weights are not bound.
  std::shared_ptr<const std::vector<float>> values;
  std::shared_ptr<const std::vector<int32_t>> integers;
  int64_t offset = 0;  // bytes in the weights; a multiple of 64
};

struct Step {
  std::string name;                 // of the node whose value it computes; of a copy: also the direction
  std::vector<std::string> covers;  // Node::covers
  int kernel = 0;
  std::vector<int> inputs;     // buffers
  std::vector<int> constants;  // indices into Plan::constants
  int output = 0;              // a buffer
  int scratch = -1;            // a buffer of Kernel::scratch floats, or of all threads' own ones; -1: none
  // Bytes from the output's element (0, 0, 0) to the kernel's: of a phase of an upconv.
  int64_t first_byte = 0;
  // Computes a part of the output; a later step, which has the same name, completes it.
  bool partial = false;
};

struct Plan {
  std::string name;  // of the network
  Target target;
  std::vector<Buffer> buffers;
  std::vector<Constant> constants;
  std::vector<Kernel> kernels;  // distinct ones
  std::vector<Step> steps;
  std::vector<GraphOutput> outputs;  // names, in order
  std::vector<std::string> inputs;   // names, in order
  int64_t own_scratch = 0;           // floats from one thread's scratch memory to the next one's
  int64_t images = 1;                // of a batch
  int image_steps = 0;  // the first steps, which are run one after another for each image of a batch
  std::vector<Shape> input_shapes, output_shapes;   // of one image
  std::vector<ElementType> output_types;            // of those that are not given: floats
  std::vector<std::optional<Pixels>> input_pixels;  // of inputs that are made of pictures
  int64_t workspace_bytes = 0;                      // a multiple of 64
  int64_t workspace_bound = 0;                      // no placement of these buffers could do with less
  int64_t tensor_bytes = 0, scratch_bytes = 0;      // the most that of each kind is alive at one time
  int64_t weights_bytes = 0;                        // a multiple of 64
  std::vector<std::string> ignored_choices;         // problems whose choice does not fit, in order
};

// What output number so-and-so is stored as.
inline ElementType type_of_output(const Plan& plan, size_t output) {
  return output < plan.output_types.size() ? plan.output_types[output] : ElementType::float32;
}

// How input number so-and-so is made of pictures; null: it is not.
inline const Pixels* pixels_of_input(const Plan& plan, size_t input) {
  const bool has = input < plan.input_pixels.size() && plan.input_pixels[input];
  return has ? &*plan.input_pixels[input] : nullptr;
}

// How steps are to be computed, by the problem that they solve (plan/choose/space.h).
using Choices = std::map<std::string, Choice, std::less<>>;

// Of a library for several targets, whose plans share packed weights as far as they can: all have the layouts
// that the best target's vectors ask for, so that the block of channels is one.
struct Sharing {
  Target best;
  int64_t dense_tile = 0;      // of a dense layer, outputs that each target has registers for
  const Plan* plan = nullptr;  // of the best target, whose packings are followed; null for itself
};

struct PlanOptions {
  int64_t images = 1;  // that a run computes: the batch
  int64_t cut = -1;    // so many nodes image by image (plan/layout/batch.h); -1: by an estimate
  Choices choices;     // where one fits; else, and for all other problems, the analytic default
  // Of the kernels that have a choice (plan/choose/space.h), see Kernel: then no convolution is transformed.
  std::string strategy;
  int strategy_threads = 1;
  bool allow_winograd = true;  // false: every convolution by its definition, sum by sum
  int64_t threads = 1;         // that runs are to be fastest with; any number can be used
  double task_seconds = 3e-6;  // by an estimate, of the least task that is given to another thread
  // What the weights of dense layers are stored as where it holds them (weights/small_weights.h).
  ElementType weights_type = ElementType::float32;
  bool keep_all_tensors = false;   // no two buffers share memory: `verify` reads them all after a run
  std::optional<Sharing> sharing;  // empty: the library is for this target alone
};

// What make_plan throws: every operator has kernels, but some sizes are more than they can take.
struct Unsupported {
  std::string message;
  Span where;
};
Plan make_plan(const Graph& graph, const Target& target, const PlanOptions& options = {});

// The steps that `layer_seconds` and the layers' names count: the parts of one tensor as one.
int64_t count_layers(const Plan& plan);

// What `--emit plan` prints.
std::string to_string(const Plan& plan);

}  // namespace cnnc

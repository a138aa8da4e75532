// Operators that are others of ONNX's one behind the other: they become nodes of these, where no mapping
// takes them as they are.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "onnx/dims.h"
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// The opset that these nodes are written in, whichever the model has.
constexpr int64_t kComposedOpset = 17;

// In an order in which each stands behind those that it reads from. They write the outputs of the node that
// they stand for, and values of their own.
struct Composition {
  std::vector<Node> nodes;
  std::map<std::string, Constant> constants;
  std::map<std::string, std::vector<std::string>> sequences;  // by name the tensors of each
};

// A composition while it is written, for one node.
class Composer {
 public:
  Composer(const Translation& t, const Node& node);

  // A node; gives the name of its result.
  std::string add(std::string op, std::vector<std::string> inputs,
                  std::map<std::string, Attribute> attributes = {});
  // The node that writes output `index` of the one that is composed.
  void finish(std::string op, std::vector<std::string> inputs,
              std::map<std::string, Attribute> attributes = {}, size_t index = 0);

  // Constants; give their names.
  std::string number(float value);
  std::string floats(std::vector<float> values, Dims dims);
  std::string whole(std::vector<int64_t> values);
  std::string whole(std::vector<int64_t> values, Dims dims);

  // Nodes with lists as constants.
  std::string reshape(const std::string& x, Dims dims);
  std::string transpose(const std::string& x, std::vector<int64_t> order);
  // Elements begin, begin + step, … before `end` along each of these axes.
  std::string slice(const std::string& x, Dims begins, Dims ends, Dims axes, Dims steps);

  Composition take() { return std::move(made_); }

 private:
  std::string new_name();
  std::string keep(Constant constant);

  const Translation& t_;
  const Node& node_;
  Composition made_;
  int64_t values_ = 0;
};

// Of the value that the node reads at that place, or writes none: throws Unmapped.
Dims dims_of_input(const Translation& t, const Node& node, size_t index);

// 0, 1, … along the axis, of a tensor of that rank.
std::string places_along(Composer& c, int64_t count, size_t axis, size_t rank);

// Throws Unmapped where it makes so many constants that a model has better in its file.
void want_few(int64_t elements);

// Empty: the node is none of these, or has a form that cannot be composed. Throws Unmapped with a reason.
using Compose = std::optional<Composition> (*)(const Translation&, const Node&);

// Null: there is none.
Compose find_composition(const Node& node);

// The operators of ONNX's own that have one.
std::vector<std::string_view> composed_operators();

// compose_angles.cpp
std::optional<Composition> compose_acos(const Translation& t, const Node& node);
std::optional<Composition> compose_acosh(const Translation& t, const Node& node);
std::optional<Composition> compose_asin(const Translation& t, const Node& node);
std::optional<Composition> compose_asinh(const Translation& t, const Node& node);
std::optional<Composition> compose_atan(const Translation& t, const Node& node);
std::optional<Composition> compose_atanh(const Translation& t, const Node& node);
std::optional<Composition> compose_cosh(const Translation& t, const Node& node);
std::optional<Composition> compose_sinh(const Translation& t, const Node& node);
std::optional<Composition> compose_tan(const Translation& t, const Node& node);

// compose_conv.cpp
std::optional<Composition> compose_conv(const Translation& t, const Node& node);
std::optional<Composition> compose_col2im(const Translation& t, const Node& node);

// compose_fused.cpp: of the domain com.microsoft
std::optional<Composition> compose_fused_conv(const Translation& t, const Node& node);
std::optional<Composition> compose_fused_gemm(const Translation& t, const Node& node);
std::optional<Composition> compose_fused_matmul(const Translation& t, const Node& node);
std::optional<Composition> compose_gelu(const Translation& t, const Node& node);
std::optional<Composition> compose_quick_gelu(const Translation& t, const Node& node);
std::optional<Composition> compose_rmsnorm(const Translation& t, const Node& node);
std::optional<Composition> compose_same(const Translation& t, const Node& node);
std::optional<Composition> compose_skip_layernorm(const Translation& t, const Node& node);

// compose_pool.cpp
std::optional<Composition> compose_lp_pool(const Translation& t, const Node& node);
std::optional<Composition> compose_global_lp_pool(const Translation& t, const Node& node);
std::optional<Composition> compose_maxpool(const Translation& t, const Node& node);
std::optional<Composition> compose_max_unpool(const Translation& t, const Node& node);
std::optional<Composition> compose_batchnorm(const Translation& t, const Node& node);

// compose_places.cpp: along an axis
std::optional<Composition> compose_center_crop_pad(const Translation& t, const Node& node);
std::optional<Composition> compose_cumsum(const Translation& t, const Node& node);
std::optional<Composition> compose_gather_elements(const Translation& t, const Node& node);
std::optional<Composition> compose_hardmax(const Translation& t, const Node& node);
std::optional<Composition> compose_one_hot(const Translation& t, const Node& node);
std::optional<Composition> compose_reverse_sequence(const Translation& t, const Node& node);
std::optional<Composition> compose_top_k(const Translation& t, const Node& node);
std::optional<Composition> compose_trilu(const Translation& t, const Node& node);

// compose_scatter.cpp
std::optional<Composition> compose_scatter_nd(const Translation& t, const Node& node);
std::optional<Composition> compose_scatter_elements(const Translation& t, const Node& node);

// compose_sequence.cpp
std::optional<Composition> compose_concat_from_sequence(const Translation& t, const Node& node);
std::optional<Composition> compose_sequence(const Translation& t, const Node& node);
std::optional<Composition> compose_sequence_at(const Translation& t, const Node& node);
std::optional<Composition> compose_sequence_erase(const Translation& t, const Node& node);
std::optional<Composition> compose_sequence_insert(const Translation& t, const Node& node);
std::optional<Composition> compose_sequence_length(const Translation& t, const Node& node);
std::optional<Composition> compose_split_to_sequence(const Translation& t, const Node& node);

// compose_several.cpp
std::optional<Composition> compose_conv_of_several(const Translation& t, const Node& node);
std::optional<Composition> compose_pool_of_several(const Translation& t, const Node& node);

// compose_values.cpp: element by element
std::optional<Composition> compose_cast_like(const Translation& t, const Node& node);
std::optional<Composition> compose_is_inf(const Translation& t, const Node& node);
std::optional<Composition> compose_is_nan(const Translation& t, const Node& node);
std::optional<Composition> compose_parametric_softplus(const Translation& t, const Node& node);
std::optional<Composition> compose_scaled_tanh(const Translation& t, const Node& node);
std::optional<Composition> compose_swish(const Translation& t, const Node& node);

// compose_whole.cpp
std::optional<Composition> compose_quotient(const Translation& t, const Node& node);
std::optional<Composition> compose_mod(const Translation& t, const Node& node);

}  // namespace cnnc::onnx

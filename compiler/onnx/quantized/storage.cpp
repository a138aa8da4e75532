#include "onnx/quantized/storage.h"

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/quantized/constants.h"

namespace cnnc::onnx {

bool is_one_of(std::string_view ops, const std::string& op) {
  return ops.find(" " + op + " ") != std::string_view::npos;
}

bool is_product(const Node& node) {
  return (node.op == "Conv" || node.op == "Gemm" || node.op == "MatMul") && node.inputs.size() > 1;
}

Readers readers_of(const Model& model) {
  Readers readers;
  for (const Node& node : model.nodes)
    for (const std::string& input : node.inputs) readers.nodes[input].push_back(&node);
  for (const ValueInfo& output : model.outputs) readers.outputs.insert(output.name);
  return readers;
}

std::optional<int64_t> number_of_pad(const Model& model, const Node& pad) {
  if (word(pad, "mode", "constant") != "constant") return std::nullopt;
  if (input_of(pad, 2).empty()) return 0;
  const Constant* value = constant_of(model, pad, 2);
  if (!value || !value->integers || value->integers->size() != 1) return std::nullopt;
  return value->integers->front();
}

namespace {

// Whether no channel is added or taken away, and no row or column taken away.
bool pads_maps(const Model& model, const Node& node) {
  const Constant* pads = constant_of(model, node, 1);
  if (!pads || !pads->integers || pads->integers->size() != 8 || !input_of(node, 3).empty()) return false;
  const std::vector<int64_t>& of = *pads->integers;
  return of[0] == 0 && of[1] == 0 && of[4] == 0 && of[5] == 0 &&
         std::all_of(of.begin(), of.end(), [](int64_t pad) { return pad >= 0; });
}

class Storage {
 public:
  Storage(const Model& model, const Readers& readers, const Scales& scales)
      : model_(model), readers_(readers), scales_(scales) {}

  bool are_stored(const std::string& numbers) {
    return all_readers(numbers, [&](const Node& node) {
      if (node.op == "DequantizeLinear") return are_read_as_bytes(node.outputs[0]);
      if (node.op == "Pad") return is_padding_of_products(node);
      return is_one_of(kMoves, node.op) && are_stored(node.outputs[0]);
    });
  }

  bool are_stored(const std::vector<std::string>& all) {
    return std::all_of(all.begin(), all.end(), [&](const auto& numbers) { return are_stored(numbers); });
  }

  bool may_lack_rounding(const std::vector<std::string>& all) {
    return std::all_of(all.begin(), all.end(),
                       [&](const auto& numbers) { return may_lack_rounding(numbers); });
  }

 private:
  // Whether what reads the reals does no more with half a step of their grid than add it to what it makes.
  bool may_lack_rounding(const std::string& numbers) {
    const auto found = readers_.nodes.find(numbers);
    if (--left_ < 0 || found == readers_.nodes.end()) return false;
    return std::all_of(found->second.begin(), found->second.end(), [&](const Node* node) {
      if (node->outputs.empty()) return false;
      if (is_one_of(kMoves, node->op)) return may_lack_rounding(node->outputs[0]);
      return node->op == "DequantizeLinear" && are_read_gently(node->outputs[0], *node);
    });
  }

  bool are_read_gently(const std::string& reals, const Node& scaling) {
    const auto found = readers_.nodes.find(reals);
    return found == readers_.nodes.end() ||
           std::all_of(found->second.begin(), found->second.end(),
                       [&](const Node* node) { return is_gentle(*node, reals, scaling); });
  }

  bool is_gentle(const Node& node, const std::string& reals, const Node& scaling) {
    if (is_one_of(" AveragePool GlobalAveragePool ", node.op))
      return !node.outputs.empty() && become_numbers(node.outputs[0]);
    if (is_one_of(" Add Sum ", node.op)) return !node.outputs.empty() && !is_finer(node.outputs[0], scaling);
    return is_one_of(kMoves, node.op) || is_product_of_bytes(node, reals);
  }

  // Whether the sum, or what an activation makes of it, becomes numbers on a grid on which half a step of the
  // other is more than one.
  bool is_finer(const std::string& sum, const Node& scaling) {
    const auto found = readers_.nodes.find(sum);
    if (--left_ < 0 || found == readers_.nodes.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(), [&](const Node* node) {
      if (is_one_of(" Clip Relu ", node->op))
        return !node->outputs.empty() && is_finer(node->outputs[0], scaling);
      if (node->op != "QuantizeLinear") return false;
      const Constant *of_sum = constant_of(model_, *node, 1), *of_part = constant_of(model_, scaling, 1);
      const bool are_known = of_sum && of_sum->floats && of_part && of_part->floats &&
                             of_sum->floats->size() == 1 && of_part->floats->size() == 1;
      return are_known && of_part->floats->front() > 2 * of_sum->floats->front();
    });
  }

  bool is_product_of_bytes(const Node& node, const std::string& reals) const {
    return is_product(node) && node.inputs[0] == reals && scales_.count(node.inputs[1]) > 0;
  }

  // Whether there are readers, each of which is so. Of a network with many ways through it not all are
  // walked.
  template <class Is>
  bool all_readers(const std::string& value, Is is) {
    const auto found = readers_.nodes.find(value);
    if (--left_ < 0 || found == readers_.nodes.end() || readers_.outputs.count(value)) return false;
    return std::all_of(found->second.begin(), found->second.end(),
                       [&](const Node* node) { return !node->outputs.empty() && is(*node); });
  }

  bool are_read_as_bytes(const std::string& reals) {
    return all_readers(reals, [&](const Node& node) {
      if (is_product(node)) return is_product_of_bytes(node, reals);
      if (!is_one_of(kMoves, node.op) && node.op != "GlobalAveragePool") return false;
      return become_numbers(node.outputs[0]);
    });
  }

  // Whether it puts zeros around what convolutions alone read, whose padding it becomes.
  bool is_padding_of_products(const Node& pad) {
    const auto number = number_of_pad(model_, pad);
    return number && pads_maps(model_, pad) && all_readers(pad.outputs[0], [&](const Node& node) {
             if (node.op != "DequantizeLinear") return false;
             const Constant* zero = constant_of(model_, node, 2);
             const bool is_zero =
                 zero ? zero->integers && *zero->integers == std::vector<int64_t>{*number} : *number == 0;
             return is_zero && all_readers(node.outputs[0], [&](const Node& product) {
                      return product.op == "Conv" && is_product_of_bytes(product, node.outputs[0]);
                    });
           });
  }

  bool become_numbers(const std::string& reals) {
    return all_readers(
        reals, [&](const Node& node) { return node.op == "QuantizeLinear" && are_stored(node.outputs[0]); });
  }

  const Model& model_;
  const Readers& readers_;
  const Scales& scales_;
  int left_ = 256;
};

}  // namespace

bool are_stored(const Model& model, const Readers& readers, const Scales& scales,
                const std::vector<std::string>& numbers) {
  return Storage(model, readers, scales).are_stored(numbers);
}

bool may_lack_rounding(const Model& model, const Readers& readers, const Scales& scales,
                       const std::vector<std::string>& numbers) {
  return Storage(model, readers, scales).may_lack_rounding(numbers);
}

}  // namespace cnnc::onnx

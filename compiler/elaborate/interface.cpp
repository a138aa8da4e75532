#include "elaborate/interface.h"

#include <fmt/format.h>

#include <algorithm>

#include "elaborate/expressions.h"
#include "elaborate/identifiers/identifiers.h"
#include "elaborate/identifiers/reserved_names.h"
#include "elaborate/pixels.h"
#include "elaborate/statements.h"
#include "support/limits.h"

namespace cnnc::elaboration {
namespace {

// A name that the generated header would have: no word of C or C++, and no other's name, in upper case too,
// in which the header's constants are.
void take_interface_name(State& state, const std::string& name, Span where, const std::string& hint) {
  if (is_reserved(name)) {
    return error(state, where, fmt::format("'{}' has a meaning in C or C++ or in the generated header", name),
                 hint);
  }
  const auto [entry, is_new] = state.interface_names.try_emplace(lower(name), InterfaceName{name, where});
  if (is_new || is_reported(state, where)) return;
  const auto& [other, place] = entry->second;
  error(state, where,
        other == name ? fmt::format("two inputs or outputs are called '{}'; the other is on {}", name,
                                    line_of(state, place))
                      : fmt::format("'{}' and '{}' on {} differ in upper and lower case only", name, other,
                                    line_of(state, place)),
        hint);
}

// The sizes of an input's shape, or empty, which is reported.
std::vector<int64_t> sizes_of(State& state, const ast::Argument& shape) {
  std::vector<ast::Expression> expressions;
  if (const auto* dimensions = std::get_if<ast::Dimensions>(&shape))
    expressions = dimensions->sizes;
  else
    expressions = {std::get<ast::Expression>(shape)};
  std::vector<int64_t> sizes;
  for (const ast::Expression& expression : expressions) {
    const auto size = evaluate(state, {}, expression);
    if (!size) return {};
    if (*size < 1) {
      error(state, expression.where, fmt::format("a size is at least 1; found {}", *size));
      return {};
    }
    sizes.push_back(*size);
  }
  return sizes;
}

// The shape of an input; without sizes if it is wrong, which is reported.
Shape shape_of_input(State& state, const ast::Argument& written) {
  Shape shape(sizes_of(state, written));
  const Span where = ast::where(written);
  if (shape.sizes.empty()) return shape;
  if (static_cast<int64_t>(shape.rank()) > limits::kRank) {
    error(state, where,
          fmt::format("a tensor has at most {} sizes; found '{}'", limits::kRank, text_at(state, where)),
          "of one image: the batch is no part of a shape");
    return Shape();
  }
  const auto elements = shape.checked_elements();
  if (elements && *elements <= limits::kElements) return shape;
  error(state, where,
        fmt::format("a tensor has at most {} elements; found '{}'", limits::kElements, to_string(shape)));
  return Shape();
}

std::string dots_to_underscores(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

Span place_of_file(const ast::File& file) {
  if (!file.statements.empty()) return file.statements.back().where;
  return file.network ? file.network->where : Span{0, 0};
}

}  // namespace

Tensor run_input(State& state, Scope& scope, const ast::Statement& statement, const ast::Input& input) {
  const std::string name = take_name(state, scope, input.name.text, input.name.where);
  take_interface_name(state, name, input.name.where, "choose another name");
  Node node;
  node.name = name;
  node.op = "input";
  node.shape = shape_of_input(state, input.shape);
  node.covers = {name};
  node.where = statement.where;
  bool good = !node.shape.sizes.empty();
  if (good && !input.pixels.empty()) {
    node.pixels = read_pixels(state, input, node.shape);
    good = node.pixels.has_value();
  }
  const Tensor result = good ? known(static_cast<NodeId>(state.graph.nodes.size())) : unknown();
  if (good) {
    state.graph.inputs.push_back(result.node);
    state.graph.nodes.push_back(std::move(node));
  }
  define(state, name, result);
  return result;
}

void run_output(State& state, const Scope& scope, const ast::Statement& statement, const ast::Output& output,
                Tensor current) {
  Tensor tensor = current;
  std::string name = "output";
  if (output.tensor) {
    const Found found = find_tensor(state, scope, *output.tensor);
    tensor = found.tensor;
    name = dots_to_underscores(found.full_name);
  } else if (tensor.state == Tensor::State::absent) {
    error(state, statement.where, "there is no tensor to put out: no input stands above",
          "write an input first, such as 'input image 3x224x224'");
    tensor = unknown();
  }
  const Span where = statement.as    ? statement.as->where
                     : output.tensor ? output.tensor->where
                                     : statement.where;
  if (statement.as) name = statement.as->text;
  if (is_known(tensor))
    take_interface_name(state, name, where, "give the output another name with 'as NAME'");
  state.outputs.push_back({name, tensor, statement.where});
}

std::string network_name(State& state, const ast::File& file) {
  if (!file.network) return identifier_of_path(state.source.name);
  const std::string& name = file.network->text;
  if (is_reserved(name)) {
    error(state, file.network->where,
          fmt::format("'{}' has a meaning in C or C++ or in the generated header", name),
          "choose another name");
  } else if (is_c_library_name(name)) {
    error(state, file.network->where,
          fmt::format("'{}' is a name of the C library, with which the generated header would clash", name),
          fmt::format("call it '{}_net'", name));
  }
  return name;
}

void finish_outputs(State& state, const ast::File& file, Tensor last) {
  const auto& nodes = state.graph.nodes;
  const auto is_layer = [](const Node& node) { return !is_input(node); };
  if (!state.diagnostics.has_errors() && std::none_of(nodes.begin(), nodes.end(), is_layer)) {
    const bool empty = nodes.empty();
    error(state, place_of_file(file),
          empty ? "the network has no input and no layer" : "the network has no layer",
          empty ? "write an input first, such as 'input image 3x224x224'"
                : "write its layers below the input, such as 'conv 6 5x5'");
  }
  if (state.outputs.empty() && is_known(last)) {
    const auto taken = state.interface_names.find("output");
    if (taken != state.interface_names.end()) {
      error(state, taken->second.where,
            "the network's output is called 'output' where it has no other name, and so is this input",
            "name the output with 'output as NAME', or the input otherwise");
    }
    state.outputs.push_back({"output", last, {}});
  }
  for (const NetworkOutput& output : state.outputs)
    state.graph.outputs.push_back({output.name, output.tensor.node});
}

}  // namespace cnnc::elaboration

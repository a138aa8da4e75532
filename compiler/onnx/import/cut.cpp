#include "onnx/import/cut.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "onnx/import/translate.h"
#include "onnx/walk/obstacles.h"
#include "onnx/walk/part.h"
#include "support/suggest.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

using Names = std::vector<std::string>;

// Inputs, what nodes compute, and constants.
Names values_of(const Model& model) {
  Names names;
  for (const ValueInfo& input : model.inputs) names.push_back(input.name);
  for (const Node& node : model.nodes)
    std::copy_if(node.outputs.begin(), node.outputs.end(), std::back_inserter(names),
                 [](const std::string& name) { return !name.empty(); });
  for (const auto& [name, constant] : model.constants) names.push_back(name);
  return names;
}

// What the user may have meant: the outputs of a node of that name, else values that have it in theirs, else
// the one that is spelt most like it.
std::string meant_by(const Model& model, const Names& values, const std::string& word,
                     const std::string& option) {
  for (const Node& node : model.nodes)
    if (node.name == word) return fmt::format("it is a node, which computes {}", listed(node.outputs));
  Names meant;
  std::copy_if(values.begin(), values.end(), std::back_inserter(meant),
               [&](const std::string& value) { return value.find(word) != std::string::npos; });
  if (meant.empty()) meant.push_back(nearest(word, values));
  if (!meant[0].empty()) return "names close to it: " + listed(meant);
  return fmt::format("'{}' wants a name that the file has, as Netron shows it", option);
}

// What is named for the option, of which each must be a value of the model.
void check_names(const Model& model, const Names& names, const std::string& option, const std::string& file,
                 Diagnostics& diagnostics) {
  const Names values = values_of(model);
  for (const std::string& name : names)
    if (std::find(values.begin(), values.end(), name) == values.end())
      diagnostics.error_in_file(file, fmt::format("the model has no tensor called {}", quote(name)),
                                meant_by(model, values, name, option));
}

void check_needed(const Model& model, const Names& inputs, const std::string& file,
                  Diagnostics& diagnostics) {
  const std::set<std::string> needed = needed_values(model);
  for (const std::string& name : inputs)
    if (!needed.count(name))
      diagnostics.error_in_file(file, fmt::format("no output depends on the input {}", quote(name)),
                                "leave it out, or name an output behind it");
}

// What the file says of a value; a float without a shape where it says nothing.
ValueInfo declared(const Model& model, const std::string& name) {
  for (const auto* infos : {&model.inputs, &model.outputs, &model.values})
    for (const ValueInfo& info : *infos)
      if (info.name == name) return info;
  return {name, "float", std::nullopt};
}

std::vector<ValueInfo> infos_of(const Model& model, const TranslateOptions& options,
                                const std::string& file) {
  std::vector<ValueInfo> infos;
  const auto found = sizes_of_values(with_outputs(model, options.inputs), options, file);
  for (const std::string& name : options.inputs) {
    ValueInfo info = declared(model, name);
    if (const auto sizes = found.find(name); sizes != found.end()) info.dims = sizes->second;
    infos.push_back(std::move(info));
  }
  return infos;
}

}  // namespace

std::optional<Model> cut(Model model, const TranslateOptions& options, const std::string& file,
                         Diagnostics& diagnostics) {
  if (options.inputs.empty() && options.outputs.empty()) return model;
  check_names(model, options.inputs, "--input", file, diagnostics);
  check_names(model, options.outputs, "--output", file, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  const std::vector<ValueInfo> inputs = infos_of(model, options, file);
  if (!options.outputs.empty()) model = with_outputs(std::move(model), options.outputs);
  model = with_inputs(std::move(model), inputs);
  check_needed(model, options.inputs, file, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return model;
}

}  // namespace cnnc::onnx

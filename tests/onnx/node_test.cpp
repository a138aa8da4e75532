// ONNX's own tests of single nodes, from the file to the compiled library. node_tests_excluded.txt lists
// those that cannot pass, each with the reason.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "describe/describe.h"
#include "elaborate/elaborate.h"
#include "emit/load/loaded_library.h"
#include "networks/kernel_options.h"
#include "node_cases.h"
#include "onnx/file/read.h"
#include "onnx/import/translate.h"
#include "passes/passes.h"
#include "plan/plan.h"
#include "syntax/formatter.h"
#include "syntax/parser.h"
#include "target/host.h"

using namespace cnnc;
using namespace cnnc::onnx::test;

namespace {

// |value - expected| <= kAbsolute + kRelative |expected|
constexpr double kRelative = 1e-3, kAbsolute = 1e-5;

std::string text_of(const Diagnostics& diagnostics) {
  return diagnostics.all().empty() ? "unknown error" : diagnostics.all()[0].message;
}

// The network by way of its text, as `cnnc import` makes it.
Graph by_text(const Graph& graph) {
  const Source source{"node.dsl", format(describe(graph))};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  auto elaborated = file ? elaborate(*file, source, diagnostics) : std::nullopt;
  if (!elaborated) throw std::runtime_error(text_of(diagnostics) + "\n" + source.text);
  return with_weights_of(std::move(*elaborated), graph);
}

std::string fault_of_values(const std::vector<float>& values, const std::vector<float>& expected,
                            size_t output) {
  if (values.size() != expected.size())
    return fmt::format("output {} has {} elements; {} are expected", output, values.size(), expected.size());
  for (size_t i = 0; i < values.size(); ++i)
    if (!(std::fabs(double{values[i]} - expected[i]) <= kAbsolute + kRelative * std::fabs(expected[i])))
      return fmt::format("output {}: element {} is {}; {} is expected", output, i, values[i], expected[i]);
  return "";
}

std::string fault_of_run(const Plan& plan, const NodeCase& c) {
  const LoadedLibrary library(plan, kernel_options());
  std::vector<const float*> inputs;
  for (const std::vector<float>& input : c.inputs) inputs.push_back(input.data());
  std::vector<std::vector<float>> values;
  for (const Shape& shape : plan.output_shapes)
    values.emplace_back(static_cast<size_t>(plan.images * shape.elements()));
  std::vector<float*> outputs;
  for (std::vector<float>& value : values) outputs.push_back(value.data());
  Workspace workspace = workspace_for(plan);
  if (const int error = library.run(inputs, outputs, workspace.data()))
    return fmt::format("the run returned error {}", error);
  for (size_t i = 0; i < c.outputs.size(); ++i)
    if (std::string fault = fault_of_values(values[i], c.outputs[i], i); !fault.empty()) return fault;
  return "";
}

// Why the case does not pass; "" if it does.
std::string fault_of(const NodeCase& c) {
  Diagnostics diagnostics;
  const auto model = onnx::parse_model(c.bytes, c.name + ".onnx", diagnostics);
  if (!model) return text_of(diagnostics);
  const auto network = onnx::translate(*model, {}, c.name + ".onnx", diagnostics);
  if (!network) return text_of(diagnostics);
  PlanOptions options;
  options.images = network->images;
  const Graph graph = optimise(by_text(network->graph));
  return fault_of_run(make_plan(graph, target_for(*host_isa()), options), c);
}

// NAME: REASON, one a line; lines that begin with # are comments. A line [VERSION …] begins those that are
// excluded from the tests of these versions of ONNX alone.
std::map<std::string, std::string> excluded(const std::string& path, std::string_view version) {
  std::map<std::string, std::string> reasons;
  std::ifstream file(path);
  bool is_meant = true;
  for (std::string line; std::getline(file, line);) {
    if (line[0] == '[') is_meant = line.find(version) != std::string::npos;
    const size_t colon = line.find(": ");
    if (is_meant && colon != std::string::npos && line[0] != '#')
      reasons.emplace(line.substr(0, colon), line.substr(colon + 2));
  }
  return reasons;
}

// The version of ONNX whose tests are installed: Debian 12's or Debian 13's.
std::string_view installed_version() {
  return std::filesystem::exists(CNNC_ONNX_NODE_TESTS "/test_gelu_default_1") ? "1.17" : "1.12";
}

}  // namespace

TEST_CASE("ONNX's own tests of single nodes pass, but for those that are listed with a reason") {
  auto reasons = excluded(CNNC_SOURCE_DIR "/tests/onnx/node_tests_excluded.txt", installed_version());
  int passed = 0, cases = 0;
  for (const NodeCase& c : node_cases(CNNC_ONNX_NODE_TESTS)) {
    ++cases;
    std::string fault;
    try {
      fault = fault_of(c);
    } catch (const std::exception& error) {
      fault = error.what();
    }
    const bool is_listed = reasons.erase(c.name) > 0;
    passed += fault.empty();
    CHECK_MESSAGE(fault.empty() != is_listed, c.name, ": ",
                  fault.empty() ? "passes, and is listed as one that cannot" : fault);
  }
  for (const auto& [name, reason] : reasons) FAIL_CHECK(name << " is listed, and no such case exists");
  MESSAGE(passed << " of " << cases << " cases pass");
  CHECK(passed >= (installed_version() == "1.17" ? 334 : 362));
}

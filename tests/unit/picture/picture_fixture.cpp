#include "unit/picture/picture_fixture.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "elaborate/elaborate.h"
#include "syntax/parser.h"

namespace cnnc::testing {

namespace {

struct Parsed {
  ast::File file;
  Graph graph;
};

Parsed parsed(const std::string& text) {
  Diagnostics diagnostics;
  const Source source{"net.dsl", text};
  const std::optional<ast::File> file = parse(source, diagnostics);
  REQUIRE(file);
  const std::optional<Graph> graph = elaborate(*file, source, diagnostics);
  REQUIRE(graph);
  return {*file, *graph};
}

}  // namespace

Pictured pictured(const std::string& text, picture::StageOptions options) {
  const auto [file, graph] = parsed(text);
  Pictured result{graph.name, picture::layers_of(graph), {}, {}};
  result.stages = picture::stages_of(result.layers, file, options);
  result.tree = picture::tree_of(result.layers, file, !options.expand);
  return result;
}

Graph graph_of(const std::string& text) {
  return parsed(text).graph;
}

bool has(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

std::vector<std::string> texts(const picture::Drawing& drawing) {
  std::vector<std::string> found;
  for (const picture::Label& label : marks_of<picture::Label>(drawing)) found.push_back(label.text);
  return found;
}

std::string lines(const std::vector<picture::Stage>& stages) {
  std::string text;
  for (const picture::Stage& stage : stages) {
    text += stage.name + ": " + (stage.times == 1 ? "" : fmt::format("{} × ", stage.times)) + stage.what +
            ", " + to_string(stage.shape);
    for (const std::string& role : stage.within) text += fmt::format(", {} within", role);
    for (const picture::Link& link : stage.inputs)
      text +=
          fmt::format(", {}{}{}", link.says, link.says.empty() ? "from " : " from ", stages[link.from].name);
    text += stage.is_output ? ", output\n" : "\n";
  }
  return text;
}

}  // namespace cnnc::testing

// cnnc plot: the network as a picture.
#include "driver/commands.h"
#include "driver/front/front.h"
#include "driver/front/outputs.h"
#include "driver/front/text.h"
#include "picture/diagram.h"
#include "picture/volumes.h"
#include "picture/write_svg.h"

namespace cnnc {
namespace {

picture::Drawing drawing_of(const Graph& graph, const ast::File& file, const PlotOptions& options) {
  const std::vector<picture::Layer> layers = picture::layers_of(graph);
  if (options.style == PlotStyle::graph)
    return picture::draw_diagram(graph.name, picture::tree_of(layers, file, !options.expand), layers);
  return picture::draw_volumes(graph.name, picture::stages_of(layers, file, {options.expand}), layers);
}

}  // namespace

int run(const PlotOptions& options) {
  const std::string path = choose_picture(options);
  Text text = read_text(options.model, options.onnx);
  const Graph graph = elaborate_text(text);
  write_file(path, picture::to_svg(drawing_of(graph, text.file, options)));
  return 0;
}

}  // namespace cnnc

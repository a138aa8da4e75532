// Networks from texts, as pictures draw them.
#pragma once
#include <string>
#include <vector>

#include "picture/diagram/tree.h"
#include "picture/drawing.h"
#include "picture/volumes/stages.h"

namespace cnnc::testing {

// Fails the test where the text has errors.
Graph graph_of(const std::string& text);

struct Pictured {
  std::string name;
  std::vector<picture::Layer> layers;
  std::vector<picture::Stage> stages;
  picture::Tree tree;  // without what is repeated, or with all of it
};

// Fails the test where the text has errors.
Pictured pictured(const std::string& text, picture::StageOptions options = {});

// The marks of one kind, and all texts, in the order in which they are drawn.
template <class T>
std::vector<T> marks_of(const picture::Drawing& drawing) {
  std::vector<T> found;
  for (const picture::Part& part : drawing.parts)
    for (const picture::Mark& mark : part.marks)
      if (const auto* shape = std::get_if<T>(&mark)) found.push_back(*shape);
  return found;
}
std::vector<std::string> texts(const picture::Drawing& drawing);
bool has(const std::vector<std::string>& texts, const std::string& text);

// A stage a line: "layer1: 2 × basic, 64x8x8, identity within, from maxpool1".
std::string lines(const std::vector<picture::Stage>& stages);

}  // namespace cnnc::testing

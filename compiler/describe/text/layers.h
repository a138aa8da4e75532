// Layers in words: the arguments of a node's operator, and which of them go without saying.
#pragma once
#include <functional>

#include "graph/graph.h"
#include "ops/operator.h"
#include "syntax/ast.h"

namespace cnnc {

// With every size written that has a default, so that layers of one operator differ in numbers alone: pairs
// and paddings as two sizes (3x3), or as four where the sides differ.
ast::Layer layer_of(const Node& node);

// The arguments of a layer that layer_of has made, by attribute: the values of each in order.
void for_each_attribute(ast::Layer& layer,
                        const std::function<void(const AttributeRule&, std::vector<ast::Argument*>)>& visit);

// Without what is at its default, and in as few words as it takes: stride 2, pad 1.
ast::Layer trimmed(ast::Layer layer);

// Whether a statement goes with the one in front of it: an activation, and a batchnorm behind a layer with
// weights or a call.
bool belongs_to(const ast::Statement& statement, const ast::Statement& before);

// Of the convs that follow each other in a piece of text: how many, and whether the last is a depthwise one.
struct Convs {
  int count = 0;
  bool is_last_depthwise = false;
};

void count_conv(Convs& convs, const ast::Statement& statement);
// Whether the last of several convs is a depthwise one, which belongs to the conv behind it.
bool is_cut_behind_depthwise(const Convs& convs);

ast::Expression number(int64_t value);
ast::Expression plain_word(std::string text);
// 197x768, or of one size 10.
ast::Argument shape_argument(const Shape& shape);
// rgb8 mean 0.485 0.456 0.406: what stands behind the word `from`.
std::vector<ast::Argument> pixel_arguments(const Pixels& pixels);
bool is_equal(const ast::Expression& a, const ast::Expression& b);

}  // namespace cnnc

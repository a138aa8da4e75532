// What a network makes of one input: the tensors that pictures of it show.
#pragma once
#include "driver/front/text.h"
#include "driver/options/options.h"
#include "graph/graph.h"
#include "picture/values/maps.h"

namespace cnnc {

// Throws InputError, at the input's statement, where the network reads several inputs, or one that is no
// picture: a map of one or three channels, or what its text makes of pixels ('from').
void require_one_picture(const Graph& graph, const Source& source);

// Compiles the network for this machine with the results of its stages as outputs, and runs it on the input.
// Where an output is a vector, it is run again with a patch over each part of the input: as often as takes
// about as many multiply-adds in all, at least 25 and at most 196 times. `graph` is the elaborated one with
// weights. Throws InputError also for a file that does not fit.
picture::Activations activations_of(const Graph& graph, const Text& text, const ShownInput& input);

}  // namespace cnnc

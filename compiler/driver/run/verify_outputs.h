// Compares the outputs of a compiled network with the whole network, evaluated in double.
#pragma once
#include <vector>

#include "driver/run/verify_layers.h"

namespace cnnc {

// One for each output, of the worst image: the whole network in double against what the library returned. An
// output's bound is the one that the operators' own add up to (Reference): it holds whatever the errors are,
// but grows so fast from layer to layer that behind many it allows anything. So it is no more than
// kEndToEndTolerance of the greatest magnitude in the output or, where a network passes errors on so strongly
// that this is too little, than what the errors that the steps were found to have can become on their way
// (verify_outputs.cpp, reach_of_errors). Of an image whose steps' errors are not known any more, because the
// next image's steps have had their memory, it is the operators' own bound then.
constexpr double kEndToEndTolerance = 1e-4;
std::vector<Comparison> compare_outputs(const Graph& original, const Plan& plan, const Run& run);

}  // namespace cnnc

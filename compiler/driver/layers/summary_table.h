// The layers of a network as a table, with what it costs below.
#pragma once
#include <string>
#include <vector>

#include "driver/layers/folded_layers.h"
#include "driver/layers/summary_facts.h"

namespace cnnc {

// At most 100 characters wide but for very long names; with `formulas` a column more, as wide as that is.
std::string summary_table(const SummaryFacts& facts, const std::vector<LayerLine>& lines, bool formulas);

}  // namespace cnnc

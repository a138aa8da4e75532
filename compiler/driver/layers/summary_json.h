// The same for programs.
#pragma once
#include <optional>
#include <string>

#include "driver/layers/summary_facts.h"
#include "support/source.h"

namespace cnnc {

// A JSON object, whose members docs/summary.md lists. What is not known is null. `source`: the text that has
// the layers' statements; null where the user has none.
std::string summary_json(const SummaryFacts& facts, const Source* source);

}  // namespace cnnc

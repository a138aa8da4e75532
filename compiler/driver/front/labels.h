// The labels that a text names.
#pragma once
#include <string>
#include <vector>

#include "driver/front/text.h"
#include "graph/graph.h"

namespace cnnc {

// The path of the file, which the text names relative to its own folder; empty without labels.
std::string labels_path(const Graph& graph, const Source& source);

// Its lines; none without labels. Throws InputError where the file cannot be read or has what is no text, and
// where no output is a vector with an element, or a map with a channel, for each.
std::vector<std::string> labels_of(const Graph& graph, const Source& source);

// The same of another file than the text's.
std::vector<std::string> labels_from(const std::string& path, const Graph& graph);

}  // namespace cnnc

// Which block of the text wrote a scope's layers.
#pragma once
#include <string>
#include <vector>

#include "picture/runs.h"
#include "syntax/ast.h"

namespace cnnc::picture {

// The block that was called where the run's scope stands, at that depth; "": none, or the scope is a group.
std::string block_of(const std::vector<Layer>& layers, const Run& run, size_t depth, const ast::File& file);

}  // namespace cnnc::picture

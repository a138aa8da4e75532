// Words in a layer that are none of its own: what was likely meant by them, and how it is written here.
#pragma once
#include <string>
#include <vector>

#include "elaborate/state.h"
#include "ops/operator.h"

namespace cnnc::elaboration {

// Whether it is what other languages call a filter's size: `kernel_size`.
bool is_filter_word(const ast::Argument& argument);

// What to write instead of that argument, which is a word; or "".
std::string hint_for_slip(const State& state, const Operator& op, const std::vector<ast::Argument>& arguments,
                          size_t at);

}  // namespace cnnc::elaboration

// Names that a network cannot have because the headers that its own includes declare them.
#pragma once
#include <string_view>

namespace cnnc::elaboration {

// Whether a header of the C library has this name, as a function, type, object or macro of the global
// namespace. A namespace of the same name would not compile beside it.
bool is_c_library_name(std::string_view name);

}  // namespace cnnc::elaboration

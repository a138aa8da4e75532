// Limits on the elements of a tensor.
#pragma once
#include <string>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// min(max(x, least), greatest), as what it is called where it has a name; limits that are infinite, or as
// great as floats are, are none. A clip of a clip is one.
View clipped(Translation& t, std::string name, const View& x, double least, double greatest);

}  // namespace cnnc::onnx

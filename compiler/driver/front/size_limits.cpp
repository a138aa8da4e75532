#include "driver/front/size_limits.h"

#include <fmt/format.h>

#include "driver/console/numbers.h"
#include "driver/front/front.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// Of all tensors that a caller has, and of what a run needs besides; empty: more than can be counted.
std::optional<int64_t> bytes_of_run(const Plans& plans) {
  const Plan& plan = plans.best();
  std::vector<Shape> shapes = plan.input_shapes;
  shapes.insert(shapes.end(), plan.output_shapes.begin(), plan.output_shapes.end());
  std::optional<int64_t> bytes = checked_add(plans.weights_bytes, workspace_bytes(plans));
  for (const Shape& shape : shapes) {
    const auto of_one = checked_multiply(shape.elements() * plan.images, sizeof(float));
    bytes = bytes && of_one ? checked_add(*bytes, *of_one) : std::nullopt;
  }
  return bytes;
}

}  // namespace

// Code reaches its constants by 32-bit offsets: the linker would fail on more, with words that help nobody.
void require_place_for_weights(std::optional<int64_t> bytes, bool have_file, const System& system,
                               const Source& source) {
  const int64_t most = have_file ? system.most_in_file : system.most_weights;
  if (bytes && *bytes <= most) return;
  throw InputError{fmt::format(
      "{}: error: the weights take {} bytes; at most {} fit into a {}\n{}", source.name, with_commas(bytes),
      with_commas(most),
      have_file                ? "file"
      : system.modules.empty() ? "library"
                               : "module",
      have_file ? ""
                : "  hint: write '--weights-file FILE' to have them in a file of their own, which the "
                  "application opens\n")};
}

void require_memory(const Plans& plans, const Source& source) {
  constexpr int64_t kOfCode = 16 << 20;  // with its stack
  const Architecture& architecture = *plans.best().target.architecture;
  if (architecture.pointer_bits >= 64) return;
  const int64_t most = (int64_t{1} << architecture.pointer_bits) - kOfCode;
  const std::optional<int64_t> bytes = bytes_of_run(plans);
  if (bytes && *bytes <= most) return;
  throw InputError{fmt::format(
      "{}: error: a run takes {} bytes of memory for weights, inputs, outputs and workspace; '--target {}' "
      "has {}\n  hint: a smaller input takes less\n",
      source.name, with_commas(bytes), plans.best().target.name, with_commas(most))};
}

}  // namespace cnnc

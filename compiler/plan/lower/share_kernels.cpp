#include "plan/lower/share_kernels.h"

#include <algorithm>

namespace cnnc {

namespace {

// Of the element that lies so many bytes from a buffer's first, of whichever image if a step is run for each.
// Of the caller's tensors we know no more than the type of their elements.
int64_t alignment_of(const Buffer& buffer, int64_t offset, bool each_image) {
  const Layout& layout = buffer.layout;
  if (buffer.place != Buffer::Place::workspace) return size_of(layout.type);
  int64_t bytes = buffer.first_byte + offset;
  if (each_image && layout.images > 1) bytes |= layout.bytes_of(layout.image_stride());
  return bytes == 0 ? kAlignment : std::min(kAlignment, bytes & -bytes);
}

std::vector<int64_t> alignments_of(const Plan& plan, const Step& step, bool each_image) {
  std::vector<int64_t> alignments;
  for (const int input : step.inputs) alignments.push_back(alignment_of(plan.buffers[input], 0, each_image));
  const Buffer& output = plan.buffers[step.output];
  alignments.push_back(
      alignment_of(output, output.layout.bytes_of(output.layout.origin()) + step.first_byte, each_image));
  return alignments;
}

int add_kernel(Plan& plan, Kernel kernel) {
  const auto found = std::find(plan.kernels.begin(), plan.kernels.end(), kernel);
  if (found != plan.kernels.end()) return static_cast<int>(found - plan.kernels.begin());
  plan.kernels.push_back(std::move(kernel));
  return static_cast<int>(plan.kernels.size()) - 1;
}

}  // namespace

void share_kernels(Plan& plan) {
  std::vector<Kernel> kernels;
  kernels.swap(plan.kernels);
  for (size_t s = 0; s < plan.steps.size(); ++s) {
    Step& step = plan.steps[s];
    Kernel& kernel = kernels[static_cast<size_t>(step.kernel)];
    kernel.alignments = alignments_of(plan, step, static_cast<int>(s) < plan.image_steps);
    step.kernel = add_kernel(plan, std::move(kernel));
  }
}

}  // namespace cnnc

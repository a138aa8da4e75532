// Layers on channels x depth x height x width, compiled.
#include "networks/cases.h"
#include "passes/passes.h"

namespace {

using namespace cnnc;

const std::vector<Case> kVolumes = {
    {"input x 3x5x6x9",
     {"conv3d 17 3x3x3 pad 1; batchnorm; relu", "conv3d 4 2x3x3 stride 1x2x2 pad 1 bias off; relu",
      "conv3d 5 3x1x1 stride 2x1x1 pad 1x0x0", "conv3d 6 1x3x3 pad 0x1x1 stride 1x2x2 groups 3",
      "maxpool3d 2; tanh", "maxpool3d 3 stride 2 pad 1 ceil on", "avgpool3d 2x3x3 stride 1 pad 0x1x1",
      "batchnorm; relu", "upconv3d 4 2 stride 2",
      "upconv3d 5 3x3x2 stride 1x2x1 pad 1x1x0 output_pad 0x1x0"}},
    {"input i 2x3x4x5; conv3d 16 3 pad 1; relu as x",
     {"conv3d 16 3 pad 1; batchnorm; add with x; relu",
      "conv3d 16 1x3x3 pad 0x1x1; relu; conv3d 17 3x1x1 pad 1x0x0; maxpool3d 1x2x2",
      "conv3d 16 3 pad 1 groups 16; reduce_mean 1 2 3; reshape 16; dense 3", "conv3d 3 2x3x3 dilation 2x1x1",
      "concat along 0 with x; conv3d 4 1x1x1"}},
    {"input x 4x7", {"dense 7; batchnorm; relu", "dense 4; batchnorm", "batchnorm; permute 1 0; batchnorm"}},
};
ON_EVERY_ISA("convolutions and pools of volumes are right", kVolumes)

}  // namespace

// Network texts that hold every statement of the language, for the tests of the syntax.
#pragma once
#include <string>

namespace cnnc {

inline const std::string kLenet = R"(# LeNet-5, after LeCun et al. 1998
network lenet5
input digit 1x28x28

conv 6 5x5 pad 2   as conv1
relu
maxpool 2x2
conv 16 5x5        as conv2
relu
maxpool 2x2
flatten
dense 120          as fc1
relu
dense 84           as fc2
relu
dense 10           as fc3
softmax
)";

inline const std::string kResnet =
    R"(# ResNet-18: with these names a torchvision state dict binds with no renaming
network resnet18
input image 3x224x224

block basic(channels, stride = 1) {
    residual {
        conv channels 3x3 stride stride pad 1 bias off  as conv1
        batchnorm                                       as bn1
        relu
        conv channels 3x3 pad 1 bias off                as conv2
        batchnorm                                       as bn2
    } shortcut project as downsample   # identity where the shapes agree, else 1x1 conv + batchnorm
    relu
}

conv 64 7x7 stride 2 pad 3 bias off as conv1
batchnorm as bn1
relu
maxpool 3x3 stride 2 pad 1
group layer1 { repeat 2 { basic(64) } }              # layer1.0, layer1.1
group layer2 { basic(128, stride = 2); basic(128) }
group layer3 { basic(256, stride = 2); basic(256) }
group layer4 { basic(512, stride = 2); basic(512) }
global_avgpool
flatten
dense 1000 as fc

# other ways to join: a written shortcut, concatenation, branches, and a named tensor further up
residual { conv 64 3x3 pad 1 } shortcut { conv 64 1x1 }
concat { branch { } branch { batchnorm; relu; conv 32 3x3 pad 1 bias off } }   # DenseNet: keep and add
upconv 32 2x2 stride 2
concat with enc1          # U-Net
add with enc1
from enc1                 # go on from a named tensor
output probs              # several outputs are allowed; the default is the last tensor
)";

// What the others do not have: comments in every place, all expressions, names in every place.
inline const std::string kOdd = R"(

# header

# header, second part

network odd # behind the network


# above the input

input a 12
sequence conv_relu(k, n = 2*k + 1, m = -(n - 1)/2) {   # behind a brace

    # above
    conv n (k)x(n + -1) alpha 0.5 beta 1e-5 -1

    relu ; # behind a ';'

    # closing

    # closing, second part

}
stem(); stem(a = 1, b = 2) as s
residual as r { } # behind the body

# above the shortcut
shortcut as c {
}
as_is
concat as j { # behind concat
    # above a branch
    branch { # behind branch
    } # behind its end

    branch { relu } branch { }
    # closing
}
gate as g { # behind gate
    # in the gate
} # behind its end
gate { relu }
add with r.0.x, s as t; multiply with g; output layer1.0.conv1 as o; output; output as p
repeat 2 * k { group as_group { }; group { } }
# at the end

)";

}  // namespace cnnc

# A face detector after the "slim" one of Ultra-Light-Fast-Generic-Face-Detector-1MB (Linzaer 2019): an SSD (Liu et al.
# 2016, "SSD: single shot multibox detector") on depthwise convs. Boxes are x0, y0, x1, y1, from 0 to 1.
network ultraface
input image 3x240x320

sequence conv_bn(channels, stride) {
    group { conv channels 3x3 stride stride pad 1 bias off; batchnorm; relu }
}
sequence conv_dw(inputs, channels, stride = 1) {
    group {
        conv inputs 3x3 stride stride pad 1 groups inputs bias off; batchnorm; relu
        conv channels 1x1 bias off; batchnorm; relu
    }
}
# A depthwise and a 1x1 conv.
sequence separable(inputs, channels, filter = 3) {
    conv inputs filter pad filter/2 groups inputs; relu; conv channels 1x1
}

group base_net {
    conv_bn(16, 2)
    conv_dw(16, 32)
    conv_dw(32, 32, stride = 2)
    conv_dw(32, 32)
    conv_dw(32, 64, stride = 2)
    repeat 3 { conv_dw(64, 64) }
}
group stage2 { conv_dw(64, 128, stride = 2); repeat 2 { conv_dw(128, 128) } }
group stage3 { conv_dw(128, 256, stride = 2); conv_dw(256, 256) }
group extras { conv 64 1x1; relu; conv 64 3x3 stride 2 pad 1 groups 64; relu; conv 256 1x1; relu }

# At each place of four maps two numbers and four for each prior box: places x boxes x numbers.
from base_net
group scores0 { separable(64, 6) }
permute 1 2 0
reshape 3600x2 as s0
from stage2
group scores1 { separable(128, 4) }
permute 1 2 0
reshape 600x2 as s1
from stage3
group scores2 { separable(256, 4) }
permute 1 2 0
reshape 160x2 as s2
from extras
group scores3 { conv 6 3x3 pad 1 }
permute 1 2 0
reshape 60x2 as s3
from s0
concat along 0 with s1, s2, s3
softmax along 1
output       as scores

from base_net
group boxes0 { separable(64, 12) }
permute 1 2 0
reshape 3600x4 as b0
from stage2
group boxes1 { separable(128, 8) }
permute 1 2 0
reshape 600x4 as b1
from stage3
group boxes2 { separable(256, 8) }
permute 1 2 0
reshape 160x4 as b2
from extras
group boxes3 { conv 12 3x3 pad 1 }
permute 1 2 0
reshape 60x4                   as b3
from b0
concat along 0 with b1, b2, b3 as found

# The middle of a box moves by a tenth of the prior's size; its size is exp of a fifth of what was found.
crop 1 0 2
multiply_constant 4420x2 as tenth_of_sizes
add_constant 4420x2      as middles
from found
crop 1 2 4
affine 0.2
exp
multiply_constant 4420x2 as half_sizes
add with middles         as greater
from middles
subtract with half_sizes
concat along 1 with greater
output                   as boxes

# Inception-v3, after Szegedy et al. 2016, "Rethinking the Inception architecture for computer vision",
# table 1; names are torchvision's
network inception_v3
input image 3x299x299

block conv_bn(channels, height = 1, width = height, stride = 1) {
    conv channels (height)x(width) stride stride bias off as conv
    batchnorm eps 0.001                                   as bn
    relu
}

# The same with as many rows and columns as before.
block conv_same(channels, height, width = height) {
    conv channels (height)x(width) pad same bias off as conv
    batchnorm eps 0.001                              as bn
    relu
}

# Figure 5: two 3x3 filters in the place of a 5x5.
block inception_a(pool_channels) {
    concat {
        branch { conv_bn(64) as branch1x1 }
        branch { conv_bn(48) as branch5x5_1; conv_same(64, 5) as branch5x5_2 }
        branch {
            conv_bn(64)      as branch3x3dbl_1
            conv_same(96, 3) as branch3x3dbl_2
            conv_same(96, 3) as branch3x3dbl_3
        }
        branch { avgpool 3x3 stride 1 pad 1; conv_bn(pool_channels) as branch_pool }
    }
}

# Figure 10: to half the size.
block reduction_a {
    concat {
        branch { conv_bn(384, 3, stride = 2) as branch3x3 }
        branch {
            conv_bn(64)                as branch3x3dbl_1
            conv_same(96, 3)           as branch3x3dbl_2
            conv_bn(96, 3, stride = 2) as branch3x3dbl_3
        }
        branch { maxpool 3x3 stride 2 }
    }
}

# Figure 6, with n = 7: rows and columns of filters.
block inception_b(c7) {
    concat {
        branch { conv_bn(192) as branch1x1 }
        branch {
            conv_bn(c7)          as branch7x7_1
            conv_same(c7, 1, 7)  as branch7x7_2
            conv_same(192, 7, 1) as branch7x7_3
        }
        branch {
            conv_bn(c7)          as branch7x7dbl_1
            conv_same(c7, 7, 1)  as branch7x7dbl_2
            conv_same(c7, 1, 7)  as branch7x7dbl_3
            conv_same(c7, 7, 1)  as branch7x7dbl_4
            conv_same(192, 1, 7) as branch7x7dbl_5
        }
        branch { avgpool 3x3 stride 1 pad 1; conv_bn(192) as branch_pool }
    }
}

block reduction_b {
    concat {
        branch { conv_bn(192) as branch3x3_1; conv_bn(320, 3, stride = 2) as branch3x3_2 }
        branch {
            conv_bn(192)                as branch7x7x3_1
            conv_same(192, 1, 7)        as branch7x7x3_2
            conv_same(192, 7, 1)        as branch7x7x3_3
            conv_bn(192, 3, stride = 2) as branch7x7x3_4
        }
        branch { maxpool 3x3 stride 2 }
    }
}

# Figure 7: a wide bank for the coarsest maps.
block inception_c {
    concat {
        branch { conv_bn(320) as branch1x1 }
        branch {
            conv_bn(384) as branch3x3_1
            concat {
                branch { conv_same(384, 1, 3) as branch3x3_2a }
                branch { conv_same(384, 3, 1) as branch3x3_2b }
            }
        }
        branch {
            conv_bn(448)      as branch3x3dbl_1
            conv_same(384, 3) as branch3x3dbl_2
            concat {
                branch { conv_same(384, 1, 3) as branch3x3dbl_3a }
                branch { conv_same(384, 3, 1) as branch3x3dbl_3b }
            }
        }
        branch { avgpool 3x3 stride 1 pad 1; conv_bn(192) as branch_pool }
    }
}

conv_bn(32, 3, stride = 2) as Conv2d_1a_3x3
conv_bn(32, 3)             as Conv2d_2a_3x3
conv_same(64, 3)           as Conv2d_2b_3x3
maxpool 3x3 stride 2
conv_bn(80)                as Conv2d_3b_1x1
conv_bn(192, 3)            as Conv2d_4a_3x3
maxpool 3x3 stride 2
inception_a(32)            as Mixed_5b
inception_a(64)            as Mixed_5c
inception_a(64)            as Mixed_5d
reduction_a                as Mixed_6a
inception_b(128)           as Mixed_6b
inception_b(160)           as Mixed_6c
inception_b(160)           as Mixed_6d
inception_b(192)           as Mixed_6e
reduction_b                as Mixed_7a
inception_c                as Mixed_7b
inception_c                as Mixed_7c
global_avgpool
flatten
dropout
dense 1000                 as fc

# GoogLeNet, after Szegedy et al. 2015, "Going deeper with convolutions", table 1, as torchvision has it: with
# batch normalisation in the place of local response normalisation, and 3x3 filters in that of 5x5; names are
# torchvision's
network googlenet
input image 3x224x224

block conv_bn(channels, filter = 1, stride = 1) {
    conv channels filter stride stride pad filter/2 bias off as conv
    batchnorm eps 0.001                                      as bn
    relu
}

# Figure 2b. The columns of table 1: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
block inception(c1, c3_reduce, c3, c5_reduce, c5, pool_proj) {
    concat {
        branch { conv_bn(c1) as branch1 }
        branch { group branch2 { conv_bn(c3_reduce); conv_bn(c3, 3) } }
        branch { group branch3 { conv_bn(c5_reduce); conv_bn(c5, 3) } }
        branch { group branch4 { maxpool 3x3 stride 1 pad 1; conv_bn(pool_proj) } }
    }
}

conv_bn(64, 7, 2)                      as conv1
maxpool 3x3 stride 2 ceil on
conv_bn(64)                            as conv2
conv_bn(192, 3)                        as conv3
maxpool 3x3 stride 2 ceil on
inception(64, 96, 128, 16, 32, 32)     as inception3a
inception(128, 128, 192, 32, 96, 64)   as inception3b
maxpool 3x3 stride 2 ceil on
inception(192, 96, 208, 16, 48, 64)    as inception4a
inception(160, 112, 224, 24, 64, 64)   as inception4b
inception(128, 128, 256, 24, 64, 64)   as inception4c
inception(112, 144, 288, 32, 64, 64)   as inception4d
inception(256, 160, 320, 32, 128, 128) as inception4e
maxpool 2x2 ceil on
inception(256, 160, 320, 32, 128, 128) as inception5a
inception(384, 192, 384, 48, 128, 128) as inception5b
global_avgpool
flatten
dropout 0.2
dense 1000                             as fc

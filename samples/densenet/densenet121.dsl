# DenseNet-121, after Huang et al. 2017, "Densely connected convolutional networks", table 1; names are
# torchvision's
network densenet121
input image 3x224x224

# Section 3: what it reads and 32 more channels, the growth rate, by way of 128.
block denselayer {
    concat {
        branch { }
        branch {
            batchnorm                  as norm1
            relu
            conv 128 1x1 bias off      as conv1
            batchnorm                  as norm2
            relu
            conv 32 3x3 pad 1 bias off as conv2
        }
    }
}

block dense_block(layers) {
    repeat layers { denselayer }
}

block transition(channels) {
    batchnorm                  as norm
    relu
    conv channels 1x1 bias off as conv
    avgpool 2x2
}

group features {
    conv 64 7x7 stride 2 pad 3 bias off as conv0
    batchnorm                           as norm0
    relu
    maxpool 3x3 stride 2 pad 1
    dense_block(6)                      as denseblock1
    transition(128)                     as transition1
    dense_block(12)                     as denseblock2
    transition(256)                     as transition2
    dense_block(24)                     as denseblock3
    transition(512)                     as transition3
    dense_block(16)                     as denseblock4
    batchnorm                           as norm5
}
relu
global_avgpool
flatten
dense 1000 as classifier

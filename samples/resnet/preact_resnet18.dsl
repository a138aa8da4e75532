# Pre-activation ResNet-18, after He et al. 2016, "Identity mappings in deep residual networks", figure 1b and
# appendix
network preact_resnet18
input image 3x224x224

block basic(channels) {
    residual {
        batchnorm                        as bn1
        relu
        conv channels 3x3 pad 1 bias off as conv1
        batchnorm                        as bn2
        relu
        conv channels 3x3 pad 1 bias off as conv2
    }
}

# The first of a stage: the convolution of its shortcut reads what is activated already.
block first(channels, stride) {
    batchnorm as bn1
    relu
    residual {
        conv channels 3x3 stride stride pad 1 bias off as conv1
        batchnorm                                      as bn2
        relu
        conv channels 3x3 pad 1 bias off               as conv2
    } shortcut as downsample { conv channels 1x1 stride stride bias off }
}

conv 64 7x7 stride 2 pad 3 bias off as conv1
maxpool 3x3 stride 2 pad 1
group layer1 { repeat 2 { basic(64) } }
group layer2 { first(128, 2); basic(128) }
group layer3 { first(256, 2); basic(256) }
group layer4 { first(512, 2); basic(512) }
batchnorm  as bn
relu
global_avgpool
flatten
dense 1000 as fc

# ResNeXt-50 (32x4d), after Xie et al. 2017, "Aggregated residual transformations for deep neural networks",
# table 1; names are torchvision's
network resnext50_32x4d
input image 3x224x224

# Figure 3c: 32 paths as the groups of one convolution.
block bottleneck(channels, stride = 1) {
    residual {
        conv 2*channels 1x1 bias off                               as conv1
        batchnorm                                                  as bn1
        relu
        conv 2*channels 3x3 stride stride pad 1 groups 32 bias off as conv2
        batchnorm                                                  as bn2
        relu
        conv 4*channels 1x1 bias off                               as conv3
        batchnorm                                                  as bn3
    } shortcut project as downsample
    relu
}

conv 64 7x7 stride 2 pad 3 bias off as conv1
batchnorm                           as bn1
relu
maxpool 3x3 stride 2 pad 1
group layer1 { repeat 3 { bottleneck(64) } }
group layer2 { bottleneck(128, stride = 2); repeat 3 { bottleneck(128) } }
group layer3 { bottleneck(256, stride = 2); repeat 5 { bottleneck(256) } }
group layer4 { bottleneck(512, stride = 2); repeat 2 { bottleneck(512) } }
global_avgpool
flatten
dense 1000 as fc

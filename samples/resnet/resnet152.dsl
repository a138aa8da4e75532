# ResNet-152, after He et al. 2016, "Deep residual learning for image recognition", table 1; names are
# torchvision's
network resnet152
input image 3x224x224

# Figure 5, right, with the stride in the 3x3 convolution, where torchvision has it. The shortcut is the
# identity where the shapes agree, else a 1x1 convolution (option B).
block bottleneck(channels, stride = 1) {
    residual {
        conv channels 1x1 bias off                     as conv1
        batchnorm                                      as bn1
        relu
        conv channels 3x3 stride stride pad 1 bias off as conv2
        batchnorm                                      as bn2
        relu
        conv 4*channels 1x1 bias off                   as conv3
        batchnorm                                      as bn3
    } shortcut project as downsample
    relu
}

conv 64 7x7 stride 2 pad 3 bias off as conv1
batchnorm                           as bn1
relu
maxpool 3x3 stride 2 pad 1
group layer1 { repeat 3 { bottleneck(64) } }
group layer2 { bottleneck(128, stride = 2); repeat 7 { bottleneck(128) } }
group layer3 { bottleneck(256, stride = 2); repeat 35 { bottleneck(256) } }
group layer4 { bottleneck(512, stride = 2); repeat 2 { bottleneck(512) } }
global_avgpool
flatten
dense 1000 as fc

# ResNet-18, after He et al. 2016, "Deep residual learning for image recognition", table 1; names are
# torchvision's
network resnet18
input image 3x224x224

# Figure 5, left. The shortcut is the identity where the shapes agree, else a 1x1 convolution (option B).
block basic(channels, stride = 1) {
    residual {
        conv channels 3x3 stride stride pad 1 bias off as conv1
        batchnorm                                      as bn1
        relu
        conv channels 3x3 pad 1 bias off               as conv2
        batchnorm                                      as bn2
    } shortcut project as downsample
    relu
}

conv 64 7x7 stride 2 pad 3 bias off as conv1
batchnorm                           as bn1
relu
maxpool 3x3 stride 2 pad 1
group layer1 { repeat 2 { basic(64) } }
group layer2 { basic(128, stride = 2); basic(128) }
group layer3 { basic(256, stride = 2); basic(256) }
group layer4 { basic(512, stride = 2); basic(512) }
global_avgpool
flatten
dense 1000 as fc

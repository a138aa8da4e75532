# A small ResNet for Fashion-MNIST, after He et al. 2016; the names are torchvision's
network fashion
input picture 1x28x28

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

conv 32 3x3 pad 1 bias off as conv1
batchnorm                  as bn1
relu
group layer1 { basic(32, stride = 2) }
group layer2 { basic(64, stride = 2); basic(64) }
group layer3 { basic(128, stride = 2) }
global_avgpool
flatten
dense 10 as fc
softmax

# ResNet-56 for CIFAR-10, after He et al. 2016, "Deep residual learning for image recognition", section 4.2:
# 6n + 2 layers with n = 9
network resnet56
input image 3x32x32

block basic(channels) {
    residual {
        conv channels 3x3 pad 1 bias off as conv1
        batchnorm                        as bn1
        relu
        conv channels 3x3 pad 1 bias off as conv2
        batchnorm                        as bn2
    }
    relu
}

# The first of a stage. Its shortcut takes every other pixel and has channels of zeros around, half of them on
# either side, so that it has no parameters (option A).
block first(channels) {
    residual {
        conv channels 3x3 stride 2 pad 1 bias off as conv1
        batchnorm                                 as bn1
        relu
        conv channels 3x3 pad 1 bias off          as conv2
        batchnorm                                 as bn2
    } shortcut {
        maxpool 1x1 stride 2
        concat {
            branch { split 2 part 0; clip min 0 max 0 }
            branch { }
            branch { split 2 part 1; clip min 0 max 0 }
        }
    }
    relu
}

conv 16 3x3 pad 1 bias off as conv1
batchnorm                  as bn1
relu
group layer1 { repeat 9 { basic(16) } }
group layer2 { first(32); repeat 8 { basic(32) } }
group layer3 { first(64); repeat 8 { basic(64) } }
global_avgpool
flatten
dense 10 as linear

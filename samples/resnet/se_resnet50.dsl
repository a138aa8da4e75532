# SE-ResNet-50, after Hu et al. 2018, "Squeeze-and-excitation networks", table 1 and figure 3
network se_resnet50
input image 3x224x224

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
        gate as se {  # squeeze to 1/16 of the channels, section 3
            global_avgpool
            conv 4*channels/16 1x1 as fc1
            relu
            conv 4*channels 1x1    as fc2
            sigmoid
        }
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

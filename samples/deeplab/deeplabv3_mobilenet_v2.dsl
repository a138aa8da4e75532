# DeepLabv3 on MobileNetV2, after Chen et al. 2017, "Rethinking atrous convolution for semantic image segmentation",
# section 3.3, and Sandler et al. 2018, section 6.3: maps of a sixteenth of the picture, then filters with holes
network deeplabv3_mobilenet_v2
input image 3x256x256

sequence conv_bn_relu6(channels, filter, stride = 1, groups = 1, dilation = 1) {
    group {
        conv channels filter stride stride pad dilation*(filter/2) dilation dilation groups groups bias off
        batchnorm
        relu6
    }
}
sequence bottleneck(expanded, channels, stride = 1, dilation = 1) {
    group conv {
        conv_bn_relu6(expanded, 1)
        conv_bn_relu6(expanded, 3, stride, groups = expanded, dilation = dilation)
        conv channels 1x1 bias off; batchnorm
    }
}
sequence conv_bn_relu(channels, filter, dilation = 1) {
    conv channels filter pad dilation*(filter/2) dilation dilation bias off; batchnorm; relu
}

group backbone {
    conv_bn_relu6(32, 3, stride = 2)
    group { group conv { conv_bn_relu6(32, 3, groups = 32); conv 16 1x1 bias off; batchnorm } }
    group { bottleneck(96, 24, stride = 2) }
    residual { bottleneck(144, 24) }
    group { bottleneck(144, 32, stride = 2) }
    repeat 2 { residual { bottleneck(192, 32) } }
    group { bottleneck(192, 64, stride = 2) }
    repeat 3 { residual { bottleneck(384, 64) } }
    group { bottleneck(384, 96) }
    repeat 2 { residual { bottleneck(576, 96) } }
    group { bottleneck(576, 160) }
    repeat 2 { residual { bottleneck(960, 160, dilation = 2) } }
    group { bottleneck(960, 320, dilation = 2) }
}

# Atrous spatial pyramid pooling: windows of several sizes beside each other, and the mean of the whole map.
group classifier {
    concat as aspp {
        branch { group convs0 { conv_bn_relu(256, 1) } }
        branch { group convs1 { conv_bn_relu(256, 3, dilation = 6) } }
        branch { group convs2 { conv_bn_relu(256, 3, dilation = 12) } }
        branch { group convs3 { conv_bn_relu(256, 3, dilation = 18) } }
        branch { global_avgpool; group convs4 { conv_bn_relu(256, 1) }; upsample 16 mode bilinear }
    }
    group project { conv_bn_relu(256, 1) }
    group head { conv_bn_relu(256, 3); conv 21 1x1 }
}
upsample 16 mode bilinear
output as classes

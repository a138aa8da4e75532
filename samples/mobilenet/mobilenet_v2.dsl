# MobileNetV2, after Sandler et al. 2018, "Inverted residuals and linear bottlenecks", table 2; names are
# torchvision's
network mobilenet_v2
input image 3x224x224

sequence conv_bn_relu6(channels, filter, stride = 1, groups = 1) {
    group { conv channels filter stride stride pad filter/2 groups groups bias off; batchnorm; relu6 }
}

# Figure 4d: expanded to more channels, a filter for each of them, and few channels again without an
# activation.
sequence bottleneck(expanded, channels, stride = 1) {
    group conv {
        conv_bn_relu6(expanded, 1)
        conv_bn_relu6(expanded, 3, stride, groups = expanded)
        conv channels 1x1 bias off; batchnorm
    }
}

group features {
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
    group { bottleneck(576, 160, stride = 2) }
    repeat 2 { residual { bottleneck(960, 160) } }
    group { bottleneck(960, 320) }
    conv_bn_relu6(1280, 1)
}
global_avgpool
flatten
group classifier { dropout 0.2; dense 1000 }

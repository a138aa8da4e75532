# MobileNetV3-Small, after Howard et al. 2019, "Searching for MobileNetV3", table 2; names are torchvision's
network mobilenet_v3_small
input image 3x224x224

sequence conv_bn(channels, filter = 1, stride = 1, groups = 1) {
    group {
        conv channels filter stride stride pad filter/2 groups groups bias off
        batchnorm eps 0.001
    }
}
sequence conv_bn_relu(channels, filter = 1, stride = 1, groups = 1) {
    group {
        conv channels filter stride stride pad filter/2 groups groups bias off
        batchnorm eps 0.001
        relu
    }
}
sequence conv_bn_hswish(channels, filter = 1, stride = 1, groups = 1) {
    group {
        conv channels filter stride stride pad filter/2 groups groups bias off
        batchnorm eps 0.001
        hardswish
    }
}

# Figure 4: squeeze-and-excitation, a weight for each channel.
sequence squeeze_excite(squeezed, channels) {
    gate { global_avgpool; conv squeezed 1x1 as fc1; relu; conv channels 1x1 as fc2; hardsigmoid }
}

# The bottlenecks of table 2: with ReLU (RE) or h-swish (HS), with squeeze-and-excitation (SE) or without.
# Their arguments are the columns: filter, exp size, with SE the channels between its two layers, #out, s.
sequence re(filter, expanded, channels, stride = 1) {
    group block {
        conv_bn_relu(expanded)
        conv_bn_relu(expanded, filter, stride, groups = expanded)
        conv_bn(channels)
    }
}
sequence hs_se(filter, expanded, squeezed, channels, stride = 1) {
    group block {
        conv_bn_hswish(expanded)
        conv_bn_hswish(expanded, filter, stride, groups = expanded)
        squeeze_excite(squeezed, expanded)
        conv_bn(channels)
    }
}

group features {
    conv_bn_hswish(16, 3, stride = 2)
    group { group block { conv_bn_relu(16, 3, stride = 2, groups = 16); squeeze_excite(8, 16); conv_bn(16) } }
    group { re(3, 72, 24, stride = 2) }
    residual { re(3, 88, 24) }
    group { hs_se(5, 96, 24, 40, stride = 2) }
    repeat 2 { residual { hs_se(5, 240, 64, 40) } }
    group { hs_se(5, 120, 32, 48) }
    residual { hs_se(5, 144, 40, 48) }
    group { hs_se(5, 288, 72, 96, stride = 2) }
    repeat 2 { residual { hs_se(5, 576, 144, 96) } }
    conv_bn_hswish(576)
}
global_avgpool
flatten
group classifier { dense 1024; hardswish; dropout 0.2; dense 1000 }

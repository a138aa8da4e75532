# EfficientNet-B0, after Tan and Le 2019, "EfficientNet: rethinking model scaling for convolutional neural
# networks", table 1; names are torchvision's
network efficientnet_b0
input image 3x224x224

sequence conv_bn(channels) {
    group { conv channels 1x1 bias off; batchnorm }
}
sequence conv_bn_silu(channels, filter = 1, stride = 1, groups = 1) {
    group { conv channels filter stride stride pad filter/2 groups groups bias off; batchnorm; silu }
}

# Squeeze-and-excitation: a weight for each channel.
sequence squeeze_excite(squeezed, channels) {
    gate { global_avgpool; conv squeezed 1x1 as fc1; silu; conv channels 1x1 as fc2; sigmoid }
}

# MBConv1 and MBConv6: an inverted bottleneck with squeeze-and-excitation to a quarter of what it reads.
sequence mbconv1(channels, filter, output_channels) {
    group block {
        conv_bn_silu(channels, filter, groups = channels)
        squeeze_excite(channels/4, channels)
        conv_bn(output_channels)
    }
}
sequence mbconv6(channels, filter, output_channels, stride = 1) {
    group block {
        conv_bn_silu(6*channels)
        conv_bn_silu(6*channels, filter, stride, groups = 6*channels)
        squeeze_excite(channels/4, 6*channels)
        conv_bn(output_channels)
    }
}

group features {
    conv_bn_silu(32, 3, stride = 2)
    group { group { mbconv1(32, 3, 16) } }
    group { group { mbconv6(16, 3, 24, stride = 2) }; residual { mbconv6(24, 3, 24) } }
    group { group { mbconv6(24, 5, 40, stride = 2) }; residual { mbconv6(40, 5, 40) } }
    group { group { mbconv6(40, 3, 80, stride = 2) }; repeat 2 { residual { mbconv6(80, 3, 80) } } }
    group { group { mbconv6(80, 5, 112) }; repeat 2 { residual { mbconv6(112, 5, 112) } } }
    group { group { mbconv6(112, 5, 192, stride = 2) }; repeat 3 { residual { mbconv6(192, 5, 192) } } }
    group { group { mbconv6(192, 3, 320) } }
    conv_bn_silu(1280)
}
global_avgpool
flatten
group classifier { dropout 0.2; dense 1000 }

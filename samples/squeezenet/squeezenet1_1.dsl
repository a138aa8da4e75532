# SqueezeNet 1.1: Iandola et al. 2016, "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", with
# the changes that its authors published later; names are torchvision's
network squeezenet1_1
input image 3x224x224

# Figure 1: few channels into as many by 1x1 filters as by 3x3.
block fire(squeezed, expanded) {
    conv squeezed 1x1 as squeeze
    relu
    concat {
        branch { conv expanded 1x1 as expand1x1; relu }
        branch { conv expanded 3x3 pad 1 as expand3x3; relu }
    }
}

group features {
    conv 64 3x3 stride 2; relu
    maxpool 3x3 stride 2 ceil on; fire(16, 64); fire(16, 64)
    maxpool 3x3 stride 2 ceil on; fire(32, 128); fire(32, 128)
    maxpool 3x3 stride 2 ceil on; fire(48, 192); fire(48, 192); fire(64, 256); fire(64, 256)
}
group classifier { dropout; conv 1000 1x1; relu; global_avgpool }
flatten

# ConvNeXt-T, after Liu et al. 2022, "A ConvNet for the 2020s", figure 4 and table 9; names are torchvision's
network convnext_tiny
input image 3x224x224

# torchvision moves the channels behind the pixels for the dense layers, and back; here these are 1x1 convs, and a
# dropout stands where the first move would be counted.
sequence cn_block(width) {
    residual {
        group block {
            conv width 7x7 pad 3 groups width
            dropout
            layernorm channels eps 1e-6
            conv 4*width 1x1
            gelu
            conv width 1x1
        }
        multiply_constant (width)x1x1 as layer_scale
    }
}
sequence downsampling(width) {
    group { layernorm channels eps 1e-6; conv width 2x2 stride 2 }
}

group features {
    group { conv 96 4x4 stride 4; layernorm channels eps 1e-6 }
    group { repeat 3 { cn_block(96) } }
    downsampling(192)
    group { repeat 3 { cn_block(192) } }
    downsampling(384)
    group { repeat 9 { cn_block(384) } }
    downsampling(768)
    group { repeat 3 { cn_block(768) } }
}
global_avgpool
group classifier { layernorm channels eps 1e-6; flatten; dense 1000 }

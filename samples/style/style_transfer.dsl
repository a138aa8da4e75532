# Fast style transfer, after Johnson et al. 2016, "Perceptual losses for real-time style transfer and
# super-resolution", with the instance normalisation of Ulyanov et al. 2016; names are those of PyTorch's example
# fast_neural_style
network style_transfer
input image 3x256x256

block conv_layer(channels, filter, stride = 1) {
    pad filter/2 mode reflect
    conv channels filter stride stride as conv2d
}
block residual_block(channels) {
    residual {
        conv_layer(channels, 3) as conv1
        instancenorm            as in1
        relu
        conv_layer(channels, 3) as conv2
        instancenorm            as in2
    }
}

conv_layer(32, 9)              as conv1
instancenorm                   as in1
relu
conv_layer(64, 3, stride = 2)  as conv2
instancenorm                   as in2
relu
conv_layer(128, 3, stride = 2) as conv3
instancenorm                   as in3
relu
residual_block(128)            as res1
residual_block(128)            as res2
residual_block(128)            as res3
residual_block(128)            as res4
residual_block(128)            as res5
upsample 2
conv_layer(64, 3)              as deconv1
instancenorm                   as in4
relu
upsample 2
conv_layer(32, 3)              as deconv2
instancenorm                   as in5
relu
conv_layer(3, 9)               as deconv3
output                         as styled

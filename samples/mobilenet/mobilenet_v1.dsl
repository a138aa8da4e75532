# MobileNet, after Howard et al. 2017, table 1
network mobilenet_v1
input image 3x224x224

# Figure 3, right: each channel with its own 3x3 filter, then 1x1 filters over all.
sequence separable(input_channels, channels, stride = 1) {
    group {
        conv input_channels 3x3 stride stride pad 1 groups input_channels bias off; batchnorm; relu
        conv channels 1x1 bias off; batchnorm; relu
    }
}

group model {
    group { conv 32 3x3 stride 2 pad 1 bias off; batchnorm; relu }
    separable(32, 64)
    separable(64, 128, stride = 2); separable(128, 128)
    separable(128, 256, stride = 2); separable(256, 256)
    separable(256, 512, stride = 2); repeat 5 { separable(512, 512) }
    separable(512, 1024, stride = 2); separable(1024, 1024)
    global_avgpool
}
flatten
dense 1000 as fc

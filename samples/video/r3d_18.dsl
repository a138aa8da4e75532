# R3D-18, after Tran et al. 2018, "A closer look at spatiotemporal convolutions for action recognition", table 1;
# names are torchvision's. Sixteen frames of a film.
network r3d_18
input frames 3x16x112x112

sequence body(channels, stride = 1) {
    group conv1 { conv3d channels 3 stride stride pad 1 bias off; batchnorm; relu }
    group conv2 { conv3d channels 3 pad 1 bias off; batchnorm }
}

block basic(channels) {
    residual { body(channels) }
    relu
}

block reduction(channels) {
    residual { body(channels, stride = 2) } shortcut as downsample {
        conv3d channels 1 stride 2 bias off
        batchnorm
    }
    relu
}

group stem { conv3d 64 3x7x7 stride 1x2x2 pad 1x3x3 bias off; batchnorm; relu }
group layer1 { basic(64); basic(64) }
group layer2 { reduction(128); basic(128) }
group layer3 { reduction(256); basic(256) }
group layer4 { reduction(512); basic(512) }
reduce_mean 1 2 3
flatten
dense 400 as fc

# ShuffleNet V2 1x, after Ma et al. 2018, "ShuffleNet V2: practical guidelines for efficient CNN architecture
# design", table 5; names are torchvision's
network shufflenet_v2_x1_0
input image 3x224x224

# Figure 3d, where the map is halved: both branches compute.
block down(input_channels, channels) {
    concat {
        branch {
            group branch1 {
                conv input_channels 3x3 stride 2 pad 1 groups input_channels bias off; batchnorm
                conv channels 1x1 bias off; batchnorm; relu
            }
        }
        branch {
            group branch2 {
                conv channels 1x1 bias off; batchnorm; relu
                conv channels 3x3 stride 2 pad 1 groups channels bias off; batchnorm
                conv channels 1x1 bias off; batchnorm; relu
            }
        }
    }
    channel_shuffle 2
}

# Figure 3c: half of the channels stay as they are.
block unit(channels) {
    concat {
        branch { split 2 part 0 }
        branch {
            split 2 part 1
            group branch2 {
                conv channels 1x1 bias off; batchnorm; relu
                conv channels 3x3 pad 1 groups channels bias off; batchnorm
                conv channels 1x1 bias off; batchnorm; relu
            }
        }
    }
    channel_shuffle 2
}

group conv1 { conv 24 3x3 stride 2 pad 1 bias off; batchnorm; relu }
maxpool 3x3 stride 2 pad 1
group stage2 { down(24, 58); repeat 3 { unit(58) } }
group stage3 { down(116, 116); repeat 7 { unit(116) } }
group stage4 { down(232, 232); repeat 3 { unit(232) } }
group conv5 { conv 1024 1x1 bias off; batchnorm; relu }
global_avgpool
flatten
dense 1000 as fc

# A small ResNet that knows the flags of 48 countries, after He et al. 2016; the names are torchvision's
network flags
input picture 3x48x64 from rgb8 mean 0.5 deviation 0.25 resize stretch

block basic(channels) {
    residual {
        conv channels 3x3 stride 2 pad 1 bias off as conv1
        batchnorm                                 as bn1
        relu
        conv channels 3x3 pad 1 bias off          as conv2
        batchnorm                                 as bn2
    } shortcut project as downsample
    relu
}

conv 24 3x3 stride 2 pad 1 bias off as conv1
batchnorm                           as bn1
relu
group layer1 { basic(48) }
group layer2 { basic(64) }
group layer3 { basic(96) }
global_avgpool
flatten
dense 48 as fc
softmax
labels "labels.txt"

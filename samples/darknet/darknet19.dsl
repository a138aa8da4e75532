# Darknet-19, after Redmon and Farhadi 2017, "YOLO9000: better, faster, stronger", table 6
network darknet19
input image 3x224x224

sequence conv_bn(channels, filter) {
    conv channels filter pad filter/2 bias off
    batchnorm
    leaky_relu slope 0.1
}
sequence conv3(channels) { conv_bn(channels, 3) }
sequence conv1(channels) { conv_bn(channels, 1) }

conv3(32); maxpool 2x2
conv3(64); maxpool 2x2
conv3(128); conv1(64); conv3(128); maxpool 2x2
conv3(256); conv1(128); conv3(256); maxpool 2x2
conv3(512); conv1(256); conv3(512); conv1(256); conv3(512); maxpool 2x2
conv3(1024); conv1(512); conv3(1024); conv1(512); conv3(1024)
conv 1000 1x1
global_avgpool
flatten
softmax

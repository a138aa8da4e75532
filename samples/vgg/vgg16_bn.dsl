# VGG-16, after Simonyan and Zisserman 2015, table 1, column D; with batch normalisation, as torchvision has
# it
network vgg16_bn
input image 3x224x224

sequence conv3(channels) { conv channels 3x3 pad 1; batchnorm; relu }

group features {
    conv3(64); conv3(64); maxpool 2x2
    conv3(128); conv3(128); maxpool 2x2
    conv3(256); conv3(256); conv3(256); maxpool 2x2
    conv3(512); conv3(512); conv3(512); maxpool 2x2
    conv3(512); conv3(512); conv3(512); maxpool 2x2
}
flatten
group classifier {
    dense 4096; relu; dropout
    dense 4096; relu; dropout
    dense 1000
}

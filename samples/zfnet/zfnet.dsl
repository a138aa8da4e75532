# ZFNet, after Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks", figure 3
network zfnet
input image 3x224x224

# The paper's contrast normalisation, with the constants of AlexNet's.
sequence normalise { lrn 5 alpha 5e-4 beta 0.75 k 2 }

conv 96 7x7 stride 2 pad 1; relu; maxpool 3x3 stride 2 pad 1; normalise  # 110x110, pooled to 55x55
conv 256 5x5 stride 2; relu; maxpool 3x3 stride 2 pad 1; normalise  # 26x26, pooled to 13x13
conv 384 3x3 pad 1; relu
conv 384 3x3 pad 1; relu
conv 256 3x3 pad 1; relu; maxpool 3x3 stride 2  # 13x13, pooled to 6x6
flatten
dense 4096 as fc6; relu; dropout
dense 4096 as fc7; relu; dropout
dense 1000 as fc8
softmax

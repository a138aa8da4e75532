# AlexNet, after Krizhevsky, Sutskever, Hinton 2012, section 3.5 and figure 2. Its two towers, one a GPU, are
# two groups of one convolution. The paper says 224x224, but its maps of 55x55 take 227x227.
network alexnet2012
input image 3x227x227

# Section 3.3. The paper's alpha of 1e-4 multiplies the sum of 5 squares, that of `lrn` their mean.
sequence normalise { lrn 5 alpha 5e-4 beta 0.75 k 2 }

conv 96 11x11 stride 4; relu; normalise; maxpool 3x3 stride 2
conv 256 5x5 pad 2 groups 2; relu; normalise; maxpool 3x3 stride 2
conv 384 3x3 pad 1; relu
conv 384 3x3 pad 1 groups 2; relu
conv 256 3x3 pad 1 groups 2; relu; maxpool 3x3 stride 2
flatten
dense 4096 as fc6; relu; dropout
dense 4096 as fc7; relu; dropout
dense 1000 as fc8
softmax

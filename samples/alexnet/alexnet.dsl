# AlexNet as torchvision has it: the single-tower network of Krizhevsky 2014, "One weird trick for
# parallelizing convolutional neural networks"; names are torchvision's
network alexnet
input image 3x224x224

group features {
    conv 64 11x11 stride 4 pad 2; relu; maxpool 3x3 stride 2
    conv 192 5x5 pad 2; relu; maxpool 3x3 stride 2
    conv 384 3x3 pad 1; relu
    conv 256 3x3 pad 1; relu
    conv 256 3x3 pad 1; relu; maxpool 3x3 stride 2
}
flatten
group classifier {
    dropout; dense 4096; relu
    dropout; dense 4096; relu
    dense 1000
}

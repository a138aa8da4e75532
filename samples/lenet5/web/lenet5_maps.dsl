# LeNet-5 with its feature maps as outputs, for index.html
network lenet5_maps
input digit 1x28x28

conv 6 5x5 pad 2 as conv1
relu
output as first
maxpool 2x2
conv 16 5x5      as conv2
relu
output as second
maxpool 2x2
flatten
dense 120        as fc1
relu
dense 84         as fc2
relu
dense 10         as fc3
softmax
output as answer

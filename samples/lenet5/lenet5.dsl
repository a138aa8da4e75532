# LeNet-5, after LeCun et al. 1998
network lenet5
input digit 1x28x28

conv 6 5x5 pad 2 as conv1
relu
maxpool 2x2
conv 16 5x5      as conv2
relu
maxpool 2x2
flatten
dense 120        as fc1
relu
dense 84         as fc2
relu
dense 10         as fc3
softmax

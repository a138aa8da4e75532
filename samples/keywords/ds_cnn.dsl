# Keyword spotting on a second of sound as 49 x 10 MFCC features: the small DS-CNN of Zhang et al. 2017, "Hello Edge:
# keyword spotting on microcontrollers", which MLPerf Tiny (Banbury et al. 2021) measures
network ds_cnn
input features 1x49x10

sequence separable {
    conv 64 3x3 pad same groups 64 bias off
    batchnorm
    relu
    conv 64 1x1 bias off
    batchnorm
    relu
}

conv 64 10x4 stride 2 pad same bias off
batchnorm
relu
repeat 4 { separable() }
global_avgpool
flatten
dense 12
softmax

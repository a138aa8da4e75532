# Keyword spotting on a second of sound, 8000 samples: M5 of Dai et al. 2017, "Very deep convolutional neural networks
# for raw waveforms", table 1, as PyTorch's tutorial on speech commands has it
network m5
input wave 1x1x8000

sequence stage(channels, filter, stride = 1) {
    conv channels 1x(filter) stride 1x(stride)
    batchnorm
    relu
    maxpool 1x4
}

stage(32, 80, stride = 16)
stage(32, 3)
stage(64, 3)
stage(64, 3)
flatten  # one place is left of each channel
dense 35
log_softmax

# U-Net, after Ronneberger et al. 2015, figure 1, with padding, so that the result is as large as the image.
# The paper's maps shrink at each convolution, from 572x572 to 388x388, and are cropped where they meet.
network unet
input image 1x512x512

sequence conv3_twice(channels) {
    conv channels 3x3 pad 1; relu
    conv channels 3x3 pad 1; relu
}

group down1 { conv3_twice(64) }
maxpool 2x2
group down2 { conv3_twice(128) }
maxpool 2x2
group down3 { conv3_twice(256) }
maxpool 2x2
group down4 { conv3_twice(512) }
maxpool 2x2
group bottom { conv3_twice(1024) }
upconv 512 2x2 stride 2 as upconv4
concat with down4
group up4 { conv3_twice(512) }
upconv 256 2x2 stride 2 as upconv3
concat with down3
group up3 { conv3_twice(256) }
upconv 128 2x2 stride 2 as upconv2
concat with down2
group up2 { conv3_twice(128) }
upconv 64 2x2 stride 2 as upconv1
concat with down1
group up1 { conv3_twice(64) }
conv 2 1x1 as classes
softmax

# A small U-Net for colour images: three levels, batch normalisation, bilinear upsampling
network unet_small
input image 3x128x128

sequence conv3_twice(channels) {
    repeat 2 { conv channels 3x3 pad 1 bias off; batchnorm; relu }
}

group down1 { conv3_twice(16) }
maxpool 2x2
group down2 { conv3_twice(32) }
maxpool 2x2
group down3 { conv3_twice(64) }
maxpool 2x2
group bottom { conv3_twice(64) }
upsample 2 mode bilinear
concat with down3
group up3 { conv3_twice(32) }
upsample 2 mode bilinear
concat with down2
group up2 { conv3_twice(16) }
upsample 2 mode bilinear
concat with down1
group up1 { conv3_twice(16) }
conv 1 1x1 as mask
sigmoid

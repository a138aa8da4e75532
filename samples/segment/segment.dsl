# A small U-Net, after Ronneberger, Fischer and Brox 2015
network segment
input picture 1x64x64

sequence double(channels) { repeat 2 { conv channels 3x3 pad 1 bias off; batchnorm; relu } }

group enc1 { double(16) }
maxpool 2x2
group enc2 { double(32) }
maxpool 2x2
group enc3 { double(64) }
maxpool 2x2
group bottom { double(128) }

upconv 64 2x2 stride 2 as up3
concat with enc3
group dec3 { double(64) }
upconv 32 2x2 stride 2 as up2
concat with enc2
group dec2 { double(32) }
upconv 16 2x2 stride 2 as up1
concat with enc1
group dec1 { double(16) }

conv 11 1x1 as scores
softmax  # of each pixel: no digit, 0 to 9

# A recogniser of words after Du et al. 2022, "SVTR: scene text recognition with a single visual model", table 1, the
# tiny one: convs make 8 x 25 tokens of a picture of 32 x 100, and three stages of attention halve their height. All
# attention is global here; the paper's first blocks look at their surroundings alone.
network svtr_tiny
input image 3x32x100

# Attention of (width / 32) heads, each of 32 numbers a token.
block mixing(tokens, width) {
    residual {
        layernorm 1 eps 1e-6 as norm1
        group mixer {
            dense 3*width                  as qkv
            reshape (tokens)x3x(width/32)x32  # tokens x (query, key, value) x heads x numbers
            permute 1 2 0 3                as heads
            crop 0 2 3
            reshape (width/32)x(tokens)x32 as values
            from heads
            crop 0 1 2
            reshape (width/32)x(tokens)x32
            permute 0 2 1                  as keys
            from heads
            crop 0 0 1
            reshape (width/32)x(tokens)x32
            matmul with keys
            affine 0.17677669529663687  # 1 / sqrt(32)
            softmax along 2
            matmul with values
            permute 1 0 2
            reshape (tokens)x(width)
            dense width                    as proj
        }
    }
    residual {
        layernorm 1 eps 1e-6 as norm2
        group mlp { dense 4*width as fc1; gelu; dense width as fc2 }
    }
}
# The tokens as a map again, of half the height.
block merging(height, width, wider) {
    reshape 1x(height*25)x(width)
    permute 2 0 1
    reshape (width)x(height)x25
    conv wider 3x3 stride 2x1 pad 1 as conv
    reshape 1x(wider)x(height/2*25)
    permute 0 2 1
    reshape (height/2*25)x(wider)
    layernorm 1                     as norm
}

group patch_embed {
    conv 32 3x3 stride 2 pad 1 bias off; batchnorm; gelu
    conv 64 3x3 stride 2 pad 1 bias off; batchnorm; gelu
}
reshape 1x64x200
permute 0 2 1
reshape 200x64
add_constant 200x64 as pos_embed
group blocks1 { repeat 3 { mixing(200, 64) } }
merging(8, 64, 128) as sub_sample1
group blocks2 { repeat 6 { mixing(100, 128) } }
merging(4, 128, 256) as sub_sample2
group blocks3 { repeat 3 { mixing(50, 256) } }

# The mean of the two rows that are left, 25 places from left to right, and what character stands there: 36, or none
# (connectionist temporal classification).
reshape 2x25x256
reduce_mean 0
reshape 25x256
dense 192 bias off as last
hardswish
dense 37           as head
softmax along 1

# A small Vision Transformer (ViT-Ti/16), after Dosovitskiy et al. 2021, "An image is worth 16x16 words", and Touvron
# et al. 2021, "Training data-efficient image transformers", table 1; names are timm's
network vit_tiny
input image 3x224x224

# Attention of three heads, each of 64 numbers a token.
block attention {
    dense 576        as qkv
    reshape 197x3x3x64  # tokens x (query, key, value) x heads x numbers
    permute 1 2 0 3  as heads
    crop 0 2 3
    reshape 3x197x64 as values
    from heads
    crop 0 1 2
    reshape 3x197x64
    permute 0 2 1    as keys
    from heads
    crop 0 0 1
    reshape 3x197x64
    matmul with keys
    affine 0.125  # 1 / sqrt(64)
    softmax along 2
    matmul with values
    permute 1 0 2
    reshape 197x192
    dense 192        as proj
}
block encoder_block {
    residual { layernorm 1 eps 1e-6 as norm1; attention as attn }
    residual {
        layernorm 1 eps 1e-6 as norm2
        group mlp { dense 768 as fc1; gelu; dense 192 as fc2 }
    }
}

group patch_embed { conv 192 16x16 stride 16 as proj }
reshape 1x192x196
permute 0 2 1
pad 1 0 0 0
reshape 197x192
add_constant 197x192 as pos_embed  # with the class token, which timm has apart, in the first row
group blocks {
    repeat 12 { encoder_block() }
}
layernorm 1 eps 1e-6 as norm
crop 0 0 1
flatten
dense 1000           as head

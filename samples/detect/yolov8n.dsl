# YOLOv8n (Jocher et al. 2023) for pictures of 320 x 320: a CSP backbone, a path aggregation neck, and a head without
# anchor boxes, whose distances are the means of distributions (Li et al. 2020, "Generalized focal loss"). Names are
# those of ultralytics' model; the result is that of its ONNX export, x, y, width, height and 80 scores for 2100 places.
network yolov8n
input image 3x320x320

block conv_bn(channels, filter = 1, stride = 1) {
    conv channels filter stride stride pad filter/2 bias off as conv
    batchnorm eps 1e-3                                       as bn
    silu
}
# Half of the channels goes through bottlenecks, and all that was made on the way is joined.
block c2f(channels, half) {
    conv_bn(2*half) as cv1
    slice half 2*half
    group m { residual { conv_bn(half, 3) as cv1; conv_bn(half, 3) as cv2 } }
    from cv1
    concat with m
    conv_bn(channels) as cv2
}
block c2f_twice(channels, half) {
    conv_bn(2*half) as cv1
    slice half 2*half
    group m { repeat 2 { residual { conv_bn(half, 3) as cv1; conv_bn(half, 3) as cv2 } } }
    from cv1
    concat with m.0, m
    conv_bn(channels) as cv2
}
# Without shortcuts, in the neck.
block c2f_plain(channels, half) {
    conv_bn(2*half) as cv1
    slice half 2*half
    group m { group { conv_bn(half, 3) as cv1; conv_bn(half, 3) as cv2 } }
    from cv1
    concat with m
    conv_bn(channels) as cv2
}
block sppf(channels) {
    conv_bn(channels/2)        as cv1
    maxpool 5x5 stride 1 pad 2 as p1
    maxpool 5x5 stride 1 pad 2 as p2
    maxpool 5x5 stride 1 pad 2 as p3
    from cv1
    concat with p1, p2, p3
    conv_bn(channels)          as cv2
}

group model {
    conv_bn(16, 3, stride = 2)
    conv_bn(32, 3, stride = 2)
    c2f(32, 16)
    conv_bn(64, 3, stride = 2)
    c2f_twice(64, 32)
    conv_bn(128, 3, stride = 2)
    c2f_twice(128, 64)
    conv_bn(256, 3, stride = 2)
    c2f(256, 128)
    sppf(256)

    upsample 2
    concat with model.6
    c2f_plain(128, 64)
    upsample 2
    concat with model.4
    c2f_plain(64, 32)
    conv_bn(64, 3, stride = 2)
    concat with model.12
    c2f_plain(128, 64)
    conv_bn(128, 3, stride = 2)
    concat with model.9
    c2f_plain(256, 128)

    # For each place of three maps 4 x 16 numbers of a box's sides, and 80 scores.
    group {
        group cv2 {
            from model.15
            group { conv_bn(64, 3); conv_bn(64, 3); conv 64 1x1 }
            from model.18
            group { conv_bn(64, 3); conv_bn(64, 3); conv 64 1x1 }
            from model.21
            group { conv_bn(64, 3); conv_bn(64, 3); conv 64 1x1 }
        }
        group cv3 {
            from model.15
            group { conv_bn(80, 3); conv_bn(80, 3); conv 80 1x1 }
            from model.18
            group { conv_bn(80, 3); conv_bn(80, 3); conv 80 1x1 }
            from model.21
            group { conv_bn(80, 3); conv_bn(80, 3); conv 80 1x1 }
        }
        from cv2.0
        concat with cv3.0
        reshape 144x1600               as of8
        from cv2.1
        concat with cv3.1
        reshape 144x400                as of16
        from cv2.2
        concat with cv3.2
        reshape 144x100                as of32
        from of8
        concat along 1 with of16, of32 as found

        # How far each side is from the place: the mean of a distribution over 0 to 15 steps.
        crop 0 0 64
        reshape 4x16x2100
        softmax along 1
        permute 1 0 2
        group dfl { conv 1 1x1 bias off as conv }
        reshape 4x2100         as sides
        crop 0 0 2             as before
        from sides
        crop 0 2 4             as behind
        add with before        as sizes
        from behind
        subtract with before
        affine 0.5
        add_constant 2x2100    as places
        concat along 0 with sizes
        multiply_constant 2100 as strides
        from found
        crop 0 64 144
        sigmoid                as scores
        from strides
        concat along 0 with scores
        output                 as boxes
    }
}

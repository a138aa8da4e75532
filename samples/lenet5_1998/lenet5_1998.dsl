# LeNet-5 as it was published, LeCun et al. 1998, "Gradient-based learning applied to document recognition",
# section II.B and figure 2
network lenet5_1998
input digit 1x32x32

# S2 and S4: the sum of four, multiplied by a trained coefficient, plus a trained bias, a map each.
sequence subsampling(channels) {
    avgpool 2x2
    conv channels 1x1 groups channels
    tanh
}

# One of C3's maps, which reads the maps begin … begin + count - 1 of S2, the first after the last.
sequence c3_map(begin, count) {
    slice begin begin+count
    conv 1 5x5
}

# One of those that read two neighbours and, one further on, two more.
sequence c3_map_of_pairs(begin) {
    concat {
        branch { slice begin begin+2 }
        branch { slice begin+3 begin+5 }
    }
    conv 1 5x5
}

group c1 { conv 6 5x5; tanh }
group s2 { subsampling(6) }

# Table I.
concat with s2 as twice
concat as c3 {
    branch { c3_map(0, 3) }
    branch { c3_map(1, 3) }
    branch { c3_map(2, 3) }
    branch { c3_map(3, 3) }
    branch { c3_map(4, 3) }
    branch { c3_map(5, 3) }
    branch { c3_map(0, 4) }
    branch { c3_map(1, 4) }
    branch { c3_map(2, 4) }
    branch { c3_map(3, 4) }
    branch { c3_map(4, 4) }
    branch { c3_map(5, 4) }
    branch { c3_map_of_pairs(0) }
    branch { c3_map_of_pairs(1) }
    branch { c3_map_of_pairs(2) }
    branch { c3_map(0, 6) }
}
tanh
group s4 { subsampling(16) }
group c5 { conv 120 5x5; tanh }
flatten
group f6 { dense 84; tanh }
dense 10 as output_units

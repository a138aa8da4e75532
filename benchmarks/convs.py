"""Convolutions as values: shapes, the text of a network with one in it, random ones, those of a network."""
import dataclasses
import math
import re


@dataclasses.dataclass(frozen=True)
class Conv:
    """One convolution of one image. Pairs are height, width."""
    channels: int
    size: tuple
    outputs: int
    filter: tuple
    stride: tuple = (1, 1)
    before: tuple = (0, 0)  # padding above and to the left
    behind: tuple = (0, 0)
    dilation: tuple = (1, 1)
    groups: int = 1

    def result(self):
        return tuple((n + a + b - d * (f - 1) - 1) // s + 1 for n, a, b, d, f, s in
                     zip(self.size, self.before, self.behind, self.dilation, self.filter, self.stride))

    def mflop(self):
        """Two operations a multiply-add, by the definition."""
        return 2e-6 * math.prod(self.result()) * self.outputs * (self.channels // self.groups) * math.prod(self.filter)

    def statement(self):
        """As it stands in a text."""
        sides = (self.before[0], self.behind[0], self.before[1], self.behind[1])
        pad = " ".join(map(str, sides)) if self.before != self.behind else short(self.before)
        options = [("stride", short(self.stride), "1"), ("pad", pad, "0"), ("dilation", short(self.dilation), "1"),
                   ("groups", str(self.groups), "1")]
        return " ".join([f"conv {self.outputs} {by(self.filter)}", *(f"{key} {value}" for key, value, usual in options
                                                                       if value != usual)])

    def __str__(self):
        return f"{self.channels}x{by(self.size)}  {self.statement()}"

    def numbers(self, images):
        """As time_onednn takes it."""
        return ",".join(map(str, (images, self.channels, *self.size, self.outputs, *self.filter, *self.stride, *self.before,
                                  *self.behind, *self.dilation, self.groups)))

    def text(self):
        """A network in which the convolution stands as in the middle of a larger one: its input comes from another
        layer, if it fills a vector, and the next layer reads its result as it is stored. Maps of few channels are
        near a network's input, and lie as the caller has them."""
        first = [f"conv {self.channels} 1x1 groups {self.channels} as before"] if self.channels >= 16 else []
        return "\n".join(["network one_conv", f"input x {self.channels}x{by(self.size)}", *first,
                          f"{self.statement()} as conv", "relu as layer", "global_avgpool", ""])


def by(pair):
    return "x".join(map(str, pair))


def short(pair):
    """As an option's value: one number where both are equal."""
    return str(pair[0]) if pair[0] == pair[1] else by(pair)


COMMON = (16, 32, 48, 64, 96, 128, 192, 256, 384, 512)
AWKWARD = (3, 5, 7, 11, 13, 15, 17, 31, 33, 37, 61, 63, 65, 101, 127, 129, 251, 255, 257, 509)
MAPS = (7, 14, 28, 56, 112)
AWKWARD_MAPS = (1, 2, 3, 5, 6, 9, 11, 13, 15, 17, 19, 23, 27, 31, 33, 41, 53, 63, 97, 101)
LARGEST_MFLOP = 1000


def pick(random, usual, awkward, largest):
    """Of ten six usual, two awkward, two anything, small ones as often as large ones."""
    kind = random.random()
    return random.choice(usual) if kind < 0.6 else random.choice(awkward) if kind < 0.8 else int(largest ** random.random())


def random_conv(random):
    """Channels 1 to 512, sizes 1 to 112, filters 1, 3, 5, 7, at most LARGEST_MFLOP; `random`: a random.Random."""
    while True:
        height = pick(random, MAPS, AWKWARD_MAPS, 112.99)
        size = (height, height if random.random() < 0.8 else pick(random, MAPS, AWKWARD_MAPS, 112.99))
        side = random.choice((1, 1, 1, 3, 3, 3, 3, 5, 5, 7))
        filter = (side, side) if random.random() < 0.95 else random.choice(((1, 3), (3, 1), (1, 7), (7, 1)))
        stride = random.choice(((1, 1), (1, 1), (1, 1), (2, 2)))
        dilation = (2, 2) if side > 1 and random.random() < 0.15 else (1, 1)
        kind = random.random()
        same = tuple(d * (f - 1) // 2 for d, f in zip(dilation, filter))
        pad = same if kind < 0.75 else (0, 0) if kind < 0.9 else tuple(random.randrange(f) for f in filter)
        conv = Conv(pick(random, COMMON, AWKWARD, 512.99), size, pick(random, COMMON, AWKWARD, 512.99), filter, stride, pad, pad,
                    dilation)
        if min(conv.result()) >= 1 and conv.mflop() <= LARGEST_MFLOP:
            return conv


def convs_of(listing):
    """The distinct convolutions of a network, with how many there are of each: from what `cnnc --emit passes` prints, columns
    that two spaces or more part: name, operator with its options, inputs, shape, and what is fused."""
    shapes, counts = {}, {}
    for line in listing.splitlines():
        name, operator, *others = [*re.split(r"\s{2,}", line), ""]
        shape = next((column for column in others if re.fullmatch(r"\d+(x\d+)*", column)), "")
        shapes[name] = tuple(map(int, shape.split("x"))) if shape else ()
        if operator.startswith("conv "):
            conv = conv_of(operator, shapes[others[0].split(", ")[0]])
            counts[conv] = counts.get(conv, 0) + 1
    return counts


def conv_of(operator, shape):
    """"conv channels 8 filter 3x3 pad 1 stride 2x1" on an input of this shape."""
    options = {}
    for word in operator.split()[1:]:
        if word[0].isalpha():
            options[key := word] = []
        else:
            options[key] += map(int, word.split("x"))
    two = lambda key, usual: tuple((options.get(key, [usual]) * 2)[:2])
    size, filter, stride, dilation = shape[1:], two("filter", 1), two("stride", 1), two("dilation", 1)
    before, behind = paddings(options, size, filter, stride, dilation)
    return Conv(shape[0], size, options["channels"][0], filter, stride, before, behind, dilation,
                options.get("groups", [1])[0])


def paddings(options, size, filter, stride, dilation):
    """What stands before and behind the map, each for height and width."""
    pad = options.get("pad", [0])
    if "same" in options:
        whole = [max(0, (-(-n // s) - 1) * s + d * (f - 1) + 1 - n) for n, f, s, d in zip(size, filter, stride, dilation)]
        return tuple(n // 2 for n in whole), tuple(n - n // 2 for n in whole)
    if len(pad) == 4:
        return (pad[0], pad[2]), (pad[1], pad[3])
    return (tuple((pad * 2)[:2]),) * 2

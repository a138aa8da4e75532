"""Networks as people write them in PyTorch, small: a style each, by name, with the shapes of its inputs."""
import torch
import torch.nn.functional as functional
from torch import nn


def conv_norm(inputs, outputs, size=3, stride=1, groups=1, activation=nn.ReLU):
    """A convolution, its batch normalisation and an activation, as torchvision nests them."""
    layers = [nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([activation()] if activation else []))


class Function(nn.Module):
    """A function with the modules that it uses."""

    def __init__(self, forward, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)
        self.function = forward

    def forward(self, *inputs):
        return self.function(self, *inputs)


def sequential():
    return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3),
                         nn.ReLU(inplace=True), nn.AvgPool2d(2), nn.Flatten(), nn.Dropout(0.5), nn.Linear(72, 10),
                         nn.LogSoftmax(1))


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = conv_norm(inputs, outputs, 1, stride, activation=None)

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))) + shortcut)


def residual():
    def forward(m, x):
        return m.fc(torch.flatten(m.avgpool(m.layer2(m.layer1(m.maxpool(m.stem(x))))), 1))

    return Function(forward, stem=conv_norm(3, 8, 7, 2), maxpool=nn.MaxPool2d(3, 2, 1),
                    layer1=nn.Sequential(Residual(8, 8, 1), Residual(8, 8, 1)),
                    layer2=nn.Sequential(Residual(8, 16, 2), Residual(16, 16, 1)), avgpool=nn.AdaptiveAvgPool2d((1, 1)),
                    fc=nn.Linear(16, 10))


def unfolded():
    """As residual; exported with its batch normalisations."""
    return residual()


class Inception(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.branch1 = conv_norm(inputs, 4, 1)
        self.branch3 = nn.Sequential(conv_norm(inputs, 4, 1), conv_norm(4, 8, 3))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), conv_norm(inputs, 4, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch3(x), self.pool(x)], 1)


class Dense(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, 4, 3, padding=1, bias=False)

    def forward(self, x):
        return torch.cat((x, self.conv1(functional.relu(self.norm1(x)))), 1)


def concat():
    return nn.Sequential(conv_norm(3, 8, stride=2), Inception(8), Inception(16), Dense(16), Dense(20),
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(1), nn.Linear(24, 10), nn.Softmax(dim=1))


class Inverted(nn.Module):
    def __init__(self, channels, activation):
        super().__init__()
        self.conv = nn.Sequential(conv_norm(channels, 4 * channels, 1, activation=activation),
                                  conv_norm(4 * channels, 4 * channels, 3, groups=4 * channels, activation=activation),
                                  nn.Conv2d(4 * channels, channels, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        return x + self.conv(x)


def depthwise():
    def forward(m, x):
        return m.classifier(m.features(x).mean([2, 3]))

    return Function(forward, features=nn.Sequential(conv_norm(3, 8, stride=2, activation=nn.ReLU6), Inverted(8, nn.ReLU6),
                                                    Inverted(8, nn.Hardswish), Inverted(8, nn.SiLU)),
                    classifier=nn.Sequential(nn.Dropout(0.2), nn.Linear(8, 10)))


class ConvGate(nn.Module):
    def __init__(self, channels, gate):
        super().__init__()
        self.fc1, self.fc2, self.gate = nn.Conv2d(channels, 4, 1), nn.Conv2d(4, channels, 1), gate

    def forward(self, x):
        return self.gate(self.fc2(functional.relu(self.fc1(functional.adaptive_avg_pool2d(x, 1))))) * x


class LinearGate(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(nn.Linear(channels, 4, bias=False), nn.ReLU(inplace=True), nn.Linear(4, channels),
                                nn.Sigmoid())

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.fc(self.pool(x).view(b, c)).view(b, c, 1, 1)
        return x * y.expand_as(x)


class MeanGate(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc = nn.Linear(channels, channels)

    def forward(self, x):
        return x * torch.sigmoid(self.fc(x.mean((2, 3))))[:, :, None, None]


def squeeze_excite():
    return nn.Sequential(conv_norm(3, 8, stride=2), ConvGate(8, nn.Sigmoid()), ConvGate(8, nn.Hardsigmoid()),
                         LinearGate(8), MeanGate(8), nn.Conv2d(8, 4, 1))


def upsampling():
    """A U-Net whose ways up are all different."""
    def forward(m, x):
        a = m.down1(x)
        b = m.down2(functional.max_pool2d(a, 2))
        c = m.down3(functional.max_pool2d(b, 2))
        y = m.up3(torch.cat([functional.interpolate(c, scale_factor=2, mode="nearest"), b], 1))
        y = m.up2(torch.cat([m.transposed(y), a], 1))
        big = functional.interpolate(m.shuffle(m.widen(b)), scale_factor=2, mode="bilinear", align_corners=False)
        y = torch.cat([m.up(y), big], 1)
        return functional.interpolate(m.head(y), size=(48, 40), mode="bilinear", align_corners=True)

    return Function(forward, down1=conv_norm(3, 8), down2=conv_norm(8, 8), down3=conv_norm(8, 8), up3=conv_norm(16, 8),
                    up2=conv_norm(16, 8), transposed=nn.ConvTranspose2d(8, 8, 2, 2), widen=nn.Conv2d(8, 16, 1),
                    shuffle=nn.PixelShuffle(2), up=nn.ConvTranspose2d(8, 4, 3, 2, 1, output_padding=1),
                    head=nn.Conv2d(8, 2, 1))


def upsampling_of_old():
    """What opsets before 11 have."""
    def forward(m, x):
        y = m.transposed(functional.avg_pool2d(m.stem(x), 3, 2, 1))
        return m.head(torch.cat([m.shuffle(y), functional.interpolate(x, scale_factor=2, mode="nearest")], 1))

    return Function(forward, stem=nn.Conv2d(3, 8, 3, padding=1), shuffle=nn.PixelShuffle(2), head=nn.Conv2d(5, 2, 1),
                    transposed=nn.ConvTranspose2d(8, 8, 4, 2, 1, groups=2))


def channel_shuffle(x, groups):
    batch, channels, height, width = x.size()
    x = x.view(batch, groups, channels // groups, height, width)
    return torch.transpose(x, 1, 2).contiguous().view(batch, -1, height, width)


class Shuffle(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.branch = nn.Sequential(conv_norm(channels, channels, 1),
                                    conv_norm(channels, channels, 3, groups=channels, activation=None),
                                    conv_norm(channels, channels, 1))

    def forward(self, x):
        a, b = x.chunk(2, dim=1)
        return channel_shuffle(torch.cat((a, self.branch(b)), dim=1), 2)


def shuffle():
    return nn.Sequential(conv_norm(3, 16, stride=2), Shuffle(8), Shuffle(8), nn.Conv2d(16, 16, 1, groups=4),
                         nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(16, 10))


def sequence():
    """One-dimensional convolutions."""
    return nn.Sequential(nn.Conv1d(4, 8, 7, stride=2, padding=3), nn.BatchNorm1d(8), nn.ReLU(), nn.MaxPool1d(2),
                         nn.Conv1d(8, 16, 3, padding=2, dilation=2, groups=2), nn.ELU(), nn.AvgPool1d(2),
                         nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(16, 10), nn.BatchNorm1d(10), nn.Tanh())


def idioms():
    """The many ways to say flatten, mean, split and pad."""
    def forward(m, x):
        x = functional.pad(m.conv(functional.pad(x, (1, 1, 1, 1), mode="reflect")), (1, 0, 2, 1))
        a, b, c = torch.split(x, [4, 8, 4], 1)
        x = torch.cat([c, x[:, 2:6], torch.clamp(b, -0.5, 0.5), a.permute(0, 2, 3, 1).permute(0, 3, 1, 2)], 1)
        mean = x.mean(3).mean(2)
        pooled = functional.adaptive_avg_pool2d(x, (1, 1)).squeeze(-1).squeeze(-1)
        greatest = x.amax((2, 3))
        wide = m.wide(functional.max_pool2d(x, 4).reshape(x.shape[0], -1))
        rows = m.rows(functional.max_pool2d(x, 4).permute(0, 2, 3, 1).flatten(1))
        return torch.cat([m.fc(mean + pooled + greatest), wide, rows], dim=1)

    return Function(forward, conv=nn.Conv2d(3, 16, 3), fc=nn.Linear(20, 5), wide=nn.Linear(20 * 16, 5),
                    rows=nn.Linear(20 * 16, 5))


def each(kinds):
    """A convolution for each activation, side by side."""
    return Function(lambda m, x: torch.cat([kind(conv(x)) for conv, kind in zip(m.convs, m.kinds)], 1),
                    convs=nn.ModuleList(nn.Conv2d(3, 8, 1) for _ in kinds), kinds=nn.ModuleList(kinds))


def activations():
    return each([nn.ReLU(), nn.ReLU6(), nn.LeakyReLU(0.2), nn.PReLU(), nn.PReLU(8), nn.ELU(0.7), nn.SELU(), nn.SiLU(),
                 nn.Mish(), nn.Softplus(), nn.Softplus(2), nn.Sigmoid(), nn.Hardsigmoid(), nn.Hardswish(), nn.Tanh(),
                 nn.Hardtanh(-0.5, 0.75), nn.Softmax(1), nn.LogSoftmax(1), nn.Identity(), nn.Dropout2d(0.1)])


def new_activations():
    """Those that old opsets lack."""
    return each([nn.GELU(), nn.GELU("tanh"), nn.CELU(1.5)])


def arithmetic():
    """Preprocessing inside of the network, and parameters that are no layer's."""
    def forward(m, x):
        x = (x / 255 - m.mean) / m.std
        y = m.conv(x)
        y = y + m.gamma * (1 - torch.sigmoid(m.side(x)))
        y = 2 * y - y * y / 3 + (-y) ** 2
        return torch.max(torch.zeros(1), y).mean((2, 3), keepdim=True) * y

    module = Function(forward, conv=nn.Conv2d(3, 8, 3, bias=False), side=nn.Conv2d(3, 8, 3))
    module.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
    module.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1))
    module.gamma = nn.Parameter(torch.randn(8, 1, 1))
    return module


def channels_last():
    """A block with linear layers over the channels of each pixel, as of ConvNeXt, without its layer normalisation."""
    def forward(m, x):
        x = m.stem(x)
        y = m.mix(x).permute(0, 2, 3, 1)
        y = m.gamma * m.second(functional.gelu(m.first(y)))
        return x + y.permute(0, 3, 1, 2)

    module = Function(forward, stem=nn.Conv2d(3, 8, 4, 4), mix=nn.Conv2d(8, 8, 7, padding=3, groups=8),
                      first=nn.Linear(8, 16), second=nn.Linear(16, 8))
    module.gamma = nn.Parameter(torch.randn(8))
    return module


def several():
    """Two inputs, two outputs."""
    def forward(m, image, extra):
        x = functional.relu(m.left(image) + m.right(extra))
        return m.mask(x), m.fc(x.mean([2, 3]))

    return Function(forward, left=nn.Conv2d(3, 8, 3, padding=1), right=nn.Conv2d(1, 8, 1), mask=nn.Conv2d(8, 1, 1),
                    fc=nn.Linear(8, 4))


STYLES = {
    "sequential": (sequential, [(3, 16, 16)]),
    "residual": (residual, [(3, 32, 32)]),
    "unfolded": (unfolded, [(3, 32, 32)]),
    "concat": (concat, [(3, 15, 15)]),
    "depthwise": (depthwise, [(3, 16, 16)]),
    "squeeze_excite": (squeeze_excite, [(3, 16, 16)]),
    "upsampling": (upsampling, [(3, 24, 20)]),
    "upsampling_of_old": (upsampling_of_old, [(3, 12, 10)]),
    "shuffle": (shuffle, [(3, 16, 16)]),
    "sequence": (sequence, [(4, 64)]),
    "idioms": (idioms, [(3, 13, 15)]),
    "activations": (activations, [(3, 6, 6)]),
    "new_activations": (new_activations, [(3, 6, 6)]),
    "arithmetic": (arithmetic, [(3, 8, 8)]),
    "channels_last": (channels_last, [(3, 16, 16)]),
    "several": (several, [(3, 8, 8), (1, 8, 8)]),
}

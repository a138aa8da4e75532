"""The sample networks in PyTorch: torchvision's own where it has them, else written from the papers, independently of the
texts in samples/. models()[NAME]() makes one with random weights."""
import functools
import importlib.util
import pathlib
import sys

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

INPUTS = {"lenet5": (1, 28, 28), "lenet5_1998": (1, 32, 32), "fashion": (1, 28, 28), "segment": (1, 64, 64),
          "alexnet2012": (3, 227, 227), "resnet20": (3, 32, 32), "resnet56": (3, 32, 32),
          "inception_v3": (3, 299, 299), "unet": (1, 512, 512), "unet_small": (3, 128, 128), "r3d_18": (3, 16, 112, 112)}

TORCHVISION = ["alexnet", "densenet121", "efficientnet_b0", "googlenet", "inception_v3", "mobilenet_v2",
               "mobilenet_v3_large", "mobilenet_v3_small", "resnet101", "resnet152", "resnet18", "resnet34", "resnet50",
               "resnext50_32x4d", "shufflenet_v2_x1_0", "squeezenet1_1", "vgg11", "vgg13", "vgg16", "vgg16_bn", "vgg19"]


def input_shape(name):
    return INPUTS.get(name, (3, 224, 224))


def named(**modules):
    """nn.Sequential with names."""
    sequential = nn.Sequential()
    for name, module in modules.items():
        sequential.add_module(name, module)
    return sequential


def lenet5():
    return named(conv1=nn.Conv2d(1, 6, 5, padding=2), r1=nn.ReLU(), s1=nn.MaxPool2d(2), conv2=nn.Conv2d(6, 16, 5),
                 r2=nn.ReLU(), s2=nn.MaxPool2d(2), flat=nn.Flatten(), fc1=nn.Linear(400, 120), r3=nn.ReLU(),
                 fc2=nn.Linear(120, 84), r4=nn.ReLU(), fc3=nn.Linear(84, 10), softmax=nn.Softmax(1))


class C3(nn.Module):
    """Table I of LeCun et al. 1998: the maps of S2 that each map of C3 reads."""
    maps = ([[(i + k) % 6 for k in range(3)] for i in range(6)] + [[(i + k) % 6 for k in range(4)] for i in range(6)] +
            [[(i + k) % 6 for k in (0, 1, 3, 4)] for i in range(3)] + [list(range(6))])

    def __init__(self):
        super().__init__()
        for i, maps in enumerate(self.maps):
            self.add_module(f"conv{i + 1}", nn.Conv2d(len(maps), 1, 5))

    def forward(self, x):
        return torch.cat([conv(x[:, maps]) for conv, maps in zip(self.children(), self.maps)], 1)


def lenet5_1998():
    def subsampling(channels):
        return nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(channels, channels, 1, groups=channels), nn.Tanh())

    return named(c1=nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh()), s2=subsampling(6), c3=C3(), tanh=nn.Tanh(),
                 s4=subsampling(16), c5=nn.Sequential(nn.Conv2d(16, 120, 5), nn.Tanh()), flat=nn.Flatten(),
                 f6=nn.Sequential(nn.Linear(120, 84), nn.Tanh()), output_units=nn.Linear(84, 10))


def three_dense():
    return dict(flat=nn.Flatten(), fc6=nn.Linear(9216, 4096), r6=nn.ReLU(), fc7=nn.Linear(4096, 4096), r7=nn.ReLU(),
                fc8=nn.Linear(4096, 1000), softmax=nn.Softmax(1))


def alexnet2012():
    def lrn():
        return nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2)

    return named(conv1=nn.Conv2d(3, 96, 11, stride=4), r1=nn.ReLU(), n1=lrn(), p1=nn.MaxPool2d(3, 2),
                 conv2=nn.Conv2d(96, 256, 5, padding=2, groups=2), r2=nn.ReLU(), n2=lrn(), p2=nn.MaxPool2d(3, 2),
                 conv3=nn.Conv2d(256, 384, 3, padding=1), r3=nn.ReLU(),
                 conv4=nn.Conv2d(384, 384, 3, padding=1, groups=2), r4=nn.ReLU(),
                 conv5=nn.Conv2d(384, 256, 3, padding=1, groups=2), r5=nn.ReLU(), p5=nn.MaxPool2d(3, 2), **three_dense())


def zfnet():
    def lrn():
        return nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2)

    return named(conv1=nn.Conv2d(3, 96, 7, 2, 1), r1=nn.ReLU(), p1=nn.MaxPool2d(3, 2, 1), n1=lrn(),
                 conv2=nn.Conv2d(96, 256, 5, 2), r2=nn.ReLU(), p2=nn.MaxPool2d(3, 2, 1), n2=lrn(),
                 conv3=nn.Conv2d(256, 384, 3, padding=1), r3=nn.ReLU(), conv4=nn.Conv2d(384, 384, 3, padding=1),
                 r4=nn.ReLU(), conv5=nn.Conv2d(384, 256, 3, padding=1), r5=nn.ReLU(), p5=nn.MaxPool2d(3, 2),
                 **three_dense())


def conv3x3(inputs, channels, stride=1):
    return nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)


class CifarBasic(nn.Module):
    def __init__(self, inputs, channels):
        super().__init__()
        self.grows = inputs != channels
        self.conv1, self.bn1 = conv3x3(inputs, channels, 2 if self.grows else 1), nn.BatchNorm2d(channels)
        self.conv2, self.bn2 = conv3x3(channels, channels), nn.BatchNorm2d(channels)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.grows:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, x.shape[1] // 2, x.shape[1] // 2))
        return F.relu(x + y)


def stage(block, inputs, channels, count):
    return nn.Sequential(block(inputs, channels), *[block(channels, channels) for _ in range(count - 1)])


def cifar_resnet(n):
    return named(conv1=conv3x3(3, 16), bn1=nn.BatchNorm2d(16), relu=nn.ReLU(), layer1=stage(CifarBasic, 16, 16, n),
                 layer2=stage(CifarBasic, 16, 32, n), layer3=stage(CifarBasic, 32, 64, n), pool=nn.AdaptiveAvgPool2d(1),
                 flat=nn.Flatten(), linear=nn.Linear(64, 10))


class PreactBasic(nn.Module):
    def __init__(self, inputs, channels):
        super().__init__()
        stride = 1 if inputs == channels else 2
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), conv3x3(inputs, channels, stride)
        self.bn2, self.conv2 = nn.BatchNorm2d(channels), conv3x3(channels, channels)
        if inputs != channels:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, channels, 1, stride, bias=False))

    def forward(self, x):
        active = F.relu(self.bn1(x))
        shortcut = self.downsample(active) if hasattr(self, "downsample") else x
        return self.conv2(F.relu(self.bn2(self.conv1(active)))) + shortcut


def preact_resnet18():
    return named(conv1=nn.Conv2d(3, 64, 7, 2, 3, bias=False), pool=nn.MaxPool2d(3, 2, 1),
                 layer1=stage(PreactBasic, 64, 64, 2), layer2=stage(PreactBasic, 64, 128, 2),
                 layer3=stage(PreactBasic, 128, 256, 2), layer4=stage(PreactBasic, 256, 512, 2), bn=nn.BatchNorm2d(512),
                 relu=nn.ReLU(), mean=nn.AdaptiveAvgPool2d(1), flat=nn.Flatten(), fc=nn.Linear(512, 1000))


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(channels, channels // 16, 1), nn.Conv2d(channels // 16, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


class SeBottleneck(torchvision.models.resnet.Bottleneck):
    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.se = SqueezeExcite(self.bn3.num_features)

    def forward(self, x):
        y = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return F.relu(self.se(self.bn3(self.conv3(y))) + (x if self.downsample is None else self.downsample(x)))


def mobilenet_v1():
    def separable(inputs, channels, stride):
        return nn.Sequential(nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False), nn.BatchNorm2d(inputs),
                             nn.ReLU(), nn.Conv2d(inputs, channels, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU())

    layers = [nn.Sequential(conv3x3(3, 32, 2), nn.BatchNorm2d(32), nn.ReLU())]
    inputs = 32
    for channels, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2),
                             (1024, 1)]:
        layers.append(separable(inputs, channels, stride))
        inputs = channels
    return named(model=nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1)), flat=nn.Flatten(), fc=nn.Linear(1024, 1000))


def darknet19():
    layers, inputs, convs = [], 3, []
    for channels in [32, "M", 64, "M", 128, 64, 128, "M", 256, 128, 256, "M", 512, 256, 512, 256, 512, "M", 1024, 512,
                     1024, 512, 1024]:
        if channels == "M":
            layers.append(("", nn.MaxPool2d(2)))
            continue
        size = 3 if channels == 32 or channels > inputs else 1
        layers += [("conv", nn.Conv2d(inputs, channels, size, padding=size // 2, bias=False)),
                   ("batchnorm", nn.BatchNorm2d(channels)), ("", nn.LeakyReLU(0.1))]
        inputs = channels
    layers += [("conv", nn.Conv2d(1024, 1000, 1)), ("", nn.AdaptiveAvgPool2d(1)), ("", nn.Flatten()), ("", nn.Softmax(1))]
    counts, network = {}, nn.Sequential()
    for i, (kind, module) in enumerate(layers):
        counts[kind] = counts.get(kind, 0) + 1
        network.add_module(f"{kind}{counts[kind]}" if kind else f"layer{i}", module)
    return network


class UNet(nn.Module):
    """Encoders `down1` …, `bottom`, and decoders …, `up1`, which read the layer below, enlarged, and an encoder's result."""

    def __init__(self, twice, enlarge, downs, bottom, ups):
        """Pairs (channels read, channels made), from the top level to the bottom."""
        super().__init__()
        self.levels = len(downs)
        for level in range(self.levels):
            self.add_module(f"down{level + 1}", twice(*downs[level]))
            self.add_module(f"up{level + 1}", twice(*ups[level]))
            self.add_module(f"upconv{level + 1}", enlarge(level))
        self.bottom = twice(*bottom)

    def forward(self, x):
        kept = []
        for level in range(1, self.levels + 1):
            kept.append(getattr(self, f"down{level}")(x))
            x = F.max_pool2d(kept[-1], 2)
        x = self.bottom(x)
        for level in range(self.levels, 0, -1):
            x = torch.cat([getattr(self, f"upconv{level}")(x), kept[level - 1]], 1)
            x = getattr(self, f"up{level}")(x)
        return self.head(x)


def unet():
    def twice(inputs, channels):
        return nn.Sequential(nn.Conv2d(inputs, channels, 3, padding=1), nn.ReLU(),
                             nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU())

    widths = [64, 128, 256, 512, 1024]
    network = UNet(twice, lambda level: nn.ConvTranspose2d(widths[level + 1], widths[level], 2, 2),
                   list(zip([1] + widths, widths[:4])), (512, 1024), [(2 * width, width) for width in widths[:4]])
    network.classes = nn.Conv2d(64, 2, 1)
    network.head = lambda x: torch.softmax(network.classes(x), 1)
    return network


def unet_small():
    def twice(inputs, channels):
        return nn.Sequential(conv3x3(inputs, channels), nn.BatchNorm2d(channels), nn.ReLU(),
                             conv3x3(channels, channels), nn.BatchNorm2d(channels), nn.ReLU())

    network = UNet(twice, lambda level: nn.Upsample(scale_factor=2, mode="bilinear"), [(3, 16), (16, 32), (32, 64)],
                   (64, 64), [(32, 16), (64, 16), (128, 32)])
    network.mask = nn.Conv2d(16, 1, 1)
    network.head = lambda x: torch.sigmoid(network.mask(x))
    return network


def torchvision_model(name):
    keywords = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    return getattr(torchvision.models, name)(weights=None, **keywords)


def trained(name, model, last):
    """The model that the sample's train.py trains; the text ends in what the loss applies there."""
    path = pathlib.Path(__file__).parents[2] / "samples" / name / "train.py"
    spec = importlib.util.spec_from_file_location(f"train_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))  # what stands beside it
    spec.loader.exec_module(module)
    network = getattr(module, model)()
    network.register_forward_hook(lambda _, __, logits: last(logits))
    return network


def models():
    own = [lenet5, lenet5_1998, alexnet2012, zfnet, preact_resnet18, mobilenet_v1, darknet19, unet, unet_small]
    return {
        **{name: functools.partial(torchvision_model, name) for name in TORCHVISION},
        **{build.__name__: build for build in own},
        "r3d_18": lambda: torchvision.models.video.r3d_18(weights=None),
        "resnet20": lambda: cifar_resnet(3),
        "resnet56": lambda: cifar_resnet(9),
        "fashion": lambda: trained("fashion", "Fashion", nn.Softmax(1)),
        "segment": lambda: trained("segment", "UNet", nn.Softmax(1)),
        "se_resnet50": lambda: torchvision.models.ResNet(SeBottleneck, [3, 4, 6, 3]),
    }


def randomise(model, shape):
    """Batch normalisations with statistics that keep the values at one size, and with weights of their own: else a deep
    network's values vanish, and nothing that comes before its last layers shows in its result. Only a part of the mean is
    taken off: else what all elements have in common goes, and what little is left grows with its rounding errors."""
    def calibrate(norm, inputs):
        mean, square = (x.mean((0, 2, 3)) for x in (inputs[0], inputs[0].square()))
        norm.running_mean.copy_(mean / 4)
        norm.running_var.copy_(square - mean.square() * 7 / 16)
        torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
        torch.nn.init.uniform_(norm.bias, -0.5, 0.5)

    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    hooks = [norm.register_forward_pre_hook(calibrate) for norm in norms]
    if norms:
        model.eval()(torch.randn(2, *shape))
    for hook in hooks:
        hook.remove()


def random_model(name):
    """The model with seeded weights, ready to be evaluated."""
    torch.manual_seed(1)
    model = models()[name]()
    with torch.no_grad():
        randomise(model, input_shape(name))
    return model.eval()


def weights_of(model):
    """Without the heads of GoogLeNet and Inception-v3 that serve training alone."""
    return {name: values for name, values in model.state_dict().items() if not name.startswith(("aux", "AuxLogits"))}

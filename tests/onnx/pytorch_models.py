"""Networks of torchvision and timm: one of each family, small, by name, with the shape of its input; and random weights with
which what any layer computes shows in the result."""
import timm
import torch
import torchvision
from torch import nn

# By timm's names, at the sizes of square images. Each stands for what its family alone has.
TIMM = {
    64: """cpubone_nano cspdarknet53 cspresnext50 cs3darknet_focus_s cs3sedarknet_l cspnext_tiny darknet17 convmixer_1024_20_ks9_p14
        convnext_atto convnextv2_atto convnext_zepto_rms csatv2 densenetblur121d dla34 dla60_res2net dpn48b dpn68b edgenext_xx_small
        efficientnet_lite0 tf_efficientnet_b0 tf_efficientnet_es efficientnet_b0_gn
        efficientvit_b0 fasternet_t0 fastvit_t8 fbnetc_100 gernet_s ghostnet_050 ghostnetv2_100 ghostnetv3_050
        hardcorenas_a hgnet_tiny hgnetv2_b0 hrnet_w18_small inception_next_atto lcnet_050 lcnetv2_small mambaout_femto
        mixnet_s tf_mixnet_s mnasnet_small semnasnet_050 spnasnet_100 mobilenet_edgetpu_v2_xs mobilenetv1_100 mobilenetv2_035
        mobilenetv3_small_050 mobilenetv4_conv_small_035 mobilenetv4_conv_blur_medium mobileone_s0 poolformer_s12 poolformerv2_s12
        convformer_s18 nf_regnet_b0 nf_ecaresnet26 eca_nfnet_l0 dm_nfnet_f0 rdnet_tiny regnetx_002 regnety_002 regnetz_005
        regnetz_b16 repghostnet_050 repvgg_a0 repvit_m0_9 res2net50_14w_8s res2next50 resnest14d resnet10t
        resnet51q resnetaa34d resnetblur18 ecaresnet26t seresnext26t_32x4d gcresnext26ts resnet50_gn resnetv2_18
        resnetv2_50x1_bit rexnet_100 rexnetr_100 selecsls42 legacy_seresnet18 skresnet18 starnet_s050 swiftformer_xs
        tinynet_e tresnet_m vovnet39a ese_vovnet19b_dw xception41p xception41 mobilevit_xxs mobilevitv2_050
        lambda_resnet26t""",
    # Of less, the last maps have so few pixels that a channel may hardly vary, and its rounding errors are made large.
    128: "fbnetv3_b regnetv_040 tf_efficientnetv2_b0",
    192: "efficientnetv2_rw_t",
    96: "inception_v4 inception_resnet_v2 legacy_xception pnasnet5large nasnetalarge",
}

# Of attention, as far as they go: by timm's names, at sizes that their windows allow.
ATTENTION = {224: "swin_tiny_patch4_window7_224 visformer_tiny vit_tiny_patch16_224 deit_tiny_patch16_224 levit_128s"}


def classifier(name, **keywords):
    return lambda: getattr(torchvision.models, name)(weights=None, **keywords)


class Values(nn.Module):
    """A function of a model whose results are tensors, in the order of their names where it gives a dict of them."""

    def __init__(self, model, function=None):
        super().__init__()
        self.model = model
        self.function = function or (lambda model, x: model(x))

    def forward(self, x):
        found = self.function(self.model, x)
        return tuple(found.values()) if isinstance(found, dict) else found


def segmentation(name):
    return lambda: Values(getattr(torchvision.models.segmentation, name)(weights=None, weights_backbone=None, num_classes=5))


def detector(name):
    """The maps of a detector's heads, before boxes are decoded and chosen."""
    def heads(model, x):
        features = model.backbone(x)
        return model.head([features] if isinstance(features, torch.Tensor) else list(features.values()))

    return lambda: Values(getattr(torchvision.models.detection, name)(weights=None, weights_backbone=None, num_classes=5), heads)


def video(name):
    return lambda: getattr(torchvision.models.video, name)(weights=None)


TORCHVISION = {
    "alexnet": (classifier("alexnet"), (3, 224, 224)),
    "vgg11_bn": (classifier("vgg11_bn"), (3, 224, 224)),
    "squeezenet1_1": (classifier("squeezenet1_1"), (3, 64, 64)),
    "resnet18": (classifier("resnet18"), (3, 64, 64)),
    "resnext50_32x4d": (classifier("resnext50_32x4d"), (3, 64, 64)),
    "wide_resnet50_2": (classifier("wide_resnet50_2"), (3, 64, 64)),
    "densenet121": (classifier("densenet121"), (3, 64, 64)),
    "googlenet": (classifier("googlenet", init_weights=False), (3, 64, 64)),
    "inception_v3": (classifier("inception_v3", init_weights=False), (3, 96, 96)),
    "shufflenet_v2_x0_5": (classifier("shufflenet_v2_x0_5"), (3, 64, 64)),
    "mobilenet_v2": (classifier("mobilenet_v2"), (3, 64, 64)),
    "mobilenet_v3_small": (classifier("mobilenet_v3_small"), (3, 64, 64)),
    "mnasnet0_5": (classifier("mnasnet0_5"), (3, 64, 64)),
    "efficientnet_b0": (classifier("efficientnet_b0"), (3, 128, 128)),
    "efficientnet_v2_s": (classifier("efficientnet_v2_s"), (3, 192, 192)),
    "regnet_x_400mf": (classifier("regnet_x_400mf"), (3, 64, 64)),
    "regnet_y_400mf": (classifier("regnet_y_400mf"), (3, 64, 64)),
    "convnext_tiny": (classifier("convnext_tiny"), (3, 64, 64)),
    "fcn_resnet50": (segmentation("fcn_resnet50"), (3, 64, 64)),
    "deeplabv3_mobilenet_v3_large": (segmentation("deeplabv3_mobilenet_v3_large"), (3, 64, 64)),
    "lraspp_mobilenet_v3_large": (segmentation("lraspp_mobilenet_v3_large"), (3, 64, 64)),
    "ssd300_vgg16": (detector("ssd300_vgg16"), (3, 300, 300)),
    "ssdlite320_mobilenet_v3_large": (detector("ssdlite320_mobilenet_v3_large"), (3, 128, 128)),
    "retinanet_resnet50_fpn": (detector("retinanet_resnet50_fpn"), (3, 64, 64)),
    "fcos_resnet50_fpn": (detector("fcos_resnet50_fpn"), (3, 64, 64)),
    "r3d_18": (video("r3d_18"), (3, 4, 32, 32)),
    "mc3_18": (video("mc3_18"), (3, 4, 32, 32)),
    "swin_t": (classifier("swin_t"), (3, 64, 64)),
    "swin_v2_t": (classifier("swin_v2_t"), (3, 64, 64)),
    "maxvit_t": (classifier("maxvit_t"), (3, 224, 224)),
}


def by_timm(names, size):
    return {name: (lambda name=name: timm.create_model(name), (3, size, size)) for name in names.split()}


MODELS = {**TORCHVISION, **{name: made for sizes in (TIMM, ATTENTION) for size, names in sizes.items()
                            for name, made in by_timm(names, size).items()}}


def vary(parameter):
    """What says nothing, as new parameters do: ones and zeros, and weights so small that what their layer computes hides
    behind what it is added to."""
    usual = parameter[0].numel() ** -0.5 if parameter.dim() > 1 else 0.3
    is_constant = bool((parameter == parameter.flatten()[0]).all())
    if is_constant and parameter.flatten()[0] > 0.5:
        parameter.uniform_(0.5, 1.5)
    elif is_constant:
        parameter.normal_(0, usual)
    elif parameter.dim() > 1 and parameter.std() < 0.3 * usual:
        parameter.mul_(usual / parameter.std())


def calibrate(norm, inputs):
    """Statistics that keep values at one size. Only a part of the mean is taken off: else what all elements have in common
    goes, and what little is left grows with its rounding errors; nor is a channel that varies little made large."""
    axes = [0, *range(2, inputs[0].dim())]
    mean, square = inputs[0].mean(axes), inputs[0].square().mean(axes)
    norm.running_mean.copy_(mean / 4)
    norm.running_var.copy_(square - mean.square() * 7 / 16 + square.mean() / 4)


def random_model(name):
    """The model with seeded weights, ready to be evaluated, and the shape of its input."""
    torch.manual_seed(1)
    make, shape = MODELS[name]
    model = make().eval()
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    with torch.no_grad():
        for parameter in model.parameters():
            vary(parameter)
        hooks = [norm.register_forward_pre_hook(calibrate) for norm in norms if norm.running_mean is not None]
        model(torch.randn(4, *shape))
        for hook in hooks:
            hook.remove()
    return model, shape

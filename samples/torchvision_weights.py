#!/usr/bin/env python3
"""torchvision's trained weights of a network, as a file that cnnc reads:

    python3 torchvision_weights.py resnet18        # writes resnet18.safetensors
    cnnc resnet/resnet18.dsl --weights resnet18.safetensors -o resnet18.a

Needs PyTorch and torchvision (Debian: python3-torchvision), and the network, from which torchvision loads them."""
import sys
from pathlib import Path

import torchvision

sys.path.insert(0, str(Path(__file__).resolve().parent / "common"))
from formats import write_safetensors  # noqa: E402

name = sys.argv[1]
models = torchvision.models.video if hasattr(torchvision.models.video, name) else torchvision.models
state = getattr(models, name)(weights="DEFAULT").state_dict()
heads_for_training = ("aux", "AuxLogits")  # of GoogLeNet and Inception-v3


def adapted(key, value):
    """ConvNeXt's dense layers of each pixel are convs of 1 x 1 in the text, its scales of each channel a constant."""
    if name.startswith("convnext") and key.endswith("layer_scale"):
        return f"{key}.value", value
    if name.startswith("convnext") and ".block." in key and value.dim() == 2:
        return key, value[:, :, None, None]
    return key, value


write_safetensors(Path(f"{name}.safetensors"),
                  dict(adapted(k, v) for k, v in state.items() if not k.startswith(heads_for_training)))

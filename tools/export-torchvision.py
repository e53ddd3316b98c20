"""Exports torchvision's classifiers with random weights as ONNX files, by both of PyTorch's exporters, and notes what
ONNX Runtime computes with each on one random input. tools/compare-torchvision.ts then asks Fovea the same.

python tools/export-torchvision.py FOLDER [PATTERN]

FOLDER gets NAME/model.onnx (with model.onnx.data beside it where the exporter writes that), NAME/x.npy (channels last, as
Fovea takes images) and NAME/y.npy. PATTERN is a regular expression for NAME, e.g. '^swin_t-torchscript-17'. A file that is
there already is not made again. Needs torch, torchvision, onnx, onnxscript and onnxruntime; the exported files are large and
are not committed.
"""

import logging
import pathlib
import re
import sys
import warnings

import numpy as np
import onnxruntime
import torch

try:
    import torchvision
except RuntimeError:
    # A build of torchvision for another kind of processor lacks its compiled operators, which no classifier uses.
    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    import torchvision
from torchvision import models
from torchvision.models.swin_transformer import SwinTransformer
from torchvision.models.vision_transformer import VisionTransformer

CLASSES = 20


def small_vit(**_):
    return VisionTransformer(image_size=64, patch_size=16, num_layers=3, num_heads=4, hidden_dim=64, mlp_dim=128, num_classes=CLASSES)


def small_swin(**_):
    return SwinTransformer([4, 4], 32, [2, 2, 2], [2, 4, 8], [4, 4], num_classes=CLASSES)


# Networks to export, and the side of their images.
NETWORKS = {
    "vit_small": (small_vit, 64),
    "swin_small": (small_swin, 64),
    "convnext_tiny": (models.convnext_tiny, 64),
    "resnet18": (models.resnet18, 64),
    "squeezenet1_1": (models.squeezenet1_1, 64),
    "shufflenet_v2_x0_5": (models.shufflenet_v2_x0_5, 64),
    "mobilenet_v2": (models.mobilenet_v2, 64),
    "mobilenet_v3_small": (models.mobilenet_v3_small, 64),
    "mobilenet_v3_large": (models.mobilenet_v3_large, 64),
    "efficientnet_b0": (models.efficientnet_b0, 64),
    "densenet121": (models.densenet121, 64),
    "googlenet": (lambda **options: models.googlenet(aux_logits=False, init_weights=True, **options), 64),
    "mnasnet0_5": (models.mnasnet0_5, 64),
    "regnet_y_400mf": (models.regnet_y_400mf, 64),
    # Networks in their published size.
    "vit_b_16": (models.vit_b_16, 224),
    "swin_t": (models.swin_t, 224),
    # Others that torchvision has.
    "alexnet": (models.alexnet, 96),
    "vgg11_bn": (models.vgg11_bn, 64),
    "inception_v3": (lambda **options: models.inception_v3(aux_logits=False, init_weights=True, **options), 96),
    "efficientnet_v2_s": (models.efficientnet_v2_s, 64),
    "regnet_x_400mf": (models.regnet_x_400mf, 64),
    "resnext50_32x4d": (models.resnext50_32x4d, 64),
    "swin_v2_t": (models.swin_v2_t, 64),
    "maxvit_t": (lambda **options: models.maxvit_t(input_size=(224, 224), **options), 224),
}
# Exporter, operator set, and True for an open batch.
VARIANTS = [
    ("torchscript", 9, True),
    ("torchscript", 11, False),
    ("torchscript", 13, True),
    ("torchscript", 17, False),
    ("torchscript", 17, True),
    ("torchscript", 20, True),
    ("dynamo", 18, False),
    ("dynamo", 18, True),
    ("dynamo", 20, True),
]
LARGE = {"vit_b_16", "swin_t"}
MORE = {"alexnet", "vgg11_bn", "inception_v3", "efficientnet_v2_s", "regnet_x_400mf", "resnext50_32x4d", "swin_v2_t", "maxvit_t"}
ONLY = {("torchscript", 17, True), ("dynamo", 18, True)}


def images(count, side, generator):
    """Images that differ in colour and in large patterns, with noise: pure noise is the same to a network on average."""
    patterns = torch.nn.functional.interpolate(torch.randn((count, 3, 5, 5), generator=generator), size=(side, side), mode="bilinear")
    colours = torch.randn((count, 3, 1, 1), generator=generator)
    return patterns + colours + 0.3 * torch.randn((count, 3, side, side), generator=generator)


def settle(module, arguments):
    """Makes the statistics of a batch normalization those of what it is given, as training would."""
    module.running_mean.copy_(arguments[0].mean((0, 2, 3)))
    module.running_var.copy_(arguments[0].var((0, 2, 3)))


@torch.no_grad()
def awake(network, side):
    """Random weights with which activations neither vanish nor grow, and images are told apart: statistics of batch
    normalization as the data have them, offsets that are not zero, scales of layers (ConvNeXt) and tokens that count."""
    generator = torch.Generator().manual_seed(7)
    for name, parameter in network.named_parameters():
        if parameter.ndim == 1 or any(word in name for word in ("layer_scale", "token", "bias_table", "pos_embedding")):
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
        if "layer_scale" in name:
            parameter.add_(0.5)
    network.eval()
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    hooks = [module.register_forward_pre_hook(settle) for module in norms]
    network(images(8, side, generator))
    for hook in hooks:
        hook.remove()
    last = [module for module in network.modules() if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d))][-1]
    if not last.weight.any():
        last.weight.normal_(std=0.05, generator=generator)
    # Images are told apart by as much as the outputs are large, so that a mistake inside shows.
    last.weight.mul_(1 / network(images(8, side, generator)).std(0).mean())
    return network


def export(network, x, path, exporter, opset, dynamic):
    path.parent.mkdir(parents=True, exist_ok=True)
    names = {"input_names": ["x"], "output_names": ["y"], "opset_version": opset}
    if exporter == "torchscript":
        axes = {"dynamic_axes": {"x": {0: "batch"}, "y": {0: "batch"}}} if dynamic else {}
        torch.onnx.export(network, (x,), str(path), dynamo=False, **names, **axes)
    else:
        shapes = {"dynamic_shapes": ({0: torch.export.Dim("batch", min=1, max=64)},)} if dynamic else {}
        torch.onnx.export(network, (x,), str(path), dynamo=True, **names, **shapes)


def main(folder, pattern="."):
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    for key, (make, side) in NETWORKS.items():
        wanted = [(variant, f"{key}-{variant[0]}-{variant[1]}-{'dynamic' if variant[2] else 'static'}") for variant in VARIANTS]
        wanted = [(variant, name) for variant, name in wanted if re.search(pattern, name) and (key not in LARGE | MORE or variant in ONLY)]
        wanted = [(variant, name) for variant, name in wanted if not (folder / name / "y.npy").exists()]
        if not wanted:
            continue
        torch.manual_seed(3)
        options = {} if key in LARGE else {"num_classes": CLASSES}
        network = awake(make(weights=None, **options) if key not in ("vit_small", "swin_small") else make(), side)
        for (exporter, opset, dynamic), name in wanted:
            x = images(3 if dynamic else 2, side, torch.Generator().manual_seed(11))
            path = folder / name / "model.onnx"
            try:
                export(network, x, path, exporter, opset, dynamic)
                session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
                y = session.run(None, {session.get_inputs()[0].name: x.numpy()})[0]
            except Exception as error:  # The exporter's limits are not ours.
                (folder / name / "refused.txt").write_text(str(error)[:300])
                print(f"{name}: not exported: {str(error).splitlines()[0][:120]}", flush=True)
                continue
            np.save(folder / name / "x.npy", np.ascontiguousarray(x.numpy().transpose(0, 2, 3, 1)))
            np.save(folder / name / "y.npy", y.astype(np.float32))
            print(f"{name}: outputs up to {np.abs(y).max():.3g}, apart by {y.std(0).mean():.2g}", flush=True)


main(pathlib.Path(sys.argv[1]), *sys.argv[2:3])

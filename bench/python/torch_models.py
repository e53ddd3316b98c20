"""The networks in PyTorch, as src/applications has them. Images are NCHW, 0 to 255."""

import torch
from torch import nn


class Rescale(nn.Module):
    def forward(self, x):
        return x / 255


def cnn(image, classes):
    height, width, channels = image
    features = 64 * (height // 16) * (width // 16)
    return nn.Sequential(
        Rescale(),
        nn.Conv2d(channels, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4),
        nn.Flatten(), nn.Linear(features, 64), nn.ReLU(), nn.Linear(64, classes),
    )  # fmt: skip


def lenet5(image, classes):
    return nn.Sequential(
        Rescale(),
        nn.Conv2d(image[2], 6, 5, padding=2 if image[0] == 28 else 0), nn.Tanh(), nn.AvgPool2d(2), nn.Tanh(),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Tanh(),
        nn.Conv2d(16, 120, 5), nn.Tanh(),
        nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, classes),
    )  # fmt: skip


def alexnet(image, classes):
    return nn.Sequential(
        Rescale(),
        nn.Conv2d(image[2], 96, 11, stride=4), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(9216, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, classes),
    )  # fmt: skip


class Block(nn.Module):
    def __init__(self, layers, residual):
        super().__init__()
        self.layers, self.residual = nn.Sequential(*layers), residual

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


def mobilenet_v2(image, classes, batch_norm):
    """With `batch_norm` for fine-tuning; without, its scale and shift are folded into weights and biases."""

    def convolution(cin, cout, size, stride, groups=1):
        layers = [nn.Conv2d(cin, cout, size, stride, size // 2, groups=groups, bias=not batch_norm)]
        return layers + ([nn.BatchNorm2d(cout)] if batch_norm else [])

    layers = [*convolution(image[2], 32, 3, 2), nn.ReLU6()]
    cin = 32
    for expansion, cout, repeats, stride in [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]:  # fmt: skip
        for i in range(repeats):
            step, wide = (stride if i == 0 else 1), cin * expansion
            block = [] if expansion == 1 else [*convolution(cin, wide, 1, 1), nn.ReLU6()]
            block += [*convolution(wide, wide, 3, step, wide), nn.ReLU6(), *convolution(wide, cout, 1, 1)]
            layers.append(Block(block, step == 1 and cin == cout))
            cin = cout
    layers += [*convolution(cin, 1280, 1, 1), nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(1280, classes))


class Residual(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(cin, cout, 3, stride, 1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(),
            nn.Conv2d(cout, cout, 3, 1, 1, bias=False), nn.BatchNorm2d(cout),
        )  # fmt: skip
        self.shortcut = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        return torch.relu(self.shortcut(x) + self.path(x))


def resnet20(image, classes):
    layers = [Rescale(), nn.Conv2d(image[2], 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    cin = 16
    for cout in (16, 32, 64):
        for i in range(3):
            layers.append(Residual(cin, cout, 2 if cout > 16 and i == 0 else 1))
            cin = cout
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, classes))


class UNet(nn.Module):
    """Pairs of convolutions of 16 to 128 filters on four scales; rows and columns doubled on the way up."""

    def __init__(self, image, classes):
        super().__init__()
        filters = (16, 32, 64, 128)

        def pair(cin, cout):
            return nn.Sequential(
                nn.Conv2d(cin, cout, 3, padding=1), nn.ReLU(), nn.Conv2d(cout, cout, 3, padding=1), nn.ReLU()
            )  # fmt: skip

        self.down = nn.ModuleList(pair(a, b) for a, b in zip((image[2], *filters), filters))
        self.up = nn.ModuleList(pair(a + b, b) for a, b in zip(filters[:0:-1], filters[-2::-1]))
        self.head = nn.Conv2d(16, classes, 1)

    def forward(self, x):
        x, kept = x / 255, []
        for i, pair in enumerate(self.down):
            x = pair(x if i == 0 else torch.nn.functional.max_pool2d(x, 2))
            kept.append(x)
        for pair, other in zip(self.up, kept[-2::-1]):
            x = pair(torch.cat([torch.nn.functional.interpolate(x, scale_factor=2), other], 1))
        return self.head(x)


class Head(nn.Module):
    """A new layer on MobileNetV2 whose own weights do not learn."""

    def __init__(self, image, classes):
        super().__init__()
        self.base = mobilenet_v2(image, 1, batch_norm=False)[:-1].requires_grad_(False)
        self.head = nn.Linear(1280, classes)

    def forward(self, x):
        with torch.no_grad():
            features = self.base(x)
        return self.head(features)


def build(spec):
    torch.manual_seed(0)
    if spec["task"] == "head":
        model = Head(spec["image"], spec["classes"])
    elif spec["model"] == "mobilenet_v2":
        model = mobilenet_v2(spec["image"], spec["classes"], batch_norm=spec["task"] == "train")
    else:
        models = {"cnn": cnn, "lenet5": lenet5, "alexnet": alexnet, "resnet20": resnet20, "unet": UNet}
        model = models[spec["model"]](spec["image"], spec["classes"])
    for layer in model.modules():
        # PyTorch's own initialization lets activations fade, in deep networks towards denormal numbers.
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return model


def images(spec):
    height, width, channels = spec["image"]
    x = torch.rand(spec["batch"], channels, height, width)
    return 2 * x - 1 if spec["model"] == "mobilenet_v2" else 255 * x

"""Writes test/formats/fixtures/torch.onnx: a small residual network as PyTorch's exporter writes it, with the shape
arithmetic of `x.view(x.size(0), -1)`, and what PyTorch computes with it.

python tools/torch-onnx-fixtures.py

Needs torch (2.13 was used) and onnx.
"""

import json
import pathlib

import numpy as np
import torch
from torch import nn

OUT = pathlib.Path(__file__).parent.parent / "test" / "formats" / "fixtures"


class Block(nn.Module):
    def __init__(self, channels, stride=1):
        super().__init__()
        out = channels * stride
        self.first = nn.Sequential(nn.Conv2d(channels, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out))
        self.second = nn.Sequential(nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out))
        self.around = nn.Conv2d(channels, out, 1, stride) if stride > 1 else nn.Identity()

    def forward(self, x):
        return torch.relu(self.second(torch.relu(self.first(x))) + self.around(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 5, 2, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.blocks = nn.Sequential(Block(4), Block(4, 2), nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.SiLU())
        self.head = nn.Linear(8 * 3 * 2, 5)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.head(x.view(x.size(0), -1))


torch.manual_seed(1)
net = Net().eval()
x = torch.randn(2, 3, 20, 16)
with torch.no_grad():
    y = net(x)
torch.onnx.export(net, (x,), str(OUT / "torch.onnx"), input_names=["x"], dynamo=False, dynamic_axes={"x": {0: "batch"}})
expected = {"x": np.moveaxis(x.numpy(), 1, 3).ravel().tolist(), "y": y.numpy().ravel().tolist()}
(OUT / "torch.json").write_text(json.dumps(expected))
print(expected["y"])

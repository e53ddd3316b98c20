"""Writes a network with made-up weights as ONNX to the path in the spec, for exactly its batch and images."""

from measure import read_spec

import torch
from torch_models import build, images

spec = read_spec()
torch.onnx.export(
    build(spec).eval(), images(spec), spec["onnx"], input_names=["x"], output_names=["y"], opset_version=17, dynamo=False
)

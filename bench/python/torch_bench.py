"""Measures PyTorch: as installed, or tuned with channels_last, foreach Adam and the environment of runners.ts."""

from measure import answer, measure, read_spec  # First: it starts the clock.

import torch
from torch_models import build, images

spec = read_spec()
model, x = build(spec), images(spec)
if spec["tuned"]:
    model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)


def predict():
    with torch.inference_mode():
        return model(x)


def trainer():
    pixels = spec["image"][:2] if spec["model"] == "unet" else []
    labels = torch.randint(spec["classes"], (spec["batch"], *pixels))
    # Fine-tuning leaves batch norm's statistics alone.
    model.train(spec["model"] != "mobilenet_v2")
    rate = 1e-5 if spec["model"] == "mobilenet_v2" else 1e-3
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, eps=1e-7, **({"foreach": True} if spec["tuned"] else {}))

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


if spec["task"] == "infer":
    model.eval()
    answer(measure(spec, predict))
else:
    answer(measure(spec, trainer()))

"""Oracle values for the head of Lite R-ASPP: torchvision's own, in float64, with weights and maps by one formula.

    python tools/lraspp-fixtures.py > test/applications/fixtures/lraspp.json
"""
import json

import torch
from torch.nn import functional

# Importing torchvision wants operators of it that are not needed here and may not load.
library = torch.library.Library("torchvision", "DEF")
for operator in ("nms", "qnms"):
    library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
from torchvision.models.segmentation.lraspp import LRASPPHead  # noqa: E402

LOW, HIGH, CLASSES, IMAGE = (4, 2, 3), (5, 1, 2), 2, (16, 24)


def formula(k, *axes):
    """0.4 sin(0.7 a + 1.3 b + 0.9 c + k) over the indices of the axes."""
    grids = torch.meshgrid(*(torch.arange(n, dtype=torch.float64) for n in axes), indexing="ij")
    factors = (0.7, 1.3, 0.9)
    return 0.4 * torch.sin(sum(f * g for f, g in zip(factors, grids)) + k)


head = LRASPPHead(LOW[0], HIGH[0], CLASSES, 128).double().eval()
conv, norm = head.cbr[0], head.cbr[1]
with torch.no_grad():
    for k, layer in enumerate((conv, head.scale[1], head.low_classifier, head.high_classifier)):
        layer.weight.copy_(formula(k, *layer.weight.shape[:2])[:, :, None, None])
        if layer.bias is not None:
            layer.bias.copy_(formula(k + 10, CLASSES))
    norm.weight.copy_(1 + formula(20, 128))
    norm.bias.copy_(formula(21, 128))
    norm.running_mean.copy_(formula(22, 128))
    norm.running_var.copy_(0.5 + formula(23, 128))
    maps = {"low": formula(30, *LOW)[None], "high": formula(31, *HIGH)[None]}
    logits = functional.interpolate(head(maps), size=IMAGE, mode="bilinear", align_corners=False)

print(
    json.dumps(
        {
            "low": LOW,
            "high": HIGH,
            "imageSize": IMAGE,
            "classes": CLASSES,
            "logits": [round(value, 6) for value in logits[0].permute(1, 2, 0).flatten().tolist()],
        }
    )
)

"""Exports an SSDlite of torchvision with random weights, and compares Fovea's boxes with torchvision's and ONNX Runtime's.

    python tools/compare-ssdlite.py make FOLDER PHOTO...
    fovea predict FOLDER/ssdlite.onnx PHOTO... --score 0.3 --json > FOLDER/answers.json
    python tools/compare-ssdlite.py compare FOLDER

`make` writes ssdlite.onnx, the whole model with its sorting and suppression, and expected.json. Batch normalisations get the statistics of
the photos, and weights of the heads are drawn wide, so that scores differ from place to place and from photo to photo. Photos are stretched to 320 x 320 by Pillow's bilinear filter, as `predict` does it. Needs torch, torchvision, onnx,
onnxruntime and Pillow; where torchvision's compiled operators do not load, its suppression is done in Python.
"""
import json
import pathlib
import sys
import warnings

import numpy as np
import torch
from PIL import Image

SIDE, CLASSES = 320, 5
SCORES = 0.3


def suppressed(boxes: torch.Tensor, scores: torch.Tensor, overlap: float) -> torch.Tensor:
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    rest = torch.sort(scores, descending=True, stable=True)[1]
    kept = []
    while len(rest):
        first, rest = rest[0], rest[1:]
        kept.append(int(first))
        low, high = torch.maximum(boxes[first, :2], boxes[rest, :2]), torch.minimum(boxes[first, 2:], boxes[rest, 2:])
        shared = (high - low).clamp(min=0).prod(1)
        # Boxes without an area have no overlap, not even with each other.
        rest = rest[~(shared / (area[first] + area[rest] - shared) > overlap)]
    return torch.tensor(kept, dtype=torch.long)


def available():
    pass


def detectors():
    try:
        import torchvision

        torchvision.ops.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
    except RuntimeError:
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.impl("nms", suppressed, "CPU")
        import torchvision

        torchvision.ops.boxes._assert_has_ops = available
        torchvision.kept = library
    return torchvision.models.detection


def stretched(name: str) -> tuple[Image.Image, np.ndarray]:
    photo = Image.open(name).convert("RGB")
    x = np.asarray(photo.resize((SIDE, SIDE), Image.BILINEAR), np.float32).transpose(2, 0, 1)[None] / 255
    return photo, x


def normalized(model: torch.nn.Module, batch: torch.Tensor) -> None:
    """Without statistics of its own a network of random weights says the same of every photo."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
            module.reset_running_stats()
    model.train()
    with torch.no_grad():
        for _ in range(3):
            model.head(list(model.backbone(model.transform(list(batch))[0].tensors).values()))
    model.eval()


def make(folder: pathlib.Path, photos: list[str]) -> None:
    import onnxruntime

    folder.mkdir(parents=True, exist_ok=True)
    models = detectors()
    torch.manual_seed(3)
    model = models.ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=CLASSES).eval()
    for name, weight in model.named_parameters():
        if name.startswith("head"):
            weight.data = torch.randn_like(weight) * 0.2
    normalized(model, torch.from_numpy(np.concatenate([stretched(name)[1] for name in photos])))
    blank = torch.rand(1, 3, SIDE, SIDE)
    path = folder / "ssdlite.onnx"
    torch.onnx.export(model, (blank,), path, dynamo=False, opset_version=17, input_names=["images"],
                      output_names=["boxes", "scores", "labels"])
    session = onnxruntime.InferenceSession(str(path))
    expected = {}
    for name in photos:
        photo, x = stretched(name)
        with torch.no_grad():
            own = [model(torch.from_numpy(x))[0][key].numpy() for key in ("boxes", "scores", "labels")]
        sides = np.array([photo.width, photo.height] * 2) / SIDE
        told = []
        for boxes, scores, labels in (own, session.run(None, {"images": x})):
            told.append([[int(c), float(s), (b * sides).tolist()] for b, s, c in zip(boxes, scores, labels) if s >= SCORES])
        expected[name] = {"torchvision": told[0], "onnxruntime": told[1]}
    (folder / "expected.json").write_text(json.dumps(expected))


def compare(folder: pathlib.Path) -> None:
    expected = json.loads((folder / "expected.json").read_text())
    answers = json.loads((folder / "answers.json").read_text())["predictions"]
    for program in ("torchvision", "onnxruntime"):
        count = wrong = 0
        pixels = scores = 0.0
        for answer in answers:
            theirs, ours = expected[answer["image"]][program], answer["boxes"]
            count += len(theirs)
            left = [(mine["label"], mine["score"], mine["box"]) for mine in ours]
            for label, score, (a, b, c, d) in theirs:
                # Scores that are equal but for their last digits come in any order.
                like = [one for one in left if one[0] == str(label) and abs(one[1] - score) < 1e-4]
                far = lambda one: max(abs(x - y) for x, y in zip(one[2], (a, b, c - a, d - b)))
                mine = min(like, key=far, default=None)
                if mine is None:
                    wrong += 1
                    continue
                left.remove(mine)
                scores, pixels = max(scores, abs(mine[1] - score)), max(pixels, far(mine))
            wrong += len(left)
        facts = {"photos": len(answers), "boxes": count, "wrong": wrong, "pixels": round(pixels, 5), "scores": scores}
        print(program, json.dumps(facts))


warnings.simplefilter("ignore")
if sys.argv[1] == "make":
    make(pathlib.Path(sys.argv[2]), sys.argv[3:])
else:
    compare(pathlib.Path(sys.argv[2]))

"""PyTorch detectors trained on a folder with boxes.csv beside Train and Test, for as long as Fovea's: torchvision's SSDlite320 with
MobileNetV3 (random weights), or the network of --model ttfnet with the same loss. Prints pycocotools' figures of Test.

    python tools/compare-detectors.py FOLDER --model ssdlite|ttfnet [--seconds 480] [--size 192] [--batch 16] [--rate 0.002]
           [--images N]

Time is that of the processor, user and system, over two cores; only training counts. Run it on a machine that is quiet: threads of
PyTorch that wait for one another spin, and their waiting counts.
The rate falls along a cosine over that time after a short rise. Images are read before.
"""
import argparse
import contextlib
import csv
import io
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torch import nn

try:
    import torchvision
except RuntimeError:
    # A torchvision built for another PyTorch lacks its compiled operators; of these only suppression is called, after training.
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

    def suppressed(boxes, scores, threshold):
        left, top, right, bottom = boxes.numpy().T
        area = (right - left) * (bottom - top)
        order, kept = np.argsort(-scores.numpy(), kind="stable"), []
        while len(order):
            first, rest = order[0], order[1:]
            kept.append(first)
            wide = np.minimum(right[first], right[rest]) - np.maximum(left[first], left[rest])
            high = np.minimum(bottom[first], bottom[rest]) - np.maximum(top[first], top[rest])
            shared = wide.clip(0) * high.clip(0)
            order = rest[shared <= threshold * (area[first] + area[rest] - shared)]
        return torch.tensor(np.array(kept, dtype=np.int64))

    library.impl("nms", suppressed, "CPU")
    import torchvision

    torchvision.ops.boxes._assert_has_ops = lambda: None

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--model", default="ssdlite")
parser.add_argument("--seconds", type=float, default=480)
parser.add_argument("--size", type=int, default=192)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--rate", type=float, default=2e-3)
parser.add_argument("--images", type=int, default=10**9)
parser.add_argument("--seed", type=int, default=1)
wish = parser.parse_args()
torch.manual_seed(wish.seed)
torch.set_num_threads(2)
rng = np.random.default_rng(wish.seed)


def read(folder):
    """Images as grey arrays, with boxes as left, top, right, bottom in pixels and classes; by part."""
    objects = {}
    for row in csv.DictReader(open(Path(folder) / "boxes.csv", encoding="utf-8")):
        found = objects.setdefault(row["file"], [])
        if row["label"]:
            found.append((row["label"], *(float(row[key]) for key in ("xmin", "ymin", "xmax", "ymax"))))
    names = sorted({label for found in objects.values() for label, *_ in found})
    parts = {"Train": [], "Test": []}
    for file, found in objects.items():
        picture = np.asarray(Image.open(Path(folder) / file).convert("L"), dtype=np.float32)
        boxes = np.array([box for _, *box in found], dtype=np.float32).reshape(-1, 4)
        parts[file.split("/")[0]].append((picture, boxes, np.array([names.index(label) for label, *_ in found])))
    return names, parts


names, parts = read(wish.folder)
train = [parts["Train"][i] for i in rng.permutation(len(parts["Train"]))][: wish.images]
test = parts["Test"]
classes = len(names)


def varied(sample):
    """A mirrored, shifted, scaled and brightened or darkened image with its boxes, on a square of the wished size."""
    picture, boxes, labels = sample
    boxes = boxes.copy()
    height, width = picture.shape
    for axis in (0, 1):
        if rng.random() < 0.5:
            picture = np.flip(picture, axis)
            low, high, side = (1, 3, height) if axis == 0 else (0, 2, width)
            boxes[:, [low, high]] = side - boxes[:, [high, low]]
    scale = rng.uniform(0.9, 1.1, 2)
    shift = rng.uniform(-0.08, 0.08, 2)
    theta = torch.tensor([[[1 / scale[0], 0, -2 * shift[0] / scale[0]], [0, 1 / scale[1], -2 * shift[1] / scale[1]]]])
    grid = F.affine_grid(theta.float(), (1, 1, wish.size, wish.size), align_corners=False)
    pixels = torch.from_numpy(np.ascontiguousarray(picture))[None, None]
    x = F.grid_sample(pixels, grid, padding_mode="border", align_corners=False)[0]
    x = (x - x.mean()) * rng.uniform(0.8, 1.2) + x.mean() + rng.uniform(-25, 25)
    sides = np.array([width, height, width, height])
    # Of the places in shares of the image: the middle stays, and places move by the shift.
    moved = ((boxes / sides - 0.5) * np.tile(scale, 2) + 0.5 + np.tile(shift, 2)).astype(np.float32)
    cut = moved.clip(0, 1)
    area = lambda b: (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
    kept = area(cut) > 0.3 * area(moved)
    return x.clamp(0, 255), torch.from_numpy(cut[kept]), torch.from_numpy(labels[kept])


def resized(picture):
    return torch.from_numpy(np.asarray(Image.fromarray(picture.astype(np.uint8)).resize((wish.size, wish.size), Image.LANCZOS), dtype=np.float32))[None]


class Block(nn.Sequential):
    def __init__(self, before, filters, stride=1):
        conv = nn.Conv2d(before, filters, 3, stride, 1, bias=False)
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        super().__init__(conv, nn.BatchNorm2d(filters, 1e-3, 0.1), nn.ReLU())


class TtfNet(nn.Module):
    """Fovea's --model ttfnet."""

    FILTERS, BLOCKS, NECK = (16, 32, 64, 128), (1, 2, 2, 3), 32

    def __init__(self):
        super().__init__()
        before, downs = 1, []
        for filters, blocks in zip(self.FILTERS, self.BLOCKS):
            downs.append(nn.Sequential(Block(before, filters, 2), *(Block(filters, filters) for _ in range(blocks - 1))))
            before = filters
        self.downs = nn.ModuleList(downs)
        self.laterals = nn.ModuleList(nn.Conv2d(filters, self.NECK, 1) for filters in self.FILTERS[1:])
        self.features, self.found, self.shaped = (Block(self.NECK, self.NECK) for _ in range(3))
        self.centers, self.boxes = nn.Conv2d(self.NECK, classes, 1), nn.Conv2d(self.NECK, 4, 1)
        for conv in (self.centers, self.boxes):
            nn.init.normal_(conv.weight, std=0.01)
        nn.init.constant_(self.centers.bias, -2.19)
        self.boxes.bias.data = torch.tensor([0.5, 0.5, 1.4, 1.4])

    def forward(self, x):
        x, scales = (x - 120) / 60, []
        for down in self.downs:
            x = down(x)
            scales.append(x)
        merged = self.laterals[2](scales[3])
        for scale in (2, 1):
            merged = F.interpolate(merged, scale_factor=2) + self.laterals[scale - 1](scales[scale])
        features = self.features(merged)
        boxes = self.boxes(self.shaped(features))
        return self.centers(self.found(features)).sigmoid(), torch.cat([boxes[:, :2], boxes[:, 2:].exp()], 1)


def center_points(centers, told, targets):
    """The loss of src/nn/losses/center-points.ts with Fovea's defaults for detection."""
    batch, _, rows, columns = centers.shape
    total, objects = 0, 0
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    for i, (_, boxes, labels) in enumerate(targets):
        near = torch.zeros(classes, rows, columns)
        objects += len(boxes)
        if len(boxes):
            scaled = boxes * torch.tensor([columns, rows, columns, rows])
            center, size = (scaled[:, :2] + scaled[:, 2:]) / 2, scaled[:, 2:] - scaled[:, :2]
            cell = center.floor().clamp(torch.zeros(2), torch.tensor([columns - 1.0, rows - 1.0]))
            bell = lambda deviation: torch.exp(
                -((x - cell[:, 0, None, None]) ** 2) / 2 / deviation[:, 0, None, None] ** 2
                - ((y - cell[:, 1, None, None]) ** 2) / 2 / deviation[:, 1, None, None] ** 2
            )
            for k, heat in zip(labels, bell(0.09 * size + 1 / 6 + (1 / 6 - 0.09) * (size - 4).clamp(min=0))):
                near[k] = torch.maximum(near[k], heat)
            at = cell.long()
            here = told[i][:, at[:, 1], at[:, 0]].T
            total = total + OFFSET * (here[:, :2] - (center - cell)).abs().sum()
            total = total + SIZE * (here[:, 2:].clamp(min=1e-4).log() - size.clamp(min=1e-4).log()).abs().sum()
            bells = bell(size / 6 + 0.25)
            best = bells.max(0)
            own = F.one_hot(best.indices, len(boxes)).permute(2, 0, 1) * (bells > 0.05)
            weight = bells * own
            weight = (weight / weight.sum((1, 2), keepdim=True).clamp(min=1e-4)).sum(0)
            truth = scaled[best.indices].permute(2, 0, 1)
            half = told[i][2:] / 2
            middle = told[i][:2] + torch.stack([x, y])
            low, high = middle - half, middle + half
            inner = (torch.minimum(high, truth[2:]) - torch.maximum(low, truth[:2])).clamp(min=0).prod(0)
            hull = (torch.maximum(high, truth[2:]) - torch.minimum(low, truth[:2])).prod(0)
            union = ((high - low).prod(0) + (truth[2:] - truth[:2]).prod(0) - inner).clamp(min=1e-4)
            total = total + BOX * (weight * (1 - inner / union + (hull - union) / hull.clamp(min=1e-4))).sum()
        p = centers[i].clamp(1e-4, 1 - 1e-4)
        focal = (near - p) ** 2 * (near * p.log() + (1 - near) * (1 - p).log())
        total = total - PEAKS * focal.sum()
    return total / max(objects, 1)


OFFSET, SIZE, BOX, PEAKS = 0.5, 0.5, 2, 1.5


@torch.no_grad()
def found_by_ttfnet(net, x):
    centers, told = net(x)
    peaks = centers * (F.max_pool2d(centers, 3, 1, 1) == centers)
    rows, columns = centers.shape[2:]
    answers = []
    for heat, maps in zip(peaks, told):
        k, y, x = (heat > 0.01).nonzero().T
        w, h = maps[2, y, x], maps[3, y, x]
        middle_x, middle_y = x + maps[0, y, x], y + maps[1, y, x]
        boxes = torch.stack([middle_x - w / 2, middle_y - h / 2, middle_x + w / 2, middle_y + h / 2], 1)
        boxes = boxes / torch.tensor([columns, rows, columns, rows])
        kept = torchvision.ops.batched_nms(boxes, heat[k, y, x], k, 0.5)[:100]
        answers.append((boxes[kept].clamp(0, 1), heat[k, y, x][kept], k[kept]))
    return answers


@torch.no_grad()
def found_by_ssdlite(net, x):
    answers = net(list(x.expand(-1, 3, -1, -1) / 255))
    return [(a["boxes"] / wish.size, a["scores"], a["labels"] - 1) for a in answers]


def steps_of(batch, net):
    """The loss of a batch."""
    samples = [varied(train[i]) for i in batch]
    x = torch.stack([sample[0] for sample in samples])
    if wish.model == "ttfnet":
        return center_points(*net(x), samples)
    targets = [{"boxes": boxes * wish.size, "labels": labels + 1} for _, boxes, labels in samples]
    wide = [bool(((t["boxes"][:, 2:] - t["boxes"][:, :2]) > 1).all()) for t in targets]
    chosen = [i for i, ok in enumerate(wide) if ok]
    return sum(net([x[i].expand(3, -1, -1) / 255 for i in chosen], [targets[i] for i in chosen]).values())


def judged(net, find):
    net.eval()
    truth = {"images": [], "annotations": [], "categories": [{"id": k + 1, "name": name} for k, name in enumerate(names)]}
    found = []
    for at, (picture, boxes, labels) in enumerate(test):
        height, width = picture.shape
        truth["images"].append({"id": at, "width": width, "height": height})
        for (left, top, right, bottom), label in zip(boxes.tolist(), labels.tolist()):
            box = [left, top, right - left, bottom - top]
            one = {"id": len(truth["annotations"]) + 1, "image_id": at, "category_id": label + 1, "bbox": box}
            truth["annotations"].append({**one, "area": box[2] * box[3], "iscrowd": 0})
        for answer in find(net, resized(picture)[None]):
            for (left, top, right, bottom), score, label in zip(*(part.tolist() for part in answer)):
                box = [left * width, top * height, (right - left) * width, (bottom - top) * height]
                found.append({"image_id": at, "category_id": label + 1, "bbox": box, "score": score})
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        if not found:
            return 0.0, 0.0
        scores = COCOeval(coco, coco.loadRes(found), "bbox")
        scores.evaluate(), scores.accumulate(), scores.summarize()
    return scores.stats[0], scores.stats[1]


if wish.model == "ssdlite":
    net = torchvision.models.detection.ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=classes + 1)
    find = found_by_ssdlite
else:
    net, find = TtfNet(), found_by_ttfnet
print(f"{wish.model}, {sum(p.numel() for p in net.parameters()):,} parameters, {len(train)} training and {len(test)} test images")
optimizer = torch.optim.Adam(net.parameters(), wish.rate)
spent = lambda: time.process_time() / 2
began, steps, epoch = spent(), 0, 0
net.train()
while spent() - began < wish.seconds:
    order = rng.permutation(len(train))
    epoch += 1
    for start in range(0, len(order) - wish.batch + 1, wish.batch):
        done = min(1, (spent() - began) / wish.seconds)
        warm = min(1, done / 0.05)
        for group in optimizer.param_groups:
            group["lr"] = wish.rate * warm * 0.5 * (1 + math.cos(math.pi * done))
        loss = steps_of(order[start : start + wish.batch], net)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
        if done >= 1:
            break
    if epoch % 20 == 1:
        print(f"epoch {epoch}, {spent() - began:.0f} s, loss {loss.item():.3f}", flush=True)
ap, ap50 = judged(net, find)
print(f"{epoch} epochs, {steps} steps, {spent() - began:.0f} s of two cores: ap50 {ap50:.4f}, ap {ap:.4f}")

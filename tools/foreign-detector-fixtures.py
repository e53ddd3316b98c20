"""Makes small detectors as other programs export them, and what ONNX Runtime and their own rules give for some photos.

    python tools/foreign-detector-fixtures.py FOLDER

FOLDER gets yolo-v8.onnx, yolo-v5.onnx, yolo-end.onnx (sorted in the graph by TopK), yolo-nms.onnx (NonMaxSuppression in the
graph), detr.onnx, photo.png and expected.json. The networks are of this script's own making with random weights; the layout of
their outputs is that of Ultralytics' exports ([1, 4 + classes, cells], [1, rows, 5 + classes], [1, rows, 6]) and of DETR. Boxes are
left, top, width and height in pixels of the photo. Needs torch, onnx, onnxruntime and Pillow.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

FOLDER = pathlib.Path(sys.argv[1])
SIDE = 64
NAMES = ["cat", "child's \"bike\"", "东"]
STRIDES = (8, 16, 32)
BINS = 4
OUTPUTS = {"detr": ["logits", "pred_boxes"], "yolo-nms": ["found"]}


class Block(nn.Module):
    def __init__(self, into, out, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(into, out, 3, stride, 1)

    def forward(self, x):
        return F.silu(self.conv(x))


class Backbone(nn.Module):
    """Three scales with a way down and a way up, split and pooled as YOLO networks are."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(Block(3, 4, 2), Block(4, 4, 2), Block(4, 4, 2))
        self.bend, self.down = Block(2, 2), Block(4, 4, 2)
        self.deep, self.mix = Block(4, 4, 2), Block(8, 4)

    def forward(self, x):
        fine = self.stem(x)
        a, b = fine.chunk(2, 1)
        fine = torch.cat([a, self.bend(b)], 1)
        middle = self.down(fine)
        coarse = self.deep(F.max_pool2d(middle, 5, 1, 2))
        middle = self.mix(torch.cat([F.interpolate(coarse, scale_factor=2.0, mode="nearest"), middle], 1))
        return [fine, middle, coarse]


def grids():
    points, strides = [], []
    for stride in STRIDES:
        n = SIDE // stride
        y, x = torch.meshgrid(torch.arange(n) + 0.5, torch.arange(n) + 0.5, indexing="ij")
        points.append(torch.stack([x, y], -1).reshape(-1, 2))
        strides.append(torch.full((n * n, 1), float(stride)))
    return torch.cat(points), torch.cat(strides)


class V8(nn.Module):
    """Distances to the four edges as expectations over bins, and a probability for each class."""

    def __init__(self, corners=False):
        super().__init__()
        self.backbone, self.corners = Backbone(), corners
        self.boxes = nn.ModuleList(nn.Conv2d(4, 4 * BINS, 1) for _ in STRIDES)
        self.scores = nn.ModuleList(nn.Conv2d(4, len(NAMES), 1) for _ in STRIDES)
        points, strides = grids()
        self.register_buffer("points", points.T[None])
        self.register_buffer("strides", strides.T[None])
        self.expect = nn.Conv2d(BINS, 1, 1, bias=False)
        self.expect.weight.data = torch.arange(BINS, dtype=torch.float).view(1, BINS, 1, 1)

    def forward(self, x):
        maps = self.backbone(x)
        boxes = torch.cat([head(f).flatten(2) for head, f in zip(self.boxes, maps)], 2)
        scores = torch.cat([head(f).flatten(2) for head, f in zip(self.scores, maps)], 2)
        batch, _, cells = boxes.shape
        shares = boxes.view(batch, 4, BINS, cells).transpose(2, 1).softmax(1)
        edges = self.expect(shares).view(batch, 4, cells)
        low, high = edges.chunk(2, 1)
        first, last = self.points - low, self.points + high
        box = torch.cat([first, last], 1) if self.corners else torch.cat([(first + last) / 2, last - first], 1)
        return torch.cat([box * self.strides, (scores - 1.6).sigmoid()], 1)


class V5(nn.Module):
    """Three anchors a cell: center, size, probability of an object and of each class."""

    def __init__(self):
        super().__init__()
        self.backbone, self.numbers = Backbone(), 5 + len(NAMES)
        self.heads = nn.ModuleList(nn.Conv2d(4, 3 * self.numbers, 1) for _ in STRIDES)
        self.register_buffer("anchors", torch.tensor([[1.2, 1.5], [2.0, 1.0], [2.5, 3.0]]))

    def forward(self, x):
        rows = []
        for head, f, stride in zip(self.heads, self.backbone(x), STRIDES):
            n = SIDE // stride
            y = head(f).view(x.shape[0], 3, self.numbers, n, n).permute(0, 1, 3, 4, 2).sigmoid()
            v, u = torch.meshgrid(torch.arange(n), torch.arange(n), indexing="ij")
            grid = torch.stack([u, v], -1).float().view(1, 1, n, n, 2) - 0.5
            center = (y[..., 0:2] * 2 + grid) * stride
            size = (y[..., 2:4] * 2) ** 2 * self.anchors.view(1, 3, 1, 1, 2) * stride
            rows.append(torch.cat([center, size, y[..., 4:]], -1).reshape(x.shape[0], -1, self.numbers))
        return torch.cat(rows, 1)


class End(nn.Module):
    """The best 20 boxes, sorted: first by their best class, then among all classes of these."""

    def __init__(self):
        super().__init__()
        self.v8 = V8(corners=True)

    def forward(self, x):
        found = self.v8(x).transpose(1, 2)
        boxes, scores = found.split([4, len(NAMES)], dim=-1)
        index = scores.amax(dim=-1).topk(20)[1].unsqueeze(-1)
        boxes = boxes.gather(1, index.repeat(1, 1, 4))
        scores = scores.gather(1, index.repeat(1, 1, len(NAMES)))
        best, at = scores.flatten(1).topk(20)
        rows = torch.arange(x.shape[0])[:, None]
        return torch.cat([boxes[rows, at // len(NAMES)], best[..., None], (at % len(NAMES))[..., None].float()], -1)


class Detr(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        self.logits, self.boxes = nn.Linear(4, len(NAMES) + 1), nn.Linear(4, 4)

    def forward(self, x):
        queries = self.backbone(x)[1].flatten(2).transpose(1, 2)
        return self.logits(queries), self.boxes(queries).sigmoid()


def with_nms(model):
    """The graph of V8 with NonMaxSuppression behind it: [1, 20, 6], filled with zeros."""
    helper, tensor = onnx.helper, onnx.numpy_helper.from_array
    graph = model.graph
    source = graph.output[0].name
    def const(name, value):
        graph.initializer.append(tensor(np.array(value), name))
        return name
    nodes = []
    def node(op, inputs, count=1, **attributes):
        outputs = [f"nms_{op}_{len(nodes)}_{i}" for i in range(count)]
        nodes.append(helper.make_node(op, inputs, outputs, **attributes))
        return outputs[0] if count == 1 else outputs
    part = lambda a, b: node("Slice", [source, const(f"a{a}", [a]), const(f"b{b}{a}", [b]), const(f"x{a}", [1])])
    center, size, scores = part(0, 2), part(2, 4), part(4, 4 + len(NAMES))
    half = node("Mul", [size, const("half", np.float32(0.5))])
    corners = node("Concat", [node("Sub", [center, half]), node("Add", [center, half])], axis=1)
    boxes = node("Transpose", [corners], perm=[0, 2, 1])
    kept = node("NonMaxSuppression", [boxes, scores, const("most", np.array([20])), const("iou", np.float32(0.7)),
                                      const("least", np.float32(0.25))])
    score = node("GatherND", [scores, kept])
    index = node("Gather", [kept, const("two", np.array(2))], axis=1)
    label = node("Cast", [node("Gather", [kept, const("one", np.array(1))], axis=1)], to=1)
    box = node("Gather", [node("Squeeze", [boxes, const("zero", np.array([0]))]), index], axis=0)
    last = const("last", np.array([1]))
    rows = node("Concat", [box, node("Unsqueeze", [score, last]), node("Unsqueeze", [label, last])], axis=1)
    count = node("Shape", [score])
    best = node("TopK", [score, node("Min", [count, const("limit", np.array([20]))])], 2, axis=0)[1]
    rows = node("Gather", [rows, best], axis=0)
    missing = node("Sub", [const("limit2", np.array([20])), node("Shape", [best])])
    pads = node("Concat", [const("p0", np.array([0, 0])), missing, const("p1", np.array([0]))], axis=0)
    padded = node("Pad", [rows, pads, const("nothing", np.float32(0))])
    graph.node.extend(nodes)
    graph.node.append(helper.make_node("Unsqueeze", [padded, const("front", np.array([0]))], ["output0"]))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("output0", 1, [1, 20, 6]))
    return model


def letterbox(image):
    w, h = image.size
    scale = min(SIDE / h, SIDE / w)
    wide, high = round(w * scale), round(h * scale)
    left, top = round((SIDE - wide) / 2 - 0.1), round((SIDE - high) / 2 - 0.1)
    board = Image.new("RGB", (SIDE, SIDE), (114, 114, 114))
    board.paste(image.resize((wide, high), Image.BILINEAR), (left, top))
    return np.asarray(board), scale, left, top


def thinned(boxes, overlap=0.7):
    """Non-maximum suppression by class, as torchvision.ops.batched_nms does it."""
    kept = []
    for label, score, a in sorted(boxes, key=lambda one: -one[1]):
        def same(b):
            wide = min(a[2], b[2]) - max(a[0], b[0])
            high = min(a[3], b[3]) - max(a[1], b[1])
            inter = max(0, wide) * max(0, high)
            return inter / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter) > overlap
        if not any(l == label and same(b) for l, _, b in kept):
            kept.append((label, score, a))
    return kept[:300]


def centered(row):
    x, y, w, h = (float(v) for v in row)
    return [x - w / 2, y - h / 2, x + w / 2, y + h / 2]


def read(name, outputs):
    """Label, score and corners in pixels of the input."""
    y = outputs[0][0]
    if name == "yolo-v8":
        return thinned([(int(c[4:].argmax()), float(c[4:].max()), centered(c[:4])) for c in y.T if c[4:].max() >= 0.25])
    if name == "yolo-v5":
        p = y[:, 5:] * y[:, 4:5]
        return thinned([(int(q.argmax()), float(q.max()), centered(r[:4])) for q, r in zip(p, y) if q.max() >= 0.25])
    if name == "detr":
        p = np.exp(y - y.max(-1, keepdims=True))
        p = (p / p.sum(-1, keepdims=True))[:, :-1]
        found = [(int(q.argmax()), float(q.max()), [v * SIDE for v in centered(b)]) for q, b in zip(p, outputs[1][0])]
        return sorted([one for one in found if one[1] >= 0.25], key=lambda one: -one[1])
    return [(int(r[5]), float(r[4]), [float(v) for v in r[:4]]) for r in y if r[4] >= 0.25]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    draws = np.random.default_rng(5)
    photo = Image.fromarray(draws.integers(0, 256, (9, 14, 3), dtype=np.uint8)).resize((97, 61), Image.BICUBIC)
    photo.save(FOLDER / "photo.png")
    expected = {"names": NAMES, "boxes": {}}
    for name, network in [("yolo-v8", V8()), ("yolo-v5", V5()), ("yolo-end", End()), ("yolo-nms", V8()), ("detr", Detr())]:
        network.eval()
        for one in network.modules():
            if isinstance(one, (nn.Conv2d, nn.Linear)) and one is not getattr(network, "expect", None):
                if getattr(one, "bias", None) is not None:
                    one.weight.data *= 2.2
                    one.bias.data = torch.randn_like(one.bias) * 0.4
        path = FOLDER / f"{name}.onnx"
        torch.onnx.export(network, (torch.zeros(1, 3, SIDE, SIDE),), path, dynamo=False, opset_version=17,
                          input_names=["images"], output_names=OUTPUTS.get(name, ["output0"]))
        model = onnx.load(path)
        if name == "yolo-nms":
            model = with_nms(model)
        if name != "detr":
            notes = {"names": repr(dict(enumerate(NAMES))), "stride": "32", "imgsz": f"[{SIDE}, {SIDE}]", "task": "detect"}
            onnx.helper.set_model_props(model, notes)
        for part in (model.graph.node, model.graph.value_info):
            for one in part:
                one.ClearField("doc_string")
                one.ClearField("name" if hasattr(one, "op_type") else "doc_string")
        del model.graph.value_info[:]
        onnx.save(model, path)
        if name == "detr":
            board, pads = np.asarray(photo.resize((SIDE, SIDE), Image.BILINEAR)), None
            x = (board / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
        else:
            board, *pads = letterbox(photo)
            x = board / 255
        session = onnxruntime.InferenceSession(str(path))
        outputs = session.run(None, {"images": x.astype(np.float32).transpose(2, 0, 1)[None]})
        boxes = []
        for label, score, (a, b, c, d) in read(name, outputs):
            scale, left, top = pads or (1, 0, 0)
            w, h = photo.size
            back = lambda v, pad, side: min(side, max(0.0, (v - pad) / scale if pads else v * side / SIDE))
            a, c, b, d = back(a, left, w), back(c, left, w), back(b, top, h), back(d, top, h)
            boxes.append({"label": NAMES[label], "score": round(score, 7), "box": [round(v, 4) for v in (a, b, c - a, d - b)]})
        expected["boxes"][name] = boxes
        print(name, [list(o.shape) for o in outputs], len(boxes), "boxes")
    (FOLDER / "expected.json").write_text(json.dumps(expected, ensure_ascii=False))


main()

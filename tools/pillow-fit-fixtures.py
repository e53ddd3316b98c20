"""Resizing a box of an image, cutting as ImageOps.fit does and as Teachable Machine's library does: Pillow's results.

    python tools/pillow-fit-fixtures.py

writes test/parity/fixtures/pillow-fit.json. Sources are made by the formula of pillow-fixtures.py, in the test as well,
so that only hashes are kept.
"""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageOps

OUT = Path(__file__).parent.parent / "test" / "parity" / "fixtures" / "pillow-fit.json"
FILTERS = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"]


def pattern(width, height, channels):
    count = np.arange(width * height * channels, dtype=np.uint64)
    values = ((count * 2654435761) % 4294967296) >> 24
    values = np.where((count // 29) % 3 == 0, np.where((count // 87) % 2 == 0, 0, 255), values)
    return values.astype(np.uint8).reshape(height, width, channels)


def image_of(height, width, channels):
    source = pattern(width, height, channels)
    return Image.fromarray(source[..., 0] if channels == 1 else source)


def sha(image):
    return hashlib.sha256(image.tobytes()).hexdigest()[:16]


def by_filter(work):
    return {name: sha(work(getattr(Image.Resampling, name.upper()))) for name in FILTERS}


def scaled(image, height, width, method):
    """cropTo of @teachablemachine/image for squares, with Pillow's filter in place of the browser's."""
    scale = width / min(image.size)
    w, h = math.ceil(image.width * scale), math.ceil(image.height * scale)
    left, top = (w - width) // 2, (h - height) // 2
    return image.resize((w, h), method).crop((left, top, left + width, top + height))


SIZES = [  # height, width, channels; height, width
    (162, 311, 3, 224, 224), (311, 162, 3, 224, 224), (97, 61, 1, 28, 28), (240, 320, 3, 224, 224), (7, 5, 1, 80, 60),
    (59, 83, 3, 58, 84), (173, 144, 1, 80, 60), (300, 2, 1, 10, 40), (405, 4, 3, 7, 13), (224, 300, 3, 224, 224),
    (100, 100, 1, 33, 33), (31, 32, 3, 96, 96), (1, 9, 1, 5, 5), (96, 97, 1, 96, 96),
]  # fmt: skip
BOXES = [  # height, width, channels; left, top, right, bottom; height, width
    (40, 50, 3, 0.5, 1.25, 49.75, 38.5, 20, 31), (40, 50, 1, 3, 4, 23, 34, 30, 20), (40, 50, 1, 3.3, 4.7, 23.3, 34.7, 30, 20),
    (17, 33, 3, 10.1, 0, 12.9, 17, 64, 64), (9, 9, 1, 0, 0, 9, 8.5, 9, 9), (420, 4, 1, 1.5, 3.25, 4, 400.125, 50, 3),
]  # fmt: skip

fits = [
    {"from": [h, w, c], "to": [th, tw], "hashes": by_filter(lambda m: ImageOps.fit(image_of(h, w, c), (tw, th), m))}
    for h, w, c, th, tw in SIZES
]
boxes = [
    {
        "from": [h, w, c],
        "box": box,
        "to": [th, tw],
        "hashes": by_filter(lambda m: image_of(h, w, c).resize((tw, th), m, box=tuple(box))),
    }
    for h, w, c, *box, th, tw in BOXES
]
squares = [
    {"from": [h, w, c], "to": [th, tw], "hashes": by_filter(lambda m: scaled(image_of(h, w, c), th, tw, m))}
    for h, w, c, th, tw in SIZES
    if th == tw
]
facts = {"pillow": PIL.__version__, "fit": fits, "box": boxes, "scaled": squares}
OUT.write_text(json.dumps(facts, separators=(",", ":")) + "\n")
print(f"{OUT}: {len(fits)} fits, {len(boxes)} boxes, {len(squares)} squares, {OUT.stat().st_size} bytes")

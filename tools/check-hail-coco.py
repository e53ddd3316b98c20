"""Opens the annotations of a folder written by `fovea synth hail` with pycocotools: every box comes back, boxes used as
detections reach a precision of 1, and what the dents of an image cover is what its mask shows.

Usage: python tools/check-hail-coco.py FOLDER (needs pycocotools, numpy and pillow)
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

folder = Path(sys.argv[1])
truth = COCO(folder / "annotations.json")
boxes = json.loads((folder / "annotations.json").read_text())["annotations"]
names = {category["id"]: category["name"] for category in truth.loadCats(truth.getCatIds())}
assert names == {1: "dent", 2: "scratch", 3: "glass"}, names

for image in truth.loadImgs(truth.getImgIds()):
    with Image.open(folder / image["file_name"]) as photo:
        assert photo.size == (image["width"], image["height"]) and photo.mode == "RGB"
    mask = np.asarray(Image.open(folder / image["file_name"].replace("images/", "masks/")))
    inside = np.zeros_like(mask)
    for box in truth.loadAnns(truth.getAnnIds(imgIds=[image["id"]], catIds=[1])):
        x, y, width, height = box["bbox"]
        part = mask[y : y + height, x : x + width]
        assert (part == 255).sum() >= box["area"] and part[0].any() and part[-1].any()
        inside[y : y + height, x : x + width] = 255
    assert set(np.unique(mask)) <= {0, 255} and not (mask & ~inside).any()

found = truth.loadRes([{**box, "score": 1.0} for box in boxes])
score = COCOeval(truth, found, "bbox")
score.params.maxDets = [1, 10, 100]
score.evaluate()
score.accumulate()
score.summarize()
assert score.stats[0] == 1.0, score.stats
print(f"{len(truth.getImgIds())} images, {len(boxes)} boxes: as pycocotools expects them")

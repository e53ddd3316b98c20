"""Makes test/parity/fixtures/coco.json: masks and figures of detectors as pycocotools computes them. The sets are drawn by a
generator of 32-bit integers that test/parity/coco-sets.ts has too, so that the file holds results only.
Run: python tools/coco-fixtures.py"""

import base64
import contextlib
import io
import json
import pathlib

import numpy as np
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/coco.json"
MASKS = 300
SETS = 500


class Draws:
    """Numerical Recipes' linear congruential generator; the upper 24 bits of each state are drawn from."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) % n


def ring(draws, corners, left, top, width, height):
    """Corners in eighths of a pixel within a rectangle."""
    return [
        value
        for _ in range(corners)
        for value in (left + draws.below(8 * width + 1) / 8, top + draws.below(8 * height + 1) / 8)
    ]


def mask_case(seed):
    """A polygon that may leave its image, two masks of noise, and what becomes of them."""
    draws = Draws(seed)
    height, width = 1 + draws.below(40), 1 + draws.below(40)
    polygon = [
        ring(draws, 3 + draws.below(6), draws.below(20) - 10, draws.below(20) - 10, width + 10, height + 10)
        for _ in range(1 + draws.below(3))
    ]
    drawn = masks.merge(masks.frPyObjects(polygon, height, width))
    dense = 1 + draws.below(9)
    noise = np.array([draws.below(10) < dense for _ in range(height * width)], dtype=np.uint8).reshape(height, width)
    encoded = masks.encode(np.asfortranarray(noise))
    x, y = draws.below(8 * width) / 8 - 2, draws.below(8 * height) / 8 - 2
    box = [x, y, 1 + draws.below(8 * width) / 8, 1 + draws.below(8 * height) / 8]
    boxed = masks.frPyObjects(np.array([box]), height, width)[0]
    return {
        "texts": [
            one["counts"].decode()
            for one in (drawn, encoded, boxed, masks.merge([drawn, encoded]), masks.merge([drawn, encoded], True))
        ],
        "areas": [int(masks.area(one)) for one in (drawn, encoded)],
        "boxes": [masks.toBbox(one).tolist() for one in (drawn, encoded)],
        "ious": [float(masks.iou([drawn], [encoded], [crowd])[0][0]) for crowd in (0, 1)]
        + [float(masks.iou([boxed], [drawn], [0])[0][0])],
    }


def object_of(draws, side, as_mask):
    """A box of any size or a polygon in it; sizes are drawn by their logarithm."""
    width, height = (1 + draws.below(min(2 ** (1 + draws.below(8)), side)) for _ in range(2))
    left, top = draws.below(side - width + 1), draws.below(side - height + 1)
    if as_mask:
        return {"ring": ring(draws, 3 + draws.below(3), left, top, width, height)}
    return {"box": [left + draws.below(8) / 8, top, width, height + draws.below(8) / 8]}


def moved(draws, thing):
    """Nearly the same object."""
    if "ring" in thing:
        return {"ring": [value + (draws.below(9) - 4) / 2 for value in thing["ring"]]}
    scale = 1 + draws.below(4)
    return {"box": [max(0.125, value + (draws.below(9) - 4) / 8 * scale) for value in thing["box"]]}


def detection_set(seed):
    """Images with truth and detections: empty ones, crowds, equal scores, more than a hundred detections."""
    draws = Draws(seed)
    as_mask = seed % 2 == 1
    side = 40 + draws.below(200)
    categories = 1 + draws.below(3)
    images = []
    for _ in range(1 + draws.below(5)):
        truths, found = [], []
        for _ in range(draws.below(9)):
            thing = object_of(draws, side, as_mask)
            truth = {
                **thing,
                "category": draws.below(categories),
                "crowd": draws.below(8) == 0,
                "area": draws.below(12000) + 1 if draws.below(3) == 0 else None,
            }
            truths.append(truth)
            for _ in range(draws.below(3)):
                category = truth["category"] if draws.below(6) > 0 else draws.below(categories)
                found.append({**moved(draws, thing), "category": category, "score": draws.below(21) / 20})
        many = 130 if draws.below(40) == 0 else draws.below(6)
        for _ in range(many):
            thing = object_of(draws, side, as_mask)
            found.append({**thing, "category": draws.below(categories), "score": draws.below(1001) / 1000})
        images.append({"truths": truths, "detections": found})
    return {"side": side, "categories": categories, "images": images, "masks": as_mask}


def stats(one):
    side, as_mask = one["side"], one["masks"]
    segment = lambda thing: masks.frPyObjects([thing["ring"]], side, side)[0]
    fields = lambda thing: {"segmentation": segment(thing)} if as_mask else {"bbox": thing["box"]}
    area = lambda thing: float(masks.area(segment(thing))) if as_mask else thing["box"][2] * thing["box"][3]
    numbered = [(i + 1, image) for i, image in enumerate(one["images"])]
    truths = [
        {
            **fields(t),
            "image_id": i,
            "category_id": t["category"] + 1,
            "iscrowd": int(t["crowd"]),
            "area": area(t) if t["area"] is None else t["area"],
        }
        for i, image in numbered
        for t in image["truths"]
    ]
    found = [
        {**fields(d), "image_id": i, "category_id": d["category"] + 1, "score": d["score"], "area": area(d), "iscrowd": 0}
        for i, image in numbered
        for d in image["detections"]
    ]

    def coco(annotations):
        made = COCO()
        made.dataset = {
            "images": [{"id": i, "width": side, "height": side} for i, _ in numbered],
            "categories": [{"id": c + 1, "name": str(c)} for c in range(one["categories"])],
            "annotations": [{**annotation, "id": i + 1} for i, annotation in enumerate(annotations)],
        }
        made.createIndex()
        return made

    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(coco(truths), coco(found), "segm" if as_mask else "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation.stats


figures = np.array([stats(detection_set(seed)) for seed in range(SETS)], dtype="<f8")
OUT.write_text(
    json.dumps(
        {
            "masks": [mask_case(1000 + i) for i in range(MASKS)],
            # [sets, 12] doubles, little-endian.
            "stats": base64.b64encode(figures.tobytes()).decode(),
        },
        separators=(",", ":"),
    )
    + "\n"
)
print(len(OUT.read_text()), "bytes;", "defined:", (figures > -1).mean(axis=0).round(2), "mean:", figures.mean(axis=0).round(3))

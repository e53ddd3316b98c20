"""Makes test/parity/fixtures/boundary.json: boundary F scores of segmentations by SciPy's erosion and distances. The maps are
drawn by a generator of integers that test/parity/boundary.test.ts has too. Run: python tools/boundary-fixtures.py"""

import json
import pathlib

import numpy as np
from scipy.ndimage import binary_erosion, distance_transform_edt

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/boundary.json"
CASES = 60
IGNORED = 255


class Draws:
    """Numerical Recipes' linear congruential generator; the upper 24 bits of each state are drawn from."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) % n


def maps(draws, classes):
    """Rectangles over a background, and the same a little elsewhere, with noise; some pixels are ignored."""
    height, width = 12 + draws.below(40), 12 + draws.below(40)
    truth = np.zeros((height, width), dtype=int)
    predicted = np.zeros((height, width), dtype=int)
    for _ in range(draws.below(7)):
        value = draws.below(classes)
        x, y = draws.below(width), draws.below(height)
        w, h = 1 + draws.below(20), 1 + draws.below(20)
        dx, dy = draws.below(4), draws.below(4)
        truth[y : y + h, x : x + w] = value
        predicted[y + dy : y + dy + h, x + dx : x + dx + w] = value
    for _ in range(draws.below(30)):
        y, x = draws.below(height), draws.below(width)
        predicted[y, x] = draws.below(classes)
    if draws.below(2) == 0:
        x, y = draws.below(width), draws.below(height)
        truth[y : y + 6, x : x + 6] = IGNORED
    return truth, predicted


def boundary(truth, predicted, value, tolerance):
    ignored = truth == IGNORED
    border = lambda labels: ((labels == value) & ~ignored) & ~binary_erosion((labels == value) | ignored, border_value=1)
    right, found = border(truth), border(predicted)
    if not right.any() and not found.any():
        return None
    if not right.any() or not found.any():
        return 0.0
    near = lambda of, to: float((distance_transform_edt(~to)[of] <= tolerance).mean())
    precision, recall = near(found, right), near(right, found)
    return 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)


def case(seed):
    draws = Draws(seed)
    classes = 2 + draws.below(4)
    tolerance = [0, 1, 1.5, 3][draws.below(4)]
    images = [maps(draws, classes) for _ in range(1 + draws.below(3))]
    labels = range(classes)
    borders = [[boundary(t, p, c, tolerance) for t, p in images] for c in labels]
    means = [float(np.mean([v for v in values if v is not None])) if any(v is not None for v in values) else None for values in borders]
    return means


OUT.write_text(json.dumps({"cases": [case(seed) for seed in range(CASES)]}, separators=(",", ":")) + "\n")
print(len(OUT.read_text()), "bytes")

"""Oracle values of the loss of center points (Zhou, Wang and Kraehenbuehl, 2019), in NumPy's float64, with gradients by
central differences.

    python tools/center-points-fixtures.py > test/parity/fixtures/center-points.json
"""
import json

import numpy as np

N, ROWS, COLUMNS, CLASSES = 3, 5, 6, 2
EDGE, NORM = 1e-4, 8
rng = np.random.default_rng(18)

# Class, center x, center y, width, height: none, a crowd, two objects of a cell, one on the edge, an image without any.
BOXES = np.array(
    [
        [[0, 0.31, 0.42, 0.4, 0.5], [1, 0.8, 0.25, 0.1, 0.2], [-1, 0, 0, 0, 0], [1, 0.84, 0.28, 0.3, 0.1]],
        [[1, 1.0, 1.0, 0.2, 0.3], [-2, 0.3, 0.3, 0.5, 0.6], [-3, 0.7, 0.5, 0.5, 0.5], [0, 0.5, 0.9, 1.0, 0.01]],
        [[-1, 0, 0, 0, 0]] * 4,
    ]
)


def plain(array):
    return {"shape": list(array.shape), "data": np.asarray(array, dtype=np.float64).ravel().tolist()}


def image_loss(boxes, maps, gamma, nearness, offset_weight, size_weight):
    near = np.zeros((ROWS, COLUMNS, CLASSES))
    peaks = np.zeros((ROWS, COLUMNS, CLASSES))
    count, regression = 0, 0.0
    for label, x, y, w, h in boxes:
        if label == -1:
            continue
        x, w, y, h = x * COLUMNS, w * COLUMNS, y * ROWS, h * ROWS
        if label < -1:
            for row in range(ROWS):
                for column in range(COLUMNS):
                    if abs(column + 0.5 - x) < w / 2 and abs(row + 0.5 - y) < h / 2:
                        near[row, column, int(-2 - label)] += 1
            continue
        k = int(label)
        column, row = min(int(x), COLUMNS - 1), min(int(y), ROWS - 1)
        sx, sy = 0.09 * w + 1 / 6, 0.09 * h + 1 / 6
        for r in range(ROWS):
            for c in range(COLUMNS):
                bell = np.exp(-((c - column) ** 2) / (2 * sx**2) - (r - row) ** 2 / (2 * sy**2))
                near[r, c, k] += bell**NORM
        peaks[row, column, k] = 1
        count += 1
        px, py, pw, ph = maps[row, column, CLASSES:]
        regression += offset_weight * (abs(px - (x - column)) + abs(py - (y - row)))
        logarithm = lambda size: np.log(max(size, EDGE))
        regression += size_weight * (abs(logarithm(pw) - logarithm(w)) + abs(logarithm(ph) - logarithm(h)))
    near = np.minimum(near, 1) ** (1 / NORM)
    p = np.clip(maps[:, :, :CLASSES], EDGE, 1 - EDGE)
    focal = -(peaks * (1 - p) ** gamma * np.log(p) + (1 - peaks) * (1 - near) ** nearness * p**gamma * np.log(1 - p))
    return (focal.sum() + regression) / max(count, 1)


def case(gamma, nearness, offset_weight, size_weight):
    options = (gamma, nearness, offset_weight, size_weight)
    p = rng.uniform(0.02, 0.98, size=(N, ROWS, COLUMNS, CLASSES + 2))
    maps = np.concatenate([p, np.exp(rng.normal(size=(N, ROWS, COLUMNS, 2)))], axis=-1).astype(np.float32).astype(float)
    loss = lambda values: np.mean([image_loss(BOXES[i], values[i], *options) for i in range(N)])
    gradient = np.zeros_like(maps)
    for at in np.ndindex(*maps.shape):
        step = 1e-6
        up, down = maps.copy(), maps.copy()
        up[at] += step
        down[at] -= step
        gradient[at] = (loss(up) - loss(down)) / (2 * step)
    values = [image_loss(BOXES[i], maps[i], *options) for i in range(N)]
    names = ["gamma", "nearness", "offsetWeight", "sizeWeight"]
    return {
        "options": dict(zip(names, options)),
        "maps": plain(maps),
        "values": values,
        "gradient": plain(np.round(gradient, 9)),
    }


print(json.dumps({"boxes": plain(BOXES), "cases": [case(2, 4, 1, 1), case(1.5, 3, 0.5, 2)]}))

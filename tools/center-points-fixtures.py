"""Oracle values of the loss of center points (Zhou, Wang and Kraehenbuehl, 2019; Liu, Zheng and others, 2020; GIoU: Rezatofighi
and others, 2019; quality focal loss: Li and others, 2020), in NumPy's float64, with gradients by central differences.

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


def generalized_iou(told, truth):
    """GIoU of boxes as center x and y, width and height."""
    ends = lambda x, y, w, h: (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
    (a0, b0, a1, b1), (c0, d0, c1, d1) = ends(*told), ends(*truth)
    shared = max(0, min(a1, c1) - max(a0, c0)) * max(0, min(b1, d1) - max(b0, d0))
    union = (a1 - a0) * (b1 - b0) + (c1 - c0) * (d1 - d0) - shared
    hull = (max(a1, c1) - min(a0, c0)) * (max(b1, d1) - min(b0, d0))
    return shared / union - (hull - union) / hull


def overlap_loss(boxes, maps):
    """Sum over the boxes of 1 - GIoU, weighted over the cells whose highest bell is a box's, where it is above 0.05."""
    objects = [box[1:] * [COLUMNS, ROWS, COLUMNS, ROWS] for box in boxes if box[0] >= 0]
    cells = [(row, column) for row in range(ROWS) for column in range(COLUMNS)]

    def bell(box, row, column):
        x, y, w, h = box
        at_x, at_y = column - min(int(x), COLUMNS - 1), row - min(int(y), ROWS - 1)
        return np.exp(-(at_x**2) / (2 * (w / 6 + 0.25) ** 2) - at_y**2 / (2 * (h / 6 + 0.25) ** 2))

    total = 0.0
    for i, box in enumerate(objects):
        heights = {cell: bell(box, *cell) for cell in cells}
        own = [
            cell
            for cell in cells
            if heights[cell] > 0.05 and heights[cell] == max(bell(other, *cell) for other in objects)
        ]
        sum_of_heights = sum(heights[cell] for cell in own)
        for row, column in own:
            x, y, w, h = maps[row, column, CLASSES:]
            lost = 1 - generalized_iou((column + x, row + y, w, h), box)
            total += heights[row, column] / sum_of_heights * lost
    return total


def image_loss(boxes, maps, gamma, nearness, offset_weight, size_weight, box_weight, soft, peak_weight):
    """The loss of an image before it is divided, and the number of its objects."""
    near = np.zeros((ROWS, COLUMNS, CLASSES))
    peaks = np.zeros((ROWS, COLUMNS, CLASSES))
    crowds = np.zeros((ROWS, COLUMNS, CLASSES))
    deviation = lambda side: 0.09 * side + 1 / 6 + soft * (1 / 6 - 0.09) * max(side - 4, 0)
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
                        crowds[row, column, int(-2 - label)] = 1
            continue
        k = int(label)
        column, row = min(int(x), COLUMNS - 1), min(int(y), ROWS - 1)
        sx, sy = deviation(w), deviation(h)
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
    if soft:
        cross = near * np.log(p) + (1 - near) * np.log(1 - p)
        focal = -(np.abs(near - p) ** gamma * cross * (1 - crowds))
        return peak_weight * focal.sum() + regression + box_weight * overlap_loss(boxes, maps), count
    focal = -(peaks * (1 - p) ** gamma * np.log(p) + (1 - peaks) * (1 - near) ** nearness * p**gamma * np.log(1 - p))
    return peak_weight * focal.sum() + regression + box_weight * overlap_loss(boxes, maps), count


def batch_losses(maps, per_batch, *options):
    sums, counts = np.transpose([image_loss(BOXES[i], maps[i], *options) for i in range(N)])
    return sums / np.maximum(counts.mean() if per_batch else counts, 1)


def case(gamma, nearness, offset_weight, size_weight, box_weight=0, per_batch=False, soft=False, peak_weight=1):
    options = (gamma, nearness, offset_weight, size_weight, box_weight, soft, peak_weight)
    p = rng.uniform(0.02, 0.98, size=(N, ROWS, COLUMNS, CLASSES + 2))
    maps = np.concatenate([p, np.exp(rng.normal(size=(N, ROWS, COLUMNS, 2)))], axis=-1).astype(np.float32).astype(float)
    loss = lambda values: np.mean(batch_losses(values, per_batch, *options))
    gradient = np.zeros_like(maps)
    for at in np.ndindex(*maps.shape):
        step = 1e-6
        up, down = maps.copy(), maps.copy()
        up[at] += step
        down[at] -= step
        gradient[at] = (loss(up) - loss(down)) / (2 * step)
    values = batch_losses(maps, per_batch, *options).tolist()
    names = ["gamma", "nearness", "offsetWeight", "sizeWeight", "boxWeight", "soft", "peakWeight", "perBatch"]
    return {
        "options": dict(zip(names, (*options, per_batch))),
        "maps": plain(maps),
        "values": values,
        "gradient": plain(np.round(gradient, 9)),
    }


CASES = [case(2, 4, 1, 1), case(1.5, 3, 0.5, 2), case(2, 4, 0.5, 0.5, 2, True), case(2, 4, 0, 0, 1)]
CASES += [case(2, 4, 0.5, 0.5, 2, True, True, 2.5), case(1.5, 4, 0, 0, 0, False, True)]
print(json.dumps({"boxes": plain(BOXES), "cases": CASES}))

"""Runs the ONNX file of a detector in ONNX Runtime and compares its boxes with the answers of `fovea predict --json`.

    fovea convert runs/dents dents.onnx
    fovea predict runs/dents photos --json > answers.json
    python tools/check-detector.py dents.onnx answers.json

The file's own metadata say how photos are resized, what classes are called, and from which score boxes are told. Prints the number
of boxes and the largest differences; boxes within 1e-6 of the score may be told by one and not by the other. Exit code 1 for others.
Needs onnxruntime, NumPy and Pillow.
"""
import json
import sys

import numpy as np
import onnxruntime
from PIL import Image

FILTERS = {"lanczos": Image.LANCZOS, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "nearest": Image.NEAREST}

session = onnxruntime.InferenceSession(sys.argv[1])
facts = session.get_modelmeta().custom_metadata_map
looks, names, least = json.loads(facts["preprocessing"]), json.loads(facts["class_names"]), float(facts.get("score", 0.3))
height, width = looks["imageSize"]
mode = "L" if looks["color"] == "grayscale" else "RGB"
count = wrong = 0
pixels = scores = 0.0
for answer in json.load(open(sys.argv[2]))["predictions"]:
    photo = Image.open(answer["image"]).convert(mode)
    x = np.asarray(photo.resize((width, height), FILTERS[looks["interpolation"]]), np.float32).reshape(height, width, -1)
    results = session.run(None, {session.get_inputs()[0].name: x.transpose(2, 0, 1)[None]})
    found = dict(zip((output.name for output in session.get_outputs()), results))
    def sure(score):
        return abs(score - least) > 1e-6
    ours = [box for box in answer["boxes"] if sure(box["score"])]
    theirs = [
        (names[label], float(score), box)
        for box, score, label in zip(found["boxes"][0], found["scores"][0], found["labels"][0])
        if label >= 0 and score >= least and sure(float(score))
    ]
    if len(ours) != len(theirs):
        wrong += 1
        print(f"{answer['image']}: {len(ours)} boxes here, {len(theirs)} there")
        continue
    for mine, (label, score, (left, top, right, bottom)) in zip(ours, theirs):
        across, down = photo.width / width, photo.height / height
        box = [left * across, top * down, (right - left) * across, (bottom - top) * down]
        count += 1
        wrong += mine["label"] != label
        scores = max(scores, abs(mine["score"] - score))
        pixels = max(pixels, max(abs(a - b) for a, b in zip(mine["box"], box)))
print(json.dumps({"boxes": count, "wrong": wrong, "pixels": round(float(pixels), 6), "scores": float(scores)}))
sys.exit(0 if wrong == 0 and pixels < 0.02 and scores < 1e-5 else 1)

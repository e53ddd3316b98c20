"""Prints count and SHA-256 of all images of a class folder as Pillow loads them: the oracle of test/real/images.test.ts.

    python tools/pillow-folder-hash.py FOLDER HEIGHT WIDTH L|RGB FILTER
"""

import hashlib
import pathlib
import sys

from PIL import Image

folder, height, width, mode, name = sys.argv[1:]
digest, count = hashlib.sha256(), 0
for label in sorted(path for path in pathlib.Path(folder).iterdir() if path.is_dir()):
    for path in sorted(label.iterdir()):
        image = Image.open(path).convert(mode).resize((int(width), int(height)), Image.Resampling[name.upper()])
        digest.update(image.tobytes())
        count += 1
print(count, digest.hexdigest())

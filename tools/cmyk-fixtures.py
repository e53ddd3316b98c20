"""Makes test/data/fixtures/cmyk.json: small JPEG files in print colours, CMYK and YCCK, with and without the Adobe marker,
and the RGB pixels that Pillow gives them. Needs pillow and numpy: python tools/cmyk-fixtures.py"""

import base64
import io
import json
import pathlib

import numpy as np
import PIL
from PIL import Image

OUT = pathlib.Path(__file__).parent.parent / "test/data/fixtures/cmyk.json"
WIDTH, HEIGHT = 32, 24


def picture():
    """Soft colours with a red block at the top left, as ink and black."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    rgb = np.stack([128 + 120 * np.sin(x / 9), 128 + 100 * np.cos(y / 7), 60 + (3 * x + 2 * y) % 128], -1)
    rgb[:8, :8] = (250, 20, 20)
    light = rgb / 255
    black = 1 - light.max(-1, keepdims=True)
    ink = (1 - light - black) / np.maximum(1e-6, 1 - black)
    return (np.concatenate([ink, black], -1) * 255).round().clip(0, 255).astype(np.uint8)


def save(channels, **options):
    out = io.BytesIO()
    Image.fromarray(channels, "CMYK").save(out, "JPEG", quality=92, **options)
    return out.getvalue()


def without_adobe(file):
    at = file.find(b"\xff\xee")
    return file[:at] + file[at + 16 :]


def ycck(channels, **options):
    """Pillow writes no YCCK: the luma and chroma of the inks are written as if they were inks, and marked as what they are."""
    inks = [Image.fromarray(channels[..., i]) for i in range(3)]
    luma = np.array(Image.merge("RGB", inks).convert("YCbCr"))
    # Pillow inverts what it writes.
    file = save(255 - np.dstack([luma, 255 - channels[..., 3]]), **options)
    at = file.find(b"\xff\xee") + 15
    assert file[at] == 0
    return file[:at] + b"\2" + file[at + 1 :]


channels = picture()
files = {
    "cmyk": save(channels),
    "cmyk-without-adobe": without_adobe(save(channels)),
    "cmyk-progressive": save(channels, progressive=True),
    "cmyk-subsampled": save(channels, subsampling="4:2:0"),
    "ycck": ycck(channels),
    "ycck-progressive": ycck(channels, progressive=True),
}
images = {
    name: {
        "file": base64.b64encode(file).decode(),
        "rgb": base64.b64encode(Image.open(io.BytesIO(file)).convert("RGB").tobytes()).decode(),
    }
    for name, file in files.items()
}
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps({"pillow": PIL.__version__, "width": WIDTH, "height": HEIGHT, "images": images}) + "\n")
print(f"{OUT}: {len(images)} images, {OUT.stat().st_size} bytes")

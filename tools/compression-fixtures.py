"""50 small JPEG files of many encoders and settings, with what other programs read from them: quality by ImageMagick,
subsampling and coding process by exiftool, quantisation tables by Pillow, coefficients by libjpeg (jpeg-coefficients.c).

    gcc -O2 -o /tmp/jpeg-coefficients tools/jpeg-coefficients.c -ljpeg -lz
    python tools/compression-fixtures.py /tmp/jpeg-coefficients test/forensics/fixtures/compression.zip
"""

import io
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from PIL import Image, ImageFilter

reader, target = sys.argv[1:]
place = Path(tempfile.mkdtemp())
random.seed(5)


def picture(width, height):
    data = bytes(random.randrange(256) for _ in range(3 * width * height))
    return Image.frombytes("RGB", (width, height), data).filter(ImageFilter.GaussianBlur(1.5))


def run(*command):
    return subprocess.run(command, capture_output=True, check=True).stdout


files = []


def keep(name, data):
    (place / name).write_bytes(data)
    files.append(name)


for n, quality in enumerate([1, 5, 10, 25, 40, 50, 60, 70, 75, 80, 85, 88, 90, 92, 95, 97, 98, 100]):
    image = picture(33 + n, 26)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling=n % 3, optimize=n % 2 == 1, progressive=n % 4 == 3)
    keep(f"pillow-{quality}.jpg", file.getvalue())
for n, quality in enumerate([3, 30, 55, 77, 93]):
    file = io.BytesIO()
    picture(24, 20).convert("L").save(file, "JPEG", quality=quality)
    keep(f"grey-{quality}.jpg", file.getvalue())
for preset in ["web_low", "web_high", "web_maximum", "low", "medium", "high"]:
    file = io.BytesIO()
    picture(24, 24).save(file, "JPEG", quality=preset)
    keep(f"preset-{preset}.jpg", file.getvalue())
for n, arguments in enumerate(
    [
        ["-sample", "2x1"], ["-sample", "1x2"], ["-sample", "4x1"], ["-sample", "2x2", "-progressive"],
        ["-restart", "1"], ["-restart", "1B", "-progressive"], ["-optimize"], ["-grayscale", "-progressive"],
        ["-sample", "1x1", "-progressive"], ["-rgb"], ["-baseline"], ["-sample", "2x2,1x1,1x2"],
    ]
):
    picture(41, 35).save(place / "a.ppm")
    data = run("cjpeg", "-quality", str(35 + 5 * n), *arguments, str(place / "a.ppm"))
    keep("cjpeg-" + "-".join(a.strip("-").replace(",", "-") for a in arguments) + ".jpg", data)
for quality in [20, 45, 65, 82, 91, 94, 96, 99]:
    picture(30, 30).save(place / "a.png")
    run("convert", str(place / "a.png"), "-quality", str(quality), str(place / "b.jpg"))
    keep(f"magick-{quality}.jpg", (place / "b.jpg").read_bytes())
file = io.BytesIO()
table = [random.randrange(1, 60) for _ in range(64)]
picture(24, 24).save(file, "JPEG", qtables=[table, table])
keep("own-table.jpg", file.getvalue())

oracle = {}
for name in files:
    path = str(place / name)
    said = json.loads(run("exiftool", "-j", "-n", "-EncodingProcess", "-YCbCrSubSampling", "-ColorComponents", path))[0]
    tables = {str(k): list(v) for k, v in Image.open(path).quantization.items()}
    columns, rows, crc = run(reader, path).decode().split()[-3:]
    oracle[name] = {
        "quality": int(run("identify", "-format", "%Q", path)),
        "subsampling": said.get("YCbCrSubSampling"),
        "process": said["EncodingProcess"],
        "components": said["ColorComponents"],
        "tables": tables,
        "coefficients": [int(columns), int(rows), crc],
    }
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
    for name in files:
        info = zipfile.ZipInfo(name)
        archive.writestr(info, (place / name).read_bytes(), zipfile.ZIP_DEFLATED)
    archive.writestr(zipfile.ZipInfo("oracle.json"), json.dumps(oracle, separators=(",", ":")), zipfile.ZIP_DEFLATED)
print(len(files), "files")

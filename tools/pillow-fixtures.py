"""Makes test/parity/fixtures/pillow.json: small images in every format and mode with the pixels Pillow gives them,
and hashes of Pillow's resizing with every filter. Needs pillow and numpy: python tools/pillow-fixtures.py"""

import base64
import hashlib
import io
import json
import pathlib
import struct
import zlib

import numpy as np
import PIL
from PIL import Image

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/pillow.json"
rng = np.random.default_rng(20)
images = {}


def sha(data):
    return hashlib.sha256(bytes(data)).hexdigest()


def keep(name, data):
    image = Image.open(io.BytesIO(data))
    # Image.open names a GIF's mode before it has decoded it; load settles it.
    image.load()
    images[name] = {
        "file": base64.b64encode(data).decode(),
        "format": image.format,
        "mode": image.mode,
        "size": list(image.size),
        "L": sha(image.convert("L").tobytes()),
        "RGB": sha(image.convert("RGB").tobytes()),
    }


def save(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def smooth(width, height):
    """A colourful picture with soft and hard edges."""
    y, x = np.mgrid[0:height, 0:width]
    picture = np.stack([128 + 127 * np.sin(x / 5 + y / 9), (x * 7 + y * 3) % 256, 255 * ((x // 6 + y // 4) % 2)], -1)
    return Image.fromarray(picture.astype(np.uint8))


# PNG: a small encoder, because Pillow writes neither every colour type nor interlacing.
def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def filtered(rows, step):
    """Scanlines with the five filters in turn."""
    out, above = b"", bytes(len(rows[0]))
    for number, row in enumerate(rows):
        kind = number % 5
        line = bytearray(row)
        for i, value in enumerate(row):
            left, up = row[i - step] if i >= step else 0, above[i]
            corner = above[i - step] if i >= step else 0
            estimate = left + up - corner
            paeth = min((abs(estimate - v), n, v) for n, v in enumerate((left, up, corner)))[2]
            line[i] = (value - (0, left, up, (left + up) // 2, paeth)[kind]) % 256
        out += bytes([kind]) + bytes(line)
        above = row
    return out


SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def make_png(color, bits, interlaced, width=13, height=11, split=1):
    samples = SAMPLES[color]
    pixels = rng.integers(0, 1 << bits, (height, width, samples))

    def rows(part):
        lines = []
        for line in part.reshape(part.shape[0], -1):
            packed = "".join(format(int(v), f"0{bits}b") for v in line)
            packed += "0" * (-len(packed) % 8)
            lines.append(bytes(int(packed[i : i + 8], 2) for i in range(0, len(packed), 8)))
        return lines

    parts = [pixels[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [pixels]
    raw = b"".join(filtered(rows(part), max(1, samples * bits // 8)) for part in parts if part.size)
    data = zlib.compress(raw)
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, interlaced))
    if color == 3:
        # One entry less than the bits could name: missing ones are black.
        out += chunk(b"PLTE", rng.integers(0, 256, ((1 << bits) - (bits > 1)) * 3).astype(np.uint8).tobytes())
        out += chunk(b"tRNS", bytes([0, 128]))
    if color == 0:
        out += chunk(b"tRNS", struct.pack(">H", 1))
    step = -(-len(data) // split)
    for start in range(0, len(data), step):
        out += chunk(b"IDAT", data[start : start + step])
    return out + chunk(b"tEXt", b"Comment\0none") + chunk(b"IEND", b"")


for color, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
    for bits in depths:
        for interlaced in (0, 1):
            keep(f"png-{color}-{bits}-{'adam7' if interlaced else 'plain'}.png", make_png(color, bits, interlaced))
keep("png-several-idat.png", make_png(2, 8, 0, split=3))
keep("png-1x1-adam7.png", make_png(6, 8, 1, 1, 1))
keep("png-3x2-adam7.png", make_png(2, 8, 1, 3, 2))

# GIF
picture = smooth(37, 23)
noise = Image.fromarray(rng.integers(0, 256, (61, 97), dtype=np.uint8))
palette = picture.quantize(40)
keep("gif-palette.gif", save(palette, "GIF"))
keep("gif-noise.gif", save(noise, "GIF"))
noise_palette = Image.fromarray(rng.integers(0, 256, (80, 120), dtype=np.uint8))
noise_palette.putpalette(rng.integers(0, 256, 768).astype(np.uint8).tobytes())
keep("gif-noise-palette.gif", save(noise_palette, "GIF", interlace=0))
keep("gif-interlaced.gif", save(palette, "GIF", interlace=1))
keep("gif-transparent.gif", save(palette, "GIF", transparency=3))
keep("gif-animated.gif", save(palette, "GIF", save_all=True, append_images=[palette.rotate(90)], comment=b"hello"))
keep("gif-one-colour.gif", save(Image.new("P", (40, 40)), "GIF"))


def shift_frame(data, left, top):
    """The same file on a larger screen, with its frame moved."""
    data = bytearray(data)
    frame = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 128 else 0)
    while data[frame] == 0x21:
        frame += 2
        while data[frame]:
            frame += data[frame] + 1
        frame += 1
    assert data[frame] == 0x2C
    struct.pack_into("<HH", data, 6, 50, 20)
    struct.pack_into("<HH", data, frame + 1, left, top)
    return bytes(data)


keep("gif-offset.gif", shift_frame(save(palette, "GIF", interlace=0), 5, 4))
keep("gif-offset-transparent.gif", shift_frame(save(palette, "GIF", interlace=0, transparency=3), 5, 4))


# BMP
def make_bmp(header, bits, body, compression=0, width=13, height=7, palette=b"", masks=b"", colors=0):
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(body), 0, 0, colors, 0)
        info += masks
        info += bytes(max(0, header - len(info)))
    start = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + info + palette + body


def noise_bytes(length):
    return rng.integers(0, 256, length).astype(np.uint8).tobytes()


for mode in ("1", "L", "P", "RGB", "RGBA"):
    source = palette if mode == "P" else picture.convert(mode)
    keep(f"bmp-{mode}.bmp", save(source, "BMP"))
keep("bmp-4-bit.bmp", make_bmp(40, 4, noise_bytes(8 * 7), palette=noise_bytes(64)))
keep("bmp-1-bit-palette.bmp", make_bmp(40, 1, noise_bytes(4 * 7), palette=noise_bytes(8)))
keep("bmp-few-colours.bmp", make_bmp(40, 8, bytes(i % 5 for i in range(16 * 7)), palette=noise_bytes(20), colors=5))
keep("bmp-os2.bmp", make_bmp(12, 4, noise_bytes(8 * 7), palette=noise_bytes(48)))
keep("bmp-os2-24.bmp", make_bmp(12, 24, noise_bytes(40 * 7)))
keep("bmp-16.bmp", make_bmp(40, 16, noise_bytes(28 * 7)))
keep("bmp-565.bmp", make_bmp(40, 16, noise_bytes(28 * 7), 3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
keep("bmp-32.bmp", make_bmp(40, 32, noise_bytes(52 * 7)))
keep("bmp-top-down.bmp", make_bmp(40, 24, noise_bytes(40 * 7), height=-7))
for name, masks in {
    "argb": (0xFF0000, 0xFF00, 0xFF, 0xFF000000),
    "rgba": (0xFF, 0xFF00, 0xFF0000, 0xFF000000),
    "xbgr": (0xFF000000, 0xFF0000, 0xFF00, 0),
    "zero": (0, 0, 0, 0),
}.items():
    keep(f"bmp-fields-{name}.bmp", make_bmp(108, 32, noise_bytes(52 * 7), 3, masks=struct.pack("<IIII", *masks)))
runs8 = b"".join(bytes([5, i, 0, 3, 9, 8, 7, 0, 5, 200 + i, 0, 0]) for i in range(7)) + b"\0\1"
keep("bmp-rle8.bmp", make_bmp(40, 8, runs8, 1, palette=noise_bytes(1024)))
runs4 = b"".join(bytes([6, 0x12 + i, 0, 4, 0x34, 0x56, 3, 0x70 + i, 0, 0]) for i in range(7)) + b"\0\1"
keep("bmp-rle4.bmp", make_bmp(40, 4, runs4, 2, palette=noise_bytes(64)))

# JPEG
for name, options in {
    "444": {"subsampling": "4:4:4"},
    "422": {"subsampling": "4:2:2"},
    "420": {"subsampling": "4:2:0"},
    "420-progressive": {"subsampling": "4:2:0", "progressive": True},
    "quality-20": {"quality": 20},
    "quality-98": {"quality": 98},
    "restart": {"restart_marker_blocks": 2},
    "rgb": {"keep_rgb": True},
}.items():
    keep(f"jpeg-{name}.jpg", save(picture, "JPEG", **options))
keep("jpeg-grey.jpg", save(picture.convert("L"), "JPEG"))
for side in (1, 2, 9, 17):
    keep(f"jpeg-{side}.jpg", save(picture.resize((side, side // 2 + 1)), "JPEG"))
orientation = Image.Exif()
orientation[0x112] = 6
keep("jpeg-orientation.jpg", save(picture, "JPEG", exif=orientation))

# WebP
alpha = picture.convert("RGBA")
alpha.putalpha(Image.fromarray(np.tile(np.arange(37, dtype=np.uint8) * 7, (23, 1))))
keep("webp-lossy.webp", save(picture, "WEBP", quality=60))
keep("webp-lossless.webp", save(picture, "WEBP", lossless=True))
keep("webp-alpha.webp", save(alpha, "WEBP", quality=60))
keep("webp-alpha-lossless.webp", save(alpha, "WEBP", lossless=True, exact=True))
keep("webp-grey.webp", save(picture.convert("L"), "WEBP"))
keep("webp-1.webp", save(picture.resize((1, 1)), "WEBP"))
keep("webp-orientation.webp", save(picture, "WEBP", exif=orientation))
for name, source in {"": picture, "-alpha": alpha}.items():
    for quality in ({"quality": 60}, {"lossless": True}):
        frames = {"save_all": True, "append_images": [source.rotate(90)], **quality}
        keep(f"webp-animated{name}{'-lossless' if 'lossless' in quality else ''}.webp", save(source, "WEBP", **frames))


# Resizing: the source is made by the same formula in the test, so that only hashes are kept.
def pattern(width, height, channels):
    count = np.arange(width * height * channels, dtype=np.uint64)
    values = ((count * 2654435761) % 4294967296) >> 24
    # Flat areas with hard edges make filters overshoot.
    values = np.where((count // 29) % 3 == 0, np.where((count // 87) % 2 == 0, 0, 255), values)
    return values.astype(np.uint8).reshape(height, width, channels)


FILTERS = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"]
SIZES = [  # height, width in; height, width out
    (7, 5, 80, 60), (1, 1, 3, 4), (2, 3, 1, 1), (80, 60, 80, 60), (80, 61, 80, 60), (81, 60, 80, 60),
    (173, 144, 80, 60), (40, 24, 80, 60), (97, 61, 28, 28), (31, 32, 32, 31), (33, 17, 224, 224), (224, 224, 33, 17),
    (300, 2, 10, 40), (5, 400, 7, 13), (64, 64, 16, 16), (101, 99, 100, 100), (12, 13, 227, 229), (59, 83, 58, 84),
]  # fmt: skip
resized = []
for h, w, height, width in SIZES:
    for channels in (1, 3):
        source = pattern(w, h, channels)
        image = Image.fromarray(source[..., 0] if channels == 1 else source)
        hashes = {
            name: sha(image.resize((width, height), getattr(Image.Resampling, name.upper())).tobytes())[:16]
            for name in FILTERS
        }
        resized.append({"from": [h, w, channels], "to": [height, width], "hashes": hashes})

# Lanczos weights are the only ones with a sine: every size that data sets are likely to have, down to 80 and to 60.
rows = {}
for target in (28, 60, 80, 224):
    digest = hashlib.sha256()
    for length in range(1, 321):
        image = Image.fromarray(pattern(length, 1, 1)[..., 0])
        digest.update(image.resize((target, 1), Image.Resampling.LANCZOS).tobytes())
    rows[str(target)] = digest.hexdigest()

small = Image.fromarray(pattern(5, 4, 1)[..., 0])
raw = {name: list(small.resize((7, 3), getattr(Image.Resampling, name.upper())).tobytes()) for name in FILTERS}

# GIF has no checksums: what Pillow makes of files whose compressed data end in zeros or have one byte changed.
damaged = []
for name in ("gif-palette.gif", "gif-noise.gif", "gif-noise-palette.gif", "gif-interlaced.gif"):
    whole = base64.b64decode(images[name]["file"])
    for number in range(12):
        at = int(rng.integers(len(whole) // 2, len(whole) - 4))
        value = None if number < 4 else int(rng.integers(0, 256))
        tail = bytes(len(whole) - at) if value is None else bytes([value]) + whole[at + 1 :]
        try:
            pixels = sha(Image.open(io.BytesIO(whole[:at] + tail)).convert("RGB").tobytes())
        except OSError:
            pixels = None
        damaged.append({"image": name, "at": at, "value": value, "RGB": pixels})

OUT.parent.mkdir(parents=True, exist_ok=True)
facts = {"pillow": PIL.__version__, "images": images, "damaged": damaged, "resized": resized, "lanczosRows": rows, "raw": raw}
OUT.write_text(json.dumps(facts, separators=(",", ":")) + "\n")
print(f"{OUT}: {len(images)} images, {len(resized)} resizings, {OUT.stat().st_size} bytes")

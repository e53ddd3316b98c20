"""Hashes of the luminance tables of Pillow's presets, which its documentation calls "equivalent to the Photoshop
settings": the lines of src/forensics/jpeg/known-tables.ts.

    python tools/known-quantization.py
"""

import io
import zlib

from PIL import Image, JpegPresets

for name in JpegPresets.presets:
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG", qtables=name)
    data = file.getvalue()
    at = data.index(b"\xff\xdb") + 5
    wide = b"".join(step.to_bytes(2, "big") for step in data[at : at + 64])
    print(f'  "{zlib.crc32(wide):08x}": "{name}",')

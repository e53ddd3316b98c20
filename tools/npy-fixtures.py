"""Arrays as NumPy saves them: every real element type, both byte orders, both orders of axes, long headers.

    python tools/npy-fixtures.py

writes test/formats/fixtures/npy.json: the files, and the numbers that they hold in the order of rows.
"""

import base64
import io
import json
from pathlib import Path

import numpy as np

OUT = Path(__file__).parent.parent / "test" / "formats" / "fixtures" / "npy.json"
TYPES = ["<f8", ">f8", "<f4", ">f4", "<f2", ">f2", "<i8", ">i8", "<u8", "<i4", ">i4", "<u4", "<i2", ">u2", "|i1", "|u1", "|b1"]


def saved(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return {
        "type": array.dtype.str,
        "shape": list(array.shape),
        "file": base64.b64encode(out.getvalue()).decode(),
        "numbers": np.ascontiguousarray(array).astype(np.float64).ravel().tolist(),
    }


plain = np.arange(6).reshape(2, 3)
files = [saved((plain % 2 if name == "|b1" else plain).astype(name)) for name in TYPES]
files.append(saved(np.asfortranarray(np.arange(24, dtype="<f8").reshape(2, 3, 4))))
files.append(saved(np.asfortranarray(np.arange(6, dtype="<f4").reshape(3, 2))))
files += [saved(plain.astype("<f4"), version) for version in [(2, 0), (3, 0)]]
files += [saved(np.float32(2.5).reshape(())), saved(np.array([-1.5, 1e-8, 65504]))]
OUT.write_text(json.dumps({"numpy": np.__version__, "files": files}) + "\n")
print(f"{OUT}: {len(files)} arrays")

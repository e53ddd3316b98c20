"""Writes src/data/colormap-table.ts, matplotlib's colour maps as bytes, and test/data/fixtures/colormaps.json, what it
makes of a few arrays with them.

    python tools/colormap-table.py

viridis, magma, inferno, plasma and cividis are given to the public (CC0) by their authors, turbo is Google's (Apache 2.0).
"""

import base64
import json
import pathlib

import matplotlib
import numpy as np
from matplotlib.colors import Normalize

ROOT = pathlib.Path(__file__).parent.parent
NAMES = ["viridis", "magma", "inferno", "plasma", "cividis", "turbo", "gray"]

lines = [
    "// Colour maps of 256 colours as RGB bytes in base64, written by tools/colormap-table.py with matplotlib's own bytes.",
    "// viridis, magma, inferno, plasma (Smith and van der Walt, 2015) and cividis (Nunez and others, 2018) are CC0; turbo",
    "// (Mikhailov, 2019) is Apache 2.0.",
    "",
    "export const COLORMAP_BYTES = {",
]
for name in NAMES:
    table = matplotlib.colormaps[name](np.arange(256), bytes=True)[:, :3]
    lines.append(f'  {name}: "{base64.b64encode(table.tobytes()).decode()}",')
lines.append("} as const;")
(ROOT / "src" / "data" / "colormap-table.ts").write_text("\n".join(lines) + "\n", encoding="utf-8")

rng = np.random.default_rng(3)
cases = []
for name in NAMES:
    for array, limits in (
        (rng.normal(size=(3, 5)).astype("float32"), None),
        (rng.integers(0, 256, (4, 3)).astype("uint8"), None),
        (rng.integers(0, 256, (2, 3)).astype("uint8"), (0, 255)),
        (np.linspace(-1, 2, 24, dtype="float32").reshape(4, 6), (0, 1)),
        (np.arange(-4, 8, dtype="int32").reshape(3, 4), None),
    ):
        norm = Normalize(*(limits or (None, None)), clip=True)
        colours = matplotlib.colormaps[name](norm(array), bytes=True)[..., :3]
        cases.append({"colormap": name, "dtype": str(array.dtype), "shape": list(array.shape), "range": limits,
                      "data": [float(v) for v in array.ravel()], "rgb": colours.ravel().tolist()})
fixtures = ROOT / "test" / "data" / "fixtures"
fixtures.mkdir(exist_ok=True)
(fixtures / "colormaps.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n", encoding="utf-8")
print(len(cases), "cases")

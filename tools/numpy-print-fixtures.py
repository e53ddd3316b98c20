"""Writes test/core/fixtures/numpy-print.json: arrays and what NumPy 2 prints for them, the oracle of printTensor.

    python tools/numpy-print-fixtures.py

NumPy names the shape of summarised arrays only; for all others the text is put together as NumPy would with it.
"""

import json
import pathlib

import numpy as np
from numpy._core import arrayprint

OUT = pathlib.Path(__file__).parent.parent / "test" / "core" / "fixtures" / "numpy-print.json"
rng = np.random.default_rng(7)


def text(a):
    """NumPy's repr with shape and dtype always, by NumPy's own rule for line breaks."""
    start = "array(" + np.array2string(a, 75, separator=", ", prefix="array(", suffix=")") + ","
    facts = f"shape={a.shape}, dtype={a.dtype})"
    last = len(start) - (start.rfind("\n") + 1)
    return start + (" " if last + 1 + len(facts) <= 75 else "\n      ") + facts


def ramp(*shape, dtype=np.float32):
    """Large arrays follow from their shape, so that the file need not hold them; the test makes the same."""
    i = np.arange(np.prod(shape))
    values = (i * 37) % 251 if dtype is not np.float32 else ((i * 37) % 501 - 100) / 7
    return values.astype(dtype).reshape(shape)


def case(a):
    a = np.asarray(a)
    if a.size >= 1000:
        assert (a == ramp(*a.shape, dtype=a.dtype.type)).all()
    data = [("nan" if np.isnan(v) else "inf" if v == np.inf else "-inf" if v == -np.inf else "-0" if v == 0 and np.signbit(v) else float(v)) if a.dtype.kind == "f" else int(v) for v in a.ravel()]
    expected = text(a)
    if a.size > 1000:
        assert expected.replace(" ", "").replace("\n", "") == repr(a).replace(" ", "").replace("\n", "")
    return {"dtype": str(a.dtype), "shape": list(a.shape), **({} if a.size >= 1000 else {"data": data}), "text": expected}


f = np.float32
nan, inf = np.nan, np.inf
arrays = [
    f(3.5), f(0), f(-0.0), f(nan), f([]), np.zeros((0, 3), f), np.uint8(7),
    f([1, 2, 3]), f([[1, 2], [3, 4]]), f([0.1, 0.25, 1 / 3]), f([1e-5, 1]), f([1e6, 1]), f([999999, 1]), f([1, 1001]), f([1, 1000]),
    f([123456.789, 0.5]), f([0.001953125, 0.00012345678]), f([1e-10, 1e10, 3.3333333e-20]), f([1e38, 1e-45]), f([1.17549435e-38]),
    f([nan, 1, inf]), f([nan, 1.5, -inf]), f([-inf, -1]), f([nan, nan]), f([inf, -inf]), f([nan, 1e-9]), f([-0.0, 0.0, 1.25]),
    f(rng.normal(size=(3, 4))), f(rng.normal(size=20)), f(rng.normal(size=(2, 3, 4))), f(rng.uniform(size=(2, 2, 2, 3))),
    ramp(40, 30), ramp(5, 9, 8, 3), ramp(1001), ramp(1, 2000), ramp(40, 50, dtype=np.int32), ramp(80, 60, 1, dtype=np.uint8),
    f(rng.lognormal(0, 6, size=15)), ramp(7, 1, 200), ramp(1000, dtype=np.int32), f(rng.normal(size=(4, 12))),
    np.int32([1, -20, 300]), np.int32([[-2147483648, 2147483647]]), np.int32(5),
    np.uint8([[0, 255, 1], [20, 3, 4]]), np.arange(256, dtype=np.uint8),
    np.array([-128, 1, 127, 128 - 256], np.int8), rng.integers(-128, 128, (4, 30)).astype(np.int8),
    f([2.0 ** n for n in range(-30, -13)]), f([2.0 ** n for n in range(-13, 20)]), f(2.0 ** 24 + 2), f([0.5, 0.00048828125]),
    f([0.99999999, 0.999999991]), f([9.9999999e-5]), f([0.0001, 1e-4 * 1.0001]), f([16777216.0]), f([100000.125, 200]),
]
for _ in range(30):
    arrays.append(f(rng.normal(size=4) * 10.0 ** rng.integers(-8, 9)))
OUT.parent.mkdir(exist_ok=True)
cases = [case(a) for a in arrays]
OUT.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n", encoding="utf-8")
print(len(cases), OUT.stat().st_size)

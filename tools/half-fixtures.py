"""Writes test/formats/fixtures/halves.json: what NumPy and ml_dtypes make of numbers of 16 bits.

    python tools/half-fixtures.py

SHA-256 of the float32 bits of all 65,536 halves and bfloat16, and of the 16-bit numbers nearest to some 320,000 float32: the
middles between neighbours, the numbers on both sides of each middle, and bits drawn by a generator that the test has too.
NaN is left out: its payload is no number. Needs numpy and ml_dtypes.
"""

import hashlib
import json
import pathlib

import ml_dtypes
import numpy as np

OUT = pathlib.Path(__file__).parent.parent / "test" / "formats" / "fixtures" / "halves.json"
def hashed(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def drawn(count):
    """Linear congruential generator of Numerical Recipes, its words as float32."""
    words = np.empty(count, "u4")
    state = 17
    for i in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        words[i] = state
    return words


def main():
    facts = {}
    for name, dtype in {"float16": np.dtype("float16"), "bfloat16": np.dtype(ml_dtypes.bfloat16)}.items():
        floats = np.arange(65536, dtype="u2").view(dtype).astype("f4")
        finite = floats[:32768][np.isfinite(floats[:32768])].astype("f8")
        middles = ((finite[:-1] + finite[1:]) / 2).astype("f4").view("u4")
        middles = np.concatenate([middles, middles | 0x80000000])
        asked = np.concatenate([middles - 1, middles, middles + 1, drawn(131072)]).view("f4")
        asked = asked[~np.isnan(asked)]
        with np.errstate(all="ignore"):
            nearest = asked.astype(dtype)
        facts[name] = {
            "floats": hashed(floats[~np.isnan(floats)].view("u4")),
            "asked": hashed(asked.view("u4")),
            "nearest": hashed(nearest.view("u2")),
            "count": len(asked),
        }
    OUT.write_text(json.dumps(facts, indent=2) + "\n")
    print(OUT.read_text())


main()

"""Writes test/formats/fixtures/sample.safetensors with the reference library (safetensors 0.8, pip install safetensors).

    python tools/safetensors-fixtures.py          writes the fixture
    python tools/safetensors-fixtures.py FILE     lists what the reference library finds in FILE, a checkpoint for one
"""

import pathlib
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

OUT = pathlib.Path(__file__).parent.parent / "test" / "formats" / "fixtures" / "sample.safetensors"


def write():
    tensors = {
        "grid": np.array([[1.5, -2, 0], [np.nan, np.inf, 1e-45]], "float32"),
        "scalar": np.array(-7, "int32"),
        "bytes.0": np.array([0, 127, 255], "uint8"),
    }
    save_file(tensors, OUT, metadata={"类": "东主"})
    print(OUT.name, OUT.stat().st_size)


def show(path):
    with safe_open(path, "np") as file:
        print(file.metadata())
        for name in file.keys():
            array = file.get_tensor(name)
            print(f"  {name} {array.dtype} {list(array.shape)}")


show(sys.argv[1]) if len(sys.argv) > 1 else write()

"""Writes the HDF5 fixtures of test/formats with h5py: what our reader must understand.

python tools/keras-hdf5-fixtures.py     (h5py 3.16 on HDF5 2.0 when last run)
"""

import os

import h5py
import numpy as np

HERE = os.path.join(os.path.dirname(__file__), "..", "test", "formats", "fixtures")


def path(name):
    return os.path.join(HERE, name)


def fill(f):
    f["big_endian"] = np.arange(4, dtype=">f4")
    f["bool"] = np.array([True, False])
    f["bytes"] = np.array(["东中".encode(), b"b"])
    f["text"] = np.array(["东", "b"], dtype=h5py.string_dtype())
    f["int64"] = np.int64(5)
    f["float64"] = np.linspace(0, 1, 3)
    f.create_dataset("null", data=h5py.Empty("f4"))
    f["empty"] = np.zeros((0, 3), "f4")
    f.create_dataset(
        "chunked", data=np.arange(1050, dtype="i4").reshape(30, 35), chunks=(8, 9), compression="gzip", shuffle=True
    )
    f.attrs["list_of_bytes"] = np.array(["东".encode(), b"abc"])
    f.attrs["bytes"] = "东".encode()
    f.attrs["text"] = "东"
    f.attrs["list_of_text"] = ["东", "x"]
    f.attrs["int"] = 3
    f.attrs["float"] = np.float32(1.5)
    f.attrs["null"] = h5py.Empty("f4")
    f.attrs["long"] = "x" * 70000
    f.create_group("a/b/c").attrs["deep"] = "yes"


# The classic form, h5py's default: symbol tables of more than one level.
with h5py.File(path("classic.h5"), "w") as f:
    fill(f)
    many = f.create_group("many")
    many["0"] = np.float32(7)
    for i in range(1, 300):
        many[str(i)] = many["0"]

# One name that is not ASCII makes h5py turn to the dense form.
with h5py.File(path("dense.h5"), "w") as f:
    many = f.create_group("many")
    many["木0"] = np.float32(7)
    for i in range(1, 600):
        many[f"木{i}"] = many["木0"]

# The newest form throughout, attributes on a heap as well.
with h5py.File(path("latest.h5"), "w", libver="latest") as f:
    fill_text = f.create_group("attributes")
    for i in range(40):
        fill_text.attrs[f"a{i}"] = i
    f["x"] = np.arange(6, dtype="f4").reshape(2, 3)

with h5py.File(path("link.h5"), "w") as f:
    f["x"] = np.float32(1)
    f["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/x")

with h5py.File(path("loop.h5"), "w") as f:
    f.create_group("a")["again"] = f["/"]

with h5py.File(path("bomb.h5"), "w") as f:
    f.create_dataset("x", shape=(1 << 20, 1 << 20), dtype="f4", chunks=(1024, 1024), fillvalue=1)

with h5py.File(path("half.h5"), "w") as f:
    f["x"] = np.arange(3, dtype="f2")

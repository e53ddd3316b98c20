"""Writes the fixtures of test/formats/keras-h5.test.ts and of the real Teachable Machine test, with the real Keras.

python tools/keras-h5-fixtures.py [--teachable FOLDER]

legacy.h5        a functional model with branches, a nested stack, batch normalization and a depthwise convolution,
                 compiled, as Keras 3 writes `.h5`
legacy2.h5       the same, its configs put into the form that Keras 2.4 wrote (as in a Teachable Machine export)
legacy.weights.h5  the same weights as Keras 3 keeps them
weights-only.h5  the weights as `save_weights` of Keras 2 kept them
legacy.json      input and output of all four
teachable.json   with --teachable, the folder that has fruit-keras and tfjs: what the real Keras predicts for images made
                 of a formula (see `image` here and in the test), for test/real
Needs keras 3.15, h5py and a backend.
"""

import argparse
import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402
from keras.src.legacy.saving import saving_utils  # noqa: E402

ROOT = pathlib.Path(__file__).parent.parent
FIXTURES = ROOT / "test" / "formats" / "fixtures"


def build():
    keras.utils.set_random_seed(3)
    inner = keras.Sequential(
        [layers.Input((6, 5, 4)), layers.Conv2D(4, 3, padding="same", name="inner_conv"), layers.BatchNormalization(name="inner_bn")],
        name="inner",
    )
    image = layers.Input((12, 10, 3), name="image")
    x = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name="stem")(image)
    x = layers.BatchNormalization(name="stem_bn")(x)
    x = layers.ReLU(max_value=6.0, name="stem_relu")(x)
    y = layers.DepthwiseConv2D(3, padding="same", name="deep")(x)
    y = layers.Add(name="sum")([y, inner(x)])
    y = layers.Concatenate(name="both")([y, x])
    y = layers.GlobalAveragePooling2D(name="pool")(y)
    model = keras.Model(image, layers.Dense(3, activation="softmax", name="head")(y), name="legacy")
    rng = np.random.default_rng(5)
    for weight in model.weights:
        value = rng.normal(size=weight.shape).astype("float32") * 0.5
        weight.assign(np.abs(value) + 0.5 if "variance" in weight.path else value)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def old_tensor(tensor):
    """Keras 2 counted a model's own graph as its first call."""
    name, call, index = tensor["config"]["keras_history"]
    return [name, call + (name == "inner"), index, {}]


def old_config(value):
    """A config of Keras 3 in the words of Keras 2.4."""
    if isinstance(value, list):
        return [old_config(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "DTypePolicy":
        return value["config"]["name"]
    out = {k: old_config(v) for k, v in value.items() if k not in ("module", "registered_name", "build_config")}
    if "class_name" not in out or "config" not in out:
        return out
    config = out["config"]
    if "batch_shape" in config:
        config["batch_input_shape"] = config.pop("batch_shape")
    if out["class_name"] == "Functional":
        out["class_name"] = "Model"
        for key in ("input_layers", "output_layers"):
            config[key] = [config[key]] if isinstance(config[key][0], str) else config[key]
    if out["class_name"] == "BatchNormalization":
        config["axis"] = [3]
    if out["class_name"] == "DepthwiseConv2D":
        config["groups"] = 1
    if out["class_name"] == "ReLU":
        config["max_value"] = {"type": "ndarray", "value": config["max_value"]}
    if "inbound_nodes" in value:
        nodes = []
        for node in value["inbound_nodes"]:
            first = node["args"][0]
            nodes.append([old_tensor(one) for one in (first if isinstance(first, list) else [first])])
        out["inbound_nodes"] = nodes
    return out


def write_fixtures():
    model = build()
    model.save(FIXTURES / "legacy.h5")
    model.save_weights(FIXTURES / "legacy.weights.h5")
    (FIXTURES / "legacy2.h5").write_bytes((FIXTURES / "legacy.h5").read_bytes())
    with h5py.File(FIXTURES / "legacy2.h5", "r+") as file:
        config = old_config(json.loads(file.attrs["model_config"]))
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["training_config"] = json.dumps(
            {
                "loss": "categorical_crossentropy",
                "metrics": [[{"class_name": "MeanMetricWrapper", "config": {"name": "accuracy", "dtype": "float32", "fn": "categorical_accuracy"}}]],
                "optimizer_config": {"class_name": "Adam", "config": {"name": "Adam", "learning_rate": 0.01, "decay": 0.0, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07, "amsgrad": False}},
            }
        )
        file.attrs["keras_version"] = "2.4.0"
    with h5py.File(FIXTURES / "legacy.h5") as file, h5py.File(FIXTURES / "weights-only.h5", "w") as out:
        for key in file["model_weights"]:
            file.copy(f"model_weights/{key}", out)
        for key, value in file["model_weights"].attrs.items():
            out.attrs[key] = value
    x = np.random.default_rng(6).normal(size=(2, 12, 10, 3)).astype("float32")
    y = model.predict(x, verbose=0)
    (FIXTURES / "legacy.json").write_text(json.dumps({"x": x.ravel().tolist(), "y": y.ravel().tolist()}))


def image(phase):
    """An image in [-1, 1] that the test makes as well."""
    i = np.arange(224 * 224 * 3, dtype="float64")
    return np.sin(i * 0.001 * (phase + 1) + phase).astype("float32").reshape(1, 224, 224, 3)


class Depthwise(layers.DepthwiseConv2D):
    def __init__(self, *args, groups=1, **kwargs):
        super().__init__(*args, **kwargs)


def teachable(config, arrays):
    """The model of a Teachable Machine export. Keras 3 cannot put the nested models of Keras 2 together again ("expects
    1 input, but it received 2"), so its parts are made by Keras from their configs and joined here.
    `arrays`: by `layer/weight`."""
    first, second = [one["config"]["layers"] for one in config["config"]["layers"] if one["class_name"] == "Sequential"]
    make = {"DepthwiseConv2D": Depthwise}
    inner = next(one for one in first if one["class_name"] in ("Functional", "Model"))
    base = saving_utils.model_from_config({**inner, "class_name": "Functional"}, custom_objects=make)
    pooled = layers.GlobalAveragePooling2D()(base.outputs[0])
    for one in second:
        if one["class_name"] == "Dense":
            pooled = saving_utils.model_from_config(one)(pooled)
    model = keras.Model(base.inputs, pooled)
    for layer in model.layers:
        for weight in layer.weights:
            name = "depthwise_kernel" if isinstance(layer, Depthwise) and weight.name == "kernel" else weight.name
            weight.assign(arrays.pop(f"{layer.name}/{name}"))
    assert not arrays, list(arrays)
    return model


def hdf5_arrays(file):
    arrays = {}
    for layer in file["model_weights"].values():
        for name in layer.attrs["weight_names"]:
            name = name.decode() if isinstance(name, bytes) else name
            arrays[name.removesuffix(":0")] = layer[name][()]
    return arrays


def tfjs_arrays(folder, manifest):
    arrays = {}
    for group in manifest:
        data, at = b"".join((folder / path).read_bytes() for path in group["paths"]), 0
        for weight in group["weights"]:
            size = int(np.prod(weight["shape"]))
            arrays[weight["name"]] = np.frombuffer(data, "<f4", size, at).reshape(weight["shape"])
            at += 4 * size
    return arrays


def write_teachable(folder):
    folder = pathlib.Path(folder)
    images = np.concatenate([image(phase) for phase in range(3)])
    with h5py.File(folder / "fruit-keras" / "keras_model.h5") as file:
        fruit = teachable(json.loads(file.attrs["model_config"]), hdf5_arrays(file))
    js = json.loads((folder / "tfjs" / "model.json").read_text())
    zodiac = teachable(js["modelTopology"], tfjs_arrays(folder / "tfjs", js["weightsManifest"]))
    result = {
        "keras": keras.__version__,
        "fruit": fruit.predict(images, verbose=0).tolist(),
        "zodiac": zodiac.predict(images, verbose=0).tolist(),
    }
    (ROOT / "test" / "real" / "fixtures" / "teachable.json").write_text(json.dumps(result))
    print(json.dumps(result)[:400])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teachable", metavar="FOLDER")
    args = parser.parse_args()
    write_fixtures()
    if args.teachable:
        write_teachable(args.teachable)
    return 0


if __name__ == "__main__":
    sys.exit(main())

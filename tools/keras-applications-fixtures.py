"""Layers and outputs of keras.applications' models, for test/applications/keras-applications.test.ts.

Every weight is filled by one formula (filled, the test has the same one), so no weights are needed. The file holds names,
classes, output shapes and parameters of all layers as a hash and a few in clear, the summary's hash, outputs and input
gradients at a small size. EfficientNet is built as with ImageNet weights, which adds a layer.

    python tools/keras-applications-fixtures.py test/applications/fixtures/keras-applications.json
"""

import hashlib
import json
import os
import sys
from unittest import mock

os.environ["KERAS_BACKEND"] = "torch"
os.environ["COLUMNS"] = "80"
import keras  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

MASK = np.uint64(0xFFFFFFFF)


def hashed(number, size):
    """uint32 numbers of (number, place): murmur3's finalizer over a counter."""
    h = (np.arange(size, dtype=np.uint64) + np.uint64((number * 0x9E3779B1) & 0xFFFFFFFF)) & MASK
    h ^= h >> np.uint64(16)
    h = (h * np.uint64(0x85EBCA6B)) & MASK
    h ^= h >> np.uint64(13)
    h = (h * np.uint64(0xC2B2AE35)) & MASK
    h ^= h >> np.uint64(16)
    return h


def uniform(number, shape):
    """float64 numbers in [-1, 1)."""
    return (hashed(number, int(np.prod(shape, dtype=np.int64))) / 2.0**31 - 1).reshape(shape)


def filled(number, name, shape, gain):
    u = uniform(number, shape)
    if name in ("gamma", "moving_variance", "variance"):
        u = 1 + u / 4
    elif name == "count":
        u = u * 0
    elif len(shape) > 1:
        # Depthwise kernels see one channel each.
        fan_in = np.prod(shape[:-1]) / (shape[2] if name == "depthwise" else 1)
        u = u * np.sqrt(gain / fan_in)
    else:
        u = u / 8
    return u.astype(np.float32)


def fill(model, gain):
    number = 0
    for layer in model.layers:
        for weight in layer.weights:
            number += 1
            depthwise = isinstance(layer, keras.layers.DepthwiseConv2D) or weight.name == "depthwise_kernel"
            name = "depthwise" if depthwise and len(weight.shape) == 4 else weight.name
            weight.assign(filled(number, name, tuple(weight.shape), gain))


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def shape_of(layer):
    return list(layer.output.shape[1:])


def facts(model):
    layers = [[layer.__class__.__name__, layer.name, shape_of(layer), layer.count_params()] for layer in model.layers]
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    lines = []
    model.summary(print_fn=lines.append)
    return {
        "name": model.name,
        "layers": len(layers),
        "layersSha256": sha256(json.dumps(layers, separators=(",", ":"))),
        "some": layers[::25],
        "weightPathsSha256": sha256("\n".join(f"{w.path} {list(w.shape)}" for w in model.weights)),
        "params": model.count_params(),
        "trainable": trainable,
        "summarySha256": sha256("\n".join(lines).rstrip("\n")),
    }


def computed(build, options, mode, small, gain):
    """Outputs, and the gradient of a weighted sum of them with respect to the preprocessed input, in float64."""
    for image in range(1000, 1050):
        (y, gradient), *others = (
            outputs_and_slope(build, {**options, "input_shape": small}, mode, gain, image, factor)
            for factor in (1, 1 + 4e-6, 1 - 4e-6)
        )
        # Rounding decides the gradient of a ReLU at its kink: such an image is left out.
        if all(off_by(other, gradient) < 1e-4 for _, other in others):
            break
    step = 197
    return {
        "inputShape": list(small),
        "gain": gain,
        "image": image,
        "outputs": rounded(y.reshape(-1)[::7]),
        "gradientStep": step,
        "gradient": rounded(gradient.reshape(-1)[::step]),
        "gradientNorm": float(np.sqrt(np.sum(gradient**2))),
    }


def off_by(actual, expected):
    return float(np.abs(actual - expected).max() / np.abs(expected).max())


def outputs_and_slope(build, options, mode, gain, image, factor):
    model = make(build, **options)
    fill(model, gain)
    pixels = uniform(image, (2, *model.input_shape[1:])) * (1 if mode == "tf" else 100) + (128 if mode == "none" else 0)
    x = torch.tensor(pixels.astype(np.float32).astype(np.float64) * factor, requires_grad=True)
    y = model(x, training=False)
    y.backward(torch.tensor(uniform(2000, tuple(y.shape)).astype(np.float32).astype(np.float64)))
    return y.detach().numpy(), x.grad.numpy()


def rounded(values):
    return [float(f"{v:.7g}") for v in values]


# Maker, preprocessing, small input, gain of the kernels (chosen so that signals neither die nor explode), variants.
APPLICATIONS = {
    "mobilenet": (keras.applications.MobileNet, "tf", (49, 64, 3), 6, [{}, {"alpha": 0.25}, {"depth_multiplier": 2}]),
    "mobilenet_v2": (keras.applications.MobileNetV2, "tf", (49, 64, 3), 4, [{}, {"alpha": 0.35}, {"alpha": 1.4}]),
    "inception_v3": (keras.applications.InceptionV3, "tf", (75, 80, 3), 6, [{}]),
    "xception": (keras.applications.Xception, "tf", (71, 80, 3), 3, [{}]),
    "resnet50": (keras.applications.ResNet50, "caffe", (49, 64, 3), 3, [{}]),
    "efficientnet_b0": (keras.applications.EfficientNetB0, "none", (49, 64, 3), 7, [{}]),
}
TOPS = ({}, {"include_top": False, "pooling": "avg"}, {"include_top": False, "pooling": "max"})


def make(build, imagenet_scaling=True, **options):
    """A model as with ImageNet weights, without the weights."""
    keras.backend.clear_session()
    if build is not keras.applications.EfficientNetB0 or not imagenet_scaling:
        return build(weights=None, **options)
    nothing = mock.patch("keras.src.utils.file_utils.get_file", return_value="")
    with nothing, mock.patch.object(keras.src.models.Functional, "load_weights"):
        return build(weights="imagenet", **options)


def described(build, options):
    return {"options": options, **facts(make(build, **options))}


result = {"made_with": f"Keras {keras.__version__}, torch {torch.__version__}"}
for name, (build, mode, small, gain, variants) in APPLICATIONS.items():
    # Keras gives EfficientNet with top and as with ImageNet weights in its own size only.
    logits = {"classifier_activation": None}
    if name == "efficientnet_b0":
        logits["imagenet_scaling"] = False
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    # Without a top Keras leaves the size open, which Fovea does not.
    sized = [top and {**top, "input_shape": (160, 160, 3)} for top in TOPS]
    models = [described(build, {**options, **top}) for options in variants for top in sized]
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    runs = [
        {"options": {**options, **top}, **computed(build, {**options, **top}, mode, small, gain)}
        for options in variants
        for top in (logits, TOPS[1])
    ]
    result[name] = {"models": models, "runs": runs}
    sizes = [(float(np.abs(r["outputs"]).max()), r["gradientNorm"], r["image"]) for r in runs]
    print(name, [m["params"] for m in models], sizes, flush=True)

# Preprocessing to the bit.
pixels = (np.arange(5 * 4 * 3) * 37 % 256).reshape(5, 4, 3)
result["preprocessing"] = {
    mode: keras.applications.imagenet_utils.preprocess_input(pixels.astype(np.float32), mode=mode).reshape(-1).tolist()
    for mode in ("tf", "caffe")
}

with open(sys.argv[1], "w") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")

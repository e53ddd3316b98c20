"""Writes the .keras fixtures of test/formats with the real Keras, and what it computes with them.

KERAS_BACKEND=torch python tools/keras-archive-fixtures.py     (Keras 3.15.1 on torch when last run)

zoo.keras       every layer that Fovea has, not compiled; a layer with a Chinese name
trained.keras   a small CNN after three steps of Adam
momentum.keras  the same after three steps of SGD with Nesterov momentum
*.json          inputs, outputs, and for the trained ones two more steps and the weights after them
"""

import json
import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers as L  # noqa: E402

HERE = os.path.join(os.path.dirname(__file__), "..", "test", "formats", "fixtures")


def path(name):
    return os.path.join(HERE, name)


def numbers(array):
    return [float(v) for v in np.asarray(array, "float32").ravel()]


def write(name, value):
    with open(path(name), "w") as f:
        json.dump(value, f)


keras.utils.set_random_seed(1)
rng = np.random.default_rng(1)

zoo = keras.Sequential(
    [
        L.Input((12, 10, 3)),
        L.Rescaling(1 / 127.5, offset=-1),
        L.Conv2D(4, 3, strides=2, name="东"),
        L.Activation("tanh"),
        L.AveragePooling2D(2, strides=1),
        L.Dropout(0.25, seed=3),
        L.LeakyReLU(0.1),
        L.Conv2D(5, (2, 1), padding="same", use_bias=False, activation="sigmoid"),
        L.ReLU(),
        L.MaxPooling2D(2),
        keras.Sequential([L.Input((2, 1, 5)), L.Conv2D(3, 1, activation="leaky_relu"), L.Dropout(0.5)], name="inner"),
        L.GlobalAveragePooling2D(),
        L.Dense(4, activation="exponential"),
        L.Flatten(),
        L.Softmax(),
    ],
    name="动物园",
)
x = rng.integers(0, 256, (3, 12, 10, 3)).astype("float32")
zoo.save(path("zoo.keras"))
write("zoo.json", {"x": numbers(x), "y": numbers(zoo.predict(x, verbose=0))})


def small():
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [
            L.Input((8, 6, 1)),
            L.Conv2D(4, 3, padding="same", activation="relu", name="conv1"),
            L.MaxPooling2D(),
            L.Flatten(),
            L.Dense(8, activation="relu"),
            L.Dense(3),
        ]
    )


loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
for name, optimizer in [
    ("trained", keras.optimizers.Adam(0.01)),
    ("momentum", keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True)),
]:
    model = small()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2)])
    x = rng.uniform(0, 1, (8, 8, 6, 1)).astype("float32")
    y = rng.integers(0, 3, 8).astype("int32")
    for _ in range(3):
        model.train_on_batch(x, y)
    model.save(path(f"{name}.keras"))
    expected = {"x": numbers(x), "y": [int(v) for v in y], "logits": numbers(model.predict(x, verbose=0))}
    for _ in range(2):
        model.train_on_batch(x, y)
    expected["after"] = [numbers(w) for w in model.get_weights()]
    write(f"{name}.json", expected)

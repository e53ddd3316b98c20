"""Measures `fit` of a network in Keras 3 on the backend that KERAS_BACKEND names: its batches, or an epoch."""

from measure import answer, now, read_spec, FEWEST  # First: it starts the clock.

import keras
import numpy as np

spec = read_spec()
layers = keras.layers


def cnn():
    return keras.Sequential([
        keras.Input(spec["image"]),
        layers.Rescaling(1 / 255),
        layers.Conv2D(16, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(64, 3, padding="same", activation="relu"), layers.MaxPooling2D(4),
        layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(spec["classes"]),
    ])  # fmt: skip


def resnet20():
    def normalized(x, filters, size, strides=1):
        x = layers.Conv2D(filters, size, strides, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
        return layers.BatchNormalization()(x)

    image = keras.Input(spec["image"])
    x = layers.ReLU()(normalized(layers.Rescaling(1 / 255)(image), 16, 3))
    for filters in (16, 32, 64):
        for i in range(3):
            strides = 2 if filters > 16 and i == 0 else 1
            path = normalized(layers.ReLU()(normalized(x, filters, 3, strides)), filters, 3)
            shortcut = normalized(x, filters, 1, strides) if strides > 1 else x
            x = layers.ReLU()(layers.Add()([shortcut, path]))
    return keras.Model(image, layers.Dense(spec["classes"])(layers.GlobalAveragePooling2D()(x)))


def unet():
    def pair(x, filters):
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
        return x

    image = keras.Input(spec["image"])
    x, passed = layers.Rescaling(1 / 255)(image), []
    for i, filters in enumerate((16, 32, 64, 128)):
        x = pair(x if i == 0 else layers.MaxPooling2D()(x), filters)
        passed.append(x)
    for filters, other in zip((64, 32, 16), passed[-2::-1]):
        x = pair(layers.Concatenate()([other, layers.UpSampling2D()(x)]), filters)
    return keras.Model(image, layers.Conv2D(spec["classes"], 1)(x))


model = {"cnn": cnn, "resnet20": resnet20, "unet": unet}[spec["model"]]()
metrics = ["accuracy"]
if spec["model"] == "cnn":
    metrics.append(keras.metrics.SparseTopKCategoricalAccuracy(k=5))
model.compile(
    optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=metrics
)
random = np.random.default_rng(0)


def data(count):
    x = random.integers(256, size=(count, *spec["image"]), dtype="uint8").astype("float32")
    pixels = spec["image"][:2] if spec["model"] == "unet" else []
    return x, random.integers(spec["classes"], size=(count, *pixels)).astype("int32")


class Stopwatch(keras.callbacks.Callback):
    """Times batches from the end of one to the end of the next."""

    def __init__(self):
        super().__init__()
        self.ends = []

    def on_train_batch_end(self, batch, logs=None):
        self.ends.append(now())
        timed = len(self.ends) - spec["warmUp"]
        spent = self.ends[-1] - self.ends[min(len(self.ends), spec["warmUp"]) - 1]
        if timed >= FEWEST and spent > 1000 * spec["seconds"]:
            self.model.stop_training = True


def steps():
    x, y = data(spec["batch"] * (spec["warmUp"] + spec["steps"]))
    watch = Stopwatch()
    model.fit(x, y, batch_size=spec["batch"], epochs=1, verbose=0, callbacks=[watch])
    return {"ready": watch.ends[0], "times": np.diff(watch.ends)[spec["warmUp"] - 1 :].tolist()}


def epoch():
    train, validation = (data(count) for count in spec["samples"])
    few = data(spec["batch"] + spec["samples"][0] % spec["batch"])

    def fit(x, y):
        model.fit(x, y, batch_size=spec["batch"], epochs=1, verbose=0, validation_data=validation)

    fit(*few)
    ready = now()
    fit(*train)
    return {"ready": ready, "times": [now() - ready]}


answer(epoch() if spec["task"] == "epoch" else steps())

"""Measures `fit` of the lecture's CNN in Keras 3 on the backend that KERAS_BACKEND names: its batches, or an epoch."""

from measure import answer, now, read_spec, FEWEST  # First: it starts the clock.

import keras
import numpy as np

spec = read_spec()
layers = keras.layers
model = keras.Sequential([
    keras.Input(spec["image"]),
    layers.Rescaling(1 / 255),
    layers.Conv2D(16, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(64, 3, padding="same", activation="relu"), layers.MaxPooling2D(4),
    layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(spec["classes"]),
])  # fmt: skip
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=5)],
)
random = np.random.default_rng(0)


def data(count):
    x = random.integers(256, size=(count, *spec["image"]), dtype="uint8").astype("float32")
    return x, random.integers(spec["classes"], size=count).astype("int32")


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

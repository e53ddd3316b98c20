"""The U-Net of src/applications/unet.ts in Keras, trained on the parts that tools/measure-segmentation.ts --arrays wrote:
the same layers, initializers, loss with its ignored class, optimizer, batches and epochs. Prints mIoU and seconds an epoch.

    KERAS_BACKEND=torch python tools/keras-unet.py DIR [--epochs N] [--batch N] [--rate R] [--threads N] [--seed N]
"""
import argparse
import os
import time

os.environ.setdefault("KERAS_BACKEND", "torch")
parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--epochs", type=int, default=15)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--rate", type=float, default=1e-3)
parser.add_argument("--threads", type=int, default=0)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

if options.threads and keras.backend.backend() == "torch":
    import torch

    torch.set_num_threads(options.threads)
keras.utils.set_random_seed(options.seed)
FILTERS = [16, 32, 64, 128]
IGNORED = 255


def part(name):
    return tuple(np.load(f"{options.folder}/{name}_{which}.npy") for which in ("x", "y"))


def pair(x, filters, name):
    for i in (1, 2):
        conv = layers.Conv2D(
            filters, 3, padding="same", activation="relu", kernel_initializer="he_normal", name=f"{name}_conv{i}"
        )
        x = conv(x)
    return x


def unet(shape, classes):
    image = layers.Input(shape)
    x = layers.Rescaling(1 / 255)(image)
    stride = 2 ** (len(FILTERS) - 1)
    bottom, right = [-side % stride for side in shape[:2]]
    if bottom or right:
        x = layers.ZeroPadding2D(((0, bottom), (0, right)))(x)
    passed = []
    for scale, filters in enumerate(FILTERS):
        if scale > 0:
            x = layers.MaxPooling2D()(x)
        x = pair(x, filters, f"down{scale + 1}")
        passed.append(x)
    for scale in reversed(range(len(FILTERS) - 1)):
        x = layers.UpSampling2D(2)(x)
        x = pair(layers.Concatenate()([passed[scale], x]), FILTERS[scale], f"up{scale + 1}")
    if bottom or right:
        x = layers.Cropping2D(((0, bottom), (0, right)))(x)
    return keras.Model(image, layers.Conv2D(classes, 1, name="classes")(x))


class Clock(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.seconds, self.processor = [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.began, self.before = time.perf_counter(), time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.began)
        self.processor.append(time.process_time() - self.before)


train, validation, test = part("train"), part("validation"), part("test")
classes = int(max(y[y != IGNORED].max() for _, y in (train, validation, test))) + 1
model = unet(train[0].shape[1:], classes)


def mean_iou():
    return keras.metrics.MeanIoU(classes, ignore_class=IGNORED, sparse_y_pred=False, name="mean_iou")


model.compile(
    optimizer=keras.optimizers.Adam(options.rate),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=IGNORED),
    metrics=[mean_iou()],
)
clock = Clock()
best = keras.callbacks.EarlyStopping(
    monitor="val_mean_iou", mode="max", patience=options.epochs, restore_best_weights=True
)
model.fit(
    *train,
    batch_size=options.batch,
    epochs=options.epochs,
    validation_data=validation,
    callbacks=[best, clock],
    verbose=2,
)
loss, iou = model.evaluate(*test, batch_size=options.batch, verbose=0)
print(f"{keras.backend.backend()} {keras.__version__}: {model.count_params()} parameters")
print(f"test mIoU {iou:.4f}, loss {loss:.4f}")
print(
    f"{np.median(clock.seconds):.2f} s an epoch of {len(train[0])} images with validation, "
    f"{np.median(clock.processor):.2f} s of processor time (medians)"
)

"""Takes the steps of test/real/steps.ts in the real Keras and writes their losses, in single and in double precision.

node dist/tools/make-step-inputs.js CASIA-Dataset.tar FOLDER 1 2 3 4 5 6 7 8  (of smooth/ only 1 was kept)
KERAS_BACKEND=torch python tools/keras-steps.py FOLDER > test/real/fixtures/keras-steps.json

Needs keras (3.15 was used) with any backend.
"""

import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras  # noqa: E402
import numpy as np  # noqa: E402

BATCH = 128


def losses(folder, dtype):
    keras.config.set_floatx("float32")
    initial = keras.saving.load_model(os.path.join(folder, "initial.keras"), compile=False)
    x, y = (np.load(os.path.join(folder, name)) for name in ("x.npy", "y.npy"))
    keras.config.set_floatx(dtype)
    config = json.loads(json.dumps(initial.get_config()).replace('"float32"', f'"{dtype}"'))
    model = keras.Sequential.from_config(config)
    model.set_weights([weight.astype(dtype) for weight in initial.get_weights()])
    model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    found = []
    for start in range(0, len(x), BATCH):
        model.reset_metrics()
        batch = x[start : start + BATCH].astype(dtype), y[start : start + BATCH]
        found.append(float(model.train_on_batch(*batch, return_dict=True)["loss"]))
    return found


def steps(kind):
    folders = {seed: os.path.join(sys.argv[1], kind, seed) for seed in sorted(os.listdir(os.path.join(sys.argv[1], kind)))}
    return {seed: {dtype: losses(folder, dtype) for dtype in ("float32", "float64")} for seed, folder in folders.items()}


print(
    json.dumps(
        {
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
            "losses": {kind: steps(kind) for kind in sorted(os.listdir(sys.argv[1]))},
        }
    )
)

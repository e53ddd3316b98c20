"""Opens a model.keras that Fovea wrote in the real Keras 3 and compares the predictions.

python tools/check-keras.py model.keras images.npy predictions.npy [--tolerance 1e-4] [--continue-training labels.npy]

images.npy       [n, height, width, channels], uint8 or float32, as fed to Fovea
predictions.npy  [n, outputs] float32, what Fovea's model.predict gave (logits when the model ends in logits)

Both are files of writeNpy in fovea/formats. Prints the largest difference as JSON; exit code 1 when it is larger than
the tolerance, when Keras warns while loading, or when the optimizer's state did not come along.
Needs keras (3.15 was used) with any backend; KERAS_BACKEND chooses it, torch by default.
"""

import argparse
import json
import os
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras  # noqa: E402
import numpy as np  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("images")
    parser.add_argument("predictions")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--continue-training", metavar="LABELS", help="also fit one epoch, to see that it goes on")
    args = parser.parse_args()

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        model = keras.saving.load_model(args.model)
    images = np.load(args.images)
    ours = np.load(args.predictions)
    theirs = model.predict(images, batch_size=256, verbose=0)
    difference = float(np.abs(ours - theirs).max())
    result = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "samples": int(len(images)),
        "max_difference": difference,
        "same_top_1": float((ours.argmax(-1) == theirs.argmax(-1)).mean()),
        "compiled": bool(model.compiled),
    }
    if model.compiled:
        result["iterations"] = int(model.optimizer.iterations)
        result["optimizer_variables"] = len(model.optimizer.variables)
    if args.continue_training:
        labels = np.load(args.continue_training)
        history = model.fit(images, labels, batch_size=128, epochs=1, verbose=0)
        result["after_one_more_epoch"] = {key: values[-1] for key, values in history.history.items()}
    print(json.dumps(result))
    return 0 if theirs.shape == ours.shape and difference <= args.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())

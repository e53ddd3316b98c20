"""Oracle values for segmentation: losses with an ignored class (Keras on PyTorch), the focal, soft Dice and Lovasz losses
with their gradients (PyTorch in float64), mean IoU (Keras), and overlaps of classes (scikit-learn where it is installed, else NumPy).

    python tools/segmentation-fixtures.py > test/parity/fixtures/segmentation.json
"""
import json
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

rng = np.random.default_rng(18)
N, H, W, C, IGNORED = 2, 3, 4, 3, 255
logits = rng.normal(size=(N, H, W, C)).astype(np.float32)
labels = rng.integers(0, C, size=(N, H, W))
labels[rng.random((N, H, W)) < 0.25] = IGNORED
labels[1][labels[1] == 2] = 0
# Ignored label and factor of the crossentropy.
CASES = [(None, 0), (IGNORED, 0), (IGNORED, 1)]


def plain(array):
    return {"shape": list(array.shape), "data": np.asarray(array, dtype=np.float64).ravel().tolist()}


def keras_case(ignored):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=ignored)
    y = labels if ignored == IGNORED else np.where(labels == IGNORED, 1, labels)
    x = torch.tensor(logits, requires_grad=True)
    value = loss(torch.tensor(y), x)
    value.backward()
    return {"ignored": ignored, "y": plain(y), "value": value.item(), "gradient": plain(x.grad.numpy())}


def overlap_case(of_class, ignored, crossentropy):
    """A loss of the overlap of classes: of each image the mean over the classes that it has."""
    y = labels if ignored == IGNORED else np.where(labels == IGNORED, 1, labels)
    x = torch.tensor(logits.astype(np.float64), requires_grad=True)
    losses = []
    for image in range(N):
        valid = torch.tensor(y[image] != IGNORED)
        rows, targets = x[image][valid], torch.tensor(y[image])[valid]
        p = torch.softmax(rows, dim=-1)
        loss = torch.stack([of_class((targets == k).double(), p[:, k]) for k in targets.unique().tolist()]).mean()
        losses.append(loss + crossentropy * torch.nn.functional.cross_entropy(rows, targets))
    value = torch.stack(losses).mean()
    value.backward()
    return {
        "ignored": ignored,
        "crossentropy": crossentropy,
        "y": plain(y),
        "value": value.item(),
        "gradient": plain(x.grad.numpy()),
    }


def dice(t, p):
    return 1 - (2 * (t * p).sum() + 1) / (t.sum() + p.sum() + 1)


def lovasz(t, p):
    """Sorted errors times the steps of 1 - IoU along them, as the paper's published code computes them."""
    errors, order = torch.sort((t - p).abs(), descending=True)
    sorted_t = t[order]
    intersection = t.sum() - sorted_t.cumsum(0)
    union = t.sum() + (1 - sorted_t).cumsum(0)
    steps = 1.0 - intersection / union
    steps[1:] = steps[1:] - steps[:-1].clone()
    return torch.dot(errors, steps)


def focal_case(ignored, gamma):
    y = labels if ignored == IGNORED else np.where(labels == IGNORED, 1, labels)
    x = torch.tensor(logits.astype(np.float64), requires_grad=True)
    valid = torch.tensor(y != IGNORED)
    logs = torch.log_softmax(x, dim=-1)[valid]
    p = logs.gather(1, torch.tensor(y)[valid][:, None])[:, 0]
    value = (-((1 - p.exp()) ** gamma) * p).mean()
    value.backward()
    return {"ignored": ignored, "gamma": gamma, "y": plain(y), "value": value.item(), "gradient": plain(x.grad.numpy())}


def metric_case(ignored):
    y = labels if ignored == IGNORED else np.where(labels == IGNORED, 1, labels)
    metric = keras.metrics.MeanIoU(num_classes=C, ignore_class=ignored, sparse_y_pred=False)
    metric.update_state(y, logits)
    return {"ignored": ignored, "y": plain(y), "value": float(metric.result())}


def overlap_cases():
    cases = []
    for seed in range(5):
        own = np.random.default_rng(seed)
        classes = 2 + seed
        truth = own.integers(0, classes - (seed % 2), size=60)
        said = np.where(own.random(60) < 0.6, truth, own.integers(0, classes - (seed % 2), size=60))
        truth = np.where(own.random(60) < 0.1, IGNORED, truth)
        valid = truth != IGNORED
        t, s = truth[valid], said[valid]
        iou, dice = [], []
        for k in range(classes):
            either = np.sum((t == k) | (s == k))
            iou.append(None if either == 0 else float(np.sum((t == k) & (s == k)) / either))
            total = np.sum(t == k) + np.sum(s == k)
            dice.append(None if total == 0 else float(2 * np.sum((t == k) & (s == k)) / total))
        known = [value for value in iou if value is not None]
        try:
            from sklearn.metrics import f1_score, jaccard_score

            present = [k for k in range(classes) if iou[k] is not None]
            assert np.allclose(jaccard_score(t, s, labels=present, average=None), known)
            assert np.allclose(f1_score(t, s, labels=present, average=None), [dice[k] for k in present])
        except ImportError:
            pass
        cases.append(
            {
                "classes": classes,
                "truth": truth.tolist(),
                "said": said.tolist(),
                "iou": iou,
                "dice": dice,
                "meanIou": float(np.mean(known)),
                "pixelAccuracy": float(np.mean(t == s)),
            }
        )
    return cases


print(
    json.dumps(
        {
            "keras": keras.__version__,
            "logits": plain(logits),
            "crossentropy": [keras_case(None), keras_case(IGNORED), keras_case(0)],
            "dice": [overlap_case(dice, *case) for case in CASES],
            "focal": [focal_case(None, 2), focal_case(IGNORED, 2), focal_case(IGNORED, 0.5)],
            "lovasz": [overlap_case(lovasz, *case) for case in CASES],
            "meanIou": [metric_case(None), metric_case(IGNORED), metric_case(0)],
            "overlaps": overlap_cases(),
        }
    )
)

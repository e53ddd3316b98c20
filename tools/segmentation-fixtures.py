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


def plain(array):
    return {"shape": list(array.shape), "data": np.asarray(array, dtype=np.float64).ravel().tolist()}


def keras_case(ignored):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=ignored)
    y = labels if ignored == IGNORED else np.where(labels == IGNORED, 1, labels)
    x = torch.tensor(logits, requires_grad=True)
    value = loss(torch.tensor(y), x)
    value.backward()
    return {"ignored": ignored, "y": plain(y), "value": value.item(), "gradient": plain(x.grad.numpy())}


def dice_case(ignored, crossentropy):
    y = labels if ignored == IGNORED else np.where(labels == IGNORED, 1, labels)
    x = torch.tensor(logits.astype(np.float64), requires_grad=True)
    p = torch.softmax(x, dim=-1)
    losses = []
    for image in range(N):
        counts = torch.tensor(y[image] != IGNORED, dtype=torch.float64)
        own = []
        for k in range(C):
            t = torch.tensor(y[image] == k, dtype=torch.float64)
            if t.sum() == 0:
                continue
            s = p[image, :, :, k] * counts
            own.append(1 - (2 * (t * s).sum() + 1) / (t.sum() + s.sum() + 1))
        loss = torch.stack(own).mean()
        if crossentropy:
            valid = y[image] != IGNORED
            rows = x[image][torch.tensor(valid)]
            targets = torch.tensor(y[image][valid])
            loss = loss + crossentropy * torch.nn.functional.cross_entropy(rows, targets)
        losses.append(loss)
    value = torch.stack(losses).mean()
    value.backward()
    return {
        "ignored": ignored,
        "crossentropy": crossentropy,
        "y": plain(y),
        "value": value.item(),
        "gradient": plain(x.grad.numpy()),
    }


def focal_case(ignored, gamma):
    y = labels if ignored == IGNORED else np.where(labels == IGNORED, 1, labels)
    x = torch.tensor(logits.astype(np.float64), requires_grad=True)
    valid = torch.tensor(y != IGNORED)
    logs = torch.log_softmax(x, dim=-1)[valid]
    p = logs.gather(1, torch.tensor(y)[valid][:, None])[:, 0]
    value = (-((1 - p.exp()) ** gamma) * p).mean()
    value.backward()
    return {"ignored": ignored, "gamma": gamma, "y": plain(y), "value": value.item(), "gradient": plain(x.grad.numpy())}


def lovasz_grad(truth):
    """The steps of 1 - IoU along sorted errors, as the paper's published code computes them."""
    total = truth.sum()
    intersection = total - truth.cumsum(0)
    union = total + (1 - truth).cumsum(0)
    steps = 1.0 - intersection / union
    steps[1:] = steps[1:] - steps[:-1].clone()
    return steps


def lovasz_case(ignored, crossentropy):
    y = labels if ignored == IGNORED else np.where(labels == IGNORED, 1, labels)
    x = torch.tensor(logits.astype(np.float64), requires_grad=True)
    p = torch.softmax(x, dim=-1)
    losses = []
    for image in range(N):
        valid = y[image] != IGNORED
        targets = torch.tensor(y[image][valid])
        own = []
        for k in range(C):
            t = (targets == k).double()
            if t.sum() == 0:
                continue
            errors, order = torch.sort((t - p[image][torch.tensor(valid)][:, k]).abs(), descending=True)
            own.append(torch.dot(errors, lovasz_grad(t[order])))
        loss = torch.stack(own).mean()
        if crossentropy:
            rows = x[image][torch.tensor(valid)]
            loss = loss + crossentropy * torch.nn.functional.cross_entropy(rows, targets)
        losses.append(loss)
    value = torch.stack(losses).mean()
    value.backward()
    return {
        "ignored": ignored,
        "crossentropy": crossentropy,
        "y": plain(y),
        "value": value.item(),
        "gradient": plain(x.grad.numpy()),
    }


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
            "dice": [dice_case(None, 0), dice_case(IGNORED, 0), dice_case(IGNORED, 1)],
            "focal": [focal_case(None, 2), focal_case(IGNORED, 2), focal_case(IGNORED, 0.5)],
            "lovasz": [lovasz_case(None, 0), lovasz_case(IGNORED, 0), lovasz_case(IGNORED, 1)],
            "meanIou": [metric_case(None), metric_case(IGNORED), metric_case(0)],
            "overlaps": overlap_cases(),
        }
    )
)
